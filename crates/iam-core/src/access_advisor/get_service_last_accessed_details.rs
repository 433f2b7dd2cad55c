use std::collections::BTreeMap;

use aws_smithy_types::DateTime;
use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_ident::UniqueId;
use daypass_model::ServiceError;
use daypass_model::iam::{
    AccessAdvisorUsageGranularityType, GetServiceLastAccessedDetailsInput,
    GetServiceLastAccessedDetailsOutput, JobStatusType, ServiceLastAccessed,
    TrackedActionLastAccessed,
};
use daypass_state::record::{AccessReportSubject, ActionUse, EntityUse};
use daypass_state::{Account, Tx};

use super::report::{self, service_name};
use super::subject::Identity;
use crate::errors::NoSuchEntity;
use crate::generated::GetServiceLastAccessedDetails;
use crate::pagination::paging;

impl Guarded for GetServiceLastAccessedDetails {
    fn targets(
        _: &GetServiceLastAccessedDetailsInput,
        _: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        targets.need_on_all("iam:GetServiceLastAccessedDetails");
        Ok(())
    }
}

impl Handle for GetServiceLastAccessedDetails {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<GetServiceLastAccessedDetailsOutput, ServiceError> {
        let input = call.input();
        let account = tx.account();
        let report = report::find(account, call.call(), &input.job_id)?;
        let AccessReportSubject::Entity { by_action, uses, actions, .. } = &report.subject else {
            return Err(NoSuchEntity::AccessJob(&input.job_id).into());
        };
        let mut by_service = BTreeMap::<&str, Vec<&EntityUse>>::new();
        uses.iter().for_each(|one| by_service.entry(&one.service).or_default().push(one));
        let page = report::page(paging!(input), &report.services)?;
        let date = report::date(report);
        Ok(GetServiceLastAccessedDetailsOutput {
            job_status: JobStatusType::Completed,
            job_type: Some(match by_action {
                true => AccessAdvisorUsageGranularityType::ActionLevel,
                false => AccessAdvisorUsageGranularityType::ServiceLevel,
            }),
            job_creation_date: date,
            job_completion_date: date,
            services_last_accessed: page.shape(|service| {
                let uses = by_service.get(service.as_str()).map_or(&[][..], Vec::as_slice);
                let actions = by_action.then(|| tracked_actions(account, service, actions));
                ServiceLastAccessed {
                    tracked_actions_last_accessed: actions,
                    ..last_accessed(account, service, uses)
                }
            }),
            is_truncated: page.is_truncated(),
            marker: page.marker,
            error: None,
        })
    }
}

/// A service that was never used has no more than its names and a zero.
fn last_accessed(account: &Account, service: &str, uses: &[&EntityUse]) -> ServiceLastAccessed {
    let last = uses.iter().max_by_key(|one| one.at);
    ServiceLastAccessed {
        service_name: service_name(service),
        last_authenticated: last.map(|last| DateTime::from_secs(last.at)),
        service_namespace: service.to_owned(),
        last_authenticated_entity: last.and_then(|last| arn(account, last.entity)),
        last_authenticated_region: last.map(|last| last.region.clone()),
        total_authenticated_entities: Some(i32::try_from(uses.len()).unwrap_or(i32::MAX)),
        tracked_actions_last_accessed: None,
    }
}

/// The actions of a service whose use is tracked, used or not. Of services that are not here nobody
/// tracks any.
fn tracked_actions(
    account: &Account,
    service: &str,
    used: &[ActionUse],
) -> Vec<TrackedActionLastAccessed> {
    let actions = OBSERVED.contains(&service).then(|| daypass_catalog::service(service)).flatten();
    let actions = actions.into_iter().flat_map(|service| service.actions());
    let tracked = actions.filter(|action| !UNTRACKED.contains(&action.name)).map(|action| {
        let is_it = |one: &&ActionUse| {
            one.service == service && one.action.eq_ignore_ascii_case(action.name)
        };
        let last = used.iter().find(is_it);
        TrackedActionLastAccessed {
            action_name: Some(action.name.to_owned()),
            last_accessed_entity: last.and_then(|last| arn(account, last.entity)),
            last_accessed_time: last.map(|last| DateTime::from_secs(last.at)),
            last_accessed_region: last.map(|last| last.region.clone()),
        }
    });
    tracked.collect()
}

/// `None` for who is gone since.
fn arn(account: &Account, id: UniqueId) -> Option<String> {
    Identity::find(account, id).map(Identity::arn)
}

const OBSERVED: [&str; 2] = ["iam", "sts"];
/// It is no operation (IAM User Guide, "Refine permissions in AWS using last accessed information").
const UNTRACKED: [&str; 1] = ["PassRole"];
