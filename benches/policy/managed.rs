//! What people really attach: AWS's own policies.

use crate::task::{NO_TAGS, Task};

pub fn tasks() -> Vec<Task> {
    let [few, one] = [MIX, &["ReadOnlyAccess"]];
    vec![
        task(
            "10 of AWS's own, the last allows",
            few,
            "s3:GetObject",
            "arn:aws:s3:::reports/2026/11.csv",
            true,
        ),
        task(
            "10 of AWS's own, none allows",
            few,
            "iam:CreateUser",
            "arn:aws:iam::111122223333:user/bob",
            false,
        ),
        task(
            "ReadOnlyAccess alone",
            one,
            "ec2:DescribeInstances",
            "arn:aws:ec2:eu-central-1:111122223333:instance/i-0",
            true,
        ),
    ]
}

const MIX: &[&str] = &[
    "AmazonEC2ReadOnlyAccess",
    "CloudWatchLogsFullAccess",
    "AmazonDynamoDBFullAccess",
    "AmazonSQSFullAccess",
    "AWSLambda_FullAccess",
    "AmazonRDSReadOnlyAccess",
    "IAMReadOnlyAccess",
    "AWSCodeBuildDeveloperAccess",
    "AmazonEKSClusterPolicy",
    "AmazonS3ReadOnlyAccess",
];

fn task(title: &str, names: &[&str], action: &str, resource: &str, allowed: bool) -> Task {
    let document = |name: &&str| {
        let arn = format!("arn:aws:iam::aws:policy/{name}");
        daypass_catalog::managed_policy(&arn).expect(&arn).document().to_owned()
    };
    Task {
        title: title.to_owned(),
        documents: names.iter().map(document).collect(),
        cedar: String::new(),
        action: action.to_owned(),
        resource: resource.to_owned(),
        keys: Vec::new(),
        tags: NO_TAGS,
        allowed,
    }
}
