//! What IAM Identity Center asserts of the user on whose behalf a role is assumed:
//! `ProvidedContexts` of `AssumeRole` (IAM Identity Center User Guide, "Identity-enhanced IAM role
//! sessions").
//!
//! With AWS the assertions are sealed by STS, and handed out by IAM Identity Center. Here [`assert`]
//! makes them for whoever sits at the machine.

mod assert;

use daypass_authz::{Call, Target};
use daypass_model::sts;
use daypass_token::ContextAssertion;

pub use self::assert::{AssertedContext, ContextRequest, ContextRequestError, assert};
use crate::errors::ContextError;

/// The context that a call provides; `None` when it provides none. It is opened before the policies
/// are asked, which may want to know what it says.
///
/// # Errors
/// When it is not from IAM Identity Center, not sealed here, or no longer good.
pub(crate) fn open<'i>(
    provided: Option<&'i [sts::ProvidedContext]>,
    call: &Call,
) -> Result<Option<ProvidedContext>, ContextError<'i>> {
    let context = match provided.unwrap_or_default() {
        [] => return Ok(None),
        [context] => context,
        // There is one provider, and of one a session has one context.
        [_, _, ..] => return Err(ContextError::Several),
    };
    let provider = context.provider_arn.as_deref().ok_or(ContextError::Incomplete)?;
    let assertion = context.context_assertion.as_deref().ok_or(ContextError::Incomplete)?;
    if provider != IDENTITY_CENTER {
        return Err(ContextError::Provider(provider));
    }
    let asserted = call.env.directory.ring().open_context(assertion);
    let asserted = asserted.map_err(|_| ContextError::Assertion)?;
    if asserted.well_known_keys && call.env.directory.well_known_keys().is_none() {
        return Err(ContextError::Assertion);
    }
    if asserted.is_expired(call.now.secs()) {
        return Err(ContextError::Expired);
    }
    Ok(Some(ProvidedContext(asserted)))
}

/// A context that is what it says.
#[derive(Debug)]
pub(crate) struct ProvidedContext(pub(crate) ContextAssertion);

impl ProvidedContext {
    /// Adds the condition keys of the call (IAM Identity Center User Guide, "AWS STS condition
    /// context keys for IAM Identity Center").
    pub(crate) fn add_keys(&self, target: &mut Target) {
        let ContextAssertion { user, instance_arn, application_arn, credential_id, .. } = &self.0;
        target
            .key("sts:RequestContext/identitystore:UserId", &user.user_id)
            .key(
                "sts:RequestContext/identitystore:IdentityStoreArn",
                user.identity_store_arn.as_str(),
            )
            .key("sts:RequestContext/identitycenter:InstanceArn", instance_arn.as_str())
            .key("sts:RequestContext/identitycenter:ApplicationArn", application_arn.as_str())
            .key("sts:RequestContext/identitycenter:CredentialId", credential_id)
            .keys("sts:RequestContextProviders", vec![IDENTITY_CENTER.to_owned()]);
    }
}

/// The one provider of contexts that there is here.
const IDENTITY_CENTER: &str = "arn:aws:iam::aws:contextProvider/IdentityCenter";

#[cfg(test)]
mod tests;
