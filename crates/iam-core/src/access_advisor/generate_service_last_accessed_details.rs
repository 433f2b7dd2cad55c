use std::collections::BTreeMap;

use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{
    AccessAdvisorUsageGranularityType, GenerateServiceLastAccessedDetailsInput,
    GenerateServiceLastAccessedDetailsOutput,
};
use daypass_state::record::{AccessReportSubject, ActionUse, EntityUse};
use daypass_state::{Access, Tx};

use super::report::{self, allowed_services, is_tracked};
use super::subject::{Identity, Subject};
use crate::generated::GenerateServiceLastAccessedDetails;
use crate::need;

impl Guarded for GenerateServiceLastAccessedDetails {
    fn targets(
        input: &GenerateServiceLastAccessedDetailsInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_entity(targets, scope, "iam:GenerateServiceLastAccessedDetails", &input.arn)?;
        Ok(())
    }
}

impl Handle for GenerateServiceLastAccessedDetails {
    /// A policy may have all users of an account for holders.
    fn is_costly(call: &Permitted<Self>) -> bool {
        let _ = call;
        true
    }

    /// AWS takes up to some seconds for it; here it is there at once.
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<GenerateServiceLastAccessedDetailsOutput, ServiceError> {
        let input = call.input();
        let account = tx.account();
        let subject = Subject::find(&input.arn, account)?;
        let policies = subject.policies(call.call());
        let policies: Vec<_> = policies.iter().map(|held| held.policy.service_access()).collect();
        let services =
            allowed_services(|service| policies.iter().any(|policy| policy.may_allow(service)));
        let identities = subject.identities(account);
        let mut found = Uses::default();
        identities.iter().for_each(|identity| found.add(*identity, &services, call.now()));
        let subject = AccessReportSubject::Entity {
            by_action: input.granularity == Some(AccessAdvisorUsageGranularityType::ActionLevel),
            entities: identities.iter().map(|identity| identity.id()).collect(),
            uses: found.of_entities,
            actions: found.of_actions.into_values().collect(),
        };
        let job_id = Some(report::keep(call.call(), tx, services, subject));
        Ok(GenerateServiceLastAccessedDetailsOutput { job_id })
    }
}

/// What was used: at most as much for each entity as there are services, and for each action once.
#[derive(Default)]
struct Uses {
    of_entities: Vec<EntityUse>,
    of_actions: BTreeMap<(&'static str, &'static str), ActionUse>,
}

impl Uses {
    fn add(&mut self, identity: Identity<'_>, services: &[String], now: i64) {
        let entity = identity.id();
        let all = identity.accesses().all();
        let is_allowed =
            |service: &str| services.binary_search_by(|one| one.as_str().cmp(service)).is_ok();
        let tracked = all.iter().filter(|one| is_tracked(one.at, now) && is_allowed(one.service));
        let mut last = BTreeMap::<&str, &Access>::new();
        for access in tracked {
            let newest = last.entry(access.service).or_insert(access);
            if newest.at < access.at {
                *newest = access;
            }
            let known = self.of_actions.get(&(access.service, access.action));
            if known.is_none_or(|known| known.at < access.at) {
                let used = ActionUse {
                    entity,
                    service: access.service.to_owned(),
                    action: access.action.to_owned(),
                    at: access.at,
                    region: access.region.to_string(),
                };
                self.of_actions.insert((access.service, access.action), used);
            }
        }
        self.of_entities.extend(last.into_values().map(|access| EntityUse {
            entity,
            service: access.service.to_owned(),
            at: access.at,
            region: access.region.to_string(),
        }));
    }
}
