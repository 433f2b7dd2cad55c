use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{
    EnableOrganizationsRootSessionsInput, EnableOrganizationsRootSessionsOutput,
};
use daypass_state::Tx;
use daypass_state::record::RootFeature;

use super::features::{self, Enabled};
use crate::generated::EnableOrganizationsRootSessions;

impl Guarded for EnableOrganizationsRootSessions {
    fn targets(
        _: &EnableOrganizationsRootSessionsInput,
        _: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        targets.need_on_all("iam:EnableOrganizationsRootSessions");
        Ok(())
    }
}

impl Handle for EnableOrganizationsRootSessions {
    fn run(
        _: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<EnableOrganizationsRootSessionsOutput, ServiceError> {
        let Enabled { organization_id, features } = features::enable(tx, RootFeature::Sessions)?;
        Ok(EnableOrganizationsRootSessionsOutput {
            organization_id: Some(organization_id),
            enabled_features: Some(features),
        })
    }
}
