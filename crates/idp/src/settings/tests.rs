use serde_json::json;

use super::*;

fn parse(text: &str) -> Result<Settings, String> {
    let settings: Settings = toml::from_str(text).map_err(|error| error.message().to_owned())?;
    settings.check().map_err(|error| error.to_string())?;
    Ok(settings)
}

#[test]
fn what_is_not_said_is_as_by_default() {
    assert_eq!(parse(""), Ok(Settings::default()));
    assert!(Settings::default().are_known_to_everybody());
    let own = "users = []\nclients = []\nlifetime = 60";
    let own = parse(own).unwrap();
    assert!(!own.are_known_to_everybody());
    assert_eq!((own.lifetime, own.saml), (60, Saml::default()));
}

#[test]
fn everything_can_be_said() {
    let settings = parse(
        r#"
        listen = "127.0.0.1:0"
        issuer = "https://idp.example/realm"
        key_file = "idp.pem"
        [[users]]
        name = "ana"
        password = "secret"
        claims = { email = "ana@example.com", groups = ["a", "b"], admin = true }
        tags = { team = "red" }
        transitive_tag_keys = ["team"]
        source_identity = "ana"
        roles = ["arn:aws:iam::123456789012:role/R,arn:aws:iam::123456789012:saml-provider/P"]
        attributes = { "urn:oid:2.5.4.3" = ["Ana"] }
        [[clients]]
        id = "app"
        redirect_uris = ["http://localhost:8080/callback"]
        [saml]
        acs_urls = ["http://127.0.0.1:4566/saml"]
        "#,
    );
    let settings = settings.unwrap();
    let ana = &settings.users[0];
    assert_eq!(ana.claims["groups"], json!(["a", "b"]));
    assert_eq!(ana.tags["team"], "red");
    assert_eq!(settings.clients[0].secret, None);
    assert!(!format!("{settings:?}").contains("\"secret\""), "{settings:?}");
}

#[test]
fn what_cannot_be_is_refused() {
    let cases = [
        ("issuer = 'https://idp.example/'", "without a slash"),
        ("issuer = 'idp.example'", "no http or https URL"),
        ("issuer = 'https://idp.example?x'", "without a query"),
        ("users = [{}]", "each user"),
        ("users = [{name = 'a'}, {name = 'a'}]", "\"a\" is none"),
        ("clients = [{id = 'a'}, {id = 'a'}]", "each client"),
        ("clients = [{id = 'a', redirect_uris = ['javascript:alert(1)']}]", "can be sent to"),
        ("clients = [{id = 'a', redirect_uris = ['http://a/#b']}]", "can be sent to"),
        ("saml.acs_urls = [\"http://a/\\r\\nb\"]", "can be sent to"),
        ("user = []", "unknown field"),
    ];
    for (text, why) in cases {
        let error = parse(text).unwrap_err();
        assert!(error.contains(why), "{text}: {error}");
    }
}
