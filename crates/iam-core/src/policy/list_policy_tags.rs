use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{ListPolicyTagsInput, ListPolicyTagsOutput};
use daypass_state::Tx;
use daypass_state::record::Tags;

use super::{ManagedPolicy, managed};
use crate::generated::ListPolicyTags;
use crate::pagination::paging;
use crate::tags;

impl Guarded for ListPolicyTags {
    fn targets(
        input: &ListPolicyTagsInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        managed::need(targets, scope, "iam:ListPolicyTags", &input.policy_arn)?;
        Ok(())
    }
}

impl Handle for ListPolicyTags {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<ListPolicyTagsOutput, ServiceError> {
        let input = call.input();
        let none = Tags::default();
        let tags = match ManagedPolicy::existing(tx.account(), &input.policy_arn)? {
            ManagedPolicy::Customer(policy) => &policy.record.tags,
            ManagedPolicy::Aws(_) => &none,
        };
        let page = tags::page(tags, paging!(input))?;
        Ok(ListPolicyTagsOutput {
            is_truncated: page.is_truncated(),
            marker: page.marker,
            tags: page.items,
        })
    }
}
