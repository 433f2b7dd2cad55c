use daypass_ident::Principal;
use serde_json::{Value, json};

use super::*;
use crate::{ContextMap, NamedPolicy, Policy, PolicyKind, PolicySource};

const KEYS: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "Own", "Effect": "Allow", "Action": "iam:*User", "Resource": "arn:aws:iam::*:user/${aws:username}",
     "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}},
    {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
  ]
}"#;

fn report(resource: &str, mfa: bool, level: Option<&str>) -> Report {
    let bob = Principal::User {
        account: "111111111111".parse().unwrap(),
        path: "/".into(),
        name: "bob".into(),
        id: "AIDA00000000000000BOB".parse().unwrap(),
    };
    let context =
        ContextMap::new().with("aws:username", "bob").with("aws:MultiFactorAuthPresent", mfa);
    let request = Request {
        caller: Caller::Principal(&bob),
        action: "iam:DeleteUser",
        resource,
        context: &context,
    };
    let keys = Policy::parse(PolicyKind::Identity, KEYS).unwrap();
    let level = level.map(|text| Policy::parse(PolicyKind::ServiceControl, text).unwrap());
    let source = PolicySource::UserInline { user: "bob", name: "keys" };
    let control = PolicySource::Control {
        arn: "arn:aws:organizations::111111111111:policy/o-1/service_control_policy/p-1",
        name: "no-deletes",
        target: "r-abcd",
    };
    let level: Vec<_> =
        level.iter().map(|policy| NamedPolicy { source: control, policy }).collect();
    let levels = [level.as_slice()];
    let policies = Policies {
        identity: &[NamedPolicy { source, policy: &keys }],
        service_control: if level.is_empty() { &[] } else { &levels },
        ..Policies::default()
    };
    Report::new(&request, &policies)
}

#[test]
fn a_near_miss_in_text() {
    let report = report("arn:aws:iam::111111111111:user/bob", false, None);
    let text = "\
Denied: arn:aws:iam::111111111111:user/bob iam:DeleteUser on arn:aws:iam::111111111111:user/bob
  no identity-based policy allows it

The policies that were asked
  identity-based policy \"keys\" of user bob: is silent
    statement 1 (Own, at 4:5) would allow, but
      Bool aws:MultiFactorAuthPresent true: the request has false, so it does not hold
    statement 2 (at 6:5) would allow, but
      Action s3:*: does not match

To have it allowed
  ask with MFA (aws:MultiFactorAuthPresent = true)
";
    assert_eq!(report.to_string(), text);
}

#[test]
fn a_denial_in_text() {
    let deny = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},
 {"Effect":"Deny","Action":"iam:Delete*","Resource":"*"}]}"#;
    let report = report("arn:aws:iam::111111111111:user/al", true, Some(deny));
    let text = "\
Denied: arn:aws:iam::111111111111:user/bob iam:DeleteUser on arn:aws:iam::111111111111:user/al
  explicit deny in a service control policy

Decided by statement 2 (at 2:2) of the service control policy \"no-deletes\" on r-abcd
  Action iam:Delete*
  Resource *

The policies that were asked
  service control policy \"no-deletes\" on r-abcd, level 0: denies
  identity-based policy \"keys\" of user bob: is silent
    statement 1 (Own, at 4:5) would allow, but
      Resource arn:aws:iam::*:user/${aws:username} (that is arn:aws:iam::*:user/bob): does not match
    statement 2 (at 6:5) would allow, but
      Action s3:*: does not match

To have it allowed, all of
  1. remove statement 2 (at 2:2) of the service control policy \"no-deletes\" on r-abcd, or exempt the request from it
  2. add arn:aws:iam::111111111111:user/al to the Resource of statement 1 (Own, at 4:5) of the identity-based policy \"keys\" of user bob
";
    assert_eq!(report.to_string(), text);
}

#[test]
fn an_allowed_request_as_json() {
    let report = report("arn:aws:iam::111111111111:user/bob", true, None);
    let element =
        |name, values: Value, matches| json!({"name": name, "values": values, "matches": matches});
    let plain = |text| json!([{"text": text, "resolved": text}]);
    let expected = json!({
        "decision": "allowed",
        "principal": "arn:aws:iam::111111111111:user/bob",
        "action": "iam:DeleteUser",
        "resource": "arn:aws:iam::111111111111:user/bob",
        "decidedBy": {"policyType": "identity", "policy": 0, "statement": 0},
        "policies": [{
            "policyType": "identity",
            "source": {"kind": "userInline", "user": "bob", "name": "keys"},
            "verdict": "allows",
            "statements": [
                {
                    "sid": "Own",
                    "effect": "Allow",
                    "start": {"line": 4, "column": 5},
                    "end": {"line": 5, "column": 68},
                    "applies": true,
                    "understood": true,
                    "action": element("Action", plain("iam:*User"), true),
                    "resource": element("Resource", json!([{
                        "text": "arn:aws:iam::*:user/${aws:username}",
                        "resolved": "arn:aws:iam::*:user/bob",
                    }]), true),
                    "conditions": [{
                        "operator": "Bool",
                        "key": "aws:MultiFactorAuthPresent",
                        "expected": plain("true"),
                        "actual": ["true"],
                        "holds": true,
                    }],
                },
                {
                    "effect": "Allow",
                    "start": {"line": 6, "column": 5},
                    "end": {"line": 6, "column": 59},
                    "applies": false,
                    "understood": true,
                    "action": element("Action", plain("s3:*"), false),
                    "resource": element("Resource", plain("*"), true),
                    "conditions": [],
                },
            ],
        }],
        "change": [{
            "text": "remove statement 1 (Own, at 4:5) of the identity-based policy \"keys\" of user bob",
            "edit": "remove",
            "policyType": "identity",
            "policy": 0,
            "statement": 0,
        }],
    });
    assert_eq!(serde_json::to_value(&report).unwrap(), expected);
}

#[test]
fn edits_as_json() {
    let deny =
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#;
    let report = report("arn:aws:iam::111111111111:user/al", false, Some(deny));
    let mut edits = serde_json::to_value(&report.change).unwrap();
    for edit in edits.as_array_mut().unwrap() {
        edit.as_object_mut().unwrap().remove("text");
    }
    let added = |resource: &str| {
        format!(r#"{{"Effect":"Allow","Action":"iam:DeleteUser","Resource":"{resource}"}}"#)
    };
    let al = added("arn:aws:iam::111111111111:user/al");
    // Two things keep the statement of the identity policy from applying: another is added.
    let expected = json!([
        {"edit": "add", "policyType": "serviceControl", "level": 0, "add": al},
        {"edit": "add", "policyType": "identity", "add": al},
    ]);
    assert_eq!(edits, expected);
}
