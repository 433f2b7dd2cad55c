use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{CreateLoginProfileInput, CreateLoginProfileOutput};
use daypass_state::Tx;
use daypass_state::record::LoginProfileRecord;

use super::hash::Hashes;
use super::requirements;
use crate::caller::Subject;
use crate::errors::{EntityAlreadyExists, ValidationError};
use crate::generated::CreateLoginProfile;

impl Guarded for CreateLoginProfile {
    fn targets(
        input: &CreateLoginProfileInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        Subject::of(input.user_name.as_deref(), scope.call())?.need(
            targets,
            scope,
            "iam:CreateLoginProfile",
        );
        Ok(())
    }
}

impl Handle for CreateLoginProfile {
    /// A hash takes its time.
    fn is_costly(call: &Permitted<Self>) -> bool {
        call.input().password.is_some()
    }

    /// Only the session of `AssumeRoot` may give a root user a password, and daypass keeps none of these: callers that
    /// are root must name a user.
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<CreateLoginProfileOutput, ServiceError> {
        let input = call.input();
        let subject = Subject::of(input.user_name.as_deref(), call.call())?;
        let (Subject::User(_), Some(password)) = (subject, &input.password) else {
            return Err(ValidationError::UserNameNeeded.into());
        };
        let user = super::owner(tx.account(), subject)?;
        if tx.account().login_profile(user.record.id).is_some() {
            return Err(EntityAlreadyExists::LoginProfile(&user.record.name).into());
        }
        requirements::check(tx.account().password_policy(), password.expose())?;
        let profile = LoginProfileRecord {
            user: user.record.id,
            create_date: call.now(),
            password: Hashes::of(call)?.hash(password, call.ids())?,
            change_date: call.now(),
            previous: Vec::new(),
            reset_required: input.password_reset_required.unwrap_or_default(),
        };
        let login_profile = super::shape(&user.record, &profile);
        tx.put_login_profile(&profile);
        Ok(CreateLoginProfileOutput { login_profile })
    }
}
