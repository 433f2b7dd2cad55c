use std::collections::BTreeMap;

use aws_smithy_types::DateTime;
use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::*;

const STS: &str = "https://sts.amazonaws.com/doc/2011-06-15/";
const REQUEST_ID: &str = "c6104cbe-af31-11e0-8154-cbc7ccf896c7";

/// Writes what a test's closure writes.
struct Writes<F: Fn(&mut Encoder)>(F);

impl<F: Fn(&mut Encoder)> Encode for Writes<F> {
    fn encode(&self, encoder: &mut Encoder) {
        (self.0)(encoder);
    }
}

fn answer(format: Format, has_result: bool, write: impl Fn(&mut Encoder)) -> String {
    let envelope = Envelope { operation: "Op", namespace: STS, has_result };
    String::from_utf8(success(format, envelope, &Writes(write), REQUEST_ID)).unwrap()
}

/// What stands between the tags of the result, one line for each element.
fn result(write: impl Fn(&mut Encoder)) -> String {
    let answer = answer(Format::Xml, true, write);
    let (_, rest) = answer.split_once("  <OpResult>\n").unwrap();
    let (inside, _) = rest.split_once("  </OpResult>\n").unwrap();
    inside.to_owned()
}

fn json_result(write: impl Fn(&mut Encoder)) -> String {
    let document: serde_json::Value =
        serde_json::from_str(&answer(Format::Json, true, write)).unwrap();
    document["OpResponse"]["OpResult"].to_string()
}

fn refusal(format: Format, fault: &Fault) -> String {
    String::from_utf8(failure(format, STS, fault, REQUEST_ID)).unwrap()
}

#[test]
fn a_success_is_laid_out_as_sts_does() {
    let identity = Writes(|encoder: &mut Encoder| {
        encoder.text("Arn", "arn:aws:iam::123456789012:user/Alice");
        encoder.text("UserId", "AIDACKCEVSQ6C2EXAMPLE");
        encoder.text("Account", "123456789012");
    });
    let envelope = Envelope { operation: "GetCallerIdentity", namespace: STS, has_result: true };
    let body = success(Format::Xml, envelope, &identity, REQUEST_ID);
    assert_eq!(
        String::from_utf8(body).unwrap(),
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n\
         \x20 <GetCallerIdentityResult>\n\
         \x20   <Arn>arn:aws:iam::123456789012:user/Alice</Arn>\n\
         \x20   <UserId>AIDACKCEVSQ6C2EXAMPLE</UserId>\n\
         \x20   <Account>123456789012</Account>\n\
         \x20 </GetCallerIdentityResult>\n\
         \x20 <ResponseMetadata>\n\
         \x20   <RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId>\n\
         \x20 </ResponseMetadata>\n\
         </GetCallerIdentityResponse>\n"
    );
    let body = success(Format::Json, envelope, &identity, REQUEST_ID);
    assert_eq!(
        String::from_utf8(body).unwrap(),
        "{\"GetCallerIdentityResponse\":{\"GetCallerIdentityResult\":{\
         \"Arn\":\"arn:aws:iam::123456789012:user/Alice\",\
         \"UserId\":\"AIDACKCEVSQ6C2EXAMPLE\",\"Account\":\"123456789012\"},\
         \"ResponseMetadata\":{\"RequestId\":\"c6104cbe-af31-11e0-8154-cbc7ccf896c7\"}}}"
    );
}

#[test]
fn an_operation_without_output_has_no_result() {
    assert_eq!(
        answer(Format::Xml, false, |_| ()),
        "<OpResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n\
         \x20 <ResponseMetadata>\n\
         \x20   <RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId>\n\
         \x20 </ResponseMetadata>\n\
         </OpResponse>\n"
    );
    assert!(answer(Format::Xml, true, |_| ()).contains("\n  <OpResult/>\n"));
}

#[test]
fn a_failure_is_laid_out_as_sts_does() {
    let denied = Fault::new("AccessDenied", 403, Some("No <way>.".into()));
    assert_eq!(
        refusal(Format::Xml, &denied),
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n\
         \x20 <Error>\n\
         \x20   <Type>Sender</Type>\n\
         \x20   <Code>AccessDenied</Code>\n\
         \x20   <Message>No &lt;way&gt;.</Message>\n\
         \x20 </Error>\n\
         \x20 <RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId>\n\
         </ErrorResponse>\n"
    );
    assert_eq!(
        refusal(Format::Json, &denied),
        "{\"Error\":{\"Code\":\"AccessDenied\",\"Message\":\"No <way>.\",\"Type\":\"Sender\"},\
         \"RequestId\":\"c6104cbe-af31-11e0-8154-cbc7ccf896c7\"}"
    );
}

#[test]
fn a_failure_without_message_has_no_line_for_it() {
    assert_eq!(
        refusal(Format::Xml, &Fault::internal_failure()),
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n\
         \x20 <Error>\n\
         \x20   <Type>Receiver</Type>\n\
         \x20   <Code>InternalFailure</Code>\n\
         \x20 </Error>\n\
         \x20 <RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId>\n\
         </ErrorResponse>\n"
    );
}

#[test]
fn dispatch_fails_in_a_namespace_of_its_own() {
    let body = refusal(Format::Xml, &Fault::invalid_action("Frob", None));
    assert!(body.starts_with(
        "<ErrorResponse xmlns=\"http://webservices.amazon.com/AWSFault/2005-15-09\">\n"
    ));
}

#[test]
fn lists_and_maps_nest() {
    let write = |encoder: &mut Encoder| {
        encoder.list("Tags", "member", &["a", "b"], |encoder, name, tag| encoder.text(name, tag));
        encoder.list("None", "member", &[""; 0], |encoder, name, tag| encoder.text(name, tag));
        let map = BTreeMap::from([("k<".to_owned(), 1), ("l".to_owned(), 2)]);
        encoder.map("Map", &map, |encoder, name, value| encoder.integer(name, *value));
        encoder.structure("Inner", &Writes(|encoder: &mut Encoder| encoder.boolean("Yes", true)));
    };
    assert_eq!(
        result(write).replace("    ", "\t"),
        "\t<Tags>\n\t  <member>a</member>\n\t  <member>b</member>\n\t</Tags>\n\
         \t<None/>\n\
         \t<Map>\n\t  <entry>\n\t\t<key>k&lt;</key>\n\t\t<value>1</value>\n\t  </entry>\n\
         \t  <entry>\n\t\t<key>l</key>\n\t\t<value>2</value>\n\t  </entry>\n\t</Map>\n\
         \t<Inner>\n\t  <Yes>true</Yes>\n\t</Inner>\n"
    );
    assert_eq!(
        json_result(write),
        r#"{"Inner":{"Yes":true},"Map":{"k<":1,"l":2},"None":[],"Tags":["a","b"]}"#
    );
}

#[test]
fn times_have_seconds_and_no_fraction() {
    let seconds = |seconds, nanos| {
        move |encoder: &mut Encoder| {
            encoder.timestamp("T", &DateTime::from_secs_and_nanos(seconds, nanos));
        }
    };
    assert_eq!(result(seconds(1_700_000_000, 999_999_999)), "    <T>2023-11-14T22:13:20Z</T>\n");
    let cases = [
        (1_700_000_000, "1.7E9"),
        (1_732_251_601, "1.732251601E9"),
        (10_000_000, "1.0E7"),
        (-10_000_000, "-1.0E7"),
        (9_999_999, "9999999.0"),
        (0, "0.0"),
    ];
    for (time, expected) in cases {
        let body = answer(Format::Json, true, seconds(time, 0));
        assert!(body.contains(&format!("{{\"T\":{expected}}}")), "{body}");
    }
}

#[test]
fn what_xml_cannot_hold_is_replaced() {
    let text = |text: &'static str| result(move |encoder| encoder.text("T", text));
    assert_eq!(text("a\u{1}b\u{fffe}c\u{0}"), "    <T>a\u{fffd}b\u{fffd}c\u{fffd}</T>\n");
    assert_eq!(text("'\"\t\n\r&\u{1f600}"), "    <T>'\"\t\n&#13;&amp;\u{1f600}</T>\n");
    assert_eq!(result(|encoder| encoder.blob("B", &[0, 255])), "    <B>AP8=</B>\n");
}

proptest! {
    #[test]
    fn every_text_gives_well_formed_xml(text: String) {
        let fault = Fault::validation(text.clone());
        let body = refusal(Format::Xml, &fault);
        let mut reader = Reader::from_str(&body);
        let mut read = String::new();
        let mut inside = false;
        loop {
            match reader.read_event().unwrap() {
                Event::Eof => break,
                Event::Start(tag) => inside = tag.name().as_ref() == "Message",
                Event::Text(part) if inside => read.push_str(&part.xml10_content()),
                Event::GeneralRef(entity) if inside => {
                    match entity.resolve_char_ref().unwrap() {
                        Some(c) => read.push(c),
                        None => read.push_str(quick_xml::escape::resolve_xml_entity(&entity).unwrap()),
                    }
                }
                Event::End(_) => inside = false,
                _ => {}
            }
        }
        let kept: String = text.chars().map(|c| match c {
            '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'.. => c,
            _ => '\u{fffd}',
        }).collect();
        prop_assert_eq!(read, kept);
    }

    #[test]
    fn every_text_gives_json(text: String) {
        let fault = Fault::validation(text.clone());
        let body: serde_json::Value = serde_json::from_str(&refusal(Format::Json, &fault)).unwrap();
        prop_assert_eq!(body["Error"]["Message"].as_str(), Some(&*text));
    }
}
