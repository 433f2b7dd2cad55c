//! OpenID Connect and SAML providers: made, changed, trusted and taken away.

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeySize, PrivateDecryptingKey};
use aws_sdk_iam::types::{AssertionEncryptionModeType, Tag};
use aws_smithy_types::DateTime;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use daypass::Daypass;
use daypass_tests::{Refused, World, allow, refusal};
use serde_json::json;

const GITHUB: &str = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";
const CORP: &str = "arn:aws:iam::123456789012:saml-provider/Corp";
const METADATA: &str = include_str!("../../../crates/iam-core/testdata/idp-metadata.xml");

#[tokio::test]
async fn an_account_trusts_an_issuer_of_tokens_for_a_while() {
    let world = World::start().await;
    let iam = world.iam(&world.root());
    let create = || {
        iam.create_open_id_connect_provider()
            .url("https://token.actions.githubusercontent.com")
            .client_id_list("sts.amazonaws.com")
            .tags(tag("team", "red"))
            .send()
    };
    let made = create().await.unwrap();
    assert_eq!(made.open_id_connect_provider_arn(), Some(GITHUB));
    assert_eq!(made.tags(), [tag("team", "red")]);
    let message = "Provider with url https://token.actions.githubusercontent.com already exists.";
    assert_eq!(create().await.refused(), refusal(409, "EntityAlreadyExists", message));

    iam.add_client_id_to_open_id_connect_provider()
        .open_id_connect_provider_arn(GITHUB)
        .client_id("https://github.com/corp")
        .send()
        .await
        .unwrap();
    iam.remove_client_id_from_open_id_connect_provider()
        .open_id_connect_provider_arn(GITHUB)
        .client_id("sts.amazonaws.com")
        .send()
        .await
        .unwrap();
    iam.update_open_id_connect_provider_thumbprint()
        .open_id_connect_provider_arn(GITHUB)
        .thumbprint_list("6938FD4D98BAB03FAADB97B34396831E3780AEA1")
        .send()
        .await
        .unwrap();
    iam.tag_open_id_connect_provider()
        .open_id_connect_provider_arn(GITHUB)
        .tags(tag("stage", "test"))
        .send()
        .await
        .unwrap();
    iam.untag_open_id_connect_provider()
        .open_id_connect_provider_arn(GITHUB)
        .tag_keys("team")
        .send()
        .await
        .unwrap();
    let get = || iam.get_open_id_connect_provider().open_id_connect_provider_arn(GITHUB).send();
    let found = get().await.unwrap();
    assert_eq!(found.url(), Some("token.actions.githubusercontent.com"));
    assert_eq!(found.client_id_list(), ["https://github.com/corp"]);
    assert_eq!(found.thumbprint_list(), ["6938fd4d98bab03faadb97b34396831e3780aea1"]);
    let tags = iam.list_open_id_connect_provider_tags().open_id_connect_provider_arn(GITHUB);
    assert_eq!(tags.send().await.unwrap().tags(), [tag("stage", "test")]);
    let listed = iam.list_open_id_connect_providers().send().await.unwrap();
    let listed = listed.open_id_connect_provider_list();
    assert_eq!(listed.iter().map(|entry| entry.arn()).collect::<Vec<_>>(), [Some(GITHUB)]);

    // The role goes on to name the provider when it is gone.
    let trust = json!({
        "Effect": "Allow",
        "Principal": {"Federated": GITHUB},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {
            "token.actions.githubusercontent.com:sub": "repo:corp/app:ref:refs/heads/main",
        }},
    });
    world.role("ci", trust).await;
    let delete =
        || iam.delete_open_id_connect_provider().open_id_connect_provider_arn(GITHUB).send();
    delete().await.unwrap();
    delete().await.unwrap();
    let message = format!("OpenIDConnect Provider not found for arn {GITHUB}");
    assert_eq!(get().await.refused(), refusal(404, "NoSuchEntity", message));
    let role = iam.get_role().role_name("ci").send().await.unwrap().role.unwrap();
    let trust = role.assume_role_policy_document().unwrap();
    assert!(trust.contains("token.actions.githubusercontent.com"), "{trust}");
}

#[tokio::test]
async fn a_provider_is_what_aws_lets_it_be() {
    let world = World::start().await;
    let create = || world.iam(&world.root()).create_open_id_connect_provider();
    let long = "https://".to_owned() + &"a".repeat(248);
    let not_https = "Invalid Open ID Connect Provider URL. The URL must begin with https://.";
    for (create, code, message) in [
        (create().url("id.example.com"), "ValidationError", "Invalid Open ID Connect Provider URL"),
        (create().url("http://id.example.com"), "InvalidInput", not_https),
        (
            create().url("https://id.example.com:8443"),
            "InvalidInput",
            "Invalid Open ID Connect Provider URL.",
        ),
        (
            create().url(&long),
            "ValidationError",
            "1 validation error detected: Value at 'url' failed to satisfy constraint: Member must \
             have length less than or equal to 255",
        ),
        (
            create().url("https://id.example.com").client_id_list(""),
            "ValidationError",
            "1 validation error detected: Value at 'clientIDList' failed to satisfy \
             constraint: Member must satisfy constraint: [Member must have length less than or \
             equal to 255, Member must have length greater than or equal to 1]",
        ),
    ] {
        assert_eq!(create.send().await.refused(), refusal(400, code, message));
    }
}

#[tokio::test]
async fn issuers_on_this_machine_are_let_in_only_where_daypass_is_not_strict() {
    for strict in [false, true] {
        let world = World::of(Daypass::builder().strict(strict)).await;
        let create = world.iam(&world.root()).create_open_id_connect_provider();
        let made = create.url("http://localhost:8080/idp").send().await;
        if strict {
            let message = "Invalid Open ID Connect Provider URL. The URL must begin with https://.";
            assert_eq!(made.refused(), refusal(400, "InvalidInput", message));
        } else {
            let arn = "arn:aws:iam::123456789012:oidc-provider/localhost:8080/idp";
            assert_eq!(made.unwrap().open_id_connect_provider_arn(), Some(arn));
        }
    }
}

/// AWS asks the issuer's server for the thumbprint that nobody gives.
#[tokio::test]
async fn a_strict_deployment_asks_issuers_for_their_thumbprints() {
    let world = World::of(Daypass::builder().strict(true)).await;
    let iam = world.iam(&world.root());
    // Nobody serves HTTPS at its usual port here.
    let url = "https://127.0.0.1";
    let message =
        format!("The identity provider {url} does not answer, or its certificate is not valid.");
    let made = iam.create_open_id_connect_provider().url(url).send().await;
    assert_eq!(made.refused(), refusal(400, "OpenIdIdpCommunicationError", message));
    let create = iam.create_open_id_connect_provider().url(url);
    create.thumbprint_list("0123456789".repeat(4)).send().await.unwrap();

    // Elsewhere nobody is asked.
    let world = World::start().await;
    world.iam(&world.root()).create_open_id_connect_provider().url(url).send().await.unwrap();
}

#[tokio::test]
async fn an_account_trusts_an_issuer_of_assertions_for_a_while() {
    let world = World::start().await;
    let iam = world.iam(&world.root());
    let create = || iam.create_saml_provider().name("Corp").saml_metadata_document(METADATA);
    let made = create()
        .assertion_encryption_mode(AssertionEncryptionModeType::Required)
        .add_private_key(private_key())
        .tags(tag("team", "red"))
        .send()
        .await
        .unwrap();
    assert_eq!((made.saml_provider_arn(), made.tags()), (Some(CORP), &[tag("team", "red")][..]));
    let message = "Provider with name Corp already exists.";
    assert_eq!(create().send().await.refused(), refusal(409, "EntityAlreadyExists", message));

    let get = || iam.get_saml_provider().saml_provider_arn(CORP).send();
    let found = get().await.unwrap();
    assert_eq!(found.saml_metadata_document(), Some(METADATA));
    assert_eq!(found.assertion_encryption_mode(), Some(&AssertionEncryptionModeType::Required));
    assert_eq!(found.tags(), [tag("team", "red")]);
    let key = found.private_key_list()[0].key_id().unwrap();

    let expiring = METADATA.replacen("entityID", "validUntil=\"2099-01-01T00:00:00Z\" entityID", 1);
    let update = iam.update_saml_provider().saml_provider_arn(CORP);
    let update = update.saml_metadata_document(&expiring).remove_private_key(key);
    update.send().await.unwrap();
    let found = get().await.unwrap();
    assert_eq!(found.saml_metadata_document(), Some(&*expiring));
    assert_eq!(found.private_key_list(), []);
    let listed = iam.list_saml_providers().send().await.unwrap();
    let [entry] = listed.saml_provider_list() else { panic!("{listed:?}") };
    assert_eq!(entry.arn(), Some(CORP));
    assert_eq!(entry.valid_until(), Some(&DateTime::from_secs(4_070_908_800)));

    iam.tag_saml_provider()
        .saml_provider_arn(CORP)
        .tags(tag("stage", "test"))
        .send()
        .await
        .unwrap();
    iam.untag_saml_provider().saml_provider_arn(CORP).tag_keys("team").send().await.unwrap();
    let tags = iam.list_saml_provider_tags().saml_provider_arn(CORP).send().await.unwrap();
    assert_eq!(tags.tags(), [tag("stage", "test")]);
    let summary = iam.get_account_summary().send().await.unwrap();
    let providers =
        summary.summary_map().unwrap().iter().find(|(key, _)| key.as_str() == "Providers");
    assert_eq!(providers.map(|(_, count)| *count), Some(1));

    let delete = || iam.delete_saml_provider().saml_provider_arn(CORP).send();
    delete().await.unwrap();
    let message = format!("Manifest not found for arn {CORP}");
    assert_eq!(delete().await.refused(), refusal(404, "NoSuchEntity", &*message));
    assert_eq!(get().await.refused(), refusal(404, "NoSuchEntity", message));
}

#[tokio::test]
async fn metadata_are_what_aws_reads() {
    let world = World::start().await;
    let create = || world.iam(&world.root()).create_saml_provider().name("Corp");
    let not_metadata = format!("<html>{}</html>", "x".repeat(1000));
    let refused = create().saml_metadata_document(not_metadata).send().await.refused();
    assert_eq!(refused, refusal(400, "InvalidInput", "Could not parse metadata"));
    let refused = create().saml_metadata_document("<short/>").send().await.refused();
    let message = "1 validation error detected: Value at 'sAMLMetadataDocument' failed \
                   to satisfy constraint: Member must have length greater than or equal to 1000";
    assert_eq!(refused, refusal(400, "ValidationError", message));
    let create = create().saml_metadata_document(METADATA).add_private_key("no key");
    let message = "Could not parse private key";
    assert_eq!(create.send().await.refused(), refusal(400, "InvalidInput", message));
}

#[tokio::test]
async fn whoever_makes_a_provider_with_tags_may_tag_it() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    world.permit("alice", allow("iam:CreateOpenIDConnectProvider", GITHUB)).await;
    let create = || {
        let create = world.iam(&alice).create_open_id_connect_provider();
        create.url("https://token.actions.githubusercontent.com")
    };
    let message = format!(
        "User: arn:aws:iam::123456789012:user/alice is not authorized to perform: \
         iam:TagOpenIDConnectProvider on resource: {GITHUB} because no identity-based policy \
         allows the iam:TagOpenIDConnectProvider action"
    );
    let tagged = create().tags(tag("team", "red")).send().await;
    assert_eq!(tagged.refused(), refusal(403, "AccessDenied", message));
    create().send().await.unwrap();
}

fn tag(key: &str, value: &str) -> Tag {
    Tag::builder().key(key).value(value).build().unwrap()
}

/// A new RSA key in PEM.
fn private_key() -> String {
    let key = PrivateDecryptingKey::generate(KeySize::Rsa2048).unwrap();
    let der: Pkcs8V1Der<'_> = key.as_der().unwrap();
    let base64 = STANDARD.encode(der.as_ref());
    format!("-----BEGIN PRIVATE KEY-----\n{base64}\n-----END PRIVATE KEY-----\n")
}
