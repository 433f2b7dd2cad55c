use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use proptest::prelude::*;

use super::samples::{SHORT_PEM, SSH_FINGERPRINT, SSH_LINE, SSH_PEM, Sample, pem};
use super::{Certificate, ChainError, PrivateKey, SshKey, Unusable};

#[test]
fn an_ssh_key_is_the_same_in_both_encodings() {
    for text in [SSH_LINE, SSH_PEM] {
        let key = SshKey::parse(text).unwrap();
        assert_eq!(key.fingerprint(), SSH_FINGERPRINT);
        assert_eq!(key.pem().as_deref(), Some(SSH_PEM));
        assert_eq!(key.line(), SSH_LINE.strip_suffix(" alice@laptop").unwrap());
    }
}

#[test]
fn what_is_no_rsa_key_for_ssh_is_refused() {
    let two = format!("{SSH_LINE}\n{SSH_LINE}");
    let cut = SSH_LINE.get(..60).unwrap();
    let other_name = SSH_LINE.replace("ssh-rsa", "ssh-dss");
    let ed25519 =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEJSO1pZjVSxSEFwk+lQYaYfp3jZZrl3jyJmXjJY9EzA";
    let certificate = Sample::root("root").certificate;
    for (text, expected) in [
        ("", Unusable::Encoding),
        ("ssh-rsa", Unusable::Encoding),
        ("ssh-rsa !!!", Unusable::Encoding),
        (cut, Unusable::Encoding),
        (&two, Unusable::Encoding),
        (&other_name, Unusable::Encoding),
        (&certificate, Unusable::Encoding),
        (ed25519, Unusable::Key),
        (SHORT_PEM, Unusable::Key),
    ] {
        assert_eq!(SshKey::parse(text).unwrap_err(), expected, "{text}");
    }
}

#[test]
fn a_key_goes_with_its_certificate_alone() {
    let (one, other) = (Sample::root("one"), Sample::root("other"));
    let certificate = Certificate::parse(&one.certificate).unwrap();
    let key = |text: &str| PrivateKey::parse(text).unwrap().public_key().to_vec();
    assert_eq!(key(&one.private_key()), certificate.public_key);
    assert_ne!(key(&other.private_key()), certificate.public_key);
    let openssl = format!(
        "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n{}",
        one.private_key()
    );
    assert_eq!(key(&openssl), certificate.public_key);
    for text in ["", "secret", &one.certificate] {
        assert!(PrivateKey::parse(text).is_none(), "{text}");
    }
    let two = one.private_key() + &one.private_key();
    assert!(PrivateKey::parse(&two).is_none());
}

#[test]
fn an_rsa_key_is_read() {
    let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let der = AsDer::<Pkcs8V1Der<'_>>::as_der(&pair).unwrap();
    let key = PrivateKey::parse(&pem("PRIVATE KEY", der.as_ref())).unwrap();
    assert_eq!(key.public_key(), pair.public_key().as_ref());
}

#[test]
fn a_chain_leads_up() {
    let root = Sample::root("root");
    let middle = root.signs("middle");
    let leaf = middle.signs("leaf");
    let stranger = Sample::root("middle");
    let chain = |parts: &[&Sample]| {
        parts.iter().map(|one| one.certificate.as_str()).collect::<Vec<_>>().concat()
    };
    let verified = |chain: &str| Certificate::parse(&leaf.certificate).unwrap().verify_chain(chain);
    assert_eq!(verified(&chain(&[&middle])), Ok(()));
    assert_eq!(verified(&chain(&[&middle, &root])), Ok(()));
    assert_eq!(verified(&chain(&[&root])), Err(ChainError::Invalid(1)));
    assert_eq!(verified(&chain(&[&stranger])), Err(ChainError::Invalid(1)), "a namesake");
    assert_eq!(verified(&chain(&[&middle, &leaf])), Err(ChainError::Invalid(2)));
    let itself = root.certificate.repeat(40);
    let own = Certificate::parse(&root.certificate).unwrap();
    assert_eq!(own.verify_chain(&itself), Err(ChainError::Invalid(33)), "it costs too much");
    assert_eq!(verified("none"), Err(ChainError::Unreadable));
    let with_text = format!("middle\n{}", middle.certificate);
    assert_eq!(verified(&with_text), Err(ChainError::Invalid(-1)));
    assert_eq!(verified(&middle.private_key()), Err(ChainError::Unreadable));
}

#[test]
fn a_certificate_is_one_block_of_pem() {
    let root = Sample::root("root");
    assert!(Certificate::parse(&root.certificate).is_some());
    let two = root.certificate.clone() + &root.certificate;
    let cut = root.certificate.replace("MII", "MI");
    let relabelled = root.certificate.replace("CERTIFICATE", "PUBLIC KEY");
    for text in ["", "junk", &two, &cut, &relabelled, &root.private_key()] {
        assert!(Certificate::parse(text).is_none(), "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_the_parsers_panic(text in ".{0,400}", der in prop::collection::vec(any::<u8>(), 0..300)) {
        let labels = ["CERTIFICATE", "PUBLIC KEY", "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"];
        let blocks = labels.map(|label| pem(label, &der));
        for text in blocks.iter().chain([&text]) {
            let _ = Certificate::parse(text);
            let _ = PrivateKey::parse(text);
            let _ = SshKey::parse(text);
        }
    }

    #[test]
    fn no_damage_to_a_certificate_makes_the_parsers_panic(at in 0_usize..2000, byte in any::<u8>()) {
        let mut text = Sample::root("root").certificate.into_bytes();
        let at = at % text.len();
        text[at] = byte & 0x7f;
        let text = String::from_utf8(text).unwrap();
        if let Some(one) = Certificate::parse(&text) {
            let _ = one.verify_chain(&text);
        }
    }

    #[test]
    fn no_damage_to_a_line_makes_the_parsers_panic(at in 0_usize..2000, byte in any::<u8>()) {
        let mut text = SSH_LINE.as_bytes().to_vec();
        let at = at % text.len();
        text[at] = byte & 0x7f;
        if let Ok(key) = SshKey::parse(&String::from_utf8(text).unwrap()) {
            let _ = (key.pem(), key.fingerprint());
        }
    }
}
