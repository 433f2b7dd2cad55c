use std::fs;
use std::path::PathBuf;

use aws_smithy_types::DateTime;

use super::*;
use crate::saml::algorithm::PublicKey;
use crate::saml::der;
use crate::saml::{Expectations, Metadata, Offer, SamlError, verify};

const ROLE: &str = "arn:aws:iam::123456789012:role/Developer";
const PROVIDER: &str = "arn:aws:iam::123456789012:saml-provider/Example";
const AWS: &str = "https://aws.amazon.com/SAML/Attributes/";
const RECIPIENT: &str = "https://signin.aws.amazon.com/saml";

fn fixture(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/federation/saml");
    fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn response<'a>(attributes: &'a [(String, Vec<String>)], subject: &'a str) -> NewResponse<'a> {
    NewResponse {
        id: "_r",
        assertion_id: "_a",
        issuer: "https://idp.example.com/metadata",
        recipient: RECIPIENT,
        audience: "urn:amazon:webservices",
        in_response_to: Some("_q"),
        subject,
        subject_format: "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
        attributes,
        issued: DateTime::from_secs(1_800_000_000),
        lifetime: 300,
        session_not_on_or_after: Some(DateTime::from_secs(1_800_003_600)),
    }
}

fn attributes(more: &str) -> Vec<(String, Vec<String>)> {
    vec![
        (format!("{AWS}Role"), vec![format!("{ROLE},{PROVIDER}")]),
        (format!("{AWS}RoleSessionName"), vec!["ana".to_owned()]),
        (format!("{AWS}PrincipalTag:Odd"), vec![more.to_owned()]),
    ]
}

#[test]
fn what_is_signed_here_verifies_here() {
    let metadata = Metadata::parse(&fixture("metadata.xml")).unwrap();
    let odd = "a<b>&\"c\"\t\r\n]]> é🦀";
    let attributes = attributes(odd);
    let offer = Offer { role: ROLE.parse().unwrap(), provider: PROVIDER.parse().unwrap() };
    let expected = Expectations {
        loopback_page: false,
        decryption_keys: &[],
        encrypted: false,
        now: DateTime::from_secs(1_800_000_001),
    };
    for key in ["idp-key.pem", "idp-key-p256.pem"] {
        let key = SigningKey::from_pem(&fixture(key)).unwrap();
        let response = response(&attributes, odd);
        let signed = response.sign(&key, Some(b"not looked at")).unwrap();
        let assertion = verify(&signed, &metadata, &offer, &expected).unwrap();
        assert_eq!(assertion.subject, odd);
        assert_eq!(assertion.subject_type, "transient");
        assert_eq!(assertion.tags, [("Odd".to_owned(), odd.to_owned())]);
        assert_eq!(assertion.session_not_on_or_after, response.session_not_on_or_after);

        let both = String::from_utf8(STANDARD.decode(&signed).unwrap()).unwrap();
        let both = key.envelop(&both, "_r", None).unwrap();
        assert!(verify(&STANDARD.encode(&both), &metadata, &offer, &expected).is_ok());
        let forged = STANDARD.encode(both.replace(">ana<", ">bob<"));
        assert!(matches!(
            verify(&forged, &metadata, &offer, &expected),
            Err(SamlError::Signature(_))
        ));
    }
}

#[test]
fn what_cannot_be_signed_is_not() {
    let key = SigningKey::from_pem(&fixture("idp-key.pem")).unwrap();
    assert_eq!(key.envelop("<a ID='_x'/>", "_x", None), Err(SignError::Element));
    assert_eq!(key.envelop(&response(&[], "ana").to_xml(), "_x", None), Err(SignError::Element));
    assert_eq!(SigningKey::from_pem("").err(), Some(SignError::Key));
    assert_eq!(SigningKey::from_pem(&fixture("metadata.xml")).err(), Some(SignError::Key));
    assert!(!format!("{key:?}").contains("PRIVATE"));
}

#[test]
fn a_key_certifies_itself() {
    let from = DateTime::from_secs(1_800_000_000);
    for key in ["idp-key.pem", "idp-key-p256.pem"] {
        let key = SigningKey::from_pem(&fixture(key)).unwrap();
        let certificate = key.certificate("idp.example.com", from).unwrap();
        let info = key.public_key_info().unwrap();
        assert_eq!(der::public_key_info(&certificate), Some(info.as_slice()));
        let metadata = Metadata::parse(&metadata("urn:idp", &certificate, "urn:sso")).unwrap();
        let again = SigningKey::from_pkcs8(key.to_pkcs8().unwrap().expose()).unwrap();
        assert!(metadata.keys().any(|it| *it == PublicKey::new(&again.public_key_info().unwrap())));
    }
}

#[test]
fn metadata_that_is_written_is_read() {
    let read = Metadata::parse(&fixture("metadata-two.xml")).unwrap();
    let certificate = fixture("metadata-two.xml");
    let (_, certificate) = certificate.split_once("X509Certificate>").unwrap();
    let (certificate, _) = certificate.split_once("</").unwrap();
    let certificate = STANDARD.decode(certificate.trim()).unwrap();
    let written =
        metadata("https://idp.example.com/?a&b", &certificate, "http://localhost/sso?a&b");
    let again = Metadata::parse(&written).unwrap();
    assert_eq!(again.entity_ids().collect::<Vec<_>>(), ["https://idp.example.com/?a&b"]);
    assert!(read.keys().any(|key| again.keys().any(|it| it == key)));
}
