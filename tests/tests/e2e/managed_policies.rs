//! Policies with versions of their own, attached to whoever needs them.

use daypass_tests::{Refused, World, allow, policy, refusal};

const POLICY: &str = "arn:aws:iam::123456789012:policy/users";

#[tokio::test]
async fn the_default_version_is_the_one_in_force() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    let iam = world.iam(&world.root());
    let create = iam.create_policy().policy_name("users");
    let create = create.policy_document(policy(allow("iam:GetUser", "*")));
    let made = create.send().await.unwrap().policy.unwrap();
    assert_eq!((made.arn(), made.default_version_id()), (Some(POLICY), Some("v1")));
    iam.attach_user_policy().user_name("alice").policy_arn(POLICY).send().await.unwrap();
    let as_alice = world.iam(&alice);
    let get = || as_alice.get_user().user_name("alice").send();
    let list = || as_alice.list_users().send();
    let set_default =
        |version| iam.set_default_policy_version().policy_arn(POLICY).version_id(version).send();

    get().await.unwrap();
    list().await.unwrap_err();
    let create = iam.create_policy_version().policy_arn(POLICY);
    let create = create.policy_document(policy(allow("iam:ListUsers", "*")));
    let second = create.send().await.unwrap().policy_version.unwrap();
    assert_eq!((second.version_id(), second.is_default_version()), (Some("v2"), false));
    list().await.unwrap_err();

    set_default("v2").await.unwrap();
    list().await.unwrap();
    let message = "User: arn:aws:iam::123456789012:user/alice is not authorized to perform: \
                   iam:GetUser on resource: user alice because no identity-based policy allows \
                   the iam:GetUser action";
    assert_eq!(get().await.refused(), refusal(403, "AccessDenied", message));

    let versions = iam.list_policy_versions().policy_arn(POLICY).send().await.unwrap();
    let mut versions: Vec<_> = versions
        .versions()
        .iter()
        .map(|version| (version.version_id().unwrap(), version.is_default_version()))
        .collect();
    versions.sort_unstable();
    assert_eq!(versions, [("v1", false), ("v2", true)]);
    let read = iam.get_policy_version().policy_arn(POLICY).version_id("v1").send().await.unwrap();
    let read = read.policy_version.unwrap();
    assert_eq!(decoded(read.document().unwrap()), policy(allow("iam:GetUser", "*")));

    set_default("v1").await.unwrap();
    get().await.unwrap();
    list().await.unwrap_err();
}

/// IAM gives documents percent-encoded.
fn decoded(document: &str) -> String {
    percent_encoding::percent_decode_str(document).decode_utf8().unwrap().into_owned()
}

#[tokio::test]
async fn a_policy_has_five_versions_and_keeps_the_default_one() {
    let world = World::start().await;
    let iam = world.iam(&world.root());
    let document = || policy(allow("iam:GetUser", "*"));
    let create = iam.create_policy().policy_name("users").policy_document(document());
    create.send().await.unwrap();
    let add = || iam.create_policy_version().policy_arn(POLICY).policy_document(document()).send();
    let delete =
        |version| iam.delete_policy_version().policy_arn(POLICY).version_id(version).send();

    for _ in 2..=5 {
        add().await.unwrap();
    }
    let message = "A managed policy can have up to 5 versions. Before you create a new version, \
                   you must delete an existing version.";
    assert_eq!(add().await.refused(), refusal(409, "LimitExceeded", message));
    let message = "Cannot delete the default version of a policy.";
    assert_eq!(delete("v1").await.refused(), refusal(409, "DeleteConflict", message));
    delete("v3").await.unwrap();
    let sixth = add().await.unwrap().policy_version.unwrap();
    assert_eq!(sixth.version_id(), Some("v6"));
}

#[tokio::test]
async fn an_attached_policy_stays() {
    let world = World::start().await;
    world.user("alice").await;
    let iam = world.iam(&world.root());
    let create = iam.create_policy().policy_name("users");
    create.policy_document(policy(allow("iam:GetUser", "*"))).send().await.unwrap();
    iam.attach_user_policy().user_name("alice").policy_arn(POLICY).send().await.unwrap();
    let delete = || iam.delete_policy().policy_arn(POLICY).send();

    let message = "Cannot delete a policy attached to entities.";
    assert_eq!(delete().await.refused(), refusal(409, "DeleteConflict", message));
    let read = iam.get_policy().policy_arn(POLICY).send().await.unwrap().policy.unwrap();
    assert_eq!(read.attachment_count(), Some(1));
    iam.detach_user_policy().user_name("alice").policy_arn(POLICY).send().await.unwrap();
    delete().await.unwrap();
    let gone = iam.get_policy().policy_arn(POLICY).send().await.refused();
    assert_eq!((gone.status, &*gone.code), (404, "NoSuchEntity"));
}

#[tokio::test]
async fn a_boundary_limits_what_other_policies_give() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    world.permit("alice", allow("iam:*", "*")).await;
    let iam = world.iam(&world.root());
    let set = iam.put_user_permissions_boundary().user_name("alice");
    set.permissions_boundary("arn:aws:iam::aws:policy/IAMReadOnlyAccess").send().await.unwrap();

    world.iam(&alice).list_users().send().await.unwrap();
    let create = || world.iam(&alice).create_user().user_name("bob").send();
    let message = "User: arn:aws:iam::123456789012:user/alice is not authorized to perform: \
                   iam:CreateUser on resource: arn:aws:iam::123456789012:user/bob because no \
                   permissions boundary allows the iam:CreateUser action";
    assert_eq!(create().await.refused(), refusal(403, "AccessDenied", message));
    iam.delete_user_permissions_boundary().user_name("alice").send().await.unwrap();
    create().await.unwrap();
}

#[tokio::test]
async fn the_policies_of_aws_are_all_there() {
    use aws_sdk_iam::types::PolicyScopeType;

    let world = World::start().await;
    let iam = world.iam(&world.root());
    let pages = iam.list_policies().scope(PolicyScopeType::Aws).into_paginator().page_size(1000);
    let policies: Vec<_> = pages.items().send().collect::<Result<_, _>>().await.unwrap();
    assert!(policies.len() > 1_000, "{}", policies.len());
    let administrator = policies.iter().find(|p| p.policy_name() == Some("AdministratorAccess"));
    let administrator = administrator.unwrap();
    let read = iam.get_policy_version();
    let read = read.set_policy_arn(administrator.arn.clone());
    let read = read.set_version_id(administrator.default_version_id.clone());
    let document = read.send().await.unwrap().policy_version.unwrap().document.unwrap();
    let document: serde_json::Value = serde_json::from_str(&decoded(&document)).unwrap();
    assert_eq!(document["Statement"][0], allow("*", "*"));
    assert_eq!(document["Statement"].as_array().map(Vec::len), Some(1));
}
