//! Permissions by membership.

use daypass_tests::{Refused, World, allow, deny, policy, refusal};

#[tokio::test]
async fn a_member_has_what_the_group_has_and_nobody_else() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    let iam = world.iam(&world.root());
    let group = iam.create_group().group_name("readers").path("/team/").send().await.unwrap();
    let group = group.group.unwrap();
    assert_eq!(group.arn(), "arn:aws:iam::123456789012:group/team/readers");
    assert!(group.group_id().starts_with("AGPA"), "{}", group.group_id());
    let attach = iam.attach_group_policy().group_name("readers");
    attach.policy_arn("arn:aws:iam::aws:policy/IAMReadOnlyAccess").send().await.unwrap();
    let list = || world.iam(&alice).list_users().send();
    let denied = |why: &str| {
        let message = format!(
            "User: arn:aws:iam::123456789012:user/alice is not authorized to perform: \
             iam:ListUsers on resource: arn:aws:iam::123456789012:user/ {why}"
        );
        refusal(403, "AccessDenied", message)
    };
    let not_allowed = || denied("because no identity-based policy allows the iam:ListUsers action");

    assert_eq!(list().await.refused(), not_allowed());
    iam.add_user_to_group().group_name("readers").user_name("alice").send().await.unwrap();
    assert_eq!(list().await.unwrap().users().len(), 1);
    let members = iam.get_group().group_name("readers").send().await.unwrap();
    let names: Vec<&str> = members.users().iter().map(|user| user.user_name()).collect();
    assert_eq!(names, ["alice"]);
    let groups = world.iam(&alice).list_groups_for_user().user_name("alice").send().await.unwrap();
    let names: Vec<&str> = groups.groups().iter().map(|group| group.group_name()).collect();
    assert_eq!(names, ["readers"]);

    let put = iam.put_group_policy().group_name("readers").policy_name("not-users");
    put.policy_document(policy(deny("iam:ListUsers", "*"))).send().await.unwrap();
    assert_eq!(list().await.refused(), denied("with an explicit deny in an identity-based policy"));
    let delete = iam.delete_group_policy().group_name("readers").policy_name("not-users");
    delete.send().await.unwrap();
    list().await.unwrap();
    let remove = iam.remove_user_from_group().group_name("readers").user_name("alice");
    remove.send().await.unwrap();
    assert_eq!(list().await.refused(), not_allowed());
}

#[tokio::test]
async fn a_group_goes_when_it_is_empty() {
    let world = World::start().await;
    world.user("alice").await;
    let iam = world.iam(&world.root());
    iam.create_group().group_name("staff").send().await.unwrap();
    iam.add_user_to_group().group_name("staff").user_name("alice").send().await.unwrap();
    let put = iam.put_group_policy().group_name("staff").policy_name("all");
    put.policy_document(policy(allow("*", "*"))).send().await.unwrap();
    let attach = iam.attach_group_policy().group_name("staff");
    let read_only = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    attach.policy_arn(read_only).send().await.unwrap();
    let delete = || iam.delete_group().group_name("staff").send();
    let conflict = async || {
        let refused = delete().await.refused();
        assert_eq!((refused.status, &*refused.code), (409, "DeleteConflict"));
    };

    conflict().await;
    iam.remove_user_from_group().group_name("staff").user_name("alice").send().await.unwrap();
    conflict().await;
    iam.delete_group_policy().group_name("staff").policy_name("all").send().await.unwrap();
    conflict().await;
    iam.detach_group_policy().group_name("staff").policy_arn(read_only).send().await.unwrap();
    delete().await.unwrap();
    let message = "The group with name staff cannot be found.";
    assert_eq!(delete().await.refused(), refusal(404, "NoSuchEntity", message));
}
