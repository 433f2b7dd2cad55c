use daypass_model::{Operation, Service, ServiceError};
use daypass_policy::{
    Decision, Denial, NamedPolicy, Policies, PolicySource, PolicyType, Request, ResourcePolicy,
    decide,
};

use crate::bindings::{self, Bindings};
use crate::context::Keys;
use crate::denial::access_denied;
use crate::targets::{Target, Targets};
use crate::{Call, Denied, Guarded, Permitted, Scope, session_limits};

/// Decides whether a call may run.
///
/// # Errors
/// What AWS answers: `AccessDenied` with the words for the policy that decided, or a parameter's
/// error that AWS finds before it asks.
pub fn authorise<Op: Guarded>(call: Call, input: Op::Input) -> Result<Permitted<Op>, Box<Refused>> {
    match decide_call::<Op>(&call, &input) {
        Ok(()) => Ok(Permitted::new(call, input)),
        Err(Refusal { error, target }) => {
            let denied =
                target.map(|target| Denied { call, service: Op::SERVICE, target: *target });
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
    pub denied: Option<Denied>,
}

struct Refusal {
    error: ServiceError,
    /// What policies did not allow.
    target: Option<Box<Target>>,
}

impl From<ServiceError> for Refusal {
    fn from(error: ServiceError) -> Self {
        Self { error, target: None }
    }
}

fn decide_call<Op: Guarded>(call: &Call, input: &Op::Input) -> Result<(), Refusal> {
    session_limits::check::<Op>(call)?;
    let mut targets = Targets::default();
    Op::targets(input, &Scope::new(call), &mut targets)?;
    if targets.open {
        return Ok(());
    }
    if targets.list.is_empty() {
        // An operation that names nothing that it needs has forgotten to: nobody may.
        return Err(deny(call, nothing::<Op>(), implicit(PolicyType::Identity)));
    }
    let bindings = Bindings::of(call);
    targets
        .list
        .into_iter()
        .try_for_each(|target| decide_target(call, Op::SERVICE, &bindings, target))
}

fn decide_target(
    call: &Call,
    service: Service,
    bindings: &Bindings<'_>,
    target: Target,
) -> Result<(), Refusal> {
    let decided = ask(call, service, bindings, &target, |request, policies| {
        match decide(request, policies) {
            Decision::Allowed { .. } => None,
            Decision::Denied(denial) => Some(access_denied(call, &target, denial)),
        }
    });
    match decided {
        Ok(None) => Ok(()),
        Ok(Some(error)) => Err(Refusal { error, target: Some(Box::new(target)) }),
        Err(denial) => Err(deny(call, target, denial)),
    }
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

fn deny(call: &Call, target: Target, denial: Denial<'_>) -> Refusal {
    let error = access_denied(call, &target, denial);
    Refusal { error, target: Some(Box::new(target)) }
}

fn implicit(by: PolicyType) -> Denial<'static> {
    Denial { by, explicit: None }
}

fn nothing<Op: Operation>() -> Target {
    Target::on_all(Op::NAME)
}
