use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{
    GetRoleTemplateVersionInput, GetRoleTemplateVersionOutput, ManagedByTypeType,
    ParameterDefinition, RoleTemplateVersion,
};
use daypass_state::Tx;

use super::template::{self, MAJOR_VERSION, MINOR_VERSION, ROLE_NAME, RoleTemplate};
use crate::generated::GetRoleTemplateVersion;
use crate::need;

impl Guarded for GetRoleTemplateVersion {
    fn targets(
        input: &GetRoleTemplateVersionInput,
        _: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_arn(targets, "iam:GetRoleTemplateVersion", &input.template_arn)?;
        Ok(())
    }
}

impl Handle for GetRoleTemplateVersion {
    fn run(
        call: &Permitted<Self>,
        _: &mut Tx,
    ) -> Result<GetRoleTemplateVersionOutput, ServiceError> {
        let input = call.input();
        let template = template::find(&input.template_arn, input.minor_version)?;
        Ok(GetRoleTemplateVersionOutput { role_template_version: shape(template) })
    }
}

fn shape(template: &RoleTemplate) -> RoleTemplateVersion {
    let parameters = template.parameters.iter().map(|(name, r#type)| ParameterDefinition {
        name: (*name).to_owned(),
        r#type: *r#type,
        sub_type: None,
        description: None,
        is_required: Some(true),
        default_value: None,
        immutable: None,
    });
    RoleTemplateVersion {
        template_arn: Some(template.arn.to_owned()),
        template_name: Some(template.name.to_owned()),
        description: Some(template.description.to_owned()),
        major_version: Some(MAJOR_VERSION),
        minor_version: Some(MINOR_VERSION),
        default_minor_version: Some(MINOR_VERSION),
        managed_by_type: Some(ManagedByTypeType::Service),
        managed_by_value: Some(template.service.to_owned()),
        enabled: Some(true),
        version_enabled: Some(true),
        role_name_pattern: Some(ROLE_NAME.to_owned()),
        role_path_pattern: Some(template.path.to_owned()),
        assume_role_policy_document_template: Some(template.trust.to_owned()),
        managed_policy_arns: Some(
            template.managed_policies.iter().map(|arn| (*arn).to_owned()).collect(),
        ),
        parameters_definition: Some(parameters.collect()),
        ..Default::default()
    }
}
