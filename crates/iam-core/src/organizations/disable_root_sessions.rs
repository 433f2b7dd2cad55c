use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{
    DisableOrganizationsRootSessionsInput, DisableOrganizationsRootSessionsOutput,
};
use daypass_state::Tx;
use daypass_state::record::RootFeature;

use super::features::{self, Enabled};
use crate::generated::DisableOrganizationsRootSessions;

impl Guarded for DisableOrganizationsRootSessions {
    fn targets(
        _: &DisableOrganizationsRootSessionsInput,
        _: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        targets.need_on_all("iam:DisableOrganizationsRootSessions");
        Ok(())
    }
}

impl Handle for DisableOrganizationsRootSessions {
    fn run(
        _: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<DisableOrganizationsRootSessionsOutput, ServiceError> {
        let Enabled { organization_id, features } = features::disable(tx, RootFeature::Sessions)?;
        Ok(DisableOrganizationsRootSessionsOutput {
            organization_id: Some(organization_id),
            enabled_features: Some(features),
        })
    }
}
