use daypass_model::iam::*;
use daypass_wire::Choice as _;

use crate::generated::*;
use crate::testing::Fixture;

fn create(alias: &str) -> CreateAccountAliasInput {
    CreateAccountAliasInput { account_alias: alias.to_owned() }
}

fn delete(alias: &str) -> DeleteAccountAliasInput {
    DeleteAccountAliasInput { account_alias: alias.to_owned() }
}

fn aliases(fixture: &Fixture) -> Vec<String> {
    let listed = fixture.ok::<ListAccountAliases>(ListAccountAliasesInput::default());
    assert_eq!((listed.is_truncated, listed.marker), (Some(false), None));
    listed.account_aliases
}

#[test]
fn an_account_has_one_alias_and_a_new_one_takes_its_place() {
    let fixture = Fixture::new();
    assert!(aliases(&fixture).is_empty());
    fixture.ok::<CreateAccountAlias>(create("first"));
    fixture.ok::<CreateAccountAlias>(create("second"));
    assert_eq!(aliases(&fixture), ["second"]);

    let other = fixture.caller("111111111111");
    fixture.call::<CreateAccountAlias>(&other, create("first")).unwrap();
    assert_eq!(
        fixture.refusal_to::<CreateAccountAlias>(&other, create("second")),
        "EntityAlreadyExists: The account alias second already exists."
    );
    assert_eq!(
        fixture.refusal::<CreateAccountAlias>(create("second")),
        "EntityAlreadyExists: The account alias second already exists."
    );
    assert_eq!(
        fixture.refusal::<DeleteAccountAlias>(delete("first")),
        "NoSuchEntity: The account alias with name first cannot be found."
    );
    fixture.ok::<DeleteAccountAlias>(delete("second"));
    assert!(aliases(&fixture).is_empty());
    fixture.call::<CreateAccountAlias>(&other, create("second")).unwrap();
}

#[test]
fn an_alias_is_not_taken_for_an_account_id() {
    let fixture = Fixture::new();
    let refusal = fixture.refusal::<CreateAccountAlias>(create("123456789012"));
    assert!(refusal.starts_with("ValidationError: "), "{refusal}");
    fixture.ok::<CreateAccountAlias>(create("1234567890123"));
}

#[test]
fn aliases_are_nobodys_resource() {
    let fixture = Fixture::new();
    let caller = fixture.user("x", None);
    assert_eq!(
        fixture.refusal_to::<CreateAccountAlias>(&caller, create("house")),
        "AccessDenied: User: arn:aws:iam::000000000000:user/x is not authorized to perform: \
         iam:CreateAccountAlias on resource: * because no identity-based policy allows the \
         iam:CreateAccountAlias action"
    );
}

#[test]
fn the_summary_has_every_key_and_counts_what_is_there() {
    let fixture = Fixture::new();
    let summary =
        || fixture.ok::<GetAccountSummary>(GetAccountSummaryInput {}).summary_map.unwrap();
    let before = summary();
    let mut keys: Vec<&str> = SummaryKeyType::ALL.iter().map(|key| key.as_str()).collect();
    keys.sort_unstable();
    assert_eq!(before.keys().collect::<Vec<_>>(), keys);
    for counted in ["Users", "Groups", "Roles", "Policies", "AccountAccessKeysPresent"] {
        assert_eq!(before.get(counted), Some(&0), "{counted}");
    }

    fixture.user("u", None);
    fixture.user("v", None);
    let group = CreateGroupInput { group_name: "g".to_owned(), path: None };
    fixture.ok::<CreateGroup>(group);
    fixture.ok::<CreateAccessKey>(CreateAccessKeyInput { user_name: None });
    let after = summary();
    let changed: Vec<(&str, i32)> = after
        .iter()
        .filter(|(key, count)| before.get(*key) != Some(*count))
        .map(|(key, count)| (key.as_str(), *count))
        .collect();
    assert_eq!(changed, [("AccountAccessKeysPresent", 1), ("Groups", 1), ("Users", 2)]);

    let quotas = [
        ("UsersQuota", 5000),
        ("GroupsQuota", 300),
        ("RolesQuota", 1000),
        ("PoliciesQuota", 1500),
        ("InstanceProfilesQuota", 1000),
        ("ServerCertificatesQuota", 20),
        ("UserPolicySizeQuota", 2048),
        ("GroupPolicySizeQuota", 5120),
        ("RolePolicySizeQuota", 10_240),
        ("PolicySizeQuota", 6144),
        ("AssumeRolePolicySizeQuota", 2048),
        ("GroupsPerUserQuota", 10),
        ("SigningCertificatesPerUserQuota", 2),
        ("AccessKeysPerUserQuota", 2),
        ("AttachedPoliciesPerUserQuota", 10),
        ("AttachedPoliciesPerGroupQuota", 10),
        ("AttachedPoliciesPerRoleQuota", 20),
        ("PolicyVersionsInUseQuota", 10_000),
        ("VersionsPerPolicyQuota", 5),
    ];
    for (key, expected) in quotas {
        assert_eq!(after.get(key), Some(&expected), "{key}");
    }
}

#[test]
fn properties_have_defaults_and_are_set_by_namespace() {
    let fixture = Fixture::new();
    let get = || {
        let properties = fixture.ok::<GetAccountProperties>(GetAccountPropertiesInput {});
        properties.properties.unwrap().into_iter().collect::<Vec<_>>()
    };
    let one = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(get(), [one("RoleManager/Enabled", "false")]);
    let put = |name: &str, value: &str| PutAccountPropertiesInput {
        properties: [one(name, value)].into(),
    };
    fixture.ok::<PutAccountProperties>(put("RoleManager/Enabled", "true"));
    assert_eq!(get(), [one("RoleManager/Enabled", "true")]);
    for (name, value) in [
        ("RoleManager/Enabled", "yes"),
        ("RoleManager/Other", "true"),
        ("RoleManager", "true"),
        ("RoleManager/", "true"),
        ("RoleManager/Enabled/More", "true"),
    ] {
        let refusal = fixture.refusal::<PutAccountProperties>(put(name, value));
        assert!(refusal.starts_with("InvalidInput: "), "{name}: {refusal}");
    }
}

#[test]
fn the_version_of_tokens_is_in_the_summary() {
    let fixture = Fixture::new();
    let version = || {
        let summary = fixture.ok::<GetAccountSummary>(GetAccountSummaryInput {});
        summary.summary_map.unwrap()["GlobalEndpointTokenVersion"]
    };
    assert_eq!(version(), 1);
    for (token, expected) in
        [(GlobalEndpointTokenVersion::V2Token, 2), (GlobalEndpointTokenVersion::V1Token, 1)]
    {
        let input =
            SetSecurityTokenServicePreferencesInput { global_endpoint_token_version: token };
        fixture.ok::<SetSecurityTokenServicePreferences>(input);
        assert_eq!(version(), expected);
    }
}

#[test]
fn quotas_are_those_of_the_account() {
    let fixture = Fixture::new();
    fixture.write(|account, tx| {
        let mut settings = account.settings().clone();
        settings.quotas = [("GroupsPerAccount", 1), ("ACLSizePerRole", 10)]
            .map(|(name, limit)| (name.to_owned(), limit))
            .into();
        tx.put_settings(&settings);
    });
    let group = |name: &str| CreateGroupInput { group_name: name.to_owned(), path: None };
    fixture.ok::<CreateGroup>(group("one"));
    assert_eq!(
        fixture.refusal::<CreateGroup>(group("two")),
        "LimitExceeded: Cannot exceed quota for GroupsPerAccount: 1"
    );
    let role = CreateRoleInput {
        role_name: "role".to_owned(),
        assume_role_policy_document: r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}"#.to_owned(),
        ..Default::default()
    };
    assert_eq!(
        fixture.refusal::<CreateRole>(role),
        "LimitExceeded: Cannot exceed quota for ACLSizePerRole: 10"
    );
    let summary = fixture.ok::<GetAccountSummary>(GetAccountSummaryInput {}).summary_map.unwrap();
    assert_eq!((summary["GroupsQuota"], summary["AssumeRolePolicySizeQuota"]), (1, 10));
}
