use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{UpdateLoginProfileInput, UpdateLoginProfileOutput};
use daypass_state::Tx;

use super::hash::Hashes;
use super::requirements;
use crate::caller::Subject;
use crate::generated::UpdateLoginProfile;
use crate::need;

impl Guarded for UpdateLoginProfile {
    fn targets(
        input: &UpdateLoginProfileInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_user(targets, scope, "iam:UpdateLoginProfile", &input.user_name);
        Ok(())
    }
}

impl Handle for UpdateLoginProfile {
    /// A hash takes its time.
    fn is_costly(call: &Permitted<Self>) -> bool {
        call.input().password.is_some()
    }

    /// What is not given stays. Whether AWS looks at earlier passwords here is not on record: an administrator may
    /// set any that the policy allows.
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<UpdateLoginProfileOutput, ServiceError> {
        let input = call.input();
        let user = super::owner(tx.account(), Subject::User(&input.user_name))?;
        let mut profile = super::find(tx.account(), user)?.record.clone();
        if let Some(password) = &input.password {
            requirements::check(tx.account().password_policy(), password.expose())?;
            let hash = Hashes::of(call)?.hash(password, call.ids())?;
            profile = super::with_password(&profile, hash, call.now());
        }
        if let Some(required) = input.password_reset_required {
            profile.reset_required = required;
        }
        tx.put_login_profile(&profile);
        Ok(UpdateLoginProfileOutput {})
    }
}
