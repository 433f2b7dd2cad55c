//! AWS's sign-in page: a browser brings a SAML response, and daypass says who signs in with it.

use aws_credential_types::Credentials;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use daypass::Daypass;
use daypass_federation::saml::sign::{self, NewResponse, SigningKey};
use daypass_ident::{Clock, SystemClock};
use daypass_tests::{ACCOUNT, Answer, PATIENCE, Running, Sent, World, kill, policy, trust};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use serde_json::{Value, json};

use crate::saml::{NOW, PROVIDER, file, fixture, start};

const AWS: &str = "https://signin.aws.amazon.com/saml";
const OTHER: &str = "222222222222";

#[tokio::test]
async fn who_has_one_role_signs_in_at_once() {
    let (world, corp) = with_corp(Daypass::builder()).await;
    let response = corp.response(&Said::default());
    // In the lines of MIME, as some providers send it.
    let lines: Vec<_> = response.as_bytes().chunks(76).map(String::from_utf8_lossy).collect();
    let relay_state = "https://console.aws.amazon.com/s3/home?region=eu-west-1&x=1";
    let form = [("SAMLResponse", &*lines.join("\r\n")), ("RelayState", relay_state)];
    let page = post(&world, "/saml", &form).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(page.header("content-security-policy").contains("form-action 'none'"));
    assert!(!page.headers.contains_key("set-cookie"));
    for part in [
        format!("<dd>arn:aws:sts::{ACCOUNT}:assumed-role/dev/ana</dd>"),
        format!("<dd>{}</dd>", until(&world, 3600)),
        "href=\"https://console.aws.amazon.com/s3/home?region=eu-west-1&amp;x=1\"".to_owned(),
    ] {
        assert!(page.body.contains(&part), "{part} in {}", page.body);
    }
    assert!(!page.body.contains("ASIA"), "nobody gets credentials here");
    let form = [("SAMLResponse", &*response), ("RelayState", "javascript:alert(1)")];
    assert!(!post(&world, "/saml", &form).await.body.contains("javascript"));
}

#[tokio::test]
async fn the_provider_says_for_how_long_up_to_what_the_role_allows() {
    let (world, corp) = with_corp(Daypass::builder()).await;
    let lasting = |seconds| corp.response(&Said { seconds: Some(seconds), ..Said::default() });
    let page = sign_in(&world, &lasting("1800")).await;
    assert!(page.body.contains(&until(&world, 1800)), "{}", page.body);
    let refused = sign_in(&world, &lasting("7200")).await;
    let text = "exceeds the MaxSessionDuration set for this role";
    assert!(refused.status == 400 && refused.body.contains(text), "{}", refused.body);
    let iam = world.iam(&world.root());
    iam.update_role().role_name("dev").max_session_duration(7200).send().await.unwrap();
    let page = sign_in(&world, &lasting("7200")).await;
    assert!(page.body.contains(&until(&world, 7200)), "{}", page.body);
}

#[tokio::test]
async fn who_has_several_roles_chooses_one() {
    let (world, corp) = with_corp(Daypass::builder()).await;
    let iam = world.iam(&world.root());
    iam.create_account_alias().account_alias("my-company").send().await.unwrap();
    corp.role(&world.root(), &world, ACCOUNT, "audit").await;
    // The same provider, registered in another account, and one that is somebody else's.
    let others = Credentials::from_keys(OTHER, "test", None);
    corp.register(&others, &world, "Corp").await;
    corp.role(&others, &world, OTHER, "dev").await;
    Corp::new().register(&others, &world, "Stranger").await;
    let offers = [
        offer(ACCOUNT, "dev", "Corp"),
        offer(ACCOUNT, "audit", "Corp"),
        offer(OTHER, "dev", "Corp"),
        offer(OTHER, "admin", "Stranger"),
        offer(OTHER, "admin", "Nobody"),
        "<b>,<i>".to_owned(),
    ];
    let response = corp.response(&Said { offers: &offers, ..Said::default() });
    let destination = "https://console.example/";
    let form = [("SAMLResponse", &*response), ("RelayState", destination)];
    let page = post(&world, "/saml", &form).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.header("content-security-policy").contains("form-action 'self'"));
    let arn = |account: &str, role: &str| format!("arn:aws:iam::{account}:role/{role}");
    let role = |account, role: &str| (arn(account, role), role.to_owned());
    assert_eq!(
        accounts(&page.body),
        [
            (
                format!("Account: my-company ({ACCOUNT})"),
                vec![role(ACCOUNT, "dev"), role(ACCOUNT, "audit")]
            ),
            (format!("Account: {OTHER}"), vec![role(OTHER, "dev")]),
        ]
    );
    let fields = fields(&page.body);
    let names: Vec<_> = fields.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["RelayState", "SAMLResponse", "name", "portal"]);

    let choose = async |role: String| {
        let chosen = [("roleIndex".to_owned(), role)];
        let form: Vec<_> = fields.iter().chain(&chosen).map(|(n, v)| (&**n, &**v)).collect();
        post(&world, "/saml", &form).await
    };
    let page = choose(arn(OTHER, "dev")).await;
    let who = format!("<dd>arn:aws:sts::{OTHER}:assumed-role/dev/ana</dd>");
    assert!(page.status == 200 && page.body.contains(&who), "{}", page.body);
    assert!(page.body.contains(destination), "{}", page.body);
    for (role, why) in [
        (arn(OTHER, "admin"), "does not offer the role"),
        (arn(ACCOUNT, "root"), "does not offer the role"),
    ] {
        let refused = choose(role).await;
        assert!(refused.status == 400 && refused.body.contains(why), "{}", refused.body);
    }
}

#[tokio::test]
async fn every_response_of_the_collection_is_judged_as_sts_judges_it() {
    let world = start(json!({}), &["sts:TagSession", "sts:SetSourceIdentity"]).await;
    let cases: Vec<Value> = serde_json::from_str(&file("cases.json")).unwrap();
    let of_others = ["metadata", "encrypted", "decryption_keys"];
    let ours = cases.iter().filter(|case| of_others.iter().all(|name| case[*name].is_null()));
    let ours = ours.filter(|case| case["name"] != "attributes");
    let (mut wrong, mut accepted, mut refused) = (Vec::new(), 0, 0);
    for case in ours {
        let name = case["name"].as_str().unwrap();
        let now = case["now"].as_str().unwrap_or(NOW);
        world.daypass.clock().set(DateTime::from_str(now, Format::DateTime).unwrap());
        // Encrypted ones have a page of their own.
        let is_encrypted = file(&format!("cases/{name}.xml")).contains("EncryptedAssertion");
        let good = case["expected"] == "accepted" && !is_encrypted;
        let page = sign_in(&world, &fixture(name)).await;
        match page.status.as_u16() {
            200 if good && page.body.contains("assumed-role/Developer/ana") => accepted += 1,
            400 | 403 if !good => refused += 1,
            status => wrong.push(format!("{name}: {status} {}", page.body)),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(accepted > 10 && refused > 50, "{accepted} accepted, {refused} refused");
}

#[tokio::test]
async fn an_encrypted_assertion_is_brought_to_the_page_of_its_provider() {
    let world = start(json!({}), &[]).await;
    let iam = world.iam(&world.root());
    let told = iam.get_saml_provider().saml_provider_arn(PROVIDER).send().await.unwrap();
    let page = format!("/saml/acs/{}", told.saml_provider_uuid().unwrap());
    let response = fixture("encrypted-gcm");
    let form = [("SAMLResponse", &*response)];
    let signed_in = post(&world, &page, &form).await;
    assert!(signed_in.body.contains("assumed-role/Developer/ana"), "{}", signed_in.body);
    for (target, why) in [
        ("/saml", "Your request included an invalid SAML response."),
        ("/saml/acs/SAMLSPAAAAAAAAAAAAAAAA", "provider doesn&apos;t exist"),
    ] {
        let refused = post(&world, target, &form).await;
        assert!(refused.status == 400 && refused.body.contains(why), "{}", refused.body);
    }
}

#[tokio::test]
async fn nobody_gets_in_whom_the_provider_does_not_vouch_for_here_and_now() {
    let (world, corp) = with_corp(Daypass::builder()).await;
    let genuine = corp.response(&Said::default());
    let xml = String::from_utf8(STANDARD.decode(&genuine).unwrap()).unwrap();
    let sent = |xml: String| STANDARD.encode(xml);
    let (before, rest) = xml.split_once("<ds:Signature").unwrap();
    let (_, after) = rest.split_once("</ds:Signature>").unwrap();
    let assertion = xml.get(xml.find("<saml:Assertion").unwrap()..).unwrap();
    let (assertion, _) = assertion.split_once("</saml:Assertion>").unwrap();
    let forged = format!("{assertion}</saml:Assertion>").replace("_assertion", "_forged");
    let forged = forged.replace(">ana<", ">root<");
    let wrapped = xml.replacen("<saml:Assertion", &format!("{forged}<saml:Assertion"), 1);
    let said = |said: Said<'_>| corp.response(&said);
    let unknown = [offer(ACCOUNT, "dev", "Nobody")];
    let untrusted = [offer(ACCOUNT, "closed", "Corp")];
    world.role("closed", trust(ACCOUNT)).await;
    let early = DateTime::from_secs(SystemClock.now().secs() - 3600);
    let cases = [
        (Corp::new().response(&Said::default()), "Response signature invalid", 400),
        (sent([before, after].concat()), "Response signature invalid", 400),
        (sent(wrapped), "Invalid base64 SAMLResponse", 400),
        (sent(xml.replace(">ana<", ">root<")), "Response signature invalid", 400),
        (
            said(Said { recipient: "https://evil.example/saml", ..Said::default() }),
            "Response does not contain the required audience.",
            400,
        ),
        (
            said(Said { audience: "urn:evil", ..Said::default() }),
            "Response does not contain the required audience.",
            400,
        ),
        (
            said(Said { issued: Some(early), ..Said::default() }),
            "Token must be redeemed within 5 minutes of issuance",
            400,
        ),
        (said(Said { offers: &unknown, ..Said::default() }), "provider doesn&apos;t exist", 400),
        (said(Said { offers: &[], ..Said::default() }), "included an invalid SAML response", 400),
        (
            said(Said { offers: &untrusted, ..Said::default() }),
            "Not authorized to perform sts:AssumeRoleWithSAML (service: AWSSecurityTokenService; \
             status code: 403; error code: AccessDenied)",
            403,
        ),
        ("no base64".to_owned(), "Invalid base64 SAMLResponse", 400),
        (String::new(), "Your request did not include a SAML response.", 400),
        ("A".repeat(1_000_000), "Invalid base64 SAMLResponse", 400),
    ];
    for (response, why, status) in cases {
        let page = sign_in(&world, &response).await;
        assert!(page.status == status && page.body.contains(why), "{why} in {}", page.body);
        assert!(!page.body.contains("Signed in"), "{why}");
        assert_eq!(page.headers.contains_key("x-daypass-why"), status == 403, "{why}");
    }
    let page = Sent::bare("GET", "localhost", "/saml").to(&world).await;
    assert_eq!((page.status.as_u16(), page.header("allow")), (405, "POST"));
    assert!(page.body.contains("did not include a SAML response"), "{}", page.body);
    let no_form = Sent::form("localhost", "").with("content-type", "text/xml");
    let page = Sent { target: "/saml".to_owned(), ..no_form }.to(&world).await;
    assert_eq!(page.status, 400);
    assert_eq!(Sent::bare("PUT", "localhost", "/saml").to(&world).await.status, 400);
}

#[tokio::test]
async fn a_response_may_be_meant_for_this_machine_but_not_under_strict() {
    let (world, corp) = with_corp(Daypass::builder()).await;
    let (strict, strict_corp) = with_corp(Daypass::builder().strict(true)).await;
    for (recipient, anywhere) in [
        (AWS, true),
        ("https://eu-west-1.signin.aws.amazon.com/saml", true),
        ("http://localhost:4566/saml", false),
        ("http://127.0.0.1:80/saml", false),
    ] {
        let said = Said { recipient, ..Said::default() };
        let page = sign_in(&world, &corp.response(&said)).await;
        assert_eq!(page.status, 200, "{recipient} {}", page.body);
        let page = sign_in(&strict, &strict_corp.response(&said)).await;
        assert_eq!(page.status == 200, anywhere, "{recipient} {}", page.body);
    }
    // A trust policy as AWS's console writes it is met in either case.
    let condition = json!({"StringEquals": {"SAML:aud": AWS}});
    let iam = world.iam(&world.root());
    let update = iam.update_assume_role_policy().role_name("dev");
    update.policy_document(policy(trusting(ACCOUNT, condition))).send().await.unwrap();
    let said = Said { recipient: "http://localhost:4566/saml", ..Said::default() };
    assert_eq!(sign_in(&world, &corp.response(&said)).await.status, 200);
}

#[tokio::test]
async fn the_log_tells_who_has_signed_in() {
    let corp = Corp::new();
    let trust = json!({"Version": "2012-10-17", "Statement": trusting(ACCOUNT, json!({}))});
    let seed = json!({"accounts": [{
        "id": ACCOUNT,
        "saml_providers": [{"name": "Corp", "metadata": corp.metadata()}],
        "roles": [{"name": "dev", "trust_policy": trust}],
    }]});
    let name = format!("sign-in-seed-{}.json", std::process::id());
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, seed.to_string()).unwrap();
    let seed = path.to_str().unwrap();
    let running = Running::start(["--seed", seed, "--log", "info,daypass::audit=debug"]).await;
    let address = running.address().to_owned();
    let response = corp.response(&Said { tag: Some("red"), ..Said::default() });
    for (response, status) in [(&*response, 200), ("eA==", 400)] {
        let form = encoded(&[("SAMLResponse", response), ("RelayState", "https://x.example/")]);
        let host = "eu-west-1.signin.aws.amazon.com";
        let sent = Sent { target: "/saml".to_owned(), ..Sent::form(host, &form) };
        assert_eq!(sent.to_address(&*address).await.status, status);
    }
    std::fs::remove_file(&path).unwrap();
    kill("TERM", running.id()).await;
    let (_, log) = tokio::time::timeout(PATIENCE, running.end()).await.unwrap();
    let events = log.lines().filter(|line| line.contains("daypass::audit")).filter_map(|line| {
        let event = line.get(line.find('{')?..)?;
        serde_json::from_str(event).ok()
    });
    let events: Vec<Value> = events.collect();
    let [assumed, signed_in, failed] = events.as_slice() else { panic!("{log}") };
    assert_eq!(assumed["eventName"], "AssumeRoleWithSAML");
    assert_eq!(assumed["awsRegion"], "eu-west-1");
    assert_eq!(assumed["userIdentity"]["type"], "SAMLUser");
    assert_eq!(
        assumed["requestParameters"],
        json!({
            "durationSeconds": "3600",
            "principalArn": format!("arn:aws:iam::{ACCOUNT}:saml-provider/Corp"),
            "principalTags": {"team": "red"},
            "roleArn": format!("arn:aws:iam::{ACCOUNT}:role/dev"),
            "roleSessionName": "ana",
            "sAMLAssertionID": "_assertion",
        })
    );
    assert_eq!(
        (&signed_in["eventName"], &signed_in["awsRegion"]),
        (&json!("ConsoleLogin"), &json!("eu-west-1"))
    );
    let arn = format!("arn:aws:sts::{ACCOUNT}:assumed-role/dev/ana");
    assert_eq!(signed_in["userIdentity"]["arn"], arn);
    assert_eq!(signed_in["responseElements"], json!({"ConsoleLogin": "Success"}));
    assert_eq!(
        signed_in["additionalEventData"],
        json!({
            "LoginTo": "https://x.example/",
            "MFAUsed": "No",
            "MobileVersion": "No",
            "SamlProviderArn": format!("arn:aws:iam::{ACCOUNT}:saml-provider/Corp"),
        })
    );
    assert_eq!(failed["responseElements"], json!({"ConsoleLogin": "Failure"}));
    assert_eq!(failed["errorMessage"], "Failed authentication");
    assert!(!log.contains(&response), "a response is a secret while it is good");
}

/// An identity provider of the tests' own.
struct Corp {
    key: SigningKey,
    certificate: Vec<u8>,
}

/// What a response says.
struct Said<'a> {
    recipient: &'a str,
    audience: &'a str,
    offers: &'a [String],
    seconds: Option<&'a str>,
    tag: Option<&'a str>,
    issued: Option<DateTime>,
}

impl Default for Said<'_> {
    fn default() -> Self {
        static ONE: std::sync::LazyLock<[String; 1]> =
            std::sync::LazyLock::new(|| [offer(ACCOUNT, "dev", "Corp")]);
        let (offers, audience) = (&ONE[..], "urn:amazon:webservices");
        Self { recipient: AWS, audience, offers, seconds: None, tag: None, issued: None }
    }
}

impl Corp {
    fn new() -> Self {
        let key = SigningKey::generate().unwrap();
        let certificate = key.certificate("idp", SystemClock.now()).unwrap();
        Self { key, certificate }
    }

    fn metadata(&self) -> String {
        sign::metadata("https://corp.example", &self.certificate, "https://corp.example/sso")
    }

    async fn register(&self, keys: &Credentials, world: &World, name: &str) {
        let call = world.iam(keys).create_saml_provider().name(name);
        call.saml_metadata_document(self.metadata()).send().await.unwrap();
    }

    async fn role(&self, keys: &Credentials, world: &World, account: &str, name: &str) {
        let call = world.iam(keys).create_role().role_name(name);
        let trust = policy(trusting(account, json!({})));
        call.assume_role_policy_document(trust).send().await.unwrap();
    }

    fn response(&self, said: &Said<'_>) -> String {
        let aws = |name: &str, values: &[String]| {
            (format!("https://aws.amazon.com/SAML/Attributes/{name}"), values.to_vec())
        };
        let one = |name: &str, value: &str| aws(name, &[value.to_owned()]);
        let mut attributes = vec![one("RoleSessionName", "ana")];
        if !said.offers.is_empty() {
            attributes.push(aws("Role", said.offers));
        }
        attributes.extend(said.seconds.map(|seconds| one("SessionDuration", seconds)));
        attributes.extend(said.tag.map(|team| one("PrincipalTag:team", team)));
        let response = NewResponse {
            id: "_response",
            assertion_id: "_assertion",
            issuer: "https://corp.example",
            recipient: said.recipient,
            audience: said.audience,
            in_response_to: None,
            subject: "ana",
            subject_format: "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
            attributes: &attributes,
            issued: said.issued.unwrap_or_else(|| SystemClock.now()),
            lifetime: 300,
            session_not_on_or_after: None,
        };
        response.sign(&self.key, Some(&self.certificate)).unwrap()
    }
}

/// A world with the provider `Corp`, and the role `dev` that trusts it.
async fn with_corp(builder: daypass::Builder) -> (World, Corp) {
    let (world, corp) = (World::of(builder).await, Corp::new());
    corp.register(&world.root(), &world, "Corp").await;
    corp.role(&world.root(), &world, ACCOUNT, "dev").await;
    world.daypass.clock().freeze(SystemClock.now());
    (world, corp)
}

fn trusting(account: &str, condition: Value) -> Value {
    json!({
        "Effect": "Allow",
        "Principal": {"Federated": format!("arn:aws:iam::{account}:saml-provider/Corp")},
        "Action": ["sts:AssumeRoleWithSAML", "sts:TagSession"],
        "Condition": condition,
    })
}

fn offer(account: &str, role: &str, provider: &str) -> String {
    format!("arn:aws:iam::{account}:saml-provider/{provider},arn:aws:iam::{account}:role/{role}")
}

/// The end of a session that begins now.
fn until(world: &World, seconds: i64) -> String {
    let end = DateTime::from_secs(world.daypass.clock().now().secs() + seconds);
    end.fmt(Format::DateTime).unwrap()
}

async fn sign_in(world: &World, response: &str) -> Answer {
    post(world, "/saml", &[("SAMLResponse", response)]).await
}

async fn post(world: &World, target: &str, form: &[(&str, &str)]) -> Answer {
    let sent = Sent::form("localhost", &encoded(form));
    Sent { target: target.to_owned(), ..sent }.to(world).await
}

fn encoded(form: &[(&str, &str)]) -> String {
    let pair = |(name, value): &(&str, &str)| {
        format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC))
    };
    form.iter().map(pair).collect::<Vec<_>>().join("&")
}

/// What `saml2aws` reads of the page: of each `fieldset > div.saml-account` the text of its
/// `div.saml-account-name`, and of each `label` what it is for and its text.
fn accounts(page: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut accounts: Vec<(String, Vec<(String, String)>)> = Vec::new();
    walk(page, |path, text| {
        let names: Vec<_> = path.iter().map(|it| (it.name.as_str(), it.class.as_str())).collect();
        let account = names
            .windows(2)
            .position(|pair| matches!(pair, [("fieldset", _), ("div", "saml-account")]));
        let Some(within) = account.and_then(|at| names.get(at + 1..)) else { return };
        match (text, within.last()) {
            (None, _) if within.len() == 1 => accounts.push(Default::default()),
            (Some(text), Some(("div", "saml-account-name"))) => {
                accounts.last_mut().unwrap().0.push_str(text);
            }
            (Some(text), Some(("label", _))) => {
                let role = path.last().unwrap().of("for");
                accounts.last_mut().unwrap().1.push((role, text.to_owned()));
            }
            _ => {}
        }
    });
    accounts
}

/// The hidden fields of a page's form.
fn fields(page: &str) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    walk(page, |path, text| {
        let input = path.last().filter(|it| it.name == "input" && it.of("type") == "hidden");
        if let (Some(input), None) = (input, text) {
            fields.push((input.of("name"), input.of("value")));
        }
    });
    fields
}

struct Node {
    name: String,
    class: String,
    attributes: Vec<(String, String)>,
}

impl Node {
    fn new(element: &BytesStart<'_>) -> Self {
        let attributes = element.attributes().map(|attribute| {
            let attribute = attribute.unwrap();
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).unwrap();
            (attribute.key.as_ref().to_owned(), value.into_owned())
        });
        let name = element.name().as_ref().to_owned();
        let node = Self { name, class: String::new(), attributes: attributes.collect() };
        Self { class: node.of("class"), ..node }
    }

    fn of(&self, name: &str) -> String {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    }
}

/// Visits each element, and each text, with the elements around it. The page is XML as well.
fn walk(page: &str, mut visit: impl FnMut(&[Node], Option<&str>)) {
    let mut reader = Reader::from_str(page);
    let mut path = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(element) => {
                path.push(Node::new(&element));
                visit(&path, None);
            }
            Event::Empty(element) => {
                path.push(Node::new(&element));
                visit(&path, None);
                path.pop();
            }
            Event::End(_) => drop(path.pop()),
            Event::Text(text) => visit(&path, Some(&text)),
            Event::Eof => return,
            _ => {}
        }
    }
}
