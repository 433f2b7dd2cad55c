use std::collections::BTreeMap;

use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_ident::Arn;
use daypass_model::ServiceError;
use daypass_model::iam::{
    GenerateOrganizationsAccessReportInput, GenerateOrganizationsAccessReportOutput,
};
use daypass_state::record::{AccessReportSubject, KeyOwner, OrganizationUse};
use daypass_state::{Account, CrossAccount, Tx};

use super::features::administered;
use super::place::Place;
use crate::access_advisor::report::{self, allowed_services, is_tracked};
use crate::errors::{InvalidInput, OrganizationFeature};
use crate::generated::GenerateOrganizationsAccessReport;

impl Guarded for GenerateOrganizationsAccessReport {
    fn targets(
        input: &GenerateOrganizationsAccessReportInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let arn = Arn::iam(scope.account(), &["access-report/", &input.entity_path]);
        let target = targets.need("iam:GenerateOrganizationsAccessReport", arn);
        if let Some(policy) = &input.organizations_policy_id {
            target.key("iam:OrganizationsPolicyId", policy);
        }
        Ok(())
    }
}

impl Handle for GenerateOrganizationsAccessReport {
    /// All users and roles of all accounts there are looked at.
    fn is_costly(call: &Permitted<Self>) -> bool {
        let _ = call;
        true
    }

    /// The management account alone is told (IAM API Reference). Which errors AWS has for other
    /// callers and for a place that is not there is not on record.
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<GenerateOrganizationsAccessReportOutput, ServiceError> {
        let input = call.input();
        let organization = administered(tx)?;
        if organization.management_account != tx.account_id() {
            return Err(OrganizationFeature::NotManagement.into());
        }
        let path = &input.entity_path;
        let place = Place::find(&organization, path).ok_or(InvalidInput::OrganizationPath(path))?;
        let policy = input.organizations_policy_id.as_deref();
        let limits = place
            .limits(policy)
            .ok_or(InvalidInput::OrganizationPolicy(policy.unwrap_or_default()))?;
        let services = allowed_services(|service| limits.leave(service));
        let view = tx.across_accounts(CrossAccount::Organization);
        let mut uses = BTreeMap::new();
        for (account, path) in &place.accounts {
            collect(view.account(*account), path, call.now(), &mut uses);
        }
        let uses = uses.into_values().filter(|one| services.binary_search(&one.service).is_ok());
        let subject = AccessReportSubject::Organization { uses: uses.collect() };
        let job_id = Some(report::keep(call.call(), tx, services, subject));
        Ok(GenerateOrganizationsAccessReportOutput { job_id })
    }
}

/// What one of an account's principals used last, and where.
struct Used<'a> {
    service: &'a str,
    at: i64,
    region: &'a str,
}

fn collect(account: &Account, path: &str, now: i64, uses: &mut BTreeMap<String, OrganizationUse>) {
    let users = account.users().map(|user| user.accesses.all());
    let principals = users.chain(account.roles().map(|role| role.accesses.all()));
    for accesses in principals {
        let used = accesses.iter().map(|access| Used {
            service: access.service,
            at: access.at,
            region: &access.region,
        });
        principal(used, path, now, uses);
    }
    let root: Vec<_> =
        account.access_keys(KeyOwner::Root).filter_map(|key| key.last_used.get()).collect();
    let used =
        root.iter().map(|last| Used { service: last.service, at: last.at, region: &last.region });
    principal(used, path, now, uses);
}

/// Adds one principal, who counts once for each service.
fn principal<'a>(
    used: impl Iterator<Item = Used<'a>>,
    path: &str,
    now: i64,
    uses: &mut BTreeMap<String, OrganizationUse>,
) {
    let mut last = BTreeMap::<&str, Used<'a>>::new();
    for one in used.filter(|one| is_tracked(one.at, now)) {
        if last.get(one.service).is_none_or(|known| known.at < one.at) {
            last.insert(one.service, one);
        }
    }
    for one in last.into_values() {
        let known = uses.entry(one.service.to_owned()).or_insert_with(|| OrganizationUse {
            service: one.service.to_owned(),
            at: i64::MIN,
            region: String::new(),
            entity_path: String::new(),
            entities: 0,
        });
        known.entities = known.entities.saturating_add(1);
        if known.at < one.at {
            known.at = one.at;
            known.region = one.region.to_owned();
            known.entity_path = path.to_owned();
        }
    }
}
