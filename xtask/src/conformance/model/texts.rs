//! Texts at the constraints of a shape, and just past them.

use anyhow::{Context as _, Result};

use super::Kind;
use super::patterns::{Patterns, clamped};
use super::words::Constraint;
use crate::facts::Text;

/// A text, and what it breaks.
#[derive(Debug)]
pub(super) struct Input<'a> {
    /// Which constraint it is about.
    pub(super) kind: Kind,
    pub(super) text: String,
    pub(super) broken: Vec<Constraint<'a>>,
}

/// A text that breaks nothing.
pub(super) fn valid(patterns: &Patterns, text: &Text) -> Result<String> {
    if let Some(word) = text.words.first() {
        return Ok(word.clone());
    }
    match &text.pattern {
        None => Ok("a".repeat(clamped(8, text.length))),
        Some(pattern) => {
            let accepted = patterns.row(pattern)?.accepted(text.length);
            accepted.first().cloned().with_context(|| format!("'{pattern}': no sample"))
        }
    }
}

/// Texts at and past every constraint.
pub(super) fn inputs<'a>(patterns: &Patterns, text: &'a Text) -> Result<Vec<Input<'a>>> {
    let mut inputs = Vec::new();
    if !text.words.is_empty() {
        let accepted = text.words.iter().map(|word| (word.clone(), true));
        let other_case = text.words.iter().map(|word| swapped(word));
        let strange = ["", "nonsense"].map(str::to_owned).into_iter().chain(other_case);
        let refused = strange.filter(|word| !text.words.contains(word)).map(|word| (word, false));
        inputs.extend(accepted.chain(refused).map(|(word, is_accepted)| {
            let broken = match is_accepted {
                true => vec![],
                false => vec![Constraint::OneOf(&text.words)],
            };
            Input { kind: Kind::Enumeration, text: word, broken }
        }));
        return Ok(inputs);
    }
    if let Some(min) = text.length.min {
        inputs.push(of_length(patterns, text, Kind::MinLength, min, vec![])?);
        if min > 0 {
            let broken = vec![Constraint::MinLength(min)];
            inputs.push(of_length(patterns, text, Kind::MinLength, min - 1, broken)?);
        }
    }
    if let Some(max) = text.length.max {
        inputs.push(of_length(patterns, text, Kind::MaxLength, max, vec![])?);
        let broken = vec![Constraint::MaxLength(max)];
        inputs.push(of_length(patterns, text, Kind::MaxLength, max + 1, broken)?);
    }
    if let Some(pattern) = &text.pattern {
        let row = patterns.row(pattern)?;
        let kind = Kind::Pattern;
        let accepted = row.accepted(text.length).into_iter();
        inputs.extend(accepted.map(|text| Input { kind, text, broken: vec![] }));
        let refused = row.refused(text.length).into_iter();
        inputs.extend(refused.map(|text| Input {
            kind,
            text,
            broken: vec![Constraint::Pattern(pattern)],
        }));
    }
    Ok(inputs)
}

fn of_length<'a>(
    patterns: &Patterns,
    text: &'a Text,
    kind: Kind,
    length: i64,
    mut broken: Vec<Constraint<'a>>,
) -> Result<Input<'a>> {
    let length = usize::try_from(length)?;
    let value = match &text.pattern {
        None => "a".repeat(length),
        Some(pattern) => {
            let row = patterns.row(pattern)?;
            if !row.accepts_length(length) {
                broken.push(Constraint::Pattern(pattern));
            }
            let value = row.of_length(length);
            value.with_context(|| format!("'{pattern}': no text of {length} characters"))?
        }
    };
    Ok(Input { kind, text: value, broken })
}

/// The word with its first letter in the other case.
fn swapped(word: &str) -> String {
    let mut chars = word.chars();
    let first = chars.next().map(|char| match char.is_ascii_uppercase() {
        true => char.to_ascii_lowercase(),
        false => char.to_ascii_uppercase(),
    });
    first.into_iter().chain(chars).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Range;

    fn lengths(text: &Text) -> Vec<(usize, usize)> {
        let inputs = inputs(&Patterns::read().unwrap(), text).unwrap();
        inputs.iter().map(|input| (input.text.chars().count(), input.broken.len())).collect()
    }

    #[test]
    fn lengths_are_at_and_past_the_bounds() {
        let length = Range { min: Some(2), max: Some(4) };
        let text = Text { length, ..Text::default() };
        assert_eq!(lengths(&text), [(2, 0), (1, 1), (4, 0), (5, 1)]);
        let from_nothing = Text { length: Range { min: Some(0), max: None }, ..Text::default() };
        assert_eq!(lengths(&from_nothing), [(0, 0)]);
    }

    #[test]
    fn words_are_exact() {
        let text = Text { words: vec!["On".to_owned()], ..Text::default() };
        let inputs = inputs(&Patterns::read().unwrap(), &text).unwrap();
        let words: Vec<_> = inputs.iter().map(|it| (it.text.as_str(), it.broken.len())).collect();
        assert_eq!(words, [("On", 0), ("", 1), ("nonsense", 1), ("on", 1)]);
    }

    #[test]
    fn an_empty_text_can_break_two_constraints() {
        let length = Range { min: Some(1), max: None };
        let text = Text { length, pattern: Some("[ -~]+".to_owned()), ..Text::default() };
        let inputs = inputs(&Patterns::read().unwrap(), &text).unwrap();
        let empty = inputs.iter().find(|input| input.text.is_empty()).unwrap();
        assert_eq!(empty.broken.len(), 2);
    }
}
