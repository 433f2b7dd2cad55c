use aws_smithy_types::DateTime;
use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_catalog::{ServiceLinkedRole, managed_policy, service_linked_role};
use daypass_ident::{Arn, IdKind, UniqueId};
use daypass_model::ServiceError;
use daypass_model::iam::{CreateServiceLinkedRoleInput, CreateServiceLinkedRoleOutput, Role};
use daypass_state::Tx;
use daypass_state::record::{HeldPolicies, RoleRecord, Tags};

use super::{arn, path, role_name};
use crate::errors::{AccessDenied, InvalidInput};
use crate::generated::CreateServiceLinkedRole;
use crate::policy::document;
use crate::quotas;
use crate::role::SERVICE_LINKED_PATH;

impl Guarded for CreateServiceLinkedRole {
    fn targets(
        input: &CreateServiceLinkedRoleInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let service = input.aws_service_name.as_str();
        let name = role_name(service, input.custom_suffix.as_deref());
        targets
            .need("iam:CreateServiceLinkedRole", arn(scope, service, &name))
            .key("iam:AWSServiceName", service);
        Ok(())
    }
}

impl Handle for CreateServiceLinkedRole {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<CreateServiceLinkedRoleOutput, ServiceError> {
        let input = call.input();
        let service = input.aws_service_name.as_str();
        let linked =
            service_linked_role(service).ok_or(AccessDenied::NoServiceLinkedRole(service))?;
        let suffix = input.custom_suffix.as_deref();
        let name = role_name(service, suffix);
        // That a name is too long with its suffix is not on record. The suffix is what is wrong with it.
        if suffix.is_some() && (!linked.takes_suffix || name.len() > LONGEST_ROLE_NAME) {
            return Err(InvalidInput::CustomSuffix(service).into());
        }
        if tx.account().role(&name).is_some() {
            return Err(InvalidInput::ServiceRoleTaken(&name).into());
        }
        quotas::ROLES_PER_ACCOUNT.of(tx.account()).admit_one(tx.account().role_count())?;
        let role = RoleRecord {
            path: path(service),
            id: UniqueId::generate(IdKind::Role, call.account(), call.ids()),
            create_date: call.now(),
            assume_role_policy_document: trust(&format!(
                r#"{{"Effect":"Allow","Principal":{{"Service":"{service}"}},"Action":"sts:AssumeRole"}}"#
            )),
            description: input.description.clone(),
            max_session_duration: SESSION_SECONDS,
            permissions_boundary: None,
            source_template: None,
            policies: HeldPolicies {
                attached: policy(linked).into_iter().collect(),
                ..HeldPolicies::default()
            },
            tags: Tags::default(),
            name,
        };
        tx.put_role(&role);
        // The answer writes the trust policy with lists, and leaves out what GetRole shows (as recorded from AWS).
        let shown = trust(&format!(
            r#"{{"Action":["sts:AssumeRole"],"Effect":"Allow","Principal":{{"Service":["{service}"]}}}}"#
        ));
        Ok(CreateServiceLinkedRoleOutput {
            role: Some(Role {
                arn: Arn::role(call.account(), &role.path, &role.name).to_string(),
                path: role.path,
                role_name: role.name,
                role_id: role.id.to_string(),
                create_date: DateTime::from_secs(role.create_date),
                assume_role_policy_document: Some(document::encode(&shown)),
                description: None,
                max_session_duration: None,
                permissions_boundary: None,
                tags: None,
                role_last_used: None,
                source_role_template: None,
            }),
        })
    }
}

/// The policy that the service's role has.
fn policy(linked: ServiceLinkedRole) -> Option<Arn> {
    let arn = format!("arn:aws:iam::aws:policy{SERVICE_LINKED_PATH}{}", linked.policy?);
    managed_policy(&arn).and_then(|policy| policy.arn.parse().ok())
}

/// A trust policy of one statement. Its texts are AWS's, in the order of their members.
fn trust(statement: &str) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#)
}

const SESSION_SECONDS: i32 = 3600;
const LONGEST_ROLE_NAME: usize = 64;
