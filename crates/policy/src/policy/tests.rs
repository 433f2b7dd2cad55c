use std::convert::Infallible;

use super::*;
use crate::Caller;

const TRUST: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    { "Sid": "People", "Effect": "Allow", "Action": "sts:AssumeRole",
      "Principal": { "AWS": [ "arn:aws:iam::111111111111:user/bob", "222222222222" ], "Service": "ec2.amazonaws.com" } },
    { "Principal": { "AWS": "AROA0000000000DEPLOY0" }, "Effect": "Deny", "Action": "sts:TagSession" }
  ]
}"#;

#[test]
fn a_document_keeps_its_text_and_order() {
    let policy = Policy::parse(PolicyKind::Trust, TRUST).unwrap();
    assert_eq!(policy.text(), TRUST);
    assert_eq!(policy.version(), Version::V2012);
    let sids: Vec<_> = policy.statements().iter().map(Statement::sid).collect();
    assert_eq!(sids, [Some("People"), None]);
    let effects: Vec<_> = policy.statements().iter().map(Statement::effect).collect();
    assert_eq!(effects, [Effect::Allow, Effect::Deny]);
    let second = TRUST.get(policy.statements()[1].span()).unwrap();
    assert!(second.starts_with("{ \"Principal\"") && second.ends_with("\"sts:TagSession\" }"));
}

#[test]
fn a_document_without_version_is_of_2008() {
    let text =
        r#"{"Statement":{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}}"#;
    assert_eq!(Policy::parse(PolicyKind::Trust, text).unwrap().version(), Version::V2008);
}

#[test]
fn principals_are_replaced_in_place() {
    let policy = Policy::parse(PolicyKind::Trust, TRUST).unwrap();
    let principals: Vec<_> = policy.aws_principals().collect();
    assert_eq!(
        principals,
        ["arn:aws:iam::111111111111:user/bob", "222222222222", "AROA0000000000DEPLOY0"]
    );
    let mapped = policy
        .map_principals(|value| {
            Ok::<_, Infallible>(value.ends_with("bob").then(|| "AIDA00000000000000BOB".to_owned()))
        })
        .unwrap();
    let expected = TRUST.replace("arn:aws:iam::111111111111:user/bob", "AIDA00000000000000BOB");
    assert_eq!(mapped, expected);

    let escaped = policy.map_principals(|_| Ok::<_, Infallible>(Some("a\"\\\n".to_owned())));
    assert!(escaped.unwrap().contains(r#""AWS": "a\"\\\u000a""#));
}

#[test]
fn an_unknown_principal_stops_the_mapping() {
    let policy = Policy::parse(PolicyKind::Trust, TRUST).unwrap();
    let refused = policy.map_principals(|value| {
        Err(Malformed::InvalidPrincipal { kind: "AWS".into(), value: value.into() })
    });
    assert_eq!(
        refused.unwrap_err().to_string(),
        r#"Invalid principal in policy: "AWS":"arn:aws:iam::111111111111:user/bob""#
    );
}

#[test]
fn policies_are_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Policy>();
}

#[test]
fn a_policy_may_allow_what_some_statement_allows_on_some_condition() {
    let trust = |effect: &str, principal: &str, action: &str| {
        format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"{effect}","Principal":{principal},
            "Action":"{action}","Condition":{{"StringEquals":{{"a:sub":"b"}}}}}}}}"#
        )
    };
    let ours = r#"{"Federated":["www.amazon.com","idp.example"]}"#;
    let (with, without) = ("sts:AssumeRoleWithWebIdentity", "sts:AssumeRole");
    let cases = [
        ("Allow", ours, with, true),
        ("Allow", ours, "sts:AssumeRoleWithSAML", false),
        ("Allow", ours, without, false),
        ("Deny", ours, with, false),
        ("Allow", r#"{"Federated":"graph.facebook.com"}"#, with, false),
        ("Allow", r#"{"AWS":"*"}"#, with, false),
        ("Allow", r#"{"AWS":"123456789012"}"#, with, false),
    ];
    for (effect, principal, action, expected) in cases {
        let policy = Policy::parse(PolicyKind::Trust, &trust(effect, principal, action)).unwrap();
        let may = policy.may_allow(Caller::Federated("idp.example"), with);
        assert_eq!(may, expected, "{effect} {principal} {action}");
    }
}
