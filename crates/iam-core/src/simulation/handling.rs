//! `ResourceHandlingOption`: which resources a scenario of EC2 cannot do without (IAM API
//! Reference, "SimulateCustomPolicy").

use daypass_ident::{ArnParts, eq_ignore_case};
use daypass_model::ServiceError;

use crate::errors::InvalidInput;

/// Whether all that an option calls for is there.
///
/// # Errors
/// `InvalidInput` for an option that does not exist, for actions to which it means nothing, and
/// for resources that lack.
pub(super) fn check(
    option: &str,
    actions: &[String],
    resources: &[String],
) -> Result<(), ServiceError> {
    let scenario = SCENARIOS.iter().find(|(name, _)| *name == option);
    let (_, needed) = scenario.ok_or(InvalidInput::HandlingOption(option))?;
    let foreign = |action: &&String| !eq_ignore_case(action, "ec2:RunInstances");
    if let Some(action) = actions.iter().find(foreign) {
        return Err(InvalidInput::HandlingOfAction(action).into());
    }
    let lacking: Vec<&str> =
        needed.iter().copied().filter(|kind| !is_among(kind, resources)).collect();
    if lacking.is_empty() {
        return Ok(());
    }
    Err(InvalidInput::HandlingLacks { option, lacking: &lacking.join(", ") }.into())
}

fn is_among(kind: &str, resources: &[String]) -> bool {
    resources.iter().filter_map(|resource| ArnParts::parse(resource)).any(|arn| {
        let own = arn.resource.strip_prefix(kind).is_some_and(|rest| rest.starts_with('/'));
        arn.service == "ec2" && own
    })
}

const SCENARIOS: [(&str, &[&str]); 4] = [
    ("EC2-VPC-InstanceStore", &["instance", "image", "security-group", "network-interface"]),
    (
        "EC2-VPC-InstanceStore-Subnet",
        &["instance", "image", "security-group", "network-interface", "subnet"],
    ),
    ("EC2-VPC-EBS", &["instance", "image", "security-group", "network-interface", "volume"]),
    (
        "EC2-VPC-EBS-Subnet",
        &["instance", "image", "security-group", "network-interface", "subnet", "volume"],
    ),
];
