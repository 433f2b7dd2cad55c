//! Operations whose `UserName` may be left out, which are then about the caller.

use daypass_authz::{Call, Scope, Target, Targets};
use daypass_ident::{Arn, Principal};
use daypass_model::ServiceError;
use daypass_state::Account;
use daypass_state::record::KeyOwner;

use crate::errors::{NoSuchEntity, ValidationError};
use crate::need;

/// Whom such an operation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject<'a> {
    /// The account's root user, who calls.
    Root,
    /// The user of this name.
    User(&'a str),
}

impl<'a> Subject<'a> {
    /// The user who is named, else the caller.
    ///
    /// # Errors
    /// `ValidationError` when nobody is named and the caller is the session of a role or of a
    /// federated user.
    pub(crate) fn of(user_name: Option<&'a str>, call: &'a Call) -> Result<Self, ServiceError> {
        match (user_name, call.caller.principal()) {
            (Some(name), _) => Ok(Self::User(name)),
            (None, Principal::Root { .. }) => Ok(Self::Root),
            // A session remembers the name that the user had when it began; the id is for life.
            (None, Principal::User { name, id, .. }) => {
                let user = call.entities().user_by_id(*id);
                Ok(Self::User(user.map_or(name, |user| &user.record.name)))
            }
            (None, _) => Err(ValidationError::UserNameNeeded.into()),
        }
    }

    /// The caller must be allowed `action` on the subject.
    pub(crate) fn need<'t>(
        self,
        targets: &'t mut Targets,
        scope: &Scope<'_>,
        action: &'static str,
    ) -> &'t mut Target {
        match self {
            Self::Root => targets.need(action, Arn::root(scope.account())),
            Self::User(name) => need::on_user(targets, scope, action, name),
        }
    }

    /// Whose keys are meant.
    ///
    /// # Errors
    /// `NoSuchEntity` when there is no such user.
    pub(crate) fn key_owner(self, account: &Account) -> Result<KeyOwner, ServiceError> {
        match self {
            Self::Root => Ok(KeyOwner::Root),
            Self::User(name) => {
                let user = account.user(name).ok_or(NoSuchEntity::User(name))?;
                Ok(KeyOwner::User(user.record.id))
            }
        }
    }
}
