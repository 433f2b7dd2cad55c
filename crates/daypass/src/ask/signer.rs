use anyhow::Context;
use aws_smithy_types::date_time::Format;
use daypass::Secret;
use daypass_ident::{Clock, SystemClock};
use daypass_sigv4::{PayloadHash, Presented, Request, SigningKey};

/// The credentials that a command signs its requests with.
#[derive(Debug)]
pub(crate) struct Signer {
    access_key_id: String,
    secret: Secret<String>,
    session_token: Option<Secret<String>>,
}

impl Signer {
    /// The credentials in the environment, by the names that AWS's tools have for them; without any, those
    /// that every server has which opens its root user to this machine.
    pub(crate) fn of_environment() -> Self {
        let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        match (variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY")) {
            (Some(access_key_id), Some(secret)) => Self {
                access_key_id,
                secret: Secret::new(secret),
                session_token: variable("AWS_SESSION_TOKEN").map(Secret::new),
            },
            _ => Self {
                access_key_id: WELL_KNOWN.to_owned(),
                secret: Secret::new(WELL_KNOWN.to_owned()),
                session_token: None,
            },
        }
    }

    /// The headers that sign a request without a query, each with its line end.
    ///
    /// # Errors
    /// When the credentials cannot stand in a header.
    pub(super) fn headers(
        &self,
        method: &str,
        host: &str,
        path: &str,
        body: &[u8],
    ) -> anyhow::Result<String> {
        const ADVICE: &str =
            "AWS_ACCESS_KEY_ID and AWS_SESSION_TOKEN are no credentials to sign with";
        let now = SystemClock.now().fmt(Format::DateTime)?;
        let seconds = now.split('.').next().unwrap_or_default().trim_end_matches('Z');
        let time: String = seconds.chars().filter(|c| c.is_ascii_digit() || *c == 'T').collect();
        let time = format!("{time}Z");
        let date = time.split('T').next().unwrap_or_default();
        let token = self.session_token.as_ref().map(|token| token.expose().as_str());
        let signed = if token.is_some() {
            "host;x-amz-date;x-amz-security-token"
        } else {
            "host;x-amz-date"
        };
        let key_id = &self.access_key_id;
        let authorization = |signature: &str| {
            format!(
                "AWS4-HMAC-SHA256 Credential={key_id}/{date}/{REGION}/{SERVICE}/aws4_request, \
                 SignedHeaders={signed}, Signature={signature}"
            )
        };
        let unsigned = authorization(&"0".repeat(64));
        let mut headers = vec![("host", host), ("x-amz-date", &time), ("authorization", &unsigned)];
        headers.extend(token.map(|token| ("x-amz-security-token", token)));
        let is_plain = |value: &str| value.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        let all_plain = headers.iter().all(|(_, value)| is_plain(value));
        anyhow::ensure!(all_plain, ADVICE);
        let claims = Presented::parse(&Request::new(method, path, "", &headers)).context(ADVICE)?;
        let key = SigningKey::derive(self.secret.expose().as_bytes(), date, REGION, SERVICE);
        let signature = authorization(&claims.signature(&key, &PayloadHash::of(body)));
        let token = token.map(|token| format!("X-Amz-Security-Token: {token}\r\n"));
        let token = token.unwrap_or_default();
        Ok(format!("X-Amz-Date: {time}\r\nAuthorization: {signature}\r\n{token}"))
    }
}

/// Key and secret of the root user, where a server has the well-known keys.
const WELL_KNOWN: &str = "test";
const REGION: &str = "us-east-1";
const SERVICE: &str = "sts";
