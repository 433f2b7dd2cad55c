use aws_smithy_types::DateTime;
use daypass_ident::AccountId;
use daypass_model::iam::*;
use daypass_state::CredentialError;

use crate::generated::*;
use crate::testing::{ACCOUNT, Fixture, NOW};

fn of(user_name: Option<&str>) -> CreateAccessKeyInput {
    CreateAccessKeyInput { user_name: user_name.map(str::to_owned) }
}

fn delete(user_name: Option<&str>, id: &str) -> DeleteAccessKeyInput {
    let user_name = user_name.map(str::to_owned);
    DeleteAccessKeyInput { user_name, access_key_id: id.to_owned() }
}

fn update(user_name: Option<&str>, id: &str, status: StatusType) -> UpdateAccessKeyInput {
    let user_name = user_name.map(str::to_owned);
    UpdateAccessKeyInput { user_name, access_key_id: id.to_owned(), status }
}

fn fixture_with(user: &str) -> Fixture {
    let fixture = Fixture::new();
    fixture.ok::<CreateUser>(CreateUserInput { user_name: user.to_owned(), ..Default::default() });
    fixture
}

#[test]
fn a_new_key_works_at_once_and_its_secret_is_shown_once() {
    let fixture = fixture_with("Anna");
    let key = fixture.ok::<CreateAccessKey>(of(Some("anna"))).access_key;
    assert_eq!(key.user_name.as_deref(), Some("Anna"));
    assert_eq!(key.status, StatusType::Active);
    assert_eq!(key.create_date, Some(DateTime::from_secs(NOW)));
    assert!(key.access_key_id.starts_with("AKIA") && key.access_key_id.len() == 20);
    let secret = key.secret_access_key.expose();
    assert_eq!(secret.len(), 40);
    assert!(secret.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'+' || b == b'/'));

    let caller = fixture.caller(&key.access_key_id);
    assert_eq!(caller.principal().arn().as_str(), "arn:aws:iam::000000000000:user/Anna");
    assert!(*caller.secret() == key.secret_access_key);

    let input = ListAccessKeysInput { user_name: Some("anna".to_owned()), ..Default::default() };
    let listed = fixture.ok::<ListAccessKeys>(input);
    let expected = AccessKeyMetadata {
        user_name: Some("Anna".to_owned()),
        access_key_id: Some(key.access_key_id),
        status: Some(StatusType::Active),
        create_date: Some(DateTime::from_secs(NOW)),
    };
    assert_eq!(listed.access_key_metadata, [expected]);
    assert_eq!((listed.is_truncated, listed.marker), (Some(false), None));
}

#[test]
fn two_keys_each() {
    let fixture = fixture_with("anna");
    let expected = "LimitExceeded: Cannot exceed quota for AccessKeysPerUser: 2";
    for user in [Some("anna"), None] {
        let first = fixture.ok::<CreateAccessKey>(of(user)).access_key;
        let second = fixture.ok::<CreateAccessKey>(of(user)).access_key;
        assert_ne!(first.access_key_id, second.access_key_id);
        assert!(first.secret_access_key != second.secret_access_key);
        assert_eq!(fixture.refusal::<CreateAccessKey>(of(user)), expected);
        fixture.ok::<UpdateAccessKey>(update(user, &first.access_key_id, StatusType::Inactive));
        assert_eq!(fixture.refusal::<CreateAccessKey>(of(user)), expected, "it still counts");
        fixture.ok::<DeleteAccessKey>(delete(user, &first.access_key_id));
        fixture.ok::<CreateAccessKey>(of(user));
    }
}

#[test]
fn an_inactive_key_is_refused_until_it_is_active_again() {
    let fixture = fixture_with("anna");
    let id = fixture.ok::<CreateAccessKey>(of(Some("anna"))).access_key.access_key_id;
    for (status, works) in [(StatusType::Inactive, false), (StatusType::Active, true)] {
        fixture.ok::<UpdateAccessKey>(update(Some("anna"), &id, status));
        assert_eq!(fixture.identify(&id).is_ok(), works, "{status}");
    }
    fixture.ok::<DeleteAccessKey>(delete(Some("anna"), &id));
    assert_eq!(fixture.identify(&id).err(), Some(CredentialError::Unknown));
    assert_eq!(
        fixture.refusal::<UpdateAccessKey>(update(Some("anna"), &id, StatusType::Expired)),
        "ValidationError: 1 validation error detected: Value at 'status' failed to satisfy \
         constraint: Member must satisfy enum value set"
    );
}

#[test]
fn without_a_name_the_keys_are_the_callers() {
    let fixture = Fixture::new();
    let own = "arn:aws:iam::*:user/${aws:username}";
    let anna = fixture.user_allowed("anna", "iam:*AccessKey*", own);
    let made = fixture.call::<CreateAccessKey>(&anna, of(None)).unwrap().access_key;
    assert_eq!(made.user_name.as_deref(), Some("anna"));
    let input = ListAccessKeysInput { max_items: Some(1), ..Default::default() };
    let first = fixture.call::<ListAccessKeys>(&anna, input.clone()).unwrap();
    let input = ListAccessKeysInput { marker: first.marker, ..input };
    let second = fixture.call::<ListAccessKeys>(&anna, input).unwrap();
    let pages = [first.access_key_metadata, second.access_key_metadata].concat();
    let mut ids: Vec<_> = pages.into_iter().filter_map(|key| key.access_key_id).collect();
    let mut expected = vec![anna.access_key_id().to_owned(), made.access_key_id.clone()];
    ids.sort_unstable();
    expected.sort_unstable();
    assert_eq!(ids, expected);
    fixture.call::<DeleteAccessKey>(&anna, delete(None, &made.access_key_id)).unwrap();

    fixture.user("bert", None);
    let refusal = fixture.refusal_to::<CreateAccessKey>(&anna, of(Some("bert")));
    assert!(refusal.starts_with("AccessDenied: User: "), "{refusal}");
}

#[test]
fn the_root_user_has_keys_of_its_own() {
    let fixture = Fixture::new();
    let key = fixture.ok::<CreateAccessKey>(of(None)).access_key;
    assert_eq!(key.user_name, None);
    let root = fixture.caller(&key.access_key_id);
    assert!(root.principal().is_root());
    let listed = fixture.call::<ListAccessKeys>(&root, ListAccessKeysInput::default()).unwrap();
    let ids: Vec<_> =
        listed.access_key_metadata.iter().filter_map(|key| key.access_key_id.as_deref()).collect();
    assert_eq!(ids, [key.access_key_id.as_str()], "the well-known key is not among them");
}

#[test]
fn a_key_is_found_only_with_its_owner() {
    let fixture = fixture_with("anna");
    let bert = fixture.user("bert", None);
    let theirs = bert.access_key_id();
    let unknown = "AKIAIOSFODNN7EXAMPLE";
    for (user, id) in [(Some("anna"), theirs), (None, theirs), (Some("anna"), unknown)] {
        let expected = format!("NoSuchEntity: The Access Key with id {id} cannot be found.");
        assert_eq!(fixture.refusal::<DeleteAccessKey>(delete(user, id)), expected);
        let update = update(user, id, StatusType::Active);
        assert_eq!(fixture.refusal::<UpdateAccessKey>(update), expected);
    }
    let nobody = "NoSuchEntity: The user with name nobody cannot be found.";
    assert_eq!(fixture.refusal::<CreateAccessKey>(of(Some("nobody"))), nobody);
    assert_eq!(fixture.refusal::<DeleteAccessKey>(delete(Some("nobody"), theirs)), nobody);
    let list = ListAccessKeysInput { user_name: Some("nobody".to_owned()), ..Default::default() };
    assert_eq!(fixture.refusal::<ListAccessKeys>(list), nobody);
    assert!(fixture.identify(theirs).is_ok());
}

#[test]
fn the_last_use_is_told_to_the_account_alone() {
    let fixture = Fixture::new();
    let anna = fixture.user("anna", None);
    let id = anna.access_key_id();
    let input = || GetAccessKeyLastUsedInput { access_key_id: id.to_owned() };
    let never = fixture.ok::<GetAccessKeyLastUsed>(input());
    let shape = |date, service: &str, region: &str| AccessKeyLastUsed {
        last_used_date: date,
        service_name: service.to_owned(),
        region: region.to_owned(),
    };
    assert_eq!(never.access_key_last_used, Some(shape(None, "N/A", "N/A")));
    assert_eq!(never.user_name.as_deref(), Some("anna"));

    anna.note_use(NOW + 5, "eu-west-1", "sts");
    let used = fixture.ok::<GetAccessKeyLastUsed>(input());
    let expected = shape(Some(DateTime::from_secs(NOW + 5)), "sts", "eu-west-1");
    assert_eq!(used.access_key_last_used, Some(expected));
}

#[test]
fn f3_the_last_use_of_a_foreign_or_missing_key_is_denied_without_a_colon() {
    let fixture = Fixture::new();
    let anna = fixture.user("anna", None);
    let id = anna.access_key_id();
    let input = || GetAccessKeyLastUsedInput { access_key_id: id.to_owned() };
    let stranger = fixture.caller("111111111111");
    let missing = GetAccessKeyLastUsedInput { access_key_id: "AKIA0000000000000000".to_owned() };
    assert_eq!(
        fixture.refusal_to::<GetAccessKeyLastUsed>(&stranger, missing),
        "AccessDenied: User: arn:aws:iam::111111111111:root is not authorized to perform \
         iam:GetAccessKeyLastUsed on resource: access key AKIA0000000000000000"
    );
    assert_eq!(
        fixture.refusal_to::<GetAccessKeyLastUsed>(&stranger, input()),
        format!(
            "AccessDenied: User: arn:aws:iam::111111111111:root is not authorized to perform \
             iam:GetAccessKeyLastUsed on resource: access key {id}"
        )
    );
}

#[test]
fn ids_carry_their_account() {
    let fixture = Fixture::new();
    let caller = fixture.caller("111111111111");
    let key = fixture.call::<CreateAccessKey>(&caller, of(None)).unwrap().access_key;
    let id: daypass_ident::AccessKeyId = key.access_key_id.parse().unwrap();
    assert_eq!(id.account(), AccountId::from_number(111_111_111_111));
    assert_ne!(id.account(), Some(ACCOUNT));
}
