//! Simulations as callers ask for them.

mod custom;
mod inputs;
mod keys;
mod principal;
mod trust;

use daypass_model::iam::{
    ContextEntry, ContextKeyTypeEnum, EvaluationResult, SimulateCustomPolicyInput, Statement,
};

use crate::generated::SimulateCustomPolicy;
use crate::testing::Fixture;

/// A policy with these statements, in a text whose places are easy to count.
fn policy(statements: &str) -> String {
    format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{statements}]}}")
}

fn statement(effect: &str, action: &str, resource: &str) -> String {
    format!(r#"{{"Effect": "{effect}", "Action": "{action}", "Resource": "{resource}"}}"#)
}

/// A policy of one statement.
fn one(effect: &str, action: &str, resource: &str) -> String {
    policy(&statement(effect, action, resource))
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn entry(name: &str, values: &[&str], key_type: ContextKeyTypeEnum) -> ContextEntry {
    ContextEntry {
        context_key_name: Some(name.to_owned()),
        context_key_values: Some(strings(values)),
        context_key_type: Some(key_type),
    }
}

/// What a simulation of given policies asks.
fn asked(policies: &[&str], actions: &[&str], resources: &[&str]) -> SimulateCustomPolicyInput {
    SimulateCustomPolicyInput {
        policy_input_list: strings(policies),
        action_names: strings(actions),
        resource_arns: (!resources.is_empty()).then(|| strings(resources)),
        ..SimulateCustomPolicyInput::default()
    }
}

/// What comes of one action.
fn simulated(fixture: &Fixture, input: SimulateCustomPolicyInput) -> EvaluationResult {
    let mut results = fixture.ok::<SimulateCustomPolicy>(input).evaluation_results.unwrap();
    assert_eq!(results.len(), 1, "{results:?}");
    results.remove(0)
}

/// The decision, and the policies whose statements made it.
fn decided(result: &EvaluationResult) -> (&'static str, Vec<&str>) {
    (result.eval_decision.as_str(), sources(result.matched_statements.as_deref()))
}

/// The decisions on each resource, and the policies whose statements made them.
fn decided_each(result: &EvaluationResult) -> Vec<(&str, &'static str, Vec<&str>)> {
    let results = result.resource_specific_results.as_deref().unwrap_or_default();
    let each = results.iter().map(|result| {
        let sources = sources(result.matched_statements.as_deref());
        (&*result.eval_resource_name, result.eval_resource_decision.as_str(), sources)
    });
    each.collect()
}

fn sources(statements: Option<&[Statement]>) -> Vec<&str> {
    let statements = statements.unwrap_or_default();
    statements.iter().map(|statement| statement.source_policy_id.as_deref().unwrap()).collect()
}
