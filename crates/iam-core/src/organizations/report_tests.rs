use daypass_model::iam::*;
use daypass_state::record::{
    BranchRecord, ControlPolicyId, ControlPolicyRecord, ControlPolicyType, MemberRecord,
    OrganizationRecord, UnitRecord,
};

use crate::generated::*;
use crate::testing::{ACCOUNT, Fixture, NOW};

const MEMBER: &str = "111111111111";
/// A member without limits.
const OTHER: &str = "222222222222";
const PATH: &str = "o-a1b2c3d4e5/r-f6g7";
const NO_IAM: &str = "p-noiam0000";

/// The account manages an organisation with a unit, in which there is no IAM, and a member in it.
fn fixture() -> Fixture {
    let fixture = Fixture::new();
    let full = || vec![ControlPolicyId::full_aws_access()];
    let member = |id: &str| MemberRecord { account: id.parse().unwrap(), attached: full() };
    let no_iam: ControlPolicyId = NO_IAM.parse().unwrap();
    let document =
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"iam:*","Resource":"*"}}"#;
    let policy = ControlPolicyRecord {
        name: "no-iam".to_owned(),
        policy_type: ControlPolicyType::ServiceControl,
        document: document.to_owned(),
    };
    fixture.write(|_, tx| {
        tx.put_organization(&OrganizationRecord {
            id: "o-a1b2c3d4e5".parse().unwrap(),
            root_id: "r-f6g7".parse().unwrap(),
            root: BranchRecord {
                attached: full(),
                units: vec![UnitRecord {
                    id: "ou-f6g7-12345678".parse().unwrap(),
                    name: "limited".to_owned(),
                    branch: BranchRecord {
                        attached: [full(), vec![no_iam.clone()]].concat(),
                        accounts: vec![member(MEMBER)],
                        ..Default::default()
                    },
                }],
                accounts: vec![member(&ACCOUNT.to_string()), member(OTHER)],
            },
            policies: [(no_iam.clone(), policy)].into(),
            root_features: Default::default(),
            delegated_administrators: Default::default(),
        });
    });
    fixture
}

fn generate(path: &str, policy: Option<&str>) -> GenerateOrganizationsAccessReportInput {
    GenerateOrganizationsAccessReportInput {
        entity_path: path.to_owned(),
        organizations_policy_id: policy.map(str::to_owned),
    }
}

fn report(
    fixture: &Fixture,
    path: &str,
    policy: Option<&str>,
    sort_key: Option<SortKeyType>,
) -> GetOrganizationsAccessReportOutput {
    let job_id = fixture.ok::<GenerateOrganizationsAccessReport>(generate(path, policy)).job_id;
    let input = GetOrganizationsAccessReportInput {
        job_id: job_id.unwrap(),
        sort_key,
        ..Default::default()
    };
    fixture.ok::<GetOrganizationsAccessReport>(input)
}

#[test]
fn a_report_tells_what_is_left_and_what_was_used() {
    let fixture = fixture();
    let alice = fixture.user("alice", None);
    alice.note_access(NOW, "eu-west-1", "iam", "GetUser");
    alice.note_access(NOW - 600, "eu-west-1", "sts", "GetCallerIdentity");
    let root = report(&fixture, PATH, None, None);
    let all = root.number_of_services_accessible.unwrap();
    assert_eq!(root.number_of_services_not_accessed, Some(all - 2));
    let details = root.access_details.unwrap();
    let iam = details.iter().find(|one| one.service_namespace == "iam").unwrap();
    assert_eq!(iam.total_authenticated_entities, Some(1));
    assert_eq!(iam.entity_path, Some(format!("{PATH}/{ACCOUNT}")));
    assert_eq!(iam.region.as_deref(), Some("eu-west-1"));
    assert!(details.is_sorted_by_key(|one| one.service_namespace.clone()));

    let latest = Some(SortKeyType::LastAuthenticatedTimeDescending);
    let details = report(&fixture, PATH, None, latest).access_details.unwrap();
    let first: Vec<_> = details.iter().take(2).map(|one| &*one.service_namespace).collect();
    assert_eq!(first, ["iam", "sts"]);

    let unit = format!("{PATH}/ou-f6g7-12345678");
    for path in [unit.clone(), format!("{unit}/{MEMBER}")] {
        let limited = report(&fixture, &path, None, None);
        assert_eq!(limited.number_of_services_accessible, Some(all - 1), "{path}");
        assert_eq!(limited.number_of_services_not_accessed, Some(all - 1), "{path}");
    }
    // No service control policy limits the management account; one that denies allows nothing.
    let own = report(&fixture, &format!("{PATH}/{ACCOUNT}"), None, None);
    assert_eq!(own.number_of_services_accessible, Some(all));
    let denying = report(&fixture, PATH, Some(NO_IAM), None);
    assert_eq!(denying.number_of_services_accessible, Some(0));
}

#[test]
fn only_the_management_account_is_told_and_only_of_its_own() {
    let fixture = fixture();
    let refused = |account: &str, path: &str, policy| {
        let caller = fixture.caller(account);
        fixture.refusal_to::<GenerateOrganizationsAccessReport>(&caller, generate(path, policy))
    };
    assert!(refused(OTHER, PATH, None).starts_with("AccountNotManagement"));
    assert!(refused("999999999999", PATH, None).starts_with("OrganizationNotFound"));
    let own = ACCOUNT.to_string();
    for path in ["o-a1b2c3d4e5/r-0000", "o-other00000/r-f6g7", &format!("{PATH}/{MEMBER}")] {
        let refusal = refused(&own, path, None);
        assert!(refusal.starts_with("InvalidInput: "), "{path}: {refusal}");
    }
    let below = format!("{PATH}/{ACCOUNT}/ou-f6g7-12345678");
    assert!(refused(&own, &below, None).starts_with("InvalidInput: "));
    assert!(refused(&own, PATH, Some("p-00000000")).starts_with("InvalidInput: "));
    let unknown = GetOrganizationsAccessReportInput {
        job_id: "00000000-0000-0000-0000-000000000000".to_owned(),
        ..Default::default()
    };
    let refusal = fixture.refusal::<GetOrganizationsAccessReport>(unknown);
    assert!(refusal.starts_with("NoSuchEntity: "), "{refusal}");
}
