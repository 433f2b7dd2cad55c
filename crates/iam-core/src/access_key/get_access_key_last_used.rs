use std::sync::Arc;

use aws_smithy_types::DateTime;
use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_ident::{AccountId, Arn};
use daypass_model::ServiceError;
use daypass_model::iam::{
    AccessKeyLastUsed, GetAccessKeyLastUsedInput, GetAccessKeyLastUsedOutput,
};
use daypass_state::record::KeyOwner;
use daypass_state::{AccessKey, LastUse, Tx, View};

use crate::errors::AccessDenied;
use crate::generated::GetAccessKeyLastUsed;

impl Guarded for GetAccessKeyLastUsed {
    fn targets(
        input: &GetAccessKeyLastUsedInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let account = scope.account();
        let owner =
            own_key(scope.view(), account, &input.access_key_id).map(|key| key.record.owner);
        match owner {
            Some(KeyOwner::User(id)) => {
                if let Some(user) = scope.view().account(account).user_by_id(id) {
                    targets.need(ACTION, user.arn()).identity_tags(&user.record.tags);
                }
            }
            Some(KeyOwner::Root) => {
                targets.need(ACTION, Arn::root(account));
            }
            None => {
                let shown = format!("access key {}", input.access_key_id);
                targets.need_on_all(ACTION).shown_as(shown);
            }
        }
        Ok(())
    }
}

impl Handle for GetAccessKeyLastUsed {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<GetAccessKeyLastUsedOutput, ServiceError> {
        let id = &call.input().access_key_id;
        let Some(key) = own_key(tx.view(), call.account(), id) else {
            let caller = call.call().caller.principal().arn();
            return Err(AccessDenied::ForeignAccessKey { caller: caller.as_ref(), key: id }.into());
        };
        Ok(GetAccessKeyLastUsedOutput {
            user_name: super::owner_name(tx.account(), key.record.owner),
            access_key_last_used: Some(shape(key.last_used.get().as_deref())),
        })
    }
}

/// A key of the account. AWS tells nobody whether any other key exists.
fn own_key<'a>(view: &'a View, account: AccountId, id: &str) -> Option<&'a Arc<AccessKey>> {
    view.access_key(id).filter(|key| key.account == account)
}

fn shape(last: Option<&LastUse>) -> AccessKeyLastUsed {
    match last {
        Some(last) => AccessKeyLastUsed {
            last_used_date: Some(DateTime::from_secs(last.at)),
            service_name: last.service.to_owned(),
            region: last.region.to_string(),
        },
        None => AccessKeyLastUsed {
            last_used_date: None,
            service_name: NOT_AVAILABLE.to_owned(),
            region: NOT_AVAILABLE.to_owned(),
        },
    }
}

const ACTION: &str = "iam:GetAccessKeyLastUsed";
const NOT_AVAILABLE: &str = "N/A";
