use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{CreatePolicyVersionInput, CreatePolicyVersionOutput};
use daypass_state::Tx;
use daypass_state::record::VersionRecord;

use super::{document, managed, shape};
use crate::errors::{AccessDenied, LimitExceeded};
use crate::generated::CreatePolicyVersion;
use crate::quotas;

impl Guarded for CreatePolicyVersion {
    fn targets(
        input: &CreatePolicyVersionInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        managed::need(targets, scope, "iam:CreatePolicyVersion", &input.policy_arn)?;
        Ok(())
    }
}

impl Handle for CreatePolicyVersion {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<CreatePolicyVersionOutput, ServiceError> {
        let input = call.input();
        let policy =
            managed::to_change(tx.account(), &input.policy_arn, AccessDenied::UpdateAwsManaged)?;
        document::check_managed_policy(&input.policy_document)?;
        let mut record = policy.record.clone();
        if record.versions.len() >= quotas::VERSIONS_PER_POLICY {
            return Err(LimitExceeded::PolicyVersions.into());
        }
        let number = record.next_version;
        let version =
            VersionRecord { document: input.policy_document.clone(), create_date: call.now() };
        record.next_version = number.saturating_add(1);
        record.update_date = call.now();
        if input.set_as_default == Some(true) {
            record.default_version = number;
        }
        let shown = shape::listed_version(&record, number, &version);
        record.versions.insert(number, version);
        tx.put_policy(&record);
        Ok(CreatePolicyVersionOutput { policy_version: Some(shown) })
    }
}
