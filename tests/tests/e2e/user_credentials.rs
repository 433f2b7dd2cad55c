//! What users have beside access keys, and the report of it, with AWS's SDK.

use aws_sdk_iam::types::{DeletionTaskStatusType, EntityType, ReportStateType};
use daypass_tests::{Refused, World, refusal};

#[tokio::test]
async fn a_user_changes_the_password_that_an_administrator_has_set() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    let root = world.iam(&world.root());
    let create = root.create_login_profile().user_name("alice").password("Password-1");
    let made = create.password_reset_required(true).send().await.unwrap();
    let made = made.login_profile.unwrap();
    assert!(made.password_reset_required());

    let iam = world.iam(&alice);
    let change = async |old: &str, new: &str| {
        iam.change_password().old_password(old).new_password(new).send().await
    };
    let denied = change("Password-1", "Password-2").await.refused();
    assert_eq!(denied.code, "AccessDenied");
    let policy = root.update_account_password_policy().allow_users_to_change_password(true);
    policy.minimum_password_length(10).send().await.unwrap();
    assert_eq!(
        change("Password-1", "short").await.refused(),
        refusal(400, "PasswordPolicyViolation", "Password should have a minimum length of 10")
    );
    assert_eq!(
        change("Password-0", "Password-2").await.refused(),
        refusal(403, "AccessDenied", "The old password was incorrect.")
    );
    change("Password-1", "Password-2").await.unwrap();
    let shown = root.get_login_profile().user_name("alice").send().await.unwrap();
    assert!(!shown.login_profile.unwrap().password_reset_required());

    let started = root.generate_credential_report().send().await.unwrap();
    assert_eq!(started.state(), Some(&ReportStateType::Started));
    let report = root.get_credential_report().send().await.unwrap();
    let report = String::from_utf8(report.content.unwrap().into_inner()).unwrap();
    let line = report.lines().find(|line| line.starts_with("alice,")).unwrap();
    assert_eq!(line.split(',').nth(3), Some("true"), "{line}");
}

#[tokio::test]
async fn a_service_gets_its_role_and_loses_it() {
    let world = World::start().await;
    let root = world.iam(&world.root());
    let create = root.create_service_linked_role().aws_service_name("ecs.amazonaws.com");
    let role = create.send().await.unwrap().role.unwrap();
    assert_eq!(role.role_name(), "AWSServiceRoleForECS");
    let listed = root.get_account_authorization_details().filter(EntityType::Role);
    let listed = listed.send().await.unwrap();
    let policies = listed.role_detail_list()[0].attached_managed_policies();
    assert_eq!(policies[0].policy_name(), Some("AmazonECSServiceRolePolicy"));
    let delete = root.delete_service_linked_role().role_name("AWSServiceRoleForECS");
    let task = delete.send().await.unwrap().deletion_task_id;
    let status = root.get_service_linked_role_deletion_status().deletion_task_id(task);
    assert_eq!(*status.send().await.unwrap().status(), DeletionTaskStatusType::Succeeded);
}

#[tokio::test]
async fn a_password_for_one_service_is_shown_once() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    let root = world.iam(&world.root());
    let create = root.create_service_specific_credential().user_name("alice");
    let made = create.service_name("codecommit.amazonaws.com").send().await.unwrap();
    let made = made.service_specific_credential.unwrap();
    assert_eq!(made.service_user_name(), "alice-at-123456789012");
    let list = || root.list_service_specific_credentials().user_name("alice").send();
    assert_eq!(list().await.unwrap().service_specific_credentials().len(), 1);
    let denied = world.iam(&alice).list_service_specific_credentials().send().await.refused();
    assert_eq!(denied.code, "AccessDenied");
    let id = made.service_specific_credential_id();
    let reset = root.reset_service_specific_credential().user_name("alice");
    let reset = reset.service_specific_credential_id(id).send().await.unwrap();
    let reset = reset.service_specific_credential.unwrap();
    assert_ne!(reset.service_password(), made.service_password());
    let delete = root.delete_service_specific_credential().user_name("alice");
    delete.service_specific_credential_id(id).send().await.unwrap();
    assert!(list().await.unwrap().service_specific_credentials().is_empty());
}
