use daypass_federation::IssuerKeys;
use daypass_state::record::AssertionEncryption;

use super::*;

/// Metadata that IAM accepts.
const METADATA: &str = include_str!("../../../../iam-core/testdata/idp-metadata.xml");

const TOML: &str = r#"
[[accounts]]
id = "111122223333"

[[accounts.oidc_providers]]
url = "https://token.actions.githubusercontent.com"
client_ids = ["sts.amazonaws.com", "app"]
thumbprints = ["6938FD4D98BAB03FAADB97B34396831E3780AEA1"]
tags = { team = "red" }

[[accounts.oidc_providers]]
url = "http://localhost:8080/idp"

[[accounts.saml_providers]]
name = "corp"
metadata = '''
METADATA'''
tags = { team = "blue" }

[[accounts.roles]]
name = "ci"
[accounts.roles.trust_policy]
Version = "2012-10-17"
Statement = { Effect = "Allow", Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/localhost:8080/idp" }, Action = "sts:AssumeRoleWithWebIdentity" }
"#;

#[tokio::test]
async fn providers_in_a_seed_are_there() {
    let toml = TOML.replace("METADATA", METADATA);
    let deployment = deploy(Seed::from_toml("seed.toml", toml).unwrap(), true).await.unwrap();
    let view = deployment.env.state.view();
    let account = view.account("111122223333".parse().unwrap());
    let github = account.oidc_provider("token.actions.githubusercontent.com").unwrap();
    assert_eq!(github.record.client_ids, ["sts.amazonaws.com", "app"]);
    assert_eq!(github.record.thumbprints, ["6938fd4d98bab03faadb97b34396831e3780aea1"]);
    assert_eq!(github.record.tags.get_ignore_case("team"), Some("red"));
    let local = account.oidc_provider("localhost:8080/idp").unwrap();
    assert_eq!(local.record.url, "http://localhost:8080/idp");
    let corp = account.saml_provider("corp").unwrap();
    assert_eq!(corp.record.metadata, METADATA);
    assert_eq!(corp.record.tags.get_ignore_case("team"), Some("blue"));
    assert!(account.role("ci").is_some());
}

/// The example of the documentation, with the file that it names beside it.
#[tokio::test]
async fn metadata_may_be_in_a_file_beside_the_seed() {
    let documentation = include_str!("../identity_providers.rs");
    let lines = documentation.lines().map(|line| line.trim_start_matches("//!"));
    let lines = lines.skip_while(|line| *line != " ```toml").skip(1);
    let example: Vec<_> = lines.take_while(|line| *line != " ```").collect();
    let folder = std::env::temp_dir().join(format!("daypass-seed-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("idp-metadata.xml"), METADATA).unwrap();
    std::fs::write(folder.join("saml-key.pem"), private_key()).unwrap();
    std::fs::write(folder.join("seed.toml"), example.join("\n")).unwrap();
    let read = Seed::read(&folder.join("seed.toml"));
    std::fs::remove_dir_all(&folder).unwrap();

    // What was read stays, whatever becomes of the file.
    let deployment = deploy(read.unwrap(), true).await.unwrap();
    deployment.reset().await.unwrap();
    let view = deployment.env.state.view();
    let account = view.account("111122223333".parse().unwrap());
    let corp = &account.saml_provider("corp").unwrap().record;
    assert_eq!((&*corp.metadata, corp.private_keys.len()), (METADATA, 1));
    assert_eq!(corp.assertion_encryption, AssertionEncryption::Required);
    assert!(account.outbound_federation().unwrap().is_enabled);
    assert!(account.oidc_provider("token.actions.githubusercontent.com").is_some());
}

#[tokio::test]
async fn metadata_that_cannot_be_read_are_a_mistake() {
    let toml = r#"[[accounts]]
id = "111122223333"

[[accounts.saml_providers]]
name = "none"

[[accounts.saml_providers]]
name = "both"
metadata = "<a/>"
metadata_file = "a.xml"

[[accounts.saml_providers]]
name = "lost"
metadata_file = "no/such/file.xml"
"#;
    let message = mistakes(Seed::from_toml("s", toml)).await;
    let lines: Vec<_> = message.lines().collect();
    assert_eq!(lines[0], "s:4:1: a SAML provider has either metadata or a metadata_file");
    assert_eq!(lines[1], "s:7:1: a SAML provider has either metadata or a metadata_file");
    assert!(lines[2].starts_with("s:14:17: no/such/file.xml cannot be read: "), "{message}");
    assert_eq!(lines.len(), 3);
}

#[tokio::test]
async fn mistakes_about_providers_say_where() {
    let toml = r#"[[accounts]]
id = "111122223333"

[[accounts.oidc_providers]]
url = "http://id.example.com"

[[accounts.oidc_providers]]
url = "https://id.example.com"
thumbprints = ["abc"]

[[accounts.saml_providers]]
name = "corp"
metadata = "<EntityDescriptor/>"
"#;
    let error = deploy(Seed::from_toml("s", toml).unwrap(), true).await.unwrap_err().to_string();
    let lines: Vec<_> = error.lines().collect();
    assert_eq!(
        lines[0],
        "s:5:7: InvalidInput: Invalid Open ID Connect Provider URL. The URL must begin with \
         https://."
    );
    assert!(lines[1].starts_with("s:9:15: ValidationError: "), "{error}");
    assert!(lines[2].starts_with("s:13:12: ValidationError: "), "{error}");
}

#[tokio::test]
async fn keys_that_are_none_are_named_by_their_place_and_never_shown() {
    let toml = r#"[[accounts]]
id = "111122223333"

[[accounts.saml_providers]]
name = "corp"
metadata = '''
METADATA'''
private_keys = [
  """KEY""",
  "hunter2",
  """KEY""",
  """KEY""",
]
assertion_encryption = "Required"
"#;
    let toml = toml.replace("METADATA", METADATA).replace("KEY", &private_key());
    let line = |part: &str, number: usize| {
        let place = toml.match_indices(part).nth(number).unwrap().0;
        toml.split_at(place).0.lines().count()
    };
    let error = deploy(Seed::from_toml("s", &*toml).unwrap(), true).await.unwrap_err().to_string();
    let expected = [
        format!("s:{}:3: InvalidInput: ", line("hunter2", 0)),
        format!("s:{}:3: LimitExceeded: ", line("-----BEGIN", 2)),
    ];
    let lines: Vec<_> = error.lines().collect();
    assert_eq!(lines.len(), expected.len(), "{error}");
    for (line, expected) in lines.iter().zip(expected) {
        assert!(line.starts_with(&expected), "{expected}: {error}");
    }
    assert!(!error.contains("hunter2") && !error.contains("PRIVATE"), "{error}");
    let seed = Seed::from_toml("s", &*toml).unwrap();
    assert!(!format!("{seed:?}").contains("hunter2"));

    let lost = "[[accounts]]\nid = \"111122223333\"\n[[accounts.saml_providers]]\nname = \"corp\"\n\
                metadata = \"<a/>\"\nprivate_key_files = [\"no/key.pem\"]\n";
    let message = mistakes(Seed::from_toml("s", lost)).await;
    assert!(message.contains("s:6:22: no/key.pem cannot be read: "), "{message}");
    let mode =
        lost.replace("private_key_files = [\"no/key.pem\"]", "assertion_encryption = \"Never\"");
    let message = mistakes(Seed::from_toml("s", mode)).await;
    assert!(message.contains("s:6:24: unknown variant `Never`"), "{message}");
}

#[tokio::test]
async fn an_issuer_has_the_id_that_is_given_at_every_start() {
    let toml = r#"[[accounts]]
id = "111122223333"
outbound_web_identity_federation = { issuer_id = "d7a9c1e0-3b52-4f6a-9c7e-0123456789ab" }

[[accounts]]
id = "444455556666"
outbound_web_identity_federation = {}
"#;
    let deployment = deploy(Seed::from_toml("s", toml).unwrap(), true).await.unwrap();
    let ids = |deployment: &Deployment| {
        let view = deployment.env.state.view();
        ["111122223333", "444455556666"].map(|account| {
            let account = account.parse().unwrap();
            let issuer = view.account(account).outbound_federation().unwrap();
            assert!(issuer.is_enabled);
            assert_eq!(view.account_of_issuer(&issuer.issuer_id), Some(account));
            issuer.issuer_id.clone()
        })
    };
    let before = ids(&deployment);
    deployment.reset().await.unwrap();
    let after = ids(&deployment);
    assert_eq!((&*before[0], &after[0]), ("d7a9c1e0-3b52-4f6a-9c7e-0123456789ab", &before[0]));
    assert_ne!(before[1], after[1]);

    let cases = [
        ("\"d7a9\"", "s:3:50: the id of an issuer is a UUID in lower case"),
        (
            "\"D7A9C1E0-3B52-4F6A-9C7E-0123456789AB\"",
            "s:3:50: the id of an issuer is a UUID in lower case",
        ),
    ];
    for (id, expected) in cases {
        let wrong = toml.replace("\"d7a9c1e0-3b52-4f6a-9c7e-0123456789ab\"", id);
        let error = deploy(Seed::from_toml("s", wrong).unwrap(), true).await.unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
    let twice = toml.replace("{}", "{ issuer_id = \"d7a9c1e0-3b52-4f6a-9c7e-0123456789ab\" }");
    let error = deploy(Seed::from_toml("s", twice).unwrap(), true).await.unwrap_err();
    assert_eq!(error.to_string(), "s:7:50: another account's issuer has this id");
}

/// One that nobody has seen before.
fn private_key() -> String {
    let keys = IssuerKeys::generate(0).unwrap().to_text().unwrap();
    let line = keys.expose().lines().last().unwrap();
    let rsa = line.split(' ').nth(2).unwrap();
    format!("-----BEGIN PRIVATE KEY-----\n{rsa}\n-----END PRIVATE KEY-----\n")
}
