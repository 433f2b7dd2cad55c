use daypass_ident::AccountId;
use daypass_state::Membership;
use daypass_state::record::OrganizationRecord;

use super::*;

const TOML: &str = r#"
[[accounts]]
id = "777788889999"
users = [{ name = "alice", access_keys = [{ id = "AKIAALICE", secret = "alices-secret" }] }]

[[organizations]]
management_account = "111122223333"
accounts = ["444455556666"]
id = "o-a1b2c3d4e5"
root_id = "r-ab12"
without_full_aws_access = ["workloads"]
features = ["RootSessions", "RootCredentialsManagement"]
delegated_administrators = ["444455556666", "777788889999"]

[[organizations.units]]
name = "workloads"
id = "ou-ab12-11111111"

[[organizations.units.units]]
name = "production"
accounts = ["777788889999"]

[[organizations.service_control_policies]]
name = "only-iam-and-sts"
id = "p-12345678"
targets = ["ou-ab12-11111111"]
document = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["iam:*","sts:*"],"Resource":"*"}}'

[[organizations.resource_control_policies]]
name = "perimeter"
targets = ["root", "workloads/production", "444455556666"]
[organizations.resource_control_policies.document]
Version = "2012-10-17"
Statement = { Effect = "Deny", Principal = "*", Action = "sts:AssumeRole", Resource = "*", Condition = { StringNotEquals = { "aws:PrincipalOrgID" = "o-a1b2c3d4e5" } } }
"#;

const JSON: &str = r#"{
  "organizations": [{
    "management_account": "111122223333",
    "units": [{ "name": "a", "accounts": ["111122223333"], "units": [{ "name": "b" }] }],
    "service_control_policies": [{
      "name": "none", "targets": ["a/b", "root"],
      "document": { "Version": "2012-10-17",
        "Statement": { "Effect": "Deny", "Action": "*", "Resource": "*" } }
    }]
  }]
}"#;

#[tokio::test]
async fn an_organization_is_there_and_a_reset_brings_it_back() {
    let deployment = deploy(Seed::from_toml("seed.toml", TOML).unwrap(), true).await.unwrap();
    for _ in 0..2 {
        let view = deployment.env.state.view();
        assert!(view.account(account("777788889999")).user("alice").is_some());
        for member in ["111122223333", "444455556666", "777788889999"] {
            assert!(view.account_exists(account(member)), "{member}");
        }
        let member = view.membership(account("777788889999")).unwrap();
        let record = &member.organization().record;
        let production = record.root.units[0].branch.units[0].id.as_str();
        assert!(production.starts_with("ou-ab12-"), "{production}");
        assert_eq!(member.path(), format!("o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/{production}/"));
        assert_eq!(
            service_control(member),
            [
                "r-ab12: FullAWSAccess",
                "ou-ab12-11111111: only-iam-and-sts",
                &*format!("{production}: FullAWSAccess"),
                "777788889999: FullAWSAccess",
            ]
        );
        let guarded = member.resource_control().iter().filter(|level| level.policies.len() == 2);
        let guarded: Vec<_> = guarded.map(|level| &*level.target).collect();
        assert_eq!(guarded, ["r-ab12", production]);

        let features = &member.organization().record.root_features;
        assert_eq!(features.len(), 2);
        let administers = |id| member.organization().is_administered_by(account(id));
        assert!(["111122223333", "444455556666", "777788889999"].into_iter().all(administers));
        assert!(!administers("123456789012"));
        let management = view.membership(account("111122223333")).unwrap();
        assert_eq!(management.path(), "o-a1b2c3d4e5/r-ab12/");
        assert!(view.membership(account("123456789012")).is_none());
        deployment.reset().await.unwrap();
    }
}

#[tokio::test]
async fn json_says_the_same_and_ids_are_made_up() {
    let deployment = deploy(Seed::from_json("seed.json", JSON).unwrap(), true).await.unwrap();
    let view = deployment.env.state.view();
    let record: &OrganizationRecord = &view.organization(account("111122223333")).unwrap().record;
    assert_eq!(record.accounts(), [account("111122223333")], "once, and not on the root");
    assert_eq!(record.root.accounts, []);
    let [unit] = &*record.root.units else { panic!("one unit") };
    assert!(record.root_id.is_root_of(&unit.id));
    assert_eq!(record.root.attached.len(), 2);
    assert_eq!(unit.branch.attached.len(), 1);
    assert_eq!(unit.branch.units[0].branch.attached.len(), 2);
}

#[test]
fn the_documented_forms_are_seeds() {
    let examples: Vec<_> = include_str!("../mod.rs").split("//! ```toml\n").skip(1).collect();
    assert_eq!(examples.len(), 2);
    for example in examples {
        let (example, _) = example.split_once("//! ```\n").unwrap();
        let example: String =
            example.lines().map(|line| format!("{}\n", line.trim_start_matches("//!"))).collect();
        Seed::from_toml("mod.rs", example).unwrap();
    }
}

#[tokio::test]
async fn mistakes_say_where_all_at_once() {
    let toml = r#"[[organizations]]
management_account = "111122223333"
id = "o-a1b2c3d4e5"
accounts = ["444455556666", "444455556666"]
root_id = "r-ab12"
without_full_aws_access = ["bare", "nowhere"]
units = [
  { name = "bare" },
  { name = "bare" },
  { name = "", id = "ou-zz99-11111111" },
  { name = "1", accounts = ["444455556666"], units = [
    { name = "2", units = [{ name = "3", units = [{ name = "4", units = [{ name = "5", units = [
      { name = "6" },
    ] }] }] }] },
  ] },
]

[[organizations.service_control_policies]]
name = "FullAWSAccess"
id = "p-FullAWSAccess"
targets = ["root", "root", "1/2/7", "999999999999"]
document = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Principal":"*"}}'

[[organizations.resource_control_policies]]
name = "allows"
document = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"sts:*","Resource":"*"}}'

[[organizations]]
management_account = "444455556666"
id = "o-a1b2c3d4e5"
delegated_administrators = ["444455556666", "999999999999"]

[[organizations]]
management_account = "555566667777"
accounts = ["888899990000"]
delegated_administrators = ["888899990000", "888899990000"]
"#;
    let expected = [
        "4:29: the account 444455556666 is in an organization already",
        "6:28: without FullAWSAccess, another service control policy must be attached here",
        "6:36: the organization has no nowhere: a target is",
        "9:12: another unit at the same place has this name",
        "10:12: a unit's name has 1 to 128 characters",
        "10:21: the id of a unit of r-ab12 does not begin so",
        "11:29: the account 444455556666 is in an organization already",
        "13:7: units are nested no deeper than 5 levels",
        "19:8: another policy has this name",
        "20:6: another policy has this id",
        "21:20: the policy is attached to root already",
        "21:28: the organization has no 1/2/7: a target is",
        "21:37: the organization has no 999999999999: a target is",
        "22:12: MalformedPolicyDocumentException: The provided policy document does not meet the \
         requirements of the specified policy type. (",
        "26:12: MalformedPolicyDocumentException: ",
        "29:22: the account 444455556666 is in an organization already",
        "30:6: another organization has this id",
        "31:29: the management account 444455556666 cannot be a delegated administrator",
        "31:45: the organization has no account 999999999999",
        "36:45: 888899990000 is a delegated administrator already",
    ];
    assert_mistakes(toml, &expected).await;
}

#[tokio::test]
async fn so_many_policies_are_attached_to_one_target_and_no_more() {
    for (family, statement, free) in [
        ("service_control_policies", r#""Effect":"Allow","Action":"*","Resource":"*""#, 9),
        (
            "resource_control_policies",
            r#""Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*""#,
            4,
        ),
    ] {
        let policies = |count: usize| {
            let one = |number| {
                format!(
                    "\n[[organizations.{family}]]\nname = \"{number}\"\ntargets = [\"root\"]\n\
                     document = '{{\"Version\":\"2012-10-17\",\"Statement\":{{{statement}}}}}'\n"
                )
            };
            let all: String = (0..count).map(one).collect();
            format!("[[organizations]]\nmanagement_account = \"111122223333\"\n{all}")
        };
        deploy(Seed::from_toml("s", policies(free)).unwrap(), true).await.unwrap();
        let toml = policies(free + 1);
        let line = toml.lines().count() - 1;
        let expected = format!("{line}:12: no more than {} such policies are attached", free + 1);
        assert_mistakes(&toml, &[&expected]).await;
    }
}

#[tokio::test]
async fn a_document_has_a_greatest_size() {
    let padding = "a".repeat(10_240);
    let toml = format!(
        "[[organizations]]\nmanagement_account = \"111122223333\"\n\n\
         [[organizations.service_control_policies]]\nname = \"long\"\n\
         document = '{{\"Version\":\"2012-10-17\",\"Statement\":{{\"Effect\":\"Deny\",\
         \"Action\":\"s3:{padding}\",\"Resource\":\"*\"}}}}'\n"
    );
    assert_mistakes(&toml, &["6:12: the document has 10324 characters; "]).await;
}

#[tokio::test]
async fn a_document_that_is_no_policy_is_a_mistake() {
    for document in ["", "{", "[]", "7", "{}", r#"{"Version":"2012-10-17","Statement":[]}"#] {
        for family in ["service_control_policies", "resource_control_policies"] {
            let toml = format!(
                "[[organizations]]\nmanagement_account = \"111122223333\"\n\n\
                 [[organizations.{family}]]\nname = \"broken\"\ndocument = '{document}'\n"
            );
            assert_mistakes(&toml, &["6:12: MalformedPolicyDocumentException: "]).await;
        }
    }
}

#[tokio::test]
async fn ids_of_the_wrong_form_are_mistakes_of_form() {
    let toml = "[[organizations]]\nmanagement_account = \"111122223333\"\nid = \"o-short\"\n";
    let message = mistakes(Seed::from_toml("s", toml)).await;
    assert!(message.starts_with("s:3:6: an organization's id is o- and"), "{message}");
}

/// Each begins with its place.
async fn assert_mistakes(toml: &str, expected: &[&str]) {
    let error = deploy(Seed::from_toml("s", toml).unwrap(), true).await.unwrap_err();
    let text = error.to_string();
    let place = |line: &str| {
        let mut numbers = line.split(':').skip(1).map_while(|number| number.parse().ok());
        (numbers.next().unwrap_or(0_usize), numbers.next().unwrap_or(0_usize))
    };
    let mut lines: Vec<_> = text.lines().collect();
    lines.sort_by_key(|line| place(line));
    assert_eq!(lines.len(), expected.len(), "{text}");
    for (line, expected) in lines.into_iter().zip(expected) {
        assert!(line.starts_with(&format!("s:{expected}")), "{line}\nis not\n{expected}");
    }
}

fn service_control(member: &Membership) -> Vec<String> {
    let levels = member.service_control().iter();
    levels
        .map(|level| {
            let names: Vec<_> = level.policies.iter().map(|policy| &*policy.name).collect();
            format!("{}: {}", level.target, names.join(" "))
        })
        .collect()
}

fn account(id: &str) -> AccountId {
    id.parse().unwrap()
}
