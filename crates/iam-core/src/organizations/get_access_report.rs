use std::cmp::Reverse;

use aws_smithy_types::DateTime;
use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{
    AccessDetail, GetOrganizationsAccessReportInput, GetOrganizationsAccessReportOutput,
    JobStatusType, SortKeyType,
};
use daypass_state::Tx;
use daypass_state::record::{AccessReportSubject, OrganizationUse};

use crate::access_advisor::report::{self, service_name};
use crate::errors::NoSuchEntity;
use crate::generated::GetOrganizationsAccessReport;
use crate::pagination::paging;

impl Guarded for GetOrganizationsAccessReport {
    fn targets(
        _: &GetOrganizationsAccessReportInput,
        _: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        targets.need_on_all("iam:GetOrganizationsAccessReport");
        Ok(())
    }
}

impl Handle for GetOrganizationsAccessReport {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<GetOrganizationsAccessReportOutput, ServiceError> {
        let input = call.input();
        let report = report::find(tx.account(), call.call(), &input.job_id)?;
        let AccessReportSubject::Organization { uses } = &report.subject else {
            return Err(NoSuchEntity::AccessJob(&input.job_id).into());
        };
        let used = |service: &str| uses.iter().find(|one| one.service == service);
        let mut services: Vec<_> =
            report.services.iter().map(|service| (service, used(service))).collect();
        let at = |one: Option<&OrganizationUse>| one.map(|one| one.at);
        // By the services' prefixes, unless something else is asked for. Which come first of those
        // that were never used is not on record.
        match input.sort_key {
            None | Some(SortKeyType::ServiceNamespaceAscending) => {}
            Some(SortKeyType::ServiceNamespaceDescending) => services.reverse(),
            Some(SortKeyType::LastAuthenticatedTimeAscending) => {
                services.sort_by_key(|(_, used)| at(*used));
            }
            Some(SortKeyType::LastAuthenticatedTimeDescending) => {
                services.sort_by_key(|(_, used)| Reverse(at(*used)));
            }
        }
        let count = |count: usize| Some(i32::try_from(count).unwrap_or(i32::MAX));
        let not_accessed = services.iter().filter(|(_, used)| used.is_none()).count();
        let accessible = services.len();
        let page = report::page(paging!(input), services)?;
        let date = report::date(report);
        Ok(GetOrganizationsAccessReportOutput {
            job_status: JobStatusType::Completed,
            job_creation_date: date,
            job_completion_date: Some(date),
            number_of_services_accessible: count(accessible),
            number_of_services_not_accessed: count(not_accessed),
            access_details: Some(page.shape(|(service, used)| detail(service, *used))),
            is_truncated: page.is_truncated(),
            marker: page.marker,
            error_details: None,
        })
    }
}

fn detail(service: &str, used: Option<&OrganizationUse>) -> AccessDetail {
    let entities = used.map_or(0, |used| used.entities);
    AccessDetail {
        service_name: service_name(service),
        service_namespace: service.to_owned(),
        region: used.map(|used| used.region.clone()),
        entity_path: used.map(|used| used.entity_path.clone()),
        last_authenticated_time: used.map(|used| DateTime::from_secs(used.at)),
        total_authenticated_entities: Some(i32::try_from(entities).unwrap_or(i32::MAX)),
    }
}
