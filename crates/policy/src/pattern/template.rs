use std::borrow::Cow;

use super::glob::{Glob, GlobBuilder};
use crate::Version;
use crate::context::ConditionContext;

/// A pattern with wildcards in which policy variables may stand (IAM User Guide, "IAM policy
/// elements: variables and tags").
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Pattern {
    Fixed(Glob),
    Open(Template),
}

impl Pattern {
    pub(crate) fn new(text: &str, version: Version) -> Self {
        match Template::parse(text, version) {
            Some(template) => Self::Open(template),
            None => Self::Fixed(Glob::new(text)),
        }
    }

    /// `None` when a variable has no value: such a pattern matches nothing, and what that means is
    /// the caller's to say.
    pub(crate) fn matches(&self, text: &str, context: &dyn ConditionContext) -> Option<bool> {
        match self {
            Self::Fixed(glob) => Some(glob.matches(text)),
            Self::Open(template) => Some(template.glob(context)?.matches(text)),
        }
    }
}

/// Text compared whole, in which `*` and `?` mean themselves and policy variables may stand.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ExactText {
    Fixed(Box<str>),
    Open(Template),
}

impl ExactText {
    pub(crate) fn new(text: &str, version: Version) -> Self {
        match Template::parse(text, version) {
            Some(template) => Self::Open(template),
            None => Self::Fixed(text.into()),
        }
    }

    /// `None` when a variable has no value.
    pub(crate) fn resolve(&self, context: &dyn ConditionContext) -> Option<Cow<'_, str>> {
        match self {
            Self::Fixed(text) => Some(Cow::Borrowed(text)),
            Self::Open(template) => template.text(context).map(Cow::Owned),
        }
    }
}

/// Text with at least one `${…}`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Template(Box<[Piece]>);

#[derive(Debug, Clone, PartialEq)]
enum Piece {
    /// As written; its wildcards count where wildcards do.
    Text(Box<str>),
    /// `${*}`, `${?}`, `${$}`: the character itself.
    Literal(char),
    /// `${key}` or `${key, 'default'}`; the key in lower case.
    Variable { key: Box<str>, default: Option<Box<str>> },
}

impl Template {
    /// `None` for text without variables, and for every text of 2008, when `${` meant nothing.
    fn parse(text: &str, version: Version) -> Option<Self> {
        if version == Version::V2008 {
            return None;
        }
        let mut pieces = Vec::new();
        let mut rest = text;
        // An unterminated `${` is literal text.
        while let Some((before, inner, after)) = split_variable(rest) {
            if !before.is_empty() {
                pieces.push(Piece::Text(before.into()));
            }
            pieces.push(Piece::of(inner));
            rest = after;
        }
        if pieces.is_empty() {
            return None;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.into()));
        }
        Some(Self(pieces.into()))
    }

    /// Substituted values are literal: a wildcard in a tag's value is no wildcard.
    fn glob(&self, context: &dyn ConditionContext) -> Option<Glob> {
        let mut glob = GlobBuilder::default();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => glob.pattern(text),
                Piece::Literal(character) => glob.literal(character.encode_utf8(&mut [0; 4])),
                Piece::Variable { key, default } => {
                    glob.literal(&value_of(key, default.as_deref(), context)?);
                }
            }
        }
        Some(glob.build())
    }

    fn text(&self, context: &dyn ConditionContext) -> Option<String> {
        let mut text = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(piece) => text.push_str(piece),
                Piece::Literal(character) => text.push(*character),
                Piece::Variable { key, default } => {
                    text.push_str(&value_of(key, default.as_deref(), context)?);
                }
            }
        }
        Some(text)
    }
}

impl Piece {
    fn of(inner: &str) -> Self {
        match inner {
            "*" => return Self::Literal('*'),
            "?" => return Self::Literal('?'),
            "$" => return Self::Literal('$'),
            _ => {}
        }
        let default = inner
            .split_once(", '")
            .and_then(|(key, quoted)| quoted.strip_suffix('\'').map(|default| (key, default)));
        match default {
            Some((key, default)) => {
                Self::Variable { key: lower(key), default: Some(default.into()) }
            }
            None => Self::Variable { key: lower(inner), default: None },
        }
    }
}

/// The text before the first whole `${…}`, what stands inside it, and the text after it.
pub(super) fn split_variable(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("${")?;
    let (inner, after) = rest.split_once('}')?;
    Some((before, inner, after))
}

/// A multivalued key cannot be a variable.
fn value_of<'a>(
    key: &str,
    default: Option<&'a str>,
    context: &'a dyn ConditionContext,
) -> Option<Cow<'a, str>> {
    let value = context.get(key).and_then(|value| value.into_single_text());
    value.or(default.map(Cow::Borrowed))
}

fn lower(key: &str) -> Box<str> {
    key.to_ascii_lowercase().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::{ContextMap, ContextValue};

    fn context() -> ContextMap {
        ContextMap::new()
            .with("aws:username", "bob")
            .with("aws:PrincipalTag/Team", "red*")
            .with("aws:TagKeys", ContextValue::many(["a", "b"]))
    }

    #[test]
    fn text_is_substituted() {
        let cases = [
            ("${aws:username}", Some("bob")),
            ("x/${AWS:UserName}/y", Some("x/bob/y")),
            ("${aws:PrincipalTag/team}", Some("red*")),
            ("${aws:PrincipalTag/none, 'dflt'}", Some("dflt")),
            ("${aws:username, 'dflt'}", Some("bob")),
            ("${aws:none, ''}", Some("")),
            ("${aws:none}", None),
            ("${aws:none,'unspaced'}", None),
            ("${aws:TagKeys}", None),
            ("${*}${?}${$}", Some("*?$")),
            ("${aws:username", Some("${aws:username")),
            ("plain $ {text}", Some("plain $ {text}")),
        ];
        for (text, expected) in cases {
            let exact = ExactText::new(text, Version::V2012);
            assert_eq!(exact.resolve(&context()).as_deref(), expected, "{text}");
        }
        let old = ExactText::new("${aws:username}", Version::V2008);
        assert_eq!(old.resolve(&context()).as_deref(), Some("${aws:username}"));
    }

    #[test]
    fn substituted_wildcards_are_literal() {
        let matches =
            |pattern, text| Pattern::new(pattern, Version::V2012).matches(text, &context());
        assert_eq!(matches("${aws:PrincipalTag/team}/*", "red*/x"), Some(true));
        assert_eq!(matches("${aws:PrincipalTag/team}/*", "reddish/x"), Some(false));
        assert_eq!(matches("a${*}b", "a*b"), Some(true));
        assert_eq!(matches("a${*}b", "axb"), Some(false));
        assert_eq!(matches("${aws:none}*", "anything"), None);
    }
}
