use aws_smithy_types::DateTime;
use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{
    AssertionEncryptionModeType, GetSamlProviderInput, GetSamlProviderOutput, SamlPrivateKey,
};
use daypass_state::Tx;
use daypass_state::record::{AssertionEncryption, SamlPrivateKeyRecord};

use super::provider;
use crate::generated::GetSamlProvider;
use crate::tags;

impl Guarded for GetSamlProvider {
    fn targets(
        input: &GetSamlProviderInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        provider::need(targets, scope, "iam:GetSAMLProvider", &input.saml_provider_arn)?;
        Ok(())
    }
}

impl Handle for GetSamlProvider {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<GetSamlProviderOutput, ServiceError> {
        let record = &provider::existing(tx.account(), &call.input().saml_provider_arn)?.record;
        Ok(GetSamlProviderOutput {
            saml_provider_uuid: Some(record.uuid.clone()),
            saml_metadata_document: Some(record.metadata.clone()),
            create_date: Some(DateTime::from_secs(record.create_date)),
            valid_until: Some(DateTime::from_secs(record.valid_until)),
            tags: Some(tags::sorted(&record.tags)),
            assertion_encryption_mode: Some(mode(record.assertion_encryption)),
            private_key_list: Some(record.private_keys.iter().map(shape).collect()),
        })
    }
}

/// A private key as answers show it: never itself.
fn shape(key: &SamlPrivateKeyRecord) -> SamlPrivateKey {
    SamlPrivateKey {
        key_id: Some(key.id.clone()),
        timestamp: Some(DateTime::from_secs(key.timestamp)),
    }
}

/// A provider that was made without a mode shows `Allowed` (as recorded from AWS).
const fn mode(encryption: AssertionEncryption) -> AssertionEncryptionModeType {
    match encryption {
        AssertionEncryption::Unset | AssertionEncryption::Allowed => {
            AssertionEncryptionModeType::Allowed
        }
        AssertionEncryption::Required => AssertionEncryptionModeType::Required,
    }
}
