//! The organisation of the world.

use daypass_state::record::{
    BranchRecord, ControlPolicyId, ControlPolicyRecord, ControlPolicyType, MemberRecord,
    OrganizationRecord, UnitRecord,
};
use serde_json::Value;

use super::world::{account, document, management, sibling};

/// Where a control policy is attached.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum At {
    Root,
    /// The unit in which the world's account and its sibling are.
    Unit,
    /// The world's account.
    Account,
    /// The management account.
    Management,
}

/// An organisation of the world's account and its sibling, in one unit. `FullAWSAccess` is attached
/// but where it is `detached`.
pub(super) fn organization(
    policies: &[(At, ControlPolicyType, Value)],
    detached: &[At],
) -> OrganizationRecord {
    let id = |number: usize| format!("p-policy0{number}").parse::<ControlPolicyId>().unwrap();
    let attached = |at: At| {
        let full = (!detached.contains(&at)).then(ControlPolicyId::full_aws_access);
        let own = policies.iter().enumerate().filter(|(_, (there, ..))| *there == at);
        full.into_iter().chain(own.map(|(number, _)| id(number))).collect::<Vec<_>>()
    };
    let member = |account, attached| MemberRecord { account, attached };
    let full = || vec![ControlPolicyId::full_aws_access()];
    let unit = UnitRecord {
        id: "ou-ab12-aaaaaaaa".parse().unwrap(),
        name: "unit".to_owned(),
        branch: BranchRecord {
            attached: attached(At::Unit),
            units: Vec::new(),
            accounts: vec![member(account(), attached(At::Account)), member(sibling(), full())],
        },
    };
    let record = |(number, (_, policy_type, statement)): (usize, &(At, _, Value))| {
        let record = ControlPolicyRecord {
            name: format!("policy-{number}"),
            policy_type: *policy_type,
            document: document(statement.clone()),
        };
        (id(number), record)
    };
    OrganizationRecord {
        id: "o-a1b2c3d4e5".parse().unwrap(),
        root_id: "r-ab12".parse().unwrap(),
        root: BranchRecord {
            attached: attached(At::Root),
            units: vec![unit],
            accounts: vec![member(management(), attached(At::Management))],
        },
        policies: policies.iter().enumerate().map(record).collect(),
        root_features: Default::default(),
        delegated_administrators: Default::default(),
    }
}

/// The ARN of the first service control policy of [`organization`].
pub(super) const SCP: &str =
    "arn:aws:organizations::111111111111:policy/o-a1b2c3d4e5/service_control_policy/p-policy00";
/// The ARN of the first resource control policy of [`organization`].
pub(super) const RCP: &str =
    "arn:aws:organizations::111111111111:policy/o-a1b2c3d4e5/resource_control_policy/p-policy00";
