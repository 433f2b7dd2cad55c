use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// An object's members.
pub(super) type Object = BTreeMap<String, Json>;

/// A JSON value in which no object names a member twice.
///
/// Of two members with one name, some readers take the first and others the last: what one of them
/// has checked, another would not use. Whoever signs such a token is not understood (RFC 7519,
/// section 4, lets a verifier refuse it).
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Json {
    Null,
    Bool(bool),
    /// A number without fraction or exponent, in the range of an `i64`.
    Integer(i64),
    /// Any other number: nothing here asks for its value.
    Number,
    Text(String),
    List(Vec<Json>),
    Object(Object),
}

impl Json {
    /// Reads a document that is one object and nothing else.
    pub(super) fn parse_object(bytes: &[u8]) -> Option<Object> {
        match serde_json::from_slice(bytes) {
            Ok(Self::Object(members)) => Some(members),
            _ => None,
        }
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The texts of a list that holds nothing else.
    pub(super) fn as_texts(&self) -> Option<Vec<&str>> {
        match self {
            Self::List(values) => values.iter().map(Self::as_text).collect(),
            _ => None,
        }
    }

    /// The texts of such a list, or the one text that stands alone.
    pub(super) fn one_or_many(&self) -> Option<Vec<&str>> {
        self.as_text().map(|text| vec![text]).or_else(|| self.as_texts())
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON without duplicate members")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Integer(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(i64::try_from(value).map_or(Json::Number, Json::Integer))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Json, E> {
        Ok(Json::Number)
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Json, E> {
        Ok(Json::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Json, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = seq.next_element()? {
            values.push(value);
        }
        Ok(Json::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut members = Object::new();
        while let Some((name, value)) = map.next_entry()? {
            if members.insert(name, value).is_some() {
                return Err(A::Error::custom("a member is named twice"));
            }
        }
        Ok(Json::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_object_without_duplicates_is_read() {
        let cases = [
            ("{}", true),
            (r#" {"a":[1,{"b":null}],"c":-2.5e3} "#, true),
            (r#"{"a":1,"A":2}"#, true),
            (r#"{"a":1,"a":1}"#, false),
            // An escape does not make it another name.
            (r#"{"a":1,"\u0061":2}"#, false),
            (r#"{"x":{"a":1,"a":2}}"#, false),
            (r#"{"x":[[{"a":1,"a":2}]]}"#, false),
            (r#"{"a":1}{"#, false),
            (r#"{"a":1,}"#, false),
            ("{a:1}", false),
            (r#"{"a":01}"#, false),
            (r#"{"a":NaN}"#, false),
            ("[]", false),
            (r#""text""#, false),
            ("", false),
            ("\u{feff}{}", false),
        ];
        for (text, read) in cases {
            assert_eq!(Json::parse_object(text.as_bytes()).is_some(), read, "{text}");
        }
        assert!(Json::parse_object(b"{\"a\":\"\xff\"}").is_none(), "not UTF-8");
        let deep = [r#"{"a":"#.repeat(200), "1".to_owned(), "}".repeat(200)].concat();
        assert!(Json::parse_object(deep.as_bytes()).is_none(), "too deep");
    }

    #[test]
    fn numbers_are_integers_or_of_no_use() {
        let read = |text: &str| Json::parse_object(text.as_bytes()).unwrap()["n"].clone();
        assert_eq!(read(r#"{"n":1767225600}"#), Json::Integer(1_767_225_600));
        assert_eq!(read(r#"{"n":-1}"#), Json::Integer(-1));
        for number in ["1.0", "1e3", "9223372036854775808", "-1e400000"] {
            let read = Json::parse_object(format!(r#"{{"n":{number}}}"#).as_bytes());
            assert!(read.is_none_or(|read| read["n"] == Json::Number), "{number}");
        }
    }
}
