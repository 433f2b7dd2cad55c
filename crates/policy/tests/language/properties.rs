//! What holds for every policy, whatever it says.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use daypass_ident::Principal;
use daypass_policy::{
    Caller, ContextMap, NamedPolicy, Policies, Policy, PolicyKind, PolicySource, Request, decide,
    non_whitespace_len,
};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

/// Statements over a few names, so that they often meet.
fn statement() -> impl Strategy<Value = Value> {
    let condition = prop_oneof![
        3 => Just(json!({})),
        1 => Just(json!({"StringEquals": {"aws:username": "bob"}})),
        1 => Just(json!({"StringNotLike": {"aws:username": "b*"}})),
        1 => Just(json!({"ForAnyValue:StringEquals": {"aws:TagKeys": ["a", "b"]}})),
        1 => Just(json!({"Null": {"aws:TagKeys": "true"}})),
    ];
    (
        select(vec!["Allow", "Allow", "Deny"]),
        select(vec!["Action", "NotAction"]),
        select(vec!["*", "iam:*", "iam:Get*", "s3:*", "iam:GetUser"]),
        select(vec!["Resource", "NotResource"]),
        select(vec![
            "*",
            "arn:aws:iam::*:user/*",
            "arn:aws:iam::111111111111:user/${aws:username}",
            "arn:aws:s3:::b/*",
        ]),
        condition,
    )
        .prop_map(|(effect, action, actions, resource, resources, condition)| {
            json!({"Effect": effect, action: actions, resource: resources, "Condition": condition})
        })
}

fn statements() -> impl Strategy<Value = Vec<Value>> {
    proptest::collection::vec(statement(), 1..5)
}

fn context() -> impl Strategy<Value = ContextMap> {
    (proptest::option::of(select(vec!["bob", "al"])), any::<bool>()).prop_map(|(name, tagged)| {
        let mut context = ContextMap::new();
        if let Some(name) = name {
            context.insert("aws:username", name.to_owned());
        }
        if tagged {
            context.insert("aws:TagKeys", daypass_policy::ContextValue::many(["b"]));
        }
        context
    })
}

fn request() -> impl Strategy<Value = (&'static str, &'static str)> {
    (
        select(vec!["iam:GetUser", "iam:CreateUser", "s3:GetObject"]),
        select(vec!["*", "arn:aws:iam::111111111111:user/bob", "arn:aws:s3:::b/k"]),
    )
}

fn policy(statements: &[Value]) -> Policy {
    let text = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
    Policy::parse(PolicyKind::Identity, &text).unwrap()
}

fn allowed(
    identity: &Policy,
    boundary: Option<&Policy>,
    (action, resource): (&str, &str),
    context: &ContextMap,
) -> bool {
    let account = "111111111111".parse().unwrap();
    let bob = Principal::User {
        account,
        path: "/".into(),
        name: "bob".into(),
        id: "AIDA00000000000000BOB".parse().unwrap(),
    };
    let named = |policy| NamedPolicy { source: PolicySource::SessionInline, policy };
    let request = Request { caller: Caller::Principal(&bob), action, resource, context };
    let policies = Policies {
        identity: &[named(identity)],
        boundary: boundary.map(named),
        ..Policies::default()
    };
    decide(&request, &policies).is_allowed()
}

proptest! {
    #[test]
    fn parsing_never_panics(text in any::<String>(), near in r#"[{}\[\]":,a-zA-Z0-9*?$ \\]{0,60}"#) {
        for kind in [
            PolicyKind::Identity,
            PolicyKind::Managed,
            PolicyKind::Trust,
            PolicyKind::Session,
            PolicyKind::Resource,
        ] {
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
            allowed(&policy, None, (&asked, &asked), &context);
        }
    }

    #[test]
    fn a_deny_more_never_allows_more(
        before in statements(),
        mut added in statement(),
        request in request(),
        context in context(),
    ) {
        added["Effect"] = json!("Deny");
        let mut after = before.clone();
        after.push(added);
        if allowed(&policy(&after), None, request, &context) {
            prop_assert!(allowed(&policy(&before), None, request, &context));
        }
    }

    #[test]
    fn the_order_of_statements_never_matters(
        (before, after) in statements().prop_flat_map(|list| (Just(list.clone()), Just(list).prop_shuffle())),
        request in request(),
        context in context(),
    ) {
        prop_assert_eq!(
            allowed(&policy(&before), None, request, &context),
            allowed(&policy(&after), None, request, &context)
        );
    }

    #[test]
    fn a_boundary_never_allows_more(
        identity in statements(),
        boundary in statements(),
        request in request(),
        context in context(),
    ) {
        let (identity, boundary) = (policy(&identity), policy(&boundary));
        let both = allowed(&identity, Some(&boundary), request, &context);
        prop_assert_eq!(
            both,
            allowed(&identity, None, request, &context) && allowed(&boundary, None, request, &context)
        );
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
