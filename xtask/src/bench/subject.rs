//! What is asked of daypass: a user with a key, a role that the user may assume, and two signed requests.

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
    AssumeRole,
}

impl Operation {
    pub(crate) const ALL: [Self; 2] = [Self::GetCallerIdentity, Self::AssumeRole];

    /// AWS's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::GetCallerIdentity => "GetCallerIdentity",
            Self::AssumeRole => "AssumeRole",
        }
    }

    fn parameters(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::GetCallerIdentity => &[],
            Self::AssumeRole => &[("RoleArn", ROLE), ("RoleSessionName", "bench")],
        }
    }
}

/// The user in whose name the load is.
#[derive(Debug)]
pub(crate) struct Subject {
    address: String,
    keys: Credentials,
}

impl Subject {
    /// Makes the user and the role with the well-known keys.
    pub(crate) async fn make(address: &str) -> Result<Self> {
        let root = keys("test", "test");
        let mut exchange = Exchange::connect(address).await?;
        let mut key = String::new();
        for (action, parameters) in [
            ("CreateUser", &[("UserName", "bench")][..]),
            ("CreateRole", &[("RoleName", "bench"), ("AssumeRolePolicyDocument", TRUST)]),
            (
                "PutUserPolicy",
                &[("UserName", "bench"), ("PolicyName", "may"), ("PolicyDocument", MAY)],
            ),
            ("CreateAccessKey", &[("UserName", "bench")]),
        ] {
            let request = request(address, &root, Service::Iam, action, parameters)?;
            let answer = exchange.send(&request).await.context(action)?;
            key = String::from_utf8_lossy(answer).into_owned();
        }
        let (id, secret) = element(&key, "AccessKeyId")
            .zip(element(&key, "SecretAccessKey"))
            .with_context(|| format!("no access key in {key}"))?;
        Ok(Self { address: address.to_owned(), keys: keys(id, secret) })
    }

    /// A request for an operation, signed now.
    pub(crate) fn request(&self, operation: Operation) -> Result<Bytes> {
        request(&self.address, &self.keys, Service::Sts, operation.name(), operation.parameters())
    }
}

/// `GetCallerIdentity` by the root user, signed now.
pub(crate) fn root_identity(address: &str) -> Result<Bytes> {
    request(address, &keys("test", "test"), Service::Sts, Operation::GetCallerIdentity.name(), &[])
}

#[derive(Clone, Copy, Debug)]
enum Service {
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

/// The bytes of a signed request, as an SDK would send them.
fn request(
    address: &str,
    keys: &Credentials,
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
        ("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned()),
        ("content-length".to_owned(), body.len().to_string()),
        ("user-agent".to_owned(), "aws-sdk-rust/1.3 os/linux lang/rust/1.95.0".to_owned()),
    ];
    let identity = keys.clone().into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region("us-east-1")
        .name(name)
        .time(clock::wall())
        .settings(SigningSettings::default())
        .build()?
        .into();
    let url = format!("http://{address}/");
    let pairs = headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let signable = SignableRequest::new("POST", &url, pairs, SignableBody::Bytes(body.as_bytes()))?;
    let (instructions, _) = sign(signable, &params)?.into_parts();
    headers.extend(instructions.headers().map(|(name, value)| (name.to_owned(), value.to_owned())));

    let mut text = "POST / HTTP/1.1\r\n".to_owned();
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    Ok(format!("{text}\r\n{body}").into())
}

fn keys(id: &str, secret: &str) -> Credentials {
    Credentials::new(id, secret, None, None, "bench")
}

/// The text of an element that needs no unescaping.
fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    Some(rest.split_once('<')?.0)
}

const ROLE: &str = "arn:aws:iam::000000000000:role/bench";
const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:root"},"Action":"sts:AssumeRole"}]}"#;
const MAY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws:iam::000000000000:role/bench"}]}"#;
