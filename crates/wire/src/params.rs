use std::borrow::Cow;
use std::fmt;

use memchr::{memchr, memchr_iter, memchr2};

use crate::{Fault, Node};

/// How many parameters one request may carry. AWS names no such limit, but bounds the body; this
/// bounds the memory that a body of nothing but separators would cost.
pub const MAX_PARAMS: usize = 65_536;

/// The parameters of a Query request, decoded and ordered by name.
///
/// A name that a form has more than once has the value that came first on the wire, as observed on
/// AWS; the signature covers the hash of the body, so that the order is signed. A query string is
/// signed in an order of its own, by name and value: whoever has a signed URL could put the values
/// of a name in another order, and the same signature would cover another request. So a query string
/// that has a name more than once is refused, however the name is escaped. No client writes one:
/// lists have a name for each member.
///
/// Bytes that are not UTF-8 become U+FFFD, so that they fail the pattern of their member.
#[derive(Debug)]
pub struct Params<'a> {
    pairs: Vec<Pair<'a>>,
}

pub(crate) struct Pair<'a> {
    pub(crate) name: Cow<'a, str>,
    pub(crate) value: Cow<'a, str>,
}

impl<'a> Params<'a> {
    /// Reads a form body (`application/x-www-form-urlencoded`): `+` is a space.
    ///
    /// # Errors
    /// `MalformedQueryString` for a broken percent escape, `MalformedInput` for more than
    /// [`MAX_PARAMS`] parameters.
    pub fn from_form(body: &'a [u8]) -> Result<Self, Fault> {
        Self::parse(body, Plus::Space)
    }

    /// Reads a raw query string, without its `?`. What a `+` is, the signature tells where there is one.
    ///
    /// # Errors
    /// As [`Params::from_form`], and `InvalidQueryParameter` for a name that occurs more than once.
    pub fn from_query(query: &'a [u8], plus: Plus) -> Result<Self, Fault> {
        let params = Self::parse(query, plus)?;
        let mut neighbours = params.pairs.iter().zip(params.pairs.iter().skip(1));
        match neighbours.find(|(one, next)| one.name == next.name) {
            Some((repeated, _)) => Err(Fault::repeated_parameter(&repeated.name)),
            None => Ok(params),
        }
    }

    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        let first = self.pairs.partition_point(|pair| *pair.name < *name);
        let pair = self.pairs.get(first)?;
        (pair.name == name).then_some(&*pair.value)
    }

    /// The operation that the request asks for.
    pub fn action(&self) -> Option<&str> {
        self.get("Action")
    }

    /// The version of the service's API that the request speaks.
    pub fn version(&self) -> Option<&str> {
        self.get("Version")
    }

    /// All parameters as a tree, whose edges are the dots in their names.
    pub fn root(&self) -> Node<'_> {
        Node::root(&self.pairs)
    }

    /// All parameters, ordered by name; of equal names the first on the wire comes first.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|pair| (&*pair.name, &*pair.value))
    }

    fn parse(text: &'a [u8], plus: Plus) -> Result<Self, Fault> {
        let count = segments(text).count();
        if count > MAX_PARAMS {
            return Err(Fault::malformed_input());
        }
        let mut pairs = Vec::with_capacity(count);
        for segment in segments(text) {
            let (name, value) = halves(segment);
            pairs.push(Pair { name: unescape(name, plus)?, value: unescape(value, plus)? });
        }
        // Stable, so that the first of several equal names stays first.
        pairs.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Self { pairs })
    }
}

/// Shows names only: values can be passwords.
impl fmt::Debug for Pair<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.name, f)
    }
}

/// What a bare `+` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plus {
    /// A space, as in forms.
    Space,
    /// Itself.
    Literal,
}

/// What stands between ampersands, without what is empty.
fn segments(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let ends = memchr_iter(b'&', text).chain(std::iter::once(text.len()));
    let mut start = 0;
    let segments = ends.map(move |end| {
        let segment = text.get(start..end).unwrap_or_default();
        start = end + 1;
        segment
    });
    segments.filter(|segment| !segment.is_empty())
}

/// What stands before the first `=` and after it.
fn halves(segment: &[u8]) -> (&[u8], &[u8]) {
    let (name, value) = segment.split_at(memchr(b'=', segment).unwrap_or(segment.len()));
    (name, value.get(1..).unwrap_or_default())
}

fn unescape(text: &[u8], plus: Plus) -> Result<Cow<'_, str>, Fault> {
    let special = |text: &[u8]| match plus {
        Plus::Space => memchr2(b'%', b'+', text),
        Plus::Literal => memchr(b'%', text),
    };
    if special(text).is_none() {
        return Ok(
            std::str::from_utf8(text).map_or_else(|_| String::from_utf8_lossy(text), Cow::Borrowed)
        );
    }
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((literal, [byte, tail @ ..])) =
        special(rest).and_then(|at| rest.split_at_checked(at))
    {
        plain.extend_from_slice(literal);
        rest = tail;
        plain.push(if *byte == b'+' {
            b' '
        } else {
            let (escape, tail) = tail.split_at_checked(2).ok_or_else(Fault::incomplete_escape)?;
            rest = tail;
            hex_byte(escape)
                .ok_or_else(|| Fault::illegal_escape(&String::from_utf8_lossy(escape)))?
        });
    }
    plain.extend_from_slice(rest);
    Ok(match String::from_utf8(plain) {
        Ok(text) => text.into(),
        Err(invalid) => String::from_utf8_lossy(invalid.as_bytes()).into_owned().into(),
    })
}

fn hex_byte(escape: &[u8]) -> Option<u8> {
    escape.iter().try_fold(0u8, |byte, digit| {
        let digit = char::from(*digit).to_digit(16)?;
        Some(byte << 4 | u8::try_from(digit).ok()?)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_first_of_equal_names_of_a_form_wins() {
        let params = Params::from_form(b"Action=A&Version=1&Action=B").unwrap();
        assert_eq!(params.action(), Some("A"));
        assert_eq!(params.version(), Some("1"));
        assert_eq!(params.get("Other"), None);
        let spelt = Params::from_form(b"%41ction=A&Action=B&Tag+Key=1&Tag%20Key=2").unwrap();
        assert_eq!((spelt.action(), spelt.get("Tag Key")), (Some("A"), Some("1")));
    }

    #[test]
    fn a_query_string_names_a_parameter_once() {
        for (query, repeated) in [
            ("Action=A&Version=1&Action=B", Some("Action")),
            ("Action=A&Action=A", Some("Action")),
            ("%41ction=A&Action=B", Some("Action")),
            ("T.member.1.Key=a&T.member.2.Key=b&T.member.1.Key=c", Some("T.member.1.Key")),
            ("a&a=", Some("a")),
            ("=1&=2", Some("")),
            // These are other names, which no operation has.
            ("Action=A&action=B&Action+=C&Action%20=D", None),
            ("T.member.1=a&T.1=b&T.member.01=c&T=d", None),
        ] {
            let refusal = Params::from_query(query.as_bytes(), Plus::Literal).err();
            assert_eq!(refusal, repeated.map(Fault::repeated_parameter), "{query}");
        }
    }

    #[test]
    fn a_name_is_the_same_as_another_by_the_reading_of_its_plus() {
        let spelt = |plus| Params::from_query(b"A+B=1&A%20B=2&A%2BC=3&A+C=4", plus).err();
        assert_eq!(spelt(Plus::Space), Some(Fault::repeated_parameter("A B")));
        assert_eq!(spelt(Plus::Literal), Some(Fault::repeated_parameter("A+C")));
    }

    #[test]
    fn values_are_not_shown() {
        let params = Params::from_form(b"Password=hunter2").unwrap();
        let shown = format!("{params:?} {:?}", params.root().child("Password"));
        assert!(shown.contains("Password") && !shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn escapes_are_undone() {
        let form =
            Params::from_form("a%2Eb=x+y%26%c3%A9&bare&=nameless&&e=1=2".as_bytes()).unwrap();
        assert_eq!(form.get("a.b"), Some("x y&\u{e9}"));
        assert_eq!(form.get("bare"), Some(""));
        assert_eq!(form.get(""), Some("nameless"));
        assert_eq!(form.get("e"), Some("1=2"));
        for (plus, value) in [(Plus::Literal, "x+y+"), (Plus::Space, "x y+")] {
            assert_eq!(Params::from_query(b"a=x+y%2B", plus).unwrap().get("a"), Some(value));
        }
        assert_eq!(Params::from_form(b"a=%FF").unwrap().get("a"), Some("\u{fffd}"));
    }

    #[test]
    fn broken_escapes_are_refused_in_aws_words() {
        let refusal =
            |text: &'static str| Params::from_query(text.as_bytes(), Plus::Literal).unwrap_err();
        for text in ["a=%", "a=b%2", "%4=b"] {
            assert_eq!(refusal(text), Fault::incomplete_escape(), "{text}");
        }
        let illegal = refusal("a=%zz");
        assert_eq!(illegal.code, "MalformedQueryString");
        assert_eq!(illegal.message.unwrap(), "Illegal hex character in escape % pattern: %zz");
        // `+4` must not pass as a number.
        assert_eq!(refusal("a=%+4"), Fault::illegal_escape("+4"));
    }

    #[test]
    fn the_number_of_parameters_is_bounded() {
        assert!(Params::from_form("a&".repeat(MAX_PARAMS).as_bytes()).is_ok());
        let too_many = "a&".repeat(MAX_PARAMS + 1);
        let refused = Params::from_form(too_many.as_bytes()).unwrap_err();
        assert_eq!(refused, Fault::malformed_input());
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(bytes: Vec<u8>) {
            let _ = Params::from_form(&bytes);
            let _ = Params::from_query(&bytes, Plus::Literal);
            let _ = Params::from_query(&bytes, Plus::Space);
        }

        #[test]
        fn what_a_client_writes_is_what_we_read(name in "\\PC{1,20}", value in "\\PC*") {
            let form = form_urlencoded::Serializer::new(String::new())
                .append_pair(&name, &value)
                .finish();
            let params = Params::from_form(form.as_bytes()).unwrap();
            prop_assert_eq!(params.get(&name), Some(&*value));
        }
    }
}
