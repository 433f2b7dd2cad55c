//! Reports of which services were used, by id.

use std::sync::Arc;

use super::Account;
use crate::UnknownCodec;
use crate::codec::decode;
use crate::record::AccessReportRecord;

/// One account's reports.
#[derive(Debug, Clone, Default)]
pub(super) struct AccessReports(imbl::OrdMap<Box<str>, Arc<AccessReportRecord>>);

impl AccessReports {
    pub(super) fn put(&mut self, id: &str, value: &[u8]) -> Result<(), UnknownCodec> {
        self.0.insert(id.into(), Arc::new(decode(value)?));
        Ok(())
    }

    pub(super) fn remove(&mut self, id: &str) {
        self.0.remove(id);
    }
}

impl Account {
    /// A report by the id of its job.
    #[must_use]
    pub fn access_report(&self, id: &str) -> Option<&Arc<AccessReportRecord>> {
        self.access_reports.0.get(id)
    }

    /// All reports, by id.
    pub fn access_reports(&self) -> impl Iterator<Item = &Arc<AccessReportRecord>> {
        self.access_reports.0.values()
    }
}
