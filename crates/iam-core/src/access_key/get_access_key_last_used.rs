use aws_smithy_types::DateTime;
use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_ident::Arn;
use daypass_model::ServiceError;
use daypass_model::iam::{
    AccessKeyLastUsed, GetAccessKeyLastUsedInput, GetAccessKeyLastUsedOutput,
};
use daypass_state::record::KeyOwner;
use daypass_state::{LastUse, Tx};

use crate::errors::AccessDenied;
use crate::generated::GetAccessKeyLastUsed;

impl Guarded for GetAccessKeyLastUsed {
    fn targets(
        input: &GetAccessKeyLastUsedInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let key = scope.call().access_key(&input.access_key_id);
        match key.map(|key| key.record.owner) {
            Some(KeyOwner::User(id)) => {
                if let Some(user) = scope.entities().user_by_id(id) {
                    targets.need(ACTION, user.arn()).identity_tags(&user.record.tags);
                }
            }
            Some(KeyOwner::Root) => {
                targets.need(ACTION, Arn::root(scope.account()));
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
        // AWS tells nobody whether a key of another account exists.
        let Some(key) = call.call().access_key(id) else {
            let caller = call.call().caller.principal().arn();
            return Err(AccessDenied::ForeignAccessKey { caller: caller.as_ref(), key: id }.into());
        };
        Ok(GetAccessKeyLastUsedOutput {
            user_name: super::owner_name(tx.account(), key.record.owner),
            access_key_last_used: Some(shape(key.last_used.get().as_deref())),
        })
    }
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
