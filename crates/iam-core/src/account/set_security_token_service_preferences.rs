use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{
    GlobalEndpointTokenVersion, SetSecurityTokenServicePreferencesInput,
    SetSecurityTokenServicePreferencesOutput,
};
use daypass_state::Tx;

use crate::generated::SetSecurityTokenServicePreferences;

impl Guarded for SetSecurityTokenServicePreferences {
    fn targets(
        _: &SetSecurityTokenServicePreferencesInput,
        _: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        targets.need_on_all("iam:SetSecurityTokenServicePreferences");
        Ok(())
    }
}

impl Handle for SetSecurityTokenServicePreferences {
    /// The tokens of daypass are good in all regions, whatever their version.
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<SetSecurityTokenServicePreferencesOutput, ServiceError> {
        let mut settings = tx.account().settings().clone();
        settings.version_two_tokens = match call.input().global_endpoint_token_version {
            GlobalEndpointTokenVersion::V1Token => false,
            GlobalEndpointTokenVersion::V2Token => true,
        };
        tx.put_settings(&settings);
        Ok(SetSecurityTokenServicePreferencesOutput {})
    }
}
