use std::cmp::Reverse;
use std::collections::HashMap;

use aws_smithy_types::DateTime;
use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{
    EntityDetails, EntityInfo, GetServiceLastAccessedDetailsWithEntitiesInput,
    GetServiceLastAccessedDetailsWithEntitiesOutput, JobStatusType, PolicyOwnerEntityType,
};
use daypass_state::Tx;
use daypass_state::record::AccessReportSubject;

use super::report;
use super::subject::Identity;
use crate::errors::NoSuchEntity;
use crate::generated::GetServiceLastAccessedDetailsWithEntities;
use crate::pagination::paging;

impl Guarded for GetServiceLastAccessedDetailsWithEntities {
    fn targets(
        _: &GetServiceLastAccessedDetailsWithEntitiesInput,
        _: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        targets.need_on_all("iam:GetServiceLastAccessedDetailsWithEntities");
        Ok(())
    }
}

impl Handle for GetServiceLastAccessedDetailsWithEntities {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<GetServiceLastAccessedDetailsWithEntitiesOutput, ServiceError> {
        let input = call.input();
        let account = tx.account();
        let report = report::find(account, call.call(), &input.job_id)?;
        let AccessReportSubject::Entity { entities, uses, .. } = &report.subject else {
            return Err(NoSuchEntity::AccessJob(&input.job_id).into());
        };
        let service = &input.service_namespace;
        let is_allowed = report.services.binary_search(service).is_ok();
        let identities = entities.iter().filter(|_| is_allowed);
        let identities = identities.filter_map(|id| Identity::find(account, *id));
        let of_service = uses.iter().filter(|one| one.service == *service);
        let last: HashMap<_, _> = of_service.map(|one| (one.entity, one.at)).collect();
        let mut details: Vec<_> =
            identities.map(|identity| (last.get(&identity.id()).copied(), identity)).collect();
        // The latest first, and last who never used it.
        details.sort_by_key(|(last, identity)| (Reverse(*last), identity.arn()));
        let page = report::page(paging!(input), details)?;
        let date = report::date(report);
        Ok(GetServiceLastAccessedDetailsWithEntitiesOutput {
            job_status: JobStatusType::Completed,
            job_creation_date: date,
            job_completion_date: date,
            entity_details_list: page.shape(|(last, identity)| EntityDetails {
                entity_info: info(*identity),
                last_authenticated: last.map(DateTime::from_secs),
            }),
            is_truncated: page.is_truncated(),
            marker: page.marker,
            error: None,
        })
    }
}

fn info(identity: Identity<'_>) -> EntityInfo {
    let (name, path, r#type) = match identity {
        Identity::User(user) => (&user.record.name, &user.record.path, PolicyOwnerEntityType::User),
        Identity::Role(role) => (&role.record.name, &role.record.path, PolicyOwnerEntityType::Role),
    };
    EntityInfo {
        arn: identity.arn(),
        name: name.clone(),
        r#type,
        id: identity.id().to_string(),
        path: Some(path.clone()),
    }
}
