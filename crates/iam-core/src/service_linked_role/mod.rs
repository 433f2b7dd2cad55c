//! Roles that belong to a service of AWS's (IAM User Guide, "Service-linked roles").

mod create_service_linked_role;
mod delete_service_linked_role;
mod get_service_linked_role_deletion_status;

#[cfg(test)]
mod operations_tests;

use daypass_authz::Scope;
use daypass_catalog::service_linked_role;
use daypass_ident::Arn;

use crate::role::SERVICE_LINKED_PATH;

/// The name of a service's role. Of a service that is not known it is made of the first part of its
/// domain name, so that callers without permission are denied before they learn that it is not.
fn role_name(service: &str, suffix: Option<&str>) -> String {
    let of_service = match service_linked_role(service) {
        Some(role) => role.role_name.to_owned(),
        None => {
            let words = service.split('.').next().unwrap_or_default().split('-');
            format!("AWSServiceRoleFor{}", words.map(capitalised).collect::<String>())
        }
    };
    let suffix = suffix.map(|suffix| format!("_{suffix}")).unwrap_or_default();
    of_service + &suffix
}

/// The path of a service's role.
fn path(service: &str) -> String {
    format!("{SERVICE_LINKED_PATH}{service}/")
}

/// The ARN of a service's role, which is always at the service's own path.
fn arn(scope: &Scope<'_>, service: &str, name: &str) -> Arn {
    Arn::iam(scope.account(), &["role/aws-service-role/", service, "/", name])
}

/// The role that a task is to delete.
#[derive(Debug, PartialEq, Eq)]
struct RoleOfTask<'a> {
    service: &'a str,
    name: &'a str,
}

/// Reads the id of a deletion: `task/aws-service-role/{service}/{role}/{uuid}`.
fn role_of_task(id: &str) -> Option<RoleOfTask<'_>> {
    let (service, rest) = id.strip_prefix("task/aws-service-role/")?.split_once('/')?;
    let (name, task) = rest.split_once('/')?;
    let is_whole = ![service, name, task].contains(&"") && !task.contains('/');
    is_whole.then_some(RoleOfTask { service, name })
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_named_as_its_service_wants() {
        let cases = [
            ("elasticloadbalancing.amazonaws.com", None, "AWSServiceRoleForElasticLoadBalancing"),
            ("autoscaling.amazonaws.com", Some("team"), "AWSServiceRoleForAutoScaling_team"),
            ("lex-bots.amazonaws.com", None, "AWSServiceRoleForLexBots"),
            ("", None, "AWSServiceRoleFor"),
        ];
        for (service, suffix, expected) in cases {
            assert_eq!(role_name(service, suffix), expected);
        }
    }

    #[test]
    fn a_task_tells_its_role() {
        let id = "task/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS/6f2c";
        let role = RoleOfTask { service: "ecs.amazonaws.com", name: "AWSServiceRoleForECS" };
        assert_eq!(role_of_task(id), Some(role));
        for id in ["", "task/aws-service-role/a/b", "task/aws-service-role//b/c", "x/a/b/c"] {
            assert_eq!(role_of_task(id), None, "{id}");
        }
        assert_eq!(role_of_task("task/aws-service-role/a/b/c/d"), None);
    }
}
