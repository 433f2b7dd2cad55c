//! Trust policies as they are stored. A user or role that a policy names by its ARN is kept by
//! its unique id, so that a namesake made after it is gone is not trusted; on reading the ids turn
//! back into ARNs, and those of the gone stay as they are (IAM User Guide, "AWS JSON policy
//! elements: Principal").

use daypass_authz::Env;
use daypass_catalog::{is_service_principal, service_principals};
use daypass_ident::{AccountId, Arn, ArnParts, IdKind, UniqueId};
use daypass_model::ServiceError;
use daypass_policy::lint::nearest_service;
use daypass_policy::{Malformed, Policy, PolicyKind, non_whitespace_len};
use daypass_state::View;

use crate::errors::{MalformedPolicyDocument, UnknownService};
use crate::quotas::Quota;

/// A trust policy as it is stored.
///
/// # Errors
/// `MalformedPolicyDocument` for what is no trust policy or names somebody or a service that is not
/// there, `LimitExceeded` beyond the quota for its size.
pub(crate) fn to_store(
    env: &Env,
    view: &View,
    size: Quota,
    document: &str,
) -> Result<String, ServiceError> {
    // While the well-known keys are in force, whoever gives a number is that account's root user.
    let every_account = env.directory.well_known_keys().is_some();
    let (added, advises) = (&*env.service_principals, env.departures.service_advice);
    Known { view, every_account, added, advises, size: Some(size) }.with_ids(document)
}

/// A trust policy that AWS holds, as it is stored: whoever is not here, AWS has found when the policy was
/// saved, so that they stay as they are written. An ARN then speaks of whoever has it later. Names of
/// services, and the size, for which AWS raises quotas, are AWS's to have checked, too.
///
/// # Errors
/// `MalformedPolicyDocument` for what is no trust policy.
pub fn recorded(view: &View, document: &str) -> Result<String, ServiceError> {
    let policy = Policy::parse(PolicyKind::Trust, document).map_err(MalformedPolicyDocument)?;
    let known = Known { view, every_account: true, added: &[], advises: false, size: None };
    let stored = policy.map_principals(|principal| {
        Ok::<_, std::convert::Infallible>(match known.find(principal) {
            Some(Stored::As(principal)) => Some(principal),
            Some(Stored::AsWritten) | None => None,
        })
    });
    Ok(stored.unwrap_or_else(|never| match never {}))
}

/// A stored trust policy as it is shown.
pub(crate) fn to_show(view: &View, stored: &str) -> String {
    // INVARIANT: what is stored has been parsed; if it is not ours, it is shown as it stands.
    let Ok(policy) = Policy::parse(PolicyKind::Trust, stored) else { return stored.to_owned() };
    let shown = policy.map_principals(|principal| {
        let arn = principal.parse().ok().and_then(|id| arn_of(view, id));
        Ok::<_, std::convert::Infallible>(arn.map(String::from))
    });
    shown.unwrap_or_else(|never| match never {})
}

/// Who can be named as a principal.
struct Known<'a> {
    view: &'a View,
    /// Whether accounts exist in which nothing was ever made.
    every_account: bool,
    /// Services beside those of AWS.
    added: &'a [String],
    /// Whether a refusal says more than AWS's.
    advises: bool,
    /// How long a trust policy may be.
    size: Option<Quota>,
}

/// How a principal of the `AWS` kind is stored.
enum Stored {
    /// A user or role by its unique id, an account by the ARN of its root user.
    As(String),
    /// Everybody, a session, or what is an id or a root user's ARN already.
    AsWritten,
}

impl Known<'_> {
    fn with_ids(&self, document: &str) -> Result<String, ServiceError> {
        let policy = Policy::parse(PolicyKind::Trust, document).map_err(MalformedPolicyDocument)?;
        policy.check_shared_providers().map_err(MalformedPolicyDocument)?;
        if let Some(size) = self.size {
            size.hold(non_whitespace_len(document))?;
        }
        policy.check_services(|name| self.has_service(name)).map_err(|it| self.no_service(it))?;
        let stored = policy.map_principals(|principal| match self.find(principal) {
            Some(Stored::As(principal)) => Ok(Some(principal)),
            Some(Stored::AsWritten) => Ok(None),
            None => {
                Err(Malformed::InvalidPrincipal { kind: "AWS".into(), value: principal.into() })
            }
        });
        Ok(stored.map_err(MalformedPolicyDocument)?)
    }

    /// `None` for somebody who does not exist.
    fn find(&self, principal: &str) -> Option<Stored> {
        let as_written = |exists: bool| exists.then_some(Stored::AsWritten);
        if principal == "*" {
            return Some(Stored::AsWritten);
        }
        if let Ok(account) = principal.parse() {
            return self.has_account(account).then(|| Stored::As(Arn::root(account).into()));
        }
        if let Ok(id) = principal.parse() {
            return as_written(arn_of(self.view, id).is_some());
        }
        let arn = ArnParts::parse(principal)?;
        let account = arn.account_id()?;
        match arn.service {
            "iam" if arn.resource == "root" => as_written(self.has_account(account)),
            "iam" => self.id_of(principal).map(|id| Stored::As(id.into())),
            // A session may begin at any time, but its role must be there. Federated sessions
            // need nobody of their name.
            "sts" => match arn.resource.split('/').collect::<Vec<_>>().as_slice() {
                ["assumed-role", role, _] => {
                    as_written(self.view.account(account).role(role).is_some())
                }
                ["federated-user", _] => as_written(self.has_account(account)),
                _ => None,
            },
            _ => None,
        }
    }

    fn has_service(&self, name: &str) -> bool {
        is_service_principal(name) || self.added.iter().any(|added| added == name)
    }

    fn no_service(&self, refusal: Malformed) -> UnknownService {
        let meant = match &refusal {
            Malformed::InvalidPrincipal { value, .. } => {
                nearest_service(value, service_principals())
            }
            _ => None,
        };
        UnknownService { refusal, advises: self.advises, meant }
    }

    fn has_account(&self, account: AccountId) -> bool {
        self.every_account || self.view.account_exists(account)
    }

    /// The id of the user or role of this very ARN.
    fn id_of(&self, text: &str) -> Option<UniqueId> {
        let arn = ArnParts::parse(text)?;
        let account = self.view.account(arn.account_id()?);
        if let Some((_, name)) = arn.path_and_name("user") {
            let user = account.user(name)?;
            return (user.arn().as_str() == text).then_some(user.record.id);
        }
        let (_, name) = arn.path_and_name("role")?;
        let role = account.role(name)?;
        (role.arn().as_str() == text).then_some(role.record.id)
    }
}

fn arn_of(view: &View, id: UniqueId) -> Option<Arn> {
    let account = view.account(view.account_of_id(id)?);
    match id.kind()? {
        IdKind::User => account.user_by_id(id).map(|user| user.arn()),
        IdKind::Role => account.role_by_id(id).map(|role| role.arn()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
