use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{
    DisableOrganizationsRootCredentialsManagementInput,
    DisableOrganizationsRootCredentialsManagementOutput,
};
use daypass_state::Tx;
use daypass_state::record::RootFeature;

use super::features::{self, Enabled};
use crate::generated::DisableOrganizationsRootCredentialsManagement;

impl Guarded for DisableOrganizationsRootCredentialsManagement {
    fn targets(
        _: &DisableOrganizationsRootCredentialsManagementInput,
        _: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        targets.need_on_all("iam:DisableOrganizationsRootCredentialsManagement");
        Ok(())
    }
}

impl Handle for DisableOrganizationsRootCredentialsManagement {
    fn run(
        _: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<DisableOrganizationsRootCredentialsManagementOutput, ServiceError> {
        let Enabled { organization_id, features } =
            features::disable(tx, RootFeature::CredentialsManagement)?;
        Ok(DisableOrganizationsRootCredentialsManagementOutput {
            organization_id: Some(organization_id),
            enabled_features: Some(features),
        })
    }
}
