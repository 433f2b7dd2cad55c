//! What the operations on the account's password policy need.

use daypass_authz::{Guarded, Scope, Targets};

use crate::generated::{
    DeleteAccountPasswordPolicy, GetAccountPasswordPolicy, UpdateAccountPasswordPolicy,
};
use crate::need::Needed;

impl Guarded for DeleteAccountPasswordPolicy {
    fn targets(_: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        targets.need_on_all("iam:DeleteAccountPasswordPolicy");
        Ok(())
    }
}

impl Guarded for GetAccountPasswordPolicy {
    fn targets(_: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        targets.need_on_all("iam:GetAccountPasswordPolicy");
        Ok(())
    }
}

impl Guarded for UpdateAccountPasswordPolicy {
    fn targets(_: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        targets.need_on_all("iam:UpdateAccountPasswordPolicy");
        Ok(())
    }
}
