mod advance;

use std::sync::Arc;

use daypass_ident::{AccountId, Arn, IdKind, SystemIds, UniqueId};
use daypass_store::MemoryStore;

use crate::record::{
    AccessKeyRecord, AssertionEncryption, BranchRecord, CredentialReportRecord,
    DelegationRequestRecord, DelegationStage, DeletionTaskRecord, GroupRecord, HeldPolicies,
    InstanceProfileRecord, KeyOwner, KeyStatus, LoginProfileRecord, MemberRecord,
    OidcProviderRecord, OrganizationId, OrganizationRecord, PasswordPolicyRecord, PolicyRecord,
    RoleRecord, RootFeature, RootId, SamlProviderRecord, ServerCertificateRecord,
    ServiceSpecificCredentialRecord, SigningCertificateRecord, SshPublicKeyRecord, Tags,
    UserRecord, VersionRecord,
};
use crate::{Account, Committed, Draft, EntityKind, State, Tx};

const ADMIN: &str = "arn:aws:iam::aws:policy/AdministratorAccess";

#[tokio::test]
async fn a_commit_is_seen_at_once_and_an_older_view_stays_as_it_was() {
    let state = empty().await;
    let before = state.view();
    let mut tx = begin(&state);
    tx.put_user(&user("Alice"));
    assert_eq!(state.commit(tx).await.unwrap(), Committed::Done);
    assert!(state.view().account(account()).user("alice").is_some());
    assert!(before.account(account()).user("alice").is_none());
    assert!(!before.account_exists(account()));
}

#[tokio::test]
async fn of_two_writers_in_one_account_one_runs_again() {
    let state = empty().await;
    let (mut first, mut second) = (begin(&state), begin(&state));
    first.put_user(&user("alice"));
    second.put_user(&user("bob"));
    assert_eq!(state.commit(first).await.unwrap(), Committed::Done);
    assert_eq!(state.commit(second).await.unwrap(), Committed::Conflict);
    assert_eq!(state.view().account(account()).user_count(), 1);

    let mut again = begin(&state);
    again.put_user(&user("bob"));
    assert_eq!(state.commit(again).await.unwrap(), Committed::Done);
    assert_eq!(state.view().account(account()).user_count(), 2);
}

#[tokio::test]
async fn accounts_do_not_hinder_each_other_but_an_alias_has_one_holder() {
    let state = empty().await;
    let other = "999999999999".parse().unwrap();
    let mut first = begin(&state);
    let mut second = Tx::new(state.view(), other);
    first.put_user(&user("alice"));
    second.put_user(&user("alice"));
    assert_eq!(state.commit(first).await.unwrap(), Committed::Done);
    assert_eq!(state.commit(second).await.unwrap(), Committed::Done);

    let mut first = begin(&state);
    let mut second = Tx::new(state.view(), other);
    first.put_alias("corp");
    second.put_alias("corp");
    assert_eq!(state.commit(first).await.unwrap(), Committed::Done);
    assert_eq!(state.commit(second).await.unwrap(), Committed::Conflict);
    assert_eq!(state.view().account_of_alias("corp"), Some(account()));

    let mut tx = begin(&state);
    tx.put_alias("corp-2");
    assert_eq!(state.commit(tx).await.unwrap(), Committed::Done);
    let view = state.view();
    assert_eq!(view.account_of_alias("corp"), None);
    assert_eq!(view.account(account()).alias(), Some("corp-2"));
}

#[tokio::test]
async fn a_rename_keeps_what_hangs_on_the_id() {
    let state = empty().await;
    let group = group("devs");
    let mut alice = user("alice");
    alice.groups = vec![group.id];
    alice.policies.attached = vec![ADMIN.parse().unwrap()];
    alice.permissions_boundary = Some(ADMIN.parse().unwrap());
    let mut tx = begin(&state);
    tx.put_group(&group);
    tx.put_user(&alice);
    tx.put_access_key(&key(KeyOwner::User(alice.id)));
    state.commit(tx).await.unwrap();

    let view = state.view();
    let old = view.account(account()).user("ALICE").unwrap();
    let mut tx = begin(&state);
    tx.rename_user(old, &UserRecord { name: "Carol".to_owned(), ..alice.clone() });
    state.commit(tx).await.unwrap();

    let view = state.view();
    let now = view.account(account());
    assert!(now.user("alice").is_none());
    assert_eq!(now.user_by_id(alice.id).unwrap().record.name, "Carol");
    let members: Vec<_> = now.members(group.id).map(|user| &*user.record.name).collect();
    assert_eq!(members, ["Carol"]);
    assert_eq!(now.access_keys(KeyOwner::User(alice.id)).count(), 1);
    for holders in [now.attached_to(ADMIN).collect::<Vec<_>>(), now.bounded_by(ADMIN).collect()] {
        assert_eq!(holders.len(), 1);
        assert_eq!(holders[0].kind, EntityKind::User);
        assert_eq!(holders[0].name.as_str(), "CAROL");
    }
}

#[tokio::test]
async fn deleting_leaves_nothing_behind_in_the_indexes() {
    let state = empty().await;
    let group = group("devs");
    let mut alice = user("alice");
    alice.groups = vec![group.id];
    alice.policies.attached = vec![ADMIN.parse().unwrap()];
    let key = key(KeyOwner::User(alice.id));
    let mut tx = begin(&state);
    tx.put_group(&group);
    tx.put_user(&alice);
    tx.put_access_key(&key);
    state.commit(tx).await.unwrap();

    let view = state.view();
    let mut tx = begin(&state);
    tx.delete_user(view.account(account()).user("alice").unwrap());
    tx.delete_access_key(view.access_key(key.id.as_str()).unwrap());
    state.commit(tx).await.unwrap();

    let view = state.view();
    let now = view.account(account());
    assert!(now.user_by_id(alice.id).is_none());
    assert!(view.access_key(key.id.as_str()).is_none());
    assert_eq!(now.access_keys(key.owner).count(), 0);
    assert_eq!(now.members(group.id).count(), 0);
    assert_eq!(now.attached_to(ADMIN).count(), 0);
}

#[tokio::test]
async fn stamps_of_last_use_outlive_changes_to_their_record() {
    let state = empty().await;
    let role = role("deploy");
    let key = key(KeyOwner::Root);
    let mut tx = begin(&state);
    tx.put_role(&role);
    tx.put_access_key(&key);
    state.commit(tx).await.unwrap();
    let view = state.view();
    view.account(account()).role("deploy").unwrap().last_used.note(7, "eu-west-1", "iam");
    view.access_key(key.id.as_str()).unwrap().last_used.note(7, "eu-west-1", "iam");

    let mut tx = begin(&state);
    tx.put_role(&RoleRecord { description: Some("new".to_owned()), ..role.clone() });
    tx.put_access_key(&AccessKeyRecord { status: KeyStatus::Inactive, ..key.clone() });
    state.commit(tx).await.unwrap();
    let view = state.view();
    let kept = view.account(account()).role("deploy").unwrap().last_used.get().unwrap();
    assert_eq!((kept.at, &*kept.region, kept.service), (7, "eu-west-1", "iam"));
    assert_eq!(view.access_key(key.id.as_str()).unwrap().last_used.get().unwrap().at, 7);

    // A namesake made later starts without.
    let mut tx = begin(&state);
    tx.put_role(&self::role("deploy"));
    state.commit(tx).await.unwrap();
    assert_eq!(state.view().account(account()).role("deploy").unwrap().last_used.get(), None);
}

#[tokio::test]
async fn roles_are_found_by_their_whole_arn() {
    let state = empty().await;
    let mut tx = begin(&state);
    tx.put_role(&RoleRecord { path: "/ops/".to_owned(), ..role("Deploy") });
    state.commit(tx).await.unwrap();
    let cases = [
        ("arn:aws:iam::123456789012:role/ops/Deploy", true),
        ("arn:aws:iam::123456789012:role/Deploy", false),
        ("arn:aws:iam::123456789012:role/ops/deploy", false),
        ("arn:aws:iam::999999999999:role/ops/Deploy", false),
        ("arn:aws-cn:iam::123456789012:role/ops/Deploy", false),
        ("arn:aws:sts::123456789012:role/ops/Deploy", false),
        ("arn:aws:iam:us-east-1:123456789012:role/ops/Deploy", false),
        ("arn:aws:iam::123456789012:user/ops/Deploy", false),
    ];
    for (arn, found) in cases {
        let found_it = state.view().role_by_arn(&arn.parse().unwrap()).is_some();
        assert_eq!(found_it, found, "{arn}");
    }
}

#[tokio::test]
async fn managed_policies_are_found_by_their_whole_arn() {
    let state = empty().await;
    let document =
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#;
    let version = VersionRecord { document: document.to_owned(), create_date: 0 };
    let policy = PolicyRecord {
        name: "Deploy".to_owned(),
        path: "/ops/".to_owned(),
        id: UniqueId::generate(IdKind::Policy, account(), &SystemIds),
        description: None,
        create_date: 0,
        update_date: 0,
        default_version: 1,
        next_version: 2,
        versions: [(1, version)].into(),
        tags: Tags::default(),
    };
    let mut tx = begin(&state);
    tx.put_policy(&policy);
    state.commit(tx).await.unwrap();
    let view = state.view();
    let cases = [
        ("arn:aws:iam::123456789012:policy/ops/Deploy", true),
        ("arn:aws:iam::123456789012:policy/Deploy", false),
        ("arn:aws:iam::123456789012:policy/ops/deploy", false),
        ("arn:aws:iam::999999999999:policy/ops/Deploy", false),
        (ADMIN, true),
        ("arn:aws:iam::aws:policy/NoSuchPolicy", false),
        ("nonsense", false),
    ];
    for (arn, found) in cases {
        assert_eq!(view.managed_policy(arn).is_some(), found, "{arn}");
    }
}

#[tokio::test]
async fn an_account_is_in_one_organization_at_most() {
    let state = empty().await;
    let [one, two, member] =
        ["111111111111", "222222222222", "333333333333"].map(|id| id.parse().unwrap());
    let mut first = Tx::new(state.view(), one);
    let mut second = Tx::new(state.view(), two);
    first.put_organization(&organization(&[one, member]));
    second.put_organization(&organization(&[two, member]));
    assert_eq!(state.commit(first).await.unwrap(), Committed::Done);
    assert_eq!(state.commit(second).await.unwrap(), Committed::Conflict);
    let managed_by = |account| {
        let view = state.view();
        view.membership(account).map(|member| member.organization().management_account)
    };
    assert_eq!((managed_by(member), managed_by(two)), (Some(one), None));

    // One that leaves may join another.
    let mut tx = Tx::new(state.view(), one);
    tx.put_organization(&organization(&[one]));
    assert_eq!(state.commit(tx).await.unwrap(), Committed::Done);
    assert_eq!(managed_by(member), None);
    let mut tx = Tx::new(state.view(), two);
    tx.put_organization(&organization(&[two, member]));
    assert_eq!(state.commit(tx).await.unwrap(), Committed::Done);
    assert_eq!(managed_by(member), Some(two));

    let mut tx = Tx::new(state.view(), two);
    tx.delete_organization();
    assert_eq!(state.commit(tx).await.unwrap(), Committed::Done);
    assert_eq!((managed_by(member), managed_by(two)), (None, None));
    assert!(state.view().organization(two).is_none());
    let mut tx = Tx::new(state.view(), one);
    tx.put_organization(&organization(&[one, member]));
    assert_eq!(state.commit(tx).await.unwrap(), Committed::Done);
    assert_eq!(managed_by(member), Some(one));
}

#[tokio::test]
async fn whichever_account_changes_an_organization_changes_what_it_has_seen() {
    let state = empty().await;
    let [one, member] = ["111111111111", "333333333333"].map(|id| id.parse().unwrap());
    let mut tx = Tx::new(state.view(), one);
    tx.put_organization(&organization(&[one, member]));
    assert_eq!(state.commit(tx).await.unwrap(), Committed::Done);

    let change = |account, feature| {
        let view = state.view();
        let mut record = view.organization(one).unwrap().record.clone();
        assert!(record.root_features.insert(feature));
        let mut tx = Tx::new(view, account);
        tx.update_organization(one, &record);
        tx
    };
    let features = || state.view().organization(one).unwrap().record.root_features.len();
    for (count, accounts) in [(1, [one, member]), (2, [member, one])] {
        let feature = [RootFeature::Sessions, RootFeature::CredentialsManagement][count - 1];
        let [first, second] = accounts.map(|account| change(account, feature));
        assert_eq!(state.commit(first).await.unwrap(), Committed::Done);
        assert_eq!(state.commit(second).await.unwrap(), Committed::Conflict);
        assert_eq!(features(), count);
    }

    let mut late = Tx::new(state.view(), member);
    late.update_organization(one, &state.view().organization(one).unwrap().record);
    let mut tx = Tx::new(state.view(), one);
    tx.delete_organization();
    assert_eq!(state.commit(tx).await.unwrap(), Committed::Done);
    assert_eq!(state.commit(late).await.unwrap(), Committed::Conflict);
    assert!(state.view().organization(one).is_none());
}

#[tokio::test]
async fn a_replacement_takes_the_place_of_everything() {
    let state = empty().await;
    let mut tx = begin(&state);
    tx.put_user(&user("alice"));
    tx.put_access_key(&key(KeyOwner::Root));
    tx.put_alias("corp");
    state.commit(tx).await.unwrap();

    let mut draft = Draft::default();
    draft.put_account(account());
    draft.put_user(account(), &user("bob"));
    state.replace(draft).await.unwrap();
    let view = state.view();
    let now = view.account(account());
    assert_eq!(now.users().map(|user| &*user.record.name).collect::<Vec<_>>(), ["bob"]);
    assert_eq!(now.access_keys(KeyOwner::Root).count(), 0);
    assert_eq!(view.account_of_alias("corp"), None);
}

#[tokio::test]
async fn an_id_is_found_in_whichever_account_has_it() {
    let state = empty().await;
    let other: AccountId = "444455556666".parse().unwrap();
    let made_up: UniqueId = "AIDACKCEVSQ6C2EXAMPLE".parse().unwrap();
    let mut tx = Tx::new(state.view(), other);
    tx.put_user(&UserRecord { id: made_up, ..user("alice") });
    state.commit(tx).await.unwrap();
    let view = state.view();
    assert_ne!(made_up.account(), Some(other));
    assert_eq!(view.account_of_id(made_up), Some(other));
    let own = UniqueId::generate(IdKind::User, other, &SystemIds);
    assert_eq!(view.account_of_id(own), None);

    // It goes where its user goes.
    let alice = view.account(other).user("alice").unwrap();
    let mut tx = Tx::new(state.view(), other);
    tx.rename_user(alice, &UserRecord { id: made_up, ..user("alicia") });
    state.commit(tx).await.unwrap();
    let view = state.view();
    assert_eq!(view.account_of_id(made_up), Some(other));
    let mut tx = Tx::new(state.view(), other);
    tx.delete_user(view.account(other).user("alicia").unwrap());
    state.commit(tx).await.unwrap();
    assert_eq!(state.view().account_of_id(made_up), None);
}

#[tokio::test]
async fn a_draft_of_a_view_holds_all_of_it() {
    let state = empty().await;
    let alice = user("alice");
    let mut tx = begin(&state);
    tx.put_user(&alice);
    tx.put_group(&group("devs"));
    tx.put_role(&role("deploy"));
    tx.put_access_key(&key(KeyOwner::User(alice.id)));
    tx.put_alias("corp");
    let organization = organization(&[account(), "333333333333".parse().unwrap()]);
    tx.put_organization(&organization);
    tx.put_oidc_provider(&oidc_provider("https://id.example.com"));
    tx.put_saml_provider(&saml_provider("Corp"));
    tx.put_instance_profile(&instance_profile("Web", None));
    let task = DeletionTaskRecord { id: "task/a/b/c".to_owned(), create_date: 0 };
    tx.put_deletion_task(&task);
    let policy = PasswordPolicyRecord {
        minimum_length: 8,
        require_symbols: true,
        require_numbers: false,
        require_uppercase: false,
        require_lowercase: false,
        allow_users_to_change: false,
        max_age: Some(90),
        reuse_prevention: None,
        hard_expiry: None,
    };
    tx.put_password_policy(&policy);
    let report = CredentialReportRecord { content: "user".to_owned(), generated: 1 };
    tx.put_credential_report(&report);
    let profile = LoginProfileRecord {
        user: alice.id,
        create_date: 0,
        password: "a hash".to_owned().into(),
        change_date: 1,
        previous: vec!["another".to_owned().into()],
        reset_required: true,
    };
    tx.put_login_profile(&profile);
    let credential = ServiceSpecificCredentialRecord {
        id: UniqueId::generate(IdKind::ServiceSpecificCredential, account(), &SystemIds),
        user: alice.id,
        service: "logs.amazonaws.com".to_owned(),
        name: "alice-at-123456789012".to_owned(),
        secret_hash: "00".to_owned(),
        status: KeyStatus::Active,
        create_date: 0,
        expiration: Some(1),
    };
    tx.put_credential(&credential);
    let signing = SigningCertificateRecord {
        id: "A".repeat(32),
        owner: KeyOwner::Root,
        body: "-----BEGIN CERTIFICATE-----".to_owned(),
        digest: "00".to_owned(),
        status: KeyStatus::Active,
        upload_date: 0,
    };
    tx.put_credential(&signing);
    let ssh = SshPublicKeyRecord {
        id: "APKA1234567890EXAMPL".to_owned(),
        user: alice.id,
        body: "ssh-rsa AAAA".to_owned(),
        fingerprint: "00".to_owned(),
        status: KeyStatus::Inactive,
        upload_date: 0,
    };
    tx.put_credential(&ssh);
    let server = ServerCertificateRecord {
        name: "Web".to_owned(),
        path: "/".to_owned(),
        id: UniqueId::generate(IdKind::ServerCertificate, account(), &SystemIds),
        upload_date: 0,
        expiration: 1,
        body: "-----BEGIN CERTIFICATE-----".to_owned(),
        chain: None,
        tags: Tags::default(),
    };
    tx.put_server_certificate(&server);
    state.commit(tx).await.unwrap();

    let copy = empty().await;
    copy.replace(Draft::of(&state.view())).await.unwrap();
    let view = copy.view();
    let now = view.account(account());
    assert_eq!(now.user("alice").unwrap().record, alice);
    assert_eq!((now.group_count(), now.role_count()), (1, 1));
    assert_eq!(now.alias(), Some("corp"));
    assert_eq!(now.access_keys(KeyOwner::User(alice.id)).count(), 1);
    assert!(view.access_key("AKIAIOSFODNN7EXAMPLE").is_some());
    assert_eq!(view.organization(account()).unwrap().record, organization);
    assert!(view.membership("333333333333".parse().unwrap()).is_some());
    assert_eq!(now.password_policy(), Some(&policy));
    let alices = KeyOwner::User(alice.id);
    let found: Vec<&Arc<ServiceSpecificCredentialRecord>> = now.credentials_of(alices).collect();
    assert_eq!(found, [&Arc::new(credential)]);
    assert_eq!(now.credential(KeyOwner::Root, &signing.id), Some(&Arc::new(signing.clone())));
    assert_eq!(now.credential::<SigningCertificateRecord>(alices, &signing.id), None);
    assert_eq!(now.credential(alices, &ssh.id), Some(&Arc::new(ssh.clone())));
    assert_eq!(now.server_certificate("WEB").unwrap().record, server);
    assert_eq!(now.credential_report(), Some(&report));
    assert_eq!(now.login_profile(alice.id).unwrap().record, profile);
    assert!(now.instance_profile("web").is_some());
    assert_eq!(now.deletion_task("task/a/b/c").map(|task| &**task), Some(&task));
    assert!(now.oidc_provider("id.example.com").is_some() && now.saml_provider("Corp").is_some());
}

#[tokio::test]
async fn instance_profiles_are_found_by_name_and_by_their_role() {
    let state = empty().await;
    let deploy = role("deploy");
    let mut tx = begin(&state);
    tx.put_role(&deploy);
    for (name, role) in [("b", Some(deploy.id)), ("A", Some(deploy.id)), ("c", None)] {
        tx.put_instance_profile(&instance_profile(name, role));
    }
    state.commit(tx).await.unwrap();
    let view = state.view();
    let now = view.account(account());
    let of_role = |now: &Account| {
        let profiles = now.instance_profiles_of(deploy.id);
        profiles.map(|profile| profile.record.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!((now.instance_profile_count(), of_role(now)), (3, vec!["A".into(), "b".into()]));
    let arn = "arn:aws:iam::123456789012:instance-profile/A";
    assert_eq!(now.instance_profile("a").unwrap().arn().as_str(), arn);

    // Out of one, and the other is gone.
    let mut tx = begin(&state);
    tx.put_instance_profile(&instance_profile("A", None));
    tx.delete_instance_profile(now.instance_profile("B").unwrap());
    state.commit(tx).await.unwrap();
    let view = state.view();
    let now = view.account(account());
    assert_eq!((now.instance_profile_count(), of_role(now)), (2, Vec::new()));
}

#[tokio::test]
async fn identity_providers_are_found_by_name_and_by_their_whole_arn() {
    let state = empty().await;
    let mut tx = begin(&state);
    tx.put_oidc_provider(&oidc_provider("https://id.example.com/Team"));
    tx.put_oidc_provider(&oidc_provider("http://localhost:8080"));
    tx.put_saml_provider(&saml_provider("Corp"));
    state.commit(tx).await.unwrap();
    let view = state.view();
    let now = view.account(account());
    let names: Vec<_> = now.oidc_providers().map(|provider| provider.record.name()).collect();
    assert_eq!(names, ["id.example.com/Team", "localhost:8080"]);
    assert_eq!((now.oidc_provider_count(), now.saml_provider_count()), (2, 1));
    for (arn, found) in [
        ("arn:aws:iam::123456789012:oidc-provider/id.example.com/Team", true),
        ("arn:aws:iam::123456789012:oidc-provider/localhost:8080", true),
        ("arn:aws:iam::123456789012:oidc-provider/id.example.com/team", false),
        ("arn:aws:iam::123456789012:oidc-provider/id.example.com/Team/", false),
        ("arn:aws:iam::999999999999:oidc-provider/id.example.com/Team", false),
        ("arn:aws:sts::123456789012:oidc-provider/id.example.com/Team", false),
        ("arn:aws:iam::123456789012:saml-provider/Corp", true),
        ("arn:aws:iam::123456789012:saml-provider/corp", false),
        ("arn:aws-cn:iam::123456789012:saml-provider/Corp", false),
        ("nonsense", false),
    ] {
        let is_found = view.oidc_provider(arn).is_some() || view.saml_provider(arn).is_some();
        assert_eq!(is_found, found, "{arn}");
    }

    let mut tx = begin(&state);
    tx.delete_oidc_provider(now.oidc_provider("localhost:8080").unwrap());
    tx.delete_saml_provider(now.saml_provider("Corp").unwrap());
    state.commit(tx).await.unwrap();
    let view = state.view();
    let now = view.account(account());
    assert_eq!((now.oidc_provider_count(), now.saml_provider_count()), (1, 0));
}

async fn empty() -> State {
    State::open(Arc::new(MemoryStore::new())).await.unwrap()
}

fn begin(state: &State) -> Tx {
    Tx::new(state.view(), account())
}

#[tokio::test]
async fn two_accounts_change_a_request_for_access_one_after_the_other() {
    let state = State::open(Arc::new(MemoryStore::new())).await.unwrap();
    let (partner, customer) = (account(), "999999999999".parse().unwrap());
    let request = delegation_request("e4bdcdae");
    let mut tx = Tx::new(state.view(), partner);
    tx.put_delegation_request(&request);
    assert_eq!(state.commit(tx).await.unwrap(), Committed::Done);

    let view = state.view();
    let assigned = DelegationRequestRecord { stage: DelegationStage::Assigned, ..request.clone() };
    let (mut first, mut second) = (Tx::new(view.clone(), customer), Tx::new(view.clone(), partner));
    first.put_delegation_request(&assigned);
    second.delete_delegation_request(view.delegation_request("e4bdcdae").unwrap());
    assert_eq!(state.commit(first).await.unwrap(), Committed::Done);
    assert_eq!(state.commit(second).await.unwrap(), Committed::Conflict);

    let view = state.view();
    assert_eq!(view.delegation_request("e4bdcdae").unwrap().record, assigned);
    assert!(view.delegation_request("E4BDCDAE").is_none());
    let mut tx = Tx::new(view.clone(), partner);
    tx.delete_delegation_request(view.delegation_request("e4bdcdae").unwrap());
    assert_eq!(state.commit(tx).await.unwrap(), Committed::Done);
    assert_eq!(state.view().delegation_requests().count(), 0);
}

#[test]
fn a_request_for_access_expires_after_a_day_or_a_week() {
    let mut request = delegation_request("e4bdcdae");
    for (stage, seconds) in [
        (DelegationStage::Unassigned, 86_400),
        (DelegationStage::Assigned, 604_800),
        (DelegationStage::Finalized, 604_800),
    ] {
        request.stage = stage;
        assert_eq!(request.expires_at(), 1_000 + seconds, "{stage:?}");
        assert!(!request.is_expired(999 + seconds) && request.is_expired(1_000 + seconds));
    }
    assert_eq!(request.session_ends_at(), Some(1_900));
    request.stage = DelegationStage::Accepted;
    assert_eq!(request.session_ends_at(), None);
}

fn account() -> AccountId {
    "123456789012".parse().unwrap()
}

fn organization(accounts: &[AccountId]) -> OrganizationRecord {
    let member = |account: &AccountId| MemberRecord { account: *account, attached: Vec::new() };
    OrganizationRecord {
        id: OrganizationId::generate(&SystemIds),
        root_id: RootId::generate(&SystemIds),
        root: BranchRecord {
            accounts: accounts.iter().map(member).collect(),
            ..BranchRecord::default()
        },
        policies: Default::default(),
        root_features: Default::default(),
        delegated_administrators: Default::default(),
    }
}

fn delegation_request(id: &str) -> DelegationRequestRecord {
    DelegationRequestRecord {
        id: id.to_owned(),
        requestor: account(),
        workflow_id: "setup".to_owned(),
        description: String::new(),
        message: None,
        redirect_url: None,
        notification_channel: "arn:aws:sns:us-east-1:123456789012:delegation".to_owned(),
        session_seconds: 900,
        only_send_by_owner: false,
        template_arn: "arn:aws:iam::123456789012:policy/setup".to_owned(),
        parameters: Vec::new(),
        permission_policy: String::new(),
        owner_account: None,
        owner: None,
        stage: DelegationStage::Unassigned,
        create_date: 1_000,
        update_date: 1_000,
        notes: None,
        rejection_reason: None,
        approver: None,
        trade_in_token: None,
    }
}

fn oidc_provider(url: &str) -> OidcProviderRecord {
    OidcProviderRecord {
        url: url.to_owned(),
        client_ids: Vec::new(),
        thumbprints: Vec::new(),
        create_date: 0,
        tags: Tags::default(),
    }
}

fn instance_profile(name: &str, role: Option<UniqueId>) -> InstanceProfileRecord {
    InstanceProfileRecord {
        name: name.to_owned(),
        path: "/".to_owned(),
        id: UniqueId::generate(IdKind::InstanceProfile, account(), &SystemIds),
        create_date: 0,
        role,
        tags: Tags::default(),
    }
}

fn saml_provider(name: &str) -> SamlProviderRecord {
    SamlProviderRecord {
        name: name.to_owned(),
        uuid: "A".repeat(22),
        metadata: String::new(),
        create_date: 0,
        valid_until: 0,
        assertion_encryption: AssertionEncryption::Unset,
        private_keys: Vec::new(),
        tags: Tags::default(),
    }
}

fn user(name: &str) -> UserRecord {
    UserRecord {
        name: name.to_owned(),
        path: "/".to_owned(),
        id: UniqueId::generate(IdKind::User, account(), &SystemIds),
        create_date: 0,
        permissions_boundary: None::<Arn>,
        policies: HeldPolicies::default(),
        groups: Vec::new(),
        tags: Tags::default(),
    }
}

fn group(name: &str) -> GroupRecord {
    GroupRecord {
        name: name.to_owned(),
        path: "/".to_owned(),
        id: UniqueId::generate(IdKind::Group, account(), &SystemIds),
        create_date: 0,
        policies: HeldPolicies::default(),
    }
}

fn role(name: &str) -> RoleRecord {
    RoleRecord {
        name: name.to_owned(),
        path: "/".to_owned(),
        id: UniqueId::generate(IdKind::Role, account(), &SystemIds),
        create_date: 0,
        assume_role_policy_document: r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}}"#.to_owned(),
        description: None,
        max_session_duration: 3600,
        permissions_boundary: None,
        source_template: None,
        policies: HeldPolicies::default(),
        tags: Tags::default(),
    }
}

fn key(owner: KeyOwner) -> AccessKeyRecord {
    AccessKeyRecord {
        id: "AKIAIOSFODNN7EXAMPLE".parse().unwrap(),
        secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned().into(),
        owner,
        status: KeyStatus::Active,
        create_date: 0,
    }
}
