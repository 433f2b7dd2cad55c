//! AWS's signing test suite for SigV4a. A signer picks a nonce, so the suite's signatures are verified, not compared.

use std::path::Path;

use daypass_sigv4::{
    Algorithm, AuthError, Carrier, ExpectedScope, PathStyle, Presented, PublicKey, RegionSet,
    Regions, Scoped,
};
use serde_json::Value;

use crate::vectors::{Message, SIGNED_AT, cases, read};

#[test]
fn header_and_query_forms() {
    let cases = cases("v4a");
    assert!(cases.len() >= 38, "the suite has shrunk to {} cases", cases.len());
    for case in &cases {
        for carrier in [Carrier::Header, Carrier::Query] {
            run(case, carrier);
        }
    }
}

fn run(case: &Path, carrier: Carrier) {
    let context: Value = serde_json::from_str(&read(case, "context.json")).unwrap();
    let form = match carrier {
        Carrier::Header => "header",
        Carrier::Query => "query",
    };
    let label = format!("{} ({form})", case.display());
    let style = match context["normalize"].as_bool().unwrap() {
        true => PathStyle::Normalized,
        false => PathStyle::S3,
    };
    let text = |name: &str| context["credentials"][name].as_str();
    let access_key_id = text("access_key_id").unwrap();
    let secret = text("secret_access_key").unwrap().as_bytes();
    let key = PublicKey::derive(access_key_id, secret);
    let wrong = PublicKey::derive("AKIDANOTHER", secret);

    let mut message = Message::parse(&read(case, &format!("{form}-signed-request.txt")));
    let payload = message.payload();
    let added_after_signing = context["omit_session_token"] == true && carrier == Carrier::Query;
    if added_after_signing {
        let refused = scoped(&message, style).verify(&key, &payload);
        assert_eq!(refused.unwrap_err(), AuthError::Mismatch, "{label}");
        message.drop_token();
    }
    let first = scoped(&message, style);
    assert_eq!(first.algorithm(), Algorithm::EcdsaP256Sha256, "{label}");
    assert_eq!(first.carrier(), carrier, "{label}");
    assert_eq!(first.region_set().map(RegionSet::as_str), context["region"].as_str(), "{label}");
    assert_eq!(
        first.canonical_request(&payload),
        read(case, &format!("{form}-canonical-request.txt")),
        "{label}"
    );
    assert_eq!(
        first.string_to_sign(&payload),
        read(case, &format!("{form}-string-to-sign.txt")),
        "{label}"
    );
    let token = text("token").filter(|_| !added_after_signing);
    assert_eq!(first.security_token(), token, "{label}");
    assert_eq!(first.clone().verify(&wrong, &payload).unwrap_err(), AuthError::Mismatch, "{label}");
    assert!(first.verify(&key, &payload).is_ok(), "{label}");

    // Another signature of the same request.
    let another = read(case, &format!("{form}-signature.txt"));
    replace_signature(&mut message, another.trim_end());
    assert!(scoped(&message, style).verify(&key, &payload).is_ok(), "{label}");
}

fn scoped(message: &Message, style: PathStyle) -> Scoped<'_> {
    let regions = Regions::AnyOf(&["eu-west-1", "us-east-1"]);
    Presented::parse(&message.request(style).sigv4a(true))
        .unwrap()
        .check_freshness(SIGNED_AT)
        .unwrap()
        .check_scope(&ExpectedScope { service: "service", regions })
        .unwrap()
}

fn replace_signature(message: &mut Message, signature: &str) {
    let replace = |text: &mut String| {
        let (start, _) = text.rsplit_once("Signature=").unwrap();
        let replaced = format!("{start}Signature={signature}");
        assert_ne!(*text, replaced);
        *text = replaced;
    };
    match message.headers.iter_mut().find(|(name, _)| name == "Authorization") {
        Some((_, value)) => replace(value),
        None => replace(&mut message.query),
    }
}
