//! What the operations on users' SSH keys need.

use daypass_authz::{Guarded, Scope, Targets};

use crate::caller::Subject;
use crate::generated::{
    DeleteSshPublicKey, GetSshPublicKey, ListSshPublicKeys, UpdateSshPublicKey, UploadSshPublicKey,
};
use crate::need::{self, Needed};

impl Guarded for DeleteSshPublicKey {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        need::on_user(targets, scope, "iam:DeleteSSHPublicKey", &input.user_name);
        Ok(())
    }
}

impl Guarded for GetSshPublicKey {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        need::on_user(targets, scope, "iam:GetSSHPublicKey", &input.user_name);
        Ok(())
    }
}

impl Guarded for ListSshPublicKeys {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        Subject::of(input.user_name.as_deref(), scope.call())?.need(
            targets,
            scope,
            "iam:ListSSHPublicKeys",
        );
        Ok(())
    }
}

impl Guarded for UpdateSshPublicKey {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        need::on_user(targets, scope, "iam:UpdateSSHPublicKey", &input.user_name);
        Ok(())
    }
}

impl Guarded for UploadSshPublicKey {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        need::on_user(targets, scope, "iam:UploadSSHPublicKey", &input.user_name);
        Ok(())
    }
}
