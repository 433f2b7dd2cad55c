//! What the operations on users' signing certificates need.

use daypass_authz::{Guarded, Scope, Targets};

use crate::caller::Subject;
use crate::generated::{
    DeleteSigningCertificate, ListSigningCertificates, UpdateSigningCertificate,
    UploadSigningCertificate,
};
use crate::need::Needed;

impl Guarded for DeleteSigningCertificate {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        Subject::of(input.user_name.as_deref(), scope.call())?.need(
            targets,
            scope,
            "iam:DeleteSigningCertificate",
        );
        Ok(())
    }
}

impl Guarded for ListSigningCertificates {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        Subject::of(input.user_name.as_deref(), scope.call())?.need(
            targets,
            scope,
            "iam:ListSigningCertificates",
        );
        Ok(())
    }
}

impl Guarded for UpdateSigningCertificate {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        Subject::of(input.user_name.as_deref(), scope.call())?.need(
            targets,
            scope,
            "iam:UpdateSigningCertificate",
        );
        Ok(())
    }
}

impl Guarded for UploadSigningCertificate {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        Subject::of(input.user_name.as_deref(), scope.call())?.need(
            targets,
            scope,
            "iam:UploadSigningCertificate",
        );
        Ok(())
    }
}
