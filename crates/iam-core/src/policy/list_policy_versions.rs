use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{ListPolicyVersionsInput, ListPolicyVersionsOutput, PolicyVersion};
use daypass_state::Tx;

use super::{ManagedPolicy, managed, shape};
use crate::generated::ListPolicyVersions;
use crate::pagination::paging;

impl Guarded for ListPolicyVersions {
    fn targets(
        input: &ListPolicyVersionsInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        managed::need(targets, scope, "iam:ListPolicyVersions", &input.policy_arn)?;
        Ok(())
    }
}

impl Handle for ListPolicyVersions {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<ListPolicyVersionsOutput, ServiceError> {
        let input = call.input();
        let policy = ManagedPolicy::existing(tx.account(), &input.policy_arn)?;
        // The newest comes first, also in the order of the keys.
        let page = paging!(input)
            .page(versions(policy), |(number, _)| format!("{:010}", u32::MAX - number))?;
        Ok(ListPolicyVersionsOutput {
            versions: Some(page.shape(|(_, version)| version.clone())),
            is_truncated: page.is_truncated(),
            marker: page.marker,
        })
    }
}

/// The versions by number, the newest first. Of AWS's policies only one is known; its number,
/// which orders nothing, is left at zero.
fn versions(policy: ManagedPolicy<'_>) -> Vec<(u32, PolicyVersion)> {
    match policy {
        ManagedPolicy::Customer(policy) => {
            let record = &policy.record;
            let versions = record.versions.iter().rev();
            versions.map(|(n, version)| (*n, shape::listed_version(record, *n, version))).collect()
        }
        ManagedPolicy::Aws(policy) => vec![(0, shape::listed_aws_version(policy))],
    }
}
