//! What the policy simulator foretells, happens.

use aws_sdk_iam::operation::simulate_principal_policy::builders;
use aws_sdk_iam::types::{
    ContextEntry, ContextKeyTypeEnum, EvaluationResult, PolicyEvaluationDecisionType as Decision,
};
use daypass::Daypass;
use daypass_tests::{ACCOUNT, Refused, World, allow, deny, policy, trust};
use serde_json::json;

#[tokio::test]
async fn somebodys_policies_are_tried_out_before_they_are_changed() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    let users = format!("arn:aws:iam::{ACCOUNT}:user/*");
    world.permit("alice", json!([allow("iam:*User*", "*"), deny("iam:DeleteUser", &users)])).await;
    let iam = world.iam(&world.root());
    let arn = format!("arn:aws:iam::{ACCOUNT}:user/alice");
    let simulate = || {
        let call = iam.simulate_principal_policy().policy_source_arn(&arn);
        let call = call.resource_arns(format!("arn:aws:iam::{ACCOUNT}:user/x"));
        call.action_names("iam:ListUsers").action_names("iam:DeleteUser").max_items(1)
    };
    let decisions = async |call: builders::SimulatePrincipalPolicyFluentBuilder| {
        let results = call.into_paginator().items().send().try_collect().await.unwrap();
        results.into_iter().map(|result: EvaluationResult| result.eval_decision).collect::<Vec<_>>()
    };

    assert_eq!(decisions(simulate()).await, [Decision::Allowed, Decision::ExplicitDeny]);
    world.iam(&alice).list_users().send().await.unwrap();
    assert_eq!(world.iam(&alice).delete_user().user_name("x").send().await.refused().status, 403);

    let bounded = simulate().permissions_boundary_policy_input_list(policy(allow("s3:*", "*")));
    assert_eq!(decisions(bounded).await, [Decision::ImplicitDeny, Decision::ExplicitDeny]);
    world.iam(&alice).list_users().send().await.unwrap();

    let refused = iam.simulate_principal_policy().policy_source_arn(&arn).action_names("iam:Nope");
    let refused = refused.send().await.refused();
    assert_eq!((refused.status, &*refused.code), (400, "InvalidInput"));
}

#[tokio::test]
async fn a_policy_is_tried_out_before_anybody_has_it() {
    let world = World::start().await;
    let iam = world.iam(&world.root());
    let draft = policy(json!({
        "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:username}/*",
        "Condition": {"DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}},
    }));
    let keys = iam.get_context_keys_for_custom_policy().policy_input_list(&draft).send().await;
    assert_eq!(keys.unwrap().context_key_names(), ["aws:CurrentTime", "aws:username"]);

    let simulate = |date: Option<&str>| {
        let entry = date.map(|date| {
            let entry = ContextEntry::builder().context_key_name("aws:CurrentTime");
            entry.context_key_values(date).context_key_type(ContextKeyTypeEnum::Date).build()
        });
        iam.simulate_custom_policy()
            .policy_input_list(&draft)
            .action_names("s3:GetObject")
            .resource_arns("arn:aws:s3:::b/alice/x")
            .resource_arns("arn:aws:s3:::b/carol/x")
            .caller_arn(format!("arn:aws:iam::{ACCOUNT}:user/alice"))
            .set_context_entries(entry.map(|entry| vec![entry]))
            .send()
    };
    let answer = simulate(Some("2029-12-31T23:59:59Z")).await.unwrap();
    let [result] = answer.evaluation_results() else { panic!("{answer:?}") };
    assert_eq!(result.eval_decision(), &Decision::ImplicitDeny);
    let [own, other] = result.resource_specific_results() else { panic!("{result:?}") };
    assert_eq!(own.eval_resource_decision(), &Decision::Allowed);
    assert_eq!(other.eval_resource_decision(), &Decision::ImplicitDeny);
    let [statement] = own.matched_statements() else { panic!("{own:?}") };
    assert_eq!(statement.source_policy_id(), Some("PolicyInputList.1"));
    assert_eq!(statement.source_policy_type().unwrap().as_str(), "IAM Policy");
    let (start, end) = (statement.start_position().unwrap(), statement.end_position().unwrap());
    assert_eq!((start.line(), end.line()), (1, 1));
    assert!(start.column() < end.column());

    let answer = simulate(None).await.unwrap();
    let missing = answer.evaluation_results()[0].missing_context_values();
    assert_eq!(missing, ["aws:CurrentTime"]);
}

#[tokio::test]
async fn who_may_assume_a_role_is_foretold_but_not_by_awss_rules() {
    let foretold = async |world: &World| {
        world.user("alice").await;
        let bob = world.user("bob").await;
        let alice = format!("arn:aws:iam::{ACCOUNT}:user/alice");
        let role = world.role("deploy", trust(&alice)).await;
        world.permit("bob", allow("sts:AssumeRole", role.arn())).await;
        let call = world.sts(&bob).assume_role().role_arn(role.arn()).role_session_name("session");
        assert_eq!(call.send().await.refused().code, "AccessDenied");
        let iam = world.iam(&world.root());
        let decision = async |user: &str| {
            let call = iam.simulate_principal_policy().action_names("sts:AssumeRole");
            let call = call.policy_source_arn(format!("arn:aws:iam::{ACCOUNT}:user/{user}"));
            let answer = call.resource_arns(role.arn()).send().await.unwrap();
            answer.evaluation_results()[0].eval_decision().clone()
        };
        [decision("alice").await, decision("bob").await]
    };
    let world = World::start().await;
    assert_eq!(foretold(&world).await, [Decision::Allowed, Decision::ImplicitDeny]);
    let strict = World::of(Daypass::builder().strict(true)).await;
    assert_eq!(foretold(&strict).await, [Decision::ImplicitDeny, Decision::Allowed]);
}
