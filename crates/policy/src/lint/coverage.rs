//! Statements that could be left out, and that never have an effect, because another statement says
//! the same or more.

use super::covering::{CoveringActions, CoveringResources};
use super::report::Report;
use super::rule;
use super::statement::{Statement, Values};
use crate::json::{Node, Value};
use crate::statement::Effect;

pub(super) fn check(statements: &[Statement<'_>], report: &mut Report<'_>) {
    let work: usize = statements.iter().map(size).sum();
    if work.saturating_mul(statements.len()) > MOST_WORK {
        return;
    }
    let scopes: Vec<_> = statements.iter().map(Scope::of).collect();
    for scope in &scopes {
        let statement = scope.statement;
        let cover = scopes.iter().find(|other| {
            other.statement.number != statement.number
                && other.covers(statement)
                // Of two that say the same, the later one is too many.
                && (other.statement.number < statement.number
                    || other.statement.effect() != statement.effect()
                    || !scope.covers(other.statement))
        });
        let Some(cover) = cover.map(|cover| cover.statement) else { continue };
        if statement.allows() && !cover.allows() {
            let message = format!("{} denies all that this allows", cover.title());
            report.add(&rule::UNREACHABLE_STATEMENT, &statement.head(), message);
        } else {
            let message = format!("{} says the same or more", cover.title());
            report.add(&rule::REDUNDANT_STATEMENT, &statement.head(), message);
        }
    }
}

/// How many values a statement is compared by.
fn size(statement: &Statement<'_>) -> usize {
    let values = [statement.actions(), statement.resources()];
    values.into_iter().flatten().map(|values| values.member.value.as_list().len()).sum()
}

/// A statement and what it covers.
struct Scope<'s, 'd> {
    statement: &'s Statement<'d>,
    actions: CoveringActions,
    resources: CoveringResources<'d>,
}

impl<'s, 'd> Scope<'s, 'd> {
    fn of(statement: &'s Statement<'d>) -> Self {
        let texts = |values: Option<Values<'d>>| -> Vec<&'d str> {
            values.into_iter().flat_map(Values::texts).map(|(text, _)| text).collect()
        };
        Self {
            statement,
            actions: CoveringActions::new(&texts(statement.actions())),
            resources: CoveringResources::new(&texts(statement.resources())),
        }
    }

    /// Whether this applies to whatever `inner` applies to, with the same effect or as a denial.
    /// Where it cannot be told, it does not.
    fn covers(&self, inner: &Statement<'_>) -> bool {
        let outer = self.statement;
        let denial = match (outer.effect(), inner.effect()) {
            (Some(Effect::Deny), Some(Effect::Allow)) => true,
            (Some(a), Some(b)) if a == b => false,
            _ => return false,
        };
        let conditions = match (outer.get("Condition"), inner.get("Condition")) {
            (None, _) => true,
            (Some(outer), Some(inner)) => same(&outer.value, &inner.value),
            (Some(_), None) => false,
        };
        conditions
            && principals(outer, inner, denial)
            && values(outer.actions(), inner.actions(), |text| self.actions.cover(text))
            && values(outer.resources(), inner.resources(), |text| self.resources.cover(text))
    }
}

fn principals(outer: &Statement<'_>, inner: &Statement<'_>, denial: bool) -> bool {
    match (outer.principals(), inner.principals()) {
        (None, None) => true,
        (Some(outer), Some(inner)) => {
            // To allow everybody is not to allow more than to allow somebody by name.
            let everybody = denial && outer.member.value.as_str() == Some("*");
            (everybody && !outer.negated)
                || (outer.negated == inner.negated
                    && same(&outer.member.value, &inner.member.value))
        }
        _ => false,
    }
}

fn values(
    outer: Option<Values<'_>>,
    inner: Option<Values<'_>>,
    cover: impl Fn(&str) -> bool,
) -> bool {
    match (outer, inner) {
        (None, None) => true,
        (Some(outer), Some(inner)) if !outer.negated && !inner.negated => {
            let mut nodes = inner.member.value.as_list().iter();
            nodes.all(|node| node.as_str().is_some_and(&cover))
        }
        (Some(outer), Some(inner)) => {
            outer.negated == inner.negated && same(&outer.member.value, &inner.member.value)
        }
        _ => false,
    }
}

/// Whether two values are the same, wherever they stand.
fn same(a: &Node<'_>, b: &Node<'_>) -> bool {
    match (&a.value, &b.value) {
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter().zip(b).all(|(a, b)| a.key == b.key && same(&a.value, &b.value))
        }
        (a, b) => a == b,
    }
}

/// With more values times statements than this, statements are not compared with each other: a
/// document that AWS saves has some thousand.
const MOST_WORK: usize = 1_000_000;
