use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_ident::Arn;
use daypass_model::ServiceError;
use daypass_model::iam::{CreateSamlProviderInput, CreateSamlProviderOutput};
use daypass_state::Tx;
use daypass_state::record::{SamlProviderRecord, Tags};

use super::{metadata, private_keys, provider};
use crate::errors::EntityAlreadyExists;
use crate::generated::CreateSamlProvider;
use crate::tags::{self, KeyCase};
use crate::{need, quotas};

impl Guarded for CreateSamlProvider {
    fn targets(
        input: &CreateSamlProviderInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let arn = Arn::saml_provider(scope.account(), &input.name);
        let actions = ["iam:CreateSAMLProvider", "iam:TagSAMLProvider"];
        need::to_create(targets, actions, arn, input.tags.as_deref());
        Ok(())
    }
}

impl Handle for CreateSamlProvider {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<CreateSamlProviderOutput, ServiceError> {
        let input = call.input();
        let mut tags = Tags::default();
        KeyCase::Significant.put(&mut tags, input.tags.as_deref().unwrap_or_default())?;
        let valid_until = metadata::valid_until(&input.saml_metadata_document, call.now())?;
        let encryption = input.assertion_encryption_mode.map(provider::encryption);
        let mut provider = SamlProviderRecord {
            name: input.name.clone(),
            uuid: provider::fresh_id("SAMLSP", call.ids()),
            metadata: input.saml_metadata_document.clone(),
            create_date: call.now(),
            valid_until,
            assertion_encryption: encryption.unwrap_or_default(),
            private_keys: Vec::new(),
            tags,
        };
        if let Some(pem) = &input.add_private_key {
            private_keys::add(&mut provider, pem, call.now(), call.ids())?;
        }
        if tx.account().saml_provider(&provider.name).is_some() {
            return Err(EntityAlreadyExists::SamlProvider(&provider.name).into());
        }
        quotas::SAML_PROVIDERS_PER_ACCOUNT
            .of(tx.account())
            .admit_one(tx.account().saml_provider_count())?;
        tx.put_saml_provider(&provider);
        Ok(CreateSamlProviderOutput {
            saml_provider_arn: Some(Arn::saml_provider(call.account(), &provider.name).to_string()),
            tags: (!provider.tags.is_empty()).then(|| tags::sorted(&provider.tags)),
        })
    }
}
