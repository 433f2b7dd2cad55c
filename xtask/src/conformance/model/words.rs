//! Refusals in AWS's words.
//!
//! The forms are those of recorded answers; the crates under test have texts of their own.

use crate::facts::{Range, Text};

/// How a service words refusals: IAM leaves out the value and the words of an enumeration, STS does not (recorded from
/// AWS in 2026).
#[derive(Clone, Copy, Debug)]
pub(super) struct Wording {
    pub(super) shows_values: bool,
}

/// One thing that is wrong with an input.
#[derive(Clone, Debug)]
pub(super) enum Wrong {
    /// The service's framework says so, together with all else that is wrong.
    Clause(String),
    /// The service itself says so, if the framework has nothing to say.
    Sentence(String),
}

/// A broken constraint.
#[derive(Clone, Debug)]
pub(super) enum Constraint<'a> {
    NotNull,
    MinLength(i64),
    MaxLength(i64),
    MinValue(i64),
    MaxValue(i64),
    Pattern(&'a str),
    OneOf(&'a [String]),
    Elements(&'a Text),
    Keys(&'a Text),
    Values(&'a Text),
}

impl Wording {
    /// A clause; `value` is the value, if there is one that may be shown.
    pub(super) fn clause(
        self,
        value: Option<&str>,
        path: &str,
        constraint: &Constraint<'_>,
    ) -> Wrong {
        let shown = match (constraint, value) {
            (Constraint::NotNull, _) => "Value null".to_owned(),
            (_, Some(value)) if self.shows_values => format!("Value '{}'", as_xml_has_it(value)),
            _ => "Value".to_owned(),
        };
        let constraint = self.constraint(constraint);
        Wrong::Clause(format!("{shown} at '{path}' failed to satisfy constraint: {constraint}"))
    }

    /// The service's own sentence about a pattern.
    pub(super) fn sentence(path: &str, advice: &str) -> Wrong {
        Wrong::Sentence(format!("The specified value for {path} is invalid. {advice}"))
    }

    fn constraint(self, constraint: &Constraint<'_>) -> String {
        match constraint {
            Constraint::NotNull => "Member must not be null".to_owned(),
            Constraint::MinLength(n) => {
                format!("Member must have length greater than or equal to {n}")
            }
            Constraint::MaxLength(n) => {
                format!("Member must have length less than or equal to {n}")
            }
            Constraint::MinValue(n) => {
                format!("Member must have value greater than or equal to {n}")
            }
            Constraint::MaxValue(n) => format!("Member must have value less than or equal to {n}"),
            Constraint::Pattern(pattern) => {
                format!("Member must satisfy regular expression pattern: {pattern}")
            }
            Constraint::OneOf(words) if self.shows_values => {
                format!("Member must satisfy enum value set: [{}]", words.join(", "))
            }
            Constraint::OneOf(_) => "Member must satisfy enum value set".to_owned(),
            Constraint::Elements(text) => {
                let mut all = self.all(text);
                // Recorded so: where elements have a pattern, they must not be null, either.
                all.extend(text.pattern.as_ref().map(|_| self.constraint(&Constraint::NotNull)));
                format!("Member must satisfy constraint: [{}]", all.join(", "))
            }
            Constraint::Keys(text) => {
                format!("Map keys must satisfy constraint: [{}]", self.all(text).join(", "))
            }
            Constraint::Values(text) => {
                format!("Map value must satisfy constraint: [{}]", self.all(text).join(", "))
            }
        }
    }

    /// All that is asked of a text.
    fn all(self, text: &Text) -> Vec<String> {
        if !text.words.is_empty() {
            return vec![self.constraint(&Constraint::OneOf(&text.words))];
        }
        let Range { min, max } = text.length;
        let all = [
            max.map(Constraint::MaxLength),
            min.map(Constraint::MinLength),
            text.pattern.as_deref().map(Constraint::Pattern),
        ];
        all.iter().flatten().map(|constraint| self.constraint(constraint)).collect()
    }
}

/// A text as XML 1.0 can hold it: there is no way to write most control characters.
fn as_xml_has_it(text: &str) -> String {
    let is_control = |char: char| char < ' ' && !"\t\n\r".contains(char);
    let replaced = |char| match is_control(char) || "\u{FFFE}\u{FFFF}".contains(char) {
        true => char::REPLACEMENT_CHARACTER,
        false => char,
    };
    text.chars().map(replaced).collect()
}

/// Whether a message says all of this, and nothing else. The order of the clauses is left open.
pub(super) fn says(message: &str, wrong: &[Wrong]) -> bool {
    let clauses: Vec<&str> = wrong
        .iter()
        .filter_map(|wrong| match wrong {
            Wrong::Clause(clause) => Some(clause.as_str()),
            Wrong::Sentence(_) => None,
        })
        .collect();
    let head = match clauses.len() {
        0 => {
            return wrong
                .iter()
                .any(|wrong| matches!(wrong, Wrong::Sentence(sentence) if sentence == message));
        }
        1 => "1 validation error detected: ".to_owned(),
        n => format!("{n} validation errors detected: "),
    };
    let Some(mut rest) = message.strip_prefix(&head).map(str::to_owned) else { return false };
    let separators = "; ".len() * (clauses.len() - 1);
    let length: usize = clauses.iter().map(|clause| clause.len()).sum();
    if rest.len() != length + separators {
        return false;
    }
    clauses.iter().all(|clause| {
        let found = rest.find(clause);
        rest = rest.replacen(clause, "", 1);
        found.is_some()
    }) && rest.replace("; ", "").is_empty()
}

/// All that is wrong, for the reader.
pub(super) fn shown(wrong: &[Wrong]) -> String {
    let texts: Vec<&str> = wrong
        .iter()
        .map(|wrong| match wrong {
            Wrong::Clause(text) | Wrong::Sentence(text) => text.as_str(),
        })
        .collect();
    texts.join("; ")
}

/// Whether a message complains of a constraint of the model.
pub(super) fn complains(message: &str) -> bool {
    let (count, rest) = message.split_once(' ').unwrap_or_default();
    let counts = count.parse::<usize>().is_ok() && rest.starts_with("validation error");
    counts || message.starts_with("The specified value for ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const IAM: Wording = Wording { shows_values: false };
    const STS: Wording = Wording { shows_values: true };

    #[test]
    fn words_are_as_recorded() {
        let text = |wrong: &Wrong| shown(std::slice::from_ref(wrong));
        let words = ["Active".to_owned(), "Inactive".to_owned()];
        assert_eq!(
            text(&IAM.clause(Some("x"), "status", &Constraint::OneOf(&words))),
            "Value at 'status' failed to satisfy constraint: Member must satisfy enum value set"
        );
        assert_eq!(
            text(&STS.clause(Some("a b"), "roleSessionName", &Constraint::MinLength(2))),
            "Value 'a b' at 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2"
        );
        assert_eq!(
            text(&IAM.clause(None, "userName", &Constraint::NotNull)),
            "Value null at 'userName' failed to satisfy constraint: Member must not be null"
        );
    }

    #[test]
    fn a_message_says_all_and_nothing_else() {
        let clause = |path: &str| IAM.clause(None, path, &Constraint::NotNull);
        let Wrong::Clause(a) = clause("a") else { panic!("a clause") };
        let Wrong::Clause(b) = clause("b") else { panic!("a clause") };
        let both = [clause("a"), clause("b")];
        assert!(says(&format!("2 validation errors detected: {b}; {a}"), &both));
        assert!(!says(&format!("2 validation errors detected: {a}; {a}"), &both));
        assert!(!says(&format!("1 validation error detected: {a}"), &both));
        assert!(!says(&format!("1 validation error detected: {a}; {b}"), &both[..1]));
        let sentence = [Wording::sentence("path", "No.")];
        assert!(says("The specified value for path is invalid. No.", &sentence));
        assert!(!says("The specified value for path is invalid.", &sentence));
    }

    #[test]
    fn complaints_are_known() {
        assert!(
            complains("1 validation error detected: x") && complains("The specified value for a")
        );
        assert!(!complains("ARN x is not valid.") && !complains("") && !complains("1 thing"));
    }
}
