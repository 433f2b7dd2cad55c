use aws_smithy_types::DateTime;
use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{ListSamlProvidersInput, ListSamlProvidersOutput, SamlProviderListEntry};
use daypass_state::Tx;

use crate::generated::ListSamlProviders;
use crate::need;

impl Guarded for ListSamlProviders {
    fn targets(
        _: &ListSamlProvidersInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_list(targets, scope, "iam:ListSAMLProviders", "saml-provider", Some("/*"));
        Ok(())
    }
}

impl Handle for ListSamlProviders {
    fn run(_: &Permitted<Self>, tx: &mut Tx) -> Result<ListSamlProvidersOutput, ServiceError> {
        let entries = tx.account().saml_providers().map(|provider| SamlProviderListEntry {
            arn: Some(provider.arn().to_string()),
            valid_until: Some(DateTime::from_secs(provider.record.valid_until)),
            create_date: Some(DateTime::from_secs(provider.record.create_date)),
        });
        Ok(ListSamlProvidersOutput { saml_provider_list: Some(entries.collect()) })
    }
}
