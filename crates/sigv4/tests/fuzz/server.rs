//! A server that finds every date and scope right, and knows one secret; and a signer that shares no code with the
//! verifier.

use daypass_sigv4::{
    AuthError, ExpectedScope, PayloadHash, Presented, Regions, Request, Scoped, SigningKey,
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// All stages but the last.
pub(crate) fn scoped<'a>(request: &Request<'a>) -> Result<Scoped<'a>, AuthError> {
    let presented = Presented::parse(request)?;
    let now = presented.signed_at().unix_seconds();
    let fresh = presented.check_freshness(now)?;
    let (region, service) = {
        let claimed = fresh.credential();
        (claimed.region.to_owned(), claimed.service.to_owned())
    };
    fresh.check_scope(&ExpectedScope { service: &service, regions: Regions::Only(&region) })
}

/// Verifies with the key that a secret makes for the scope that the request claims.
pub(crate) fn accepts(scoped: Scoped<'_>, secret: &[u8], body: &[u8]) -> bool {
    let scope = scoped.credential();
    let key = SigningKey::derive(secret, scope.date, scope.region, scope.service);
    scoped.verify(&key, &PayloadHash::of(body)).is_ok()
}

/// A request that nobody signed is refused in AWS's words, and whatever can be shown of it is shown.
pub(crate) fn assert_refused(request: &Request<'_>) {
    match scoped(request) {
        Ok(scoped) => {
            let payload = PayloadHash::of(b"");
            assert!(scoped.canonical_request(&payload).contains('\n'));
            assert!(scoped.string_to_sign(&payload).starts_with("AWS4-"));
            assert!(!format!("{scoped:?}").is_empty());
            assert!(!accepts(scoped, SECRET, b""), "a forgery of {request:?} is accepted");
        }
        Err(error) => {
            assert!(matches!(error.status(), 400 | 403));
            assert!(!error.code().is_empty());
            assert!(error.message().is_some() || error == AuthError::TwoCarriers);
            assert!(!error.to_string().is_empty());
        }
    }
}

/// The signature of a request with this body.
pub(crate) fn sign(scoped: &Scoped<'_>, body: &[u8]) -> String {
    sign_payload(scoped, &PayloadHash::of(body))
}

/// The signature of a request whose body is whatever its header says.
pub(crate) fn sign_declared(scoped: &Scoped<'_>) -> String {
    sign_payload(scoped, &scoped.content_sha256().expect("the header").payload())
}

fn sign_payload(scoped: &Scoped<'_>, payload: &PayloadHash) -> String {
    let scope = scoped.credential();
    let key = signing_key(&[scope.date, scope.region, scope.service, scope.terminator]);
    hex::encode(mac(&key, scoped.string_to_sign(payload).as_bytes()))
}

/// The key that the secret makes for a scope.
pub(crate) fn signing_key(scope: &[&str]) -> Vec<u8> {
    scope.iter().fold([b"AWS4", SECRET].concat(), |key, part| mac(&key, part.as_bytes()))
}

pub(crate) fn mac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
    mac.chain_update(message).finalize().into_bytes().to_vec()
}

/// What the server knows. Nothing in the corpus is signed with it.
pub(crate) const SECRET: &[u8] = b"known/to/the/server/alone";
