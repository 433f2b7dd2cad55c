//! A report for people. It may hold whatever others wrote into policies and requests, so each value is
//! escaped as one that stands within a line.

use std::fmt::{self, Formatter};

use daypass_ident::printable_line;

use super::parts::{
    ReportedCondition, ReportedElement, ReportedPolicy, ReportedStatement, ReportedValue,
};
use super::{Outcome, Report};
use crate::explain::PolicyVerdict;

/// The decision first, then what decided it, then what else bears on it, then what would turn it.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.write_decision(f)?;
        if let Some((policy, statement)) = self.deciding_statement() {
            let index = self.decided_by.and_then(|by| by.statement).unwrap_or_default();
            let (place, name) = (statement.place(index), policy.name());
            let (place, name) = (printable_line(&place), printable_line(&name));
            writeln!(f, "\nDecided by {place} of the {name}")?;
            statement.write_matches(f)?;
        }
        if !self.policies.is_empty() {
            writeln!(f, "\nThe policies that were asked")?;
        }
        for (index, policy) in self.policies.iter().enumerate() {
            let decided = self.decided_by.filter(|by| by.policy == Some(index));
            policy.write(f, decided.and_then(|by| by.statement))?;
        }
        self.write_change(f)
    }
}

impl Report {
    fn write_decision(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let [principal, action, resource] =
            [&self.principal, &self.action, &self.resource].map(|name| printable_line(name));
        let word = match self.decision {
            Outcome::Allowed => "Allowed",
            Outcome::ExplicitDeny | Outcome::ImplicitDeny => "Denied",
        };
        writeln!(f, "{word}: {principal} {action} on {resource}")?;
        let kind = self.decided_by.map(|by| by.policy_type.name());
        let article = if kind.is_some_and(|kind| kind.starts_with('i')) { "an" } else { "a" };
        match (self.decision, kind) {
            (Outcome::Allowed, Some(kind)) => {
                writeln!(f, "  {article} {kind} allows it, and nothing denies it")
            }
            (Outcome::Allowed, None) => {
                writeln!(f, "  the caller needs no policy that allows it, and nothing denies it")
            }
            (Outcome::ExplicitDeny, Some(kind)) => {
                writeln!(f, "  explicit deny in {article} {kind}")
            }
            (Outcome::ImplicitDeny, Some(kind)) => writeln!(f, "  no {kind} allows it"),
            (_, None) => Ok(()),
        }
    }

    fn write_change(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let wanted = match self.decision {
            Outcome::Allowed => "denied",
            Outcome::ExplicitDeny | Outcome::ImplicitDeny => "allowed",
        };
        match self.change.as_slice() {
            [] => Ok(()),
            [only] => writeln!(f, "\nTo have it {wanted}\n  {}", printable_line(&only.text)),
            all => {
                writeln!(f, "\nTo have it {wanted}, all of")?;
                all.iter().zip(1..).try_for_each(|(edit, number)| {
                    writeln!(f, "  {number}. {}", printable_line(&edit.text))
                })
            }
        }
    }
}

impl ReportedPolicy {
    /// What it says, and the statements that say it; where none does, those that come nearest.
    fn write(&self, f: &mut Formatter<'_>, decided: Option<usize>) -> fmt::Result {
        let level = self.level.map(|level| format!(", level {level}")).unwrap_or_default();
        let verdict = match self.verdict {
            PolicyVerdict::Denies => "denies",
            PolicyVerdict::Allows => "allows",
            PolicyVerdict::Silent => "is silent",
        };
        writeln!(f, "  {}{level}: {verdict}", printable_line(&self.name()))?;
        let told: Vec<_> =
            self.worth_telling().filter(|(index, _)| Some(*index) != decided).collect();
        for (index, statement) in told.iter().take(MAX_STATEMENTS) {
            let place = statement.place(*index);
            let place = printable_line(&place);
            if statement.applies {
                let verb = if statement.is_allow() { "allows" } else { "denies" };
                writeln!(f, "    {place} {verb}")?;
            } else {
                writeln!(f, "    {place} would allow, but")?;
                statement.write_failures(f)?;
            }
        }
        match told.len().saturating_sub(MAX_STATEMENTS) {
            0 => Ok(()),
            more => writeln!(f, "    and {more} more"),
        }
    }

    fn worth_telling(&self) -> impl Iterator<Item = (usize, &ReportedStatement)> {
        let mut statements: Vec<_> = self.statements.iter().enumerate().collect();
        let silent = self.verdict == PolicyVerdict::Silent;
        let denies = self.verdict == PolicyVerdict::Denies;
        statements.retain(|(_, statement)| match silent {
            true => statement.is_allow(),
            false => statement.applies && statement.is_allow() != denies,
        });
        if silent {
            statements.sort_by_key(|(_, statement)| statement.failures());
        }
        statements.into_iter()
    }
}

impl ReportedStatement {
    /// How much of it does not fit the request: a statement about other actions is the furthest
    /// away.
    fn failures(&self) -> usize {
        let [principal, action, resource] = self
            .elements()
            .map(|element| usize::from(element.is_some_and(|element| !element.matches)));
        let conditions = self.conditions.iter().filter(|condition| !condition.holds).count();
        3 * action + principal + resource + conditions
    }

    fn write_matches(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if !self.understood {
            return writeln!(f, "  daypass does not understand it, so it denies everything");
        }
        for element in self.elements().into_iter().flatten() {
            writeln!(f, "  {} {}", element.name, printable_line(&list(&element.values)))?;
        }
        self.conditions
            .iter()
            .try_for_each(|condition| writeln!(f, "  {}", printable_line(&condition.in_words())))
    }

    fn write_failures(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if !self.understood {
            return writeln!(f, "      daypass does not understand it, so it allows nothing");
        }
        let failing = self.elements().into_iter().flatten().filter(|element| !element.matches);
        for element in failing {
            let values = list(&element.values);
            writeln!(f, "      {} {}: does not match", element.name, printable_line(&values))?;
        }
        let mut failing = self.conditions.iter().filter(|condition| !condition.holds);
        failing.try_for_each(|condition| {
            writeln!(f, "      {}", printable_line(&condition.in_words()))
        })
    }

    fn elements(&self) -> [Option<&ReportedElement>; 3] {
        [self.principal.as_ref(), self.action.as_ref(), self.resource.as_ref()]
    }
}

impl ReportedCondition {
    fn in_words(&self) -> String {
        let Self { operator, key, .. } = self;
        let expected = list(&self.expected);
        let actual = match self.actual.as_deref() {
            None => "the request does not have it".to_owned(),
            Some([]) => "the request has no value of it".to_owned(),
            Some(values) => format!("the request has {}", values.join(", ")),
        };
        let holds = if self.holds { "holds" } else { "does not hold" };
        let has_values = self.actual.as_ref().is_some_and(|values| !values.is_empty());
        if self.lacks_set_operator && has_values {
            return format!(
                "{operator} {key} {expected}: {actual}, but the key may have several values, so \
                 without ForAllValues or ForAnyValue it {holds}"
            );
        }
        format!("{operator} {key} {expected}: {actual}, so it {holds}")
    }
}

fn list(values: &[ReportedValue]) -> String {
    let mut text = String::new();
    for value in values.iter().take(MAX_VALUES) {
        if !text.is_empty() {
            text.push_str(", ");
        }
        text.push_str(&value.text);
        match &value.resolved {
            None => text.push_str(" (a variable has no value)"),
            Some(resolved) if *resolved != value.text => {
                text.push_str(" (that is ");
                text.push_str(resolved);
                text.push(')');
            }
            Some(_) => {}
        }
    }
    match values.len().saturating_sub(MAX_VALUES) {
        0 => text,
        more => format!("{text} and {more} more"),
    }
}

/// AWS's own policies may list hundreds; JSON has them all.
const MAX_VALUES: usize = 6;
const MAX_STATEMENTS: usize = 3;
