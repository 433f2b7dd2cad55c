use std::sync::Arc;

use daypass_authz::{Scope, Target, Targets};
use daypass_ident::IdGen;
use daypass_model::ServiceError;
use daypass_model::iam::AssertionEncryptionModeType;
use daypass_state::record::AssertionEncryption;
use daypass_state::{Account, SamlProvider};

use crate::errors::NoSuchEntity;
use crate::need;

/// The provider of this ARN; another account's is as good as absent.
///
/// # Errors
/// `NoSuchEntity` when there is none.
pub(super) fn existing<'a>(
    account: &'a Account,
    arn: &str,
) -> Result<&'a Arc<SamlProvider>, ServiceError> {
    account.saml_provider_by_arn(arn).ok_or_else(|| NoSuchEntity::SamlProvider(arn).into())
}

/// `action` on the provider of this ARN, with the provider's tags.
///
/// # Errors
/// `ValidationError` for what is not the ARN of such a provider.
pub(super) fn need<'t>(
    targets: &'t mut Targets,
    scope: &Scope<'_>,
    action: &'static str,
    arn: &str,
) -> Result<&'t mut Target, ServiceError> {
    let target = targets.need(action, need::parse_arn_of("saml-provider", arn)?);
    let account = scope.entities();
    if let Some(provider) = account.saml_provider_by_arn(arn) {
        target.resource_tags(&provider.record.tags);
    }
    Ok(target)
}

/// The mode of a request as it is kept.
pub(super) fn encryption(mode: AssertionEncryptionModeType) -> AssertionEncryption {
    match mode {
        AssertionEncryptionModeType::Allowed => AssertionEncryption::Allowed,
        AssertionEncryptionModeType::Required => AssertionEncryption::Required,
    }
}

/// A fresh id: what ids of its kind begin with, and as many characters of base 32 as make it 22,
/// AWS's least.
pub(super) fn fresh_id(prefix: &str, ids: &dyn IdGen) -> String {
    let mut random = [0; 22];
    ids.fill(&mut random);
    let letters = random.iter().map(|byte| match byte % 32 {
        letter @ 0..26 => char::from(b'A' + letter),
        digit => char::from(b'2' + (digit - 26)),
    });
    prefix.chars().chain(letters).take(random.len()).collect()
}
