//! The shortest change that would turn a decision: what to edit in which policy, or what to ask
//! differently.
//!
//! Nothing here is guessed. Every candidate is carried out on copies of the documents, or in the
//! context of the request, and the copy is decided as any request is; the cheapest sequence of
//! candidates after which the decision is the other one is the answer.

mod candidates;
mod carriers;
mod document;
mod edit;
mod key;
mod nearness;
mod search;
mod variation;
mod witness;

use crate::decide::Policies;
use crate::evaluate::Request;
pub use edit::{Change, Edit, NewPrincipal, NewStatement};
pub use key::{KeySource, key_source};
use variation::Variation;

/// The shortest change known that turns the decision: allows what is denied, denies what is
/// allowed. Policies are named by their place in [`Explanation::policies`].
///
/// For a denied request, what nearly applies is preferred to what would have to be written anew: a
/// statement that fails in one element only, or a condition that another value of the request
/// meets. For an allowed one, it is the statements that carry it, which to remove.
///
/// `None` when no sequence of such edits does, or it would take very many. It works on copies of
/// the documents, reading them again: for when somebody asks, not for every request.
///
/// [`Explanation::policies`]: crate::Explanation::policies
#[must_use]
pub fn shortest_change(request: &Request<'_>, policies: &Policies<'_>) -> Option<Change> {
    let now = Variation::new(request, policies);
    match now.obstacle() {
        Some(obstacle) => search::run(now, obstacle),
        None => carriers::find(&now),
    }
}

#[cfg(test)]
mod tests;
