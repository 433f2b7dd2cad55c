use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use daypass_authz::Env;
use daypass_ident::{AccountId, Arn, Secret};
use daypass_token::{ContextAssertion, ContextKind, OnBehalfOf};
use serde::Deserialize;

use super::IDENTITY_CENTER;

/// About whom an assertion is to be made. What is not said is as in an IAM Identity Center of the
/// account's own.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ContextRequest {
    /// The user's id in the identity store, such as `544894e8-80c1-707f-60e3-3ba6510dfac1`.
    pub user_id: String,
    /// What a session is to know the user for. Default: to decide by, and for logs.
    #[serde(default)]
    pub kind: ContextKind,
    /// The identity store, `arn:aws:identitystore::ACCOUNT:identitystore/ID`.
    pub identity_store_arn: Option<String>,
    /// The instance of IAM Identity Center, `arn:aws:sso:::instance/ID`.
    pub instance_arn: Option<String>,
    /// The application that gets the assertion, `arn:aws:sso::ACCOUNT:application/INSTANCE/ID`.
    pub application_arn: Option<String>,
}

impl ContextRequest {
    /// About this user, and nothing else said.
    #[must_use]
    pub fn about(user_id: &str) -> Self {
        Self {
            user_id: user_id.to_owned(),
            kind: ContextKind::default(),
            identity_store_arn: None,
            instance_arn: None,
            application_arn: None,
        }
    }
}

/// An assertion, with what belongs to it in `ProvidedContexts`.
#[derive(Debug)]
pub struct AssertedContext {
    /// `ProviderArn`.
    pub provider_arn: &'static str,
    /// `ContextAssertion`, which nobody but this deployment reads.
    pub assertion: Secret<String>,
    /// What it says.
    pub says: ContextAssertion,
}

/// Makes an assertion as IAM Identity Center's `CreateTokenWithIAM` would hand it out, good for an
/// hour by the service clock as its tokens are.
///
/// # Errors
/// When IAM Identity Center has no such users or ARNs, or the deployment does in everything as AWS
/// does.
pub fn assert(
    request: &ContextRequest,
    account: AccountId,
    env: &Env,
) -> Result<AssertedContext, ContextRequestError> {
    if !env.departures.context_assertions {
        return Err(ContextRequestError::Strict);
    }
    if !is_user_id(&request.user_id) {
        return Err(ContextRequestError::UserId);
    }
    let says = ContextAssertion {
        user: OnBehalfOf {
            kind: request.kind,
            user_id: request.user_id.clone(),
            identity_store_arn: arn(
                request.identity_store_arn.as_deref(),
                || format!("arn:aws:identitystore::{account}:identitystore/{STORE}"),
                ("identitystore", "identitystore/"),
            )
            .ok_or(ContextRequestError::IdentityStore)?,
        },
        instance_arn: arn(
            request.instance_arn.as_deref(),
            || format!("arn:aws:sso:::instance/{INSTANCE}"),
            ("sso", "instance/"),
        )
        .ok_or(ContextRequestError::Instance)?,
        application_arn: arn(
            request.application_arn.as_deref(),
            || format!("arn:aws:sso::{account}:application/{INSTANCE}/{APPLICATION}"),
            ("sso", "application/"),
        )
        .ok_or(ContextRequestError::Application)?,
        credential_id: credential_id(env),
        expires_at: env.clock.now().secs() + LIFETIME,
        well_known_keys: env.directory.well_known_keys().is_some(),
    };
    let assertion = env.directory.ring().seal_context(&says, &*env.ids);
    let assertion = assertion.map_err(|_| ContextRequestError::TooLong)?;
    Ok(AssertedContext { provider_arn: IDENTITY_CENTER, assertion, says })
}

/// Why no assertion is made. Each says what would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ContextRequestError {
    /// AWS has nobody but IAM Identity Center make them.
    #[error("context assertions are not made under --strict")]
    Strict,
    /// Not a user's id.
    #[error(
        "a user id of IAM Identity Center is a UUID, such as 544894e8-80c1-707f-60e3-3ba6510dfac1, \
         or one after ten hexadecimal digits and a hyphen"
    )]
    UserId,
    /// Not an identity store's ARN.
    #[error("the identity store has the ARN arn:aws:identitystore::ACCOUNT:identitystore/ID")]
    IdentityStore,
    /// Not an instance's ARN.
    #[error("the instance has the ARN arn:aws:sso:::instance/ID")]
    Instance,
    /// Not an application's ARN.
    #[error("the application has the ARN arn:aws:sso::ACCOUNT:application/INSTANCE/ID")]
    Application,
    /// More than STS reads.
    #[error("the assertion would be longer than 2048 characters: give shorter ARNs")]
    TooLong,
}

/// The ARN given, or else a usual one; `None` if it is not of the service and the kind.
fn arn(
    given: Option<&str>,
    usual: impl FnOnce() -> String,
    (service, kind): (&str, &str),
) -> Option<Arn> {
    let arn: Arn = given.map_or_else(usual, str::to_owned).parse().ok()?;
    let parts = arn.parts();
    let id = parts.resource.strip_prefix(kind)?;
    (parts.service == service && !id.is_empty()).then_some(arn)
}

/// As the Identity Store API has it: `UserId`.
fn is_user_id(text: &str) -> bool {
    let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let groups: Vec<&str> = text.split('-').collect();
    let uuid = match groups.as_slice() {
        [store, uuid @ ..] if uuid.len() == UUID.len() && store.len() == 10 && is_hex(store) => {
            uuid
        }
        uuid => uuid,
    };
    uuid.len() == UUID.len()
        && uuid.iter().zip(UUID).all(|(group, length)| group.len() == length && is_hex(group))
}

/// As long as those of AWS.
fn credential_id(env: &Env) -> String {
    let mut random = [0; 64];
    env.ids.fill(&mut random);
    URL_SAFE_NO_PAD.encode(random)
}

/// How many digits the groups of a UUID have.
const UUID: [usize; 5] = [8, 4, 4, 4, 12];

const STORE: &str = "d-1234567890";
const INSTANCE: &str = "ssoins-1234567890abcdef";
const APPLICATION: &str = "apl-1234567890abcdef";

/// How long an assertion is good, in seconds.
const LIFETIME: i64 = 3_600;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_ids_are_uuids_and_may_name_their_store() {
        for id in [
            "544894e8-80c1-707f-60e3-3ba6510dfac1",
            "976710cc5d-9d976f61-3b89-4b98-88db-2ea3bbc1f3fa",
            "9067642AC7-544894E8-80C1-707F-60E3-3BA6510DFAC1",
        ] {
            assert!(is_user_id(id), "{id}");
        }
        for id in [
            "",
            "alice",
            "544894e8-80c1-707f-60e3-3ba6510dfac",
            "544894e8-80c1-707f-60e3-3ba6510dfacg",
            "544894e8-80c1-707f-60e33ba6510dfac1",
            "976710cc5-544894e8-80c1-707f-60e3-3ba6510dfac1",
            "544894e8-80c1-707f-60e3-3ba6510dfac1-",
            "ä44894e8-80c1-707f-60e3-3ba6510dfac1",
        ] {
            assert!(!is_user_id(id), "{id}");
        }
    }

    #[test]
    fn arns_are_of_their_kind() {
        let of = |text: &str| arn(Some(text), String::new, ("sso", "instance/")).is_some();
        assert!(of("arn:aws:sso:::instance/ssoins-1"));
        for other in [
            "",
            "ssoins-1",
            "arn:aws:sso:::instance/",
            "arn:aws:sso:::application/x",
            "arn:aws:iam:::instance/x",
        ] {
            assert!(!of(other), "{other}");
        }
    }
}
