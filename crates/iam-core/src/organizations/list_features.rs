use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{ListOrganizationsFeaturesInput, ListOrganizationsFeaturesOutput};
use daypass_state::Tx;

use super::features::{self, Enabled};
use crate::generated::ListOrganizationsFeatures;

impl Guarded for ListOrganizationsFeatures {
    fn targets(
        _: &ListOrganizationsFeaturesInput,
        _: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        targets.need_on_all("iam:ListOrganizationsFeatures");
        Ok(())
    }
}

impl Handle for ListOrganizationsFeatures {
    fn run(
        _: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<ListOrganizationsFeaturesOutput, ServiceError> {
        let Enabled { organization_id, features } = features::list(tx)?;
        Ok(ListOrganizationsFeaturesOutput {
            organization_id: Some(organization_id),
            enabled_features: Some(features),
        })
    }
}
