//! The condition keys of a request and their values.

use std::borrow::Cow;
use std::collections::HashMap;
use std::net::IpAddr;

use daypass_ident::fold_case;
use jiff::Timestamp;

/// Gives the condition keys that a request carries.
pub trait ConditionContext {
    /// The value of a key, or `None` when the request does not carry it.
    ///
    /// `key` is as [`fold_case`] gives it, tag keys included: `aws:principaltag/team`. Names of the
    /// request are compared with it by [`daypass_ident::eq_ignore_case`].
    fn get(&self, key: &str) -> Option<ContextValue<'_>>;

    /// Whether the key is one that may have several values, be it that this request lacks it. The
    /// value of such a key is [`ContextValue::Many`], however many there are. `key` is as for
    /// [`get`](Self::get).
    ///
    /// Explanations ask for it, decisions do not. Where it is not known of absent keys, they count
    /// as single-valued.
    fn is_multivalued(&self, key: &str) -> bool {
        matches!(self.get(key), Some(ContextValue::Many(_)))
    }
}

/// No condition keys at all.
impl ConditionContext for () {
    fn get(&self, _key: &str) -> Option<ContextValue<'_>> {
        None
    }
}

/// The value of one condition key.
#[derive(Debug, Clone, PartialEq)]
pub enum ContextValue<'a> {
    /// Text, an ARN among it.
    Text(Cow<'a, str>),
    /// A key that may have several values, such as `aws:TagKeys`, even if this request has one or
    /// none of them. Conditions hold for it with a set operator only (IAM User Guide, "Multivalued
    /// context keys"). None at all counts as absent.
    Many(Cow<'a, [Cow<'a, str>]>),
    /// A whole number.
    Number(i64),
    /// True or false.
    Bool(bool),
    /// A point in time.
    Date(Timestamp),
    /// An IP address.
    Ip(IpAddr),
}

impl<'a> ContextValue<'a> {
    /// A multivalued key's values.
    pub fn many<T: Into<Cow<'a, str>>>(values: impl IntoIterator<Item = T>) -> Self {
        Self::Many(values.into_iter().map(Into::into).collect())
    }

    /// The same value, borrowed.
    #[must_use]
    pub fn borrow(&self) -> ContextValue<'_> {
        match self {
            Self::Text(text) => ContextValue::Text(Cow::Borrowed(text)),
            Self::Many(values) => ContextValue::Many(Cow::Borrowed(values)),
            Self::Number(number) => ContextValue::Number(*number),
            Self::Bool(value) => ContextValue::Bool(*value),
            Self::Date(date) => ContextValue::Date(*date),
            Self::Ip(address) => ContextValue::Ip(*address),
        }
    }

    /// The value as a policy variable is replaced by it; `None` for a multivalued key.
    pub(crate) fn into_single_text(self) -> Option<Cow<'a, str>> {
        Some(match self {
            Self::Text(text) => text,
            Self::Many(_) => return None,
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Bool(value) => Cow::Borrowed(if value { "true" } else { "false" }),
            Self::Date(date) => Cow::Owned(date.to_string()),
            Self::Ip(address) => Cow::Owned(address.to_string()),
        })
    }

    /// Whether it is a multivalued key without any.
    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, Self::Many(values) if values.is_empty())
    }

    /// The value, or none for a multivalued key.
    pub(crate) fn scalar(&self) -> Option<Scalar<'_>> {
        Some(match self {
            Self::Text(text) => Scalar::Text(text),
            Self::Many(_) => return None,
            Self::Number(number) => Scalar::Number(*number),
            Self::Bool(value) => Scalar::Bool(*value),
            Self::Date(date) => Scalar::Date(*date),
            Self::Ip(address) => Scalar::Ip(*address),
        })
    }

    /// Each value by itself.
    pub(crate) fn scalars(&self) -> impl Iterator<Item = Scalar<'_>> {
        let many = if let Self::Many(values) = self { values.as_ref() } else { &[] };
        self.scalar().into_iter().chain(many.iter().map(|text| Scalar::Text(text)))
    }
}

impl<'a> From<&'a str> for ContextValue<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for ContextValue<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<i64> for ContextValue<'_> {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for ContextValue<'_> {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<Timestamp> for ContextValue<'_> {
    fn from(date: Timestamp) -> Self {
        Self::Date(date)
    }
}

impl From<IpAddr> for ContextValue<'_> {
    fn from(address: IpAddr) -> Self {
        Self::Ip(address)
    }
}

/// One value of a condition key.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Scalar<'a> {
    Text(&'a str),
    Number(i64),
    Bool(bool),
    Date(Timestamp),
    Ip(IpAddr),
}

impl<'a> Scalar<'a> {
    pub(crate) fn text(self) -> Cow<'a, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Bool(value) => Cow::Borrowed(if value { "true" } else { "false" }),
            Self::Date(date) => Cow::Owned(date.to_string()),
            Self::Ip(address) => Cow::Owned(address.to_string()),
        }
    }
}

/// Condition keys kept in a map: for simulations and tests.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ContextMap(HashMap<String, ContextValue<'static>, foldhash::fast::RandomState>);

impl ContextMap {
    /// No keys.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// These keys and one more; the case of its name means nothing.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<ContextValue<'static>>) -> Self {
        self.insert(key, value);
        self
    }

    /// Adds a key, or replaces its value.
    pub fn insert(&mut self, key: &str, value: impl Into<ContextValue<'static>>) {
        self.0.insert(fold_case(key).into_owned(), value.into());
    }
}

impl ConditionContext for ContextMap {
    fn get(&self, key: &str) -> Option<ContextValue<'_>> {
        self.0.get(key).map(ContextValue::borrow)
    }
}
