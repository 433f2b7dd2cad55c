use aws_smithy_types::DateTime;
use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{ListSshPublicKeysInput, ListSshPublicKeysOutput, SshPublicKeyMetadata};
use daypass_state::Tx;
use daypass_state::record::{KeyOwner, SshPublicKeyRecord};

use crate::caller::Subject;
use crate::generated::ListSshPublicKeys;
use crate::pagination::paging;
use crate::{credential_status, user};

impl Guarded for ListSshPublicKeys {
    fn targets(
        input: &ListSshPublicKeysInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let subject = Subject::of(input.user_name.as_deref(), scope.call())?;
        subject.need(targets, scope, "iam:ListSSHPublicKeys");
        Ok(())
    }
}

impl Handle for ListSshPublicKeys {
    /// A root user has no such keys.
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<ListSshPublicKeysOutput, ServiceError> {
        let input = call.input();
        let account = tx.account();
        let user = match Subject::of(input.user_name.as_deref(), call.call())? {
            Subject::Root => None,
            Subject::User(name) => Some(user::find(account, name)?),
        };
        let keys = user.into_iter().flat_map(|user| {
            let owner = KeyOwner::User(user.record.id);
            account.credentials_of::<SshPublicKeyRecord>(owner).map(move |key| (user, key))
        });
        // In the order in which they came.
        let mut keys: Vec<_> = keys.collect();
        keys.sort_by_key(|(_, key)| (key.upload_date, &key.id));
        let page =
            paging!(input).page(keys, |(_, key)| format!("{:020}/{}", key.upload_date, key.id))?;
        let shown = page.shape(|(user, key)| SshPublicKeyMetadata {
            user_name: user.record.name.clone(),
            ssh_public_key_id: key.id.clone(),
            status: credential_status::shown(key.status),
            upload_date: DateTime::from_secs(key.upload_date),
        });
        Ok(ListSshPublicKeysOutput {
            ssh_public_keys: Some(shown),
            is_truncated: page.is_truncated(),
            marker: page.marker,
        })
    }
}
