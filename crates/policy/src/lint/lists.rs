//! What could be left out of a list, because another value of the list says the same or more.

use std::collections::HashSet;

use daypass_ident::fold_case;

use super::covering::{CoveringActions, CoveringResources};
use super::report::Report;
use super::rule::{self, Rule};
use super::statement::{Statement, Values};

pub(super) fn check(statement: &Statement<'_>, report: &mut Report<'_>) {
    if let Some(values) = statement.actions() {
        let wild = wild(values, |text| CoveringActions::new(&[text]));
        let covers = |pattern: &CoveringActions, text: &str| pattern.cover(text);
        list(
            values,
            &rule::REDUNDANT_ACTION,
            &wild,
            covers,
            |text| fold_case(text).into_owned(),
            report,
        );
    }
    if let Some(values) = statement.resources() {
        let wild = wild(values, |text| CoveringResources::new(&[text]));
        let covers = |pattern: &CoveringResources<'_>, text: &str| pattern.cover(text);
        list(values, &rule::REDUNDANT_RESOURCE, &wild, covers, str::to_owned, report);
    }
}

/// The patterns of a list: only they cover anything but themselves.
fn wild<'d, P>(values: Values<'d>, prepare: impl Fn(&'d str) -> P) -> Vec<(&'d str, P)> {
    let texts = values.texts().map(|(text, _)| text);
    let wild = texts.filter(|text| text.contains(['*', '?'])).take(MOST_PATTERNS);
    wild.map(|text| (text, prepare(text))).collect()
}

fn list<P>(
    values: Values<'_>,
    rule: &'static Rule,
    wild: &[(&str, P)],
    covers: impl Fn(&P, &str) -> bool,
    same: fn(&str) -> String,
    report: &mut Report<'_>,
) {
    let mut seen = HashSet::new();
    for (text, span) in values.texts() {
        let name = same(text);
        if seen.contains(&name) {
            report.add(rule, span, format!("`{text}` is in the list twice"));
            continue;
        }
        let mut covering = wild.iter().filter(|(_, pattern)| covers(pattern, text));
        let cover = covering.find(|(other, _)| same(other) != name);
        seen.insert(name);
        if let Some((cover, _)) = cover {
            report.add(rule, span, format!("`{cover}` in this list covers `{text}`"));
        }
    }
}

/// The work grows with the values times the patterns; AWS's own longest lists have some hundred
/// patterns.
const MOST_PATTERNS: usize = 1_000;
