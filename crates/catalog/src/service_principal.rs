use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::services;

/// Whether an AWS service is named so in the principals of policies, as in `lambda.amazonaws.com`. Case
/// counts (IAM API Reference, `CreateServiceLinkedRole`).
///
/// AWS publishes no list. The names are those in the conditions of AWS's managed policies that speak of
/// services (`iam:PassedToService`, `iam:AWSServiceName`, `aws:CalledVia`), those that the services'
/// guides give, and `{prefix}.amazonaws.com` of every service, whether it calls others or not: a
/// misspelling that is let through does less harm than a service that is refused.
///
/// - A region stands before `amazonaws.com` only for services whose guides have such principals, such as
///   `logs.eu-west-1.amazonaws.com`; in any form that a region may have.
/// - `.amazonaws.com.cn`, which templates for all partitions bring along, goes for `.amazonaws.com`.
/// - Below other domains (`.amazon.com`, `.aws.internal`) no names are known, so that all are taken.
#[must_use]
pub fn is_service_principal(name: &str) -> bool {
    let name = name.strip_suffix(".cn").unwrap_or(name);
    let Some(service) = name.strip_suffix(DOMAIN) else { return true };
    let has_region = |service: &str| match service.rsplit_once('.') {
        Some((service, region)) => NAMES.regional.contains(service) && is_region(region),
        None => false,
    };
    NAMES.all.contains(name) || has_region(service)
}

/// The names that are known, in order and without those that have a region.
pub fn service_principals() -> impl Iterator<Item = &'static str> {
    NAMES.all.iter().map(|name| &**name)
}

struct Names {
    all: BTreeSet<Box<str>>,
    /// Of which services there is another principal in each region: the names before [`DOMAIN`].
    regional: BTreeSet<&'static str>,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let of_policies = OF_MANAGED_POLICIES.lines().map(Box::from);
    let of_services = services().iter().map(|service| format!("{}{DOMAIN}", service.prefix).into());
    let known = KNOWN.lines().filter(|line| !line.starts_with('#'));
    let documented = known.clone().filter_map(|line| line.split('\t').next()).map(Box::from);
    let regional = known.filter_map(|line| line.strip_suffix("\tregional")?.strip_suffix(DOMAIN));
    Names {
        all: of_policies.chain(of_services).chain(documented).collect(),
        regional: regional.collect(),
    }
});

/// `eu-west-1`, `us-gov-east-1`: words and a number.
fn is_region(text: &str) -> bool {
    let Some((words, number)) = text.rsplit_once('-') else { return false };
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
    let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    words.contains('-') && words.split('-').all(is_word) && is_number
}

const DOMAIN: &str = ".amazonaws.com";
/// Written by `cargo xtask catalog`.
static OF_MANAGED_POLICIES: &str = include_str!("../data/service-principals.txt");
/// Kept by hand.
static KNOWN: &str = include_str!("../data/known-service-principals.txt");

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::managed_policies;

    #[test]
    fn services_have_their_names() {
        let services = [
            "lambda",
            "ec2",
            "ecs-tasks",
            "states",
            "events",
            "edgelambda",
            "codebuild",
            "codepipeline",
            "cloudformation",
            "apigateway",
            "firehose",
            "pods.eks",
            "eks-fargate-pods",
            "build.apprunner",
            "tasks.apprunner",
            "vpc-flow-logs",
            "monitoring.rds",
            "export.rds",
            "directoryservice.rds",
            "batch",
            "glue",
            "sagemaker",
            "bedrock",
            "scheduler",
            "pipes",
            "ssm",
            "spotfleet",
            "rolesanywhere",
            "cognito-idp",
            "transfer",
            "dms",
            "backup",
            "s3",
            "batchoperations.s3",
            "logging.s3",
            "replicator.lambda",
            "streams.metrics.cloudwatch",
            "lambda.alarms.cloudwatch",
            "member.org.stacksets.cloudformation",
            "custom-resource.application-autoscaling",
            "airflow-env",
            "credentials.iot",
            "osis-pipelines",
            "emr-serverless",
            "emr-containers",
            "vmie",
            "dlm",
        ];
        for service in services {
            let name = format!("{service}.amazonaws.com");
            assert!(is_service_principal(&name), "{name}");
            assert!(is_service_principal(&format!("{name}.cn")), "{name}.cn");
        }
        for name in ["alexa-appkit.amazon.com", "any.aws.internal"] {
            assert!(is_service_principal(name), "{name}");
        }
        for name in [
            "tagging.amazonaws.com",
            "lamda.amazonaws.com",
            "Lambda.amazonaws.com",
            "lambda.ec2.amazonaws.com",
            "ecs-task.amazonaws.com",
            ".amazonaws.com",
            "amazonaws.com.amazonaws.com",
            "tagging.amazonaws.com.cn",
        ] {
            assert!(!is_service_principal(name), "{name}");
        }
    }

    #[test]
    fn some_services_have_a_principal_in_each_region() {
        for name in ["logs.eu-west-1", "states.us-east-1", "ssm.us-gov-west-1", "logs.cn-north-1"] {
            assert!(is_service_principal(&format!("{name}.amazonaws.com")), "{name}");
        }
        for name in [
            "lambda.us-east-1",
            "ec2.us-east-1",
            "logs.eu-west",
            "logs.eu-west-",
            "logs.1",
            "logs.europe",
            "logs..eu-west-1",
            "eu-west-1.logs",
            "logs.EU-WEST-1",
        ] {
            assert!(!is_service_principal(&format!("{name}.amazonaws.com")), "{name}");
        }
    }

    #[test]
    fn every_name_is_kept_once() {
        let known: Vec<_> = KNOWN.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(known.is_sorted(), "known-service-principals.txt");
        assert!(service_principals().count() > 600);
        for name in service_principals() {
            let service = name.strip_suffix(DOMAIN).expect(name);
            let is_plain =
                |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(&b);
            assert!(!service.is_empty() && service.bytes().all(is_plain), "{name}");
            assert!(is_service_principal(name), "{name}");
        }
    }

    #[test]
    fn names_in_managed_policies_are_those_of_the_catalogue() {
        let mut names = BTreeSet::new();
        for policy in managed_policies() {
            let document: Value = serde_json::from_str(policy.document()).unwrap();
            names_in(&document, &mut names);
        }
        let expected: Vec<_> = names.iter().map(String::as_str).collect();
        let kept: Vec<_> = OF_MANAGED_POLICIES.lines().collect();
        assert_eq!(kept, expected, "run `cargo xtask catalog`");
    }

    /// As `cargo xtask catalog` finds them.
    fn names_in(value: &Value, names: &mut BTreeSet<String>) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| names_in(item, names)),
            Value::Object(members) => {
                for (key, value) in members {
                    if KEYS.iter().any(|known| key.eq_ignore_ascii_case(known)) {
                        let list =
                            value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
                        names.extend(list.iter().filter_map(Value::as_str).filter_map(principal));
                    } else {
                        names_in(value, names);
                    }
                }
            }
            _ => {}
        }
    }

    fn principal(text: &str) -> Option<String> {
        let name = text.strip_suffix(".cn").unwrap_or(text);
        (name.ends_with(DOMAIN) && !name.contains(['*', '?', '$'])).then(|| name.to_owned())
    }

    const KEYS: [&str; 7] = [
        "iam:PassedToService",
        "iam:AWSServiceName",
        "aws:CalledVia",
        "aws:CalledViaFirst",
        "aws:CalledViaLast",
        "aws:PrincipalServiceName",
        "aws:PrincipalServiceNamesList",
    ];
}
