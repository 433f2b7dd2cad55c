use std::collections::BTreeMap;

use daypass_policy::lint::{Category, NoVocabulary, Severity, Vocabulary, check, guess_kind};
use daypass_policy::{Malformed, Policy, PolicyKind};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::vocabulary::Small;

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

/// What must hold of whatever is found.
fn consistent(kind: PolicyKind, text: &str) -> Result<(), String> {
    for vocabulary in [&Small as &dyn Vocabulary, &NoVocabulary] {
        let refusal = refusal(kind, text, vocabulary);
        if is_of_another_partition(refusal.as_ref()) {
            return Ok(());
        }
        let findings = check(kind, text, vocabulary);
        let told: Vec<_> = findings.iter().filter(|finding| finding.refusal.is_some()).collect();
        match (&refusal, told.as_slice()) {
            (None, []) => {}
            (Some(refusal), [told]) if told.refusal.as_ref() == Some(refusal) => {
                if told.severity != Severity::Error {
                    return Err(format!("{told:?} is no error"));
                }
            }
            (refusal, told) => return Err(format!("AWS says {refusal:?}; told is {told:?}")),
        }
        // AWS's own policies are taken whatever is in them.
        if refusal.is_none() && kind != PolicyKind::Managed {
            let grammar = |finding: &&_| is_grammar_error(finding);
            if let Some(finding) = findings.iter().find(grammar) {
                return Err(format!("AWS takes the document, but {finding:?}"));
            }
        }
        for finding in &findings {
            if text.get(finding.span.clone()).is_none() {
                return Err(format!("no such place: {finding:?}"));
            }
        }
    }
    Ok(())
}

/// What IAM says when the document is saved.
fn refusal(kind: PolicyKind, text: &str, vocabulary: &dyn Vocabulary) -> Option<Malformed> {
    let saved = Policy::parse(kind, text).and_then(|policy| match kind {
        PolicyKind::Trust => policy
            .check_shared_providers()
            .and_then(|()| policy.check_services(|name| vocabulary.is_service_principal(name))),
        _ => Ok(()),
    });
    saved.err()
}

/// Whether a document may be for an account of another partition than `aws`, where it is judged otherwise.
fn is_of_another_partition(refusal: Option<&Malformed>) -> bool {
    let Some(Malformed::Partition { partition, .. }) = refusal else { return false };
    partition.starts_with("aws-")
}

/// Errors of grammar are what AWS refuses; but for the size, which is not the language's, and for
/// actions, of which it takes any text in policies of sessions and resources.
fn is_grammar_error(finding: &daypass_policy::lint::Finding) -> bool {
    finding.rule.category == Category::Grammar
        && finding.severity == Severity::Error
        && !["size-over-quota", "invalid-action"].contains(&finding.rule.id)
}

/// The documents of which it is known whether AWS takes them.
#[test]
fn documents_are_in_error_when_aws_refuses_them() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases");
    let mut failures = Vec::new();
    let mut ran = 0;
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if !name.starts_with("documents_") {
            continue;
        }
        let file: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let cases: BTreeMap<String, Value> =
            serde_json::from_value(file["documents"].clone()).unwrap();
        for (title, case) in cases {
            let text = match (&case["text"], &case["document"]) {
                (Value::String(text), _) => text.clone(),
                (_, Value::Null) => {
                    json!({"Version": "2012-10-17", "Statement": case["statement"]}).to_string()
                }
                (_, document) => document.to_string(),
            };
            ran += 1;
            for kind in KINDS {
                if let Err(why) = consistent(kind, &text) {
                    failures.push(format!("{name}: {title}: as {kind:?}: {why}: {text}"));
                }
            }
        }
    }
    assert!(ran > 150, "only {ran} documents were found");
    assert!(failures.is_empty(), "{} fail:\n{}", failures.len(), failures.join("\n"));
}

/// Values that are right in some places and wrong in others.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        Just(json!(1)),
        Just(json!({})),
        Just(json!([])),
        select(vec![
            "*",
            "",
            "Allow",
            "allow",
            "Deny",
            "2012-10-17",
            "2008-10-17",
            "iam:GetUser",
            "iam:*",
            "s3:Get*",
            "sts:AssumeRole",
            "*:*",
            "i?m:x",
            "a:b:c",
            "arn:aws:iam::1:user/${aws:username}",
            "arn:aws:s3:::b/*",
            "arn:aws:s3:r:1:b",
            "arn:x:iam::1:y",
            "arn:aws:iam:",
            "111111111111",
            "arn:aws:iam::111111111111:role/r",
            "lambda.amazonaws.com",
            "true",
            "2026-13-01",
            "${x",
            "é${aws:TagKeys}",
        ])
        .prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            proptest::collection::btree_map(
                select(vec![
                    "AWS",
                    "Service",
                    "Federated",
                    "StringEquals",
                    "DateLessThan",
                    "Null",
                    "ForAllValues:StringLike",
                    "aws:TagKeys",
                    "aws:SourceIp",
                    "Aws",
                    "x"
                ]),
                inner,
                0..3,
            )
            .prop_map(|map| json!(map)),
        ]
    })
}

/// Statements whose every element is right or any value at all.
fn statement() -> impl Strategy<Value = Value> {
    let right = |element: &str| match element {
        "Sid" => vec![json!("a"), json!("b")],
        "Effect" => vec![json!("Allow"), json!("Deny")],
        "Principal" | "NotPrincipal" => {
            vec![json!("*"), json!({"AWS": "*"}), json!({"AWS": ["111111111111"]})]
        }
        "Action" | "NotAction" => {
            vec![json!("*"), json!("sts:AssumeRole"), json!(["s3:*", "iam:*"])]
        }
        "Resource" | "NotResource" => vec![json!("*"), json!(["arn:aws:s3:::b/*"])],
        _ => vec![json!({"StringEquals": {"aws:username": ["a*", "b"]}})],
    };
    let elements = [
        ("Sid", 3),
        ("Effect", 19),
        ("Principal", 8),
        ("NotPrincipal", 1),
        ("Action", 18),
        ("NotAction", 1),
        ("Resource", 15),
        ("NotResource", 1),
        ("Condition", 8),
        ("Actions", 1),
    ];
    elements
        .into_iter()
        .map(|(element, often)| {
            let value = prop_oneof![12 => select(right(element)), 1 => value()];
            let there = prop_oneof![
                often => Just(true),
                20 - often => Just(false),
            ];
            (Just(element), there, value)
        })
        .collect::<Vec<_>>()
        .prop_map(|members| {
            let there = members.into_iter().filter(|(_, there, _)| *there);
            Value::Object(there.map(|(name, _, value)| (name.to_owned(), value)).collect())
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in any::<String>(), near in r#"[{}\[\]":,a-zA-Z0-9*?$ \\é]{0,60}"#) {
        for kind in KINDS {
            for text in [&text, &near] {
                prop_assert_eq!(consistent(kind, text), Ok(()));
                let _ = guess_kind(text);
            }
        }
    }

    #[test]
    fn any_statement(
        statements in proptest::collection::vec(statement(), 0..3),
        version in select(vec!["2012-10-17", "2012-10-17", "2012-10-17", "2008-10-17", "2012"]),
        kind in select(KINDS.to_vec()),
    ) {
        let text = json!({"Version": version, "Statement": statements}).to_string();
        prop_assert_eq!(consistent(kind, &text), Ok(()));
    }

    /// Any text, or nearly an ARN or a value, where IAM reads it.
    #[test]
    fn any_resource_and_value(
        [resource, value, service] in any::<[String; 3]>(),
        near in "arn:aws:[a-z0-9]{0,3}:[a-z*${}<-]{0,6}:[0-9a-z:*${}#?]{0,14}:[a-z/:]{0,6}",
        operator in select(vec!["IpAddress", "NumericEquals", "ArnLike", "BinaryEquals", "DateEquals", "Bool"]),
        near_value in r"[0-9a-f:./=*${}+e -]{0,12}",
        kind in select(KINDS.to_vec()),
    ) {
        for (resource, value) in [(&resource, &near_value), (&near, &near_value), (&near, &value)] {
            let text = json!({"Version": "2012-10-17", "Statement": {
                "Effect": "Allow", "Action": "s3:GetObject", "Resource": resource,
                "Condition": {operator: {"aws:SourceIp": value}},
            }});
            prop_assert_eq!(consistent(kind, &text.to_string()), Ok(()));
        }
        let trust = json!({"Version": "2012-10-17", "Statement": {
            "Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole",
        }});
        prop_assert_eq!(consistent(kind, &trust.to_string()), Ok(()));
    }
}

/// A document of the greatest length that IAM reads is judged in a moment, whatever is in its fields.
#[test]
#[expect(clippy::disallowed_methods, reason = "the time that the test itself takes")]
fn long_fields_take_no_longer_than_short_ones() {
    let begun = std::time::Instant::now();
    for part in ["${", "${a:", "${a:b}", "*", ":", "$", "${a:b}*"] {
        let field = part.repeat(130_000 / part.len());
        let texts = [format!("arn:aws:s3:::{field}"), format!("arn:aws:sqs:{field}:1:x"), field];
        for text in texts {
            let document = json!({"Version": "2012-10-17", "Statement": {
                "Effect": "Allow", "Action": "s3:GetObject", "Resource": &text,
                "Condition": {"ArnLike": {"aws:SourceArn": text}},
            }});
            let _ = Policy::parse(PolicyKind::Identity, &document.to_string());
        }
    }
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}
