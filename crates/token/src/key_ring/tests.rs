use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use daypass_ident::{AccountId, SystemIds};
use proptest::prelude::*;

use super::*;
use crate::claims::tests::{any_claims, sample};
use crate::context::tests::any_assertion;

proptest! {
    #[test]
    fn opening_gives_back_what_was_sealed(claims in any_claims()) {
        let ring = KeyRing::generate(&SystemIds);
        let sealed = ring.seal(&claims, &SystemIds).unwrap();
        let opened = ring.open(sealed.token.as_str()).unwrap();
        prop_assert_eq!(opened.claims, claims);
        prop_assert_eq!(opened.secret_access_key, sealed.secret_access_key);
    }

    /// As it is, and with the header and in the alphabet of the other.
    #[test]
    fn nothing_opens_as_what_it_is_not(
        claims in any_claims(),
        message in proptest::collection::vec(any::<u8>(), 0..400),
        assertion in any_assertion(),
    ) {
        let ring = KeyRing::generate(&SystemIds);
        let token = String::from(ring.seal(&claims, &SystemIds).unwrap().token);
        let seal = |purpose| ring.seal_message(purpose, AccountId::ZERO, &message, &SystemIds).unwrap();
        let [denial, sign_in] = [MessagePurpose::Denial, MessagePurpose::SignIn].map(seal);
        let context = ring.seal_context(&assertion, &SystemIds).unwrap().expose().clone();
        let opens = |purpose: &Purpose, text: &str| match purpose.label {
            "daypass session token" => ring.open(text).is_ok(),
            "daypass authorization message" => {
                ring.open_message(MessagePurpose::Denial, text).is_ok()
            }
            "daypass sign-in token" => ring.open_message(MessagePurpose::SignIn, text).is_ok(),
            "daypass context assertion" => ring.open_context(text).is_ok(),
            other => panic!("{other}"),
        };
        let sealed = [
            (&SESSIONS, token),
            (&messages::MESSAGES, denial),
            (&messages::SIGN_INS, sign_in),
            (&contexts::CONTEXTS, context),
        ];
        for (made_as, text) in &sealed {
            let blob = STANDARD.decode(text).or_else(|_| URL_SAFE_NO_PAD.decode(text)).unwrap();
            let body = blob.strip_prefix(made_as.header).unwrap();
            for (opened_as, _) in &sealed {
                let headed = [opened_as.header, body].concat();
                let others = [STANDARD.encode(&headed), URL_SAFE_NO_PAD.encode(&headed)];
                let same = made_as.label == opened_as.label;
                prop_assert_eq!(opens(opened_as, text), same, "{}", opened_as.label);
                let any = others.iter().any(|text| opens(opened_as, text));
                prop_assert_eq!(any, same, "{}", opened_as.label);
            }
        }
    }

    #[test]
    fn no_text_panics(text in ".*") {
        let ring = KeyRing::generate(&SystemIds);
        prop_assert!(ring.open(&text).is_err());
        let headed = format!("IQoJb3JpZ2luX2Vj{text}");
        prop_assert!(ring.open(&headed).is_err());
    }

    #[test]
    fn no_genuine_message_panics(version in 0..=CLAIMS_VERSION, bytes: Vec<u8>) {
        let mut message = vec![version];
        message.extend(bytes);
        let _ = decode_claims(&message);
    }

    #[test]
    fn nothing_after_the_claims_is_read_over(claims in any_claims(), extra: u8) {
        let mut message = postcard::to_extend(&claims, vec![CLAIMS_VERSION]).unwrap();
        prop_assert_eq!(decode_claims(&message), Some(claims));
        message.push(PADDING);
        prop_assert!(decode_claims(&message).is_some());
        message.push(extra);
        prop_assert_eq!(decode_claims(&message).is_some(), extra == PADDING);
    }

    #[test]
    fn a_padded_token_is_as_long_as_asked_and_opens_as_itself(
        claims in any_claims(),
        minimum in 0..9_000_usize,
    ) {
        let ring = KeyRing::generate(&SystemIds);
        let plain = ring.seal(&claims, &SystemIds).unwrap();
        let padded = ring.seal_padded(&claims, minimum, &SystemIds).unwrap();
        let expected = plain.token.as_str().len().max(minimum.next_multiple_of(4));
        prop_assert_eq!(padded.token.as_str().len(), expected);
        let opened = ring.open(padded.token.as_str()).unwrap();
        prop_assert_eq!(opened.claims, claims);
        prop_assert_eq!(opened.secret_access_key, padded.secret_access_key);
    }
}

#[test]
fn tokens_and_secrets_look_like_awss() {
    let sealed = KeyRing::generate(&SystemIds).seal(&sample(&SystemIds), &SystemIds).unwrap();
    assert!(sealed.token.as_str().starts_with("IQoJb3JpZ2luX2Vj"), "{}", sealed.token.as_str());
    let secret = sealed.secret_access_key.expose();
    assert_eq!(secret.len(), 40);
    assert!(secret.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'+' || b == b'/'));
}

#[test]
fn debug_shows_neither_token_nor_secret() {
    let ring = KeyRing::generate(&SystemIds);
    let sealed = ring.seal(&sample(&SystemIds), &SystemIds).unwrap();
    let opened = ring.open(sealed.token.as_str()).unwrap();
    let shown = format!("{ring:?} {sealed:?} {opened:?}");
    assert!(!shown.contains(sealed.token.as_str()), "{shown}");
    assert!(!shown.contains(sealed.secret_access_key.expose()), "{shown}");
}

#[test]
fn each_session_has_its_own_secret() {
    let ring = KeyRing::generate(&SystemIds);
    let claims = sample(&SystemIds);
    let first = ring.seal(&claims, &SystemIds).unwrap();
    let second = ring.seal(&claims, &SystemIds).unwrap();
    assert_ne!(first.secret_access_key, second.secret_access_key, "another nonce");

    let key = &ring.newest;
    let other = sample(&SystemIds).access_key_id;
    assert_ne!(
        key.secret_access_key(&[7; 12], &claims.access_key_id),
        key.secret_access_key(&[7; 12], &other),
        "another access key id"
    );
}

#[test]
fn every_flipped_bit_is_refused() {
    let ring = KeyRing::generate(&SystemIds);
    let token = ring.seal(&sample(&SystemIds), &SystemIds).unwrap().token;
    for bit in 0..token.as_str().len() * 8 {
        let mut forged = token.as_str().as_bytes().to_vec();
        forged[bit / 8] ^= 1 << (bit % 8);
        // What is no longer text never gets this far.
        if let Ok(forged) = String::from_utf8(forged) {
            assert!(ring.open(&forged).is_err(), "bit {bit}");
        }
    }
}

#[test]
fn one_token_has_one_spelling() {
    let ring = KeyRing::generate(&SystemIds);
    // Claims of each length modulo three give each kind of padding.
    for padding in ["", "a", "aa"] {
        let claims = SessionClaims { region: padding.to_owned(), ..sample(&SystemIds) };
        let token = String::from(ring.seal(&claims, &SystemIds).unwrap().token);
        let bare = token.trim_end_matches('=');
        let others = [
            format!("{token}="),
            format!("{token}\n"),
            format!(" {token}"),
            token.replace('+', " "),
            token.replace(['+', '/'], "-"),
            format!("{bare}{}", if bare == token { "=" } else { "" }),
        ];
        for other in others.into_iter().filter(|other| *other != token) {
            assert_eq!(ring.open(&other).unwrap_err(), OpenError::Malformed, "{other:?}");
        }
    }
}

#[test]
fn another_rings_tokens_are_refused() {
    let theirs = KeyRing::generate(&SystemIds).seal(&sample(&SystemIds), &SystemIds).unwrap();
    let answer = KeyRing::generate(&SystemIds).open(theirs.token.as_str());
    assert_eq!(answer.unwrap_err(), OpenError::UnknownKey);
}

#[test]
fn what_is_not_a_token_is_told_apart() {
    let ring = KeyRing::generate(&SystemIds);
    let token = String::from(ring.seal(&sample(&SystemIds), &SystemIds).unwrap().token);
    let mut forged = token.clone().into_bytes();
    forged[40] = if forged[40] == b'A' { b'B' } else { b'A' };
    let later_version = STANDARD.encode([SESSIONS.header, &[2; 60]].concat());
    let cases = [
        (String::new(), OpenError::Malformed),
        ("not a token".to_owned(), OpenError::Malformed),
        ("IQoJb3JpZ2luX2Vj".to_owned(), OpenError::Malformed),
        (later_version, OpenError::Malformed),
        (String::from_utf8(forged).unwrap(), OpenError::Forged),
        ("A".repeat(MAX_TOKEN + 4), OpenError::TooLong),
    ];
    for (text, error) in cases {
        assert_eq!(ring.open(&text).unwrap_err(), error, "{text:.40}");
    }
}

#[test]
fn claims_that_no_server_would_read_are_not_sealed() {
    let ring = KeyRing::generate(&SystemIds);
    let claims = SessionClaims { region: "x".repeat(MAX_TOKEN), ..sample(&SystemIds) };
    assert_eq!(ring.seal(&claims, &SystemIds).unwrap_err(), SealError::TooLong);
}
