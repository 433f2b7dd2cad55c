use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_ident::AccountId;
use daypass_model::ServiceError;
use daypass_model::iam::{CreateAccountAliasInput, CreateAccountAliasOutput};
use daypass_state::{CrossAccount, Tx};

use crate::errors::{EntityAlreadyExists, ValidationError};
use crate::generated::CreateAccountAlias;

impl Guarded for CreateAccountAlias {
    fn targets(
        input: &CreateAccountAliasInput,
        _: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let alias = &input.account_alias;
        if alias.parse::<AccountId>().is_ok() {
            return Err(ValidationError::AliasIsAccountId.into());
        }
        targets.need_on_all("iam:CreateAccountAlias");
        Ok(())
    }
}

impl Handle for CreateAccountAlias {
    /// The new alias takes the place of the old. One that is held already, by whichever account,
    /// is refused.
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<CreateAccountAliasOutput, ServiceError> {
        let alias = &call.input().account_alias;
        if tx.across_accounts(CrossAccount::Aliases).account_of_alias(alias).is_some() {
            return Err(EntityAlreadyExists::AccountAlias(alias).into());
        }
        tx.put_alias(alias);
        Ok(CreateAccountAliasOutput {})
    }
}
