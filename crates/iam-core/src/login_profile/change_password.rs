use daypass_authz::Call;
use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{ChangePasswordInput, ChangePasswordOutput};
use daypass_state::Tx;
use daypass_state::record::LoginProfileRecord;

use super::hash::Hashes;
use super::requirements;
use crate::caller::Subject;
use crate::errors::{AccessDenied, InvalidUserType, PasswordPolicyViolation};
use crate::generated::ChangePassword;
use crate::need;

impl Guarded for ChangePassword {
    fn targets(
        _: &ChangePasswordInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let Subject::User(name) = subject(scope.call())? else {
            return Err(InvalidUserType::NotUser.into());
        };
        let target = need::on_user(targets, scope, "iam:ChangePassword", name);
        if scope.entities().password_policy().is_some_and(|policy| policy.allow_users_to_change) {
            target.granted();
        }
        Ok(())
    }
}

impl Handle for ChangePassword {
    /// A hash takes its time.
    fn is_costly(call: &Permitted<Self>) -> bool {
        let _ = call;
        true
    }

    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<ChangePasswordOutput, ServiceError> {
        let hashes = Hashes::of(call)?;
        let ChangePasswordInput { old_password, new_password } = call.input();
        let user = super::owner(tx.account(), subject(call.call())?)?;
        let profile = super::find(tx.account(), user)?;
        if old_password == new_password {
            return Err(PasswordPolicyViolation::Reuse.into());
        }
        // A guess too early is wrong, whatever it is.
        let may_be_right = profile.begin_attempt(call.now());
        if !(may_be_right && hashes.is_password(old_password, &profile.record.password)) {
            return Err(AccessDenied::OldPassword.into());
        }
        profile.forget_attempts();
        let policy = tx.account().password_policy();
        requirements::check(policy, new_password.expose())?;
        let remembered = policy.and_then(|policy| policy.reuse_prevention).unwrap_or_default();
        let before = [&profile.record.password].into_iter().chain(&profile.record.previous);
        for hash in before.take(usize::try_from(remembered).unwrap_or_default()) {
            call.check_wanted()?;
            if hashes.is_password(new_password, hash) {
                return Err(PasswordPolicyViolation::Reuse.into());
            }
        }
        let hash = hashes.hash(new_password, call.ids())?;
        tx.put_login_profile(&LoginProfileRecord {
            reset_required: false,
            ..super::with_password(&profile.record, hash, call.now())
        });
        Ok(ChangePasswordOutput {})
    }
}

/// The user who calls.
///
/// # Errors
/// `InvalidUserType` for everybody else.
fn subject(call: &Call) -> Result<Subject<'_>, ServiceError> {
    match Subject::of(None, call) {
        Ok(subject @ Subject::User(_)) => Ok(subject),
        _ => Err(InvalidUserType::NotUser.into()),
    }
}
