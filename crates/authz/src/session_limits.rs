use daypass_ident::Principal;
use daypass_model::{Operation, Service, ServiceError, common};

use crate::Call;

/// What temporary credentials may call at all, whatever their policies say (IAM User Guide,
/// "Compare AWS STS credentials").
///
/// # Errors
/// AWS's answer to a call that the kind of session rules out.
pub(crate) fn check<Op: Operation>(call: &Call) -> Result<(), ServiceError> {
    let Some(session) = call.caller.session() else { return Ok(()) };
    if Op::SERVICE == Service::Sts && LONG_TERM_ONLY.contains(&Op::NAME) {
        let message = format!("Cannot call {} with session credentials", Op::NAME);
        return Err(common::ACCESS_DENIED.with(message));
    }
    // The task of such a session is a session policy of it, which says the rest.
    if session.claims.assumed_root {
        return Ok(());
    }
    // So does the policy of a delegated session. INVARIANT: of the sessions of users and root users
    // no other has any: `GetSessionToken` takes none.
    if session.claims.session_policies.is_some() && is_own(&session.claims.principal) {
        return Ok(());
    }
    let allowed = match (&session.claims.principal, Op::SERVICE) {
        (Principal::AssumedRole { .. }, _) => true,
        // `GetSessionToken`: IAM only when a code was given. It also serves who has signed in.
        (Principal::User { .. } | Principal::Root { .. }, Service::Iam) => {
            session.claims.mfa.is_some() || session.is_sign_in()
        }
        (Principal::User { .. } | Principal::Root { .. }, Service::Sts) => {
            ["AssumeRole", "GetCallerIdentity"].contains(&Op::NAME)
        }
        // `GetFederationToken`.
        (Principal::FederatedUser { .. }, Service::Iam) => false,
        (Principal::FederatedUser { .. }, Service::Sts) => Op::NAME == "GetCallerIdentity",
        // They have no sessions.
        (
            Principal::WebIdentityUser { .. }
            | Principal::SamlUser { .. }
            | Principal::Service { .. },
            _,
        ) => false,
    };
    if allowed {
        return Ok(());
    }
    let message = "The security token included in the request is invalid.";
    Err(common::INVALID_CLIENT_TOKEN_ID.with(message))
}

fn is_own(principal: &Principal) -> bool {
    matches!(principal, Principal::User { .. } | Principal::Root { .. })
}

const LONG_TERM_ONLY: [&str; 2] = ["GetFederationToken", "GetSessionToken"];
