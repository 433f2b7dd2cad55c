//! Keeping an account in order: names, counts, lists, and when a key was used.

use std::collections::BTreeMap;

use aws_sdk_iam::types::SummaryKeyType;
use aws_smithy_types::DateTime;
use daypass_tests::{ACCOUNT, Refused, World, allow, policy, refusal, trust};

#[tokio::test]
async fn an_account_has_one_alias() {
    let world = World::start().await;
    let iam = world.iam(&world.root());
    let aliases = async || iam.list_account_aliases().send().await.unwrap().account_aliases;

    assert_eq!(aliases().await, [""; 0]);
    iam.create_account_alias().account_alias("our-company").send().await.unwrap();
    assert_eq!(aliases().await, ["our-company"]);
    iam.create_account_alias().account_alias("our-firm").send().await.unwrap();
    assert_eq!(aliases().await, ["our-firm"]);
    let delete = || iam.delete_account_alias().account_alias("our-firm").send();
    delete().await.unwrap();
    assert_eq!(aliases().await, [""; 0]);
    let message = "The account alias with name our-firm cannot be found.";
    assert_eq!(delete().await.refused(), refusal(404, "NoSuchEntity", message));
}

#[tokio::test]
async fn the_summary_counts_what_there_is() {
    use SummaryKeyType::{
        Groups, GroupsQuota, Policies, PolicyVersionsInUse, Roles, RolesQuota, Users, UsersQuota,
    };

    let world = World::start().await;
    let iam = world.iam(&world.root());
    let counts = async || {
        let told = iam.get_account_summary().send().await.unwrap().summary_map.unwrap();
        [Users, Groups, Roles, Policies, PolicyVersionsInUse].map(|key| told[&key])
    };
    assert_eq!(counts().await, [0; 5]);

    for name in ["alice", "bob"] {
        world.user(name).await;
    }
    iam.create_group().group_name("staff").send().await.unwrap();
    world.role("worker", trust(ACCOUNT)).await;
    let document = || policy(allow("iam:GetUser", "*"));
    let create = iam.create_policy().policy_name("users").policy_document(document());
    let arn = create.send().await.unwrap().policy.unwrap().arn.unwrap();
    let add = iam.create_policy_version().policy_arn(arn).policy_document(document());
    add.send().await.unwrap();
    assert_eq!(counts().await, [2, 1, 1, 1, 2]);
    iam.delete_role().role_name("worker").send().await.unwrap();
    assert_eq!(counts().await, [2, 1, 0, 1, 2]);

    let told = iam.get_account_summary().send().await.unwrap().summary_map.unwrap();
    let quotas = [UsersQuota, GroupsQuota, RolesQuota].map(|key| told[&key]);
    assert_eq!(quotas, [5000, 300, 1000]);
}

#[tokio::test]
async fn a_key_remembers_when_and_for_what_it_was_used() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    let now = DateTime::from_secs(1_800_000_000);
    world.daypass.clock().freeze(now);
    let last_used = async || {
        let ask = world.iam(&world.root()).get_access_key_last_used();
        let told = ask.access_key_id(alice.access_key_id()).send().await.unwrap();
        assert_eq!(told.user_name(), Some("alice"));
        let last = told.access_key_last_used.unwrap();
        (last.last_used_date().copied(), last.service_name, last.region)
    };
    let used = |service: &str, region: &str| (Some(now), service.to_owned(), region.to_owned());

    assert_eq!(last_used().await, (None, "N/A".to_owned(), "N/A".to_owned()));
    world.sts(&alice).get_caller_identity().send().await.unwrap();
    assert_eq!(last_used().await, used("sts", "eu-central-1"));
    // Used is used, allowed or not.
    world.iam(&alice).list_users().send().await.unwrap_err();
    assert_eq!(last_used().await, used("iam", "us-east-1"));
}

#[tokio::test]
async fn a_key_tells_its_account() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    let ask = world.sts(&world.root()).get_access_key_info();
    let told = ask.access_key_id(alice.access_key_id()).send().await.unwrap();
    assert_eq!(told.account(), Some(ACCOUNT));
}

#[tokio::test]
async fn a_user_without_a_name_is_the_caller() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    world.permit("alice", allow("iam:*", "*")).await;
    let iam = world.iam(&alice);
    let user = iam.get_user().send().await.unwrap().user.unwrap();
    assert_eq!(user.arn(), "arn:aws:iam::123456789012:user/alice");
    let keys = iam.list_access_keys().send().await.unwrap();
    let ids: Vec<_> = keys.access_key_metadata().iter().map(|key| key.access_key_id()).collect();
    assert_eq!(ids, [Some(alice.access_key_id())]);
    let root = world.iam(&world.root()).get_user().send().await.unwrap().user.unwrap();
    assert_eq!(root.arn(), "arn:aws:iam::123456789012:root");
}

#[tokio::test]
async fn inline_policies_are_kept_as_they_were_given() {
    let world = World::start().await;
    world.user("alice").await;
    let iam = world.iam(&world.root());
    let documents: BTreeMap<&str, String> =
        [("read", policy(allow("iam:Get*", "*"))), ("write", policy(allow("iam:Put*", "*")))]
            .into();
    for (name, document) in &documents {
        let put = iam.put_user_policy().user_name("alice").policy_name(*name);
        put.policy_document(document).send().await.unwrap();
    }

    let listed = iam.list_user_policies().user_name("alice").send().await.unwrap();
    assert_eq!(listed.policy_names(), ["read", "write"]);
    for (name, document) in &documents {
        let get = iam.get_user_policy().user_name("alice").policy_name(*name);
        let got = get.send().await.unwrap().policy_document;
        let got = percent_encoding::percent_decode_str(&got).decode_utf8().unwrap();
        assert_eq!(got, *document);
    }
    let malformed = iam.put_user_policy().user_name("alice").policy_name("read");
    let refused = malformed.policy_document("{\"Version\": ").send().await.refused();
    assert_eq!((refused.status, &*refused.code), (400, "MalformedPolicyDocument"));

    for name in documents.keys() {
        let delete = iam.delete_user_policy().user_name("alice").policy_name(*name);
        delete.send().await.unwrap();
    }
    let listed = iam.list_user_policies().user_name("alice").send().await.unwrap();
    assert_eq!(listed.policy_names(), [""; 0]);
}

#[tokio::test]
async fn a_user_goes_when_nothing_is_left_of_theirs() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    let iam = world.iam(&world.root());
    let delete = || iam.delete_user().user_name("alice").send();
    let message = "Cannot delete entity, must delete access keys first.";
    assert_eq!(delete().await.refused(), refusal(409, "DeleteConflict", message));
    let twice = iam.create_user().user_name("Alice").send().await.refused();
    let message = "User with name Alice already exists.";
    assert_eq!(twice, refusal(409, "EntityAlreadyExists", message));
    let key = iam.delete_access_key().user_name("alice").access_key_id(alice.access_key_id());
    key.send().await.unwrap();
    delete().await.unwrap();
    let message = "The user with name alice cannot be found.";
    assert_eq!(delete().await.refused(), refusal(404, "NoSuchEntity", message));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quota_holds_when_all_come_at_once() {
    let world = World::start().await;
    let iam = world.iam(&world.root());
    iam.create_user().user_name("alice").send().await.unwrap();
    let creations: Vec<_> =
        (0..20).map(|_| tokio::spawn(iam.create_access_key().user_name("alice").send())).collect();
    let mut made = Vec::new();
    for creation in creations {
        match creation.await.unwrap() {
            Ok(created) => made.push(created.access_key.unwrap().access_key_id),
            refused => {
                let message = "Cannot exceed quota for AccessKeysPerUser: 2";
                assert_eq!(refused.refused(), refusal(409, "LimitExceeded", message));
            }
        }
    }
    let listed = iam.list_access_keys().user_name("alice").send().await.unwrap();
    let listed = listed.access_key_metadata.into_iter().map(|key| key.access_key_id.unwrap());
    let mut listed: Vec<String> = listed.collect();
    made.sort_unstable();
    listed.sort_unstable();
    assert_eq!((made.len(), made), (2, listed));
}

#[tokio::test]
async fn a_long_list_comes_in_pages() {
    let world = World::start().await;
    let iam = world.iam(&world.root());
    let names: Vec<String> = (0..250).map(|number| format!("user-{number:03}")).collect();
    for name in &names {
        iam.create_user().user_name(name).send().await.unwrap();
    }

    let mut pages = iam.list_users().into_paginator().page_size(100).send();
    let (mut sizes, mut listed) = (Vec::new(), Vec::new());
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        assert_eq!(page.is_truncated(), page.marker().is_some());
        sizes.push(page.users().len());
        listed.extend(page.users.into_iter().map(|user| user.user_name));
    }
    listed.sort_unstable();
    assert_eq!(sizes, [100, 100, 50]);
    assert_eq!(listed, names);

    // Without a size, a page is a hundred long.
    let page = iam.list_users().send().await.unwrap();
    assert_eq!((page.users().len(), page.is_truncated()), (100, true));
    let refused = iam.list_users().marker("elsewhere").send().await.refused();
    assert_eq!(refused, refusal(400, "ValidationError", "Invalid Marker."));
}
