use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_ident::{Arn, IdKind, UniqueId};
use daypass_model::ServiceError;
use daypass_model::iam::{AcquireRoleInput, AcquireRoleOutput};
use daypass_state::record::{HeldPolicies, RoleRecord, SourceTemplate, Tags};
use daypass_state::{CrossAccount, Role, Tx};

use super::template::{self, Filled, MINOR_VERSION, RoleTemplate};
use crate::errors::{NameConflict, RoleModified};
use crate::generated::AcquireRole;
use crate::role::{self, trust};
use crate::{need, quotas};

impl Guarded for AcquireRole {
    /// AWS has no action for it: it asks for what finding or making the role by hand needs, told from which
    /// template. Where only the template could say the role's name, and there is none or its
    /// parameters do not fit, it is any role.
    fn targets(
        input: &AcquireRoleInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let arn = need::parse_arn(&input.template_arn)?;
        let template = template::find(&input.template_arn, input.template_minor_version).ok();
        let filled = template.and_then(|template| {
            Some((template, template.fill(input.replacement_values.as_ref()).ok()?))
        });
        let Some((template, Filled { role_name, .. })) = filled else {
            let any = Arn::role(scope.account(), "/", "*");
            targets.need("iam:CreateRole", any).key("iam:RoleTemplateARN", arn);
            return Ok(());
        };
        let known = scope.entities().role(&role_name);
        if known.is_some_and(|known| is_of(known, template)) {
            need::on_role(targets, scope, "iam:GetRole", &role_name)
                .key("iam:RoleTemplateARN", arn);
            return Ok(());
        }
        let role = Arn::role(scope.account(), template.path, &role_name);
        targets
            .need("iam:CreateRole", role.clone())
            .shown_as(format!("role {role_name}"))
            .key("iam:RoleTemplateARN", arn.clone());
        for policy in template.managed_policies {
            targets
                .need("iam:AttachRolePolicy", role.clone())
                .shown_as(format!("role {role_name}"))
                .key("iam:RoleTemplateARN", arn.clone())
                .key("iam:PolicyARN", *policy);
        }
        Ok(())
    }
}

impl Handle for AcquireRole {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<AcquireRoleOutput, ServiceError> {
        let input = call.input();
        let template = template::find(&input.template_arn, input.template_minor_version)?;
        let Filled { role_name, trust } = template.fill(input.replacement_values.as_ref())?;
        let view = tx.across_accounts(CrossAccount::TrustedPrincipals);
        let stored = trust::to_store(
            &call.call().env,
            view,
            quotas::TRUST_POLICY_SIZE.of(tx.account()),
            &trust,
        )?;
        let managed = template.managed_policies.iter().map(|arn| need::parse_arn(arn));
        let attached = managed.collect::<Result<Vec<_>, _>>()?;
        if let Some(known) = tx.account().role(&role_name) {
            if !is_of(known, template) {
                return Err(NameConflict(&role_name).into());
            }
            let record = &known.record;
            let is_as_made = record.assume_role_policy_document == stored
                && record.policies.attached == attached
                && record.policies.inline.is_empty();
            if !is_as_made {
                return Err(RoleModified(&role_name).into());
            }
            return Ok(AcquireRoleOutput { role: role::described(view, call.account(), record) });
        }
        quotas::ROLES_PER_ACCOUNT.of(tx.account()).admit_one(tx.account().role_count())?;
        let record = RoleRecord {
            name: role_name,
            path: template.path.to_owned(),
            id: UniqueId::generate(IdKind::Role, call.account(), call.ids()),
            create_date: call.now(),
            assume_role_policy_document: stored,
            description: Some(template.description.to_owned()),
            max_session_duration: role::DEFAULT_SESSION_SECONDS,
            permissions_boundary: None,
            source_template: Some(SourceTemplate {
                arn: template.arn.to_owned(),
                minor_version: MINOR_VERSION,
            }),
            policies: HeldPolicies { inline: Default::default(), attached },
            tags: Tags::default(),
        };
        let shown = role::described(view, call.account(), &record);
        tx.put_role(&record);
        Ok(AcquireRoleOutput { role: shown })
    }
}

fn is_of(role: &Role, template: &RoleTemplate) -> bool {
    let source = role.record.source_template.as_ref();
    source.is_some_and(|source| source.arn == template.arn)
}
