use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_ident::{Arn, IdKind, UniqueId};
use daypass_model::ServiceError;
use daypass_model::iam::{CreateGroupInput, CreateGroupOutput};
use daypass_state::Tx;
use daypass_state::record::{GroupRecord, HeldPolicies};

use crate::errors::EntityAlreadyExists;
use crate::generated::CreateGroup;
use crate::quotas;

impl Guarded for CreateGroup {
    fn targets(
        input: &CreateGroupInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let arn = Arn::group(scope.account(), path(input), &input.group_name);
        targets.need("iam:CreateGroup", arn);
        Ok(())
    }
}

impl Handle for CreateGroup {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<CreateGroupOutput, ServiceError> {
        let input = call.input();
        if tx.account().group(&input.group_name).is_some() {
            return Err(EntityAlreadyExists::Group(&input.group_name).into());
        }
        quotas::GROUPS_PER_ACCOUNT.of(tx.account()).admit_one(tx.account().group_count())?;
        let group = GroupRecord {
            name: input.group_name.clone(),
            path: path(input).to_owned(),
            id: UniqueId::generate(IdKind::Group, call.account(), call.ids()),
            create_date: call.now(),
            policies: HeldPolicies::default(),
        };
        tx.put_group(&group);
        Ok(CreateGroupOutput { group: super::shape(call.account(), &group) })
    }
}

fn path(input: &CreateGroupInput) -> &str {
    input.path.as_deref().unwrap_or("/")
}
