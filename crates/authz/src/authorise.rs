use daypass_model::{Service, ServiceError};
use daypass_policy::{
    Decision, Denial, NamedPolicy, Policies, PolicySource, PolicyType, Request, ResourcePolicy,
    decide,
};

use crate::bindings::{self, Bindings};
use crate::context::Keys;
use crate::denial::access_denied;
use crate::targets::{Target, Targets};
use crate::{Call, Called, Decided, Guarded, Permitted, Scope, session_limits};

/// Decides whether a call may run.
///
/// # Errors
/// What AWS answers: `AccessDenied` with the words for the policy that decided, or a parameter's
/// error that AWS finds before it asks.
pub fn authorise<Op: Guarded>(called: Called<Op>) -> Result<Permitted<Op>, Box<Refused>> {
    match decide_call::<Op>(&called.call, &called.input) {
        Ok(targets) => Ok(Permitted::new(called, targets)),
        Err(Refusal { error, targets }) => {
            let denied = targets.map(|targets| Decided::denied(called.call, Op::SERVICE, targets));
            Err(Box::new(Refused { error, denied }))
        }
    }
}

/// A call that may not run.
#[derive(Debug)]
pub struct Refused {
    /// The answer.
    pub error: ServiceError,
    /// What is needed to tell why, where policies decided.
    pub denied: Option<Decided>,
}

struct Refusal {
    error: ServiceError,
    /// What was asked of the policies, if they were asked: the last they did not allow.
    targets: Option<Vec<Target>>,
}

impl From<ServiceError> for Refusal {
    fn from(error: ServiceError) -> Self {
        Self { error, targets: None }
    }
}

/// Gives what the policies were asked and all of which they allow.
fn decide_call<Op: Guarded>(call: &Call, input: &Op::Input) -> Result<Vec<Target>, Refusal> {
    session_limits::check::<Op>(call)?;
    let mut targets = Targets::default();
    Op::targets(input, &Scope::new(call), &mut targets)?;
    let Targets { open, list: mut targets } = targets;
    if open {
        return Ok(Vec::new());
    }
    if targets.is_empty() {
        // An operation that names nothing that it needs has forgotten to: nobody may.
        let nothing = Target::on_all(Op::NAME);
        let error = access_denied(call, &nothing, implicit(PolicyType::Identity));
        return Err(Refusal { error, targets: Some(vec![nothing]) });
    }
    let bindings = Bindings::of(call);
    let refused = targets.iter().enumerate().find_map(|(index, target)| {
        Some((index, decide_target(call, Op::SERVICE, &bindings, target)?))
    });
    match refused {
        None => Ok(targets),
        Some((index, error)) => {
            targets.truncate(index + 1);
            Err(Refusal { error, targets: Some(targets) })
        }
    }
}

/// The denial of a target that is not allowed.
fn decide_target(
    call: &Call,
    service: Service,
    bindings: &Bindings<'_>,
    target: &Target,
) -> Option<ServiceError> {
    let decided =
        ask(call, service, bindings, target, |request, policies| match decide(request, policies) {
            Decision::Allowed { .. } => None,
            Decision::Denied(denial) if target.granted && is_silence(&denial) => None,
            Decision::Denied(denial) => Some(access_denied(call, target, denial)),
        });
    decided.unwrap_or_else(|denial| Some(access_denied(call, target, denial)))
}

/// Puts what is asked of one target, and all the policies that bear on it, before `decide`.
///
/// # Errors
/// The denial, where a policy that bears on it cannot be understood or is not there.
pub(crate) fn ask<T>(
    call: &Call,
    service: Service,
    bindings: &Bindings<'_>,
    target: &Target,
    decide: impl FnOnce(&Request<'_>, &Policies<'_>) -> T,
) -> Result<T, Denial<'static>> {
    if let Some(policy_type) = bindings.unreadable() {
        return Err(implicit(policy_type));
    }
    let resource = match &target.resource_policy {
        None => None,
        Some(resource) => {
            let policy = resource.policy.as_ref().ok_or(implicit(PolicyType::Trust))?;
            let source = PolicySource::OfResource { arn: &target.resource };
            Some(ResourcePolicy::trust(NamedPolicy { source, policy }))
        }
    };
    let service_control = bindings.service_control();
    let resource_control = bindings::resource_control(call, target).map_err(implicit)?;
    let resource_control = resource_control.levels();
    let policies = Policies {
        resource_control: &resource_control,
        resource,
        resource_account: target.resource_account,
        ..bindings.policies(&service_control)
    };
    let request = Request {
        caller: bindings::caller(call),
        action: target.action,
        resource: &target.resource,
        context: &Keys { call, service, target },
    };
    Ok(decide(&request, &policies))
}

/// Whether the identity-based policies do not allow, and nothing denies.
fn is_silence(denial: &Denial<'_>) -> bool {
    denial.by == PolicyType::Identity && denial.explicit.is_none()
}

fn implicit(by: PolicyType) -> Denial<'static> {
    Denial { by, explicit: None }
}
