//! Whatever is given as a session token, or as anything else that is sealed.

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use daypass_ident::{IdGen, Principal, SystemIds};
use daypass_token::{KeyRing, MessagePurpose, SessionClaims};

/// The input is the text; and what a genuine token is changed by.
pub(crate) fn run(input: &[u8]) {
    if let Ok(text) = std::str::from_utf8(input) {
        refused(text);
    }
    let (_, genuine) = &*RING;
    let mut forged = genuine.clone();
    for (byte, change) in forged.iter_mut().zip(input) {
        *byte ^= change;
    }
    forged.extend(input.iter().skip(genuine.len()));
    if forged != *genuine {
        refused(&STANDARD.encode(forged));
    }
}

/// Nobody knows the keys of this ring.
fn refused(text: &str) {
    let (ring, _) = &*RING;
    let errors = [
        ring.open(text).expect_err("a forged token is opened"),
        ring.open_message(MessagePurpose::Denial, text).expect_err("a forged message is opened"),
        ring.open_message(MessagePurpose::SignIn, text).expect_err("a forged sign-in is opened"),
        ring.open_context(text).expect_err("a forged assertion is opened"),
    ];
    assert!(errors.iter().all(|error| !error.to_string().is_empty()));
}

/// A ring, and the bytes of a token of it.
static RING: LazyLock<(KeyRing, Vec<u8>)> = LazyLock::new(|| {
    let ids = &SystemIds as &dyn IdGen;
    let ring = KeyRing::generate(ids);
    let id = "ASIAIOSFODNN7EXAMPLE".parse().expect("an id");
    let account = "123456789012".parse().expect("an account");
    let principal = Principal::Root { account };
    let claims = SessionClaims::plain(id, principal, 1_800_000_000, 1_800_003_600);
    let sealed = ring.seal(&claims, ids).expect("a token");
    let blob = STANDARD.decode(sealed.token.as_str()).expect("base64");
    (ring, blob)
});
