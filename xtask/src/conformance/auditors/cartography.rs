//! Cartography, which loads an account's IAM into a graph.

use anyhow::Result;
use serde_json::Value;

use super::{Report, Visit, tool};

/// Synchronises IAM into lists, since there is no graph database here, and looks what is in them.
pub(super) fn audit(visit: &Visit, report: &mut Report) -> Result<()> {
    let printed = tool::run(&mut visit.script("cartography_sync.py"))?;
    let loaded: Value = serde_json::from_str(&printed)?;
    for (schema, member, expected) in EXPECTED {
        let items = loaded.get(schema).and_then(Value::as_array).into_iter().flatten();
        let values = items.filter_map(|item| item.get(member)).map(|value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        });
        report.compare_names(&format!("{schema} {member}"), values.collect(), expected);
    }
    Ok(())
}

/// What a schema's items hold in a member.
const EXPECTED: &[(&str, &str, &[&str])] = &[
    ("AWSRootPrincipalSchema", "arn", &["arn:aws:iam::000000000000:root"]),
    ("AWSUserSchema", "name", &["ada", "eve", "rob"]),
    ("AWSGroupSchema", "name", &["readers"]),
    ("AWSGroupSchema", "user_arns", &[r#"["arn:aws:iam::000000000000:user/rob"]"#]),
    ("AWSRoleSchema", "name", &["assumed", "machine", "open"]),
    ("AWSServicePrincipalSchema", "arn", &["ec2.amazonaws.com"]),
    ("AWSManagedPolicySchema", "name", &["everything", "little"]),
    ("AWSInlinePolicySchema", "principal_arns", &[r#"["arn:aws:iam::000000000000:user/eve"]"#]),
    (
        "AWSPolicyStatementSchema",
        "Action",
        &[r#"["*"]"#, r#"["iam:CreateAccessKey","iam:AttachUserPolicy"]"#, r#"["s3:GetObject"]"#],
    ),
    ("AWSMfaDeviceSchema", "username", &["rob"]),
    ("AccountAccessKeySchema", "accesskeyid", &["AKIAIOSFODNN7EXAADA1", "AKIAIOSFODNN7EXAADA2"]),
    ("AccountAccessKeySchema", "lastusedservice", &["N/A"]),
    ("AWSAccountSummarySchema", "Users", &["3"]),
    ("AWSAccountSummarySchema", "MFADevicesInUse", &["1"]),
];
