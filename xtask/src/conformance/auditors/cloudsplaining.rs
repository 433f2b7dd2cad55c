//! Cloudsplaining, which reads the account's authorization details and judges its policies.

use anyhow::Result;
use serde_json::Value;

use super::{Report, Visit, tool};

/// Downloads the details and scans them.
pub(super) fn audit(visit: &Visit, report: &mut Report) -> Result<()> {
    tool::run(visit.program("cloudsplaining").args(["download", "--output", "."]))?;
    tool::run(visit.program("cloudsplaining").args([
        "scan",
        "--input-file",
        "default.json",
        "--output",
        ".",
        "--skip-open-report",
        "--flag-trust-policies",
    ]))?;
    let found = visit.report("iam-results-default.json")?;

    let all = |kind: &str| -> Vec<&Value> {
        found
            .get(kind)
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(|all| all.values())
            .collect()
    };
    for (kind, expected) in [
        ("users", &["ada", "eve", "rob"][..]),
        ("groups", &["readers"]),
        ("roles", &["assumed", "machine", "open"]),
    ] {
        let names = all(kind).into_iter().filter_map(|one| text(one, "name")).collect();
        report.compare_names(kind, names, expected);
    }

    let policies = [all("customer_managed_policies"), all("inline_policies")].concat();
    let flagged = |risk: &str| -> Vec<String> {
        let risky = policies.iter().filter(|policy| has_findings(policy, risk));
        risky.filter_map(|policy| text(policy, "PolicyName")).collect()
    };
    report.compare_names(
        "policies that escalate",
        flagged("PrivilegeEscalation"),
        &["everything", "escalates"],
    );
    report.compare_names("policies that expose data", flagged("DataExfiltration"), &["everything"]);
    report.compare_names("policies of whole services", flagged("ServiceWildcard"), &["everything"]);
    let everything =
        policies.iter().find(|policy| text(policy, "PolicyName").as_deref() == Some("everything"));
    let attached = |to: &str| -> Vec<String> {
        let names = everything.and_then(|policy| policy.get("AttachedTo")?.get(to)?.as_array());
        names.into_iter().flatten().filter_map(|name| Some(name.as_str()?.to_owned())).collect()
    };
    report.compare_names("users of the policy", attached("users"), &["ada"]);
    report.compare_names("roles of the policy", attached("roles"), &["machine"]);

    for (risk, expected) in
        [("AssumableByAnyPrincipal", "open"), ("AssumableByComputeServices", "machine")]
    {
        let roles = all("roles").into_iter().filter(|role| has_findings(role, risk));
        report.compare_names(
            risk,
            roles.filter_map(|role| text(role, "name")).collect(),
            &[expected],
        );
    }
    Ok(())
}

fn has_findings(value: &Value, risk: &str) -> bool {
    value
        .get(risk)
        .and_then(|risk| risk.get("findings")?.as_array())
        .is_some_and(|findings| !findings.is_empty())
}

fn text(value: &Value, name: &str) -> Option<String> {
    Some(value.get(name)?.as_str()?.to_owned())
}
