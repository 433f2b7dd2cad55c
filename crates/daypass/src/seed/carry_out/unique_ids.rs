//! Unique ids that the file gives: for these the API has no parameter. An entity that has the same id
//! at every start, and on every server, is the one that sessions were issued for.

use daypass_ident::{IdKind, UniqueId};

use super::super::place::Path;
use super::Work;

impl Work<'_> {
    /// The id, if the file gives one that may be taken; a mistake is noted. What only stands in for an entity
    /// takes none: whoever has the entity's name may have its id, too.
    pub(super) fn unique_id(
        &mut self,
        path: &Path,
        id: Option<UniqueId>,
        kind: IdKind,
        is_itself: bool,
    ) -> Option<UniqueId> {
        let id = id?;
        if id.kind() != Some(kind) {
            let message = format!("the id begins with {}", kind.prefix());
            self.report(&path.member("id"), message);
            return None;
        }
        if !is_itself {
            return None;
        }
        let is_taken = self.env.state.view().account_of_id(id).is_some();
        if !self.unique_ids.insert(id) || is_taken {
            self.report(&path.member("id"), "another one has this id".to_owned());
            return None;
        }
        Some(id)
    }
}
