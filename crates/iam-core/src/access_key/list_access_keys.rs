use aws_smithy_types::DateTime;
use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{AccessKeyMetadata, ListAccessKeysInput, ListAccessKeysOutput};
use daypass_state::Tx;

use crate::caller::Subject;
use crate::credential_status;
use crate::generated::ListAccessKeys;
use crate::pagination::paging;

impl Guarded for ListAccessKeys {
    fn targets(
        input: &ListAccessKeysInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let subject = Subject::of(input.user_name.as_deref(), scope.call())?;
        subject.need(targets, scope, "iam:ListAccessKeys");
        Ok(())
    }
}

impl Handle for ListAccessKeys {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<ListAccessKeysOutput, ServiceError> {
        let input = call.input();
        let subject = Subject::of(input.user_name.as_deref(), call.call())?;
        let owner = subject.key_owner(tx.account())?;
        let owner_name = super::owner_name(tx.account(), owner);
        let keys = tx.account().access_keys(owner);
        let page = paging!(input).page(keys, |key| key.record.id.clone())?;
        let shape = |key: &daypass_state::AccessKey| AccessKeyMetadata {
            user_name: owner_name.clone(),
            access_key_id: Some(key.record.id.to_string()),
            status: Some(credential_status::shown(key.record.status)),
            create_date: Some(DateTime::from_secs(key.record.create_date)),
        };
        Ok(ListAccessKeysOutput {
            access_key_metadata: page.shape(|key| shape(key)),
            is_truncated: page.is_truncated(),
            marker: page.marker,
        })
    }
}
