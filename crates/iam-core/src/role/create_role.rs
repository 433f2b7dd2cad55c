use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_ident::{Arn, IdKind, UniqueId};
use daypass_model::ServiceError;
use daypass_model::iam::{self, CreateRoleInput, CreateRoleOutput};
use daypass_state::record::{HeldPolicies, RoleRecord, Tags};
use daypass_state::{CrossAccount, Tx};

use super::{AWSS_OWN_PATHS, DEFAULT_SESSION_SECONDS, described, trust};
use crate::errors::{EntityAlreadyExists, InvalidInput};
use crate::generated::CreateRole;
use crate::policy::document;
use crate::tags::KeyCase;
use crate::{boundary, quotas, tags};

impl Guarded for CreateRole {
    fn targets(
        input: &CreateRoleInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let arn = Arn::role(scope.account(), path(input), &input.role_name);
        let given = input.tags.as_deref().unwrap_or_default();
        let create = targets.need("iam:CreateRole", arn.clone()).request_tags(tags::pairs(given));
        if let Some(boundary) = &input.permissions_boundary {
            create.key("iam:PermissionsBoundary", boundary);
        }
        if !given.is_empty() {
            targets.need("iam:TagRole", arn).request_tags(tags::pairs(given));
        }
        Ok(())
    }
}

impl Handle for CreateRole {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<CreateRoleOutput, ServiceError> {
        let input = call.input();
        if let Some(reserved) = AWSS_OWN_PATHS.iter().find(|own| path(input).starts_with(**own)) {
            return Err(InvalidInput::ReservedRolePath(reserved.trim_end_matches('/')).into());
        }
        let mut tags = Tags::default();
        KeyCase::Ignored.put(&mut tags, input.tags.as_deref().unwrap_or_default())?;
        let sent = &input.assume_role_policy_document;
        let stored = trust::to_store(
            &call.call().env,
            tx.across_accounts(CrossAccount::TrustedPrincipals),
            quotas::TRUST_POLICY_SIZE.of(tx.account()),
            sent,
        )?;
        let boundary = input.permissions_boundary.as_deref();
        let boundary = boundary.map(|arn| boundary::find(tx.account(), arn)).transpose()?;
        if tx.account().role(&input.role_name).is_some() {
            return Err(EntityAlreadyExists::Role(&input.role_name).into());
        }
        quotas::ROLES_PER_ACCOUNT.of(tx.account()).admit_one(tx.account().role_count())?;

        let role = RoleRecord {
            name: input.role_name.clone(),
            path: path(input).to_owned(),
            id: UniqueId::generate(IdKind::Role, call.account(), call.ids()),
            create_date: call.now(),
            assume_role_policy_document: stored,
            description: input.description.clone(),
            max_session_duration: input.max_session_duration.unwrap_or(DEFAULT_SESSION_SECONDS),
            permissions_boundary: boundary,
            source_template: None,
            policies: HeldPolicies::default(),
            tags,
        };
        tx.put_role(&role);
        Ok(CreateRoleOutput {
            // The answer has the trust policy as it was sent, and leaves out two members that
            // GetRole shows (as recorded from AWS).
            role: iam::Role {
                assume_role_policy_document: Some(document::encode(sent)),
                description: None,
                max_session_duration: None,
                ..described(
                    tx.across_accounts(CrossAccount::TrustedPrincipals),
                    call.account(),
                    &role,
                )
            },
        })
    }
}

fn path(input: &CreateRoleInput) -> &str {
    input.path.as_deref().unwrap_or("/")
}
