use std::collections::BTreeMap;

use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_ident::{Arn, IdKind, UniqueId};
use daypass_model::ServiceError;
use daypass_model::iam::{CreatePolicyInput, CreatePolicyOutput};
use daypass_state::Tx;
use daypass_state::record::{PolicyRecord, Tags, VersionRecord};

use super::{document, shape};
use crate::errors::EntityAlreadyExists;
use crate::generated::CreatePolicy;
use crate::quotas;
use crate::tags::{self, KeyCase};

impl Guarded for CreatePolicy {
    fn targets(
        input: &CreatePolicyInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let path = input.path.as_deref().unwrap_or("/");
        let arn = Arn::policy(scope.account(), path, &input.policy_name);
        let given = input.tags.as_deref().unwrap_or_default();
        let shown = format!("policy {}", input.policy_name);
        let create = targets.need("iam:CreatePolicy", arn.clone()).shown_as(shown.clone());
        create.request_tags(tags::pairs(given));
        if !given.is_empty() {
            targets.need("iam:TagPolicy", arn).shown_as(shown).request_tags(tags::pairs(given));
        }
        Ok(())
    }
}

impl Handle for CreatePolicy {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<CreatePolicyOutput, ServiceError> {
        let input = call.input();
        let mut tags = Tags::default();
        KeyCase::Significant.put(&mut tags, input.tags.as_deref().unwrap_or_default())?;
        document::check_managed_policy(&input.policy_document)?;
        if tx.account().policy(&input.policy_name).is_some() {
            return Err(EntityAlreadyExists::Policy(&input.policy_name).into());
        }
        quotas::POLICIES_PER_ACCOUNT.of(tx.account()).admit_one(tx.account().policy_count())?;

        let first =
            VersionRecord { document: input.policy_document.clone(), create_date: call.now() };
        let policy = PolicyRecord {
            name: input.policy_name.clone(),
            path: input.path.clone().unwrap_or_else(|| "/".to_owned()),
            id: UniqueId::generate(IdKind::Policy, call.account(), call.ids()),
            description: input.description.clone(),
            create_date: call.now(),
            update_date: call.now(),
            default_version: 1,
            next_version: 2,
            versions: BTreeMap::from([(1, first)]),
            tags,
        };
        tx.put_policy(&policy);
        Ok(CreatePolicyOutput { policy: Some(shape::created(&policy, call.account())) })
    }
}
