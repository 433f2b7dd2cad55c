//! What could be left out, and what never has an effect, because something else says the same or
//! more.

use std::collections::HashSet;

use super::report::Report;
use super::rule;
use super::statement::{Statement, Values};
use crate::Version;
use crate::json::{Node, Value};
use crate::pattern::{ActionPatterns, ArnPatterns, AskedArn};
use crate::statement::Effect;

pub(super) fn check(statements: &[Statement<'_>], report: &mut Report<'_>) {
    for statement in statements {
        redundant_actions(statement, report);
        redundant_resources(statement, report);
    }
    let work: usize = statements.iter().map(|statement| size(statement)).sum();
    if work > MOST_VALUES {
        return;
    }
    for statement in statements {
        let cover = statements.iter().find(|other| {
            other.number != statement.number
                && covers(other, statement)
                // Of two that say the same, the later one is too many.
                && (other.number < statement.number
                    || other.effect() != statement.effect()
                    || !covers(statement, other))
        });
        let Some(cover) = cover else { continue };
        match (statement.effect(), cover.effect()) {
            (Some(Effect::Allow), Some(Effect::Deny)) => {
                let message = format!("{} denies all that this allows", cover.title());
                report.add(&rule::UNREACHABLE_STATEMENT, &statement.head(), message);
            }
            _ => {
                let message = format!("{} says the same or more", cover.title());
                report.add(&rule::REDUNDANT_STATEMENT, &statement.head(), message);
            }
        }
    }
}

fn size(statement: &Statement<'_>) -> usize {
    [statement.actions(), statement.resources()]
        .into_iter()
        .flatten()
        .map(|v| v.texts().count())
        .sum()
}

/// Whether whatever `inner` applies to, `outer` applies to as well, with the same effect or as a
/// denial. Where it cannot be told, it does not.
fn covers(outer: &Statement<'_>, inner: &Statement<'_>) -> bool {
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
        && values(outer.actions(), inner.actions(), actions_cover)
        && values(outer.resources(), inner.resources(), resources_cover)
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

type Covers = fn(&[&str], &str) -> bool;

fn values(outer: Option<Values<'_>>, inner: Option<Values<'_>>, cover: Covers) -> bool {
    match (outer, inner) {
        (None, None) => true,
        (Some(outer), Some(inner)) if !outer.negated && !inner.negated => {
            let outer: Vec<_> = outer.texts().map(|(text, _)| text).collect();
            inner.texts().all(|(text, _)| cover(&outer, text))
        }
        (Some(outer), Some(inner)) => {
            outer.negated == inner.negated && same(&outer.member.value, &inner.member.value)
        }
        _ => false,
    }
}

/// Whether one of the patterns matches all that this one does. The pattern is matched as if its
/// wildcards were characters; `?` would take its `*` for one, so that it must not meet one.
fn actions_cover(patterns: &[&str], inner: &str) -> bool {
    if patterns.iter().any(|pattern| pattern.eq_ignore_ascii_case(inner)) {
        return true;
    }
    let safe = |pattern: &&&str| !(inner.contains('*') && pattern.contains('?'));
    ActionPatterns::new(patterns.iter().filter(safe).copied()).matches(inner)
}

fn resources_cover(patterns: &[&str], inner: &str) -> bool {
    patterns.iter().any(|pattern| resource_covers(pattern, inner))
}

fn resource_covers(pattern: &str, inner: &str) -> bool {
    if pattern == "*" || pattern == inner {
        return true;
    }
    if pattern.contains("${") || (inner.contains('*') && pattern.contains('?')) {
        return false;
    }
    let pattern = ArnPatterns::resources(&[pattern], Version::V2008);
    pattern.is_some_and(|pattern| pattern.matches(&AskedArn::new(inner), &()) == Some(true))
}

fn redundant_actions(statement: &Statement<'_>, report: &mut Report<'_>) {
    let Some(values) = statement.actions() else { return };
    let texts: Vec<_> = values.texts().collect();
    if texts.len() > MOST_VALUES {
        return;
    }
    let mut seen = HashSet::new();
    let wild: Vec<_> =
        texts.iter().map(|(text, _)| *text).filter(|text| text.contains(['*', '?'])).collect();
    for (text, span) in texts {
        let cover = if seen.insert(text.to_ascii_lowercase()) {
            let others = wild.iter().filter(|other| !other.eq_ignore_ascii_case(text));
            others.copied().find(|other| may_cover(other, text) && actions_cover(&[other], text))
        } else {
            Some(text)
        };
        if let Some(cover) = cover {
            redundant(&rule::REDUNDANT_ACTION, text, cover, span, report);
        }
    }
}

/// Whether two actions are of one service: cheap, and true of few pairs.
fn may_cover(pattern: &str, action: &str) -> bool {
    let (service, _) = pattern.split_once(':').unwrap_or((pattern, ""));
    service.contains(['*', '?'])
        || action.get(..service.len()).is_some_and(|head| head.eq_ignore_ascii_case(service))
}

fn redundant_resources(statement: &Statement<'_>, report: &mut Report<'_>) {
    let Some(values) = statement.resources() else { return };
    let texts: Vec<_> = values.texts().collect();
    if texts.len() > MOST_VALUES {
        return;
    }
    let mut seen = HashSet::new();
    let wild: Vec<_> =
        texts.iter().map(|(text, _)| *text).filter(|text| text.contains(['*', '?'])).collect();
    for (text, span) in texts {
        let cover = if seen.insert(text) {
            let mut others = wild.iter().copied().filter(|other| *other != text);
            others.find(|other| resource_covers(other, text))
        } else {
            Some(text)
        };
        if let Some(cover) = cover {
            redundant(&rule::REDUNDANT_RESOURCE, text, cover, span, report);
        }
    }
}

fn redundant(
    rule: &'static rule::Rule,
    text: &str,
    cover: &str,
    span: &std::ops::Range<usize>,
    report: &mut Report<'_>,
) {
    if text == cover {
        report.add(rule, span, format!("`{text}` is in the list twice"));
    } else {
        report.add(rule, span, format!("`{cover}` in this list covers `{text}`"));
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

/// With more values than this, lists and statements are not compared with each other: the work
/// grows with the square.
const MOST_VALUES: usize = 4_000;
