//! The making of temporary credentials.

use aws_smithy_types::DateTime;
use daypass_authz::{Call, Permitted};
use daypass_ident::{AccessKeyId, AccessKeyKind, AccountId, Principal};
use daypass_model::sts::Credentials;
use daypass_model::{Operation, ServiceError, common};
use daypass_token::{
    FederationFacts, KeyRing, Mfa, OnBehalfOf, SealError, SessionClaims, SessionPolicies,
};

use crate::errors::StsError;

/// What distinguishes a session from its caller.
#[derive(Debug)]
pub(crate) struct Claims {
    pub(crate) principal: Principal,
    /// For `GetFederationToken`, the caller.
    pub(crate) issuer: Option<Principal>,
    pub(crate) seconds: i32,
    pub(crate) session_policies: Option<SessionPolicies>,
    pub(crate) tags: Vec<(String, String)>,
    pub(crate) transitive_tag_keys: Vec<String>,
    pub(crate) source_identity: Option<String>,
    /// That a code was given: with the call, or when the caller's own session began.
    pub(crate) mfa: Option<Mfa>,
    /// What stays known of the identity that a provider vouched for.
    pub(crate) federation: Option<FederationFacts>,
    /// For `AssumeRoot`.
    pub(crate) assumed_root: bool,
    /// The user that a provided context names.
    pub(crate) on_behalf_of: Option<OnBehalfOf>,
    /// For `GetDelegatedAccessToken`, the account that acts as the principal.
    pub(crate) delegate: Option<AccountId>,
    /// How many characters the token must have at least.
    pub(crate) minimum_token_size: Option<i32>,
}

impl Claims {
    /// A session with nothing but what the caller's own has to say.
    pub(crate) fn of(principal: Principal, call: &Call) -> Self {
        Self {
            principal,
            seconds: 0,
            session_policies: None,
            tags: Vec::new(),
            transitive_tag_keys: Vec::new(),
            source_identity: None,
            mfa: call.caller.session().and_then(|session| session.claims.mfa.clone()),
            issuer: None,
            federation: None,
            assumed_root: false,
            on_behalf_of: None,
            delegate: None,
            minimum_token_size: None,
        }
    }
}

/// Seals a session. Nothing is written: the token carries all of it.
///
/// # Errors
/// [`StsError::TokenTooLargeForSession`]: policies and tags have been found to fit, but not what an
/// identity provider says beside them.
pub(crate) fn credentials<Op: Operation>(
    permitted: &Permitted<Op>,
    claims: Claims,
) -> Result<Credentials, ServiceError> {
    let call = permitted.call();
    let issued_at = permitted.now();
    let expires_at = issued_at + i64::from(claims.seconds);
    let account = claims.principal.account();
    let id = AccessKeyId::generate(AccessKeyKind::Temporary, account, permitted.ids());
    let minimum = claims.minimum_token_size.and_then(|size| usize::try_from(size).ok());
    let minimum = minimum.unwrap_or_default();
    let caller = call.caller.principal();
    let claims = SessionClaims {
        chained: matches!(caller, Principal::AssumedRole { .. }),
        region: String::from(&*call.region),
        session_policies: claims.session_policies,
        tags: claims.tags,
        transitive_tag_keys: claims.transitive_tag_keys,
        source_identity: claims.source_identity,
        mfa: claims.mfa,
        issuer: claims.issuer,
        federation: claims.federation,
        assumed_root: claims.assumed_root,
        on_behalf_of: claims.on_behalf_of,
        delegate: claims.delegate,
        well_known_keys: call.env.directory.well_known_keys().is_some(),
        ..SessionClaims::plain(id.clone(), claims.principal, issued_at, expires_at)
    };
    let sealed = call.env.directory.ring().seal_padded(&claims, minimum, permitted.ids());
    let sealed = sealed.map_err(|error| match error {
        SealError::TooLong => StsError::TokenTooLargeForSession.into(),
        SealError::Cipher => common::INTERNAL_FAILURE.bare(),
    })?;
    Ok(Credentials {
        access_key_id: id.into(),
        secret_access_key: sealed.secret_access_key,
        session_token: sealed.token.into(),
        expiration: DateTime::from_secs(expires_at),
    })
}

/// What an answer says of the size of its session token: `SessionTokenSize`, in bytes, and
/// `SessionTokenUtilization`, in percent of the longest that there can be, rounded up.
pub(crate) fn token_size(credentials: &Credentials) -> [Option<i32>; 2] {
    let size = credentials.session_token.len();
    let percent = (size * 100).div_ceil(KeyRing::LONGEST_TOKEN);
    [size, percent].map(|number| i32::try_from(number).ok())
}

#[cfg(test)]
mod tests {
    use daypass_model::sts::{AssumeRoleInput, GetSessionTokenInput};

    use crate::generated::{AssumeRole, GetSessionToken};
    use crate::testing::{Setup, allows, credentials, role_arn, trusts};

    /// Whoever calls: under the well-known keys anybody may have made the caller's own key.
    #[tokio::test]
    async fn sessions_say_whether_the_well_known_keys_were_in_force() {
        for in_force in [true, false] {
            let setup = Setup::default().user("alice", Some(allows(&["sts:*"])));
            let setup = setup.role("deploy", trusts("123456789012"), None);
            let setup = if in_force { setup } else { setup.without_well_known_keys() };
            let world = setup.build().await;
            let alice = world.user("alice");
            let input = GetSessionTokenInput::default();
            let output = world.call::<GetSessionToken>(&alice, input).await.unwrap();
            let own = world.session(output.credentials.as_ref().unwrap());
            let input = AssumeRoleInput {
                role_arn: role_arn("deploy"),
                role_session_name: "s1".to_owned(),
                ..AssumeRoleInput::default()
            };
            let output = world.call::<AssumeRole>(&own, input).await.unwrap();
            let chained = world.session(credentials(&output));
            for session in [own, chained] {
                let claims = &session.session().unwrap().claims;
                assert_eq!(claims.well_known_keys, in_force, "{:?}", claims.principal);
            }
        }
    }
}
