use daypass_ident::Arn;
use serde::{Deserialize, Serialize};

/// What IAM Identity Center says of a user to STS, by way of an application (IAM Identity Center
/// User Guide, "Identity-enhanced IAM role sessions").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContextAssertion {
    /// The user, and what for.
    pub user: OnBehalfOf,
    /// The instance that asserts it (`identitycenter:InstanceArn`).
    pub instance_arn: Arn,
    /// The application that it was issued to (`identitycenter:ApplicationArn`).
    pub application_arn: Arn,
    /// A random text, for logs (`identitycenter:CredentialId`).
    pub credential_id: String,
    /// From when on it is refused, in Unix seconds of the service clock.
    pub expires_at: i64,
    /// Whether it was made while the well-known keys were in force: anybody may then have asked for it.
    pub well_known_keys: bool,
}

impl ContextAssertion {
    /// Whether the assertion is no longer good at `now`, in Unix seconds of the service clock.
    #[must_use]
    pub fn is_expired(&self, now: i64) -> bool {
        now >= self.expires_at
    }
}

/// A user of IAM Identity Center on whose behalf a session acts (CloudTrail's `onBehalfOf`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnBehalfOf {
    /// What the session knows the user for.
    pub kind: ContextKind,
    /// The user's id in the identity store (`identitystore:UserId`).
    pub user_id: String,
    /// The identity store (`identitystore:IdentityStoreArn`).
    pub identity_store_arn: Arn,
}

/// What a session knows its user for: the claim of the ID token that the assertion is from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ContextKind {
    /// To decide by, and for logs (`sts:identity_context`).
    #[default]
    Identity,
    /// For logs alone (`sts:audit_context`).
    Audit,
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn assertions_are_good_until_the_second_of_their_expiry() {
        let assertion = sample();
        assert!(!assertion.is_expired(assertion.expires_at - 1));
        assert!(assertion.is_expired(assertion.expires_at));
    }

    /// A plain assertion.
    pub(crate) fn sample() -> ContextAssertion {
        ContextAssertion {
            user: OnBehalfOf {
                kind: ContextKind::Identity,
                user_id: "544894e8-80c1-707f-60e3-3ba6510dfac1".to_owned(),
                identity_store_arn: arn("identitystore::123456789012:identitystore/d-9067642ac7"),
            },
            instance_arn: arn("sso:::instance/ssoins-1234567890abcdef"),
            application_arn: arn("sso::123456789012:application/ssoins-1234567890abcdef/apl-1"),
            credential_id: "c".repeat(86),
            expires_at: 1_800_003_600,
            well_known_keys: false,
        }
    }

    prop_compose! {
        /// Any user at all.
        pub(crate) fn any_user()(
            identity in any::<bool>(),
            user_id in ".{0,47}",
            store in "[a-z0-9-]{0,20}",
        ) -> OnBehalfOf {
            let kind = if identity { ContextKind::Identity } else { ContextKind::Audit };
            let identity_store_arn = arn(&format!("identitystore:::identitystore/{store}"));
            OnBehalfOf { kind, user_id, identity_store_arn }
        }
    }

    prop_compose! {
        /// Any assertion that is not too long.
        pub(crate) fn any_assertion()(
            user in any_user(),
            [instance, application] in ["[a-z0-9-]{0,20}", "[a-z0-9-]{0,20}"],
            credential_id in ".{0,90}",
            expires_at: i64,
            well_known_keys: bool,
        ) -> ContextAssertion {
            ContextAssertion {
                user,
                instance_arn: arn(&format!("sso:::instance/{instance}")),
                application_arn: arn(&format!("sso:::application/{application}")),
                credential_id,
                expires_at,
                well_known_keys,
            }
        }
    }

    fn arn(rest: &str) -> Arn {
        format!("arn:aws:{rest}").parse().unwrap()
    }
}
