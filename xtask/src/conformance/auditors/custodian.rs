//! Cloud Custodian, whose policies select resources of IAM.

use anyhow::Result;
use serde_json::Value;

use super::{Report, Visit, tool};

/// Runs `custodian.yml` and looks what each policy selected.
pub(super) fn audit(visit: &Visit, report: &mut Report) -> Result<()> {
    tool::run(
        visit
            .script("custodian.py")
            .args([
                "run",
                "--output-dir",
                "selected",
                "--cache-period",
                "0",
                "--region",
                "us-east-1",
            ])
            .arg(visit.scripts.join("custodian.yml")),
    )?;
    for (policy, expected) in EXPECTED {
        let selected = visit.report(format!("selected/{policy}/resources.json"))?;
        let names = selected.as_array().into_iter().flatten().filter_map(name).collect();
        report.compare_names(policy, names, expected);
    }
    Ok(())
}

/// What a resource is called.
fn name(resource: &Value) -> Option<String> {
    NAMES.iter().find_map(|name| Some(resource.get(name)?.as_str()?.to_owned()))
}

const NAMES: [&str; 6] =
    ["UserName", "PolicyName", "RoleName", "GroupName", "InstanceProfileName", "account_name"];

/// What each policy selects.
const EXPECTED: &[(&str, &[&str])] = &[
    ("users-all", &["ada", "eve", "rob"]),
    ("users-without-mfa", &["ada", "eve"]),
    ("users-with-mfa", &["rob"]),
    ("users-with-keys", &["ada"]),
    ("users-that-may-all", &["ada"]),
    ("users-with-a-policy", &["ada"]),
    ("users-in-readers", &["rob"]),
    ("users-never-signed-in", &["ada", "eve", "rob"]),
    ("users-with-an-inline-policy", &["eve"]),
    ("policies-that-allow-all", &["everything"]),
    ("policies-unused", &["unused"]),
    ("roles-trusting-anyone", &["open"]),
    ("roles-with-a-policy", &["machine"]),
    ("roles-that-may-all", &["machine"]),
    ("groups-with-users", &["readers"]),
    ("profiles-all", &["machine"]),
    ("certificates-all", &[]),
    ("saml-providers-all", &[]),
    ("oidc-providers-all", &[]),
    ("account-with-a-password-policy", &[]),
    ("account-root-without-mfa", &["audited"]),
    ("account-root-credentials", &["audited"]),
];
