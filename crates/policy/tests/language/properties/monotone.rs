//! More denies and more limits never allow more; more allows never deny more.

use super::for_all;
use crate::random::{Kind, Random, documents, statements};
use crate::support::{Decision, Outcome};

#[test]
fn a_deny_more_never_allows_more() {
    for_all(|random, case| add_statement(random, case, "Deny"), never_more);
}

#[test]
fn an_allow_more_never_denies_more() {
    for_all(
        |random, case| add_statement(random, case, "Allow"),
        |before, after| never_more(after, before),
    );
}

#[test]
fn an_allow_less_never_allows_more() {
    let remove = |random: &mut Random, case: &mut Decision| {
        for (_, document) in documents(case) {
            let statements = statements(document);
            let allow = statements.iter().position(|statement| statement["Effect"] == "Allow");
            if let Some(allow) = allow.filter(|_| statements.len() > 1 && random.once_in(2)) {
                statements.remove(allow);
            }
        }
    };
    for_all(remove, never_more);
}

#[test]
fn a_policy_less_in_a_list_never_undoes_a_deny_of_another() {
    let remove = |_: &mut Random, case: &mut Decision| _ = case.identity.pop();
    for_all(remove, |before, after| match before {
        Outcome::Denies(policy_type) if policy_type != crate::support::PolicyType::Identity => {
            before == after
        }
        _ => true,
    });
}

#[test]
fn a_boundary_never_allows_more() {
    let set = |random: &mut Random, case: &mut Decision| {
        if case.boundary.is_none() && case.caller.has_account() && !case.caller.is_root() {
            case.boundary = Some(random.document(Kind::Identity, 3));
        }
    };
    for_all(set, never_more);
}

#[test]
fn a_session_policy_never_allows_more() {
    let set = |random: &mut Random, case: &mut Decision| {
        if case.session.is_none() && case.caller.has_account() {
            case.session = Some(random.documents(Kind::Identity, 2));
        }
    };
    for_all(set, never_more);
}

#[test]
fn a_level_of_an_organisation_never_allows_more() {
    let add = |random: &mut Random, case: &mut Decision| {
        if case.caller.has_account() && random.once_in(2) {
            let level = random.level(Kind::ServiceControl);
            case.service_control.push(level);
        } else {
            let level = random.level(Kind::ResourceControl);
            case.resource_control.push(level);
        }
    };
    for_all(add, never_more);
}

fn never_more(before: Outcome, after: Outcome) -> bool {
    before == Outcome::Allowed || after != Outcome::Allowed
}

/// A statement more in one of the documents, at its end.
fn add_statement(random: &mut Random, case: &mut Decision, effect: &str) {
    let mut documents = documents(case);
    if documents.is_empty() {
        return;
    }
    let at = random.below(documents.len());
    let (kind, document) = &mut documents[at];
    let mut statement = random.statement(*kind);
    statement["Effect"] = effect.into();
    statements(document).push(statement);
}
