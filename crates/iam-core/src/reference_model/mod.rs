//! A property test of the whole of IAM's state: random sequences of operations are run by their handlers and by a
//! reference model, which is nothing but IAM's rules over plain maps. After each operation both must have answered
//! the same, text and all, and must show the same account. A sequence that fails is shrunk.
//!
//! Longer: `PROPTEST_CASES=5000 cargo test -p daypass-iam-core reference_model`.

mod facts;
mod model;
mod operation;
mod run;

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use self::model::Model;
use self::operation::{Operation, sequence};
use crate::testing::Fixture;

proptest! {
    #![proptest_config(ProptestConfig {
        // They are long.
        cases: ProptestConfig::default().cases / 8,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_handlers_agree_with_the_reference_model(sequence in sequence()) {
        let fixture = Fixture::new();
        let mut model = Model::default();
        for (step, operation) in sequence.iter().enumerate() {
            check(&fixture, &mut model, operation)
                .map_err(|difference| TestCaseError::fail(format!("step {step}, {operation:?}: {difference}")))?;
        }
    }
}

/// What never happens is not tested: the sequences lead to each refusal, and each kind of operation succeeds. The
/// model alone shows it.
#[test]
fn the_sequences_lead_everywhere() {
    let mut met = BTreeSet::new();
    let mut runner = TestRunner::deterministic();
    for _ in 0..300 {
        let mut model = Model::default();
        let sequence = sequence().new_tree(&mut runner).unwrap().current();
        for (step, operation) in sequence.iter().enumerate() {
            let operation_name = format!("{operation:?}");
            let operation_name = operation_name.split(' ').next().unwrap().to_owned();
            match model.apply(operation, &step.to_string()) {
                Ok(()) => met.insert(format!("{operation_name} succeeds")),
                Err(refusal) => met.insert(refusal),
            };
        }
    }
    let succeeded = met.iter().filter(|met| met.ends_with(" succeeds")).count();
    assert_eq!(succeeded, OPERATIONS, "{met:#?}");
    for text in [
        "AccessDenied: Cannot delete policies outside",
        "AccessDenied: Cannot delete policy versions",
        "AccessDenied: Cannot update policies",
        "DeleteConflict: Cannot delete a policy attached to entities.",
        "DeleteConflict: Cannot delete entity, must delete access keys first.",
        "DeleteConflict: Cannot delete entity, must delete login profile first.",
        "DeleteConflict: Cannot delete entity, must delete policies first.",
        "DeleteConflict: Cannot delete entity, must detach all policies first.",
        "DeleteConflict: Cannot delete entity, must remove roles from instance profile first.",
        "DeleteConflict: Cannot delete entity, must remove users from group first.",
        "DeleteConflict: Cannot delete the default version of a policy.",
        "DeleteConflict: This policy has more than one version.",
        "EntityAlreadyExists: A policy called",
        "EntityAlreadyExists: Group",
        "EntityAlreadyExists: Instance Profile",
        "EntityAlreadyExists: Login Profile",
        "EntityAlreadyExists: Role",
        "EntityAlreadyExists: User",
        "InvalidInput: Duplicate tag keys found. Please",
        "InvalidInput: The tag key",
        "LimitExceeded: A managed policy can have up to 5 versions.",
        "LimitExceeded: Cannot exceed quota for AccessKeysPerUser: 2",
        "LimitExceeded: Cannot exceed quota for GroupsPerUser: 10",
        "LimitExceeded: Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1",
        "LimitExceeded: Cannot exceed quota for PoliciesPerGroup: 10",
        "LimitExceeded: Cannot exceed quota for PoliciesPerRole: 20",
        "LimitExceeded: Cannot exceed quota for PoliciesPerUser: 10",
        "LimitExceeded: Maximum policy size of 2048 bytes exceeded for user",
        "LimitExceeded: The number of tags has reached the maximum limit.",
        "MalformedPolicyDocument: Invalid principal in policy",
        "NoSuchEntity: Cannot find Login Profile",
        "NoSuchEntity: Instance Profile",
        "NoSuchEntity: Login Profile",
        "NoSuchEntity: Policy arn:aws:iam::000000000000:policy/ann does not exist or",
        "NoSuchEntity: Policy arn:aws:iam::000000000000:policy/ann version v2 does not exist or",
        "NoSuchEntity: Policy arn:aws:iam::000000000000:policy/ann was not found.",
        "NoSuchEntity: Scope ARN: arn:aws:iam::000000000000:policy/ann does not exist or",
        "NoSuchEntity: The Access Key",
        "NoSuchEntity: The group policy",
        "NoSuchEntity: The group with",
        "NoSuchEntity: The role policy",
        "NoSuchEntity: The role with",
        "NoSuchEntity: The user policy",
        "NoSuchEntity: The user with",
        "PasswordPolicyViolation: ",
        "PolicyNotAttachable: ",
    ] {
        assert!(met.iter().any(|met| met.starts_with(text)), "never: {text}");
    }
}

/// How many kinds of [`Operation`] there are.
const OPERATIONS: usize = 35;

/// Runs one operation on both sides; how they differ then, in words.
fn check(fixture: &Fixture, model: &mut Model, operation: &Operation) -> Result<(), String> {
    let answer = run::run(fixture, model.keys(), operation);
    let id = answer.as_ref().ok().and_then(Option::as_deref).unwrap_or_default();
    let expected = model.apply(operation, id);
    let refusal = answer.err().unwrap_or_default();
    let expected = expected.err().unwrap_or_default();
    if refusal != expected {
        return Err(format!("the handler answers {refusal:?}, the model {expected:?}"));
    }
    let (shown, expected) = (facts::shown(fixture), model.facts());
    if shown == expected {
        return Ok(());
    }
    let lacking: Vec<_> = expected.iter().filter(|fact| !shown.contains(fact)).collect();
    let surplus: Vec<_> = shown.iter().filter(|fact| !expected.contains(fact)).collect();
    Err(format!(
        "lacking: {lacking:#?}, surplus: {surplus:#?}, {} facts, not {}",
        shown.len(),
        expected.len()
    ))
}
