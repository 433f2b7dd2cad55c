//! The requests that are verified, and those who verify them.

use std::hint::black_box;
use std::time::{Duration, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{
        PayloadChecksumKind, SignableBody, SignableRequest, SignatureLocation, SigningSettings,
        sign,
    },
    sign::v4,
};
use bytes::Bytes;
use chrono::{DateTime, NaiveDate, Utc};
use daypass_sigv4::{ExpectedScope, PayloadHash, Presented, Regions, Request, SigningKey};
use hmac::{Hmac, Mac};
use http::{Method, request::Parts};
use scratchstack_aws_signature::{
    GetSigningKeyRequest, GetSigningKeyResponse, KSecretKey, KSigningKey,
    NO_ADDITIONAL_SIGNED_HEADERS, SignatureOptions, principal::User, service_for_signing_key_fn,
    sigv4_validate_request,
};
use sha2::{Digest, Sha256};

/// A request that `aws-sigv4` signed.
pub struct Subject {
    pub parts: Parts,
    pub body: Bytes,
}

impl Subject {
    /// What every SDK sends for `sts:GetCallerIdentity`.
    pub fn header() -> Self {
        Self::signed(Method::POST, FORM.into(), SignatureLocation::Headers)
    }

    /// The same, presigned.
    pub fn presigned() -> Self {
        Self::signed(Method::GET, Bytes::new(), SignatureLocation::QueryParams)
    }

    /// The same with a body of 64 KiB.
    pub fn long() -> Self {
        Self::signed(Method::POST, vec![b'x'; 64 << 10].into(), SignatureLocation::Headers)
    }

    fn signed(method: Method, body: Bytes, location: SignatureLocation) -> Self {
        let query = match location {
            SignatureLocation::QueryParams => "?Action=GetCallerIdentity&Version=2011-06-15",
            _ => "",
        };
        let mut request = http::Request::builder()
            .method(method)
            .uri(format!("https://{HOST}/{query}"))
            .header("host", HOST);
        if query.is_empty() {
            request = request
                .header("content-type", "application/x-www-form-urlencoded")
                .header("user-agent", "aws-sdk-rust/1.3.9 os/linux lang/rust/1.95.0")
                .header("content-length", body.len())
                .header("accept-encoding", "gzip");
        }
        let (parts, ()) = request.body(()).expect("a request").into_parts();
        let mut subject = Self { parts, body };
        let mut request = http::Request::from_parts(subject.parts.clone(), ());
        subject.instructions(location).apply_to_request_http1x(&mut request);
        subject.parts = request.into_parts().0;
        subject
    }

    /// Signs again: what a verifier would have to do that compares with the signature of a signer.
    pub fn instructions(
        &self,
        location: SignatureLocation,
    ) -> aws_sigv4::http_request::SigningInstructions {
        let identity = Credentials::from_keys(KEY_ID, SECRET, None).into();
        let mut settings = SigningSettings::default();
        settings.signature_location = location;
        settings.payload_checksum_kind = PayloadChecksumKind::NoHeader;
        settings.expires_in =
            (location == SignatureLocation::QueryParams).then_some(Duration::from_secs(60));
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(REGION)
            .name(SERVICE)
            .time(UNIX_EPOCH + Duration::from_secs(TIME.unsigned_abs()))
            .settings(settings)
            .build()
            .expect("parameters")
            .into();
        // Those that the signer would put there itself are no part of what it is given.
        let headers = self
            .parts
            .headers
            .iter()
            .filter(|(name, _)| !["authorization", "x-amz-date"].contains(&name.as_str()));
        let headers = headers.map(|(name, value)| (name.as_str(), value.to_str().expect("text")));
        let uri = match (location, &self.parts.uri) {
            (SignatureLocation::QueryParams, _) => {
                format!("https://{HOST}/?Action=GetCallerIdentity&Version=2011-06-15")
            }
            (_, uri) => uri.to_string(),
        };
        let request = SignableRequest::new(
            self.parts.method.as_str(),
            uri,
            headers,
            SignableBody::Bytes(&self.body),
        );
        sign(request.expect("a request"), &params).expect("a signature").into_parts().0
    }
}

/// Daypass, with a key that is kept or with one that is derived for this request.
pub fn daypass(subject: &Subject, kept: Option<&SigningKey>) {
    let request = Request::from_parts(&subject.parts);
    let scoped = Presented::parse(&request)
        .and_then(|presented| presented.check_freshness(TIME + 1))
        .and_then(|fresh| {
            fresh.check_scope(&ExpectedScope { service: SERVICE, regions: Regions::Only(REGION) })
        })
        .expect("a signature for here and now");
    let payload = PayloadHash::of(&subject.body);
    match kept {
        Some(key) => scoped.verify(key, &payload),
        None => scoped.verify(&daypass_key(), &payload),
    }
    .expect("the right signature");
}

pub fn daypass_key() -> SigningKey {
    SigningKey::derive(SECRET.as_bytes(), DATE, REGION, SERVICE)
}

/// The crate `scratchstack-aws-signature`, which takes the request by value.
pub fn scratchstack(request: http::Request<Bytes>, kept: Option<KSigningKey>) {
    let find_key = move |_: GetSigningKeyRequest| async move {
        let user = User::new("aws", "123456789012", "/", "user")?;
        let key = kept.unwrap_or_else(scratchstack_key);
        Ok(GetSigningKeyResponse::builder().principal(user).signing_key(key).build()?)
    };
    let now = DateTime::<Utc>::from_timestamp(TIME + 1, 0).expect("a time");
    pollster::block_on(sigv4_validate_request(
        request,
        REGION,
        SERVICE,
        &mut service_for_signing_key_fn(find_key),
        now,
        &NO_ADDITIONAL_SIGNED_HEADERS,
        SignatureOptions::default(),
    ))
    .expect("the right signature");
}

pub fn scratchstack_key() -> KSigningKey {
    let date = NaiveDate::parse_from_str(DATE, "%Y%m%d").expect("a date");
    let secret: KSecretKey = SECRET.parse().expect("a secret");
    secret.to_ksigning(date, REGION, SERVICE)
}

pub fn owned(subject: &Subject) -> http::Request<Bytes> {
    http::Request::from_parts(subject.parts.clone(), subject.body.clone())
}

/// The least that must be computed: the hash of the body, that of the canonical request, and the HMAC.
pub fn floor(body: &[u8], canonical: &str, to_sign: &str, key: &Hmac<Sha256>) -> [u8; 32] {
    black_box((Sha256::digest(body), Sha256::digest(canonical)));
    key.clone().chain_update(to_sign).finalize().into_bytes().into()
}

/// The canonical request and the string to sign.
pub fn texts(subject: &Subject) -> (String, String) {
    let request = Request::from_parts(&subject.parts);
    let presented = Presented::parse(&request).expect("a signature");
    let payload = PayloadHash::of(&subject.body);
    (presented.canonical_request(&payload), presented.string_to_sign(&payload))
}

pub const HOST: &str = "sts.eu-central-1.amazonaws.com";
const REGION: &str = "eu-central-1";
const SERVICE: &str = "sts";
const KEY_ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const DATE: &str = "20260102";
/// 2026-01-02T03:04:05Z.
const TIME: i64 = 1_767_323_045;
const FORM: &str = "Action=GetCallerIdentity&Version=2011-06-15";
