//! Central root access, feature by feature. IAM's trusted access to an organisation, which AWS has its
//! management account give first, is always given here.

use std::collections::BTreeSet;
use std::sync::Arc;

use daypass_model::iam::FeatureType;
use daypass_state::record::{OrganizationRecord, RootFeature};
use daypass_state::{CrossAccount, Organization, Tx};

use crate::errors::OrganizationFeature;

/// What is enabled, as all operations answer it.
pub(super) struct Enabled {
    pub(super) organization_id: String,
    pub(super) features: Vec<FeatureType>,
}

/// What is enabled.
pub(super) fn list(tx: &Tx) -> Result<Enabled, OrganizationFeature> {
    administered(tx).map(|organization| Enabled::of(&organization.record))
}

/// Enables a feature; one that is enabled stays so. The management account alone may:
/// `CallerIsNotManagementAccount` is an error of this and of no other operation.
pub(super) fn enable(tx: &mut Tx, feature: RootFeature) -> Result<Enabled, OrganizationFeature> {
    let organization = administered(tx)?;
    if organization.management_account != tx.account_id() {
        return Err(OrganizationFeature::NotManagement);
    }
    Ok(change(tx, &organization, |features| features.insert(feature)))
}

/// Disables a feature; one that is disabled stays so.
pub(super) fn disable(tx: &mut Tx, feature: RootFeature) -> Result<Enabled, OrganizationFeature> {
    let organization = administered(tx)?;
    Ok(change(tx, &organization, |features| features.remove(&feature)))
}

/// The organisation that the account administers IAM for.
pub(super) fn administered(tx: &Tx) -> Result<Arc<Organization>, OrganizationFeature> {
    let account = tx.account_id();
    let membership = tx
        .across_accounts(CrossAccount::Organization)
        .membership(account)
        .ok_or(OrganizationFeature::NoOrganization)?;
    let organization = membership.organization();
    if organization.is_administered_by(account) {
        Ok(Arc::clone(organization))
    } else {
        Err(OrganizationFeature::NotManagementOrDelegated)
    }
}

/// Makes a change, which says whether there is anything to store.
fn change(
    tx: &mut Tx,
    organization: &Organization,
    change: impl FnOnce(&mut BTreeSet<RootFeature>) -> bool,
) -> Enabled {
    let mut record = organization.record.clone();
    if change(&mut record.root_features) {
        tx.update_organization(organization.management_account, &record);
    }
    Enabled::of(&record)
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
