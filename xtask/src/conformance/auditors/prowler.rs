//! Prowler, whose checks of IAM pass or fail.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::{Report, Visit, tool};

/// Runs all checks of IAM, and those of the password policy once more when there is one.
pub(super) fn audit(visit: &Visit, report: &mut Report) -> Result<()> {
    let before = scan(visit, "before")?;
    for (check, expected) in EXPECTED {
        report.compare_names(check, before.failed(check), expected);
        if expected.is_empty() {
            report.compare(&format!("{check} passes"), &before.passed(check), &true);
        }
    }
    for check in OF_THE_PASSWORD_POLICY {
        report.compare_names(check, before.failed(check), &["000000000000"]);
    }

    let mut python = visit.program("python");
    tool::run(python.args(["-c", SET_PASSWORD_POLICY]))?;
    let after = scan(visit, "after")?;
    for check in OF_THE_PASSWORD_POLICY {
        report.compare_names(check, after.failed(check), &[]);
        report.compare(&format!("{check} passes"), &after.passed(check), &true);
    }
    Ok(())
}

/// What a scan found: for each check, whose the findings are and whether they failed.
#[derive(Debug, Default)]
struct Scan(BTreeMap<String, Vec<(String, bool)>>);

fn scan(visit: &Visit, name: &str) -> Result<Scan> {
    let printed = tool::run(visit.program("prowler").args([
        "aws",
        "--service",
        "iam",
        "--region",
        "us-east-1",
        "--no-banner",
        "--no-color",
        "--ignore-exit-code-3",
        "--output-formats",
        "json-ocsf",
        "--output-directory",
        "scans",
        "--output-filename",
        name,
    ]))?;
    let broken = printed.lines().find(|line| line.contains("Something went wrong"));
    ensure!(broken.is_none(), "{}", broken.unwrap_or_default());
    Scan::read(&visit.report(format!("scans/{name}.ocsf.json"))?)
}

impl Scan {
    /// Reads findings in the form of the Open Cybersecurity Schema Framework.
    fn read(findings: &Value) -> Result<Self> {
        let mut scan = Self::default();
        for finding in findings.as_array().context("there are no findings")? {
            let text = |pointer: &str| {
                let text = finding.pointer(pointer).and_then(Value::as_str);
                text.map(str::to_owned).with_context(|| format!("a finding has no {pointer}"))
            };
            let owner = text("/resources/0/name")?;
            let failed = text("/status_code")? == "FAIL";
            scan.0.entry(text("/metadata/event_code")?).or_default().push((owner, failed));
        }
        Ok(scan)
    }

    /// Whose findings failed.
    fn failed(&self, check: &str) -> Vec<String> {
        let findings = self.0.get(check).into_iter().flatten();
        findings.filter(|(_, failed)| *failed).map(|(owner, _)| owner.clone()).collect()
    }

    /// Whether there are findings, and none failed.
    fn passed(&self, check: &str) -> bool {
        self.0.get(check).is_some_and(|findings| findings.iter().all(|(_, failed)| !failed))
    }
}

const SET_PASSWORD_POLICY: &str = "import boto3; boto3.client('iam').update_account_password_policy(\
    MinimumPasswordLength=14, RequireSymbols=True, RequireNumbers=True, \
    RequireUppercaseCharacters=True, RequireLowercaseCharacters=True, \
    MaxPasswordAge=90, PasswordReusePrevention=24)";

const OF_THE_PASSWORD_POLICY: [&str; 7] = [
    "iam_password_policy_expires_passwords_within_90_days_or_less",
    "iam_password_policy_lowercase",
    "iam_password_policy_minimum_length_14",
    "iam_password_policy_number",
    "iam_password_policy_reuse_24",
    "iam_password_policy_symbol",
    "iam_password_policy_uppercase",
];

/// On whom a check fails. Its checks of escalation are left out: they look for an action of a service that is no
/// longer in Prowler's own list, and then pass whatever the policy says.
const EXPECTED: &[(&str, &[&str])] = &[
    ("iam_avoid_root_usage", &[]),
    ("iam_customer_attached_policy_no_administrative_privileges", &["everything"]),
    ("iam_check_saml_providers_sts", &["000000000000"]),
    ("iam_customer_unattached_policy_no_administrative_privileges", &[]),
    ("iam_inline_policy_no_administrative_privileges", &[]),
    ("iam_no_custom_policy_permissive_role_assumption", &["everything"]),
    ("iam_policy_attached_only_to_group_or_roles", &["ada/everything", "eve/escalates"]),
    ("iam_policy_no_full_access_to_kms", &["everything"]),
    ("iam_role_access_not_stale_to_bedrock", &["machine"]),
    ("iam_role_cross_service_confused_deputy_prevention", &["machine"]),
    ("iam_rotate_access_key_90_days", &[]),
    ("iam_securityaudit_role_created", &["SecurityAudit"]),
    ("iam_user_access_not_stale_to_bedrock", &["ada"]),
    ("iam_user_hardware_mfa_enabled", &["ada", "eve", "rob"]),
    ("iam_user_two_active_access_key", &["ada"]),
    ("iam_user_with_temporary_credentials", &["ada"]),
];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_scan_tells_who_failed() {
        let finding = |check: &str, owner: &str, status: &str| {
            json!({
                "metadata": {"event_code": check},
                "resources": [{"name": owner}],
                "status_code": status,
            })
        };
        let scan = Scan::read(&json!([
            finding("keys", "ada", "FAIL"),
            finding("keys", "eve", "PASS"),
            finding("mfa", "eve", "PASS"),
        ]))
        .unwrap();
        assert_eq!(scan.failed("keys"), ["ada"]);
        assert!(scan.passed("mfa") && !scan.passed("keys") && !scan.passed("other"));
    }
}
