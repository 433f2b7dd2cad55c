//! The edits that might take one obstacle out of the way.

use daypass_ident::{Arn, Principal};

use super::edit::{Edit, NewPrincipal, NewStatement};
use super::key::{KeySource, key_source};
use super::nearness::Lacking;
use super::variation::{Obstacle, Variation};
use super::witness::{self, Line};
use crate::decide::PolicyType;
use crate::explain::{ConditionExplanation, StatementExplanation};
use crate::principal::Caller;
use crate::statement::Effect;

/// Edits that belong together, and what they cost.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) edits: Vec<Edit>,
    pub(super) cost: u32,
    pub(super) way: Way,
}

/// How a candidate goes about it. Those of one way are as good as one another for what follows, so
/// only the cheapest need be followed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Way {
    /// Ask with another context: which one may matter to other policies, too.
    Ask,
    /// Edit the policy that stands in the way.
    Edit,
    /// Name the caller in the resource's policy.
    Name,
}

impl Way {
    /// How many of each way, by its index, are followed.
    pub(super) const ROOM: [usize; 3] = [2, 1, 1];

    pub(super) fn index(self) -> usize {
        match self {
            Self::Ask => 0,
            Self::Edit => 1,
            Self::Name => 2,
        }
    }
}

/// What might help, the cheapest first; not all of it does.
pub(super) fn against(now: &Variation<'_>, obstacle: Obstacle) -> Vec<Candidate> {
    let mut found = match obstacle {
        Obstacle::Denies { slot, statement } => against_denial(now, slot, statement),
        Obstacle::Lacks { policy_type, level } => {
            let mut found = near(now, policy_type, level);
            found.push(Candidate::one(Way::Edit, missing(now, policy_type, level), ADD));
            found.extend(beside(now, policy_type));
            found
        }
    };
    found.sort_by_key(|candidate| candidate.cost);
    found
}

/// A statement that denies no longer does when one of its conditions does not hold.
fn against_denial(now: &Variation<'_>, slot: usize, statement: usize) -> Vec<Candidate> {
    let Some(there) = now.slots.get(slot) else { return Vec::new() };
    let told = StatementExplanation::of(there.policy(), statement, &now.request());
    let lines = told.map_or(0, |told| told.conditions.len()).min(MAX_CONDITIONS);
    let mut found: Vec<_> = (0..lines)
        .filter_map(|condition| ask_otherwise(now, Line { slot, statement, condition }, false))
        .collect();
    let edit = match there.is_aws_managed() {
        true => Edit::Detach { policy: slot },
        false => Edit::Remove { policy: slot, statement },
    };
    found.push(Candidate::one(Way::Edit, edit, REMOVE));
    found
}

/// Statements of this type, on this level, that nearly allow.
fn near(now: &Variation<'_>, policy_type: PolicyType, level: Option<usize>) -> Vec<Candidate> {
    let request = now.request();
    let mut found = Vec::new();
    for (slot, policy) in now.of_type(policy_type).filter(|(slot, _)| now.level_of(*slot) == level)
    {
        let fixed = now.slots.get(slot).is_none_or(|slot| slot.is_aws_managed());
        for told in StatementExplanation::all(policy, &request) {
            if told.statement.effect() != Effect::Allow || found.len() >= MAX_NEAR {
                continue;
            }
            let Some(lacking) = Lacking::of(&told, &request) else { continue };
            if let Lacking::Conditions(lines) = lacking {
                found.extend(meet(now, slot, told.index, &lines));
            } else if !fixed {
                found.extend(extend(now, slot, told.index, lacking));
            }
        }
    }
    found
}

/// Asks so that all these conditions hold.
fn meet(now: &Variation<'_>, slot: usize, statement: usize, lines: &[usize]) -> Option<Candidate> {
    if lines.len() > MAX_CONDITIONS {
        return None;
    }
    let mut all = Candidate { edits: Vec::new(), cost: 0, way: Way::Ask };
    let mut after = now.clone();
    let there = now.slots.get(slot)?;
    let told = StatementExplanation::of(there.policy(), statement, &now.request())?;
    // A set operator moves a condition, so those that need one come last.
    let lacks = |line: &usize| told.conditions.get(*line).is_some_and(|it| it.lacks_set_operator);
    for condition in lines.iter().filter(|line| !lacks(line)) {
        let line = Line { slot, statement, condition: *condition };
        let one = ask_otherwise(&after, line, true)?;
        for edit in &one.edits {
            after = after.after(edit)?;
        }
        all.cost += one.cost;
        all.edits.extend(one.edits);
    }
    for condition in lines.iter().filter(|line| lacks(line)) {
        if there.is_aws_managed() {
            return None;
        }
        let told = told.conditions.get(*condition)?;
        let edit = add_set_operator(&after, slot, statement, told)?;
        after = after.after(&edit)?;
        all.cost += QUALIFY;
        all.way = Way::Edit;
        all.edits.push(edit);
    }
    Some(all)
}

/// A set operator with which the condition holds for the values that the request has. That all of
/// them must match is tried first, since it allows less.
fn add_set_operator(
    now: &Variation<'_>,
    policy: usize,
    statement: usize,
    told: &ConditionExplanation<'_>,
) -> Option<Edit> {
    // Without values it is not the set operator that matters.
    told.actual.as_ref().filter(|values| !values.is_empty())?;
    let edits = ["ForAllValues", "ForAnyValue"].map(|set_operator| Edit::AddSetOperator {
        policy,
        statement,
        operator: told.operator.clone().into_owned(),
        key: told.key.clone().into_owned(),
        set_operator,
    });
    let failing = |variation: &Variation<'_>| {
        let there = variation.slots.get(policy)?.policy();
        let told = StatementExplanation::of(there, statement, &variation.request())?;
        Some(told.conditions.iter().filter(|line| !line.holds).count())
    };
    let before = failing(now)?;
    edits.into_iter().find(|edit| {
        let after = now.after(edit).and_then(|after| failing(&after));
        after.is_some_and(|after| after < before)
    })
}

fn ask_otherwise(now: &Variation<'_>, line: Line, holds: bool) -> Option<Candidate> {
    let Line { slot: policy, statement, condition } = line;
    let there = now.slots.get(policy)?.policy();
    let told = StatementExplanation::of(there, statement, &now.request())?;
    let key = told.conditions.get(condition)?.key.clone().into_owned();
    let cost = match key_source(&key) {
        KeySource::Call | KeySource::Mfa | KeySource::Network => ASK,
        KeySource::CallerTag | KeySource::ResourceTag => TAG,
        KeySource::Time => WAIT,
        KeySource::Fixed => return None,
    };
    let values = witness::find(now, line, holds)?;
    let edit = Edit::SetContext { key, values, policy, statement, condition, holds };
    Some(Candidate::one(Way::Ask, edit, cost))
}

fn extend(
    now: &Variation<'_>,
    policy: usize,
    statement: usize,
    lacking: Lacking,
) -> Option<Candidate> {
    let request = now.request();
    let (element, value, instead_of) = match lacking {
        Lacking::Action { instead_of } => ("Action", request.action.to_owned(), Some(instead_of)),
        Lacking::Resource => ("Resource", request.resource.to_owned(), None),
        Lacking::Principal => {
            ("Principal", request.caller.principal()?.principal_arn().to_string(), None)
        }
        Lacking::Conditions(_) => return None,
    };
    let edit = Edit::Extend { policy, statement, element, value, instead_of };
    Some(Candidate::one(Way::Edit, edit, EXTEND))
}

/// The statement that is not there.
fn missing(now: &Variation<'_>, policy_type: PolicyType, level: Option<usize>) -> Edit {
    let request = now.request();
    let (action, resource) = (request.action.to_owned(), request.resource.to_owned());
    let statement = match policy_type {
        // Resource control policies of one's own only deny: what lacks is AWS's, which allows all.
        PolicyType::ResourceControl => NewStatement {
            effect: Effect::Allow,
            principal: Some(NewPrincipal { kind: None, value: "*".to_owned() }),
            action: "*".to_owned(),
            resource: Some("*".to_owned()),
        },
        PolicyType::Resource | PolicyType::Trust => NewStatement {
            effect: Effect::Allow,
            principal: Some(named(request.caller, Principal::principal_arn)),
            action,
            resource: (policy_type == PolicyType::Resource).then_some(resource),
        },
        PolicyType::Identity
        | PolicyType::Boundary
        | PolicyType::Session
        | PolicyType::ServiceControl => NewStatement {
            effect: Effect::Allow,
            principal: None,
            action,
            resource: Some(resource),
        },
    };
    Edit::Add { policy_type, level, statement }
}

/// In its own account a caller whom the resource's policy names needs less of its own policies.
fn beside(now: &Variation<'_>, policy_type: PolicyType) -> Vec<Candidate> {
    let of_caller =
        matches!(policy_type, PolicyType::Identity | PolicyType::Boundary | PolicyType::Session);
    let (true, true, Some(of_resource)) = (of_caller, now.is_within_account(), now.resource_type())
    else {
        return Vec::new();
    };
    let naming = |name: fn(&Principal) -> Arn| {
        let mut edit = missing(now, of_resource, None);
        if let Edit::Add { statement, .. } = &mut edit {
            statement.principal = Some(named(now.request().caller, name));
        }
        Candidate::one(Way::Name, edit, NAME)
    };
    vec![naming(Principal::principal_arn), naming(Principal::arn)]
}

/// The caller as a policy names it.
fn named(caller: Caller<'_>, name: fn(&Principal) -> Arn) -> NewPrincipal {
    let (kind, value) = match caller {
        Caller::Principal(principal) | Caller::FederationToken { session: principal, .. } => {
            (Some("AWS"), name(principal).to_string())
        }
        Caller::Service(service) => (Some("Service"), service.to_owned()),
        Caller::Federated(provider) => (Some("Federated"), provider.to_owned()),
        Caller::Anonymous => (None, "*".to_owned()),
    };
    NewPrincipal { kind, value }
}

impl Candidate {
    fn one(way: Way, edit: Edit, cost: u32) -> Self {
        Self { edits: vec![edit], cost, way }
    }
}

// One edit less is always better: no two cost less than the dearest one.
const ASK: u32 = 10;
const EXTEND: u32 = 11;
const QUALIFY: u32 = 11;
const TAG: u32 = 12;
const REMOVE: u32 = 13;
const WAIT: u32 = 14;
const ADD: u32 = 15;
const NAME: u32 = 16;

/// Among more, something better than the first few is unlikely.
const MAX_NEAR: usize = 8;
const MAX_CONDITIONS: usize = 4;
