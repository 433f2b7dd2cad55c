use aws_smithy_types::DateTime;
use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_ident::{AccountId, Arn};
use daypass_model::ServiceError;
use daypass_model::iam::{self, GetUserInput, GetUserOutput};
use daypass_state::{Account, Tx};

use crate::caller::Subject;
use crate::generated::GetUser;

impl Guarded for GetUser {
    fn targets(
        input: &GetUserInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let subject = Subject::of(input.user_name.as_deref(), scope.call())?;
        subject.need(targets, scope, "iam:GetUser");
        Ok(())
    }
}

impl Handle for GetUser {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<GetUserOutput, ServiceError> {
        let user = match Subject::of(call.input().user_name.as_deref(), call.call())? {
            Subject::Root => root(call.account(), tx.account()),
            Subject::User(name) => {
                let record = &super::find(tx.account(), name)?.record;
                iam::User {
                    password_last_used: super::password_last_used(tx.account(), record),
                    ..super::described(call.account(), record)
                }
            }
        };
        Ok(GetUserOutput { user })
    }
}

/// The root user as AWS shows it: the account's alias for a name, if it has one, and no path.
///
/// When the account was opened is not known here; the date is always the same, so that tools
/// that compare answers see no change.
pub(crate) fn root(id: AccountId, account: &Account) -> iam::User {
    iam::User {
        path: None,
        user_name: account.alias().map(str::to_owned),
        user_id: id.to_string(),
        arn: Arn::root(id).to_string(),
        create_date: DateTime::from_secs(0),
        password_last_used: None,
        permissions_boundary: None,
        tags: None,
    }
}
