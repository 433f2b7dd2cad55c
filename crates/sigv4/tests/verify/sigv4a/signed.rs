//! Requests signed with SigV4a by AWS's own signer for Rust.

use std::sync::LazyLock;

use aws_credential_types::Credentials;
use aws_sigv4::sign::v4a;
use daypass_sigv4::{
    AuthError, Carrier, ExpectedScope, PayloadHash, Plus, Presented, PublicKey, Regions, Request,
    SigningKey,
};
use proptest::prelude::*;

use crate::mutations::{sample, try_all};
use crate::signed::{KEY_ID, SECRET, Sent, carriers, requests, settings};

static KEY: LazyLock<PublicKey> = LazyLock::new(|| PublicKey::derive(KEY_ID, SECRET.as_bytes()));

proptest! {
    #[test]
    fn what_an_independent_signer_signs_is_accepted(
        request in requests(),
        carrier in carriers(),
        token in proptest::option::of("[A-Za-z0-9+/]{16,64}={0,2}"),
        set in prop_oneof![
            Just("*"), Just("eu-*"), Just("eu-central-1"), Just("us-east-1, eu-central-1"), Just("*-1,x"),
        ],
    ) {
        let sent = signed(request, carrier, token.as_deref(), set);
        prop_assert_eq!(verify(&sent), Ok(()), "{:?}", sent);
    }

    #[test]
    fn every_pair_of_id_and_secret_has_its_own_key(
        id in "[!-~]{0,40}",
        secret in proptest::collection::vec(any::<u8>(), 0..80),
    ) {
        // The scalar of aws-sigv4's signer is right just if what it signs verifies with our point.
        let secret = String::from_utf8_lossy(&secret);
        let scalar = v4a::generate_signing_key(&id, &secret);
        let signature = v4a::calculate_signature(scalar, &string_to_sign());
        let sent = with_signature(&signature);
        let verify = |key: &PublicKey| scoped(&sent).unwrap().verify(key, &PayloadHash::of(b"")).is_ok();
        prop_assert!(verify(&PublicKey::derive(&id, secret.as_bytes())));
        let longer = |text: &str| format!("{}x", text);
        prop_assert!(!verify(&PublicKey::derive(&longer(&id), secret.as_bytes())));
        prop_assert!(!verify(&PublicKey::derive(&id, longer(&secret).as_bytes())));
    }
}

#[test]
fn every_byte_of_one_request() {
    for carrier in [Carrier::Header, Carrier::Query] {
        let original = signed(sample(), carrier, Some("token+/="), "eu-central-1,us-*");
        let tried = try_all(&original, b" *,;%", verify);
        assert!(tried > 5_000, "only {tried} mutations were tried");
    }
}

#[test]
fn a_bare_plus_is_what_was_signed() {
    for carrier in [Carrier::Header, Carrier::Query] {
        for (text, plus) in [("a=x%20y", Plus::Space), ("a=x%2By", Plus::Literal)] {
            let request = Sent { query: text.to_owned(), ..sample() };
            let mut sent = signed(request, carrier, None, "*");
            sent.query = sent.query.replacen(text, "a=x+y", 1);
            let verified = scoped(&sent).unwrap().verify(&*KEY, &PayloadHash::of(&sent.body));
            assert_eq!(verified.unwrap().plus(), plus, "{text}");
        }
    }
}

/// Whoever sees a signature `(r, s)` can make `(r, N - s)` of it, which is as good: AWS's own signers make either.
/// Any other spelling of the two numbers is refused.
#[test]
fn spellings_of_a_signature() {
    let scalar = v4a::generate_signing_key(KEY_ID, SECRET);
    let signature = v4a::calculate_signature(scalar, &string_to_sign());
    let verify = |signature: &str| {
        scoped(&with_signature(signature)).unwrap().verify(&*KEY, &PayloadHash::of(b"")).map(|_| ())
    };
    assert_eq!(verify(&signature), Ok(()));

    let der = hex::decode(&signature).unwrap();
    let r_end = 4 + usize::from(der[3]);
    let (r, s) = (&der[4..r_end], &der[r_end + 2..]);
    assert_eq!(verify(&hex::encode(sequence(r, s))), Ok(()));
    assert_eq!(verify(&hex::encode(sequence(r, &negated(s)))), Ok(()));

    let padded = |number: &[u8]| [&[0], number].concat();
    let long_form = [&[der[0], 0x81], &der[1..]].concat();
    for (spelling, is) in [
        (signature.to_uppercase(), "upper case"),
        (String::new(), "nothing"),
        (format!("{signature}0"), "half a byte more"),
        (format!("{signature}00"), "a byte more"),
        (format!("{signature:*<144}"), "padded as chunks are"),
        (signature.split_at(2).1.to_owned(), "a byte less"),
        ("0".repeat(2_000), "endless"),
        (hex::encode(sequence(s, r)), "the numbers swapped"),
        (hex::encode(sequence(&padded(&padded(r)), s)), "zeros in front"),
        (hex::encode(long_form), "a length in long form"),
        (hex::encode(sequence(&[0], &[0])), "zero"),
        (hex::encode([fixed(r), fixed(s)].concat()), "fixed length instead of DER"),
    ] {
        assert_eq!(verify(&spelling), Err(AuthError::Mismatch), "{is}: {spelling}");
    }
}

/// A key of the one algorithm is of no use for the other, whatever it would compute.
#[test]
fn keys_keep_to_their_algorithm() {
    let payload = PayloadHash::of(b"");
    let hmac = SigningKey::derive(SECRET.as_bytes(), "20270115", "", "sts");
    let sent = with_signature("00");
    let claimed = scoped(&sent).unwrap();
    let string_to_sign = claimed.string_to_sign(&payload);
    assert!(string_to_sign.starts_with("AWS4-ECDSA-P256-SHA256\n"));
    let sent = with_signature(&hex::encode(hmac_of(string_to_sign.as_bytes())));
    assert_eq!(scoped(&sent).unwrap().verify(&hmac, &payload).unwrap_err(), AuthError::Mismatch);

    let sent = sample().signed(Carrier::Header, None);
    let expected = ExpectedScope { service: "sts", regions: Regions::Only("eu-central-1") };
    let scoped = Presented::parse(&request(&sent))
        .unwrap()
        .check_freshness(sent.time)
        .unwrap()
        .check_scope(&expected)
        .unwrap();
    let refused = scoped.verify(&*KEY, &PayloadHash::of(&sent.body));
    assert_eq!(refused.unwrap_err(), AuthError::Mismatch);
}

fn signed(request: Sent, carrier: Carrier, token: Option<&str>, region_set: &str) -> Sent {
    let identity = Credentials::from_keys(KEY_ID, SECRET, token.map(str::to_owned)).into();
    let params = v4a::SigningParams::builder()
        .identity(&identity)
        .region_set(region_set)
        .name("sts")
        .time(request.signing_time())
        .settings(settings(carrier))
        .build()
        .unwrap();
    request.signed_with(&params.into())
}

fn request(sent: &Sent) -> Request<'_> {
    Request::new(&sent.method, &sent.path, &sent.query, &sent.headers).sigv4a(true)
}

fn scoped(sent: &Sent) -> Result<daypass_sigv4::Scoped<'_>, AuthError> {
    Presented::parse(&request(sent))?
        .check_freshness(sent.time)?
        .check_scope(&ExpectedScope { service: "sts", regions: Regions::Only("eu-central-1") })
}

fn verify(sent: &Sent) -> Result<(), AuthError> {
    let scoped = scoped(sent)?;
    if scoped.access_key_id() != KEY_ID {
        return Err(AuthError::UnknownKey);
    }
    scoped.verify(&*KEY, &PayloadHash::of(&sent.body)).map(|_| ())
}

/// The same request with any signature.
fn with_signature(signature: &str) -> Sent {
    let authorization = format!(
        "AWS4-ECDSA-P256-SHA256 Credential={KEY_ID}/20270115/sts/aws4_request, \
         SignedHeaders=host;x-amz-date;x-amz-region-set, Signature={signature}"
    );
    let headers = [
        ("host", "sts.eu-central-1.amazonaws.com"),
        ("x-amz-date", "20270115T080000Z"),
        ("x-amz-region-set", "*"),
        ("authorization", authorization.as_str()),
    ];
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.as_bytes().to_vec());
    Sent {
        method: "GET".into(),
        path: "/".into(),
        query: String::new(),
        headers: headers.map(owned).to_vec(),
        body: Vec::new(),
        time: 1_800_000_000,
    }
}

fn string_to_sign() -> Vec<u8> {
    let sent = with_signature("");
    scoped(&sent).unwrap().string_to_sign(&PayloadHash::of(b"")).into_bytes()
}

/// The HMAC that [`SigningKey::derive`] of an empty region would make.
fn hmac_of(message: &[u8]) -> Vec<u8> {
    use hmac::{Hmac, KeyInit, Mac};
    let hmac = |key: &[u8], message: &[u8]| {
        let mac = Hmac::<sha2::Sha256>::new_from_slice(key).unwrap().chain_update(message);
        mac.finalize().into_bytes().to_vec()
    };
    let root = format!("AWS4{SECRET}").into_bytes();
    let key = ["20270115", "", "sts", "aws4_request"]
        .iter()
        .fold(root, |key, part| hmac(&key, part.as_bytes()));
    hmac(&key, message)
}

/// Two integers in DER.
fn sequence(r: &[u8], s: &[u8]) -> Vec<u8> {
    let integer = |number: &[u8]| [&[2, u8::try_from(number.len()).unwrap()], number].concat();
    let both = [integer(r), integer(s)].concat();
    [&[0x30, u8::try_from(both.len()).unwrap()], both.as_slice()].concat()
}

/// `N - s` as DER writes a positive integer.
fn negated(s: &[u8]) -> Vec<u8> {
    let order =
        hex::decode("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551").unwrap();
    let mut borrow = 0;
    let mut difference: Vec<u8> = order
        .iter()
        .zip(fixed(s))
        .rev()
        .map(|(order, digit)| {
            let digit = i16::from(*order) - i16::from(digit) - borrow;
            borrow = i16::from(digit < 0);
            digit.rem_euclid(256) as u8
        })
        .collect();
    difference.reverse();
    let zeros = difference.iter().take_while(|digit| **digit == 0).count();
    difference.drain(..zeros);
    if difference[0] >= 0x80 {
        difference.insert(0, 0);
    }
    difference
}

/// The number in 32 bytes.
fn fixed(number: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = number.iter().copied().skip_while(|digit| *digit == 0).collect();
    [vec![0; 32 - digits.len()], digits].concat()
}
