use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_ident::{Arn, IdKind, UniqueId};
use daypass_model::ServiceError;
use daypass_model::iam::{CreateInstanceProfileInput, CreateInstanceProfileOutput};
use daypass_state::Tx;
use daypass_state::record::{InstanceProfileRecord, Tags};

use crate::errors::EntityAlreadyExists;
use crate::generated::CreateInstanceProfile;
use crate::tags::KeyCase;
use crate::{need, quotas};

impl Guarded for CreateInstanceProfile {
    fn targets(
        input: &CreateInstanceProfileInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let arn = Arn::instance_profile(scope.account(), path(input), &input.instance_profile_name);
        let actions = ["iam:CreateInstanceProfile", "iam:TagInstanceProfile"];
        need::to_create(targets, actions, arn, input.tags.as_deref());
        Ok(())
    }
}

impl Handle for CreateInstanceProfile {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<CreateInstanceProfileOutput, ServiceError> {
        let input = call.input();
        let mut tags = Tags::default();
        KeyCase::Significant.put(&mut tags, input.tags.as_deref().unwrap_or_default())?;
        let account = tx.account();
        if account.instance_profile(&input.instance_profile_name).is_some() {
            let taken = EntityAlreadyExists::InstanceProfile(&input.instance_profile_name);
            return Err(taken.into());
        }
        quotas::INSTANCE_PROFILES_PER_ACCOUNT
            .of(account)
            .admit_one(account.instance_profile_count())?;
        let profile = InstanceProfileRecord {
            name: input.instance_profile_name.clone(),
            path: path(input).to_owned(),
            id: UniqueId::generate(IdKind::InstanceProfile, call.account(), call.ids()),
            create_date: call.now(),
            role: None,
            tags,
        };
        tx.put_instance_profile(&profile);
        Ok(CreateInstanceProfileOutput {
            instance_profile: super::described(tx, call.account(), &profile),
        })
    }
}

fn path(input: &CreateInstanceProfileInput) -> &str {
    input.path.as_deref().unwrap_or("/")
}
