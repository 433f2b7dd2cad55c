//! The layout of keys in the store.
//!
//! ```text
//! account/{account}/head              changes with every commit in the account
//! account/{account}/alias             the account's alias
//! account/{account}/user/{name}       names in upper case
//! account/{account}/group/{name}
//! account/{account}/role/{name}
//! account/{account}/policy/{name}
//! account/{account}/instance-profile/{name}
//! account/{account}/key/{access key id}
//! account/{account}/login-profile/{unique id of the user}
//! account/{account}/server-certificate/{name}
//! account/{account}/service-specific-credential/{unique id of the user}/{unique id}
//! account/{account}/signing-certificate/{unique id of the user, or root}/{id}
//! account/{account}/ssh-public-key/{unique id of the user}/{unique id}
//! account/{account}/mfa/{path and name}
//! account/{account}/access-report/{id}
//! account/{account}/deletion-task/{id}   of service-linked roles
//! account/{account}/oidc-provider/{url without scheme}
//! account/{account}/saml-provider/{name}
//! account/{account}/organization      the organisation that the account manages
//! account/{account}/credential-report the last report of the account's credentials
//! account/{account}/settings          what the account has set for itself
//! account/{account}/password-policy   what the account asks of passwords
//! account/{account}/outbound-federation  the account as an issuer of web identities
//! alias/{alias}                       the account that holds the alias
//! delegation-request/{id}             somebody's request for access to an account
//! member/{account}                    the management account of the account's organisation
//! ```

use bytes::Bytes;
use daypass_ident::AccountId;

use crate::Name;

/// A key, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Key<'a> {
    /// Written by every commit in the account: what its preconditions rest on.
    Head(AccountId),
    /// The account's alias.
    AccountAlias(AccountId),
    /// One entity of the account.
    Entity(AccountId, Kind, &'a str),
    /// The organisation that the account manages.
    Organization(AccountId),
    /// The account as an issuer of web identities.
    OutboundFederation(AccountId),
    /// What the account has set for itself.
    Settings(AccountId),
    /// What the account asks of passwords.
    PasswordPolicy(AccountId),
    /// The last report of the account's credentials.
    CredentialReport(AccountId),
    /// Who holds an alias; aliases are unique among all accounts.
    Alias(&'a str),
    /// Whose organisation an account is in; it is in one at most.
    Member(AccountId),
    /// A request for access to an account. It is of two accounts, so of none.
    DelegationRequest(&'a str),
}

/// What an entity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    User,
    Group,
    Role,
    Policy,
    InstanceProfile,
    AccessKey,
    MfaDevice,
    OidcProvider,
    SamlProvider,
    DeletionTask,
    LoginProfile,
    ServiceSpecificCredential,
    ServerCertificate,
    SigningCertificate,
    SshPublicKey,
    AccessReport,
}

impl Kind {
    const ALL: [Self; 16] = [
        Self::User,
        Self::Group,
        Self::Role,
        Self::Policy,
        Self::InstanceProfile,
        Self::AccessKey,
        Self::MfaDevice,
        Self::OidcProvider,
        Self::SamlProvider,
        Self::DeletionTask,
        Self::LoginProfile,
        Self::ServiceSpecificCredential,
        Self::ServerCertificate,
        Self::SigningCertificate,
        Self::SshPublicKey,
        Self::AccessReport,
    ];

    fn segment(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Group => "group",
            Self::Role => "role",
            Self::Policy => "policy",
            Self::InstanceProfile => "instance-profile",
            Self::AccessKey => "key",
            Self::MfaDevice => "mfa",
            Self::OidcProvider => "oidc-provider",
            Self::SamlProvider => "saml-provider",
            Self::DeletionTask => "deletion-task",
            Self::LoginProfile => "login-profile",
            Self::ServiceSpecificCredential => "service-specific-credential",
            Self::ServerCertificate => "server-certificate",
            Self::SigningCertificate => "signing-certificate",
            Self::SshPublicKey => "ssh-public-key",
            Self::AccessReport => "access-report",
        }
    }

    /// Whether names are the same whatever their case.
    pub(crate) fn ignores_case(self) -> bool {
        matches!(
            self,
            Self::User
                | Self::Group
                | Self::Role
                | Self::Policy
                | Self::InstanceProfile
                | Self::ServerCertificate
        )
    }
}

impl<'a> Key<'a> {
    pub(crate) fn named(account: AccountId, kind: Kind, name: &'a Name) -> Self {
        Self::Entity(account, kind, name.as_str())
    }

    /// Takes a key apart; `None` for a key that this version does not know.
    pub(crate) fn parse(key: &'a [u8]) -> Option<Self> {
        let key = std::str::from_utf8(key).ok()?;
        if let Some(alias) = key.strip_prefix("alias/") {
            return Some(Self::Alias(alias));
        }
        if let Some(account) = key.strip_prefix("member/") {
            return account.parse().ok().map(Self::Member);
        }
        if let Some(id) = key.strip_prefix("delegation-request/") {
            return Some(Self::DelegationRequest(id));
        }
        let (account, rest) = key.strip_prefix("account/")?.split_once('/')?;
        let account = account.parse().ok()?;
        match rest {
            "head" => Some(Self::Head(account)),
            "alias" => Some(Self::AccountAlias(account)),
            "organization" => Some(Self::Organization(account)),
            "outbound-federation" => Some(Self::OutboundFederation(account)),
            "settings" => Some(Self::Settings(account)),
            "password-policy" => Some(Self::PasswordPolicy(account)),
            "credential-report" => Some(Self::CredentialReport(account)),
            _ => {
                let (segment, name) = rest.split_once('/')?;
                let kind = Kind::ALL.into_iter().find(|kind| kind.segment() == segment)?;
                Some(Self::Entity(account, kind, name))
            }
        }
    }

    pub(crate) fn encode(&self) -> Bytes {
        let key = match self {
            Self::Head(account) => format!("account/{account}/head"),
            Self::AccountAlias(account) => format!("account/{account}/alias"),
            Self::Entity(account, kind, name) => {
                format!("account/{account}/{}/{name}", kind.segment())
            }
            Self::Organization(account) => format!("account/{account}/organization"),
            Self::OutboundFederation(account) => format!("account/{account}/outbound-federation"),
            Self::Settings(account) => format!("account/{account}/settings"),
            Self::PasswordPolicy(account) => format!("account/{account}/password-policy"),
            Self::CredentialReport(account) => format!("account/{account}/credential-report"),
            Self::Alias(alias) => format!("alias/{alias}"),
            Self::Member(account) => format!("member/{account}"),
            Self::DelegationRequest(id) => format!("delegation-request/{id}"),
        };
        // Without the room that the text has grown by, as in `codec`.
        key.into_boxed_str().into_boxed_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_parses_back() {
        let account: AccountId = "123456789012".parse().unwrap();
        let mut keys = vec![
            Key::Head(account),
            Key::AccountAlias(account),
            Key::Organization(account),
            Key::OutboundFederation(account),
            Key::Settings(account),
            Key::PasswordPolicy(account),
            Key::CredentialReport(account),
            Key::Alias("corp"),
            Key::Member(account),
            Key::DelegationRequest("e4bdcdae-4f66"),
        ];
        keys.extend(Kind::ALL.map(|kind| Key::Entity(account, kind, "a+b@c/d")));
        for key in keys {
            assert_eq!(Key::parse(&key.encode()), Some(key.clone()), "{key:?}");
        }
        for unknown in
            ["", "account/", "account/1/head", "account/123456789012/x/y", "member/1", "other"]
        {
            assert_eq!(Key::parse(unknown.as_bytes()), None, "{unknown}");
        }
    }
}
