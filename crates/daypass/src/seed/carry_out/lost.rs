//! Entities that are not there as they are described, since something is wrong with their descriptions.
//! That others refer to them is no mistake of these.

use std::collections::HashSet;

use daypass_ident::AccountId;
use daypass_state::View;

/// Entities that others refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::seed) enum Kind {
    User,
    Group,
    Role,
    Policy,
    InstanceProfile,
    MfaDevice,
    OidcProvider,
    SamlProvider,
}

impl Kind {
    /// As in ARNs.
    fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Group => "group",
            Self::Role => "role",
            Self::Policy => "policy",
            Self::InstanceProfile => "instance-profile",
            Self::MfaDevice => "mfa",
            Self::OidcProvider => "oidc-provider",
            Self::SamlProvider => "saml-provider",
        }
    }
}

/// How these entities would be referred to.
#[derive(Debug, Default)]
pub(super) struct Lost {
    names: HashSet<(AccountId, Kind, String)>,
    arns: HashSet<String>,
}

impl Lost {
    pub(super) fn name(&mut self, account: AccountId, kind: Kind, name: &str) {
        self.names.insert((account, kind, name.to_owned()));
    }

    /// The path may lack its slashes, which the ARN has.
    pub(super) fn arn(&mut self, account: AccountId, kind: Kind, path: &str, name: &str) {
        let (kind, folders) = (kind.as_str(), path.split('/').filter(|folder| !folder.is_empty()));
        let resource = [kind].into_iter().chain(folders).chain([name]).collect::<Vec<_>>();
        self.arns.insert(format!("arn:aws:iam::{account}:{}", resource.join("/")));
    }

    /// Whether a name refers to one of them, and to nothing else: one of two entities of the same name is
    /// there.
    pub(super) fn has_group(&self, view: &View, account: AccountId, name: &str) -> bool {
        self.names.contains(&(account, Kind::Group, name.to_owned()))
            && view.account(account).group(name).is_none()
    }

    /// Likewise of a role.
    pub(super) fn has_role(&self, view: &View, account: AccountId, name: &str) -> bool {
        self.names.contains(&(account, Kind::Role, name.to_owned()))
            && view.account(account).role(name).is_none()
    }

    /// Likewise of a policy, by its name or ARN.
    pub(super) fn has_policy(&self, view: &View, account: AccountId, policy: &str) -> bool {
        if policy.starts_with("arn:") {
            return self.arns.contains(policy);
        }
        self.names.contains(&(account, Kind::Policy, policy.to_owned()))
            && view.account(account).policy(policy).is_none()
    }

    /// A trust policy with the account's root user in the place of principals that are lost.
    pub(super) fn found_in(&self, account: AccountId, document: String) -> String {
        let root = format!("\"arn:aws:iam::{account}:root\"");
        self.arns.iter().fold(document, |document, arn| {
            document.replace(&serde_json::Value::from(&**arn).to_string(), &root)
        })
    }
}
