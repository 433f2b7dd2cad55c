use super::super::{Import, ImportError};
use super::*;
use crate::seed::Seed;

/// As `terraform show -json` prints a plan, shortened to what is read.
const PLAN: &str = r#"{
  "format_version": "1.2",
  "terraform_version": "1.9.8",
  "planned_values": {
    "root_module": {
      "resources": [
        {"address": "aws_iam_group.staff", "mode": "managed", "type": "aws_iam_group", "name": "staff",
         "values": {"name": "staff", "path": "/"}},
        {"address": "aws_iam_group_membership.staff", "mode": "managed", "type": "aws_iam_group_membership", "name": "staff",
         "values": {"name": "staff", "group": "staff", "users": ["alice"]}},
        {"address": "aws_iam_instance_profile.web", "mode": "managed", "type": "aws_iam_instance_profile", "name": "web",
         "values": {"name": "web", "path": "/", "role": "web", "tags": null, "tags_all": {}}},
        {"address": "aws_iam_openid_connect_provider.github", "mode": "managed", "type": "aws_iam_openid_connect_provider", "name": "github",
         "values": {"client_id_list": ["sts.amazonaws.com"], "url": "https://token.actions.githubusercontent.com", "tags": null}},
        {"address": "aws_iam_policy.deploy[\"a\"]", "mode": "managed", "type": "aws_iam_policy", "name": "deploy", "index": "a",
         "values": {"name": "deploy-a", "path": "/ops/", "description": "of a", "policy": "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}}", "tags": {"team": "red"}}},
        {"address": "aws_iam_policy.deploy[\"b\"]", "mode": "managed", "type": "aws_iam_policy", "name": "deploy", "index": "b",
         "values": {"name": "deploy-b", "path": "/ops/", "policy": "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}}"}},
        {"address": "aws_iam_role.web", "mode": "managed", "type": "aws_iam_role", "name": "web",
         "values": {"name": "web", "path": "/", "max_session_duration": 7200, "force_detach_policies": false,
          "assume_role_policy": "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"ec2.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}}",
          "inline_policy": [{"name": "own", "policy": "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"*\"}}"}],
          "tags": {"team": "red"}, "tags_all": {"team": "red", "by": "terraform"}}},
        {"address": "aws_iam_role_policy_attachment.web[\"a\"]", "mode": "managed", "type": "aws_iam_role_policy_attachment", "name": "web", "index": "a",
         "values": {"role": "web"}},
        {"address": "aws_iam_role_policy_attachment.web[\"b\"]", "mode": "managed", "type": "aws_iam_role_policy_attachment", "name": "web", "index": "b",
         "values": {"role": "web"}},
        {"address": "aws_iam_role_policy.bucket", "mode": "managed", "type": "aws_iam_role_policy", "name": "bucket",
         "values": {"name": "bucket", "role": "web"}},
        {"address": "aws_iam_user.alice", "mode": "managed", "type": "aws_iam_user", "name": "alice",
         "values": {"name": "alice", "path": "/staff/", "permissions_boundary": null}},
        {"address": "aws_iam_user_policy_attachment.alice", "mode": "managed", "type": "aws_iam_user_policy_attachment", "name": "alice",
         "values": {"user": "alice", "policy_arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}},
        {"address": "aws_iam_access_key.alice", "mode": "managed", "type": "aws_iam_access_key", "name": "alice",
         "values": {"user": "alice"}},
        {"address": "aws_s3_bucket.b", "mode": "managed", "type": "aws_s3_bucket", "name": "b", "values": {"bucket": "b"}},
        {"address": "data.aws_iam_policy.x", "mode": "data", "type": "aws_iam_policy", "name": "x", "values": {"name": "x"}}
      ],
      "child_modules": [
        {"address": "module.team[\"x.y\"]",
         "resources": [
          {"address": "module.team[\"x.y\"].aws_iam_user.this", "mode": "managed", "type": "aws_iam_user", "name": "this",
           "values": {"name": "bob", "path": "/"}},
          {"address": "module.team[\"x.y\"].aws_iam_user_policy_attachment.this", "mode": "managed", "type": "aws_iam_user_policy_attachment", "name": "this",
           "values": {"user": "bob"}}
         ]}
      ]
    }
  },
  "resource_changes": [
    {"address": "aws_iam_role_policy_attachment.web[\"a\"]", "change": {"actions": ["create"], "after_unknown": {"id": true, "policy_arn": true}}},
    {"address": "aws_iam_role_policy_attachment.web[\"b\"]", "change": {"actions": ["create"], "after_unknown": {"id": true, "policy_arn": true}}},
    {"address": "aws_iam_role_policy.bucket", "change": {"actions": ["create"], "after_unknown": {"id": true, "policy": true}}},
    {"address": "aws_iam_role.web", "change": {"actions": ["create"], "after_unknown": {"arn": true, "managed_policy_arns": true}}},
    {"address": "module.team[\"x.y\"].aws_iam_user_policy_attachment.this", "change": {"actions": ["create"], "after_unknown": {"policy_arn": true}}}
  ],
  "configuration": {
    "root_module": {
      "resources": [
        {"address": "aws_iam_role_policy_attachment.web", "mode": "managed", "type": "aws_iam_role_policy_attachment", "name": "web",
         "expressions": {"policy_arn": {"references": ["aws_iam_policy.deploy", "each.key"]}, "role": {"references": ["aws_iam_role.web.name", "aws_iam_role.web"]}},
         "for_each_expression": {}},
        {"address": "aws_iam_role_policy.bucket", "mode": "managed", "type": "aws_iam_role_policy", "name": "bucket",
         "expressions": {"policy": {"references": ["aws_s3_bucket.b.arn", "aws_s3_bucket.b"]}}}
      ],
      "module_calls": {
        "team": {
          "source": "./team",
          "expressions": {"policy_arn": {"references": ["aws_iam_policy.deploy[\"a\"].arn", "aws_iam_policy.deploy[\"a\"]", "aws_iam_policy.deploy"]}},
          "module": {
            "resources": [
              {"address": "aws_iam_user_policy_attachment.this", "mode": "managed", "type": "aws_iam_user_policy_attachment", "name": "this",
               "expressions": {"policy_arn": {"references": ["var.policy_arn"]}, "user": {"references": ["aws_iam_user.this.name", "aws_iam_user.this"]}}}
            ]
          }
        }
      }
    }
  }
}
"#;

fn import(text: &str) -> Result<Import, ImportError> {
    let sources = Sources::of_text("plan.json", text)?;
    let mut draft = Draft::default();
    read(&sources, "111122223333".parse().unwrap(), &mut draft);
    Import::of(sources, draft)
}

#[tokio::test]
async fn a_plan_is_made_as_it_will_be() {
    let import = import(PLAN).unwrap();
    import.check().await.unwrap();
    let seed: serde_json::Value = serde_json::from_str(&import.to_compact_seed()).unwrap();
    let account = &seed["accounts"][0];
    assert_eq!(account["id"], "111122223333");
    let alice = &account["users"][0];
    assert_eq!((&alice["name"], &alice["path"]), (&"alice".into(), &"/staff/".into()));
    assert_eq!(alice["groups"], serde_json::json!(["staff"]));
    let read_only = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    assert_eq!(alice["attached_policies"], serde_json::json!([read_only]));
    let web = &account["roles"][0];
    assert_eq!(web["max_session_duration"], 7200);
    assert_eq!(web["tags"], serde_json::json!({"team": "red", "by": "terraform"}));
    assert!(web["inline_policies"]["own"].is_string());
    // ARNs follow from names, paths and the indices of `for_each`, through modules, too.
    let a = "arn:aws:iam::111122223333:policy/ops/deploy-a";
    let b = "arn:aws:iam::111122223333:policy/ops/deploy-b";
    assert_eq!(web["attached_policies"], serde_json::json!([a, b]));
    let bob = &account["users"][1];
    assert_eq!((&bob["name"], &bob["attached_policies"][0]), (&"bob".into(), &a.into()));
    assert_eq!(account["instance_profiles"][0]["role"], "web");
    let contents = "1 account, 2 users, 1 group, 1 role, 1 instance profile, 2 policies, \
                    1 identity provider";
    assert_eq!(import.contents(), contents);
    let seed = Seed::from_json("seed.json", import.to_seed()).unwrap();
    assert_eq!(seed.contents(), format!("seed.json: {contents}"));

    let notes = import.notes();
    let [key, document] = &notes[..] else { panic!("{notes:?}") };
    let ends = |note: &str, end: &str| assert!(note.ends_with(end), "{note}");
    ends(document, "aws_iam_access_key.alice: aws_iam_access_key is not imported");
    ends(key, "aws_iam_role_policy.bucket: policy is known only after apply; it is left out");
    assert!(key.starts_with("plan.json:28:9: "), "{key}");
}

#[test]
fn what_depends_on_the_unknown_is_left_out_and_told_of() {
    // The trust of the role, which has the ARN of something else.
    let (before, rest) = PLAN.split_at(PLAN.find("\"assume_role_policy\"").unwrap());
    let (_, after) = rest.split_once('\n').unwrap();
    let plan = format!("{before}{after}").replace(
        "\"arn\": true, \"managed",
        "\"arn\": true, \"assume_role_policy\": true, \"managed",
    );
    let import = import(&plan).unwrap();
    assert!(!import.to_seed().contains("\"roles\""));
    let notes = import.notes().join("\n");
    for note in [
        "aws_iam_role.web: assume_role_policy is known only after apply; it is left out",
        "the role web is left out, and this with it",
    ] {
        assert!(notes.contains(note), "{notes}");
    }
}

/// A policy with the ARN of a bucket to be made takes along whatever attaches it.
#[tokio::test]
async fn a_policy_that_is_not_known_is_attached_to_nobody() {
    let (before, rest) = PLAN.split_at(PLAN.find(", \"policy\": ").unwrap());
    let (_, after) = rest.split_at(rest.find(", \"tags\"").unwrap());
    let changes = "\"resource_changes\": [";
    let unknown = r#"{"address": "aws_iam_policy.deploy[\"a\"]", "change": {"after_unknown": {"policy": true}}},"#;
    let plan = format!("{before}{after}").replace(changes, &format!("{changes}{unknown}"));
    let import = import(&plan).unwrap();
    import.check().await.unwrap();
    assert!(!import.to_seed().contains("deploy-a"));
    assert!(import.to_seed().contains("policy/ops/deploy-b"));
    let notes = import.notes().join("\n");
    let arn = "arn:aws:iam::111122223333:policy/ops/deploy-a";
    let note = format!("the policy {arn} is left out, and this with it");
    assert_eq!(notes.matches(&note).count(), 2, "{notes}");
    assert!(notes.contains("aws_iam_policy.deploy[\"a\"]: policy is known only after"), "{notes}");
}

#[test]
fn what_is_no_plan_is_told_with_its_place() {
    let user = r#"{"planned_values": {"root_module": {"resources": [
        {"address": "aws_iam_user_policy.x", "mode": "managed", "type": "aws_iam_user_policy", "name": "x",
         "values": {"name": "x", "user": "nobody", "policy": "{}"}}]}}}"#;
    let cases = [
        (
            "{}",
            "plan.json:1:1: it is no plan: terraform plan -out plan.tfplan && terraform show -json plan.tfplan prints one",
        ),
        (user, "plan.json:3:62: the user nobody is not in the plan"),
    ];
    for (text, expected) in cases {
        assert_eq!(import(text).unwrap_err().to_string(), expected);
    }
    // A plan without IAM is an empty one.
    let import = import(r#"{"planned_values": {"root_module": {}}}"#).unwrap();
    assert_eq!(import.contents(), "nothing");
}

proptest::proptest! {
    /// Whatever is left out of a plan, it is read or refused.
    #[test]
    fn nothing_makes_the_reader_panic(
        at in 0..PLAN.len(),
        length in 0..200_usize,
        other in proptest::sample::select(vec!["", "null", "[]", "{}", "true", "\"", "[[", ","]),
    ) {
        let end = (at + length).min(PLAN.len());
        let (before, after) = (PLAN.get(..at).unwrap(), PLAN.get(end..).unwrap());
        let _ = import(&format!("{before}{other}{after}"));
    }

    #[test]
    fn members_may_be_of_any_kind(
        number in 0..300_usize,
        other in proptest::sample::select(vec!["null", "[]", "{}", "[null]", "[{}]", "7", "true"]),
    ) {
        let Some((at, _)) = PLAN.match_indices("\": ").nth(number) else { return Ok(()) };
        let (before, after) = PLAN.split_at(at + 3);
        let mut values = serde_json::Deserializer::from_str(after).into_iter::<serde_json::Value>();
        let _ = values.next();
        let _ = import(&format!("{before}{other}{}", after.get(values.byte_offset()..).unwrap()));
    }
}
