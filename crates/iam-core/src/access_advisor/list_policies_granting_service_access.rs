use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_ident::ArnParts;
use daypass_model::ServiceError;
use daypass_model::iam::{
    ListPoliciesGrantingServiceAccessEntry, ListPoliciesGrantingServiceAccessInput,
    ListPoliciesGrantingServiceAccessOutput, PolicyGrantingServiceAccess, PolicyOwnerEntityType,
    PolicyType,
};
use daypass_policy::PolicySource;
use daypass_state::Tx;

use super::report;
use crate::entity_arn::EntityArn;
use crate::generated::ListPoliciesGrantingServiceAccess;
use crate::need;
use crate::pagination::Paging;

impl Guarded for ListPoliciesGrantingServiceAccess {
    fn targets(
        input: &ListPoliciesGrantingServiceAccessInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_entity(targets, scope, "iam:ListPoliciesGrantingServiceAccess", &input.arn)?;
        Ok(())
    }
}

impl Handle for ListPoliciesGrantingServiceAccess {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<ListPoliciesGrantingServiceAccessOutput, ServiceError> {
        let input = call.input();
        let (_, entity) = EntityArn::find(&input.arn, tx.account())?;
        let held = call.call().policies_of(entity).identity;
        let held: Vec<_> =
            held.iter().map(|held| (held.source, held.policy.service_access())).collect();
        let entries = input.service_namespaces.iter().map(|service| {
            let granting = held.iter().filter(|(_, access)| access.may_allow(service));
            let policies = granting.filter_map(|(source, _)| granting_policy(*source)).collect();
            ListPoliciesGrantingServiceAccessEntry {
                service_namespace: Some(service.clone()),
                policies: Some(policies),
            }
        });
        // The request cannot say how long a page is to be.
        let paging = Paging {
            list: "ListPoliciesGrantingServiceAccess",
            marker: input.marker.as_deref(),
            max_items: None,
        };
        let page = report::page(paging, entries)?;
        Ok(ListPoliciesGrantingServiceAccessOutput {
            is_truncated: page.is_truncated(),
            marker: page.marker,
            policies_granting_service_access: page.items,
        })
    }
}

/// An inline policy is told with its holder, a managed one with its ARN.
fn granting_policy(source: PolicySource<'_>) -> Option<PolicyGrantingServiceAccess> {
    let inline = |name: &str, entity_type, entity: &str| PolicyGrantingServiceAccess {
        policy_name: name.to_owned(),
        policy_type: PolicyType::Inline,
        policy_arn: None,
        entity_type: Some(entity_type),
        entity_name: Some(entity.to_owned()),
    };
    match source {
        PolicySource::Managed { arn } => {
            let (_, name) = ArnParts::parse(arn)?.path_and_name("policy")?;
            Some(PolicyGrantingServiceAccess {
                policy_name: name.to_owned(),
                policy_type: PolicyType::Managed,
                policy_arn: Some(arn.to_owned()),
                entity_type: None,
                entity_name: None,
            })
        }
        PolicySource::UserInline { user, name } => {
            Some(inline(name, PolicyOwnerEntityType::User, user))
        }
        PolicySource::GroupInline { group, name } => {
            Some(inline(name, PolicyOwnerEntityType::Group, group))
        }
        PolicySource::RoleInline { role, name } => {
            Some(inline(name, PolicyOwnerEntityType::Role, role))
        }
        // Nobody holds these.
        PolicySource::SessionInline
        | PolicySource::OfResource { .. }
        | PolicySource::Control { .. } => None,
    }
}
