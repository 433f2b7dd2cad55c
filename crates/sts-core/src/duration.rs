//! How long a session lasts, in seconds. What no request may ask for at all, the decoder has
//! refused; here is what depends on who asks and for what.

use daypass_ident::Principal;
use daypass_state::{Caller, Role, VouchedClaims};

use crate::errors::StsError;

/// `AssumeRole`: an hour unless asked otherwise, at most what the role allows, and never more than
/// an hour with credentials that are themselves temporary (AWS's order of these checks).
pub(crate) fn of_assumed_role(
    requested: Option<i32>,
    role: &Role,
    caller: &Caller,
) -> Result<i32, StsError<'static>> {
    let seconds = requested.unwrap_or(HOUR);
    if seconds > role.record.max_session_duration {
        return Err(StsError::LongerThanRoleAllows);
    }
    if seconds > HOUR && caller.session().is_some() {
        return Err(StsError::LongerThanChainAllows);
    }
    Ok(seconds)
}

/// `AssumeRoleWithWebIdentity` and `AssumeRoleWithSAML`: an hour unless the call asks otherwise, at
/// most what the role allows, and cut without a word to what the identity provider says and to when
/// its own session ends: the provider can shorten a session, not lengthen it (IAM User Guide,
/// "Configure SAML assertions for the authentication response").
pub(crate) fn of_vouched(
    requested: Option<i32>,
    role: &Role,
    claims: &VouchedClaims,
    now: i64,
) -> Result<i32, StsError<'static>> {
    let seconds = requested.unwrap_or(HOUR);
    if seconds > role.record.max_session_duration {
        return Err(StsError::LongerThanRoleAllows);
    }
    let left = claims.session_end.map(|end| end.saturating_sub(now).max(0));
    let left = left.and_then(|left| i32::try_from(left).ok());
    let longest = [claims.session_seconds, left].into_iter().flatten().min();
    Ok(longest.map_or(seconds, |longest| longest.min(seconds)))
}

/// `GetSessionToken` and `GetFederationToken`: twelve hours unless asked otherwise; a root user's
/// are cut to one hour without a word.
pub(crate) fn of_own_session(requested: Option<i32>, principal: &Principal) -> i32 {
    let seconds = requested.unwrap_or(12 * HOUR);
    if principal.is_root() { seconds.min(HOUR) } else { seconds }
}

const HOUR: i32 = 3_600;
