//! Statements that apply but for one thing.

use daypass_ident::{ArnParts, fold_case};
use strsim::levenshtein;

use super::key::{KeySource, key_source};
use crate::evaluate::Request;
use crate::explain::{ElementExplanation, StatementExplanation};

/// What keeps a statement from applying.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lacking {
    /// Its `Action` holds a name that is nearly the one asked for.
    Action { instead_of: String },
    /// Its `Resource` holds others of the same kind.
    Resource,
    /// Its `Principal` names others of the `AWS` kind.
    Principal,
    /// Only these conditions, whose keys the caller can have other values of.
    Conditions(Vec<usize>),
}

impl Lacking {
    /// `None` when the statement applies, and when it is far from it.
    pub(super) fn of(told: &StatementExplanation<'_>, request: &Request<'_>) -> Option<Self> {
        if told.applies.is_some() || !told.is_understood() {
            return None;
        }
        let fails = |element: &Option<ElementExplanation<'_>>| {
            element.as_ref().is_some_and(|element| !element.matches)
        };
        let conditions: Vec<_> =
            (0..).zip(&told.conditions).filter(|(_, line)| !line.holds).collect();
        let failing =
            (fails(&told.principal), fails(&told.action), fails(&told.resource), &*conditions);
        match failing {
            (false, false, false, lines) => lines
                .iter()
                .all(|(_, line)| {
                    line.lacks_set_operator || key_source(&line.key) != KeySource::Fixed
                })
                .then(|| Self::Conditions(lines.iter().map(|(index, _)| *index).collect())),
            (false, true, false, []) => {
                let instead_of = misspelled(told.action.as_ref()?, request.action)?;
                Some(Self::Action { instead_of })
            }
            (false, false, true, []) => {
                is_of_its_kind(told.resource.as_ref()?, request.resource).then_some(Self::Resource)
            }
            (true, false, false, []) => {
                let principals = told.principal.as_ref()?;
                let of_accounts = |text: &str| text.starts_with("AWS:");
                let extensible = principals.name == "Principal"
                    && request.caller.principal().is_some()
                    && principals.values.iter().any(|value| of_accounts(&value.text));
                extensible.then_some(Self::Principal)
            }
            _ => None,
        }
    }
}

/// The action of a list that differs from this one by a slip of the pen.
fn misspelled(actions: &ElementExplanation<'_>, action: &str) -> Option<String> {
    let wanted = fold_case(action);
    let nearest = actions
        .values
        .iter()
        .filter(|value| actions.name == "Action" && value.text.len() <= MAX_ACTION)
        .map(|value| (levenshtein(&fold_case(&value.text), &wanted), value))
        .min_by_key(|(distance, _)| *distance);
    let (distance, value) = nearest?;
    (distance <= SLIPS && wanted.len() <= MAX_ACTION).then(|| value.text.clone().into_owned())
}

/// Whether a list of resources has others of the same service and type.
fn is_of_its_kind(resources: &ElementExplanation<'_>, resource: &str) -> bool {
    let Some(wanted) = ArnParts::parse(resource) else { return false };
    resources.name == "Resource"
        && resources.values.iter().any(|value| {
            ArnParts::parse(&value.text).is_some_and(|arn| {
                arn.service == wanted.service && type_of(arn.resource) == type_of(wanted.resource)
            })
        })
}

/// `user` of `user/bob`; all of a resource that has no type.
fn type_of(resource: &str) -> Option<&str> {
    resource.split_once(['/', ':']).map(|(kind, _)| kind)
}

const SLIPS: usize = 2;

/// Longer than any action of AWS's; the distance takes the square of it.
const MAX_ACTION: usize = 128;
