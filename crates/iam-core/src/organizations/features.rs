//! Central root access, feature by feature. IAM's trusted access to an organisation, which AWS has its
//! management account give first, is always given here.

use daypass_model::iam::FeatureType;
use daypass_state::Tx;
use daypass_state::record::{OrganizationRecord, RootFeature};

use crate::errors::OrganizationFeature;

/// What is enabled, as all operations answer it.
pub(super) struct Enabled {
    pub(super) organization_id: String,
    pub(super) features: Vec<FeatureType>,
}

/// What is enabled. Only the management account may know: daypass has no delegated administrators.
pub(super) fn list(tx: &Tx) -> Result<Enabled, OrganizationFeature> {
    managed(tx, OrganizationFeature::NotManagementOrDelegated).map(Enabled::of)
}

/// Enables a feature; one that is enabled stays so.
pub(super) fn enable(tx: &mut Tx, feature: RootFeature) -> Result<Enabled, OrganizationFeature> {
    let mut record = managed(tx, OrganizationFeature::NotManagement)?.clone();
    if record.root_features.insert(feature) {
        tx.put_organization(&record);
    }
    Ok(Enabled::of(&record))
}

/// Disables a feature; one that is disabled stays so.
pub(super) fn disable(tx: &mut Tx, feature: RootFeature) -> Result<Enabled, OrganizationFeature> {
    let mut record = managed(tx, OrganizationFeature::NotManagementOrDelegated)?.clone();
    if record.root_features.remove(&feature) {
        tx.put_organization(&record);
    }
    Ok(Enabled::of(&record))
}

/// The organisation that the account manages; what to answer a member differs.
fn managed(
    tx: &Tx,
    of_member: OrganizationFeature,
) -> Result<&OrganizationRecord, OrganizationFeature> {
    let account = tx.account_id();
    match tx.view().organization(account) {
        Some(organization) => Ok(&organization.record),
        None if tx.view().membership(account).is_some() => Err(of_member),
        None => Err(OrganizationFeature::NoOrganization),
    }
}

impl Enabled {
    fn of(record: &OrganizationRecord) -> Self {
        let features = record.root_features.iter().map(|feature| match feature {
            RootFeature::CredentialsManagement => FeatureType::RootCredentialsManagement,
            RootFeature::Sessions => FeatureType::RootSessions,
        });
        Self { organization_id: record.id.to_string(), features: features.collect() }
    }
}

#[cfg(test)]
mod tests;
