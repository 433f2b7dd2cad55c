//! Users (IAM User Guide, "IAM users").

mod create_user;
mod delete_user;
mod get_user;
mod list_user_tags;
mod list_users;
mod tag_user;
mod untag_user;
mod update_user;

#[cfg(test)]
mod tests;

pub(crate) use get_user::root;

use std::sync::Arc;

use aws_smithy_types::DateTime;
use daypass_ident::{AccountId, Arn};
use daypass_model::ServiceError;
use daypass_model::iam;
use daypass_state::record::UserRecord;
use daypass_state::{Account, User};

use crate::errors::NoSuchEntity;
use crate::{boundary, tags};

/// The user of this name.
///
/// # Errors
/// `NoSuchEntity` when there is none.
pub(crate) fn find<'a>(account: &'a Account, name: &str) -> Result<&'a Arc<User>, ServiceError> {
    account.user(name).ok_or_else(|| NoSuchEntity::User(name).into())
}

/// A user in the form in which lists show it: without tags and boundary.
pub(crate) fn listed(account: AccountId, user: &UserRecord) -> iam::User {
    iam::User {
        path: Some(user.path.clone()),
        user_name: Some(user.name.clone()),
        user_id: user.id.to_string(),
        arn: Arn::user(account, &user.path, &user.name).to_string(),
        create_date: DateTime::from_secs(user.create_date),
        password_last_used: None,
        permissions_boundary: None,
        tags: None,
    }
}

/// When the user last signed in with a password.
pub(crate) fn password_last_used(account: &Account, user: &UserRecord) -> Option<DateTime> {
    let last = account.login_profile(user.id).and_then(|profile| profile.last_sign_in());
    last.map(DateTime::from_secs)
}

/// A user in the form in which it is shown alone: with tags and boundary.
fn described(account: AccountId, user: &UserRecord) -> iam::User {
    iam::User {
        permissions_boundary: user.permissions_boundary.as_ref().map(boundary::shape),
        tags: tags::shape_some(&user.tags),
        ..listed(account, user)
    }
}
