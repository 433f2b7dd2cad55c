use std::sync::Arc;

use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_ident::Arn;
use daypass_model::ServiceError;
use daypass_model::iam::{
    ListServiceSpecificCredentialsInput, ListServiceSpecificCredentialsOutput,
};
use daypass_state::Tx;
use daypass_state::record::{KeyOwner, ServiceSpecificCredentialRecord};

use super::service::form;
use crate::caller::Subject;
use crate::errors::{InvalidInput, NoSuchEntity};
use crate::generated::ListServiceSpecificCredentials;
use crate::pagination::paging;

impl Guarded for ListServiceSpecificCredentials {
    fn targets(
        input: &ListServiceSpecificCredentialsInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        if input.all_users == Some(true) {
            targets
                .need("iam:ListServiceSpecificCredentials", Arn::user(scope.account(), "/", "*"));
        } else {
            Subject::of(input.user_name.as_deref(), scope.call())?.need(
                targets,
                scope,
                "iam:ListServiceSpecificCredentials",
            );
        }
        Ok(())
    }
}

impl Handle for ListServiceSpecificCredentials {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<ListServiceSpecificCredentialsOutput, ServiceError> {
        let input = call.input();
        let account = tx.account();
        let of_one = if input.all_users == Some(true) {
            if input.user_name.is_some() {
                return Err(InvalidInput::UserNameWithAllUsers.into());
            }
            None
        } else {
            let subject = Subject::of(input.user_name.as_deref(), call.call())?;
            Some(KeyOwner::User(super::owner(account, subject)?.record.id))
        };
        if let Some(service) = input.service_name.as_deref() {
            form(service).ok_or(NoSuchEntity::ServiceOfCredential(service))?;
        }
        let of_one_user = of_one.map(|owner| account.credentials_of(owner));
        let of_all_users = of_one.is_none().then(|| account.credentials());
        let all = of_one_user.into_iter().flatten().chain(of_all_users.into_iter().flatten());
        let wanted = all.filter(|one: &&Arc<ServiceSpecificCredentialRecord>| {
            input.service_name.as_ref().is_none_or(|service| one.service == *service)
        });
        let wanted = wanted.filter_map(|one| Some((account.user_by_id(one.user)?, one)));
        let page = paging!(input).page(wanted, |(_, one)| format!("{}/{}", one.user, one.id))?;
        let now = call.now();
        Ok(ListServiceSpecificCredentialsOutput {
            service_specific_credentials: Some(
                page.shape(|(user, one)| super::listed(user, one, now)),
            ),
            is_truncated: page.is_truncated(),
            marker: page.marker,
        })
    }
}
