//! Runs the cases of `tests/cases/*.json`: the language's rules, one case for each, as data. The
//! reference must answer them too, and so is held to the documentation like the crate.

use std::collections::BTreeMap;

use daypass_policy::{Policy, PolicyKind, Request};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::agreement::Disagreement;
use crate::support::{self, Answer, Caller, Outcome};

/// A file: what it shows, and its cases by the rule that each of them pins.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    about: String,
    #[serde(flatten)]
    cases: Cases,
}

#[derive(Deserialize)]
enum Cases {
    #[serde(rename = "documents")]
    Documents(BTreeMap<String, Document>),
    #[serde(rename = "conditions")]
    Conditions(BTreeMap<String, Condition>),
    #[serde(rename = "statements")]
    Statements(BTreeMap<String, Statement>),
    #[serde(rename = "principals")]
    Principals(BTreeMap<String, Principal>),
    #[serde(rename = "decisions")]
    Decisions(BTreeMap<String, support::Decision>),
}

/// Is the document saved, or what does IAM say?
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    kind: String,
    /// The whole document, or its text where it is no JSON.
    document: Option<Value>,
    text: Option<String>,
    /// A statement to stand alone in a document of 2012.
    statement: Option<Value>,
    error: Option<String>,
}

/// Does an Allow with this condition apply?
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Condition {
    #[serde(rename = "if")]
    condition: Value,
    with: Value,
    holds: bool,
    #[serde(default)]
    version: Option<String>,
}

/// Does this statement of an identity policy apply to the action and the resource?
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Statement {
    statement: Value,
    #[serde(default)]
    version: Option<String>,
    action: String,
    resource: String,
    #[serde(default)]
    with: Value,
    applies: bool,
}

/// How far does an Allow or Deny for this principal reach, for each caller?
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Principal {
    principal: Option<Value>,
    not_principal: Option<Value>,
    #[serde(default)]
    effect: Option<String>,
    reach: BTreeMap<Caller, Option<String>>,
}

#[test]
fn every_case() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases");
    let mut ran = 0;
    let mut failures = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let file: File =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(!file.about.is_empty(), "{name} says what it shows");
        let results = run(&file.cases);
        assert!(!results.is_empty(), "{name} has cases");
        ran += results.len();
        failures.extend(
            results.into_iter().filter_map(|(rule, result)| {
                result.err().map(|why| format!("{name}: {rule}: {why}"))
            }),
        );
    }
    assert!(ran >= 1400, "only {ran} cases were found in {directory}");
    assert!(
        failures.is_empty(),
        "{} of {ran} cases fail:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

/// A rule, and whether its case shows it.
type Shown = (String, Result<(), String>);

fn run(cases: &Cases) -> Vec<Shown> {
    fn each<T>(cases: &BTreeMap<String, T>, run: fn(&T) -> Result<(), String>) -> Vec<Shown> {
        cases.iter().map(|(rule, case)| (rule.clone(), run(case))).collect()
    }
    match cases {
        Cases::Documents(cases) => each(cases, document),
        Cases::Conditions(cases) => each(cases, condition),
        Cases::Statements(cases) => each(cases, statement),
        Cases::Principals(cases) => each(cases, principal),
        Cases::Decisions(cases) => each(cases, decision),
    }
}

fn document(case: &Document) -> Result<(), String> {
    let text = match (&case.document, &case.text, &case.statement) {
        (Some(document), None, None) => document.to_string(),
        (None, Some(text), None) => text.clone(),
        (None, None, Some(statement)) => {
            json!({"Version": "2012-10-17", "Statement": statement}).to_string()
        }
        _ => return Err("one of document, text, statement".to_owned()),
    };
    let kind = match case.kind.as_str() {
        "identity" => PolicyKind::Identity,
        "inline" => PolicyKind::Inline,
        "managed" => PolicyKind::Managed,
        "trust" => PolicyKind::Trust,
        "session" => PolicyKind::Session,
        "resource" => PolicyKind::Resource,
        "service control" => PolicyKind::ServiceControl,
        "resource control" => PolicyKind::ResourceControl,
        other => return Err(format!("no kind {other}")),
    };
    let found = Policy::parse(kind, &text).err().map(|error| error.to_string());
    same(&found, &case.error)
}

fn condition(case: &Condition) -> Result<(), String> {
    let statement =
        json!({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": case.condition});
    let decision = json!({"action": "iam:GetUser", "resource": "*", "with": case.with});
    same(&applies(&statement, case.version.as_deref(), decision)?, &case.holds)
}

fn statement(case: &Statement) -> Result<(), String> {
    let decision = json!({"action": case.action, "resource": case.resource, "with": case.with});
    same(&applies(&case.statement, case.version.as_deref(), decision)?, &case.applies)
}

fn principal(case: &Principal) -> Result<(), String> {
    let effect = case.effect.as_deref().unwrap_or("Allow");
    let mut statement = json!({"Effect": effect, "Action": "sts:AssumeRole", "Resource": "*"});
    if let Some(principal) = &case.principal {
        statement["Principal"] = principal.clone();
    }
    if let Some(principal) = &case.not_principal {
        statement["NotPrincipal"] = principal.clone();
    }
    let document = json!({"Version": "2012-10-17", "Statement": statement});
    let policy = Policy::parse(PolicyKind::Resource, &document.to_string())
        .map_err(|error| format!("{error}: {document}"))?;
    for (caller, expected) in &case.reach {
        let verdict = caller.with(|caller| {
            policy.evaluate(&Request {
                caller,
                action: "sts:AssumeRole",
                resource: "*",
                context: &(),
            })
        });
        let found = match (verdict.allowed_by, verdict.denied_by) {
            (Some((_, reach)), _) => Some(format!("{reach:?}")),
            (None, Some(_)) => Some("Denied".to_owned()),
            (None, None) => None,
        };
        same(&found, expected).map_err(|why| format!("{caller:?}: {why}"))?;
        let decision = json!({
            "caller": caller, "resource": "*", "resource_policy": document, "expect": "",
        });
        let applies = !answer(&serde_json::from_value(decision).unwrap())?.applying.is_empty();
        same(&applies, &expected.is_some()).map_err(|why| format!("{caller:?}: {why}"))?;
    }
    Ok(())
}

fn decision(case: &support::Decision) -> Result<(), String> {
    let case = case.clone().expanded();
    answer(&case)?;
    let (outcome, named) = support::decided(&case, &case.parse()?);
    let found = match (outcome, named) {
        (Outcome::Denies(_), Some((_, index))) => format!("{outcome} in {index}"),
        _ => outcome.to_string(),
    };
    same(&found, &case.expect)
}

/// Whether a statement of an identity policy applies; one of 2008 can only be AWS's own.
fn applies(statement: &Value, version: Option<&str>, mut request: Value) -> Result<bool, String> {
    let version = version.unwrap_or("2012-10-17");
    let place = if version == "2012-10-17" { "identity" } else { "managed" };
    request[place] = json!([{"Version": version, "Statement": statement}]);
    request["caller"] = json!("user");
    request["expect"] = json!("");
    Ok(!answer(&serde_json::from_value(request).unwrap())?.applying.is_empty())
}

/// What the crate and the reference answer, which must be the same.
fn answer(case: &support::Decision) -> Result<Answer, String> {
    Disagreement::or_answer(case, &case.parse()?).map_err(|disagreement| disagreement.to_string())
}

fn same<T: PartialEq + std::fmt::Debug>(found: &T, expected: &T) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("found {found:?}, expected {expected:?}")) }
}
