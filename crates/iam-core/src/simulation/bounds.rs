//! How much one simulation may cost.
//!
//! A simulation decides each action on each resource by all policies, so that its cost and its
//! answer grow with the product of what it is given. AWS documents no bounds for that. daypass
//! decides: a page has as many results as the bounds below leave room for, which IAM allows itself
//! too ("IAM might return fewer than the `MaxItems` number of results"), and where not even one
//! result fits, the answer is `InvalidInput`.

use daypass_model::iam::{ContextEntry, EvaluationResult, Statement};

use super::outcome::Outcome;
use super::scenario::Asked;

/// The most decisions for a page.
pub(super) const MOST_DECISIONS: usize = 10_000;
/// The most work for a page: decisions times [`work_per_decision`].
pub(super) const MOST_WORK: usize = 1 << 30;
/// The most that a page may have, in bytes as XML.
pub(super) const MOST_ANSWER: usize = 4 << 20;
/// The most statements or keys that a result can name. One more is too large for a page.
pub(super) const MOST_NAMED: usize = MOST_ANSWER / SIZE_OF_KEY + 1;

/// What one decision may have to compare: each byte of the policies with each value of a condition
/// key.
pub(super) fn work_per_decision(policy_bytes: usize, values_per_key: usize) -> usize {
    policy_bytes.saturating_mul(values_per_key).max(1)
}

/// The values of the condition key that has most of them. A long value counts for several.
pub(super) fn values_per_key(entries: Option<&[ContextEntry]>) -> usize {
    let values = entries.unwrap_or_default().iter().map(|entry| {
        let values = entry.context_key_values.as_deref().unwrap_or_default();
        let bytes: usize = values.iter().map(String::len).sum();
        values.len().max(bytes / 64)
    });
    values.max().unwrap_or_default().max(1)
}

/// Whether a simulation takes so long that it must not hold up others. `given` are the policies
/// that come with the request; those that a principal holds have quotas.
pub(super) fn is_costly<'a>(asked: &Asked<'a>, given: impl Iterator<Item = &'a String>) -> bool {
    let resources = asked.resource_arns.map_or(1, |arns| arns.len().max(1));
    let decisions = asked.action_names.len().saturating_mul(resources);
    let given: usize = given.map(String::len).sum();
    let bytes =
        given.saturating_add(HELD).saturating_add(asked.resource_policy.map_or(0, str::len));
    decisions.saturating_mul(work_per_decision(bytes, values_per_key(asked.context_entries)))
        > INSTANT
}

/// About how many bytes of an answer the outcome on one resource takes.
pub(super) fn size_of_outcome(resource: &str, outcome: &Outcome) -> usize {
    SIZE_OF_RESULT + resource.len() + size_of_lists(&outcome.matched, &outcome.missing)
}

/// About how many bytes of an answer the sum of a result takes, without what it says of each
/// resource.
pub(super) fn size_of_sum(result: &EvaluationResult) -> usize {
    let matched = result.matched_statements.as_deref().unwrap_or_default();
    let missing = result.missing_context_values.as_deref().unwrap_or_default();
    SIZE_OF_RESULT + size_of_lists(matched, missing)
}

fn size_of_lists(matched: &[Statement], missing: &[String]) -> usize {
    let ids = matched.iter().filter_map(|statement| statement.source_policy_id.as_ref());
    matched.len() * SIZE_OF_STATEMENT
        + missing.len() * SIZE_OF_KEY
        + ids.chain(missing).map(String::len).sum::<usize>()
}

/// What a principal's own policies are taken to have, in bytes.
const HELD: usize = 32 << 10;
/// The most work that takes no longer than other requests do: a millisecond or two.
const INSTANT: usize = 4 << 20;

// What the elements of an answer take as XML, without the texts in them.
const SIZE_OF_RESULT: usize = 600;
const SIZE_OF_STATEMENT: usize = 500;
const SIZE_OF_KEY: usize = 40;

#[cfg(test)]
mod tests;
