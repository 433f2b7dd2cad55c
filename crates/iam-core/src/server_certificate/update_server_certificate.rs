use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_ident::Arn;
use daypass_model::ServiceError;
use daypass_model::iam::{UpdateServerCertificateInput, UpdateServerCertificateOutput};
use daypass_state::{Name, Tx};

use crate::errors::EntityAlreadyExists;
use crate::generated::UpdateServerCertificate;
use crate::need;

impl Guarded for UpdateServerCertificate {
    /// The right to both the certificate as it is and the certificate that it is to be.
    fn targets(
        input: &UpdateServerCertificateInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let name = &input.server_certificate_name;
        need::on_server_certificate(targets, scope, ACTION, name);
        if input.new_server_certificate_name.is_none() && input.new_path.is_none() {
            return Ok(());
        }
        let known = scope.entities().server_certificate(name);
        let path = known.map_or("/", |known| &known.record.path);
        let path = input.new_path.as_deref().unwrap_or(path);
        let name = input.new_server_certificate_name.as_ref().unwrap_or(name);
        targets
            .need(ACTION, Arn::server_certificate(scope.account(), path, name))
            .shown_as(format!("server certificate {name}"));
        Ok(())
    }
}

impl Handle for UpdateServerCertificate {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<UpdateServerCertificateOutput, ServiceError> {
        let input = call.input();
        let account = tx.account();
        let certificate = super::find(account, &input.server_certificate_name)?.clone();
        let mut changed = certificate.record.clone();
        if let Some(path) = &input.new_path {
            changed.path.clone_from(path);
        }
        if let Some(name) = &input.new_server_certificate_name {
            let is_another = Name::new(name) != Name::new(&certificate.record.name);
            if is_another && account.server_certificate(name).is_some() {
                return Err(EntityAlreadyExists::ServerCertificate(name).into());
            }
            changed.name.clone_from(name);
        }
        tx.delete_server_certificate(&certificate);
        tx.put_server_certificate(&changed);
        Ok(UpdateServerCertificateOutput {})
    }
}

const ACTION: &str = "iam:UpdateServerCertificate";
