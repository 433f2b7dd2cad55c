use daypass_ident::{AccessKeyId, AccountId, Arn, Principal};
use serde::{Deserialize, Serialize};

use crate::OnBehalfOf;

/// All that daypass knows of a session, fixed when its credentials are issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionClaims {
    /// The `ASIA…` id of the credentials. A token belongs to one key: a request that names
    /// another is refused.
    pub access_key_id: AccessKeyId,
    /// Who the session is: the user itself for `GetSessionToken`, else the role's or the
    /// federated session.
    pub principal: Principal,
    /// For a `GetFederationToken` session, the user or root user who asked for it: the session
    /// can do no more than its issuer and ends with it. `None` for every other session.
    pub issuer: Option<Principal>,
    /// When the credentials were issued (`aws:TokenIssueTime`), in Unix seconds of the service
    /// clock.
    pub issued_at: i64,
    /// From when on the credentials are refused, in Unix seconds of the service clock.
    pub expires_at: i64,
    /// The region of the endpoint that issued the credentials.
    pub region: String,
    /// The session policies; `None` when the caller passed none, which is not the same as
    /// policies that allow nothing.
    pub session_policies: Option<SessionPolicies>,
    /// The session tags, own and inherited, in the order they were passed.
    pub tags: Vec<(String, String)>,
    /// The keys of the tags that a session assumed from this one inherits.
    pub transitive_tag_keys: Vec<String>,
    /// The source identity; once set it stays through every chained session.
    pub source_identity: Option<String>,
    /// The multi-factor authentication that the session was issued on.
    pub mfa: Option<Mfa>,
    /// Whether the session was issued to a caller that was itself a role's session.
    pub chained: bool,
    /// The identity provider that vouched for the caller of `AssumeRoleWithSAML` or
    /// `AssumeRoleWithWebIdentity`; `None` for every other session, those chained from such a one
    /// among them.
    pub federation: Option<FederationFacts>,
    /// Whether this is a session of `AssumeRoot` (`aws:AssumedRoot`): of another account's root
    /// user, for one task.
    pub assumed_root: bool,
    /// The user of IAM Identity Center on whose behalf the session acts. A session assumed from this
    /// one acts on nobody's behalf unless an assertion of its own says so.
    pub on_behalf_of: Option<OnBehalfOf>,
    /// The account that acts as the principal: for a session of `GetDelegatedAccessToken`, the one that
    /// made the delegation request. A session assumed from this one has none.
    pub delegate: Option<AccountId>,
    /// Whether the session was issued while the well-known keys were in force. Anybody may then have
    /// been its caller, or have made the key, the policy or the identity provider that it rests on.
    pub well_known_keys: bool,
}

impl SessionClaims {
    /// A session with nothing but what every session has.
    #[must_use]
    pub fn plain(
        access_key_id: AccessKeyId,
        principal: Principal,
        issued_at: i64,
        expires_at: i64,
    ) -> Self {
        Self {
            access_key_id,
            principal,
            issuer: None,
            issued_at,
            expires_at,
            region: String::new(),
            session_policies: None,
            tags: Vec::new(),
            transitive_tag_keys: Vec::new(),
            source_identity: None,
            mfa: None,
            chained: false,
            federation: None,
            assumed_root: false,
            on_behalf_of: None,
            delegate: None,
            well_known_keys: false,
        }
    }

    /// Whether the credentials are no longer good at `now`, in Unix seconds of the service clock.
    #[must_use]
    pub fn is_expired(&self, now: i64) -> bool {
        now >= self.expires_at
    }
}

/// The policies that bound a session (IAM User Guide, "Session policies").
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SessionPolicies {
    /// The policy document passed with the call.
    pub inline: Option<String>,
    /// The managed policies passed with the call.
    pub arns: Vec<Arn>,
}

/// A passed multi-factor authentication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mfa {
    /// The device's serial number: for a virtual device, its ARN.
    pub serial: String,
    /// When the code was checked, in Unix seconds of the service clock
    /// (`aws:MultiFactorAuthAge` counts from here).
    pub authenticated_at: i64,
}

/// What stays known of an identity that a provider vouched for (IAM User Guide, "Available keys for
/// AWS OIDC federation" and "… SAML-based federation").
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FederationFacts {
    /// The provider as policies name it (`aws:FederatedProvider`): its ARN, or the host of one
    /// that AWS has built in.
    pub provider: String,
    /// The condition keys that requests of the session still have, in lower case, with their
    /// values: `{host}:aud`, `:sub`, `:amr` and `:id`; `saml:sub`, `saml:sub_type` and
    /// `saml:namequalifier`.
    pub keys: Vec<(String, Vec<String>)>,
}

#[cfg(test)]
pub(crate) mod tests {
    use daypass_ident::{AccessKeyKind, IdGen, IdKind, UniqueId};
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::context::tests::any_user;

    #[test]
    fn credentials_are_good_until_the_second_of_their_expiry() {
        let claims = sample(&daypass_ident::SystemIds);
        assert!(!claims.is_expired(claims.expires_at - 1));
        assert!(claims.is_expired(claims.expires_at));
    }

    /// A plain role session.
    pub(crate) fn sample(ids: &dyn IdGen) -> SessionClaims {
        let account = account(123_456_789_012);
        let principal = Principal::AssumedRole {
            account,
            path: "/".into(),
            role: "deploy".into(),
            id: UniqueId::generate(IdKind::Role, account, ids),
            session: "s1".into(),
        };
        let id = AccessKeyId::generate(AccessKeyKind::Temporary, account, ids);
        let claims = SessionClaims::plain(id, principal, 1_800_000_000, 1_800_003_600);
        SessionClaims { region: "eu-central-1".to_owned(), ..claims }
    }

    prop_compose! {
        /// Any claims at all.
        pub(crate) fn any_claims()(
            access_key_id in "ASIA[A-Z2-7]{16}",
            principal in any_principal(),
            issuer in proptest::option::of(any_principal()),
            (issued_at, expires_at) in any::<(i64, i64)>(),
            region in ".{0,20}",
            session_policies in proptest::option::of(any_policies()),
            tags in vec(any::<(String, String)>(), 0..5),
            transitive_tag_keys in vec(any::<String>(), 0..3),
            source_identity in any::<Option<String>>(),
            mfa in any::<Option<(String, i64)>>(),
            [chained, assumed_root, well_known_keys] in any::<[bool; 3]>(),
            federation in proptest::option::of(any_federation()),
            on_behalf_of in proptest::option::of(any_user()),
            delegate in proptest::option::of((0..1_000_000_000_000_u64).prop_map(account)),
        ) -> SessionClaims {
            SessionClaims {
                access_key_id: access_key_id.parse().unwrap(),
                principal, issuer, issued_at, expires_at, region, session_policies, tags,
                transitive_tag_keys, source_identity,
                mfa: mfa.map(|(serial, authenticated_at)| Mfa { serial, authenticated_at }),
                chained, federation, assumed_root, on_behalf_of, delegate, well_known_keys,
            }
        }
    }

    prop_compose! {
        /// Claims with as many and as long parts as AWS allows, in characters of any length.
        pub(crate) fn largest_claims()(
            claims in any_claims(),
            policy in "[ -~é🦀]{0,2048}",
            arns in vec("arn:aws:iam::[0-9]{12}:policy/[a-z/]{1,500}", 10),
            tags in vec(("[ -~é🦀]{1,128}", "[ -~é🦀]{0,256}"), 0..=50),
            keys in vec(("[a-z:/.]{1,255}", vec("[ -~]{0,255}", 0..4)), 0..4),
        ) -> SessionClaims {
            let arns = arns.iter().map(|arn| arn.parse().unwrap()).collect();
            let provider = "arn:aws:iam::123456789012:oidc-provider/".to_owned() + &"p".repeat(255);
            SessionClaims {
                session_policies: Some(SessionPolicies { inline: Some(policy), arns }),
                transitive_tag_keys: tags.iter().map(|(key, _)| key.clone()).collect(),
                tags,
                source_identity: Some("s".repeat(64)),
                federation: Some(FederationFacts { provider, keys }),
                ..claims
            }
        }
    }

    fn any_policies() -> impl Strategy<Value = SessionPolicies> {
        let arns = vec("arn:aws:iam::[0-9]{12}:policy/[a-z]{1,9}", 0..3);
        (any::<Option<String>>(), arns).prop_map(|(inline, arns)| SessionPolicies {
            inline,
            arns: arns.iter().map(|arn| arn.parse().unwrap()).collect(),
        })
    }

    fn any_federation() -> impl Strategy<Value = FederationFacts> {
        let keys = vec((any::<String>(), vec(any::<String>(), 0..3)), 0..4);
        (any::<String>(), keys).prop_map(|(provider, keys)| FederationFacts { provider, keys })
    }

    fn any_principal() -> impl Strategy<Value = Principal> {
        let account = (0..1_000_000_000_000_u64).prop_map(account);
        let user = (account.clone(), any::<[String; 2]>(), "AIDA[A-Z2-7]{17}");
        let role = (account.clone(), any::<[String; 3]>(), "AROA[A-Z2-7]{17}");
        prop_oneof![
            account.clone().prop_map(|account| Principal::Root { account }),
            user.prop_map(|(account, [path, name], id)| Principal::User {
                account,
                path: path.into(),
                name: name.into(),
                id: id.parse().unwrap(),
            }),
            role.prop_map(|(account, [path, role, session], id)| Principal::AssumedRole {
                account,
                path: path.into(),
                role: role.into(),
                id: id.parse().unwrap(),
                session: session.into(),
            }),
            (account.clone(), any::<String>()).prop_map(|(account, name)| {
                Principal::FederatedUser { account, name: name.into() }
            }),
            (account.clone(), any::<[String; 3]>()).prop_map(
                |(account, [provider, audience, subject])| Principal::WebIdentityUser {
                    account,
                    provider: provider.into(),
                    audience: audience.into(),
                    subject: subject.into(),
                }
            ),
            (account.clone(), "[!-9;-~]{1,40}", any::<[String; 2]>()).prop_map(
                |(account, provider, [name_qualifier, subject])| Principal::SamlUser {
                    account,
                    provider: format!("arn:aws:iam::{account}:saml-provider/{provider}")
                        .parse()
                        .unwrap(),
                    name_qualifier: name_qualifier.into(),
                    subject: subject.into(),
                }
            ),
            (account, any::<String>())
                .prop_map(|(account, name)| Principal::Service { account, name: name.into() }),
        ]
    }

    fn account(number: u64) -> AccountId {
        AccountId::from_number(number).unwrap()
    }
}
