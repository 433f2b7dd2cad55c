//! Unique ids that the file gives: for these the API has no parameter. An entity that has the same id
//! at every start, and on every server, is the one that sessions were issued for.

use daypass_ident::{AccountId, IdKind, UniqueId};
use daypass_state::Tx;
use daypass_state::record::{RoleRecord, UserRecord};

use super::super::place::Path;
use super::Work;

impl Work<'_> {
    /// Gives a user that was just made, and whom nothing refers to yet, the id in the file.
    pub(super) async fn user_id(
        &mut self,
        account: AccountId,
        path: &Path,
        name: &str,
        id: Option<UniqueId>,
    ) {
        let Some(id) = self.unique_id(path, id, IdKind::User) else { return };
        let view = self.env.state.view();
        let Some(user) = view.account(account).user(name) else { return };
        let record = UserRecord { id, ..user.record.clone() };
        let mut tx = Tx::new(view, account);
        tx.put_user(&record);
        self.commit(path, tx).await;
    }

    /// Gives a role that was just made, and that nothing refers to yet, the id in the file.
    pub(super) async fn role_id(
        &mut self,
        account: AccountId,
        path: &Path,
        name: &str,
        id: Option<UniqueId>,
    ) {
        let Some(id) = self.unique_id(path, id, IdKind::Role) else { return };
        let view = self.env.state.view();
        let Some(role) = view.account(account).role(name) else { return };
        let record = RoleRecord { id, ..role.record.clone() };
        let mut tx = Tx::new(view, account);
        tx.put_role(&record);
        self.commit(path, tx).await;
    }

    /// The id, if the file gives one that may be taken; a mistake is noted.
    fn unique_id(&mut self, path: &Path, id: Option<UniqueId>, kind: IdKind) -> Option<UniqueId> {
        let id = id?;
        if id.kind() != Some(kind) {
            let message = format!("the id begins with {}", kind.prefix());
            self.report(&path.member("id"), message);
            return None;
        }
        if !self.unique_ids.insert(id) {
            self.report(&path.member("id"), "another one has this id".to_owned());
            return None;
        }
        Some(id)
    }
}
