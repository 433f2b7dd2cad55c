use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{
    AccessAdvisorUsageGranularityType, GenerateServiceLastAccessedDetailsInput,
    GenerateServiceLastAccessedDetailsOutput,
};
use daypass_state::Tx;
use daypass_state::record::{AccessReportSubject, EntityUse};

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
        let uses = identities.iter().flat_map(|identity| uses(*identity, call.now()));
        let subject = AccessReportSubject::Entity {
            by_action: input.granularity == Some(AccessAdvisorUsageGranularityType::ActionLevel),
            uses: uses.filter(|one| services.binary_search(&one.service).is_ok()).collect(),
            entities: identities.iter().map(|identity| identity.id()).collect(),
        };
        let job_id = Some(report::keep(call.call(), tx, services, subject));
        Ok(GenerateServiceLastAccessedDetailsOutput { job_id })
    }
}

fn uses(identity: Identity<'_>, now: i64) -> Vec<EntityUse> {
    let all = identity.accesses().all();
    let tracked = all.iter().filter(|access| is_tracked(access.at, now));
    let uses = tracked.map(|access| EntityUse {
        entity: identity.id(),
        service: access.service.to_owned(),
        action: access.action.to_owned(),
        at: access.at,
        region: access.region.to_string(),
    });
    uses.collect()
}
