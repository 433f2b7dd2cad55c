use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{
    ListOpenIdConnectProvidersInput, ListOpenIdConnectProvidersOutput,
    OpenIdConnectProviderListEntry,
};
use daypass_state::Tx;

use crate::generated::ListOpenIdConnectProviders;
use crate::need;

impl Guarded for ListOpenIdConnectProviders {
    fn targets(
        _: &ListOpenIdConnectProvidersInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let action = "iam:ListOpenIDConnectProviders";
        need::on_list(targets, scope, action, "oidc-provider", Some("/*"));
        Ok(())
    }
}

impl Handle for ListOpenIdConnectProviders {
    fn run(
        _: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<ListOpenIdConnectProvidersOutput, ServiceError> {
        let entries = tx.account().oidc_providers().map(|provider| {
            OpenIdConnectProviderListEntry { arn: Some(provider.arn().to_string()) }
        });
        Ok(ListOpenIdConnectProvidersOutput {
            open_id_connect_provider_list: Some(entries.collect()),
        })
    }
}
