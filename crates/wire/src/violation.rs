use std::fmt::{self, Write};

use crate::rule::length_of;
use crate::{Bounds, ConstraintTexts, Fault, Pattern, TextRule};

/// The broken constraints of one request, and the place that is being looked at.
#[derive(Debug)]
pub(crate) struct Violations {
    texts: ConstraintTexts,
    path: Vec<Step>,
    clauses: Vec<String>,
    /// The first refusal that a service words in its own way.
    advice: Option<String>,
    advised: usize,
}

#[derive(Debug)]
enum Step {
    Member(&'static str),
    Element(usize),
    Entry(String),
}

/// How a refusal shows the value that it refuses.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shown<'v> {
    Null,
    Hidden,
    Text(&'v str),
    Number(i32),
    Texts(&'v [&'v str]),
}

impl Violations {
    pub(crate) const fn new(texts: ConstraintTexts) -> Self {
        Self { texts, path: Vec::new(), clauses: Vec::new(), advice: None, advised: 0 }
    }

    /// How refusals are worded.
    pub(crate) const fn texts(&self) -> ConstraintTexts {
        self.texts
    }

    pub(crate) fn enter(&mut self, member: &'static str) {
        self.path.push(Step::Member(member));
    }

    pub(crate) fn enter_element(&mut self, index: usize) {
        self.path.push(Step::Element(index));
    }

    pub(crate) fn enter_entry(&mut self, key: &str) {
        self.path.push(Step::Entry(key.to_owned()));
    }

    pub(crate) fn leave(&mut self) {
        self.path.pop();
    }

    /// Records a broken constraint of the value at the current place.
    pub(crate) fn add(&mut self, value: Shown<'_>, constraint: impl fmt::Display) {
        let value = match (self.texts, value) {
            (ConstraintTexts::WithValues, value) | (_, value @ Shown::Null) => value,
            (ConstraintTexts::WithoutValues, _) => Shown::Hidden,
        };
        let path = Path(&self.path);
        self.clauses
            .push(format!("{value} at '{path}' failed to satisfy constraint: {constraint}"));
    }

    /// Records what is wrong with a text.
    pub(crate) fn judge(&mut self, text: &str, rule: &TextRule) {
        let shown = if rule.sensitive { Shown::Hidden } else { Shown::Text(text) };
        if let Some(pattern) = rule.pattern.filter(|pattern| !pattern.matches(text)) {
            match pattern.advice() {
                Some(advice) => self.advise(advice),
                None => self.add(shown, Constraint::Pattern(pattern)),
            }
        }
        self.judge_length(shown, length_of(text), rule.length);
    }

    /// Records what is wrong with a length or a size.
    pub(crate) fn judge_length(&mut self, shown: Shown<'_>, length: i64, bounds: Bounds) {
        if let Some(min) = bounds.too_small(length) {
            self.add(shown, Constraint::MinLength(min));
        }
        if let Some(max) = bounds.too_great(length) {
            self.add(shown, Constraint::MaxLength(max));
        }
    }

    /// How many constraints were found broken so far.
    pub(crate) fn count(&self) -> usize {
        self.clauses.len() + self.advised
    }

    /// The refusal of the request, if anything was recorded.
    ///
    /// The constraints that the service's framework checks come first: a service says its own
    /// sentence only about a request that got through them.
    pub(crate) fn into_fault(self) -> Option<Fault> {
        let message = match self.clauses.len() {
            0 => self.advice?,
            1 => format!("1 validation error detected: {}", self.clauses.concat()),
            n => format!("{n} validation errors detected: {}", self.clauses.join("; ")),
        };
        Some(Fault::validation(message))
    }

    fn advise(&mut self, advice: &'static str) {
        self.advised += 1;
        let path = Path(&self.path);
        self.advice
            .get_or_insert_with(|| format!("The specified value for {path} is invalid. {advice}"));
    }
}

/// A constraint in AWS's words.
#[derive(Debug)]
pub(crate) enum Constraint<'c> {
    NotNull,
    MinLength(i64),
    MaxLength(i64),
    MinValue(i64),
    MaxValue(i64),
    Pattern(&'c Pattern),
    /// One of these words, if they are named.
    OneOf(Option<Vec<&'static str>>),
    EachElement(&'c TextRule),
    EachElementOneOf(Option<Vec<&'static str>>),
    EachKey(&'c TextRule),
    EachValue(&'c TextRule),
}

impl fmt::Display for Constraint<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotNull => f.write_str("Member must not be null"),
            Self::MinLength(n) => write!(f, "Member must have length greater than or equal to {n}"),
            Self::MaxLength(n) => write!(f, "Member must have length less than or equal to {n}"),
            Self::MinValue(n) => write!(f, "Member must have value greater than or equal to {n}"),
            Self::MaxValue(n) => write!(f, "Member must have value less than or equal to {n}"),
            Self::Pattern(pattern) => {
                let shown = pattern.shown();
                write!(f, "Member must satisfy regular expression pattern: {shown}")
            }
            Self::OneOf(words) => {
                f.write_str("Member must satisfy enum value set")?;
                words.iter().try_for_each(|words| write!(f, ": [{}]", words.join(", ")))
            }
            Self::EachElement(rule) => {
                // Elements with a pattern must not be null, either; those without one end before it
                // (as recorded).
                let not_null =
                    if rule.pattern.is_some() { ", Member must not be null" } else { "" };
                write!(f, "Member must satisfy constraint: [{}{not_null}]", All(rule))
            }
            Self::EachElementOneOf(words) => {
                f.write_str("Member must satisfy constraint: [Member must satisfy enum value set")?;
                words.iter().try_for_each(|words| write!(f, ": [{}]", words.join(", ")))?;
                f.write_char(']')
            }
            Self::EachKey(rule) => write!(f, "Map keys must satisfy constraint: [{}]", All(rule)),
            Self::EachValue(rule) => {
                write!(f, "Map value must satisfy constraint: [{}]", All(rule))
            }
        }
    }
}

/// Every constraint of a rule, as refusals of whole lists enumerate them.
struct All<'r>(&'r TextRule);

impl fmt::Display for All<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Bounds { min, max } = self.0.length;
        let constraints = [
            max.map(Constraint::MaxLength),
            min.map(Constraint::MinLength),
            self.0.pattern.map(Constraint::Pattern),
        ];
        for (index, constraint) in constraints.iter().flatten().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{constraint}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("Value null"),
            Self::Hidden => f.write_str("Value"),
            Self::Text(text) => write!(f, "Value '{text}'"),
            Self::Number(number) => write!(f, "Value '{number}'"),
            Self::Texts(texts) => write!(f, "Value '[{}]'", texts.join(", ")),
        }
    }
}

/// A place as AWS writes it: `tags.1.member.key`.
struct Path<'p>(&'p [Step]);

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_char('.')?;
            }
            match step {
                Step::Member(name) => {
                    let mut letters = name.chars();
                    letters
                        .next()
                        .map_or(Ok(()), |first| f.write_char(first.to_ascii_lowercase()))?;
                    f.write_str(letters.as_str())?;
                }
                Step::Element(number) => write!(f, "{number}.member")?,
                Step::Entry(key) => write!(f, "{key}.member")?,
            }
        }
        Ok(())
    }
}
