use daypass_authz::Handle;
use daypass_ident::SystemIds;
use daypass_model::iam::FeatureType::{self, RootCredentialsManagement, RootSessions};
use daypass_model::iam::{
    DisableOrganizationsRootCredentialsManagementInput, DisableOrganizationsRootSessionsInput,
    EnableOrganizationsRootCredentialsManagementInput, EnableOrganizationsRootSessionsInput,
    ListOrganizationsFeaturesInput,
};
use daypass_state::Caller;
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
fn a_delegated_administrator_may_do_all_but_enable() {
    let fixture = organization();
    let not_management = Some("CallerIsNotManagementAccountException");
    let neither = Some("AccountNotManagementOrDelegatedAdministratorException");
    let no_organization = Some("OrganizationNotFoundException");
    for (account, to_enable, to_list, to_disable) in [
        ("999999999999", no_organization, no_organization, no_organization),
        (MEMBER, neither, neither, neither),
        (DELEGATED, not_management, None, None),
        (&*ACCOUNT.to_string(), None, None, None),
    ] {
        fixture.ok::<EnableOrganizationsRootSessions>(EnableOrganizationsRootSessionsInput {});
        fixture.ok::<EnableOrganizationsRootCredentialsManagement>(
            EnableOrganizationsRootCredentialsManagementInput {},
        );
        let caller = fixture.caller(account);
        let enabled = [
            code::<EnableOrganizationsRootSessions>(&fixture, &caller),
            code::<EnableOrganizationsRootCredentialsManagement>(&fixture, &caller),
        ];
        assert_eq!(enabled, [to_enable; 2], "{account}");
        let listing = code::<ListOrganizationsFeatures>(&fixture, &caller);
        assert_eq!(listing, to_list, "{account}");
        let disabled = [
            code::<DisableOrganizationsRootSessions>(&fixture, &caller),
            code::<DisableOrganizationsRootCredentialsManagement>(&fixture, &caller),
        ];
        assert_eq!(disabled, [to_disable; 2], "{account}");
        assert_eq!(listed(&fixture).is_empty(), to_disable.is_none(), "{account}");
    }
}

/// Why an operation is refused to a caller, if it is.
fn code<Op: Handle<Input: Default>>(fixture: &Fixture, caller: &Caller) -> Option<&'static str> {
    fixture.call::<Op>(caller, Default::default()).err().map(|error| error.shape.code)
}

/// Managed by the fixture's account.
fn organization() -> Fixture {
    let fixture = Fixture::new();
    let full = || vec![ControlPolicyId::full_aws_access()];
    let member = |id: &str| MemberRecord { account: id.parse().unwrap(), attached: full() };
    fixture.write(|_, tx| {
        tx.put_organization(&OrganizationRecord {
            id: OrganizationId::generate(&SystemIds),
            root_id: RootId::generate(&SystemIds),
            root: BranchRecord {
                attached: full(),
                units: Vec::new(),
                accounts: [&*ACCOUNT.to_string(), DELEGATED, MEMBER].map(member).into(),
            },
            policies: Default::default(),
            root_features: Default::default(),
            delegated_administrators: [DELEGATED.parse().unwrap()].into(),
        });
    });
    fixture
}

fn listed(fixture: &Fixture) -> Vec<FeatureType> {
    let output = fixture.ok::<ListOrganizationsFeatures>(ListOrganizationsFeaturesInput {});
    output.enabled_features.unwrap()
}

const MEMBER: &str = "111111111111";
const DELEGATED: &str = "222222222222";
