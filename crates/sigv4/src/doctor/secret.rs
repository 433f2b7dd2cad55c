//! Mistakes with the secret. No text here holds any part of it.

use percent_encoding::percent_decode;
use zeroize::Zeroizing;

use super::{
    Hypotheses,
    mistake::MistakeKind::{
        SecretEncoding, SecretOfAnotherKey, SecretPlaceholder, SecretWhitespace,
    },
    query::replace,
    seen::Seen,
};
use crate::path::write_encoded;

pub(super) fn suppose<'a>(seen: &Seen<'a>, all: &mut Hypotheses<'a>) {
    let secret = seen.secret;
    let mut likely = |kind, advice: &str, text: Vec<u8>| {
        let text = Zeroizing::new(text);
        all.likely(kind, "secret", advice, move |draft| draft.key.secret.clone_from(&text));
    };
    for (id, other) in seen.other_secrets {
        let advice = format!("the secret is that of the access key `{id}`; use it with that id");
        likely(SecretOfAnotherKey, &advice, other.to_vec());
    }
    for (end, name) in [
        (&b"\n"[..], "a line feed"),
        (b" ", "a space"),
        (b"\r\n", "a carriage return and a line feed"),
        (b"\r", "a carriage return"),
        (b"\t", "a tab"),
    ] {
        let advice =
            format!("the secret was used with {name} after it; trim what you read it from");
        likely(SecretWhitespace, &advice, [secret, end].concat());
    }
    likely(SecretEncoding, "the secret was URL-encoded before it was used; use it as it is", {
        let mut out = Vec::new();
        write_encoded(secret, &mut out);
        out
    });
    let mut unlikely = |kind, advice: &str, text: Vec<u8>| {
        let text = Zeroizing::new(text);
        all.unlikely(kind, "secret", advice, move |draft| draft.key.secret.clone_from(&text));
    };
    let before = "the secret was used with a space before it; trim what you read it from";
    unlikely(SecretWhitespace, before, [b" ", secret].concat());
    for quote in [b"\"", b"'"] {
        let advice = "the secret was used with the quotes around it; take them off";
        unlikely(SecretWhitespace, advice, [quote, secret, quote].concat());
    }
    let decoded = "the secret was URL-decoded before it was used; use it as it is";
    unlikely(SecretEncoding, decoded, percent_decode(secret).collect());
    unlikely(SecretEncoding, decoded, replace(secret, b"+", b" "));
    unlikely(
        SecretEncoding,
        "the slashes of the secret were escaped for JSON; take the backslashes off",
        replace(secret, b"/", b"\\/"),
    );
    unlikely(SecretPlaceholder, "the secret was empty; set it", Vec::new());
    unlikely(
        SecretPlaceholder,
        "the secret was the placeholder `test`; use that of the access key",
        b"test".to_vec(),
    );
    unlikely(
        SecretPlaceholder,
        "the access key's id was used for its secret",
        seen.access_key_id.as_bytes().to_vec(),
    );
}
