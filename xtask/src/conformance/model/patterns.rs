//! Texts that satisfy the patterns of the models, and texts that do not, from a table.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;

use crate::facts::Range;

/// The table, by the pattern.
#[derive(Debug)]
pub(super) struct Patterns(BTreeMap<String, Row>);

/// What `patterns.toml` says of a pattern.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Row {
    text: String,
    head: String,
    fill: String,
    tail: String,
    strangers: Vec<String>,
    samples: Vec<String>,
    refused: Vec<String>,
    empty: bool,
    least: Option<usize>,
    most: Option<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    pattern: Vec<Row>,
}

impl Patterns {
    /// Reads the table.
    ///
    /// # Errors
    ///
    /// It is not as it should be.
    pub(super) fn read() -> Result<Self> {
        let table: Table = toml::from_str(include_str!("patterns.toml"))?;
        let mut rows = BTreeMap::new();
        for mut row in table.pattern {
            for text in row.samples.iter_mut().chain(&mut row.refused) {
                *text = expanded(text).with_context(|| text.clone())?;
            }
            ensure!(row.is_tested(), "`{}` has nothing that it refuses", row.text);
            let text = row.text.clone();
            ensure!(rows.insert(text.clone(), row).is_none(), "`{text}` is there twice");
        }
        Ok(Self(rows))
    }

    /// What is known of a pattern.
    ///
    /// # Errors
    ///
    /// The model has a pattern that the table lacks.
    pub(super) fn row(&self, pattern: &str) -> Result<&Row> {
        self.0.get(pattern).with_context(|| format!("patterns.toml has no pattern '{pattern}'"))
    }

    /// The patterns that the table has.
    #[cfg(test)]
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl Row {
    /// A text of this length, in characters, which the pattern accepts unless the length is one that it refuses itself
    /// ([`accepts_length`](Self::accepts_length)).
    pub(super) fn of_length(&self, length: usize) -> Option<String> {
        let is_long = |text: &&String| text.chars().count() == length;
        if let Some(sample) = self.samples.iter().find(is_long) {
            return Some(sample.clone());
        }
        let ends = self.head.chars().count() + self.tail.chars().count();
        let Some(middle) = length.checked_sub(ends) else {
            // Too short even for the pattern.
            return (!self.accepts_length(length))
                .then(|| self.head.chars().take(length).collect());
        };
        if self.fill.is_empty() && middle > 0 {
            return None;
        }
        let fill: String = self.fill.chars().cycle().take(middle).collect();
        Some(format!("{}{fill}{}", self.head, self.tail))
    }

    /// Whether a text that [`of_length`](Self::of_length) gives is accepted.
    pub(super) fn accepts_length(&self, length: usize) -> bool {
        (self.empty || length > 0)
            && self.least.is_none_or(|least| length >= least)
            && self.most.is_none_or(|most| length <= most)
    }

    /// Texts of allowed lengths that the pattern accepts.
    pub(super) fn accepted(&self, length: Range) -> Vec<String> {
        let mut texts: Vec<String> =
            self.samples.iter().filter(|text| is_within(text, length)).cloned().collect();
        // One with all characters of the class.
        let all = self.head.chars().count() + self.fill.chars().count() + self.tail.chars().count();
        let is_class = !self.fill.is_empty();
        texts.extend(is_class.then(|| self.of_length(clamped(all, length))).flatten());
        texts
    }

    /// Texts of allowed lengths that the pattern refuses.
    pub(super) fn refused(&self, length: Range) -> Vec<String> {
        let whole = self.refused.iter().filter(|text| is_within(text, length)).cloned();
        let before = clamped(4, length).saturating_sub(1);
        let spoiled = self.strangers.iter().filter_map(|stranger| {
            let text: String = self.fill.chars().cycle().take(before).collect();
            Some(text + stranger).filter(|text| is_within(text, length))
        });
        whole.chain(spoiled).collect()
    }

    fn is_tested(&self) -> bool {
        let class = !self.fill.is_empty() && !self.strangers.is_empty();
        class || !(self.samples.is_empty() || self.refused.is_empty())
    }
}

/// A length near this one that is allowed.
pub(super) fn clamped(length: usize, Range { min, max }: Range) -> usize {
    let bound = |bound: i64| usize::try_from(bound).unwrap_or_default();
    length.max(min.map_or(0, bound)).min(max.map_or(usize::MAX, bound))
}

fn is_within(text: &str, length: Range) -> bool {
    let count = text.chars().count();
    clamped(count, length) == count
}

/// The text with `x{9}` written out.
fn expanded(text: &str) -> Result<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (count, after) = after.split_once('}').context("a brace is open")?;
        let repeated = before.chars().next_back().context("nothing is before the brace")?;
        let more = count.parse::<usize>()?.checked_sub(1).context("none of a character")?;
        out += before;
        out.extend(std::iter::repeat_n(repeated, more));
        rest = after;
    }
    Ok(out + rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Facts, SERVICES, Shape};

    const ANY: Range = Range { min: None, max: None };

    #[test]
    fn every_row_has_a_pattern() {
        let patterns = Patterns::read().unwrap();
        let facts: Vec<Facts> =
            SERVICES.iter().map(|(name, _)| Facts::read(name).unwrap()).collect();
        let used: Vec<&str> = facts
            .iter()
            .flat_map(|facts| facts.shapes.values())
            .filter_map(|shape| match shape {
                Shape::String(text) => text.pattern.as_deref(),
                _ => None,
            })
            .collect();
        for pattern in patterns.all() {
            assert!(used.contains(&pattern), "{pattern}");
        }
    }

    #[test]
    fn repetitions_are_written_out() {
        assert_eq!(expanded("p-a{3}b{1}").unwrap(), "p-aaab");
        assert!(expanded("{3}").is_err() && expanded("a{0}").is_err() && expanded("a{3").is_err());
    }

    #[test]
    fn texts_have_the_length_that_is_wanted() {
        let patterns = Patterns::read().unwrap();
        let path = patterns.row(r"(\u002F)|(\u002F[\u0021-\u007E]+\u002F)").unwrap();
        assert_eq!(path.of_length(1).unwrap(), "/");
        assert_eq!(path.of_length(6).unwrap(), "/aZ9!/");
        let alias = patterns.row("^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$").unwrap();
        assert!(!alias.accepts_length(2) && alias.accepts_length(3) && !alias.accepts_length(64));
    }

    /// The regex crate reads most of the patterns as Java does.
    #[test]
    fn the_table_is_right() {
        let patterns = Patterns::read().unwrap();
        let mut checked = 0;
        for pattern in patterns.all() {
            let ours = pattern
                .replace(r"\u", r"\x")
                .replace(r"\w", "0-9A-Za-z_")
                .replace(r"\d{", "[0-9]{")
                .replace(r"\d", "0-9")
                .replace("9a-z-\\/", "9a-z\\-/");
            let needs_java = pattern.contains("(?!") || pattern.contains(r"\u10000");
            if needs_java {
                continue;
            }
            let ours = four_digits(&ours);
            let regex = regex::Regex::new(&format!(r"\A(?:{ours})\z")).unwrap();
            let row = patterns.row(pattern).unwrap();
            for text in row.accepted(ANY) {
                assert!(regex.is_match(&text), "{pattern}: {text:?}");
            }
            for text in row.refused(ANY) {
                assert!(!regex.is_match(&text), "{pattern}: {text:?}");
            }
            assert_eq!(regex.is_match(""), row.empty, "{pattern}");
            checked += 1;
        }
        assert!(checked > 20, "{checked}");
    }

    /// `\x002F` as `\x{002F}`.
    fn four_digits(pattern: &str) -> String {
        let mut parts = pattern.split(r"\x");
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (digits, rest) = part.split_at(4);
            out += &format!(r"\x{{{digits}}}{rest}");
        }
        out
    }
}
