//! Requests for access, which are of two accounts.

use std::sync::Arc;

use daypass_store::Revision;

use super::View;
use crate::record::DelegationRequestRecord;

/// A request for access to an account.
#[derive(Debug)]
pub struct DelegationRequest {
    /// What is stored.
    pub record: DelegationRequestRecord,
    /// When it was stored: what its next change rests on.
    pub(crate) revision: Revision,
}

impl View {
    /// The request for access of this id, expired or not.
    #[must_use]
    pub fn delegation_request(&self, id: &str) -> Option<&Arc<DelegationRequest>> {
        self.delegation_requests.get(id)
    }

    /// All requests for access, by id.
    pub fn delegation_requests(&self) -> impl Iterator<Item = &Arc<DelegationRequest>> {
        self.delegation_requests.values()
    }
}
