//! Reports of last access: they are made at once, kept for a while, and read by who asked for them.

use aws_smithy_types::DateTime;
use daypass_authz::Call;
use daypass_catalog::{Service, services};
use daypass_ident::generate_uuid;
use daypass_model::ServiceError;
use daypass_state::record::{AccessReportRecord, AccessReportSubject};
use daypass_state::{Account, Tx};

use crate::errors::NoSuchEntity;
use crate::pagination::{Page, Paging};

/// Keeps a report and answers the id of its job. The oldest reports of the account make room.
pub(crate) fn keep(
    call: &Call,
    tx: &mut Tx,
    services: Vec<String>,
    subject: AccessReportSubject,
) -> String {
    let mut all: Vec<_> = tx.account().access_reports().cloned().collect();
    all.sort_by_key(|report| report.create_date_millis);
    let room = all.len().saturating_sub(REPORTS_PER_ACCOUNT - 1);
    all.iter().take(room).for_each(|oldest| tx.delete_access_report(oldest));
    let report = AccessReportRecord {
        id: generate_uuid(&*call.env.ids),
        requested_by: reader(call),
        create_date_millis: call.now.to_millis().unwrap_or_default(),
        services,
        subject,
    };
    tx.put_access_report(&report);
    report.id
}

/// The report of a job.
///
/// # Errors
/// `NoSuchEntity` when there is none or another asked for it.
pub(crate) fn find<'a>(
    account: &'a Account,
    call: &Call,
    job: &str,
) -> Result<&'a AccessReportRecord, ServiceError> {
    let own = account.access_report(job).filter(|report| report.requested_by == reader(call));
    own.map(|report| &**report).ok_or_else(|| NoSuchEntity::AccessJob(job).into())
}

/// When a report was begun, and when it was complete.
pub(crate) fn date(report: &AccessReportRecord) -> DateTime {
    DateTime::from_millis(report.create_date_millis)
}

/// The services that may be used, in the order of their prefixes.
pub(crate) fn allowed_services(is_allowed: impl Fn(&str) -> bool) -> Vec<String> {
    let allowed = services().iter().filter(|service| is_allowed(service.prefix));
    allowed.map(|service| service.prefix.to_owned()).collect()
}

/// The name by which AWS sells a service.
pub(crate) fn service_name(prefix: &str) -> String {
    daypass_catalog::service(prefix).map_or(prefix, |service: &Service| service.name).to_owned()
}

/// A page of what is in the order in which it is shown. Where nothing else is said it is of a thousand,
/// since AWS was recorded to answer more than the hundred that it documents.
pub(crate) fn page<T>(
    paging: Paging<'_>,
    items: impl IntoIterator<Item = T>,
) -> Result<Page<T>, ServiceError> {
    let paging = Paging { max_items: paging.max_items.or(Some(1000)), ..paging };
    let page = paging.page(items.into_iter().enumerate(), |(place, _)| format!("{place:08}"))?;
    let Page { items, marker } = page;
    Ok(Page { items: items.into_iter().map(|(_, item)| item).collect(), marker })
}

/// Whether a use is within the time that AWS tracks: 400 days.
pub(crate) fn is_tracked(at: i64, now: i64) -> bool {
    now.saturating_sub(at) <= 400 * 86_400
}

/// Who may read a report: the same user, or the same session of a role.
fn reader(call: &Call) -> String {
    call.caller.principal().arn().to_string()
}

/// So that reports do not pile up. Whoever makes one reads it soon.
const REPORTS_PER_ACCOUNT: usize = 20;
