use daypass_authz::{Guarded, Scope, Targets};
use daypass_ident::{AccountId, Arn};
use daypass_model::ServiceError;

use crate::errors::StsError;
use crate::generated::AssumeRoot;

impl Guarded for AssumeRoot {
    /// The right to the member account's root user, for this task.
    fn targets(
        input: &Self::Input,
        _: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let member = member(&input.target_principal)?;
        let target = targets.need("sts:AssumeRoot", Arn::root(member));
        if let Some(task) = &input.task_policy_arn.arn {
            target.key("sts:TaskPolicyArn", task);
        }
        Ok(())
    }
}

/// The account whose root user is meant: its id, or the ARN of the root user.
fn member(principal: &str) -> Result<AccountId, StsError<'_>> {
    let of_root = || {
        let arn: Arn = principal.parse().ok()?;
        arn.parts().account_id().filter(|account| Arn::root(*account) == arn)
    };
    principal.parse().ok().or_else(of_root).ok_or(StsError::InvalidArn(principal))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_account_is_named_by_its_id_or_its_root_user() {
        let account: AccountId = "123456789012".parse().unwrap();
        for principal in ["123456789012", "arn:aws:iam::123456789012:root"] {
            assert_eq!(member(principal).unwrap(), account);
        }
        for principal in ["", "12345678901", "arn:aws:iam::123456789012:user/root", "root"] {
            assert!(member(principal).is_err(), "{principal}");
        }
    }
}
