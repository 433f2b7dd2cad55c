mod identity_providers;
mod organizations;

use daypass_authz::Departures;
use daypass_federation::UrlForm;
use daypass_state::record::KeyOwner;

use super::*;
use crate::deployment::{Deployment, Parts};

const TOML: &str = r#"
[[accounts]]
id = "111122223333"
alias = "corp"
root_access_keys = [{ id = "AKIAROOT", secret = "root-secret" }]
root_mfa_devices = [{ name = "root-phone", seed = "JBSWY3DPEHPK3PXP" }]

[[accounts.policies]]
name = "deploy"
path = "/ops/"
document = { Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] }

[[accounts.groups]]
name = "developers"
attached_policies = ["arn:aws:iam::aws:policy/ReadOnlyAccess", "deploy"]

[[accounts.users]]
name = "alice"
id = "AIDACKCEVSQ6C2EXAMPLE"
groups = ["developers"]
tags = { team = "red" }
access_keys = [{ id = "AKIAALICE", secret = "alice-secret" }]
mfa_devices = [{ name = "phone", seed = "JBSWY3DPEHPK3PXP" }]
inline_policies.assume = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}}'

[[accounts.roles]]
name = "partner"
max_session_duration = 7200
[accounts.roles.trust_policy]
Version = "2012-10-17"
Statement = { Effect = "Allow", Principal = { AWS = "arn:aws:iam::444455556666:role/caller" }, Action = "sts:AssumeRole" }

[[accounts]]
id = "444455556666"

[[accounts.roles]]
name = "caller"
id = "AROACKCEVSQ6C2EXAMPLE"
trust_policy = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"sts:AssumeRole"}}'
"#;

#[tokio::test]
async fn everything_in_a_seed_is_there() {
    let deployment = deploy(Seed::from_toml("seed.toml", TOML).unwrap(), false).await.unwrap();
    let view = deployment.env.state.view();
    let account = view.account("111122223333".parse().unwrap());
    assert_eq!(account.alias(), Some("corp"));
    let alice = account.user("alice").unwrap();
    assert_eq!(alice.record.id.as_str(), "AIDACKCEVSQ6C2EXAMPLE");
    assert_eq!(alice.record.tags.get_ignore_case("team"), Some("red"));
    assert_eq!(alice.record.policies.inline.len(), 1);
    let developers = account.group("developers").unwrap();
    assert_eq!(alice.record.groups, [developers.record.id]);
    let attached: Vec<_> = developers.record.policies.attached.iter().map(AsRef::as_ref).collect();
    let own = "arn:aws:iam::111122223333:policy/ops/deploy";
    assert_eq!(attached, ["arn:aws:iam::aws:policy/ReadOnlyAccess", own]);
    assert!(view.access_key("AKIAALICE").is_some());
    let phone = account.mfa_device("arn:aws:iam::111122223333:mfa/phone").unwrap();
    assert_eq!(phone.owner(), Some(KeyOwner::User(alice.record.id)));
    let root_phone = account.mfa_device("arn:aws:iam::111122223333:mfa/root-phone").unwrap();
    assert_eq!(root_phone.owner(), Some(KeyOwner::Root));
    // The code of 1970-01-01T00:00:00 for this seed.
    assert_eq!(phone.verify("282760".parse().unwrap(), 0), Some(0));

    // Trust across accounts, in whatever order they stand.
    let caller = view.account("444455556666".parse().unwrap()).role("caller").unwrap();
    assert_eq!(caller.record.id.as_str(), "AROACKCEVSQ6C2EXAMPLE");
    let partner = account.role("partner").unwrap();
    assert_eq!(partner.record.max_session_duration, 7200);
    assert!(partner.record.assume_role_policy_document.contains(caller.record.id.as_str()));

    // The seed's root key is the deployment's, so that none is made.
    assert_eq!(deployment.root.access_key_id, "AKIAROOT");
}

#[tokio::test]
async fn the_documented_example_works() {
    let page = include_str!("../../../../docs/seed.md");
    let mut examples = page.split("```toml\n").filter_map(|rest| Some(rest.split_once("```")?.0));
    let example = examples.find(|example| example.contains("[[accounts]]")).unwrap();
    let deployment = deploy(Seed::from_toml("seed.md", example).unwrap(), false).await.unwrap();
    assert_eq!(deployment.root.access_key_id, "AKIACORPROOT");
    let view = deployment.env.state.view();
    let account = view.account("111122223333".parse().unwrap());
    let role = account.role("releaser").unwrap();
    let profile = account.instance_profile("releaser").unwrap();
    assert_eq!(profile.record.role, Some(role.record.id));
}

#[tokio::test]
async fn json_says_the_same() {
    let seed = r#"{ "accounts": [{ "id": "111122223333", "users": [{ "name": "alice" }] }] }"#;
    let deployment = deploy(Seed::from_json("seed.json", seed).unwrap(), true).await.unwrap();
    let view = deployment.env.state.view();
    assert!(view.account("111122223333".parse().unwrap()).user("alice").is_some());
    assert_eq!(deployment.root.access_key_id, "test");
}

#[tokio::test]
async fn a_reset_brings_the_start_back_with_new_ids_where_none_are_given() {
    let deployment = deploy(Seed::from_toml("seed.toml", TOML).unwrap(), true).await.unwrap();
    let ids = |deployment: &Deployment| {
        let view = deployment.env.state.view();
        let account = view.account("111122223333".parse().unwrap());
        (account.user("alice").unwrap().record.id, account.role("partner").unwrap().record.id)
    };
    let (alice, partner) = ids(&deployment);
    deployment.reset().await.unwrap();
    let again = ids(&deployment);
    assert_eq!(again.0, alice);
    assert_ne!(again.1, partner);
}

#[tokio::test]
async fn unique_ids_are_of_their_kind_and_of_one_entity() {
    let toml = r#"[[accounts]]
id = "111122223333"

[[accounts.users]]
name = "alice"
id = "AIDACKCEVSQ6C2EXAMPLE"

[[accounts.users]]
name = "bob"
id = "AROACKCEVSQ6C2EXAMPLE"

[[accounts]]
id = "444455556666"

[[accounts.users]]
name = "alice"
id = "AIDACKCEVSQ6C2EXAMPLE"
"#;
    let error = deploy(Seed::from_toml("s", toml).unwrap(), true).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "s:10:6: the id begins with AIDA\ns:17:6: another one has this id"
    );
}

#[tokio::test]
async fn mistakes_of_form_say_where() {
    let cases = [
        ("[[accounts]]\nid = \"12\"\n", "s:2:6: an account id is exactly 12 digits"),
        ("[[accounts]]\nid = \"111122223333\"\nusres = []\n", "s:3:1: unknown field `usres`"),
        (
            "[[accounts]]\nid = \"111122223333\"\n[[accounts.users]]\nname = \"a\"\n\
             mfa_devices = [{ name = \"phone\", seed = \"short\" }]\n",
            "s:5:41: a seed is 16 to 103 characters of base 32",
        ),
        ("[[accounts]\n", "s:1:12:"),
        (
            "[[organizations]]\nmanagement_account = \"111122223333\"\nfeatures = [\"Root\"]\n",
            "s:3:13: unknown variant `Root`",
        ),
    ];
    for (text, expected) in cases {
        let message = mistakes(Seed::from_toml("s", text)).await;
        assert!(message.starts_with(expected), "{message}");
    }
    let message = mistakes(Seed::from_json("s", "{\n \"accounts\": 7\n}")).await;
    assert!(message.starts_with("s:2:14: invalid type"), "{message}");
}

#[tokio::test]
async fn mistakes_of_meaning_say_where_all_at_once() {
    let toml = r#"[[accounts]]
id = "111122223333"

[[accounts.users]]
name = "alice"
groups = ["nobody"]
attached_policies = ["arn:aws:iam::aws:policy/NoSuchPolicy"]

[[accounts.users]]
name = "b d"

[[accounts.policies]]
name = "broken"
document = '{"Version":"2012-10-17","Statement":[{"Effect":"Perhaps"}]}'
"#;
    let error = deploy(Seed::from_toml("seed.toml", toml).unwrap(), true).await.unwrap_err();
    let text = error.to_string();
    let mut lines: Vec<_> = text.lines().collect();
    lines.sort_unstable();
    let places: Vec<_> = lines.iter().filter_map(|line| line.split(": ").next()).collect();
    assert_eq!(
        places,
        ["seed.toml:10:8", "seed.toml:14:12", "seed.toml:6:11", "seed.toml:7:22"],
        "{text}"
    );
    assert!(text.contains("The group with name nobody cannot be found."), "{text}");
    assert!(text.contains("MalformedPolicyDocument"), "{text}");
}

/// What is wrong with an entry hides nothing: neither what else is wrong with it, nor what depends on it.
#[tokio::test]
async fn all_mistakes_are_told_at_once_and_their_consequences_are_not() {
    let toml = r#"[[accounts]]
id = "1111"
alias = 7
usres = []

[[accounts.policies]]
name = "of nobody"
path = "no/slash"
document = '{}'
tags = { team = 7, "aws:x" = "y" }

[[accounts.groups]]
name = "b d"
attached_policies = ["of nobody", "arn:aws:iam::aws:policy/NoSuch", 3, "other"]
inline_policies.p = '{'

[[accounts.users]]
name = "no one"
path = "staff"
id = "AROACKCEVSQ6C2EXAMPLE"
groups = ["b d", "none"]
permissions_boundary = "none"
tags = { "aws:x" = "y" }
access_keys = [{ id = "AKIA-1" }, { secret = 123456 }, { id = "ASIAX", secret = "" }]
mfa_devices = [{ name = "phone x", seed = "short" }]

[[accounts.roles]]
path = "/"
max_session_duration = 1
trust_policy = '{}'

[[accounts]]
id = "444455556666"

[[accounts.users]]
name = "carol"
path = "ops"

[[accounts.users]]
name = "carol"
groups = ["nobody"]

[[accounts.roles]]
name = "partner"
[accounts.roles.trust_policy]
Version = 2012-10-17
Statement = { Effect = "Allow", Principal = { AWS = ["arn:aws:iam::444455556666:user/ops/carol", "arn:aws:iam::444455556666:user/dave"] }, Action = "sts:AssumeRole" }

[[organizations]]
management_account = "444455556666"
accounts = ["12", "777788889999"]
delegated_administrators = ["777788889990"]
"#;
    let text = mistakes(Seed::from_toml("s", toml)).await;
    let expected = [
        "2:6: an account id is exactly 12 digits",
        "3:9: invalid type: integer `7`, expected a string",
        "4:1: unknown field `usres`, did you mean `users`?",
        "7:8: ",
        "8:8: ",
        "9:12: MalformedPolicyDocument",
        "10:8: ",
        "10:17: invalid type: integer `7`, expected a string",
        "13:8: ",
        "14:35: NoSuchEntity",
        "14:69: invalid type: integer `3`, expected a string",
        "14:72: NoSuchEntity",
        "15:21: MalformedPolicyDocument",
        "18:8: ",
        "19:8: ",
        "20:6: the id begins with AIDA",
        "21:18: NoSuchEntity: The group with name none cannot be found.",
        "22:24: ",
        "23:8: ",
        "24:16: missing field `secret`",
        "24:23: an access key",
        "24:35: missing field `id`",
        "24:46: a text is expected here",
        "24:63: ASIA begins the ids",
        "24:81: a secret access key is not empty",
        "25:25: ",
        "25:43: a seed is 16 to 103 characters of base 32",
        "27:1: missing field `name`",
        "29:24: ",
        "30:16: MalformedPolicyDocument",
        "37:8: ",
        "40:8: EntityAlreadyExists",
        "41:11: NoSuchEntity",
        "45:1: MalformedPolicyDocument: Invalid principal in policy: \"AWS\":\"arn:aws:iam::444455556666:user/dave\"",
        "51:13: an account id is exactly 12 digits",
        "52:29: the organization has no account 777788889990",
    ];
    let lines: Vec<_> = text.lines().collect();
    for (line, expected) in lines.iter().zip(expected) {
        assert!(line.starts_with(&format!("s:{expected}")), "{line}\nis not\n{expected}\n{text}");
    }
    assert_eq!(lines.len(), expected.len(), "{text}");
    assert!(!text.contains("123456,") && !text.contains("`123456`"), "{text}");
}

#[tokio::test]
async fn json_says_all_at_once_too() {
    let json = "{\"accounts\": [null, 5, {\"id\": \"111122223333\", \"usres\": 1,\n \"users\": [{}, {\"name\": \"b d\", \"groups\": 1}]}]}";
    let text = mistakes(Seed::from_json("s", json)).await;
    let expected = [
        "1:15: invalid type: null, expected a table",
        "1:21: invalid type: integer `5`, expected a table",
        "1:47: unknown field `usres`",
        "2:12: missing field `name`",
        "2:25: ValidationError",
        "2:42: invalid type: integer `1`, expected a list",
    ];
    let lines: Vec<_> = text.lines().collect();
    for (line, expected) in lines.iter().zip(expected) {
        assert!(line.starts_with(&format!("s:{expected}")), "{line}\nis not\n{expected}\n{text}");
    }
    assert_eq!(lines.len(), expected.len(), "{text}");
    for nothing in ["7", "[]", "null"] {
        let text = mistakes(Seed::from_json("s", nothing)).await;
        assert!(text.starts_with("s:1:1: invalid type"), "{text}");
    }
}

#[tokio::test]
async fn of_very_many_mistakes_the_first_are_told() {
    let toml = "[[accounts]]\nid = \"1\"\n".repeat(150);
    let text = mistakes(Seed::from_toml("s", toml)).await;
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 101, "{text}");
    assert_eq!(lines[0], "s:1:1: there may be more than these 100 mistakes");
    assert_eq!(lines[1], "s:2:6: an account id is exactly 12 digits");
}

#[tokio::test]
async fn all_that_is_no_toml_is_told_at_once() {
    let text =
        mistakes(Seed::from_toml("s", "[[accounts]]\nid = \n\n[x]\ny = 'a\nz = 1 2\n")).await;
    let places: Vec<_> = text.lines().filter_map(|line| line.split(": ").next()).collect();
    assert_eq!(places, ["s:2:6", "s:5:7", "s:6:5"], "{text}");
}

#[test]
fn a_seed_says_what_it_holds() {
    let contents = |toml| Seed::from_toml("seed.toml", toml).unwrap().contents();
    assert_eq!(
        contents(TOML),
        "seed.toml: 2 accounts, 1 user, 1 group, 2 roles, 1 policy, 2 access keys, 2 MFA devices"
    );
    assert_eq!(contents(""), "seed.toml: nothing");
    let organization = "[[organizations]]\nmanagement_account = \"111122223333\"\n\
                        [[organizations.units]]\nname = \"a\"\nunits = [{ name = \"b\" }]\n";
    let expected = "seed.toml: 1 account, 1 organization, 2 organizational units";
    assert_eq!(contents(organization), expected);
}

#[tokio::test]
async fn one_key_has_one_owner() {
    let toml = r#"[[accounts]]
id = "111122223333"
root_access_keys = [
  { id = "AKIATWICE", secret = "a" },
  { id = "AKIATWICE", secret = "b" },
  { id = "ASIATEMPORARY", secret = "c" },
]
"#;
    let error = deploy(Seed::from_toml("s", toml).unwrap(), true).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "s:5:10: another access key has this id\n\
         s:6:10: ASIA begins the ids of temporary credentials; begin with AKIA"
    );
}

#[tokio::test]
async fn devices_have_names_of_their_own_and_users_eight_at_most() {
    let mut toml = "[[accounts]]\nid = \"111122223333\"\n\n[[accounts.users]]\nname = \"alice\"\n\
                    mfa_devices = [\n"
        .to_owned();
    for name in ["a", "b", "a", "c", "d", "e", "f", "g", "h", "i"] {
        toml += &format!("  {{ name = \"{name}\", seed = \"JBSWY3DPEHPK3PXP\" }},\n");
    }
    toml += "]\n";
    let error = deploy(Seed::from_toml("s", &toml).unwrap(), true).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "s:9:12: EntityAlreadyExists: MFA device already exists.\n\
         s:16:3: a user has 8 MFA devices at most"
    );
}

#[test]
fn a_root_key_that_nobody_gave_is_random() {
    let account = "111122223333".parse().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let make = || {
        let (departures, issuers) = (Departures::DEFAULT, UrlForm::Aws);
        let made = Deployment::new(Parts {
            account,
            well_known_keys: false,
            departures,
            issuers,
            seed: None,
            oidc_keys: Vec::new(),
            key_file: None,
            service_principals: Vec::new(),
        });
        runtime.block_on(made).unwrap().root
    };
    let (one, other) = (make(), make());
    assert_ne!(one.secret_access_key, other.secret_access_key);
    assert_eq!(one.secret_access_key.expose().len(), 40);
    assert!(one.access_key_id.starts_with("AKIA"));
}

/// All that is wrong with a seed, whenever it is found.
async fn mistakes(seed: Result<Seed, SeedError>) -> String {
    match seed {
        Ok(seed) => deploy(seed, true).await.unwrap_err().to_string(),
        Err(error) => error.to_string(),
    }
}

async fn deploy(
    seed: Seed,
    well_known: bool,
) -> Result<Deployment, crate::deployment::DeploymentError> {
    let account = "111122223333".parse().unwrap();
    let (departures, issuers) = (Departures::DEFAULT, UrlForm::Aws);
    Deployment::new(Parts {
        account,
        well_known_keys: well_known,
        departures,
        issuers,
        seed: Some(seed),
        oidc_keys: Vec::new(),
        key_file: None,
        service_principals: Vec::new(),
    })
    .await
}

/// What no parameter of the API can say.
#[tokio::test]
async fn ids_dates_and_versions_are_those_of_the_file() {
    let toml = r#"
[[accounts]]
id = "111122223333"
as_recorded = true

[[accounts.policies]]
name = "deploy"
id = "ANPACKCEVSQ6C2EXAMPLE"
create_date = "2019-11-13T17:30:00Z"
update_date = "2020-11-13T17:30:00Z"
default_version = "v2"
versions.v2 = { document = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}' }
versions.v7 = { document = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}', create_date = "2020-01-01T00:00:00+01:00" }

[[accounts.groups]]
name = "staff"
id = "AGPACKCEVSQ6C2EXAMPLE"
create_date = "2019-11-13T17:30:00Z"

[[accounts.roles]]
name = "AWSServiceRoleForECS"
path = "/aws-service-role/ecs.amazonaws.com/"
attached_policies = ["arn:aws:iam::aws:policy/aws-service-role/AmazonECSServiceRolePolicy", "deploy"]
trust_policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999999999999:user/gone"},"Action":"sts:AssumeRole"}]}'
"#;
    let deployment = deploy(Seed::from_toml("s", toml).unwrap(), true).await.unwrap();
    let view = deployment.env.state.view();
    let account = view.account("111122223333".parse().unwrap());
    let policy = &account.policy("deploy").unwrap().record;
    assert_eq!((policy.default_version, policy.next_version), (2, 8));
    assert_eq!((policy.create_date, policy.update_date), (1_573_666_200, 1_605_288_600));
    assert_eq!(policy.versions[&7].create_date, 1_577_833_200);
    assert_eq!(account.group("staff").unwrap().record.create_date, 1_573_666_200);
    let role = &account.role("AWSServiceRoleForECS").unwrap().record;
    assert_eq!(role.path, "/aws-service-role/ecs.amazonaws.com/");
    assert_eq!(role.policies.attached.len(), 2);
    assert!(role.assume_role_policy_document.contains(":user/gone"));

    // Without `as_recorded` the API's own rules apply.
    let strict = toml.replace("as_recorded = true\n", "");
    let told = mistakes(Seed::from_toml("s", strict)).await;
    for message in ["s:21:8: InvalidInput: ", "s:22:22: PolicyNotAttachable: ", "s:23:16: "] {
        assert!(told.contains(message), "{message}\n{told}");
    }
}

#[tokio::test]
async fn mistakes_in_versions_are_told() {
    let policy = |members: &str| {
        format!(
            "[[accounts]]\nid = \"111122223333\"\n[[accounts.policies]]\nname = \"p\"\n{members}\n"
        )
    };
    let good = r#"'{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'"#;
    let six: Vec<String> =
        (1..=6).map(|it| format!("versions.v{it} = {{ document = {good} }}")).collect();
    let cases = [
        (String::new(), "s:3:1: missing field `document`"),
        (
            format!("document = {good}\nversions.v1 = {{ document = {good} }}"),
            "s:3:1: a policy has either a document or versions",
        ),
        (
            "versions.v1 = { document = '{}' }".to_owned(),
            "s:5:28: MalformedPolicyDocument: Syntax errors in policy.",
        ),
        (
            format!("versions.1 = {{ document = {good} }}"),
            "s:5:14: \"1\" is no version: write it as v1",
        ),
        (
            format!("versions.v01 = {{ document = {good} }}"),
            "s:5:16: \"v01\" is no version: write it as v1",
        ),
        (
            format!("default_version = \"v2\"\nversions.v1 = {{ document = {good} }}"),
            "s:5:19: the default version is none of the versions",
        ),
        (
            format!("document = {good}\ncreate_date = \"once\""),
            "s:6:15: \"once\" is no time such as 2019-11-13T17:30:00Z",
        ),
        (six.join("\n"), "s:5:1: a policy has 5 versions at most"),
    ];
    for (members, expected) in cases {
        assert_eq!(mistakes(Seed::from_toml("s", policy(&members))).await, expected, "{members}");
    }
}

#[tokio::test]
async fn quotas_are_raised_as_far_as_aws_raises_them() {
    let toml = r#"[[accounts]]
id = "111122223333"
quotas = { UsersPerAccount = 1 }
[[accounts.users]]
name = "alice"
[[accounts.users]]
name = "bob"
"#;
    let at = |quota: &str| toml.replace("UsersPerAccount = 1", quota);
    for (quota, expected) in [
        ("UsersPerAccount = 1", "s:7:8: LimitExceeded: Cannot exceed quota for UsersPerAccount: 1"),
        ("RolesPerAccount = 5001", "s:3:30: AWS raises RolesPerAccount to 5000 at most"),
        (
            "RolesPerMoon = 1",
            "s:3:27: there is no quota RolesPerMoon that can be changed; there are",
        ),
    ] {
        let error = deploy(Seed::from_toml("s", at(quota)).unwrap(), true).await.unwrap_err();
        assert!(error.to_string().starts_with(expected), "{error}");
    }
    let deployment =
        deploy(Seed::from_toml("s", at("RolesPerAccount = 5000")).unwrap(), true).await.unwrap();
    let view = deployment.env.state.view();
    let account = view.account("111122223333".parse().unwrap());
    assert_eq!(account.settings().quotas["RolesPerAccount"], 5000);
}
