//! The statements that carry an allowed request: without them it is denied.

use super::edit::{Change, Edit, NewPrincipal, NewStatement};
use super::variation::Variation;
use crate::decide::PolicyType;
use crate::statement::Effect;

/// The fewest removals after which the request is denied; where the caller needs no statement that
/// allows, as root does not, a statement that denies.
pub(super) fn find(now: &Variation<'_>) -> Option<Change> {
    let of = |policy_types: &[PolicyType]| {
        policy_types.iter().flat_map(|policy_type| allowing(now, *policy_type)).collect::<Vec<_>>()
    };
    let resource = now.resource_type().unwrap_or(PolicyType::Resource);
    let removals = [
        of(&[PolicyType::Identity]),
        of(&[resource]),
        of(&[PolicyType::Boundary]),
        of(&[PolicyType::Session]),
        of(&[PolicyType::Identity, resource]),
    ];
    let turns = |edits: &Vec<Edit>| now.after_all(edits).is_some_and(|after| after.is_denied());
    let removal = removals
        .into_iter()
        .filter(turns)
        .map(|edits| now.needed(&edits))
        .filter(|edits| edits.len() <= MAX_REMOVED)
        .min_by_key(Vec::len);
    let denial = || denials(now).into_iter().map(|edit| vec![edit]).find(turns);
    removal.or_else(denial).map(|edits| Change { edits })
}

/// The removal of each statement of a type that allows.
fn allowing(now: &Variation<'_>, policy_type: PolicyType) -> Vec<Edit> {
    let request = now.request();
    let mut edits = Vec::new();
    for (policy, document) in now.of_type(policy_type) {
        let detach = now.slots.get(policy).is_some_and(|slot| slot.is_aws_managed());
        let allows = document
            .matching(&request)
            .filter(|(_, statement)| statement.effect() == Effect::Allow)
            .map(|(statement, _)| Edit::Remove { policy, statement });
        if detach {
            edits.extend(allows.take(1).map(|_| Edit::Detach { policy }));
        } else {
            edits.extend(allows);
        }
    }
    edits
}

/// Where a statement that denies could stand.
fn denials(now: &Variation<'_>) -> Vec<Edit> {
    let request = now.request();
    let deny = |policy_type, principal, resource: Option<&str>, level| Edit::Add {
        policy_type,
        level,
        statement: NewStatement {
            effect: Effect::Deny,
            principal,
            action: request.action.to_owned(),
            resource: resource.map(str::to_owned),
        },
    };
    let resource = Some(request.resource);
    let mut edits = Vec::new();
    let root = request.caller.principal().is_none_or(|principal| principal.is_root());
    if !root {
        edits.push(deny(PolicyType::Identity, None, resource, None));
    }
    if now.has_service_control() {
        edits.push(deny(PolicyType::ServiceControl, None, resource, Some(0)));
    }
    if let Some(policy_type) = now.resource_type() {
        let anyone = Some(NewPrincipal { kind: Some("AWS"), value: "*".to_owned() });
        let resource = resource.filter(|_| policy_type == PolicyType::Resource);
        edits.push(deny(policy_type, anyone, resource, None));
    }
    edits
}

/// More than so many are better answered by one statement that denies.
const MAX_REMOVED: usize = 3;
