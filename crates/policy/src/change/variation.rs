//! A request and its policies as they would be after some edits.

use std::collections::BTreeMap;
use std::sync::Arc;

use daypass_ident::{AccountId, fold_case};

use super::document;
use super::edit::{Edit, NewStatement};
use crate::PolicyKind;
use crate::context::{ConditionContext, ContextValue};
use crate::decide::{
    Decision, NamedPolicy, Policies, PolicySource, PolicyType, ResourcePolicy, decide,
};
use crate::evaluate::Request;
use crate::explain::policies_in_order;
use crate::policy::Policy;

/// Indices of slots are those of `Explanation::policies`; policies that edits have added follow.
#[derive(Clone)]
pub(super) struct Variation<'a> {
    request: Request<'a>,
    changed: BTreeMap<String, Option<ContextValue<'static>>>,
    pub(super) slots: Vec<Slot<'a>>,
    /// How many levels the organisations of resource and caller have.
    resource_levels: usize,
    service_levels: usize,
    /// The type of the resource's policy and whether it must open the resource, policy or not.
    resource: Option<(PolicyType, bool)>,
    has_session: bool,
    resource_account: Option<AccountId>,
}

/// One policy among them.
#[derive(Clone)]
pub(super) struct Slot<'a> {
    pub(super) source: PolicySource<'a>,
    pub(super) policy_type: PolicyType,
    pub(super) level: Option<usize>,
    pub(super) document: Document<'a>,
    /// Detached policies keep their place, too.
    detached: bool,
}

#[derive(Clone)]
pub(super) enum Document<'a> {
    AsGiven(&'a Policy),
    Edited(Arc<Policy>),
}

/// What stands in the way of a request that is denied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Obstacle {
    /// A statement denies.
    Denies { slot: usize, statement: usize },
    /// Nothing allows, of this type or on this level of it.
    Lacks { policy_type: PolicyType, level: Option<usize> },
}

impl<'a> Variation<'a> {
    pub(super) fn new(request: &Request<'a>, policies: &Policies<'a>) -> Self {
        let slot = |(named, policy_type, level): (NamedPolicy<'a>, _, _)| Slot {
            source: named.source,
            policy_type,
            level,
            document: Document::AsGiven(named.policy),
            detached: false,
        };
        Self {
            request: *request,
            changed: BTreeMap::new(),
            slots: policies_in_order(policies).map(slot).collect(),
            resource_levels: policies.resource_control.len(),
            service_levels: policies.service_control.len(),
            resource: policies.resource.map(|resource| (resource.policy_type, resource.required)),
            has_session: policies.session.is_some(),
            resource_account: policies.resource_account,
        }
    }

    pub(super) fn request(&self) -> Request<'_> {
        Request { context: self, ..self.request }
    }

    /// `None` when nothing does: the request is allowed.
    pub(super) fn obstacle(&self) -> Option<Obstacle> {
        let request = self.request();
        let (policy_type, explicit) =
            self.with_policies(|policies| match decide(&request, policies) {
                Decision::Allowed { .. } => None,
                Decision::Denied(denial) => Some((denial.by, denial.explicit.is_some())),
            })?;
        if explicit {
            return self.of_type(policy_type).find_map(|(slot, policy)| {
                let statement = policy.evaluate(&request).denied_by?;
                Some(Obstacle::Denies { slot, statement })
            });
        }
        let levels = match policy_type {
            PolicyType::ResourceControl => self.resource_levels,
            PolicyType::ServiceControl => self.service_levels,
            _ => return Some(Obstacle::Lacks { policy_type, level: None }),
        };
        let allows = |level| {
            self.of_type(policy_type)
                .filter(|(slot, _)| self.level_of(*slot) == Some(level))
                .any(|(_, policy)| policy.evaluate(&request).allowed_by.is_some())
        };
        let level = (0..levels).find(|level| !allows(*level));
        Some(Obstacle::Lacks { policy_type, level })
    }

    /// The policies of a type that are attached.
    pub(super) fn of_type(&self, wanted: PolicyType) -> impl Iterator<Item = (usize, &Policy)> {
        let slots = self.slots.iter().enumerate();
        slots
            .filter(move |(_, slot)| slot.policy_type == wanted && !slot.detached)
            .map(|(index, slot)| (index, slot.policy()))
    }

    pub(super) fn level_of(&self, slot: usize) -> Option<usize> {
        self.slots.get(slot)?.level
    }

    /// The type of the resource's policy, if the resource can have one.
    pub(super) fn resource_type(&self) -> Option<PolicyType> {
        self.resource.map(|(policy_type, _)| policy_type)
    }

    pub(super) fn has_service_control(&self) -> bool {
        self.service_levels > 0
    }

    pub(super) fn is_within_account(&self) -> bool {
        let caller = self.request.caller.principal();
        caller.is_some_and(|caller| {
            self.resource_account.is_none_or(|account| account == caller.account())
        })
    }

    /// `None` when the edit cannot be made, or makes a document that nobody can save.
    pub(super) fn after(&self, edit: &Edit) -> Option<Self> {
        let mut after = self.clone();
        match edit {
            Edit::SetContext { key, values, .. } => {
                after.set(key, values.as_deref());
            }
            Edit::Extend { policy, statement, element, value, .. } => {
                let slot = after.slots.get_mut(*policy)?;
                slot.put(document::extended(slot.policy(), *statement, element, value)?);
            }
            Edit::AddSetOperator { policy, statement, operator, key, set_operator } => {
                let slot = after.slots.get_mut(*policy)?;
                let old = slot.policy();
                let new =
                    document::with_set_operator(old, *statement, operator, key, set_operator)?;
                slot.put(new);
            }
            Edit::Remove { policy, statement } => {
                let slot = after.slots.get_mut(*policy)?;
                slot.put(document::without(slot.policy(), *statement)?);
            }
            Edit::Detach { policy } => after.slots.get_mut(*policy)?.detached = true,
            Edit::Add { policy_type, level, statement } => {
                after.add(*policy_type, *level, statement)?;
            }
        }
        Some(after)
    }

    pub(super) fn after_all<'e>(&self, edits: impl IntoIterator<Item = &'e Edit>) -> Option<Self> {
        let mut edits = edits.into_iter();
        edits.try_fold(self.clone(), |variation, edit| variation.after(edit))
    }

    /// Of edits that together turn the decision those without which they do not: a later one may
    /// have done what an earlier one was for.
    pub(super) fn needed(&self, edits: &[Edit]) -> Vec<Edit> {
        let mut kept = edits.to_vec();
        for edit in edits {
            let others = || kept.iter().filter(|other| *other != edit);
            let after = self.after_all(others());
            if after.is_some_and(|after| after.is_denied() != self.is_denied()) {
                kept = others().cloned().collect();
            }
        }
        kept
    }

    pub(super) fn is_denied(&self) -> bool {
        self.obstacle().is_some()
    }

    /// Gives a key these values, in the form that requests have them in: those of a multivalued key are a list.
    pub(super) fn set(&mut self, key: &str, values: Option<&[String]>) {
        let key = fold_case(key).into_owned();
        let is_list = self.request.context.is_multivalued(&key);
        let value = values.map(|values| match values {
            [one] if !is_list => ContextValue::from(one.clone()),
            many => ContextValue::many(many.iter().cloned()),
        });
        self.changed.insert(key, value);
    }

    fn add(
        &mut self,
        policy_type: PolicyType,
        level: Option<usize>,
        statement: &NewStatement,
    ) -> Option<()> {
        let text = statement.to_json();
        let only_one =
            matches!(policy_type, PolicyType::Boundary | PolicyType::Resource | PolicyType::Trust);
        if only_one {
            let there = self.slots.iter_mut().find(|slot| slot.policy_type == policy_type);
            if let Some(slot) = there {
                slot.put(document::with(slot.policy(), &text)?);
                return Some(());
            }
        }
        let kind = match policy_type {
            PolicyType::Identity | PolicyType::Boundary | PolicyType::Session => {
                PolicyKind::Identity
            }
            PolicyType::Trust => PolicyKind::Trust,
            PolicyType::ServiceControl => PolicyKind::ServiceControl,
            PolicyType::ResourceControl => PolicyKind::ResourceControl,
            PolicyType::Resource => PolicyKind::Resource,
        };
        if policy_type == PolicyType::Resource {
            self.resource = self.resource.or(Some((policy_type, false)));
        }
        self.slots.push(Slot {
            source: PolicySource::SessionInline,
            policy_type,
            level,
            document: Document::Edited(Arc::new(document::alone(kind, &text)?)),
            detached: false,
        });
        Some(())
    }

    fn with_policies<T>(&self, run: impl FnOnce(&Policies<'_>) -> T) -> T {
        let named = |policy_type, level| {
            let slots = self.slots.iter().filter(move |slot| {
                slot.policy_type == policy_type && slot.level == level && !slot.detached
            });
            slots.map(Slot::named).collect::<Vec<_>>()
        };
        let levels = |policy_type, count| {
            (0..count).map(|level| named(policy_type, Some(level))).collect::<Vec<_>>()
        };
        let resource_levels = levels(PolicyType::ResourceControl, self.resource_levels);
        let service_levels = levels(PolicyType::ServiceControl, self.service_levels);
        let resource_control: Vec<_> = resource_levels.iter().map(Vec::as_slice).collect();
        let service_control: Vec<_> = service_levels.iter().map(Vec::as_slice).collect();
        let identity = named(PolicyType::Identity, None);
        let session = named(PolicyType::Session, None);
        let resource = self.resource.and_then(|(policy_type, required)| {
            let policy = named(policy_type, None).first().copied()?;
            Some(ResourcePolicy { policy, policy_type, required })
        });
        run(&Policies {
            service_control: &service_control,
            resource_control: &resource_control,
            identity: &identity,
            boundary: named(PolicyType::Boundary, None).first().copied(),
            session: self.has_session.then_some(session.as_slice()),
            resource,
            resource_account: self.resource_account,
        })
    }
}

impl ConditionContext for Variation<'_> {
    fn get(&self, key: &str) -> Option<ContextValue<'_>> {
        match self.changed.get(key) {
            Some(value) => value.as_ref().map(ContextValue::borrow),
            None => self.request.context.get(key),
        }
    }

    fn is_multivalued(&self, key: &str) -> bool {
        self.request.context.is_multivalued(key)
    }
}

impl Slot<'_> {
    pub(super) fn policy(&self) -> &Policy {
        match &self.document {
            Document::AsGiven(policy) => policy,
            Document::Edited(policy) => policy,
        }
    }

    /// Whether the policy is AWS's own, which nobody edits.
    pub(super) fn is_aws_managed(&self) -> bool {
        let of_aws = |arn: &str| {
            daypass_ident::ArnParts::parse(arn).is_some_and(|parts| parts.account == "aws")
        };
        match self.source {
            PolicySource::Managed { arn } | PolicySource::Control { arn, .. } => of_aws(arn),
            _ => self.policy().kind() == PolicyKind::Managed,
        }
    }

    fn named(&self) -> NamedPolicy<'_> {
        NamedPolicy { source: self.source, policy: self.policy() }
    }

    fn put(&mut self, policy: Policy) {
        self.document = Document::Edited(Arc::new(policy));
    }
}
