//! What every operation says that its callers need, beside the facts of AWS's Service Authorization
//! Reference.
//!
//! Each test collects where the two differ and compares that with `differences.toml`, which gives
//! the reason for each difference: neither a new one nor one that has gone passes unnoticed.

#![cfg(test)]

mod differences;
mod other_accounts;
mod rows;
mod world;

use std::collections::BTreeSet;

use daypass_catalog::{Action, Service, service};
use daypass_tests::Filling;

use differences::check;
use rows::{Need, Row, rows};

#[test]
fn every_operation_has_a_row() {
    let with_rows: BTreeSet<_> = rows().iter().map(|row| row.operation).collect();
    let all = daypass_iam_core::OPERATIONS.iter().chain(daypass_sts_core::OPERATIONS);
    assert_eq!(with_rows, all.copied().collect());
    assert_eq!(with_rows.len(), 191);
}

#[test]
fn actions_are_those_that_aws_has() {
    let unknown = needs().filter(|need| action(need).is_none());
    check("unknown_action", unknown.map(|need| (need.action.clone(), "unknown".to_owned())));
}

/// `*` stands where the action has no kind of resource, or none that each request must have.
#[test]
fn resources_are_of_the_kinds_that_the_action_has() {
    let strange = needs().filter(|need| {
        let Some(action) = action(need) else { return false };
        match need.resource.as_str() {
            "*" => action.resource_types.iter().any(|kind| kind.required),
            arn => !kinds(action, service_of(need)).any(|(_, form)| matches(form, arn)),
        }
    });
    check("resource", strange.map(|need| (need.action.clone(), need.resource.clone())));
}

#[test]
fn condition_keys_are_those_that_the_action_has() {
    let strange = needs().flat_map(|need| {
        let listed: Vec<&str> = action(need).map(|action| listed(action, need)).unwrap_or_default();
        let is_listed = move |key: &str| {
            listed.iter().any(|listed| {
                service_of(need).condition_key(key).is_some_and(|known| known.name == *listed)
            })
        };
        need.keys
            .iter()
            .filter(move |(key, _)| !is_listed(key))
            .map(|(key, _)| (need.action.clone(), key.clone()))
    });
    check("extra_key", strange);
}

#[test]
fn multivalued_keys_have_lists() {
    for need in needs() {
        for (key, is_list) in &need.keys {
            let known = service_of(need).condition_key(key).map(|key| key.multivalued);
            assert_eq!(known.unwrap_or(*is_list), *is_list, "{key} of {}", need.action);
        }
    }
}

/// What AWS says that a condition on an action may ask for is there to be asked for.
#[test]
fn keys_that_the_action_has_are_given() {
    let mut given = BTreeSet::new();
    let mut documented = BTreeSet::new();
    for need in needs() {
        let Some(action) = action(need) else { continue };
        let known = need.keys.iter().filter_map(|(key, _)| service_of(need).condition_key(key));
        given.extend(known.map(|key| (need.action.clone(), key.name.to_owned())));
        let listed = listed(action, need).into_iter();
        documented.extend(listed.map(|key| (need.action.clone(), key.to_owned())));
    }
    check("absent_key", documented.difference(&given).cloned());
}

/// With all its parameters an operation needs the action of its own name and, beside it, those
/// that are listed; with fewer parameters none that it does not need with all.
#[test]
fn operations_need_their_own_action_and_those_that_go_with_it() {
    let mut others = BTreeSet::new();
    for row in rows() {
        let own = format!("{}:{}", row.service, row.operation);
        let actions: BTreeSet<_> = row.needs.iter().map(|need| need.action.clone()).collect();
        if row.filling == Filling::Full {
            if !actions.contains(&own) {
                others.insert((row.operation.to_owned(), "not its own".to_owned()));
            }
            let beside = actions.into_iter().filter(|action| *action != own);
            others.extend(beside.map(|action| (row.operation.to_owned(), action)));
        } else {
            let full = rows()
                .iter()
                .find(|full| full.filling == Filling::Full && full.operation == row.operation);
            let full: BTreeSet<_> =
                full.unwrap().needs.iter().map(|need| need.action.clone()).collect();
            assert!(actions.is_subset(&full), "{}: {actions:?}", row.operation);
        }
    }
    check("companion", others.into_iter());
}

#[test]
fn every_action_of_aws_is_needed_for_something() {
    let needed: BTreeSet<_> = needs().map(|need| need.action.as_str()).collect();
    let unused = ["iam", "sts"].into_iter().flat_map(|prefix| {
        let actions = service(prefix).unwrap().actions().iter();
        actions.map(move |action| format!("{prefix}:{}", action.name))
    });
    let unused = unused.filter(|action| !needed.contains(action.as_str()));
    check("unused_action", unused.map(|action| (action, "unused".to_owned())));
}

#[test]
fn forms_of_arns_are_understood() {
    let form = "arn:${Partition}:iam::${Account}:user/${UserNameWithPath}";
    assert!(matches(form, "arn:aws:iam::123456789012:user/team/alice"));
    for other in ["arn:aws:iam::123456789012:user/", "arn:aws:iam::123456789012:users/x", "*", ""] {
        assert!(!matches(form, other), "{other}");
    }
    assert!(!matches("arn:${Partition}:iam::${Account}:root", "arn:aws:iam::1:root/x"));
}

fn needs() -> impl Iterator<Item = &'static Need> {
    rows().iter().flat_map(|row: &Row| &row.needs)
}

fn service_of(need: &Need) -> &'static Service {
    service(need.action.split(':').next().unwrap()).unwrap()
}

fn action(need: &Need) -> Option<&'static Action> {
    service_of(need).action(need.action.split_once(':').unwrap().1)
}

/// The kinds of resources of an action, each with the forms of its ARNs.
fn kinds(
    action: &'static Action,
    service: &'static Service,
) -> impl Iterator<Item = (&'static str, &'static str)> {
    action.resource_types.iter().flat_map(|kind| {
        let forms = &service.resource_type(kind.name).unwrap().arns;
        forms.iter().map(|form| (kind.name, *form))
    })
}

/// The keys that the facts have for the action itself and for the resource in question.
fn listed(action: &'static Action, need: &Need) -> Vec<&'static str> {
    let service = service_of(need);
    let of_kinds = kinds(action, service).filter(|(_, form)| matches(form, &need.resource));
    let of_kinds = of_kinds.flat_map(|(name, _)| {
        let of_action = action.resource_types.iter().filter(move |kind| kind.name == name);
        let of_action = of_action.flat_map(|kind| &*kind.condition_keys);
        of_action.chain(&*service.resource_type(name).unwrap().condition_keys)
    });
    action.condition_keys.iter().chain(of_kinds).copied().collect()
}

/// Whether an ARN is of a form in which `${…}` stands for one character or more.
fn matches(form: &str, arn: &str) -> bool {
    let Some((fixed, rest)) = form.split_once("${") else { return form == arn };
    let rest = rest.split_once('}').unwrap().1;
    let Some(varying) = arn.strip_prefix(fixed) else { return false };
    let ends = varying.char_indices().skip(1).map(|(at, _)| at).chain([varying.len()]);
    ends.filter(|end| *end > 0)
        .filter_map(|end| varying.get(end..))
        .any(|after| matches(rest, after))
}
