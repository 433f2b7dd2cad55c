//! Records that are found by their ids alone.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::Account;
use crate::UnknownCodec;
use crate::codec::decode;
use crate::record::{AccessReportRecord, DeletionTaskRecord};

/// One account's records of a kind.
#[derive(Debug, Clone)]
pub(super) struct ById<R>(imbl::OrdMap<Box<str>, Arc<R>>);

impl<R> Default for ById<R> {
    fn default() -> Self {
        Self(imbl::OrdMap::new())
    }
}

impl<R: DeserializeOwned> ById<R> {
    pub(super) fn put(&mut self, id: &str, value: &[u8]) -> Result<(), UnknownCodec> {
        self.0.insert(id.into(), Arc::new(decode(value)?));
        Ok(())
    }

    pub(super) fn remove(&mut self, id: &str) {
        self.0.remove(id);
    }
}

impl Account {
    /// The deletion of a service-linked role by the id of its task.
    #[must_use]
    pub fn deletion_task(&self, id: &str) -> Option<&Arc<DeletionTaskRecord>> {
        self.deletion_tasks.0.get(id)
    }

    /// All deletions of service-linked roles, by id.
    pub fn deletion_tasks(&self) -> impl Iterator<Item = &Arc<DeletionTaskRecord>> {
        self.deletion_tasks.0.values()
    }

    /// A report of which services were used by the id of its job.
    #[must_use]
    pub fn access_report(&self, id: &str) -> Option<&Arc<AccessReportRecord>> {
        self.access_reports.0.get(id)
    }

    /// All reports of which services were used, by id.
    pub fn access_reports(&self) -> impl Iterator<Item = &Arc<AccessReportRecord>> {
        self.access_reports.0.values()
    }
}
