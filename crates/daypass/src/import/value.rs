//! The forms in which tools write documents and times.

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use percent_encoding::percent_decode_str;

use crate::seed::tree::Node;

/// The text of a policy document: AWS's CLI and boto3 write an object, others the text itself, some as AWS's
/// API answers it, escaped for a URL.
pub(super) fn document(node: &Node) -> Option<String> {
    match node {
        Node::Scalar(value) => {
            let text = value.as_str()?;
            let is_escaped = text.trim_start().starts_with('%');
            match is_escaped {
                true => Some(percent_decode_str(text).decode_utf8().ok()?.into_owned()),
                false => Some(text.to_owned()),
            }
        }
        Node::Table(_) => Some(node.to_string()),
        Node::List(_) => None,
    }
}

/// A time as a seed has it. Tools write `T` or a space, `Z`, an offset or nothing, fractions of a second, or
/// a number of seconds.
pub(super) fn time(node: &Node) -> Option<String> {
    let Node::Scalar(value) = node else { return None };
    let seconds = match value {
        serde_json::Value::Number(number) => number.as_i64().or_else(|| {
            let whole = number.as_f64().filter(|number| (0.0..=LATEST).contains(number))?;
            DateTime::from_secs_f64(whole).secs().into()
        })?,
        serde_json::Value::String(text) => seconds(text)?,
        _ => return None,
    };
    let is_shown = u32::try_from(seconds).is_ok() || (0..=LATEST_SECONDS).contains(&seconds);
    is_shown.then(|| DateTime::from_secs(seconds).fmt(Format::DateTime).ok())?
}

fn seconds(text: &str) -> Option<i64> {
    let text = text.trim().replacen(' ', "T", 1);
    let clock = text.split_once('T').map_or("", |(_, clock)| clock);
    let has_offset = clock.contains(['Z', 'z', '+', '-']);
    let text = if has_offset { text } else { format!("{text}Z") };
    DateTime::from_str(&text, Format::DateTimeWithOffset).ok().map(|time| time.secs())
}

/// The end of the year 9999.
const LATEST: f64 = 253_402_300_799.0;
const LATEST_SECONDS: i64 = 253_402_300_799;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_tools_write_them() {
        let cases = [
            (r#""2019-11-13T17:30:00Z""#, Some("2019-11-13T17:30:00Z")),
            (r#""2019-11-13T17:30:00+00:00""#, Some("2019-11-13T17:30:00Z")),
            (r#""2019-12-18 19:10:08+00:00""#, Some("2019-12-18T19:10:08Z")),
            (r#""2019-12-18 19:10:08.085000+00:00""#, Some("2019-12-18T19:10:08Z")),
            (r#""2019-12-18 19:10:08""#, Some("2019-12-18T19:10:08Z")),
            (r#""2019-12-18T19:10:08+02:00""#, Some("2019-12-18T17:10:08Z")),
            ("1576696208", Some("2019-12-18T19:10:08Z")),
            ("1576696208.5", Some("2019-12-18T19:10:08Z")),
            ("-1", None),
            ("1e300", None),
            (r#""yesterday""#, None),
            (r#""""#, None),
            (r#""2019-11-13""#, None),
            ("null", None),
            ("{}", None),
        ];
        for (text, expected) in cases {
            let node: Node = serde_json::from_str(text).unwrap();
            assert_eq!(time(&node).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn documents_are_read_as_tools_write_them() {
        let cases = [
            (
                r#"{ "Version": "2012-10-17", "Statement": { "Effect": "Allow" } }"#,
                Some(r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow"}}"#),
            ),
            (r#""{ \"Version\": 1 }""#, Some(r#"{ "Version": 1 }"#)),
            (r#""%7B%22a%22%3A%20%22b%2Bc%22%7D""#, Some(r#"{"a": "b+c"}"#)),
            (r#""%FF""#, None),
            ("[]", None),
            ("1", None),
        ];
        for (text, expected) in cases {
            let node: Node = serde_json::from_str(text).unwrap();
            assert_eq!(document(&node).as_deref(), expected, "{text}");
        }
    }
}
