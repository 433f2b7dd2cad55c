use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeySize, PrivateDecryptingKey};
use aws_smithy_types::DateTime;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use daypass_ident::Secret;
use daypass_model::iam::*;

use crate::generated::*;
use crate::testing::{Fixture, NOW};

const METADATA: &str = include_str!("../../testdata/idp-metadata.xml");
const ARN: &str = "arn:aws:iam::000000000000:saml-provider/Corp";
const GONE: &str = "arn:aws:iam::000000000000:saml-provider/corp";

fn named(name: &str) -> CreateSamlProviderInput {
    CreateSamlProviderInput {
        name: name.to_owned(),
        saml_metadata_document: METADATA.to_owned(),
        ..Default::default()
    }
}

fn get(arn: &str) -> GetSamlProviderInput {
    GetSamlProviderInput { saml_provider_arn: arn.to_owned() }
}

fn update(arn: &str) -> UpdateSamlProviderInput {
    UpdateSamlProviderInput { saml_provider_arn: arn.to_owned(), ..Default::default() }
}

fn delete(arn: &str) -> DeleteSamlProviderInput {
    DeleteSamlProviderInput { saml_provider_arn: arn.to_owned() }
}

fn tag_with(arn: &str, tags: Vec<Tag>) -> TagSamlProviderInput {
    TagSamlProviderInput { saml_provider_arn: arn.to_owned(), tags }
}

fn untag(arn: &str, keys: &[&str]) -> UntagSamlProviderInput {
    let tag_keys = keys.iter().map(|key| (*key).to_owned()).collect();
    UntagSamlProviderInput { saml_provider_arn: arn.to_owned(), tag_keys }
}

fn list_tags(arn: &str) -> ListSamlProviderTagsInput {
    ListSamlProviderTagsInput { saml_provider_arn: arn.to_owned(), ..Default::default() }
}

fn tag(key: &str, value: &str) -> Tag {
    Tag { key: key.to_owned(), value: value.to_owned() }
}

/// The metadata with a `validUntil` of its own.
fn until(time: &str) -> String {
    METADATA.replacen("entityID=", &format!("validUntil=\"{time}\" entityID="), 1)
}

/// A new RSA key in PEM.
fn private_key() -> Secret<String> {
    let key = PrivateDecryptingKey::generate(KeySize::Rsa2048).unwrap();
    let der: Pkcs8V1Der<'_> = key.as_der().unwrap();
    let base64 = STANDARD.encode(der.as_ref());
    format!("-----BEGIN PRIVATE KEY-----\n{base64}\n-----END PRIVATE KEY-----\n").into()
}

fn key_ids(fixture: &Fixture) -> Vec<String> {
    let keys = fixture.ok::<GetSamlProvider>(get(ARN)).private_key_list.unwrap();
    keys.into_iter().map(|key| key.key_id.unwrap()).collect()
}

#[test]
fn a_provider_is_made_as_asked() {
    let fixture = Fixture::new();
    let made = fixture.ok::<CreateSamlProvider>(CreateSamlProviderInput {
        assertion_encryption_mode: Some(AssertionEncryptionModeType::Required),
        add_private_key: Some(private_key()),
        tags: Some(vec![tag("team", "b"), tag("Team", "a")]),
        ..named("Corp")
    });
    assert_eq!(made.saml_provider_arn.as_deref(), Some(ARN));
    assert_eq!(made.tags.unwrap(), [tag("Team", "a"), tag("team", "b")]);

    let found = fixture.ok::<GetSamlProvider>(get(ARN));
    let id = found.saml_provider_uuid.unwrap();
    assert!(id.starts_with("SAMLSP"), "{id}");
    assert_eq!(found.saml_metadata_document.as_deref(), Some(METADATA));
    assert_eq!(found.create_date, Some(DateTime::from_secs(NOW)));
    assert_eq!(found.tags.unwrap(), [tag("Team", "a"), tag("team", "b")]);
    assert_eq!(found.assertion_encryption_mode, Some(AssertionEncryptionModeType::Required));
    let keys = found.private_key_list.unwrap();
    assert_eq!(keys.len(), 1);
    assert_eq!(keys[0].timestamp, Some(DateTime::from_secs(NOW)));
    for id in [&id, keys[0].key_id.as_ref().unwrap()] {
        let is_letter = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
        assert!((22..=64).contains(&id.len()) && id.chars().all(is_letter), "{id}");
    }

    let view = fixture.view();
    let provider = view.saml_provider(ARN).unwrap();
    let metadata = provider.metadata.as_ref().unwrap();
    assert_eq!(metadata.entity_ids().collect::<Vec<_>>(), ["https://idp.example.com/saml"]);
    assert_eq!(provider.decryption_keys.len(), 1);
}

#[test]
fn what_is_not_given_is_empty() {
    let fixture = Fixture::new();
    assert_eq!(fixture.ok::<CreateSamlProvider>(named("Corp")).tags, None);
    let found = fixture.ok::<GetSamlProvider>(get(ARN));
    assert_eq!(found.tags, Some(Vec::new()));
    assert_eq!(found.private_key_list, Some(Vec::new()));
}

#[test]
fn f1_a_saml_provider_made_without_an_encryption_mode_shows_allowed() {
    let fixture = Fixture::new();
    fixture.ok::<CreateSamlProvider>(named("Corp"));
    let found = fixture.ok::<GetSamlProvider>(get(ARN));
    assert_eq!(found.assertion_encryption_mode, Some(AssertionEncryptionModeType::Allowed));
}

/// The date of `NOW` is 2023-11-14.
#[test]
fn metadata_hold_until_they_say_or_for_a_hundred_years() {
    let fixture = Fixture::new();
    for (document, valid_until) in [
        (METADATA.to_owned(), "2123-11-14T22:13:20Z"),
        (until("2030-01-01T00:00:00Z"), "2030-01-01T00:00:00Z"),
        (until("2020-01-01T00:00:00.5Z"), "2020-01-01T00:00:00Z"),
    ] {
        let input = CreateSamlProviderInput { saml_metadata_document: document, ..named("Corp") };
        fixture.ok::<CreateSamlProvider>(input);
        let listed = fixture.ok::<ListSamlProviders>(ListSamlProvidersInput {});
        let entry = listed.saml_provider_list.unwrap().remove(0);
        assert_eq!(entry.arn.as_deref(), Some(ARN));
        assert_eq!(entry.create_date, Some(DateTime::from_secs(NOW)));
        assert_eq!(entry.valid_until.unwrap().to_string(), valid_until);
        let found = fixture.ok::<GetSamlProvider>(get(ARN));
        assert_eq!(found.valid_until, entry.valid_until);
        fixture.ok::<DeleteSamlProvider>(delete(ARN));
    }
}

#[test]
fn what_cannot_be_made_is_refused() {
    let fixture = Fixture::new();
    let with_metadata = |document: String| CreateSamlProviderInput {
        saml_metadata_document: document,
        ..named("Corp")
    };
    let with_key = |key: &str| CreateSamlProviderInput {
        add_private_key: Some(key.to_owned().into()),
        ..named("Corp")
    };
    let twice = Some(vec![tag("a", "1"), tag("a", "2")]);
    for (input, refusal) in [
        (with_metadata("x".repeat(1000)), "InvalidInput: Could not parse metadata"),
        (
            with_metadata(METADATA.replace("IDPSSO", "SPSSO")),
            "InvalidInput: Could not parse metadata",
        ),
        (with_metadata(METADATA.replace("MII", "!!!")), "InvalidInput: Could not parse metadata"),
        (with_metadata(format!("\u{feff}{METADATA}")), "InvalidInput: Could not parse metadata"),
        (with_metadata(until("tomorrow")), "InvalidInput: Could not parse metadata"),
        (with_key("-----BEGIN PRIVATE KEY-----"), "InvalidInput: Could not parse private key"),
        (
            CreateSamlProviderInput { tags: twice, ..named("Corp") },
            "InvalidInput: Duplicate tag keys found.",
        ),
    ] {
        assert_eq!(fixture.refusal::<CreateSamlProvider>(input), refusal);
    }

    fixture.ok::<CreateSamlProvider>(named("Corp"));
    assert_eq!(
        fixture.refusal::<CreateSamlProvider>(named("Corp")),
        "EntityAlreadyExists: Provider with name Corp already exists."
    );
}

#[test]
fn an_account_has_a_hundred_providers() {
    let fixture = Fixture::new();
    for number in 0..100 {
        fixture.ok::<CreateSamlProvider>(named(&format!("idp-{number}")));
    }
    assert_eq!(
        fixture.refusal::<CreateSamlProvider>(named("one-more")),
        "LimitExceeded: Cannot exceed quota for SAMLProvidersPerAccount: 100"
    );
    let summary = fixture.ok::<GetAccountSummary>(GetAccountSummaryInput {});
    assert_eq!(summary.summary_map.unwrap()["Providers"], 100);
}

#[test]
fn an_update_changes_what_it_names() {
    let fixture = Fixture::new();
    fixture.ok::<CreateSamlProvider>(named("Corp"));
    let made = fixture.ok::<GetSamlProvider>(get(ARN));
    let updated = fixture.ok::<UpdateSamlProvider>(update(ARN));
    assert_eq!(updated.saml_provider_arn.as_deref(), Some(ARN));
    assert_eq!(fixture.ok::<GetSamlProvider>(get(ARN)), made);

    let document = until("2030-01-01T00:00:00Z");
    fixture.ok::<UpdateSamlProvider>(UpdateSamlProviderInput {
        saml_metadata_document: Some(document.clone()),
        assertion_encryption_mode: Some(AssertionEncryptionModeType::Allowed),
        ..update(ARN)
    });
    let expected = GetSamlProviderOutput {
        saml_metadata_document: Some(document),
        valid_until: Some(DateTime::from_secs(1_893_456_000)),
        assertion_encryption_mode: Some(AssertionEncryptionModeType::Allowed),
        ..made
    };
    assert_eq!(fixture.ok::<GetSamlProvider>(get(ARN)), expected);

    let broken = Some("x".repeat(1000));
    let input = UpdateSamlProviderInput { saml_metadata_document: broken, ..update(ARN) };
    assert_eq!(
        fixture.refusal::<UpdateSamlProvider>(input),
        "InvalidInput: Could not parse metadata"
    );
    assert_eq!(fixture.ok::<GetSamlProvider>(get(ARN)), expected);
}

#[test]
fn private_keys_take_turns() {
    let fixture = Fixture::new();
    let key = private_key();
    let add = || UpdateSamlProviderInput { add_private_key: Some(key.clone()), ..update(ARN) };
    let remove = |id: &str| UpdateSamlProviderInput {
        remove_private_key: Some(id.to_owned()),
        ..update(ARN)
    };
    fixture.ok::<CreateSamlProvider>(named("Corp"));
    fixture.ok::<UpdateSamlProvider>(add());
    fixture.ok::<UpdateSamlProvider>(add());
    assert_eq!(
        fixture.refusal::<UpdateSamlProvider>(add()),
        "LimitExceeded: Cannot exceed quota for PrivateKeysPerSAMLProvider: 2"
    );

    let old = key_ids(&fixture);
    assert_ne!(old[0], old[1]);
    let replace = UpdateSamlProviderInput { add_private_key: Some(key.clone()), ..remove(&old[0]) };
    fixture.ok::<UpdateSamlProvider>(replace);
    let new = key_ids(&fixture);
    assert_eq!((new.len(), &new[0]), (2, &old[1]));
    assert_eq!(
        fixture.refusal::<UpdateSamlProvider>(remove(&old[0])),
        format!("NoSuchEntity: The private key with id {} cannot be found.", old[0])
    );
    new.iter().for_each(|id| drop(fixture.ok::<UpdateSamlProvider>(remove(id))));
    assert_eq!(key_ids(&fixture), [""; 0]);
}

#[test]
fn tags_come_and_go() {
    let fixture = Fixture::new();
    fixture.ok::<CreateSamlProvider>(named("Corp"));
    fixture.ok::<TagSamlProvider>(tag_with(ARN, vec![tag("b", "1"), tag("B", "2"), tag("a", "3")]));
    fixture.ok::<TagSamlProvider>(tag_with(ARN, vec![tag("a", "4")]));
    fixture.ok::<UntagSamlProvider>(untag(ARN, &["b", "never there"]));
    let listed = fixture.ok::<ListSamlProviderTags>(list_tags(ARN));
    assert_eq!(listed.tags, [tag("B", "2"), tag("a", "4")]);
    assert_eq!((listed.is_truncated, listed.marker), (Some(false), None));
}

/// The name's case counts.
#[test]
fn a_provider_that_is_not_there_is_named_by_its_arn() {
    let fixture = Fixture::new();
    fixture.ok::<CreateSamlProvider>(named("Corp"));
    let refusals = [
        fixture.refusal::<GetSamlProvider>(get(GONE)),
        fixture.refusal::<UpdateSamlProvider>(update(GONE)),
        fixture.refusal::<TagSamlProvider>(tag_with(GONE, vec![tag("a", "1")])),
        fixture.refusal::<UntagSamlProvider>(untag(GONE, &["a"])),
        fixture.refusal::<ListSamlProviderTags>(list_tags(GONE)),
        fixture.refusal::<DeleteSamlProvider>(delete(GONE)),
    ];
    for refusal in refusals {
        assert_eq!(refusal, format!("NoSuchEntity: Manifest not found for arn {GONE}"));
    }
    fixture.ok::<DeleteSamlProvider>(delete(ARN));
    assert_eq!(
        fixture.refusal::<DeleteSamlProvider>(delete(ARN)),
        format!("NoSuchEntity: Manifest not found for arn {ARN}")
    );
}

#[test]
fn what_is_no_arn_of_a_provider_is_refused() {
    let fixture = Fixture::new();
    for (arn, refusal) in [
        ("saml-provider/Corp", "ValidationError: Invalid ARN:  Could not be parsed!"),
        (
            "arn:aws-cn:iam::000000000000:saml-provider/Corp",
            "ValidationError: Invalid ARN partition",
        ),
        (
            "arn:aws:iam::000000000000:oidc-provider/Corp",
            "ValidationError: Invalid resource type in ARN",
        ),
        ("arn:aws:iam::000000000000:saml-provider/", "ValidationError: Invalid ARN"),
        ("arn:aws:sts::000000000000:saml-provider/Corp", "ValidationError: Invalid service in ARN"),
    ] {
        assert_eq!(fixture.refusal::<GetSamlProvider>(get(arn)), refusal);
    }
}

#[test]
fn policies_see_the_provider_and_its_tags() {
    let fixture = Fixture::new();
    let creator = fixture.user_allowed("creator", "iam:CreateSAMLProvider", ARN);
    let tagged = CreateSamlProviderInput { tags: Some(vec![tag("a", "b")]), ..named("Corp") };
    assert_eq!(
        fixture.denial::<CreateSamlProvider>(&creator, tagged),
        format!(
            "AccessDenied: User: arn:aws:iam::000000000000:user/creator is not authorized to \
             perform: iam:TagSAMLProvider on resource: {ARN} because no identity-based policy \
             allows the iam:TagSAMLProvider action"
        )
    );
    fixture.call::<CreateSamlProvider>(&creator, named("Corp")).unwrap();

    let condition = r#"{"StringEquals": {"aws:ResourceTag/stage": "test"}}"#;
    let document = format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow",
            "Action": "iam:GetSAMLProvider", "Resource": "*", "Condition": {condition}}}}}"#
    );
    let reader = fixture.user("reader", Some(&document));
    fixture.call::<GetSamlProvider>(&reader, get(ARN)).unwrap_err();
    fixture.ok::<TagSamlProvider>(tag_with(ARN, vec![tag("stage", "test")]));
    fixture.call::<GetSamlProvider>(&reader, get(ARN)).unwrap();
}
