use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{DeleteUserInput, DeleteUserOutput};
use daypass_state::record::{
    KeyOwner, ServiceSpecificCredentialRecord, SigningCertificateRecord, SshPublicKeyRecord,
    UserCredential,
};
use daypass_state::{Account, Tx, User};

use crate::errors::DeleteConflict;
use crate::generated::DeleteUser;
use crate::need;

impl Guarded for DeleteUser {
    fn targets(
        input: &DeleteUserInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_user(targets, scope, "iam:DeleteUser", &input.user_name);
        Ok(())
    }
}

impl Handle for DeleteUser {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<DeleteUserOutput, ServiceError> {
        let user = super::find(tx.account(), &call.input().user_name)?.clone();
        if let Some(conflict) = conflict(tx.account(), &user) {
            return Err(conflict.into());
        }
        tx.delete_user(&user);
        Ok(DeleteUserOutput {})
    }
}

/// What must go before the user, in AWS's order. A permissions boundary goes with the user.
fn conflict(account: &Account, user: &User) -> Option<DeleteConflict> {
    let held = &user.record.policies;
    let owner = KeyOwner::User(user.record.id);
    let keys = || account.access_keys(owner).next();
    if !held.inline.is_empty() {
        Some(DeleteConflict::InlinePolicies)
    } else if keys().is_some() {
        Some(DeleteConflict::AccessKeys)
    } else if !held.attached.is_empty() {
        Some(DeleteConflict::AttachedPolicies)
    } else if !user.record.groups.is_empty() {
        Some(DeleteConflict::Memberships)
    } else if account.login_profile(user.record.id).is_some() {
        Some(DeleteConflict::LoginProfile)
    } else if has::<SigningCertificateRecord>(account, owner) {
        Some(DeleteConflict::SigningCertificates)
    } else if has::<SshPublicKeyRecord>(account, owner) {
        Some(DeleteConflict::SshPublicKeys)
    } else if has::<ServiceSpecificCredentialRecord>(account, owner) {
        Some(DeleteConflict::ServiceSpecificCredentials)
    } else if account.mfa_devices_of(owner).next().is_some() {
        Some(DeleteConflict::MfaDevices)
    } else {
        None
    }
}

fn has<R: UserCredential>(account: &Account, owner: KeyOwner) -> bool {
    account.credentials_of::<R>(owner).next().is_some()
}
