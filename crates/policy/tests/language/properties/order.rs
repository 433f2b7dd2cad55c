//! What is said twice, or in another order or case, is said all the same.

use serde_json::{Map, Value};

use super::for_all;
use crate::random::{Random, documents, statements};
use crate::support::{Decision, Outcome};

#[test]
fn the_order_of_statements_never_matters() {
    let shuffle = |random: &mut Random, case: &mut Decision| {
        documents(case).into_iter().for_each(|(_, document)| random.shuffle(statements(document)));
    };
    for_all(shuffle, same);
}

#[test]
fn the_order_of_policies_and_levels_never_matters() {
    let shuffle = |random: &mut Random, case: &mut Decision| {
        for levels in [&mut case.service_control, &mut case.resource_control] {
            random.shuffle(levels);
            levels.iter_mut().for_each(|level| random.shuffle(level));
        }
        random.shuffle(&mut case.identity);
        random.shuffle(&mut case.managed);
        case.session.iter_mut().for_each(|session| random.shuffle(session));
    };
    for_all(shuffle, same);
}

#[test]
fn saying_it_twice_changes_nothing() {
    let repeat = |_: &mut Random, case: &mut Decision| {
        for (_, document) in documents(case) {
            let statements = statements(document);
            // What lets everything through in an organisation is one statement and no more.
            if !statements.iter().any(|statement| statement["Principal"] == "*") {
                statements.extend_from_within(..);
            }
        }
        case.identity.extend_from_within(..);
    };
    for_all(repeat, same);
}

#[test]
fn the_case_of_actions_and_keys_never_matters() {
    let change = |random: &mut Random, case: &mut Decision| {
        for (_, document) in documents(case) {
            for statement in statements(document) {
                for element in ["Action", "NotAction"] {
                    statement.get_mut(element).into_iter().for_each(|names| respell(random, names));
                }
                for operator in statement.get_mut("Condition").into_iter().flat_map(members) {
                    rename(operator, |key| random.case(key));
                }
            }
        }
    };
    for_all(change, same);
}

fn same(before: Outcome, after: Outcome) -> bool {
    before == after
}

/// Puts a text, or each text of a list, into another case.
fn respell(random: &mut Random, names: &mut Value) {
    match names {
        Value::String(name) => *name = random.case(name),
        Value::Array(names) => names.iter_mut().for_each(|name| respell(random, name)),
        _ => {}
    }
}

fn members(value: &mut Value) -> impl Iterator<Item = &mut Value> {
    value.as_object_mut().into_iter().flat_map(Map::values_mut)
}

/// Renames the members of an object, unless two would then have one name.
fn rename(value: &mut Value, mut name: impl FnMut(&str) -> String) {
    let Some(members) = value.as_object_mut() else { return };
    let renamed: Map<String, Value> =
        members.iter().map(|(key, value)| (name(key), value.clone())).collect();
    if renamed.len() == members.len() {
        *members = renamed;
    }
}
