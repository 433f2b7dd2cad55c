//! The passwords of users (IAM User Guide, "User passwords").

mod change_password;
mod create_login_profile;
mod delete_login_profile;
mod get_login_profile;
mod hash;
mod requirements;
mod sign_in;
mod update_login_profile;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use aws_smithy_types::DateTime;
use daypass_ident::Secret;
use daypass_model::{ServiceError, iam};
use daypass_state::record::{LoginProfileRecord, UserRecord};
use daypass_state::{Account, LoginProfile, User};

pub use sign_in::{PasswordStanding, verify_password};

use crate::caller::Subject;
use crate::errors::NoSuchEntity;
use crate::user;

/// Whose password it is. That of a root user is not kept here: it has none.
///
/// # Errors
/// `NoSuchEntity` when there is no such user.
fn owner<'a>(account: &'a Account, subject: Subject<'_>) -> Result<&'a Arc<User>, ServiceError> {
    match subject {
        Subject::Root => Err(NoSuchEntity::LoginProfile(ROOT).into()),
        Subject::User(name) => user::find(account, name),
    }
}

/// The user's password.
///
/// # Errors
/// `NoSuchEntity` when the user has none.
fn find<'a>(account: &'a Account, user: &User) -> Result<&'a Arc<LoginProfile>, ServiceError> {
    let name = &user.record.name;
    account.login_profile(user.record.id).ok_or_else(|| NoSuchEntity::LoginProfile(name).into())
}

fn shape(user: &UserRecord, profile: &LoginProfileRecord) -> iam::LoginProfile {
    iam::LoginProfile {
        user_name: user.name.clone(),
        create_date: DateTime::from_secs(profile.create_date),
        password_reset_required: Some(profile.reset_required),
    }
}

/// The profile with another password.
fn with_password(
    profile: &LoginProfileRecord,
    password: Secret<String>,
    now: i64,
) -> LoginProfileRecord {
    let before = [profile.password.clone()].into_iter().chain(profile.previous.iter().cloned());
    LoginProfileRecord {
        password,
        change_date: now,
        previous: before.take(MOST_PREVIOUS).collect(),
        ..profile.clone()
    }
}

/// As many as a password policy can ask not to be used again.
const MOST_PREVIOUS: usize = 24;
const ROOT: &str = "root";
