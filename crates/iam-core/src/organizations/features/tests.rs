use daypass_ident::{AccountId, SystemIds};
use daypass_model::iam::FeatureType::{self, RootCredentialsManagement, RootSessions};
use daypass_model::iam::{
    DisableOrganizationsRootCredentialsManagementInput, DisableOrganizationsRootSessionsInput,
    EnableOrganizationsRootCredentialsManagementInput, EnableOrganizationsRootSessionsInput,
    ListOrganizationsFeaturesInput,
};
use daypass_state::record::{
    BranchRecord, ControlPolicyId, MemberRecord, OrganizationId, OrganizationRecord, RootId,
};

use crate::generated::{
    DisableOrganizationsRootCredentialsManagement, DisableOrganizationsRootSessions,
    EnableOrganizationsRootCredentialsManagement, EnableOrganizationsRootSessions,
    ListOrganizationsFeatures,
};
use crate::testing::{ACCOUNT, Fixture};

#[test]
fn features_are_enabled_and_disabled_one_by_one() {
    let fixture = organization();
    assert_eq!(listed(&fixture), []);
    for _ in 0..2 {
        let sessions = EnableOrganizationsRootSessionsInput {};
        let output = fixture.ok::<EnableOrganizationsRootSessions>(sessions);
        assert_eq!(output.enabled_features.unwrap(), [RootSessions]);
        assert!(output.organization_id.unwrap().starts_with("o-"));
    }
    let credentials = EnableOrganizationsRootCredentialsManagementInput {};
    let output = fixture.ok::<EnableOrganizationsRootCredentialsManagement>(credentials);
    assert_eq!(output.enabled_features.unwrap(), [RootCredentialsManagement, RootSessions]);
    assert_eq!(listed(&fixture), [RootCredentialsManagement, RootSessions]);

    for _ in 0..2 {
        let sessions = DisableOrganizationsRootSessionsInput {};
        let output = fixture.ok::<DisableOrganizationsRootSessions>(sessions);
        assert_eq!(output.enabled_features.unwrap(), [RootCredentialsManagement]);
    }
    let credentials = DisableOrganizationsRootCredentialsManagementInput {};
    let output = fixture.ok::<DisableOrganizationsRootCredentialsManagement>(credentials);
    assert_eq!(output.enabled_features.unwrap(), []);
    assert_eq!(listed(&fixture), []);
}

#[test]
fn only_the_management_account_decides() {
    let fixture = organization();
    let member = fixture.caller(MEMBER);
    let stranger = fixture.caller("999999999999");
    let enable = EnableOrganizationsRootSessionsInput {};
    let refused = |result: Result<_, daypass_model::ServiceError>| result.err().unwrap().shape.code;
    let enabled = fixture.call::<EnableOrganizationsRootSessions>(&member, enable);
    assert_eq!(refused(enabled.map(drop)), "CallerIsNotManagementAccountException");
    let disable = DisableOrganizationsRootSessionsInput {};
    let disabled = fixture.call::<DisableOrganizationsRootSessions>(&member, disable);
    let not_delegated = "AccountNotManagementOrDelegatedAdministratorException";
    assert_eq!(refused(disabled.map(drop)), not_delegated);
    let list = || ListOrganizationsFeaturesInput {};
    let listed = fixture.call::<ListOrganizationsFeatures>(&member, list());
    assert_eq!(refused(listed.map(drop)), not_delegated);
    let listed = fixture.call::<ListOrganizationsFeatures>(&stranger, list());
    assert_eq!(refused(listed.map(drop)), "OrganizationNotFoundException");
}

/// Managed by the fixture's account.
fn organization() -> Fixture {
    let fixture = Fixture::new();
    let full = || vec![ControlPolicyId::full_aws_access()];
    let member = |account: AccountId| MemberRecord { account, attached: full() };
    fixture.write(|_, tx| {
        tx.put_organization(&OrganizationRecord {
            id: OrganizationId::generate(&SystemIds),
            root_id: RootId::generate(&SystemIds),
            root: BranchRecord {
                attached: full(),
                units: Vec::new(),
                accounts: vec![member(ACCOUNT), member(MEMBER.parse().unwrap())],
            },
            policies: Default::default(),
            root_features: Default::default(),
        });
    });
    fixture
}

fn listed(fixture: &Fixture) -> Vec<FeatureType> {
    let output = fixture.ok::<ListOrganizationsFeatures>(ListOrganizationsFeaturesInput {});
    output.enabled_features.unwrap()
}

const MEMBER: &str = "111111111111";
