//! Roles that belong to a service of AWS's (IAM User Guide, "Service-linked roles").

mod rows;

use daypass_authz::Scope;
use daypass_ident::Arn;

/// The name of a service's role. Every service chooses its own; for one that is not known here, it
/// is made of the first part of the service's domain name.
fn role_name(service: &str, suffix: Option<&str>) -> String {
    let known = NAMES.iter().find(|(principal, _)| *principal == service);
    let of_service = match known {
        Some((_, name)) => (*name).to_owned(),
        None => service.split('.').next().unwrap_or_default().split('-').map(capitalised).collect(),
    };
    let suffix = suffix.map(|suffix| format!("_{suffix}")).unwrap_or_default();
    format!("AWSServiceRoleFor{of_service}{suffix}")
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

/// What follows `AWSServiceRoleFor`, as the services' guides name their roles.
const NAMES: [(&str, &str); 28] = [
    ("access-analyzer.amazonaws.com", "AccessAnalyzer"),
    ("autoscaling.amazonaws.com", "AutoScaling"),
    ("backup.amazonaws.com", "Backup"),
    ("batch.amazonaws.com", "Batch"),
    ("cloudtrail.amazonaws.com", "CloudTrail"),
    ("config.amazonaws.com", "Config"),
    ("dynamodb.application-autoscaling.amazonaws.com", "ApplicationAutoScaling_DynamoDBTable"),
    ("ec2fleet.amazonaws.com", "EC2Fleet"),
    ("ecs.amazonaws.com", "ECS"),
    ("ecs.application-autoscaling.amazonaws.com", "ApplicationAutoScaling_ECSService"),
    ("eks-fargate.amazonaws.com", "AmazonEKSForFargate"),
    ("eks-nodegroup.amazonaws.com", "AmazonEKSNodegroup"),
    ("eks.amazonaws.com", "AmazonEKS"),
    ("elasticache.amazonaws.com", "ElastiCache"),
    ("elasticfilesystem.amazonaws.com", "AmazonElasticFileSystem"),
    ("elasticloadbalancing.amazonaws.com", "ElasticLoadBalancing"),
    ("guardduty.amazonaws.com", "AmazonGuardDuty"),
    ("observability.aoss.amazonaws.com", "AmazonOpenSearchServerless"),
    ("ops.apigateway.amazonaws.com", "APIGateway"),
    ("organizations.amazonaws.com", "Organizations"),
    ("rds.amazonaws.com", "RDS"),
    ("securityhub.amazonaws.com", "SecurityHub"),
    ("spot.amazonaws.com", "EC2Spot"),
    ("spotfleet.amazonaws.com", "EC2SpotFleet"),
    ("ssm.amazonaws.com", "AmazonSSM"),
    ("sso.amazonaws.com", "SSO"),
    ("support.amazonaws.com", "Support"),
    ("trustedadvisor.amazonaws.com", "TrustedAdvisor"),
];

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
