//! PMapper, which makes a graph of who can become whom.

use anyhow::Result;

use super::{Report, Visit, tool};

/// Makes the graph and asks it. What PMapper asks of other services than IAM and STS fails, which it takes for an
/// account without these.
pub(super) fn audit(visit: &Visit, report: &mut Report) -> Result<()> {
    let graph = ["graph", "create", "--include-regions", "us-east-1"];
    tool::run(visit.script("pmapper.py").args(graph))?;
    let answer = |query: &str| tool::run(visit.script("pmapper.py").args(["query", query]));

    let privileged = answer("preset privesc *")?;
    report.compare_names(
        "administrators",
        starts(&privileged, " is an administrative principal"),
        &["user/ada", "user/eve", "role/machine"],
    );
    let creators = answer("who can do iam:CreateUser")?;
    report.compare_names(
        "who may create users",
        starts(&creators, " IS authorized to call action iam:CreateUser"),
        &["user/ada", "role/machine"],
    );
    let readers = answer("who can do s3:GetObject with arn:aws:s3:::releases/one")?;
    report.compare_names(
        "who may read a release",
        starts(&readers, " IS authorized to call action s3:GetObject"),
        &["user/ada", "user/rob", "role/assumed", "role/machine"],
    );
    let connected = answer("preset connected user/rob *")?;
    report.compare("rob becomes", &connected.contains("role/assumed"), &true);
    report.compare("rob becomes an administrator", &connected.contains("role/machine"), &false);

    let analysis =
        tool::run(visit.script("pmapper.py").args(["analysis", "--output-type", "json"]))?;
    for (finding, expected) in [
        ("IAM Users With Administrative Permissions But No MFA Device", true),
        ("Instance Profile Has Administrator Privileges", true),
    ] {
        report.compare(finding, &analysis.contains(finding), &expected);
    }
    Ok(())
}

/// What stands before `rest` on the lines that have it.
fn starts(text: &str, rest: &str) -> Vec<String> {
    text.lines().filter_map(|line| Some(line.split_once(rest)?.0.to_owned())).collect()
}
