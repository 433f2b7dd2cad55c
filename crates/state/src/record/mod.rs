//! What is stored of each kind of entity.

mod access_key;
mod access_report;
mod account_settings;
mod credential_report;
mod delegation_request;
mod deletion_task;
mod group;
mod held_policies;
mod instance_profile;
mod login_profile;
mod mfa_device;
mod oidc_provider;
mod organization;
mod organization_id;
mod outbound_federation;
mod password_policy;
mod policy;
mod role;
mod saml_provider;
mod server_certificate;
mod service_specific_credential;
mod signing_certificate;
mod ssh_public_key;
mod tags;
mod user;
mod user_credential;

pub use access_key::{AccessKeyRecord, KeyOwner, KeyStatus};
pub use access_report::{
    AccessReportRecord, AccessReportSubject, ActionUse, EntityUse, OrganizationUse,
};
pub use account_settings::AccountSettingsRecord;
pub use credential_report::CredentialReportRecord;
pub use delegation_request::{DelegationParameter, DelegationRequestRecord, DelegationStage};
pub use deletion_task::DeletionTaskRecord;
pub use group::GroupRecord;
pub use held_policies::HeldPolicies;
pub use instance_profile::InstanceProfileRecord;
pub use login_profile::LoginProfileRecord;
pub use mfa_device::{MfaAssignment, MfaDeviceRecord};
pub use oidc_provider::OidcProviderRecord;
pub use organization::{
    BranchRecord, ControlPolicyRecord, ControlPolicyType, MemberRecord, OrganizationRecord,
    RootFeature, UnitRecord,
};
pub use organization_id::{
    ControlPolicyId, InvalidOrganizationsId, OrganizationId, RootId, UnitId,
};
pub use outbound_federation::OutboundFederationRecord;
pub use password_policy::PasswordPolicyRecord;
pub use policy::{PolicyRecord, VersionRecord};
pub use role::{RoleRecord, SourceTemplate};
pub use saml_provider::{AssertionEncryption, SamlPrivateKeyRecord, SamlProviderRecord};
pub use server_certificate::ServerCertificateRecord;
pub use service_specific_credential::ServiceSpecificCredentialRecord;
pub use signing_certificate::SigningCertificateRecord;
pub use ssh_public_key::SshPublicKeyRecord;
pub use tags::Tags;
pub use user::UserRecord;
pub use user_credential::{Kept, StoredKind, UserCredential};
