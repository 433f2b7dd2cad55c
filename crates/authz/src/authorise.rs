use daypass_model::{Operation, ServiceError};
use daypass_policy::{
    Decision, Denial, NamedPolicy, Policies, PolicySource, PolicyType, Request, ResourcePolicy,
    decide,
};

use crate::bindings::{self, Bindings};
use crate::context::Keys;
use crate::denial::access_denied;
use crate::targets::{Target, Targets};
use crate::{Call, Guarded, Permitted, Scope, session_limits};

/// Decides whether a call may run.
///
/// # Errors
/// The call and what AWS answers: `AccessDenied` with the words for the policy that decided, or a
/// parameter's error that AWS finds before it asks.
pub fn authorise<Op: Guarded>(call: Call, input: Op::Input) -> Result<Permitted<Op>, Box<Refused>> {
    match decide_call::<Op>(&call, &input) {
        Ok(()) => Ok(Permitted::new(call, input)),
        Err(error) => Err(Box::new(Refused { call, error })),
    }
}

/// A call that may not run.
#[derive(Debug)]
pub struct Refused {
    /// The call.
    pub call: Call,
    /// The answer.
    pub error: ServiceError,
}

fn decide_call<Op: Guarded>(call: &Call, input: &Op::Input) -> Result<(), ServiceError> {
    session_limits::check::<Op>(call)?;
    let mut targets = Targets::default();
    Op::targets(input, &Scope::new(call), &mut targets)?;
    if targets.open {
        return Ok(());
    }
    if targets.list.is_empty() {
        // An operation that names nothing that it needs has forgotten to: nobody may.
        return Err(deny(call, &nothing::<Op>(), implicit(PolicyType::Identity)));
    }
    let bindings = Bindings::of(call);
    targets.list.iter().try_for_each(|target| decide_target::<Op>(call, &bindings, target))
}

fn decide_target<Op: Operation>(
    call: &Call,
    bindings: &Bindings<'_>,
    target: &Target,
) -> Result<(), ServiceError> {
    if let Some(policy_type) = bindings.unreadable() {
        return Err(deny(call, target, implicit(policy_type)));
    }
    let resource = match &target.resource_policy {
        None => None,
        Some(resource) => {
            let Some(policy) = &resource.policy else {
                return Err(deny(call, target, implicit(PolicyType::Trust)));
            };
            let source = PolicySource::OfResource { arn: &target.resource };
            Some(ResourcePolicy::trust(NamedPolicy { source, policy }))
        }
    };
    let keys = Keys { call, service: Op::SERVICE, target };
    let request = Request {
        caller: bindings::caller(call),
        action: target.action,
        resource: &target.resource,
        context: &keys,
    };
    let (identity, session) = (bindings.identity(), bindings.session());
    let policies = Policies {
        service_control: &[],
        resource_control: &[],
        identity: &identity,
        boundary: bindings.boundary(),
        session: session.as_deref(),
        resource,
        resource_account: target.resource_account,
    };
    match decide(&request, &policies) {
        Decision::Allowed { .. } => Ok(()),
        Decision::Denied(denial) => Err(deny(call, target, denial)),
    }
}

fn deny(call: &Call, target: &Target, denial: Denial<'_>) -> ServiceError {
    access_denied(call.caller.principal(), target, denial)
}

fn implicit(by: PolicyType) -> Denial<'static> {
    Denial { by, explicit: None }
}

fn nothing<Op: Operation>() -> Target {
    Target::on_all(Op::NAME)
}
