//! Instance profiles, and what an auditor reads of them.

use daypass_tests::{Refused, World, allow, policy, refusal, trust};

#[tokio::test]
async fn whoever_adds_a_role_must_be_allowed_to_pass_it() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    world.role("web", trust("arn:aws:iam::123456789012:root")).await;
    let root = world.iam(&world.root());
    let created = root.create_instance_profile().instance_profile_name("web").path("/ops/");
    let profile = created.send().await.unwrap().instance_profile.unwrap();
    assert_eq!(profile.arn(), "arn:aws:iam::123456789012:instance-profile/ops/web");
    assert!(profile.roles().is_empty());

    let iam = world.iam(&alice);
    let add =
        || iam.add_role_to_instance_profile().instance_profile_name("web").role_name("web").send();
    let denied = |what: &str, action: &str| {
        let message = format!(
            "User: arn:aws:iam::123456789012:user/alice is not authorized to perform: {what} because no \
             identity-based policy allows the {action} action"
        );
        refusal(403, "AccessDenied", message)
    };
    assert_eq!(
        add().await.refused(),
        denied(
            "iam:AddRoleToInstanceProfile on resource: instance profile web",
            "iam:AddRoleToInstanceProfile"
        )
    );
    world
        .permit(
            "alice",
            allow("iam:AddRoleToInstanceProfile", "arn:aws:iam::*:instance-profile/ops/*"),
        )
        .await;
    assert_eq!(
        add().await.refused(),
        denied("iam:PassRole on resource: arn:aws:iam::123456789012:role/web", "iam:PassRole")
    );
    let pass = serde_json::json!({
        "Effect": "Allow",
        "Action": ["iam:AddRoleToInstanceProfile", "iam:PassRole"],
        "Resource": "*",
        "Condition": {"StringEqualsIfExists": {"iam:PassedToService": "ec2.amazonaws.com"}},
    });
    world.permit("alice", pass).await;
    add().await.unwrap();

    let of_role = root.list_instance_profiles_for_role().role_name("web").send().await.unwrap();
    let of_role = of_role.instance_profiles();
    assert_eq!(of_role[0].instance_profile_name(), "web");
    assert_eq!(of_role[0].roles()[0].role_name(), "web");
    let conflict = refusal(
        409,
        "DeleteConflict",
        "Cannot delete entity, must remove roles from instance profile first.",
    );
    assert_eq!(root.delete_role().role_name("web").send().await.refused(), conflict);
}

#[tokio::test]
async fn an_auditor_reads_the_whole_account_page_by_page() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    world.permit("alice", allow("iam:GetAccountAuthorizationDetails", "*")).await;
    world.role("web", trust("arn:aws:iam::123456789012:root")).await;
    let root = world.iam(&world.root());
    let own = root.create_policy().policy_name("own");
    own.policy_document(policy(allow("s3:*", "*"))).send().await.unwrap();

    let iam = world.iam(&alice);
    let mut pages = iam
        .get_account_authorization_details()
        .filter(aws_sdk_iam::types::EntityType::User)
        .filter(aws_sdk_iam::types::EntityType::Role)
        .filter(aws_sdk_iam::types::EntityType::LocalManagedPolicy)
        .into_paginator()
        .page_size(1)
        .send();
    let mut seen = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        let users = page.user_detail_list().iter().map(|user| user.user_name());
        let roles = page.role_detail_list().iter().map(|role| role.role_name());
        let policies = page.policies().iter().map(|policy| policy.policy_name());
        let names = users.chain(roles).chain(policies).flatten();
        seen.extend(names.map(str::to_owned));
    }
    assert_eq!(seen, ["alice", "web", "own"]);
}
