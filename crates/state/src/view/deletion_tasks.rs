//! Deletions of service-linked roles that are done, by id.

use std::sync::Arc;

use super::Account;
use crate::UnknownCodec;
use crate::codec::decode;
use crate::record::DeletionTaskRecord;

/// One account's tasks.
#[derive(Debug, Clone, Default)]
pub(super) struct DeletionTasks(imbl::OrdMap<Box<str>, Arc<DeletionTaskRecord>>);

impl DeletionTasks {
    pub(super) fn put(&mut self, id: &str, value: &[u8]) -> Result<(), UnknownCodec> {
        self.0.insert(id.into(), Arc::new(decode(value)?));
        Ok(())
    }

    pub(super) fn remove(&mut self, id: &str) {
        self.0.remove(id);
    }
}

impl Account {
    /// A task by its id.
    #[must_use]
    pub fn deletion_task(&self, id: &str) -> Option<&Arc<DeletionTaskRecord>> {
        self.deletion_tasks.0.get(id)
    }

    /// All tasks, by id.
    pub fn deletion_tasks(&self) -> impl Iterator<Item = &Arc<DeletionTaskRecord>> {
        self.deletion_tasks.0.values()
    }
}
