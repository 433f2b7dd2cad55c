//! What is asked of daypass: a user with a key, a role that the user and an identity provider's users may assume, a
//! session of it, and a request for each operation.

use anyhow::{Context, Result};
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use bytes::Bytes;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::clock;
use super::exchange::Exchange;

/// An operation that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    GetCallerIdentity,
    GetCallerIdentityOfSession,
    AssumeRole,
    AssumeRoleWithWebIdentity,
}

impl Operation {
    pub(crate) const ALL: [Self; 4] = [
        Self::GetCallerIdentity,
        Self::GetCallerIdentityOfSession,
        Self::AssumeRole,
        Self::AssumeRoleWithWebIdentity,
    ];

    /// AWS's name, and by whom, where that is not the user.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::GetCallerIdentityOfSession => "GetCallerIdentity by a session",
            _ => self.action(),
        }
    }

    fn action(self) -> &'static str {
        match self {
            Self::GetCallerIdentity | Self::GetCallerIdentityOfSession => "GetCallerIdentity",
            Self::AssumeRole => "AssumeRole",
            Self::AssumeRoleWithWebIdentity => "AssumeRoleWithWebIdentity",
        }
    }
}

/// The user in whose name the load is, and the other proofs of identity.
#[derive(Debug)]
pub(crate) struct Subject {
    address: String,
    keys: Credentials,
    session: Credentials,
    /// An ID token of the identity provider.
    web_identity: String,
}

impl Subject {
    /// Makes the user and the role with the well-known keys, a session of the role, and a token that `daypass idp`
    /// at `issuer`, a host and port, signs for its own user. The token and the session end after an hour.
    pub(crate) async fn make(address: &str, issuer: &str) -> Result<Self> {
        let root = keys("test", "test");
        let mut exchange = Exchange::connect(address).await?;
        let mut key = String::new();
        let (url, trust) = (format!("http://{issuer}"), trust(issuer));
        for (action, parameters) in [
            (
                "CreateOpenIDConnectProvider",
                &[("Url", &*url), ("ClientIDList.member.1", CLIENT)][..],
            ),
            ("CreateUser", &[("UserName", "bench")]),
            ("CreateRole", &[("RoleName", "bench"), ("AssumeRolePolicyDocument", &trust)]),
            (
                "PutUserPolicy",
                &[("UserName", "bench"), ("PolicyName", "may"), ("PolicyDocument", MAY)],
            ),
            ("CreateAccessKey", &[("UserName", "bench")]),
        ] {
            let request = request(address, Some(&root), Service::Iam, action, parameters)?;
            let answer = exchange.send(&request).await.context(action)?;
            key = String::from_utf8_lossy(answer).into_owned();
        }
        let keys = credentials(&key)?;
        let mut subject = Self {
            address: address.to_owned(),
            session: keys.clone(),
            keys,
            web_identity: web_identity(issuer).await?,
        };
        let answer = exchange.send(&subject.request(Operation::AssumeRole)?).await?;
        subject.session = credentials(&String::from_utf8_lossy(answer))?;
        Ok(subject)
    }

    /// A request for an operation, signed now if it is to be signed.
    pub(crate) fn request(&self, operation: Operation) -> Result<Bytes> {
        let role = [("RoleArn", ROLE), ("RoleSessionName", "bench")];
        let with_token = [role[0], role[1], ("WebIdentityToken", &*self.web_identity)];
        let (keys, parameters) = match operation {
            Operation::GetCallerIdentity => (Some(&self.keys), &[][..]),
            Operation::GetCallerIdentityOfSession => (Some(&self.session), &[][..]),
            Operation::AssumeRole => (Some(&self.keys), &role[..]),
            Operation::AssumeRoleWithWebIdentity => (None, &with_token[..]),
        };
        request(&self.address, keys, Service::Sts, operation.action(), parameters)
    }
}

/// `GetCallerIdentity` by the root user, signed now.
pub(crate) fn root_identity(address: &str) -> Result<Bytes> {
    let root = keys("test", "test");
    request(address, Some(&root), Service::Sts, Operation::GetCallerIdentity.action(), &[])
}

/// The largest simulation that one request asks for, by the root user and signed now: many actions on many
/// resources, by policies of many statements. The connection ends with its answer.
pub(crate) fn simulation(address: &str) -> Result<Bytes> {
    let root = keys("test", "test");
    let statements: Vec<String> = (0..60)
        .map(|number| {
            format!(
                r#"{{"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::*{number}*x*y*z"}}"#
            )
        })
        .collect();
    let policy = format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","));
    let mut parameters = Vec::new();
    for number in 1..=20 {
        parameters.push((format!("PolicyInputList.member.{number}"), policy.clone()));
    }
    for number in 1..=100 {
        parameters.push((format!("ActionNames.member.{number}"), format!("s3:GetObject{number}")));
        let object = format!("arn:aws:s3:::bucket/{number}{}", "x".repeat(200));
        parameters.push((format!("ResourceArns.member.{number}"), object));
    }
    let pairs: Vec<(&str, &str)> =
        parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    request(address, Some(&root), Service::Iam, "SimulateCustomPolicy", &pairs)
}

/// A token for the user and the client that `daypass idp` has by itself (RFC 6749, section 4.3).
async fn web_identity(issuer: &str) -> Result<String> {
    let head = format!("POST /token HTTP/1.1\r\nhost: {issuer}\r\ncontent-length: {}", GRANT.len());
    let request = format!("{head}\r\ncontent-type: {FORM}\r\n\r\n{GRANT}");
    let mut exchange = Exchange::connect(issuer).await?;
    let answer: serde_json::Value =
        serde_json::from_slice(exchange.send(request.as_bytes()).await?)?;
    let token = answer.get("id_token").and_then(|token| token.as_str());
    Ok(token.context("the identity provider gave no ID token")?.to_owned())
}

/// A service that is asked.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Service {
    Iam,
    Sts,
}

impl Service {
    /// Its name in a credential scope, and the version of its protocol.
    fn facts(self) -> (&'static str, &'static str) {
        match self {
            Self::Iam => ("iam", "2010-05-08"),
            Self::Sts => ("sts", "2011-06-15"),
        }
    }
}

/// The bytes of a request, as an SDK would send them; signed now, if there are keys.
pub(crate) fn request(
    address: &str,
    keys: Option<&Credentials>,
    service: Service,
    action: &str,
    parameters: &[(&str, &str)],
) -> Result<Bytes> {
    let (name, version) = service.facts();
    let mut body = format!("Action={action}&Version={version}");
    for (name, value) in parameters {
        body += &format!("&{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC));
    }
    let mut headers = vec![
        ("host".to_owned(), address.to_owned()),
        ("content-type".to_owned(), FORM.to_owned()),
        ("content-length".to_owned(), body.len().to_string()),
        ("user-agent".to_owned(), "aws-sdk-rust/1.3 os/linux lang/rust/1.95.0".to_owned()),
    ];
    if let Some(keys) = keys {
        let signature = signature(address, keys, name, &headers, &body)?;
        headers.extend(signature);
    }

    let mut text = "POST / HTTP/1.1\r\n".to_owned();
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    Ok(format!("{text}\r\n{body}").into())
}

/// The headers that sign a request now.
fn signature(
    address: &str,
    keys: &Credentials,
    service: &str,
    headers: &[(String, String)],
    body: &str,
) -> Result<Vec<(String, String)>> {
    let identity = keys.clone().into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region("us-east-1")
        .name(service)
        .time(clock::wall())
        .settings(SigningSettings::default())
        .build()?
        .into();
    let url = format!("http://{address}/");
    let pairs = headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let signable = SignableRequest::new("POST", &url, pairs, SignableBody::Bytes(body.as_bytes()))?;
    let (instructions, _) = sign(signable, &params)?.into_parts();
    let added = instructions.headers();
    Ok(added.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

/// Keys that do not end.
pub(crate) fn keys(id: &str, secret: &str) -> Credentials {
    Credentials::new(id, secret, None, None, "bench")
}

/// Those in an answer, with their session token if they have one.
fn credentials(xml: &str) -> Result<Credentials> {
    let (id, secret) = element(xml, "AccessKeyId")
        .zip(element(xml, "SecretAccessKey"))
        .with_context(|| format!("no credentials in {xml}"))?;
    let token = element(xml, "SessionToken").map(str::to_owned);
    Ok(Credentials::new(id, secret, token, None, "bench"))
}

/// The account's users may assume the role, and so may whoever has a token of the issuer.
fn trust(issuer: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::000000000000:root"}},"Action":"sts:AssumeRole"}},{{"Effect":"Allow","Principal":{{"Federated":"arn:aws:iam::000000000000:oidc-provider/{issuer}"}},"Action":"sts:AssumeRoleWithWebIdentity"}}]}}"#
    )
}

/// The text of an element that needs no unescaping.
pub(crate) fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    Some(rest.split_once('<')?.0)
}

const ROLE: &str = "arn:aws:iam::000000000000:role/bench";
const MAY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws:iam::000000000000:role/bench"}]}"#;
const FORM: &str = "application/x-www-form-urlencoded";
const CLIENT: &str = "daypass";
const GRANT: &str =
    "grant_type=password&username=alice&password=alice&client_id=daypass&client_secret=daypass";
