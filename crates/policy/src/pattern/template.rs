use std::borrow::Cow;

use daypass_ident::fold_case;

use super::glob::{Glob, GlobBuilder};
use crate::Version;
use crate::context::{ConditionContext, ContextValue};

/// A pattern with wildcards in which policy variables may stand (IAM User Guide, "IAM policy
/// elements: variables and tags").
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Pattern {
    Fixed(Glob),
    Open(Template),
}

impl Pattern {
    pub(crate) fn new(text: &str, version: Version) -> Self {
        match Template::pattern(text, version) {
            Some(template) => Self::Open(template),
            None => Self::Fixed(Glob::new(text)),
        }
    }

    /// `None` when a variable has no value: such a pattern matches nothing, and what that means is
    /// the caller's to say.
    pub(crate) fn matches(&self, text: &str, context: &dyn ConditionContext) -> Option<bool> {
        match self {
            Self::Fixed(glob) => Some(glob.matches(text)),
            Self::Open(template) => template.matches(text, context),
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
        match Template::exact(text, version) {
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
pub(crate) struct Template {
    /// All before the first wildcard.
    beginning: Box<[Piece]>,
    end: End,
}

/// What follows the beginning.
#[derive(Debug, Clone, PartialEq)]
enum End {
    Nothing,
    /// A single `*`.
    Anything,
    Pattern(Box<[Piece]>),
}

#[derive(Debug, Clone, PartialEq)]
enum Piece {
    /// As written; in an [`End::Pattern`], its wildcards count.
    Text(Box<str>),
    /// `${*}`, `${?}`, `${$}`: the character itself.
    Literal(&'static str),
    /// `${key}` or `${key, 'default'}`; the key in lower case.
    Variable { key: Box<str>, default: Option<Box<str>> },
}

impl Template {
    /// `None` for text without variables, and for every text of 2008, when `${` meant nothing.
    pub(crate) fn pattern(text: &str, version: Version) -> Option<Self> {
        let mut pieces = pieces(text, version)?;
        let wildcard = pieces.iter().enumerate().find_map(|(at, piece)| match piece {
            Piece::Text(text) => Some((at, text.split_at_checked(text.find(['*', '?'])?)?)),
            _ => None,
        });
        let Some((at, (before, wild))) = wildcard else {
            return Some(Self { beginning: pieces.into(), end: End::Nothing });
        };
        let (before, wild) = (Piece::Text(before.into()), Piece::Text(wild.into()));
        let after = pieces.split_off(at + 1);
        pieces.truncate(at);
        pieces.push(before);
        let end = match (&wild, after.is_empty()) {
            (Piece::Text(text), true) if **text == *"*" => End::Anything,
            _ => End::Pattern([wild].into_iter().chain(after).collect()),
        };
        Some(Self { beginning: pieces.into(), end })
    }

    /// Likewise, for text in which wildcards mean themselves.
    pub(crate) fn exact(text: &str, version: Version) -> Option<Self> {
        Some(Self { beginning: pieces(text, version)?.into(), end: End::Nothing })
    }

    /// `None` when a variable has no value, whatever the text. Substituted values are literal: a
    /// wildcard in a tag's value is no wildcard.
    pub(crate) fn matches(&self, text: &str, context: &dyn ConditionContext) -> Option<bool> {
        let mut rest = Some(text);
        for piece in &self.beginning {
            let value = piece.value(context)?;
            rest = rest.and_then(|rest| rest.strip_prefix(&*value));
        }
        Some(match &self.end {
            End::Nothing => rest.is_some_and(str::is_empty),
            End::Anything => rest.is_some(),
            End::Pattern(pieces) => {
                let glob = glob(pieces, context)?;
                rest.is_some_and(|rest| glob.matches(rest))
            }
        })
    }

    /// The text that an exact template stands for; `None` when a variable has no value.
    pub(crate) fn text(&self, context: &dyn ConditionContext) -> Option<String> {
        let mut text = String::new();
        for piece in &self.beginning {
            text.push_str(&piece.value(context)?);
        }
        Some(text)
    }
}

fn pieces(text: &str, version: Version) -> Option<Vec<Piece>> {
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
    Some(pieces)
}

fn glob(pieces: &[Piece], context: &dyn ConditionContext) -> Option<Glob> {
    let mut glob = GlobBuilder::default();
    for piece in pieces {
        match piece {
            Piece::Text(text) => glob.pattern(text),
            Piece::Literal(_) | Piece::Variable { .. } => glob.literal(&piece.value(context)?),
        }
    }
    Some(glob.build())
}

impl Piece {
    fn of(inner: &str) -> Self {
        match inner {
            "*" => return Self::Literal("*"),
            "?" => return Self::Literal("?"),
            "$" => return Self::Literal("$"),
            _ => {}
        }
        let default = inner
            .split_once(", '")
            .and_then(|(key, quoted)| quoted.strip_suffix('\'').map(|default| (key, default)));
        match default {
            Some((key, default)) => {
                Self::Variable { key: fold_case(key).into(), default: Some(default.into()) }
            }
            None => Self::Variable { key: fold_case(inner).into(), default: None },
        }
    }

    /// What the piece stands for. A multivalued key cannot be a variable.
    fn value<'a>(&'a self, context: &'a dyn ConditionContext) -> Option<Cow<'a, str>> {
        match self {
            Self::Text(text) => Some(Cow::Borrowed(text)),
            Self::Literal(text) => Some(Cow::Borrowed(text)),
            Self::Variable { key, default } => context
                .get(key)
                .and_then(ContextValue::into_single_text)
                .or(default.as_deref().map(Cow::Borrowed)),
        }
    }
}

/// The text before the first whole `${…}`, what stands inside it, and the text after it.
fn split_variable(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("${")?;
    let (inner, after) = rest.split_once('}')?;
    Some((before, inner, after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::ContextMap;

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
