use std::fs;
use std::path::PathBuf;

use aws_smithy_types::date_time::Format;
use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::saml::sign::SigningKey;
use crate::saml::{Addressee, claimed_providers, pages};

const ROLE: &str = "arn:aws:iam::123456789012:role/Developer";
const PROVIDER: &str = "arn:aws:iam::123456789012:saml-provider/Example";
const NOW: &str = "2026-01-15T12:01:00Z";

fn fixture(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/federation/saml");
    fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn example() -> Metadata {
    Metadata::parse(&fixture("metadata.xml")).unwrap()
}

/// Verifies a document as a case of `cases.json` says.
fn verified(document: &str, metadata: &Metadata, case: &Value) -> Result<Assertion, SamlError> {
    with_expectations(case, |expected| {
        verify(&STANDARD.encode(document), metadata, &offer(), expected)
    })
}

fn with_expectations<T>(case: &Value, then: impl FnOnce(&Expectations<'_>) -> T) -> T {
    let folder = case["folder"].as_str().unwrap_or_default();
    let key = fixture(&[folder, "provider-key.pem"].concat());
    let keys = [DecryptionKey::from_pem(&key).unwrap()];
    let expected = Expectations {
        loopback_page: false,
        decryption_keys: if case["decryption_keys"] == false { &[] } else { &keys },
        encrypted: case["encrypted"] == true,
        now: DateTime::from_str(case["now"].as_str().unwrap_or(NOW), Format::DateTime).unwrap(),
    };
    then(&expected)
}

fn offer() -> Offer {
    Offer { role: ROLE.parse().unwrap(), provider: PROVIDER.parse().unwrap() }
}

#[test]
fn what_others_have_signed_is_accepted_and_what_attackers_make_of_it_is_not() {
    let cases = ["", "../samlify/"].into_iter().flat_map(|folder| {
        let cases: Vec<Value> =
            serde_json::from_str(&fixture(&[folder, "cases.json"].concat())).unwrap();
        cases.into_iter().map(move |mut case| {
            case["folder"] = folder.into();
            case
        })
    });
    let mut wrong = Vec::new();
    let (mut accepted, mut refused) = (0, 0);
    for case in &cases.collect::<Vec<_>>() {
        let folder = case["folder"].as_str().unwrap();
        let name = case["name"].as_str().unwrap();
        let expected = case["expected"].as_str().unwrap();
        let metadata = case["metadata"].as_str().unwrap_or("metadata.xml");
        let metadata = Metadata::parse(&fixture(&[folder, metadata].concat())).unwrap();
        let document = fixture(&format!("{folder}cases/{name}.xml"));
        let outcome = verified(&document, &metadata, case);
        let offered = with_expectations(case, |expected| {
            choice(&STANDARD.encode(&document), &metadata, expected)
        });
        // What offers a role has been verified as far as that, and by the same way.
        let same = match (&outcome, &offered) {
            (Ok(assertion), Ok(choice)) => {
                choice.offers.contains(&offer())
                    && choice.session_duration == assertion.session_duration
            }
            (Err(error), Ok(_)) => is_of_what_comes_after(error),
            (Err(one), Err(other)) => one == other,
            (Ok(_), Err(_)) => false,
        };
        if !same {
            wrong.push(format!("{name}: {outcome:?}, but offers are {offered:?}"));
        }
        let as_expected = match &outcome {
            Ok(assertion) => {
                accepted += 1;
                let subject = case["subject"].as_str().unwrap_or("ana@example.com");
                let session_name = case["session_name"].as_str().unwrap_or("ana");
                expected == "accepted"
                    && assertion.subject == subject
                    && assertion.role_session_name == session_name
            }
            Err(error) => {
                refused += 1;
                let error = format!("{error:?}");
                expected == "refused" || (error.starts_with(expected) && expected != "accepted")
            }
        };
        if !as_expected {
            wrong.push(format!("{name}: expected {expected}, not {outcome:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(accepted >= 75 && refused >= 320, "{accepted} accepted, {refused} refused");
}

/// Whether an error is about what AWS looks at once it knows which role it is for.
fn is_of_what_comes_after(error: &SamlError) -> bool {
    matches!(
        error,
        SamlError::Role
            | SamlError::NoRoleSessionName
            | SamlError::RoleSessionName
            | SamlError::SourceIdentity
            | SamlError::Attribute { .. }
            | SamlError::Malformed(Malformed::Part("NameID"))
    )
}

#[test]
fn the_claims_are_those_of_the_assertion() {
    let assertion = verified(&fixture("cases/attributes.xml"), &example(), &Value::Null).unwrap();
    assert_eq!(assertion.id, "_assertion");
    assert_eq!(assertion.subject_type, "persistent");
    assert_eq!(assertion.issuer, "https://idp.example.com/metadata");
    assert_eq!(assertion.audience, "https://signin.aws.amazon.com/saml");
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    assert_eq!(assertion.tags, [pair("Project", "Automation"), pair("Team", "Blue & green")]);
    assert_eq!(assertion.transitive_tag_keys, ["Project"]);
    assert_eq!(assertion.source_identity.as_deref(), Some("ana"));
    assert_eq!(assertion.session_duration, Some(7200));
    let end = DateTime::from_str("2026-01-15T18:00:00Z", Format::DateTime).unwrap();
    assert_eq!(assertion.session_not_on_or_after, Some(end));

    let keys: Vec<_> =
        assertion.keys.iter().map(|it| (it.key.as_str(), it.values.join("|"))).collect();
    let expected = [
        ("saml:aud", "https://signin.aws.amazon.com/saml"),
        ("saml:doc", "123456789012/Example"),
        ("saml:iss", "https://idp.example.com/metadata"),
        ("saml:namequalifier", &assertion.name_qualifier),
        ("saml:sub", "ana@example.com"),
        ("saml:sub_type", "persistent"),
        ("saml:edupersonaffiliation", "staff|member"),
    ];
    assert_eq!(keys, expected.map(|(key, value)| (key, value.to_owned())));
    let persists = assertion.keys.iter().filter(|it| it.persists).map(|it| it.key.as_str());
    let persists: Vec<_> = persists.collect();
    assert_eq!(persists, ["saml:namequalifier", "saml:sub", "saml:sub_type"]);
}

#[test]
fn f6_base64_is_exact_but_for_line_breaks() {
    let signed = STANDARD.encode(fixture("cases/by-hand.xml"));
    let metadata = example();
    let expected = Expectations {
        loopback_page: false,
        decryption_keys: &[],
        encrypted: false,
        now: DateTime::from_str(NOW, Format::DateTime).unwrap(),
    };
    let plain = verify(&signed, &metadata, &offer(), &expected);
    assert!(plain.is_ok());
    let columns: Vec<&str> =
        signed.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
    for wrapped in [
        columns.join("\n"),
        columns.join("\r\n"),
        format!("{}\r\n", columns.join("\r\n")),
        format!("{signed}\n"),
    ] {
        assert_eq!(verify(&wrapped, &metadata, &offer(), &expected), plain);
        assert_eq!(claimed_providers(&wrapped), claimed_providers(&signed));
    }
    let spoiled = [
        format!(" {signed}"),
        signed.replacen('A', "A ", 1),
        signed.replace('=', ""),
        format!("{signed}="),
    ];
    for spoiled in spoiled.iter().filter(|it| **it != signed) {
        assert_eq!(verify(spoiled, &metadata, &offer(), &expected), Err(SamlError::Base64));
    }
    assert_eq!(verify("", &metadata, &offer(), &expected), Err(Malformed::Xml.into()));
    let long = "A".repeat(LONGEST + 4);
    assert_eq!(verify(&long, &metadata, &offer(), &expected), Err(Malformed::TooLong.into()));
    let elsewhere = Expectations { loopback_page: true, ..expected };
    let elsewhere = verify(&signed, &metadata, &offer(), &elsewhere);
    assert!(elsewhere.is_ok(), "AWS's own pages always count");
}

#[test]
fn whose_keys_to_try_is_read_from_what_nobody_has_signed() {
    let claimed = |name: &str| claimed_providers(&STANDARD.encode(fixture(name)));
    for name in ["cases/signxml-assertion.xml", "cases/unsigned.xml", "cases/role-other-way.xml"] {
        assert_eq!(claimed(name), Ok(vec![PROVIDER.parse().unwrap()]), "{name}");
    }
    for name in ["cases/no-role.xml", "cases/encrypted-gcm.xml"] {
        assert_eq!(claimed(name), Ok(Vec::new()), "{name}");
    }
    assert_eq!(claimed("cases/dtd.xml"), Err(Malformed::Xml.into()));
    assert_eq!(claimed_providers("no base64"), Err(SamlError::Base64));
}

#[test]
fn a_page_on_loopback_stands_for_awss_where_it_may() {
    let elsewhere = "http://localhost:4566/saml";
    let document = fixture("cases/signxml-assertion.xml").replace(pages::GLOBAL, elsewhere);
    let document = document.replace(">http://localhost:4566/saml</", ">urn:amazon:webservices</");
    let (start, rest) = document.split_once("<ds:Signature").unwrap();
    let (_, end) = rest.split_once("</ds:Signature>").unwrap();
    let key = SigningKey::from_pem(&fixture("idp-key.pem")).unwrap();
    let signed = key.envelop(&[start, end].concat(), "_assertion", None).unwrap();
    for (loopback_page, audience) in [(true, Ok(pages::GLOBAL)), (false, Err(()))] {
        let found = with_expectations(&Value::Null, |expected| {
            let expected = Expectations { loopback_page, ..*expected };
            verify(&STANDARD.encode(&signed), &example(), &offer(), &expected)
        });
        let found = found.as_ref().map(|it| it.audience.as_str()).map_err(|error| {
            assert_eq!(*error, SamlError::Audience(Addressee::Recipient));
        });
        assert_eq!(found, audience);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_panics(document in "\\PC{0,64}|(<[a-z:]{1,8}( [A-Z]{2}=\"[a-z]{0,3}\")?>|</[a-z]{1,3}>|[&;<a]){0,24}") {
        let _ = verified(&document, &example(), &Value::Null);
        let _ = Metadata::parse(&document);
    }

    /// A changed byte is refused, or it changes nothing that is read.
    #[test]
    fn a_changed_byte_changes_nothing(at in any::<prop::sample::Index>(), byte in 0x20_u8..0x7f) {
        let mut document = fixture("cases/signxml-assertion.xml").into_bytes();
        let metadata = example();
        let original = verified(std::str::from_utf8(&document).unwrap(), &metadata, &Value::Null);
        let at = at.index(document.len());
        document[at] = byte;
        if let Ok(assertion) = verified(std::str::from_utf8(&document).unwrap(), &metadata, &Value::Null) {
            prop_assert_eq!(Ok(assertion), original);
        }
    }

    /// Any element, copied to or moved to any other place, forged here or there: wrapping in all forms that
    /// one step makes.
    #[test]
    fn nothing_can_be_wrapped(
        name in prop::sample::select(vec!["signxml-assertion", "signxml-response", "signxml-both"]),
        (element, place) in any::<(prop::sample::Index, prop::sample::Index)>(),
        (forged_copy, other_ids, stays) in any::<(bool, bool, bool)>(),
    ) {
        let genuine = fixture(&format!("cases/{name}.xml"));
        let metadata = example();
        let original = verified(&genuine, &metadata, &Value::Null).unwrap();
        let forge = |text: &str| {
            let text = text.replace("ana@example.com", "root@example.com");
            if other_ids { text.replace(" ID=\"_", " ID=\"_evil") } else { text }
        };
        let document = xml::parse(&genuine).unwrap();
        let root = Element::root(&document).unwrap();
        let ranges: Vec<_> =
            root.descendants().map(|it| document.node_range(it.id()).unwrap()).collect();
        let (element, place) = (element.get(&ranges).clone(), place.get(&ranges).start);
        let source = genuine.get(element.clone()).unwrap();
        let (copy, left) = match (forged_copy, stays) {
            (true, true) => (forge(source), source.to_owned()),
            (true, false) => (forge(source), String::new()),
            (false, true) => (source.to_owned(), forge(source)),
            (false, false) => (source.to_owned(), String::new()),
        };
        // Inside the element the copy would come into itself: before it, then.
        let place = if element.contains(&place) { element.start } else { place };
        let mut wrapped = genuine.clone();
        if place <= element.start {
            wrapped.replace_range(element, &left);
            wrapped.insert_str(place, &copy);
        } else {
            wrapped.insert_str(place, &copy);
            wrapped.replace_range(element, &left);
        }
        if let Ok(assertion) = verified(&wrapped, &metadata, &Value::Null) {
            prop_assert_eq!(assertion, original);
        }
    }
}
