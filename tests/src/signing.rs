use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    SignableBody, SignableRequest, SignatureLocation, SigningSettings, sign,
};
use aws_sigv4::sign::v4;
use daypass_ident::{Clock, SystemClock};
use http::HeaderName;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{Sent, World};

/// How a request is signed, with AWS's own signer; everything that a client decides can be set.
#[derive(Debug, Clone)]
pub struct Signing {
    /// The `Host` header.
    pub host: String,
    /// The region of the scope.
    pub region: &'static str,
    /// The service of the scope.
    pub service: &'static str,
    /// How far the client's clock is ahead, in seconds.
    pub clock_ahead: i64,
}

impl Signing {
    /// As a client signs that is pointed at daypass for STS.
    #[must_use]
    pub fn sts(world: &World) -> Self {
        Self::sts_at(&world.daypass.address().to_string())
    }

    /// As a client signs that is pointed at this address for STS.
    #[must_use]
    pub fn sts_at(address: &str) -> Self {
        let host = address.to_owned();
        Self { host, region: "eu-central-1", service: "sts", clock_ahead: 0 }
    }

    /// As a client signs that is pointed at daypass for IAM.
    #[must_use]
    pub fn iam(world: &World) -> Self {
        Self { region: "us-east-1", service: "iam", ..Self::sts(world) }
    }

    /// A form, signed in the `Authorization` header.
    #[must_use]
    pub fn post(&self, keys: &Credentials, body: &str) -> Sent {
        self.sign(keys, Sent::form(&self.host, body), None)
    }

    /// A URL, signed in its query and said to be good for `lifetime`.
    #[must_use]
    pub fn presign(&self, keys: &Credentials, query: &str, lifetime: Duration) -> Sent {
        let request = Sent::bare("GET", &self.host, &format!("/?{query}"));
        self.sign(keys, request, Some(lifetime))
    }

    /// Any request with all its headers, signed in the header, or with a lifetime in the query.
    #[must_use]
    pub fn sign(&self, keys: &Credentials, mut request: Sent, lifetime: Option<Duration>) -> Sent {
        let identity = keys.clone().into();
        let mut settings = SigningSettings::default();
        settings.expires_in = lifetime;
        settings.signature_location = match lifetime {
            None => SignatureLocation::Headers,
            Some(_) => SignatureLocation::QueryParams,
        };
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(self.region)
            .name(self.service)
            .time(self.time())
            .settings(settings)
            .build()
            .unwrap()
            .into();
        let headers = request.headers.iter();
        let signable = SignableRequest::new(
            request.method,
            format!("http://{}{}", self.host, request.target),
            headers.map(|(name, value)| (name.as_str(), value.to_str().unwrap())),
            SignableBody::Bytes(request.body.as_bytes()),
        );
        let (instructions, _) = sign(signable.unwrap(), &params).unwrap().into_parts();
        for (name, value) in instructions.headers() {
            let name: HeaderName = name.parse().unwrap();
            request.headers.insert(name, value.parse().unwrap());
        }
        for (name, value) in instructions.params() {
            let value = utf8_percent_encode(value, NON_ALPHANUMERIC);
            request.target.push_str(&format!("&{name}={value}"));
        }
        request
    }

    fn time(&self) -> SystemTime {
        let seconds = SystemClock.now().secs() + self.clock_ahead;
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds.try_into().unwrap())
    }
}
