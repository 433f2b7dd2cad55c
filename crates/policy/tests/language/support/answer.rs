use daypass_policy::{ContextMap, Request, StatementRef, decide};

use super::{Decision, Documents, context};

/// The kinds of policy that a decision tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum PolicyType {
    ResourceControl,
    ServiceControl,
    Resource,
    Trust,
    Identity,
    Boundary,
    Session,
}

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Outcome {
    Allowed,
    /// A statement of such a policy denies.
    Denies(PolicyType),
    /// Nothing denies, but no such policy allows.
    NoneAllows(PolicyType),
}

impl Outcome {
    /// Every outcome that there is.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        use PolicyType::{
            Boundary, Identity, Resource, ResourceControl, ServiceControl, Session, Trust,
        };
        let types = [ResourceControl, ServiceControl, Resource, Trust, Identity, Boundary, Session];
        let denials = types.into_iter().flat_map(|of| [Self::Denies(of), Self::NoneAllows(of)]);
        std::iter::once(Self::Allowed).chain(denials)
    }
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Allowed => write!(f, "allowed"),
            Self::Denies(policy_type) => write!(f, "{policy_type:?} denies"),
            Self::NoneAllows(policy_type) => write!(f, "no {policy_type:?} allows"),
        }
    }
}

/// What becomes of a request, and which statements apply to it: each by its policy's place in the
/// case and its own place in the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) outcome: Outcome,
    pub(crate) applying: Vec<(String, usize)>,
}

/// What the crate says to a case, or what is wrong with the statement that it names.
pub(crate) fn answer(case: &Decision, documents: &Documents) -> Result<Answer, String> {
    let context = context(&case.with);
    let applying = asking(case, &context, |request| {
        let places = documents.all().flat_map(|(place, policy)| {
            policy.matching(request).map(move |(index, _)| (place.to_owned(), index))
        });
        places.collect::<Vec<_>>()
    });
    let (outcome, named) = decided(case, documents);
    match named {
        Some(named) if !applying.contains(&named) => {
            Err(format!("{outcome:?} by {named:?}, but only {applying:?} apply"))
        }
        _ => Ok(Answer { outcome, applying }),
    }
}

/// The crate's decision, and the statement that it names: its policy's place and its own.
pub(crate) fn decided(
    case: &Decision,
    documents: &Documents,
) -> (Outcome, Option<(String, usize)>) {
    use daypass_policy::Decision::{Allowed, Denied};
    let context = context(&case.with);
    asking(case, &context, |request| {
        documents.with(|policies| match decide(request, policies) {
            Allowed { by } => (Outcome::Allowed, by.map(named)),
            Denied(denial) => match denial.explicit {
                Some(by) => (Outcome::Denies(type_of(denial.by)), Some(named(by))),
                None => (Outcome::NoneAllows(type_of(denial.by)), None),
            },
        })
    })
}

/// The request of a case, as the crate takes it.
pub(crate) fn asking<T>(
    case: &Decision,
    context: &ContextMap,
    run: impl FnOnce(&Request<'_>) -> T,
) -> T {
    case.caller.with(|caller| {
        run(&Request { caller, action: &case.action, resource: &case.resource, context })
    })
}

fn named(statement: StatementRef<'_>) -> (String, usize) {
    match statement.source {
        daypass_policy::PolicySource::Managed { arn } => (arn.to_owned(), statement.index),
        other => panic!("no case has {other:?}"),
    }
}

fn type_of(policy_type: daypass_policy::PolicyType) -> PolicyType {
    use daypass_policy::PolicyType as Crates;
    match policy_type {
        Crates::Identity => PolicyType::Identity,
        Crates::Resource => PolicyType::Resource,
        Crates::Trust => PolicyType::Trust,
        Crates::Boundary => PolicyType::Boundary,
        Crates::Session => PolicyType::Session,
        Crates::ServiceControl => PolicyType::ServiceControl,
        Crates::ResourceControl => PolicyType::ResourceControl,
    }
}
