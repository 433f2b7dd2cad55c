//! The rules, each shown by documents that it finds something in and documents that it does not.
#![cfg(test)]

mod properties;
mod vocabulary;

use std::collections::{BTreeMap, BTreeSet};

use daypass_policy::PolicyKind;
use daypass_policy::lint::{Finding, RULES, check};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::vocabulary::Small;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// What the cases show.
    about: String,
    /// The kind of the documents, unless a case says another.
    kind: String,
    cases: BTreeMap<String, Case>,
}

/// What is found in this document?
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    kind: Option<String>,
    /// The whole document, or its text where it is no JSON.
    document: Option<Value>,
    text: Option<String>,
    /// A statement to stand alone in a document of 2012.
    statement: Option<Value>,
    /// The statements of a document of 2012.
    statements: Option<Value>,
    /// All findings in the order of the text: severity, rule, and the text that is pointed at
    /// without its quotes.
    finds: Vec<String>,
    /// The help of the first finding that has any.
    help: Option<String>,
    /// AWS's words on one of the findings.
    refusal: Option<String>,
}

#[test]
fn every_case() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/lint/cases");
    let mut failures = Vec::new();
    let mut shown = BTreeSet::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let file: File =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(!file.about.is_empty() && !file.cases.is_empty(), "{name}");
        for (title, case) in &file.cases {
            let found = run(case, &file.kind);
            shown.extend(found.iter().map(|finding| finding.rule.id));
            if let Err(why) = judge(case, &file.kind, &found) {
                failures.push(format!("{name}: {title}: {why}"));
            }
        }
    }
    assert!(failures.is_empty(), "{} fail:\n{}", failures.len(), failures.join("\n"));
    let all: BTreeSet<_> = RULES.iter().map(|rule| rule.id).collect();
    let missing: Vec<_> = all.difference(&shown).collect();
    assert!(missing.is_empty(), "no case shows {missing:?}");
}

fn run(case: &Case, kind: &str) -> Vec<Finding> {
    check(kind_of(case.kind.as_deref().unwrap_or(kind)), &text_of(case), &Small)
}

fn judge(case: &Case, kind: &str, found: &[Finding]) -> Result<(), String> {
    let text = text_of(case);
    let shown: Vec<_> = found.iter().map(|finding| show(finding, &text)).collect();
    if shown != case.finds {
        return Err(format!("as {kind} finds {shown:#?}"));
    }
    if let Some(help) = &case.help {
        let found = found.iter().find_map(|finding| finding.help.as_ref());
        if found != Some(help) {
            return Err(format!("helps with {found:?}"));
        }
    }
    let refusal = found.iter().find_map(|finding| finding.refusal.as_ref());
    let refusal = refusal.map(ToString::to_string);
    if case.refusal.is_some() && refusal != case.refusal {
        return Err(format!("AWS says {refusal:?}"));
    }
    Ok(())
}

fn show(finding: &Finding, text: &str) -> String {
    let pointed = text.get(finding.span.clone()).unwrap();
    let pointed = pointed.strip_prefix('"').and_then(|p| p.strip_suffix('"')).unwrap_or(pointed);
    format!("{} {} {pointed}", finding.severity.as_str(), finding.rule.id)
}

fn text_of(case: &Case) -> String {
    let document =
        |statements: &Value| json!({"Version": "2012-10-17", "Statement": statements}).to_string();
    match (&case.document, &case.text, &case.statement, &case.statements) {
        (Some(document), None, None, None) => document.to_string(),
        (None, Some(text), None, None) => text.clone(),
        (None, None, Some(statement), None) | (None, None, None, Some(statement)) => {
            document(statement)
        }
        _ => panic!("one of document, text, statement, statements"),
    }
}

fn kind_of(name: &str) -> PolicyKind {
    match name {
        "identity" => PolicyKind::Identity,
        "inline" => PolicyKind::Inline,
        "managed" => PolicyKind::Managed,
        "trust" => PolicyKind::Trust,
        "session" => PolicyKind::Session,
        "resource" => PolicyKind::Resource,
        "service-control" => PolicyKind::ServiceControl,
        "resource-control" => PolicyKind::ResourceControl,
        other => panic!("no kind {other}"),
    }
}
