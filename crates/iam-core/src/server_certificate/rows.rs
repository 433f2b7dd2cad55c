//! What the operations on server certificates need.

use daypass_authz::{Guarded, Scope, Target, Targets};
use daypass_ident::Arn;

use crate::generated::{
    DeleteServerCertificate, GetServerCertificate, ListServerCertificateTags,
    ListServerCertificates, TagServerCertificate, UntagServerCertificate, UpdateServerCertificate,
    UploadServerCertificate,
};
use crate::need::{self, Needed};
use crate::tags;

impl Guarded for DeleteServerCertificate {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        on_certificate(
            targets,
            scope,
            "iam:DeleteServerCertificate",
            &input.server_certificate_name,
        );
        Ok(())
    }
}

impl Guarded for GetServerCertificate {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        on_certificate(targets, scope, "iam:GetServerCertificate", &input.server_certificate_name);
        Ok(())
    }
}

impl Guarded for ListServerCertificateTags {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        on_certificate(
            targets,
            scope,
            "iam:ListServerCertificateTags",
            &input.server_certificate_name,
        );
        Ok(())
    }
}

impl Guarded for ListServerCertificates {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        let path = input.path_prefix.as_deref();
        need::on_list(targets, scope, "iam:ListServerCertificates", "server-certificate", path);
        Ok(())
    }
}

impl Guarded for TagServerCertificate {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        on_certificate(targets, scope, "iam:TagServerCertificate", &input.server_certificate_name)
            .request_tags(tags::pairs(&input.tags));
        Ok(())
    }
}

impl Guarded for UntagServerCertificate {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        on_certificate(
            targets,
            scope,
            "iam:UntagServerCertificate",
            &input.server_certificate_name,
        )
        .keys("aws:TagKeys", input.tag_keys.clone());
        Ok(())
    }
}

impl Guarded for UpdateServerCertificate {
    /// The right to both the certificate as it is and the certificate that it is to be.
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        let name = &input.server_certificate_name;
        on_certificate(targets, scope, "iam:UpdateServerCertificate", name);
        if input.new_server_certificate_name.is_none() && input.new_path.is_none() {
            return Ok(());
        }
        let path = input.new_path.as_deref().unwrap_or("/");
        let name = input.new_server_certificate_name.as_ref().unwrap_or(name);
        let renamed = Arn::iam(scope.account(), &["server-certificate", path, name]);
        targets
            .need("iam:UpdateServerCertificate", renamed)
            .shown_as(format!("server certificate {name}"));
        Ok(())
    }
}

impl Guarded for UploadServerCertificate {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        let path = input.path.as_deref().unwrap_or("/");
        let arn = Arn::iam(
            scope.account(),
            &["server-certificate", path, &input.server_certificate_name],
        );
        need::to_create(
            targets,
            ["iam:UploadServerCertificate", "iam:TagServerCertificate"],
            arn,
            input.tags.as_deref(),
        );
        Ok(())
    }
}

fn on_certificate<'t>(
    targets: &'t mut Targets,
    scope: &Scope<'_>,
    action: &'static str,
    name: &str,
) -> &'t mut Target {
    need::on_absent(targets, scope, action, "server-certificate", name)
}
