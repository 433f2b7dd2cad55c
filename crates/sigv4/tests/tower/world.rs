//! A protected service, and requests that AWS's signer signs for it.

use std::{
    convert::Infallible,
    time::{Duration, UNIX_EPOCH},
};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{
        PayloadChecksumKind, SignableBody, SignableRequest, SignatureLocation, SigningSettings,
        sign,
    },
    sign::v4,
};
use bytes::Bytes;
use daypass_sigv4::{
    AuthError, BodyError,
    tower::{
        AccessKey, AuthenticateLayer, BoxError, Caller, KeyError, Keys, QueryErrors, VerifiedBody,
    },
};
use http::{Request, Response, StatusCode};
use http_body::Body;
use http_body_util::{BodyExt, Full};
use tower::{Layer, ServiceExt, service_fn};

pub(crate) const NOW: u32 = 1_700_000_000;
pub(crate) const HOST: &str = "vault.example";
/// The longest body that the service takes without its hash.
pub(crate) const LIMIT: usize = 1000;

/// Alice's key, a session's key, and a key that the database has lost.
pub(crate) struct Book;

impl Keys for Book {
    type Caller = String;

    async fn find(&self, id: &str, token: Option<&str>) -> Result<AccessKey<String>, KeyError> {
        // Looking up takes a while in the real world.
        tokio::task::yield_now().await;
        match (id, token) {
            ("AKIAALICE", _) => Ok(AccessKey::long_term("alices-secret", "alice".to_owned())),
            ("ASIASESSION", Some("its-token")) => {
                Ok(AccessKey::temporary("session-secret", "session".to_owned()))
            }
            ("ASIASESSION", Some("old-token")) => Err(AuthError::TokenExpired.into()),
            ("ASIASESSION", Some(_)) => Err(AuthError::TokenUnreadable.into()),
            ("ASIASESSION", None) => Err(AuthError::TokenMissing.into()),
            ("AKIALOST", _) => Err(KeyError::Unavailable("the database is away".into())),
            _ => Err(AuthError::UnknownKey.into()),
        }
    }
}

pub(crate) fn layer() -> AuthenticateLayer<Book> {
    AuthenticateLayer::new(Book, "vault", ["eu-central-1", "us-east-1"])
        .buffer_limit(LIMIT)
        .clock(|| NOW.into())
}

pub(crate) fn alice() -> Credentials {
    Credentials::from_keys("AKIAALICE", "alices-secret", None)
}

pub(crate) fn session(token: &str) -> Credentials {
    Credentials::from_keys("ASIASESSION", "session-secret", Some(token.to_owned()))
}

/// A body that knows its length.
pub(crate) fn full(body: impl Into<Bytes>) -> Full<Bytes> {
    Full::new(body.into())
}

/// How a request is signed.
pub(crate) struct Signing {
    pub(crate) keys: Credentials,
    pub(crate) region: &'static str,
    pub(crate) service: &'static str,
    pub(crate) presigned: bool,
    /// Whether the hash of the body is told in `x-amz-content-sha256`.
    pub(crate) hash_told: bool,
    /// What stands in for the hash of the body.
    pub(crate) payload: Option<&'static str>,
}

impl Default for Signing {
    fn default() -> Self {
        Self {
            keys: alice(),
            region: "eu-central-1",
            service: "vault",
            presigned: false,
            hash_told: false,
            payload: None,
        }
    }
}

impl Signing {
    /// Signs a request for this body, and sends it with that one.
    pub(crate) fn sign<B>(
        &self,
        request: http::request::Builder,
        body: &[u8],
        sent: B,
    ) -> Request<B> {
        let mut request = request.header("host", HOST).body(sent).unwrap();
        let identity = self.keys.clone().into();
        let mut settings = SigningSettings::default();
        if self.hash_told {
            settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        }
        if self.presigned {
            settings.signature_location = SignatureLocation::QueryParams;
            settings.expires_in = Some(Duration::from_secs(60));
        }
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(self.region)
            .name(self.service)
            .time(UNIX_EPOCH + Duration::from_secs(NOW.into()))
            .settings(settings)
            .build()
            .unwrap()
            .into();
        let headers = request.headers().iter();
        let signable = SignableRequest::new(
            request.method().as_str(),
            format!("https://{HOST}{}", request.uri()),
            headers.map(|(name, value)| (name.as_str(), value.to_str().unwrap())),
            self.payload.map_or(SignableBody::Bytes(body), |word| {
                SignableBody::Precomputed(word.to_owned())
            }),
        );
        let (instructions, _) = sign(signable.unwrap(), &params).unwrap().into_parts();
        instructions.apply_to_request_http1x(&mut request);
        request
    }
}

/// What came of a request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The service was called: by whom, with what body, or how its body failed.
    Served(String, Result<Vec<u8>, String>),
    /// The service was not called.
    Refused(StatusCode, String),
}

/// Sends a request to a service that reads its body to the end.
pub(crate) async fn send<B>(
    layer: AuthenticateLayer<Book, QueryErrors>,
    request: Request<B>,
) -> Outcome
where
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<BoxError>,
{
    let service = service_fn(async |request: Request<VerifiedBody<B>>| {
        let Caller(caller) = request.extensions().get::<Caller<String>>().unwrap().clone();
        let body = request.into_body().collect().await;
        let body = body.map(|body| body.to_bytes().to_vec()).map_err(|error| told(&error));
        let mut response = Response::new(String::new());
        response.extensions_mut().insert((caller, body));
        Ok::<_, Infallible>(response)
    });
    let mut response = layer.layer(service).oneshot(request).await.unwrap();
    match response.extensions_mut().remove::<(String, Result<Vec<u8>, String>)>() {
        Some((caller, body)) => Outcome::Served(caller, body),
        None => Outcome::Refused(response.status(), response.into_body()),
    }
}

/// AWS's code for what is wrong with a body, or the text of any other error.
pub(crate) fn told(error: &BoxError) -> String {
    let code = error.downcast_ref::<AuthError>().map(AuthError::code);
    let code = code.or_else(|| error.downcast_ref::<BodyError>().map(BodyError::code));
    code.map_or_else(|| error.to_string(), str::to_owned)
}
