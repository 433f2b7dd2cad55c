//! JSON (RFC 8259) as policies need it: members in order and never twice, numbers as written,
//! and the place of every value in the text.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt::Write;
use std::ops::Range;

/// Reads one JSON value that fills the whole text.
pub(crate) fn parse(text: &str) -> Result<Node<'_>, NotJson> {
    let mut parser = Parser { text, at: 0, depth: 0 };
    let node = parser.node()?;
    parser.skip_whitespace();
    if parser.at == text.len() { Ok(node) } else { parser.fail(MORE) }
}

/// Appends a string with its quotes.
pub(crate) fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\0'..' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}

/// A value and where it stands: from its first byte to past its last.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node<'a> {
    pub(crate) value: Value<'a>,
    pub(crate) span: Range<usize>,
}

impl<'a> Node<'a> {
    pub(crate) fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_object(&self) -> Option<&[Member<'a>]> {
        match &self.value {
            Value::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The value of a key of an object.
    pub(crate) fn member(&self, key: &str) -> Option<&Self> {
        let members = self.as_object()?;
        members.iter().find(|member| member.key == key).map(|member| &member.value)
    }

    /// The elements of an array, or the value itself as the only one: the language takes either
    /// nearly everywhere.
    pub(crate) fn as_list(&self) -> &[Self] {
        match &self.value {
            Value::Array(nodes) => nodes,
            _ => std::slice::from_ref(self),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    /// As written, so that a comparison of text sees what the author wrote.
    Number(&'a str),
    String(Cow<'a, str>),
    Array(Vec<Node<'a>>),
    Object(Vec<Member<'a>>),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Member<'a> {
    pub(crate) key: Cow<'a, str>,
    /// Where the key stands, with its quotes.
    pub(crate) key_span: Range<usize>,
    pub(crate) value: Node<'a>,
}

/// The text is not JSON, repeats a key in one object, or nests deeper than any policy does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotJson {
    /// The first byte that cannot be understood; the length of the text where it ends too early.
    pub(crate) at: usize,
    /// What is wrong there.
    pub(crate) why: &'static str,
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn node(&mut self) -> Result<Node<'a>, NotJson> {
        self.skip_whitespace();
        let start = self.at;
        let Some(first) = self.peek() else { return self.fail(VALUE) };
        let value = match first {
            b'{' => self.nested(Self::object)?,
            b'[' => self.nested(Self::array)?,
            b'"' => Value::String(self.string()?),
            b'-' | b'0'..=b'9' => Value::Number(self.number()?),
            b't' => self.word("true", Value::Bool(true))?,
            b'f' => self.word("false", Value::Bool(false))?,
            b'n' => self.word("null", Value::Null)?,
            _ => return self.fail(VALUE),
        };
        Ok(Node { value, span: start..self.at })
    }

    fn nested(
        &mut self,
        read: fn(&mut Self) -> Result<Value<'a>, NotJson>,
    ) -> Result<Value<'a>, NotJson> {
        if self.depth == MAX_DEPTH {
            return self.fail("the document is nested deeper than any policy");
        }
        self.depth += 1;
        self.at += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn object(&mut self) -> Result<Value<'a>, NotJson> {
        let mut members = Vec::new();
        if !self.takes(b'}') {
            loop {
                self.skip_whitespace();
                let start = self.at;
                if self.peek() != Some(b'"') {
                    return self.fail("a key in double quotes should stand here");
                }
                let key = self.string()?;
                let key_span = start..self.at;
                if !self.takes(b':') {
                    return self.fail("a `:` should stand between a key and its value");
                }
                members.push(Member { key, key_span, value: self.node()? });
                if self.takes(b'}') {
                    break;
                }
                if !self.takes(b',') {
                    return self.fail("a `,` or the `}` of the object should stand here");
                }
            }
        }
        let mut seen = HashSet::with_capacity(members.len());
        match members.iter().find(|member| !seen.insert(member.key.as_ref())) {
            None => Ok(Value::Object(members)),
            Some(again) => {
                Err(NotJson { at: again.key_span.start, why: "the object has this key twice" })
            }
        }
    }

    fn array(&mut self) -> Result<Value<'a>, NotJson> {
        let mut nodes = Vec::new();
        if self.takes(b']') {
            return Ok(Value::Array(nodes));
        }
        loop {
            nodes.push(self.node()?);
            if self.takes(b']') {
                return Ok(Value::Array(nodes));
            }
            if !self.takes(b',') {
                return self.fail("a `,` or the `]` of the list should stand here");
            }
        }
    }

    /// A string, borrowed from the text unless it has escapes.
    fn string(&mut self) -> Result<Cow<'a, str>, NotJson> {
        let start = self.at;
        self.at += 1;
        let mut run = self.at;
        let mut unescaped = String::new();
        loop {
            let Some(byte) = self.next() else {
                return Err(NotJson { at: start, why: "the string has no end" });
            };
            match byte {
                b'"' => break,
                b'\\' => {
                    unescaped.push_str(self.slice(run, self.at - 1));
                    unescaped.push(self.escape()?);
                    run = self.at;
                }
                0..0x20 => {
                    self.at -= 1;
                    return self.fail("a line break or control character in a string");
                }
                _ => {}
            }
        }
        let last = self.slice(run, self.at - 1);
        if unescaped.is_empty() {
            // An escape never yields nothing, so nothing was escaped.
            Ok(Cow::Borrowed(last))
        } else {
            unescaped.push_str(last);
            Ok(Cow::Owned(unescaped))
        }
    }

    fn escape(&mut self) -> Result<char, NotJson> {
        let start = self.at - 1;
        Ok(match self.next() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                return self.code_point().ok_or(NotJson { at: start, why: ESCAPE });
            }
            _ => return Err(NotJson { at: start, why: ESCAPE }),
        })
    }

    fn code_point(&mut self) -> Option<char> {
        let first = self.hex4()?;
        let pair = if (0xD800..0xDC00).contains(&first) {
            if self.next() != Some(b'\\') || self.next() != Some(b'u') {
                return None;
            }
            Some(self.hex4()?)
        } else {
            None
        };
        let units = [Some(first), pair].into_iter().flatten();
        char::decode_utf16(units).next()?.ok()
    }

    fn hex4(&mut self) -> Option<u16> {
        let digits = self.text.get(self.at..self.at + 4)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        self.at += 4;
        u16::from_str_radix(digits, 16).ok()
    }

    fn number(&mut self) -> Result<&'a str, NotJson> {
        let start = self.at;
        self.skip(|byte| byte == b'-', 1);
        let leading_zero = self.peek() == Some(b'0');
        let whole = self.skip(|byte| byte.is_ascii_digit(), usize::MAX);
        if whole == 0 || (leading_zero && whole > 1) {
            return Err(NotJson { at: start, why: NUMBER });
        }
        if self.skip(|byte| byte == b'.', 1) == 1 && self.skip_digits() == 0 {
            return Err(NotJson { at: start, why: NUMBER });
        }
        if self.skip(|byte| matches!(byte, b'e' | b'E'), 1) == 1 {
            self.skip(|byte| matches!(byte, b'+' | b'-'), 1);
            if self.skip_digits() == 0 {
                return Err(NotJson { at: start, why: NUMBER });
            }
        }
        Ok(self.slice(start, self.at))
    }

    fn word(&mut self, word: &str, value: Value<'a>) -> Result<Value<'a>, NotJson> {
        if self.slice(self.at, self.text.len()).starts_with(word) {
            self.at += word.len();
            Ok(value)
        } else {
            self.fail(VALUE)
        }
    }

    /// Skips whitespace, and takes the byte if it comes next.
    fn takes(&mut self, byte: u8) -> bool {
        self.skip_whitespace();
        self.skip(|next| next == byte, 1) == 1
    }

    fn skip_whitespace(&mut self) {
        self.skip(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'), usize::MAX);
    }

    fn skip_digits(&mut self) -> usize {
        self.skip(|byte| byte.is_ascii_digit(), usize::MAX)
    }

    fn skip(&mut self, wanted: impl Fn(u8) -> bool, limit: usize) -> usize {
        let start = self.at;
        while self.at - start < limit && self.peek().is_some_and(&wanted) {
            self.at += 1;
        }
        self.at - start
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek();
        self.at += usize::from(byte.is_some());
        byte
    }

    /// INVARIANT: both ends stand at ASCII characters, so that there is such a slice.
    fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    fn fail<T>(&self, why: &'static str) -> Result<T, NotJson> {
        Err(NotJson { at: self.at, why })
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}

/// The deepest policy of AWS's grammar nests six levels; the bound keeps the stack safe.
const MAX_DEPTH: usize = 32;

const VALUE: &str = "a value should stand here";
const NUMBER: &str = "this is no number of JSON";
const ESCAPE: &str = "this is no escape of JSON";
const MORE: &str = "the document is over, and more follows";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn keeps_order_and_numbers_as_written() {
        let text = r#" {"b": [1.50, -0e+1, true, null], "a": "x\u00e9\n\ud83d\ude00"} "#;
        let node = parse(text).unwrap();
        let members = node.as_object().unwrap();
        let keys: Vec<_> = members.iter().map(|member| member.key.as_ref()).collect();
        assert_eq!(keys, ["b", "a"]);
        let list = members[0].value.as_list();
        assert_eq!(list[0].value, Value::Number("1.50"));
        assert_eq!(list[1].value, Value::Number("-0e+1"));
        assert_eq!(members[1].value.as_str(), Some("xé\n😀"));
        assert_eq!(text.get(list[0].span.clone()), Some("1.50"));
        assert_eq!(text.get(members[1].value.span.clone()), Some(r#""x\u00e9\n\ud83d\ude00""#));
    }

    #[test]
    fn refuses_what_is_not_json() {
        let cases = [
            "",
            " ",
            "{",
            "{}x",
            "[1,]",
            "{\"a\":1,}",
            "{a:1}",
            "01",
            "1.",
            "-",
            "+1",
            "1e",
            "tru",
            "\"\\x\"",
            "\"\\u12g4\"",
            "\"\\ud800\"",
            "\"\\ud800\\u0041\"",
            "\"a\nb\"",
            "\"",
            "'a'",
            "{\"a\":1,\"a\":2}",
            "{\"a\":{\"b\":1,\"\\u0062\":2}}",
            "\u{feff}{}",
        ];
        for text in cases {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn says_where_and_why() {
        let cases = [
            ("", 0, VALUE),
            ("  // x", 2, VALUE),
            ("{} {}", 3, MORE),
            ("{\"a\":1,}", 7, "a key in double quotes should stand here"),
            ("{'a':1}", 1, "a key in double quotes should stand here"),
            ("{\"a\" 1}", 5, "a `:` should stand between a key and its value"),
            ("{\"a\":1 \"b\":2}", 7, "a `,` or the `}` of the object should stand here"),
            ("[1 2]", 3, "a `,` or the `]` of the list should stand here"),
            ("[1,]", 3, VALUE),
            ("{\"é\":1,\"b\":2,\"é\":3}", 14, "the object has this key twice"),
            ("[\"abc]", 1, "the string has no end"),
            ("\"a\nb\"", 2, "a line break or control character in a string"),
            ("\"a\\x\"", 2, ESCAPE),
            ("\"a\\ud800\"", 2, ESCAPE),
            ("[01]", 1, NUMBER),
            ("[nul]", 1, VALUE),
        ];
        for (text, at, why) in cases {
            assert_eq!(parse(text), Err(NotJson { at, why }), "{text}");
        }
    }

    #[test]
    fn nesting_is_bounded() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(&nested(MAX_DEPTH)).is_ok());
        assert!(parse(&nested(MAX_DEPTH + 1)).is_err());
        assert!(parse(&"[".repeat(100_000)).is_err());
    }

    proptest! {
        #[test]
        fn agrees_with_serde_json_on_strings(text in any::<String>()) {
            let written = serde_json::to_string(&text).unwrap();
            let node = parse(&written).unwrap();
            prop_assert_eq!(node.as_str(), Some(text.as_str()));
        }

        #[test]
        fn accepts_only_what_serde_json_accepts(text in r#"[{}\[\]":,a0.\-+eE1 \\untrfls]{0,24}"#) {
            if parse(&text).is_ok() {
                prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
            }
        }
    }
}
