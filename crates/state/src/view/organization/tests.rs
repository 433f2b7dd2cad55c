use daypass_ident::SystemIds;

use super::*;
use crate::record::{
    ControlPolicyRecord, MemberRecord, OrganizationId, RootId, UnitId, UnitRecord,
};

const MANAGEMENT: &str = "111111111111";
const IN_ROOT: &str = "222222222222";
const IN_PROD: &str = "333333333333";

#[test]
fn awss_own_policies_are_understood() {
    for policy in [&FULL_AWS_ACCESS, &RCP_FULL_AWS_ACCESS] {
        assert!(policy.policy.is_some(), "{}", policy.name);
    }
}

#[test]
fn an_account_has_the_levels_above_it_in_order() {
    let members = members(&record());
    let member = &members[&account(IN_PROD)];
    assert_eq!(member.organization_id(), "o-a1b2c3d4e5");
    assert_eq!(member.path(), "o-a1b2c3d4e5/r-ab12/ou-ab12-workload/ou-ab12-prod0000/");
    let shown = show(member.service_control());
    assert_eq!(
        shown,
        [
            "r-ab12: FullAWSAccess",
            "ou-ab12-workload: FullAWSAccess no-s3",
            "ou-ab12-prod0000: only-iam",
            "333333333333: FullAWSAccess",
        ]
    );
    let shown = show(member.resource_control());
    assert_eq!(
        shown,
        [
            "r-ab12: RCPFullAWSAccess perimeter",
            "ou-ab12-workload: RCPFullAWSAccess",
            "ou-ab12-prod0000: RCPFullAWSAccess",
            "333333333333: RCPFullAWSAccess",
        ]
    );
    assert_eq!(
        &*member.service_control()[1].policies[1].arn,
        "arn:aws:organizations::111111111111:policy/o-a1b2c3d4e5/service_control_policy/p-nos3nos3"
    );
    assert_eq!(
        &*member.resource_control()[0].policies[1].arn,
        "arn:aws:organizations::111111111111:policy/o-a1b2c3d4e5/resource_control_policy/p-perimeter"
    );

    let member = &members[&account(IN_ROOT)];
    assert_eq!(member.path(), "o-a1b2c3d4e5/r-ab12/");
    assert_eq!(
        show(member.service_control()),
        ["r-ab12: FullAWSAccess", "222222222222: FullAWSAccess"]
    );
}

#[test]
fn nothing_binds_the_management_account() {
    let members = members(&record());
    let member = &members[&account(MANAGEMENT)];
    assert_eq!(member.organization_id(), "o-a1b2c3d4e5");
    assert!(member.service_control().is_empty());
    assert!(member.resource_control().is_empty());
}

#[test]
fn without_resource_control_policies_there_is_nothing_to_ask() {
    let mut record = record();
    record.policies.retain(|_, policy| policy.policy_type == ControlPolicyType::ServiceControl);
    record.root.attached.retain(ControlPolicyId::is_full_aws_access);
    assert!(members(&record)[&account(IN_PROD)].resource_control().is_empty());
}

#[test]
fn what_cannot_be_read_is_there_and_does_not_allow() {
    let mut record = record();
    record.policies.get_mut(&"p-nos3nos3".parse().unwrap()).unwrap().document = "{".to_owned();
    let lost = ControlPolicyId::generate(&SystemIds);
    record.root.attached.push(lost);
    let members = members(&record);
    let levels = members[&account(IN_PROD)].service_control();
    assert!(levels[0].policies.last().unwrap().policy.is_none());
    assert!(levels[1].policies.last().unwrap().policy.is_none());
}

fn record() -> OrganizationRecord {
    let policy = |name: &str, policy_type, document: &str| ControlPolicyRecord {
        name: name.to_owned(),
        policy_type,
        document: document.to_owned(),
    };
    let no_s3 =
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*"}}"#;
    let only_iam = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:*","Resource":"*"}}"#;
    let perimeter = r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole","Resource":"*"}}"#;
    let id = |text: &str| text.parse::<ControlPolicyId>().unwrap();
    let full = ControlPolicyId::full_aws_access;
    let member =
        |account: &str| MemberRecord { account: self::account(account), attached: vec![full()] };
    let prod = UnitRecord {
        id: "ou-ab12-prod0000".parse::<UnitId>().unwrap(),
        name: "prod".to_owned(),
        branch: BranchRecord {
            attached: vec![id("p-onlyiam0")],
            units: Vec::new(),
            accounts: vec![member(IN_PROD)],
        },
    };
    let workloads = UnitRecord {
        id: "ou-ab12-workload".parse().unwrap(),
        name: "workloads".to_owned(),
        branch: BranchRecord {
            attached: vec![full(), id("p-nos3nos3")],
            units: vec![prod],
            accounts: Vec::new(),
        },
    };
    OrganizationRecord {
        id: "o-a1b2c3d4e5".parse::<OrganizationId>().unwrap(),
        root_id: "r-ab12".parse::<RootId>().unwrap(),
        root: BranchRecord {
            attached: vec![full(), id("p-perimeter")],
            units: vec![workloads],
            accounts: vec![member(MANAGEMENT), member(IN_ROOT)],
        },
        policies: [
            (id("p-nos3nos3"), policy("no-s3", ControlPolicyType::ServiceControl, no_s3)),
            (id("p-onlyiam0"), policy("only-iam", ControlPolicyType::ServiceControl, only_iam)),
            (id("p-perimeter"), policy("perimeter", ControlPolicyType::ResourceControl, perimeter)),
        ]
        .into(),
        root_features: Default::default(),
        delegated_administrators: Default::default(),
    }
}

fn members(record: &OrganizationRecord) -> HashMap<AccountId, Arc<Membership>> {
    let organization = Organization::new(account(MANAGEMENT), record.clone());
    Membership::all_of(&Arc::new(organization)).into_iter().collect()
}

fn show(levels: &[Arc<ControlLevel>]) -> Vec<String> {
    let level = |level: &Arc<ControlLevel>| {
        let names: Vec<_> = level.policies.iter().map(|policy| &*policy.name).collect();
        format!("{}: {}", level.target, names.join(" "))
    };
    levels.iter().map(level).collect()
}

fn account(id: &str) -> AccountId {
    id.parse().unwrap()
}
