use super::*;

/// As short as a certificate may be to have a key in it.
const CERTIFICATE: &str = "MCIwIAIBATAAMAAwADAAMBMwDQYJKoZIhvcNAQEBBQADAgAA";

fn key(uses: &str) -> String {
    format!(
        "<md:KeyDescriptor{uses}><ds:KeyInfo><ds:X509Data><ds:X509Certificate>\n {CERTIFICATE}\n\
         </ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
    )
}

fn entity(attributes: &str, keys: &str) -> String {
    format!(
        "<md:EntityDescriptor xmlns:md=\"{}\" xmlns:ds=\"{}\" {attributes}><md:IDPSSODescriptor>{keys}\
         </md:IDPSSODescriptor></md:EntityDescriptor>",
        ns::METADATA,
        ns::SIGNATURE
    )
}

fn entities(attributes: &str, entities: &str) -> String {
    let md = ns::METADATA;
    format!("<m:EntitiesDescriptor xmlns:m=\"{md}\"{attributes}>{entities}</m:EntitiesDescriptor>")
}

#[test]
fn metadata_of_identity_providers_is_read() {
    let one = entity("entityID=\"urn:one\"", &key(""));
    let read = Metadata::parse(&one).unwrap();
    assert_eq!(read.entity_ids().collect::<Vec<_>>(), ["urn:one"]);
    assert_eq!((read.keys().count(), read.valid_until()), (1, None));

    let keys = [key(" use=\"signing\""), key(" use=\"encryption\""), key("")].concat();
    let two = entity("entityID=\"urn:two\" validUntil=\"2030-01-01T00:00:00+01:00\"", &keys);
    let both = entities(" validUntil=\"2031-01-01T00:00:00Z\"", &[one, two].concat());
    let read = Metadata::parse(&format!("<?xml version=\"1.0\"?>{both}")).unwrap();
    assert_eq!(read.entity_ids().collect::<Vec<_>>(), ["urn:one", "urn:two"]);
    assert_eq!(read.keys().count(), 3);
    assert_eq!(read.valid_until(), time("2029-12-31T23:00:00Z"));
}

#[test]
fn what_is_no_metadata_is_refused() {
    use InvalidMetadata::*;
    let id = "entityID=\"urn:one\"";
    let fine = entity(id, &key(""));
    let no_role = format!("<EntityDescriptor xmlns=\"{}\" {id}/>", ns::METADATA);
    let cases = [
        (String::new(), Xml),
        ("metadata".to_owned(), Xml),
        (format!("<!DOCTYPE x>{fine}"), Xml),
        ("<EntityDescriptor entityID=\"urn:one\"/>".to_owned(), Root),
        (fine.replace("metadata\"", "metadata2\""), Root),
        (entity("", &key("")), EntityId),
        (entity("entityID=\"\"", &key("")), EntityId),
        (entity(&format!("entityID=\"{}\"", "x".repeat(1025)), &key("")), EntityId),
        (no_role, NoProvider),
        (entities("", ""), NoProvider),
        (entities("", &fine.repeat(11)), TooManyProviders),
        (entity(id, ""), NoKey),
        (entity(id, &key(" use=\"encryption\"")), NoKey),
        (entity(id, &key("").repeat(11)), TooManyKeys),
        (fine.replace("MCIw", "!"), Certificate),
        (fine.replace("MCIw", "MCMw"), Certificate),
        (entity(&format!("{id} validUntil=\"soon\""), &key("")), ValidUntil),
    ];
    for (text, expected) in cases {
        assert_eq!(Metadata::parse(&text), Err(expected), "{text}");
    }
    assert!(Metadata::parse(&entities("", &fine.repeat(10))).is_ok());
    assert!(Metadata::parse(&entity(id, &key("").repeat(10))).is_ok());
}

#[test]
fn times_are_those_of_xml_schema() {
    let noon = time("2026-01-15T12:00:00Z");
    assert!(noon.is_some());
    for same in ["2026-01-15T12:00:00", "2026-01-15T13:00:00+01:00", " 2026-01-15T12:00:00.000Z\n"]
    {
        assert_eq!(time(same), noon, "{same}");
    }
    assert_eq!(time("2026-01-15T12:00:00.5Z").map(|it| it.subsec_nanos()), Some(500_000_000));
    for none in ["", "Z", "2026-01-15", "12:00", "2026-13-15T12:00:00Z", "now"] {
        assert_eq!(time(none), None, "{none}");
    }
}
