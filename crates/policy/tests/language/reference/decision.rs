//! All policies together (IAM User Guide, "Policy evaluation logic").

use serde_json::Value;

use super::statement::{Applying, Kind, applying};
use super::{Asked, Keys, Way, Who};
use crate::support::{Answer, Decision, Outcome, PolicyType};

/// Decides an expanded case.
pub(crate) fn decide(case: &Decision) -> Answer {
    let who = Who::of(case.caller);
    let asked = Asked {
        who,
        action: case.action.clone(),
        resource: case.resource.clone(),
        keys: Keys::new(&case.with),
    };
    let judged = Judged::all(case, &asked);
    Answer { outcome: judged.outcome(case, &asked.who), applying: judged.applying() }
}

/// What each policy of the case says of the request.
struct Judged {
    service_control: Vec<Vec<Said>>,
    resource_control: Vec<Vec<Said>>,
    identity: Vec<Said>,
    boundary: Option<Said>,
    session: Option<Vec<Said>>,
    resource: Option<Said>,
}

/// The statements of one policy that apply, and the policy's place in the case.
struct Said {
    place: String,
    statements: Vec<Applying>,
}

impl Judged {
    fn all(case: &Decision, asked: &Asked) -> Self {
        let said = |kind, place: String, document: &Value| Said {
            place,
            statements: applying(document, kind, asked),
        };
        let list = |kind, place: &str, documents: &[Value]| -> Vec<Said> {
            let places = documents.iter().enumerate();
            places.map(|(at, document)| said(kind, format!("{place} {at}"), document)).collect()
        };
        let levels = |kind, place: &str, levels: &[Vec<Value>]| -> Vec<Vec<Said>> {
            let places = levels.iter().enumerate();
            places.map(|(at, level)| list(kind, &format!("{place} {at}"), level)).collect()
        };
        let mut identity = list(Kind::Borne, "identity", &case.identity);
        identity.extend(list(Kind::Borne, "managed", &case.managed));
        let trust = case.trust.as_ref().map(|trust| said(Kind::Trust, "trust".into(), trust));
        let open = case
            .resource_policy
            .as_ref()
            .map(|policy| said(Kind::Resource, "resource".into(), policy));
        Self {
            service_control: levels(Kind::Borne, "service control", &case.service_control),
            resource_control: levels(Kind::Resource, "resource control", &case.resource_control),
            identity,
            boundary: case
                .boundary
                .as_ref()
                .map(|boundary| said(Kind::Borne, "boundary".into(), boundary)),
            session: case.session.as_ref().map(|session| list(Kind::Borne, "session", session)),
            resource: trust.or(open),
        }
    }

    /// In the order of the documentation's flow chart.
    fn outcome(&self, case: &Decision, who: &Who) -> Outcome {
        let resource_type =
            if case.trust.is_some() { PolicyType::Trust } else { PolicyType::Resource };

        // Deny evaluation: an explicit deny in any policy ends it.
        let types: [(PolicyType, Vec<&Said>); 6] = [
            (PolicyType::ResourceControl, self.resource_control.iter().flatten().collect()),
            (PolicyType::ServiceControl, self.service_control.iter().flatten().collect()),
            (resource_type, self.resource.iter().collect()),
            (PolicyType::Identity, self.identity.iter().collect()),
            (PolicyType::Boundary, self.boundary.iter().collect()),
            (PolicyType::Session, self.session.iter().flatten().collect()),
        ];
        for (policy_type, said) in types {
            if said.iter().any(|said| said.denies()) {
                return Outcome::Denies(policy_type);
            }
        }

        // The RCPs, then the SCPs of the organisations: an Allow at every level.
        for (policy_type, levels) in [
            (PolicyType::ResourceControl, &self.resource_control),
            (PolicyType::ServiceControl, &self.service_control),
        ] {
            if !levels.iter().all(|level| level.iter().any(Said::allows)) {
                return Outcome::NoneAllows(policy_type);
            }
        }

        // Resource-based policies.
        let granted = self.resource.as_ref().filter(|said| said.allows());
        let refused = Outcome::NoneAllows(resource_type);
        let Some(account) = who.account else {
            // Services, identity providers' users and anonymous callers have no other policies.
            return if granted.is_some() { Outcome::Allowed } else { refused };
        };
        let same_account = account == case.resource_account;
        // Across accounts both sides must allow; and a role is assumed by whom it trusts only.
        if granted.is_none() && (!same_account || case.trust.is_some()) {
            return refused;
        }
        let needs = match granted {
            Some(said) if same_account => said.allowing_ways().map(Needs::in_account).collect(),
            _ => vec![Needs::EVERYTHING],
        };

        // Identity-based policies, permissions boundaries, session policies.
        let lacks =
            |needed: fn(&Needs) -> bool, allowed: bool| !allowed && needs.iter().all(needed);
        // Root may do everything in its account, within the policies of its session.
        let identity = who.caller.is_root() || self.identity.iter().any(Said::allows);
        let boundary = self.boundary.as_ref().is_none_or(Said::allows);
        let session = self.session.as_ref().is_none_or(|session| session.iter().any(Said::allows));
        if lacks(|needs| needs.identity, identity) {
            Outcome::NoneAllows(PolicyType::Identity)
        } else if lacks(|needs| needs.boundary, boundary) {
            Outcome::NoneAllows(PolicyType::Boundary)
        } else if lacks(|needs| needs.session, session) {
            Outcome::NoneAllows(PolicyType::Session)
        } else {
            Outcome::Allowed
        }
    }

    fn applying(&self) -> Vec<(String, usize)> {
        let levels = [&self.service_control, &self.resource_control];
        levels
            .into_iter()
            .flatten()
            .flatten()
            .chain(&self.identity)
            .chain(&self.boundary)
            .chain(self.session.iter().flatten())
            .chain(&self.resource)
            .flat_map(|said| said.statements.iter().map(|one| (said.place.clone(), one.index)))
            .collect()
    }
}

impl Said {
    fn denies(&self) -> bool {
        self.statements.iter().any(|statement| statement.denies)
    }

    fn allows(&self) -> bool {
        self.statements.iter().any(|statement| !statement.denies)
    }

    fn allowing_ways(&self) -> impl Iterator<Item = Way> {
        let allowing = self.statements.iter().filter(|statement| !statement.denies);
        allowing.flat_map(|statement| statement.ways.iter().copied())
    }
}

/// What a caller still needs an Allow of, once a resource's policy allows.
struct Needs {
    identity: bool,
    boundary: bool,
    session: bool,
}

impl Needs {
    const EVERYTHING: Self = Self { identity: true, boundary: true, session: true };

    /// The table of "Evaluating identity-based policies with resource-based policies", by how the
    /// resource's policy names a caller of its own account.
    fn in_account(way: Way) -> Self {
        let needs = |identity, boundary, session| Self { identity, boundary, session };
        match way {
            Way::Account => Self::EVERYTHING,
            Way::Role | Way::UserOfFederation => needs(false, true, true),
            Way::User | Way::Session | Way::FederatedUser | Way::Everyone => {
                needs(false, false, false)
            }
            Way::Service | Way::Provider => needs(false, false, false),
        }
    }
}
