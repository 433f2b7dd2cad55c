//! Trust policies as they are stored. A user or role that a policy names by its ARN is kept by
//! its unique id, so that a namesake made after it is gone is not trusted; on reading the ids turn
//! back into ARNs, and those of the gone stay as they are (IAM User Guide, "AWS JSON policy
//! elements: Principal").

use daypass_authz::Env;
use daypass_ident::{AccountId, Arn, ArnParts, IdKind, UniqueId};
use daypass_model::ServiceError;
use daypass_policy::{Malformed, Policy, PolicyKind, non_whitespace_len};
use daypass_state::View;

use crate::errors::MalformedPolicyDocument;
use crate::quotas;

/// A trust policy as it is stored.
///
/// # Errors
/// `MalformedPolicyDocument` for what is no trust policy or names somebody who is not there,
/// `LimitExceeded` beyond the quota for its size.
pub(crate) fn to_store(env: &Env, view: &View, document: &str) -> Result<String, ServiceError> {
    let policy = Policy::parse(PolicyKind::Trust, document).map_err(MalformedPolicyDocument)?;
    quotas::TRUST_POLICY_SIZE.hold(non_whitespace_len(document))?;
    let stored = policy.map_principals(|principal| match named(env, view, principal) {
        Some(Named::Entity(id)) => Ok(Some(id.to_string())),
        Some(Named::AsWritten) => Ok(None),
        None => Err(Malformed::InvalidPrincipal { kind: "AWS".into(), value: principal.into() }),
    });
    Ok(stored.map_err(MalformedPolicyDocument)?)
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

/// How a principal of the `AWS` kind that exists is stored.
enum Named {
    /// A user or role.
    Entity(UniqueId),
    /// Everybody, an account or a session.
    AsWritten,
}

/// `None` for somebody who does not exist.
fn named(env: &Env, view: &View, principal: &str) -> Option<Named> {
    if principal == "*" {
        return Some(Named::AsWritten);
    }
    if let Ok(account) = principal.parse() {
        return account_exists(env, view, account).then_some(Named::AsWritten);
    }
    if let Ok(id) = principal.parse() {
        return arn_of(view, id).map(|_| Named::AsWritten);
    }
    let arn = ArnParts::parse(principal)?;
    let id = arn.account_id()?;
    let account = view.account(id);
    match arn.service {
        "iam" if arn.resource == "root" => {
            account_exists(env, view, id).then_some(Named::AsWritten)
        }
        "iam" => {
            let user = || {
                let (_, name) = arn.path_and_name("user")?;
                let user = account.user(name)?;
                (user.arn().as_str() == principal).then_some(user.record.id)
            };
            let role = || {
                let (_, name) = arn.path_and_name("role")?;
                let role = account.role(name)?;
                (role.arn().as_str() == principal).then_some(role.record.id)
            };
            user().or_else(role).map(Named::Entity)
        }
        // A session may begin at any time; the role must be there. Nothing is known of who may
        // ask for federated sessions.
        "sts" => match arn.resource.split('/').collect::<Vec<_>>().as_slice() {
            ["assumed-role", role, _] => account.role(role).map(|_| Named::AsWritten),
            ["federated-user", _] => account_exists(env, view, id).then_some(Named::AsWritten),
            _ => None,
        },
        _ => None,
    }
}

/// While the well-known keys are in force, everybody is the root user of any account by giving
/// its number, so that all of them exist.
fn account_exists(env: &Env, view: &View, account: AccountId) -> bool {
    env.directory.well_known_keys().is_some() || view.account_exists(account)
}

fn arn_of(view: &View, id: UniqueId) -> Option<Arn> {
    let account = view.account(id.account()?);
    match id.kind()? {
        IdKind::User => account.user_by_id(id).map(|user| user.arn()),
        IdKind::Role => account.role_by_id(id).map(|role| role.arn()),
        _ => None,
    }
}
