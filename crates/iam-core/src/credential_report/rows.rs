//! What the operations on the credential report need.

use daypass_authz::{Guarded, Scope, Targets};

use crate::generated::{GenerateCredentialReport, GetCredentialReport};
use crate::need::Needed;

impl Guarded for GenerateCredentialReport {
    fn targets(_: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        targets.need_on_all("iam:GenerateCredentialReport");
        Ok(())
    }
}

impl Guarded for GetCredentialReport {
    fn targets(_: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        targets.need_on_all("iam:GetCredentialReport");
        Ok(())
    }
}
