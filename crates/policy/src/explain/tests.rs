use daypass_ident::Principal;

use super::*;
use crate::{Caller, ContextMap, Policy, PolicyKind, PolicySource, Reach};

fn bob() -> Principal {
    Principal::User {
        account: "111111111111".parse().unwrap(),
        path: "/".into(),
        name: "bob".into(),
        id: "AIDA00000000000000BOB".parse().unwrap(),
    }
}

#[test]
fn every_comparison_is_told() {
    let policy = Policy::parse(
        PolicyKind::Identity,
        r#"{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "NotAction": "s3:*", "Resource": "arn:aws:iam::*:user/${aws:username}",
     "Condition": {"StringEquals": {"aws:RequestTag/team": ["${aws:PrincipalTag/team}", "red"]},
                   "NumericLessThan": {"aws:MultiFactorAuthAge": 3600},
                   "Bool": {"aws:SecureTransport": true}}},
    {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}
  ]
}"#,
    )
    .unwrap();
    let context = ContextMap::new()
        .with("aws:username", "bob")
        .with("aws:RequestTag/Team", "red")
        .with("aws:MultiFactorAuthAge", 4000);
    let caller = bob();
    let request = Request {
        caller: Caller::Principal(&caller),
        action: "iam:GetUser",
        resource: "arn:aws:iam::111111111111:user/bob",
        context: &context,
    };
    let source = PolicySource::UserInline { user: "bob", name: "p" };
    let identity = [NamedPolicy { source, policy: &policy }];
    let explanation = explain(&request, &Policies { identity: &identity, ..Policies::default() });

    assert!(!explanation.decision.is_allowed());
    let [told] = explanation.policies.as_slice() else { panic!("one policy") };
    assert_eq!(
        (told.policy_type, told.level, told.verdict),
        (PolicyType::Identity, None, PolicyVerdict::Silent)
    );
    let [allow, deny] = told.statements.as_slice() else { panic!("two statements") };
    assert_eq!((allow.start.to_string(), allow.end.to_string()), ("4:5".into(), "7:59".into()));
    assert_eq!(allow.applies, None);
    let action = allow.action.as_ref().unwrap();
    assert_eq!((action.name, action.matches), ("NotAction", true));
    let resource = allow.resource.as_ref().unwrap();
    assert!(resource.matches);
    assert_eq!(resource.values[0].text, "arn:aws:iam::*:user/${aws:username}");
    assert_eq!(resource.values[0].resolved.as_deref(), Some("arn:aws:iam::*:user/bob"));

    let [tag, age, secure] = allow.conditions.as_slice() else { panic!("three conditions") };
    assert_eq!((&*tag.operator, &*tag.key), ("StringEquals", "aws:RequestTag/team"));
    assert_eq!((tag.holds, tag.actual.clone()), (true, Some(vec!["red".to_owned()])));
    assert_eq!(tag.expected[0].resolved, None);
    assert_eq!(tag.expected[1].resolved.as_deref(), Some("red"));
    assert_eq!((age.holds, age.actual.clone()), (false, Some(vec!["4000".to_owned()])));
    assert_eq!(age.expected[0].text, "3600");
    assert_eq!((secure.holds, secure.actual.clone()), (false, None));
    assert_eq!(secure.expected[0].text, "true");

    assert!(!deny.action.as_ref().unwrap().matches);
    assert!(deny.resource.as_ref().unwrap().matches);
}

#[test]
fn a_condition_says_that_it_lacks_a_set_operator() {
    let policy = Policy::parse(
        PolicyKind::Identity,
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*",
            "Resource": "*", "Condition": {
                "StringEquals": {"aws:TagKeys": "team", "aws:username": "bob"},
                "ForAllValues:StringEquals": {"aws:TagKeys": "team"},
                "Null": {"aws:TagKeys": "false"}}}}"#,
    )
    .unwrap();
    let context = ContextMap::new()
        .with("aws:TagKeys", crate::ContextValue::many(["team"]))
        .with("aws:username", "bob");
    let caller = bob();
    let request = Request {
        caller: Caller::Principal(&caller),
        action: "iam:TagRole",
        resource: "*",
        context: &context,
    };
    let source = PolicySource::UserInline { user: "bob", name: "p" };
    let identity = [NamedPolicy { source, policy: &policy }];
    let policies = Policies { identity: &identity, ..Policies::default() };
    let explanation = explain(&request, &policies);
    let lines = explanation.policies.iter().flat_map(|policy| &policy.statements);
    let lines: Vec<_> = lines
        .flat_map(|statement| &statement.conditions)
        .map(|line| (line.holds, line.lacks_set_operator))
        .collect();
    assert_eq!(lines, [(false, true), (true, false), (true, false), (true, false)]);
    let text = crate::Report::new(&request, &policies).to_string();
    let expected = "StringEquals aws:TagKeys team: the request has team, but the key may have \
                    several values, so without ForAllValues or ForAnyValue it does not hold";
    assert!(text.contains(expected), "{text}");
}

#[test]
fn policies_stand_in_the_order_in_which_they_are_asked() {
    let parse = |kind, text: &str| Policy::parse(kind, text).unwrap();
    let all = parse(
        PolicyKind::Identity,
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#,
    );
    let trust = parse(
        PolicyKind::Trust,
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow",
            "Principal":{"AWS":["111111111111","arn:aws:iam::111111111111:user/bob"],
                         "Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}"#,
    );
    let named = |policy| [NamedPolicy { source: PolicySource::SessionInline, policy }];
    let (all, trust) = (named(&all), named(&trust));
    let [boundary] = all;
    let [of_role] = trust;
    let caller = bob();
    let request = Request {
        caller: Caller::Principal(&caller),
        action: "sts:AssumeRole",
        resource: "arn:aws:iam::111111111111:role/r",
        context: &(),
    };
    let policies = Policies {
        service_control: &[&all, &all],
        resource_control: &[],
        identity: &all,
        boundary: Some(boundary),
        session: Some(&all),
        resource: Some(crate::ResourcePolicy::trust(of_role)),
        resource_account: None,
    };
    let explanation = explain(&request, &policies);
    let told: Vec<_> =
        explanation.policies.iter().map(|policy| (policy.policy_type, policy.level)).collect();
    assert_eq!(
        told,
        [
            (PolicyType::ServiceControl, Some(0)),
            (PolicyType::ServiceControl, Some(1)),
            (PolicyType::Trust, None),
            (PolicyType::Identity, None),
            (PolicyType::Boundary, None),
            (PolicyType::Session, None),
        ]
    );
    let trust = &explanation.policies[2].statements[0];
    let principal = trust.principal.as_ref().unwrap();
    let values: Vec<_> = principal.values.iter().map(|value| &*value.text).collect();
    assert_eq!(
        values,
        ["AWS:111111111111", "AWS:arn:aws:iam::111111111111:user/bob", "Service:ec2.amazonaws.com"]
    );
    assert_eq!(trust.applies, Some(Reach::PastEverything));
    assert!(trust.resource.is_none());
}
