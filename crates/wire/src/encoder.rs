use std::collections::BTreeMap;

use aws_smithy_types::DateTime;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

use crate::Format;
use crate::json::Json;
use crate::xml::Xml;

/// A shape that can be written into an answer. Implementations are generated.
pub trait Encode {
    /// Writes the members that are there, in AWS's order.
    fn encode(&self, encoder: &mut Encoder);
}

/// Writes named values as XML elements or as members of JSON objects.
#[derive(Debug)]
pub struct Encoder {
    writer: Writer,
}

#[derive(Debug)]
enum Writer {
    Xml(Xml),
    Json(Json),
}

impl Encoder {
    /// Writes a whole document.
    pub(crate) fn document(format: Format, members: impl FnOnce(&mut Self)) -> Vec<u8> {
        let writer = match format {
            Format::Xml => Writer::Xml(Xml::default()),
            Format::Json => Writer::Json(Json::document()),
        };
        let mut encoder = Self { writer };
        members(&mut encoder);
        match encoder.writer {
            Writer::Xml(xml) => xml.into_bytes(),
            Writer::Json(json) => json.into_bytes(),
        }
    }

    /// The outermost object, which declares the namespace. Names of objects are given in two parts,
    /// to spare the caller joining them.
    pub(crate) fn root(
        &mut self,
        stem: &str,
        end: &str,
        namespace: &str,
        members: impl FnOnce(&mut Self),
    ) {
        match &mut self.writer {
            Writer::Xml(xml) => xml.open_root(stem, end, namespace),
            Writer::Json(json) => json.open(stem, end, Bracket::Object),
        }
        members(self);
        self.close(stem, end, Bracket::Object);
    }

    /// An object inside another.
    pub(crate) fn object(&mut self, stem: &str, end: &str, members: impl FnOnce(&mut Self)) {
        self.open(stem, end, Bracket::Object);
        members(self);
        self.close(stem, end, Bracket::Object);
    }

    /// A text.
    pub fn text(&mut self, name: &str, text: &str) {
        match &mut self.writer {
            Writer::Xml(xml) => xml.leaf(name, text),
            Writer::Json(json) => json.text(name, text),
        }
    }

    /// A whole number.
    pub fn integer(&mut self, name: &str, number: i64) {
        self.literal(name, &number.to_string());
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, name: &str, value: bool) {
        self.literal(name, if value { "true" } else { "false" });
    }

    /// A time to the second: RFC 3339 in XML, seconds since 1970 in JSON. One that RFC 3339 cannot
    /// express (beyond the year 9999) is left out of XML.
    pub fn timestamp(&mut self, name: &str, time: &DateTime) {
        match &mut self.writer {
            Writer::Xml(xml) => {
                if let Some(text) = rfc3339(time.secs()) {
                    xml.leaf(name, &text);
                }
            }
            Writer::Json(json) => json.literal(name, &java_double(time.secs())),
        }
    }

    /// Bytes in Base64 (RFC 4648 section 4).
    pub fn blob(&mut self, name: &str, bytes: &[u8]) {
        self.text(name, &STANDARD.encode(bytes));
    }

    /// A structure.
    pub fn structure(&mut self, name: &str, shape: &impl Encode) {
        self.object(name, "", |encoder| shape.encode(encoder));
    }

    /// A list; in XML each element is named `element`, in JSON it has no name.
    pub fn list<T>(
        &mut self,
        name: &str,
        element: &str,
        values: &[T],
        write: impl Fn(&mut Self, &str, &T),
    ) {
        self.open(name, "", Bracket::Array);
        values.iter().for_each(|value| write(self, element, value));
        self.close(name, "", Bracket::Array);
    }

    /// A map; in XML each entry is an `entry` with `key` and `value`, in JSON a member.
    pub fn map<T>(
        &mut self,
        name: &str,
        map: &BTreeMap<String, T>,
        write: impl Fn(&mut Self, &str, &T),
    ) {
        self.object(name, "", |encoder| {
            for (key, value) in map {
                match encoder.writer {
                    Writer::Json(_) => write(encoder, key, value),
                    Writer::Xml(_) => encoder.object("entry", "", |encoder| {
                        encoder.text("key", key);
                        write(encoder, "value", value);
                    }),
                }
            }
        });
    }

    fn literal(&mut self, name: &str, literal: &str) {
        match &mut self.writer {
            Writer::Xml(xml) => xml.leaf(name, literal),
            Writer::Json(json) => json.literal(name, literal),
        }
    }

    fn open(&mut self, stem: &str, end: &str, bracket: Bracket) {
        match &mut self.writer {
            Writer::Xml(xml) => xml.open(stem, end),
            Writer::Json(json) => json.open(stem, end, bracket),
        }
    }

    fn close(&mut self, stem: &str, end: &str, bracket: Bracket) {
        match &mut self.writer {
            Writer::Xml(xml) => xml.close(stem, end),
            Writer::Json(json) => json.close(bracket),
        }
    }
}

/// What encloses values in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bracket {
    Object,
    Array,
}

/// A time in UTC; `None` where the year has not four digits.
fn rfc3339(seconds: i64) -> Option<String> {
    const LENGTH: usize = "1970-01-01T00:00:00Z".len();
    let text = Timestamp::from_second(seconds).ok()?.to_string();
    (text.len() == LENGTH).then_some(text)
}

/// A whole number as Java prints a double: `1.7E9`.
fn java_double(number: i64) -> String {
    const PLAIN_BELOW: u64 = 10_000_000;
    let magnitude = number.unsigned_abs();
    if magnitude < PLAIN_BELOW {
        return format!("{number}.0");
    }
    let sign = if number < 0 { "-" } else { "" };
    let digits = magnitude.to_string();
    let exponent = digits.len() - 1;
    let (first, rest) = digits.split_at_checked(1).unwrap_or((&digits, ""));
    let rest = match rest.trim_end_matches('0') {
        "" => "0",
        rest => rest,
    };
    format!("{sign}{first}.{rest}E{exponent}")
}
