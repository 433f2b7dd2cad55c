use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::sts::{GetSessionTokenInput, GetSessionTokenOutput};
use daypass_state::Tx;

use crate::generated::GetSessionToken;
use crate::mfa::Proof;
use crate::{duration, issue, mfa};

impl Guarded for GetSessionToken {
    /// No permission is needed, and none can be withheld. That only long-term credentials may
    /// call it is a rule about credentials, which authorisation knows.
    fn targets(
        _: &GetSessionTokenInput,
        _: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        targets.need_no_permission();
        Ok(())
    }
}

impl Handle for GetSessionToken {
    fn run(call: &Permitted<Self>, _: &mut Tx) -> Result<GetSessionTokenOutput, ServiceError> {
        let input = call.input();
        let principal = call.call().caller.principal();
        let serial = input.serial_number.as_deref();
        let proof = mfa::check(serial, input.token_code.as_deref(), call.call())?;
        let seconds = duration::of_own_session(input.duration_seconds, principal);
        let claims = issue::Claims {
            seconds,
            mfa: proof.map(Proof::spend).transpose()?,
            minimum_token_size: input.minimum_session_token_size,
            ..issue::Claims::of(principal.clone(), call.call())
        };
        let credentials = issue::credentials(call, claims)?;
        let [session_token_size, session_token_utilization] = issue::token_size(&credentials);
        Ok(GetSessionTokenOutput {
            credentials: Some(credentials),
            session_token_size,
            session_token_utilization,
        })
    }
}
