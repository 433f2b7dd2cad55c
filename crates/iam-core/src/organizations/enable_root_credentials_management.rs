use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{
    EnableOrganizationsRootCredentialsManagementInput,
    EnableOrganizationsRootCredentialsManagementOutput,
};
use daypass_state::Tx;
use daypass_state::record::RootFeature;

use super::features::{self, Enabled};
use crate::generated::EnableOrganizationsRootCredentialsManagement;

impl Guarded for EnableOrganizationsRootCredentialsManagement {
    fn targets(
        _: &EnableOrganizationsRootCredentialsManagementInput,
        _: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        targets.need_on_all("iam:EnableOrganizationsRootCredentialsManagement");
        Ok(())
    }
}

impl Handle for EnableOrganizationsRootCredentialsManagement {
    fn run(
        _: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<EnableOrganizationsRootCredentialsManagementOutput, ServiceError> {
        let Enabled { organization_id, features } =
            features::enable(tx, RootFeature::CredentialsManagement)?;
        Ok(EnableOrganizationsRootCredentialsManagementOutput {
            organization_id: Some(organization_id),
            enabled_features: Some(features),
        })
    }
}
