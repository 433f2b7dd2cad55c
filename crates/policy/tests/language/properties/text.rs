//! What a document's text may be, and what its printed form is.

use daypass_policy::{
    ContextMap, Policy, PolicyKind, Request, decide, explain, non_whitespace_len,
};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;

use crate::random::{Random, ask, documents, world};
use crate::support::{Caller, answer, asking, context};

const KINDS: [PolicyKind; 8] = [
    PolicyKind::Identity,
    PolicyKind::Inline,
    PolicyKind::Managed,
    PolicyKind::Trust,
    PolicyKind::Session,
    PolicyKind::Resource,
    PolicyKind::ServiceControl,
    PolicyKind::ResourceControl,
];

/// Parsing what is printed, in either form, gives a policy that prints and decides the same.
#[test]
fn printing_loses_nothing() {
    let mut random = Random::new(5);
    for _ in 0..500 {
        let mut case = world(&mut random);
        ask(&mut random, &mut case);
        let before = answer(&case, &case.parse().unwrap());
        let mut printed = case.clone();
        for (_, document) in documents(&mut printed) {
            let text = document.to_string();
            let policies: Vec<_> =
                KINDS.iter().filter_map(|kind| Policy::parse(*kind, &text).ok()).collect();
            assert!(!policies.is_empty(), "{text}");
            for policy in policies {
                let (line, lines) = (format!("{policy}"), format!("{policy:#}"));
                assert_eq!(line, text);
                assert_eq!(non_whitespace_len(&lines), non_whitespace_len(&line));
                *document = serde_json::from_str(&lines).unwrap();
            }
        }
        assert_eq!(answer(&printed, &printed.parse().unwrap()), before, "{case:?}");
    }
}

/// An explanation explains this decision and no other, statement by statement and line by line.
#[test]
fn an_explanation_agrees_with_the_decision() {
    let mut random = Random::new(6);
    for _ in 0..500 {
        let mut case = world(&mut random);
        ask(&mut random, &mut case);
        let documents = case.parse().unwrap();
        let context = context(&case.with);
        asking(&case, &context, |request| {
            documents.with(|policies| {
                let explanation = explain(request, policies);
                assert_eq!(explanation.decision, decide(request, policies));
                for policy in explanation.policies {
                    let applying: Vec<usize> =
                        policy.policy.policy.matching(request).map(|(index, _)| index).collect();
                    let explained = policy.statements.iter().filter(|one| one.applies.is_some());
                    assert_eq!(explained.map(|one| one.index).collect::<Vec<_>>(), applying);
                    for one in policy.statements.iter().filter(|one| one.statement.is_understood())
                    {
                        let elements = [&one.principal, &one.action, &one.resource];
                        let all = elements.into_iter().flatten().all(|element| element.matches)
                            && one.conditions.iter().all(|condition| condition.holds);
                        assert_eq!(all, one.applies.is_some(), "{one:?}");
                    }
                }
            });
        });
    }
}

proptest! {
    #[test]
    fn parsing_never_panics(text in any::<String>(), near in r#"[{}\[\]":,a-zA-Z0-9*?$ \\]{0,60}"#) {
        for kind in KINDS {
            for text in [&text, &near] {
                prop_assert!(Policy::parse(kind, text).is_err());
            }
        }
        prop_assert!(non_whitespace_len(&text) <= text.chars().count());
    }

    /// Any text at all in the places where text may stand.
    #[test]
    fn evaluating_never_panics(
        [action, resource, operator, key, value, asked] in any::<[String; 6]>(),
        real in select(vec!["StringLike", "DateEquals", "NumericEquals", "IpAddress", "ArnLike"]),
    ) {
        let text = json!({"Version": "2012-10-17", "Statement": {
            "Effect": "Allow", "Action": [action, "*"], "Resource": [resource, "*"],
            "Condition": {real: {key.clone(): value}, operator: {}},
        }});
        if let Ok(policy) = Policy::parse(PolicyKind::Managed, &text.to_string()) {
            let context = ContextMap::new().with(&key, asked.clone());
            Caller::User.with(|caller| {
                let request = Request { caller, action: &asked, resource: &asked, context: &context };
                policy.matching(&request).count()
            });
        }
    }

    /// Replacing every principal by itself gives the text again; by something else and back, too.
    #[test]
    fn principals_map_there_and_back(
        names in proptest::collection::vec("[a-z]{1,8}", 1..5),
        space in "[ \n]{0,3}",
    ) {
        let arns: Vec<_> =
            names.iter().map(|name| format!("arn:aws:iam::111111111111:user/{name}")).collect();
        let list = serde_json::to_string(&arns).unwrap();
        let text = format!(
            r#"{{"Version":"2012-10-17",{space}"Statement":{{"Principal":{{"Service":"ec2.amazonaws.com","AWS":{space}{list}}},"Effect":"Allow","Action":"sts:AssumeRole"}}}}"#
        );
        let policy = Policy::parse(PolicyKind::Trust, &text).unwrap();
        prop_assert_eq!(policy.aws_principals().collect::<Vec<_>>(), arns);
        let other = policy.map_principals(|arn| Ok::<_, ()>(Some(arn.replace("user/", "role/")))).unwrap();
        let other = Policy::parse(PolicyKind::Trust, &other).unwrap();
        let back = other.map_principals(|arn| Ok::<_, ()>(Some(arn.replace("role/", "user/")))).unwrap();
        prop_assert_eq!(back, text);
    }
}
