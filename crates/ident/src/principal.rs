use serde::{Deserialize, Serialize};

use crate::{AccountId, Arn, UniqueId};

/// Who makes a request (IAM User Guide, "AWS JSON policy elements: Principal").
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Principal {
    /// An account's root user.
    Root {
        /// The account.
        account: AccountId,
    },
    /// An IAM user, with a long-term key or a `GetSessionToken` session.
    User {
        /// The user's account.
        account: AccountId,
        /// The path, with both slashes.
        path: Box<str>,
        /// The name, in the case it was created with.
        name: Box<str>,
        /// `AIDA…`.
        id: UniqueId,
    },
    /// A session of a role.
    AssumedRole {
        /// The role's account.
        account: AccountId,
        /// The role's path, with both slashes; a session's ARN leaves it out.
        path: Box<str>,
        /// The role's name.
        role: Box<str>,
        /// `AROA…`.
        id: UniqueId,
        /// The session's name.
        session: Box<str>,
    },
    /// A `GetFederationToken` session.
    FederatedUser {
        /// The account of the user who called `GetFederationToken`.
        account: AccountId,
        /// The session's name.
        name: Box<str>,
    },
    /// Somebody for whom an OIDC provider vouches and who has no session yet: the caller of
    /// `AssumeRoleWithWebIdentity`.
    WebIdentityUser {
        /// The account of the role that is asked for.
        account: AccountId,
        /// The provider as policies name it: its ARN, or the host of one that AWS has built in,
        /// such as `accounts.google.com`.
        provider: Box<str>,
        /// Whom the token was made for.
        audience: Box<str>,
        /// Whom the token is about.
        subject: Box<str>,
    },
    /// Likewise for a SAML provider and `AssumeRoleWithSAML`.
    SamlUser {
        /// The account of the role that is asked for.
        account: AccountId,
        /// The provider.
        provider: Arn,
        /// What tells the subjects of different providers apart (`saml:namequalifier`).
        name_qualifier: Box<str>,
        /// Whom the assertion is about.
        subject: Box<str>,
    },
    /// An AWS service that acts for itself: the caller of `AssumeRole` for a role that is handed to
    /// it.
    Service {
        /// The account of the role that is asked for. The service itself is of none.
        account: AccountId,
        /// The service principal, such as `lambda.amazonaws.com`.
        name: Box<str>,
    },
}

impl Principal {
    /// The account that the principal belongs to.
    #[must_use]
    pub fn account(&self) -> AccountId {
        match self {
            Self::Root { account }
            | Self::User { account, .. }
            | Self::AssumedRole { account, .. }
            | Self::FederatedUser { account, .. }
            | Self::WebIdentityUser { account, .. }
            | Self::SamlUser { account, .. }
            | Self::Service { account, .. } => *account,
        }
    }

    /// The ARN that `GetCallerIdentity` answers and that denials name: a session's own. Who has no
    /// session yet has none either; there it is the identity provider's. AWS has none for a service,
    /// which [`shown`](Self::shown) names; here it is one that no policy can name.
    #[must_use]
    pub fn arn(&self) -> Arn {
        match self {
            Self::Root { account } => Arn::root(*account),
            Self::User { account, path, name, .. } => Arn::user(*account, path, name),
            Self::AssumedRole { account, role, session, .. } => {
                Arn::assumed_role(*account, role, session)
            }
            Self::FederatedUser { account, name } => Arn::federated_user(*account, name),
            Self::WebIdentityUser { account, provider, .. } => {
                provider.parse().unwrap_or_else(|_| Arn::oidc_provider(*account, provider))
            }
            Self::SamlUser { provider, .. } => provider.clone(),
            Self::Service { account, name } => Arn::iam(*account, &["service-principal/", name]),
        }
    }

    /// How denials name the principal: by its ARN, or a service by its name.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Service { name, .. } => (**name).to_owned(),
            _ => self.arn().into(),
        }
    }

    /// The value of `aws:PrincipalArn`: for a role's session the role, path included.
    #[must_use]
    pub fn principal_arn(&self) -> Arn {
        match self {
            Self::AssumedRole { account, path, role, .. } => Arn::role(*account, path, role),
            _ => self.arn(),
        }
    }

    /// The value of `aws:userid`, which `GetCallerIdentity` answers as `UserId`; of who has no
    /// session yet, what CloudTrail calls `principalId`.
    #[must_use]
    pub fn user_id(&self) -> String {
        match self {
            Self::Root { account } => (*account).into(),
            Self::User { id, .. } => (*id).into(),
            Self::AssumedRole { id, session, .. } => [id.as_str(), ":", session].concat(),
            Self::FederatedUser { account, name } => {
                [account.encode(&mut [0; 12]), ":", name].concat()
            }
            Self::WebIdentityUser { provider, audience, subject, .. } => {
                [provider, ":", audience, ":", subject].concat()
            }
            Self::SamlUser { name_qualifier, subject, .. } => {
                [name_qualifier, ":", subject].concat()
            }
            Self::Service { name, .. } => (**name).to_owned(),
        }
    }

    /// The value of `aws:PrincipalType`. AWS documents none for services.
    #[must_use]
    pub fn principal_type(&self) -> Option<PrincipalType> {
        Some(match self {
            Self::Root { .. } => PrincipalType::Account,
            Self::User { .. } => PrincipalType::User,
            Self::AssumedRole { .. } => PrincipalType::AssumedRole,
            Self::FederatedUser { .. } => PrincipalType::FederatedUser,
            Self::WebIdentityUser { .. } | Self::SamlUser { .. } => PrincipalType::Anonymous,
            Self::Service { .. } => return None,
        })
    }

    /// Whether this is an account's root user.
    #[must_use]
    pub fn is_root(&self) -> bool {
        matches!(self, Self::Root { .. })
    }
}

/// The values of `aws:PrincipalType` (IAM User Guide, "AWS global condition context keys").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrincipalType {
    /// The root user.
    Account,
    /// An IAM user.
    User,
    /// A role's session.
    AssumedRole,
    /// A `GetFederationToken` session.
    FederatedUser,
    /// Who does not sign.
    Anonymous,
}

impl PrincipalType {
    /// The condition key's value.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Account => "Account",
            Self::User => "User",
            Self::AssumedRole => "AssumedRole",
            Self::FederatedUser => "FederatedUser",
            Self::Anonymous => "Anonymous",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{IdKind, SystemIds};

    #[test]
    fn each_kind_answers_as_on_aws() {
        let account: AccountId = "123456789012".parse().unwrap();
        let id = UniqueId::generate(IdKind::Role, account, &SystemIds);
        let cases = [
            (
                Principal::Root { account },
                "arn:aws:iam::123456789012:root".to_owned(),
                "arn:aws:iam::123456789012:root",
                "123456789012".to_owned(),
            ),
            (
                Principal::User { account, path: "/a/".into(), name: "bob".into(), id },
                "arn:aws:iam::123456789012:user/a/bob".to_owned(),
                "arn:aws:iam::123456789012:user/a/bob",
                id.to_string(),
            ),
            (
                Principal::AssumedRole {
                    account,
                    path: "/a/".into(),
                    role: "deploy".into(),
                    id,
                    session: "s1".into(),
                },
                "arn:aws:sts::123456789012:assumed-role/deploy/s1".to_owned(),
                "arn:aws:iam::123456789012:role/a/deploy",
                format!("{id}:s1"),
            ),
            (
                Principal::FederatedUser { account, name: "f".into() },
                "arn:aws:sts::123456789012:federated-user/f".to_owned(),
                "arn:aws:sts::123456789012:federated-user/f",
                "123456789012:f".to_owned(),
            ),
            (
                Principal::WebIdentityUser {
                    account,
                    provider: "arn:aws:iam::123456789012:oidc-provider/example.com".into(),
                    audience: "app".into(),
                    subject: "me".into(),
                },
                "arn:aws:iam::123456789012:oidc-provider/example.com".to_owned(),
                "arn:aws:iam::123456789012:oidc-provider/example.com",
                "arn:aws:iam::123456789012:oidc-provider/example.com:app:me".to_owned(),
            ),
            (
                Principal::WebIdentityUser {
                    account,
                    provider: "accounts.google.com".into(),
                    audience: "app".into(),
                    subject: "me".into(),
                },
                "arn:aws:iam::123456789012:oidc-provider/accounts.google.com".to_owned(),
                "arn:aws:iam::123456789012:oidc-provider/accounts.google.com",
                "accounts.google.com:app:me".to_owned(),
            ),
            (
                Principal::SamlUser {
                    account,
                    provider: Arn::saml_provider(account, "Okta"),
                    name_qualifier: "q=".into(),
                    subject: "me".into(),
                },
                "arn:aws:iam::123456789012:saml-provider/Okta".to_owned(),
                "arn:aws:iam::123456789012:saml-provider/Okta",
                "q=:me".to_owned(),
            ),
            (
                Principal::Service { account, name: "lambda.amazonaws.com".into() },
                "arn:aws:iam::123456789012:service-principal/lambda.amazonaws.com".to_owned(),
                "arn:aws:iam::123456789012:service-principal/lambda.amazonaws.com",
                "lambda.amazonaws.com".to_owned(),
            ),
        ];
        for (principal, arn, principal_arn, user_id) in cases {
            assert_eq!(principal.arn().as_str(), arn);
            assert_eq!(principal.principal_arn().as_str(), principal_arn);
            assert_eq!(principal.user_id(), user_id);
            assert_eq!(principal.account(), account);
        }
    }
}
