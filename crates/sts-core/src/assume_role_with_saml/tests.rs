use std::sync::LazyLock;

use aws_smithy_types::DateTime;
use daypass_federation::saml::sign::{self, NewResponse, SigningKey};
use daypass_ident::Secret;
use daypass_state::record::{AssertionEncryption, SamlProviderRecord};
use serde_json::{Value, json};

use super::*;
use crate::testing::{NOW, Setup, World, refusal, role_arn};

const PROVIDER: &str = "arn:aws:iam::123456789012:saml-provider/Corp";
const ENTITY: &str = "https://idp.example.com/metadata";
const NOT_AUTHORIZED: &str = "403 AccessDenied Not authorized to perform sts:AssumeRoleWithSAML";

#[tokio::test]
async fn a_response_of_a_trusted_provider_becomes_a_session() {
    let world = world(trust(json!({}), &[])).await;
    let output = assume(&world, &Response::default()).await.unwrap();
    assert_eq!(output.subject.as_deref(), Some("ana@example.com"));
    assert_eq!(output.subject_type.as_deref(), Some("persistent"));
    assert_eq!(output.issuer.as_deref(), Some(ENTITY));
    assert_eq!(output.audience.as_deref(), Some("https://signin.aws.amazon.com/saml"));
    // printf %s https://idp.example.com/metadata123456789012/Corp | openssl sha1 -binary | base64
    let qualifier = "BOWBAAm/9lb/j+w9dFdqFDXijg0=";
    assert_eq!(output.name_qualifier.as_deref(), Some(qualifier));
    assert_eq!((output.source_identity, output.packed_policy_size), (None, None));
    let user = output.assumed_role_user.unwrap();
    assert_eq!(user.arn, "arn:aws:sts::123456789012:assumed-role/deploy/ana");
    let credentials = output.credentials.unwrap();
    assert_eq!(credentials.expiration.secs(), NOW + 3_600);

    let session = world.session(&credentials);
    let claims = &session.session().unwrap().claims;
    let lasting = claims.federation.as_ref().unwrap();
    assert_eq!(lasting.provider, PROVIDER);
    let mut keys: Vec<_> =
        lasting.keys.iter().map(|(key, values)| (key.as_str(), values.concat())).collect();
    keys.sort();
    let expected = [
        ("saml:namequalifier", qualifier.to_owned()),
        ("saml:sub", "ana@example.com".to_owned()),
        ("saml:sub_type", "persistent".to_owned()),
    ];
    assert_eq!(keys, expected);
}

#[tokio::test]
async fn the_trust_policy_judges_what_the_response_says() {
    let cases = [
        (json!({ "StringEquals": { "SAML:aud": "https://signin.aws.amazon.com/saml" } }), true),
        (json!({ "StringEquals": { "SAML:iss": ENTITY, "SAML:doc": "123456789012/Corp" } }), true),
        (json!({ "StringEquals": { "SAML:sub_type": "transient" } }), false),
        (json!({ "ForAnyValue:StringEquals": { "SAML:eduPersonAffiliation": "staff" } }), true),
        (json!({ "ForAnyValue:StringEquals": { "SAML:eduPersonAffiliation": "guest" } }), false),
        (json!({ "StringEquals": { "sts:RoleSessionName": "ana" } }), true),
        (json!({ "StringEquals": { "sts:RoleSessionName": "bob" } }), false),
    ];
    let staff = || Response {
        attributes: vec![(
            "urn:oid:1.3.6.1.4.1.5923.1.1.1.1".to_owned(),
            texts(&["staff", "member"]),
        )],
        ..Response::default()
    };
    for (condition, allowed) in cases {
        let world = world(trust(condition.clone(), &[])).await;
        let answer = assume(&world, &staff()).await;
        match allowed {
            true => assert!(answer.is_ok(), "{condition} {answer:?}"),
            false => assert_eq!(refusal(answer), NOT_AUTHORIZED, "{condition}"),
        }
    }
}

#[tokio::test]
async fn tags_and_source_identity_need_trust_and_go_into_the_session() {
    let response = || Response {
        attributes: vec![
            aws("PrincipalTag:team", &["red"]),
            aws("TransitiveTagKeys", &["team"]),
            aws("SourceIdentity", &["ana"]),
        ],
        ..Response::default()
    };
    let (one, other) = ("sts:TagSession", "sts:SetSourceIdentity");
    for (actions, missing) in [(&[other][..], one), (&[one], other)] {
        let answer = assume(&world(trust(json!({}), actions)).await, &response()).await;
        assert_eq!(
            refusal(answer),
            format!("403 AccessDenied Not authorized to perform {missing}")
        );
    }
    let condition = json!({ "StringEquals": { "aws:RequestTag/team": "red" } });
    let world = world(trust(condition, &[one, other])).await;
    let output = assume(&world, &response()).await.unwrap();
    assert_eq!(output.source_identity.as_deref(), Some("ana"));
    assert_eq!(output.packed_policy_size, Some(2));
    let session = world.session(output.credentials.as_ref().unwrap());
    let claims = &session.session().unwrap().claims;
    assert_eq!(claims.tags, [("team".to_owned(), "red".to_owned())]);
    assert_eq!(claims.transitive_tag_keys, ["team"]);
}

#[tokio::test]
async fn responses_are_refused_in_the_words_of_aws() {
    let world = world(trust(json!({}), &[])).await;
    let strange = SigningKey::generate().unwrap();
    let with = |change: fn(&mut Response)| {
        let mut response = Response::default();
        change(&mut response);
        response.sign(&KEY)
    };
    let expired = "400 ExpiredTokenException Token must be redeemed within 5 minutes of issuance";
    let invalid = "400 InvalidIdentityToken";
    let cases = [
        ("no base64!".to_owned(), format!("{invalid} Invalid base64 SAMLResponse")),
        ("bm8geG1s".to_owned(), format!("{invalid} Invalid base64 SAMLResponse")),
        (Response::default().sign(&strange), format!("{invalid} Response signature invalid")),
        (
            with(|response| response.issuer = "https://other.example"),
            format!("{invalid} Issuer not present in specified provider"),
        ),
        (
            with(|response| response.recipient = "https://other.example/saml"),
            format!("{invalid} Response does not contain the required audience."),
        ),
        (
            with(|response| response.audience = "https://other.example"),
            format!("{invalid} Response does not contain the required audience."),
        ),
        (with(|response| response.issued = NOW - 301), expired.to_owned()),
        (with(|response| response.issued = NOW + 120), expired.to_owned()),
        (with(|response| response.role = "x,y".to_owned()), NOT_AUTHORIZED.to_owned()),
        (
            with(|response| response.session_name = None),
            format!("{invalid} RoleSessionName is required in AuthnResponse"),
        ),
        (
            with(|response| response.session_name = Some("a b")),
            format!(
                "{invalid} RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{{2,64}}"
            ),
        ),
        (
            with(|response| response.attributes.push(aws("SourceIdentity", &["aws:a"]))),
            format!(
                "{invalid} Source Identity must match [a-zA-Z_0-9+=,.@-]{{2,64}} and not begin \
                 with \"aws:\""
            ),
        ),
    ];
    for (response, expected) in cases {
        let answer = world.vouched::<AssumeRoleWithSaml>(input(response)).await;
        assert_eq!(refusal(answer), expected);
    }
    let answer = with(|response| response.attributes.push(aws("SessionDuration", &["soon"])));
    let answer = refusal(world.vouched::<AssumeRoleWithSaml>(input(answer)).await);
    assert!(
        answer.starts_with("400 InvalidIdentityToken The attribute SessionDuration"),
        "{answer}"
    );
}

#[tokio::test]
async fn a_session_that_no_token_can_hold_is_refused() {
    let world = world(trust(json!({}), &[])).await;
    let ask = |length| {
        let response = Response { subject: "a".repeat(length), ..Response::default() };
        world.vouched::<AssumeRoleWithSaml>(input(response.sign(&KEY)))
    };
    ask(40_000).await.unwrap();
    assert_eq!(
        refusal(ask(60_000).await),
        "400 PackedPolicyTooLarge Serialized token too large for session"
    );
}

#[tokio::test]
async fn the_provider_is_of_the_roles_account_and_the_role_is_offered() {
    let world = world(trust(json!({}), &[])).await;
    let ask = |change: fn(&mut AssumeRoleWithSamlInput)| {
        let mut input = input(Response::default().sign(&KEY));
        change(&mut input);
        world.vouched::<AssumeRoleWithSaml>(input)
    };
    let unknown = "400 InvalidIdentityToken Specified provider doesn't exist";
    let other = ask(|input| input.principal_arn = PROVIDER.replace("Corp", "Other")).await;
    assert_eq!(refusal(other), unknown);
    let other = ask(|input| input.role_arn = "arn:aws:iam::999999999999:role/deploy".to_owned());
    assert_eq!(refusal(other.await), unknown);
    let missing = ask(|input| input.role_arn = role_arn("missing"));
    assert_eq!(refusal(missing.await), NOT_AUTHORIZED);
    let no_role = "400 ValidationError Request ARN is invalid";
    let no_provider = "400 ValidationError Principal ARN is invalid";
    for (role, provider, expected) in [
        (&*role_arn("deploy"), "no ARN, but long enough", no_provider),
        (&role_arn("deploy"), &role_arn("deploy"), no_provider),
        (&role_arn("deploy"), " arn:aws:iam::123456789012:saml-provider/Corp", no_provider),
        (PROVIDER, &role_arn("deploy"), no_provider),
        (PROVIDER, PROVIDER, no_role),
        ("no ARN, but long enough", PROVIDER, no_role),
        ("arn:aws-cn:iam::123456789012:role/team/deploy", PROVIDER, no_role),
    ] {
        let input = AssumeRoleWithSamlInput {
            role_arn: role.to_owned(),
            principal_arn: provider.to_owned(),
            ..input(Response::default().sign(&KEY))
        };
        let answer = world.vouched::<AssumeRoleWithSaml>(input).await;
        assert_eq!(refusal(answer), expected, "{role} {provider}");
    }
}

#[tokio::test]
async fn a_role_that_is_not_there_is_one_that_trusts_nobody() {
    let world = world(trust(json!({}), &[])).await;
    let missing = role_arn("missing");
    let response = Response { role: format!("{missing},{PROVIDER}"), ..Response::default() };
    let input = AssumeRoleWithSamlInput { role_arn: missing, ..input(response.sign(&KEY)) };
    assert_eq!(refusal(world.vouched::<AssumeRoleWithSaml>(input).await), NOT_AUTHORIZED);
}

#[tokio::test]
async fn roles_of_identity_center_are_not_for_others() {
    let name = "AWSReservedSSO_Admin_0123456789abcdef";
    let setup = Setup::default().saml_provider(&provider());
    let world = setup.role(name, trust(json!({}), &[]), None).build().await;
    let role = role_arn(name);
    let response = Response { role: format!("{role},{PROVIDER}"), ..Response::default() };
    let input = AssumeRoleWithSamlInput { role_arn: role, ..input(response.sign(&KEY)) };
    assert_eq!(refusal(world.vouched::<AssumeRoleWithSaml>(input).await), NOT_AUTHORIZED);
}

#[tokio::test]
async fn the_session_is_as_long_as_everybody_lets_it_be() {
    let world = world(trust(json!({}), &[])).await;
    let ask = |asked: Option<i32>, said: Option<&str>, end: Option<i64>| {
        let said = said.map(|seconds| aws("SessionDuration", &[seconds]));
        let attributes = said.into_iter().collect();
        let response = Response { attributes, session_end: end, ..Response::default() };
        let input = input(response.sign(&KEY));
        let input = AssumeRoleWithSamlInput { duration_seconds: asked, ..input };
        world.vouched::<AssumeRoleWithSaml>(input)
    };
    let cases = [
        (None, None, None, 3_600),
        (Some(900), None, None, 900),
        (Some(7_200), None, None, 7_200),
        (None, Some("1800"), None, 1_800),
        (Some(7_200), Some("1800"), None, 1_800),
        (Some(900), Some("1800"), None, 900),
        // A provider can shorten a session, not lengthen it.
        (None, Some("7200"), None, 3_600),
        (None, Some("43200"), None, 3_600),
        (None, None, Some(NOW + 60), 60),
        (Some(7_200), Some("7200"), Some(NOW + 4_000), 4_000),
    ];
    for (asked, said, end, seconds) in cases {
        let credentials = ask(asked, said, end).await.unwrap().credentials.unwrap();
        assert_eq!(credentials.expiration.secs() - NOW, seconds, "{asked:?} {said:?} {end:?}");
    }
    for said in [None, Some("900")] {
        assert_eq!(
            refusal(ask(Some(7_201), said, None).await),
            "400 ValidationError The requested DurationSeconds exceeds the MaxSessionDuration set \
             for this role."
        );
    }
}

static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate().unwrap());

/// What a response says, good at first.
struct Response {
    issuer: &'static str,
    recipient: &'static str,
    audience: &'static str,
    issued: i64,
    role: String,
    session_name: Option<&'static str>,
    subject: String,
    session_end: Option<i64>,
    /// More of them.
    attributes: Vec<(String, Vec<String>)>,
}

impl Default for Response {
    fn default() -> Self {
        Self {
            issuer: ENTITY,
            recipient: "https://signin.aws.amazon.com/saml",
            audience: "urn:amazon:webservices",
            issued: NOW - 10,
            role: format!("{},{PROVIDER}", role_arn("deploy")),
            session_name: Some("ana"),
            subject: "ana@example.com".to_owned(),
            session_end: None,
            attributes: Vec::new(),
        }
    }
}

impl Response {
    fn sign(&self, key: &SigningKey) -> String {
        let mut attributes = vec![aws("Role", &[&self.role])];
        attributes.extend(self.session_name.map(|name| aws("RoleSessionName", &[name])));
        attributes.extend(self.attributes.clone());
        let response = NewResponse {
            id: "_response",
            assertion_id: "_assertion",
            issuer: self.issuer,
            recipient: self.recipient,
            audience: self.audience,
            in_response_to: None,
            subject: &self.subject,
            subject_format: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
            attributes: &attributes,
            issued: DateTime::from_secs(self.issued),
            lifetime: 600,
            session_not_on_or_after: self.session_end.map(DateTime::from_secs),
        };
        response.sign(key, None).unwrap()
    }
}

async fn world(trust: Value) -> World {
    Setup::default().saml_provider(&provider()).role("deploy", trust, None).build().await
}

fn provider() -> SamlProviderRecord {
    let certificate = KEY.certificate("idp", DateTime::from_secs(NOW)).unwrap();
    SamlProviderRecord {
        name: "Corp".to_owned(),
        uuid: "SAMLSP4SIAAAAAAAAAAAAAA".to_owned(),
        metadata: sign::metadata(ENTITY, &certificate, "https://idp.example.com/sso"),
        create_date: NOW,
        valid_until: NOW + 86_400,
        assertion_encryption: AssertionEncryption::Unset,
        private_keys: Vec::new(),
        tags: Default::default(),
    }
}

async fn assume(
    world: &World,
    response: &Response,
) -> Result<AssumeRoleWithSamlOutput, ServiceError> {
    world.vouched::<AssumeRoleWithSaml>(input(response.sign(&KEY))).await
}

fn input(response: String) -> AssumeRoleWithSamlInput {
    AssumeRoleWithSamlInput {
        role_arn: role_arn("deploy"),
        principal_arn: PROVIDER.to_owned(),
        saml_assertion: Secret::new(response),
        ..AssumeRoleWithSamlInput::default()
    }
}

/// One of AWS's attributes.
fn aws(name: &str, values: &[&str]) -> (String, Vec<String>) {
    (format!("https://aws.amazon.com/SAML/Attributes/{name}"), texts(values))
}

fn texts(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

fn trust(condition: Value, more: &[&str]) -> Value {
    let mut actions = vec!["sts:AssumeRoleWithSAML"];
    actions.extend(more);
    json!({
        "Effect": "Allow",
        "Principal": { "Federated": PROVIDER },
        "Action": actions,
        "Condition": condition,
    })
}
