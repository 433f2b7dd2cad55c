use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_ident::{Arn, IdKind, UniqueId};
use daypass_model::ServiceError;
use daypass_model::iam::{CreateUserInput, CreateUserOutput};
use daypass_state::Tx;
use daypass_state::record::{HeldPolicies, Tags, UserRecord};

use crate::errors::EntityAlreadyExists;
use crate::generated::CreateUser;
use crate::tags::KeyCase;
use crate::{boundary, quotas, tags};

impl Guarded for CreateUser {
    fn targets(
        input: &CreateUserInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let arn = Arn::user(scope.account(), path(input), &input.user_name);
        let given = input.tags.as_deref().unwrap_or_default();
        let create = targets.need("iam:CreateUser", arn.clone()).request_tags(tags::pairs(given));
        if let Some(boundary) = &input.permissions_boundary {
            create.key("iam:PermissionsBoundary", boundary);
        }
        if !given.is_empty() {
            targets.need("iam:TagUser", arn).request_tags(tags::pairs(given));
        }
        Ok(())
    }
}

impl Handle for CreateUser {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<CreateUserOutput, ServiceError> {
        let input = call.input();
        let mut tags = Tags::default();
        KeyCase::Ignored.put(&mut tags, input.tags.as_deref().unwrap_or_default())?;
        let boundary = input.permissions_boundary.as_deref();
        let boundary = boundary.map(|arn| boundary::find(tx.account(), arn)).transpose()?;
        if tx.account().user(&input.user_name).is_some() {
            return Err(EntityAlreadyExists::User(&input.user_name).into());
        }
        quotas::USERS_PER_ACCOUNT.of(tx.account()).admit_one(tx.account().user_count())?;
        let user = UserRecord {
            name: input.user_name.clone(),
            path: path(input).to_owned(),
            id: UniqueId::generate(IdKind::User, call.account(), call.ids()),
            create_date: call.now(),
            permissions_boundary: boundary,
            policies: HeldPolicies::default(),
            groups: Vec::new(),
            tags,
        };
        tx.put_user(&user);
        Ok(CreateUserOutput { user: Some(super::described(call.account(), &user)) })
    }
}

fn path(input: &CreateUserInput) -> &str {
    input.path.as_deref().unwrap_or("/")
}
