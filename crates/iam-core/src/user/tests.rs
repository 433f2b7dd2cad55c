use daypass_ident::{AccountId, IdKind, Principal, UniqueId};
use daypass_model::iam::*;

use crate::generated::*;
use crate::testing::{ACCOUNT, Fixture, NOW};

fn named(user_name: &str) -> CreateUserInput {
    CreateUserInput { user_name: user_name.to_owned(), ..Default::default() }
}

fn at_path(path: &str, user_name: &str) -> CreateUserInput {
    CreateUserInput { path: Some(path.to_owned()), ..named(user_name) }
}

fn get(user_name: &str) -> GetUserInput {
    GetUserInput { user_name: Some(user_name.to_owned()) }
}

fn delete(user_name: &str) -> DeleteUserInput {
    DeleteUserInput { user_name: user_name.to_owned() }
}

fn tag(key: &str, value: &str) -> Tag {
    Tag { key: key.to_owned(), value: value.to_owned() }
}

#[test]
fn a_user_is_made_as_asked_and_found_in_any_case() {
    let fixture = Fixture::new();
    let made = fixture.ok::<CreateUser>(CreateUserInput {
        path: Some("/ops/".to_owned()),
        permissions_boundary: Some(READ_ONLY.to_owned()),
        tags: Some(vec![tag("Team", "a")]),
        ..named("Anna")
    });
    let made = made.user.unwrap();
    assert!(made.user_id.starts_with("AIDA") && made.user_id.len() == 21, "{}", made.user_id);
    let expected = User {
        path: Some("/ops/".to_owned()),
        user_name: Some("Anna".to_owned()),
        user_id: made.user_id.clone(),
        arn: "arn:aws:iam::000000000000:user/ops/Anna".to_owned(),
        create_date: aws_smithy_types::DateTime::from_secs(NOW),
        password_last_used: None,
        permissions_boundary: Some(AttachedPermissionsBoundary {
            permissions_boundary_type: Some(PermissionsBoundaryAttachmentType::Policy),
            permissions_boundary_arn: Some(READ_ONLY.to_owned()),
        }),
        tags: Some(vec![tag("Team", "a")]),
    };
    assert_eq!(made, expected);
    assert_eq!(fixture.ok::<GetUser>(get("aNNA")).user, expected);

    fixture.clock.advance(60);
    let listed = fixture.ok::<ListUsers>(ListUsersInput::default()).users;
    assert_eq!(listed, [User { permissions_boundary: None, tags: None, ..expected }]);
    let later = fixture.ok::<CreateUser>(named("later")).user.unwrap();
    assert_eq!(later.create_date.secs(), NOW + 60);
}

#[test]
fn what_cannot_be_made_is_refused() {
    let fixture = Fixture::new();
    fixture.ok::<CreateUser>(named("Anna"));
    let bounded =
        |arn: &str| CreateUserInput { permissions_boundary: Some(arn.to_owned()), ..named("new") };
    let tagged = |keys: &[&str]| CreateUserInput {
        tags: Some(keys.iter().map(|key| tag(key, "")).collect()),
        ..named("new")
    };
    let cases = [
        (named("anna"), "EntityAlreadyExists: User with name anna already exists."),
        (at_path("/x/", "ANNA"), "EntityAlreadyExists: User with name ANNA already exists."),
        (
            bounded("arn:aws:iam::000000000000:policy/none"),
            "NoSuchEntity: Scope ARN: arn:aws:iam::000000000000:policy/none does not exist or is not \
             attachable.",
        ),
        (
            bounded("arn:aws:iam::111111111111:policy/theirs"),
            "NoSuchEntity: Scope ARN: arn:aws:iam::111111111111:policy/theirs does not exist or is \
             not attachable.",
        ),
        (
            bounded("arn:aws:iam::aws:policy/NoSuchPolicyOfAws"),
            "NoSuchEntity: Scope ARN: arn:aws:iam::aws:policy/NoSuchPolicyOfAws does not exist or is \
             not attachable.",
        ),
        (
            bounded("arn:aws:iam::000000000000:user/anna"),
            "InvalidInput: ARN arn:aws:iam::000000000000:user/anna is not valid.",
        ),
        (
            bounded("this-is-not-an-arn-at-all"),
            "ValidationError: ARN this-is-not-an-arn-at-all is not valid.",
        ),
        (
            tagged(&["Team", "team"]),
            "InvalidInput: Duplicate tag keys found. Please note that Tag keys are case \
             insensitive.",
        ),
    ];
    for (input, expected) in cases {
        assert_eq!(fixture.refusal::<CreateUser>(input), expected);
    }
    assert_eq!(fixture.view().account(ACCOUNT).user_count(), 1, "a refusal writes nothing");
}

#[test]
fn an_account_has_five_thousand_users_at_most() {
    let fixture = Fixture::new();
    fixture.ok::<CreateUser>(named("u0"));
    fixture.write(|account, tx| {
        let mut user = account.user("u0").unwrap().record.clone();
        for n in 1..5000 {
            user.name = format!("u{n}");
            tx.put_user(&user);
        }
    });
    let expected = "LimitExceeded: Cannot exceed quota for UsersPerAccount: 5000";
    assert_eq!(fixture.refusal::<CreateUser>(named("one-more")), expected);
    fixture.ok::<DeleteUser>(delete("u7"));
    fixture.ok::<CreateUser>(named("one-more"));
}

#[test]
fn users_are_listed_by_path_a_page_at_a_time() {
    let fixture = Fixture::new();
    for (path, name) in [("/", "b"), ("/ops/", "C"), ("/ops/night/", "a"), ("/opsx/", "d")] {
        fixture.ok::<CreateUser>(at_path(path, name));
    }
    let list = |prefix: Option<&str>, size| {
        let mut input = ListUsersInput {
            path_prefix: prefix.map(str::to_owned),
            max_items: Some(size),
            marker: None,
        };
        let mut names = Vec::new();
        loop {
            let page = fixture.ok::<ListUsers>(input.clone());
            assert!(page.users.len() <= usize::try_from(size).unwrap());
            assert_eq!(page.is_truncated, Some(page.marker.is_some()));
            names.extend(page.users.into_iter().filter_map(|user| user.user_name));
            if page.marker.is_none() {
                return names.join(" ");
            }
            input.marker = page.marker;
        }
    };
    for size in 1..=5 {
        for (prefix, expected) in [
            (None, "a b C d"),
            (Some("/"), "a b C d"),
            (Some("/ops/"), "a C"),
            (Some("/ops"), "a C d"),
            (Some("/none/"), ""),
        ] {
            assert_eq!(list(prefix, size), expected, "{prefix:?} by {size}");
        }
    }
    let forged = ListUsersInput { marker: Some("AAAA".to_owned()), ..Default::default() };
    assert_eq!(fixture.refusal::<ListUsers>(forged), "ValidationError: Invalid Marker.");
}

#[test]
fn without_a_name_a_user_is_the_caller() {
    let fixture = Fixture::new();
    let nameless = || GetUserInput { user_name: None };
    let anna = fixture.user_allowed("anna", "iam:GetUser", "arn:aws:iam::*:user/${aws:username}");
    let user = fixture.call::<GetUser>(&anna, nameless()).unwrap().user;
    assert_eq!(user.user_name.as_deref(), Some("anna"));
    assert_eq!(
        fixture.refusal_to::<GetUser>(&anna, get("other")),
        "AccessDenied: User: arn:aws:iam::000000000000:user/anna is not authorized to perform: \
         iam:GetUser on resource: user other because no identity-based \
         policy allows the iam:GetUser action"
    );

    let root = fixture.ok::<GetUser>(nameless()).user;
    assert_eq!(root.arn, "arn:aws:iam::000000000000:root");
    assert_eq!(root.user_id, "000000000000");
    assert_eq!((root.user_name, root.path), (None, None));
    let alias = CreateAccountAliasInput { account_alias: "house".to_owned() };
    fixture.ok::<CreateAccountAlias>(alias);
    assert_eq!(fixture.ok::<GetUser>(nameless()).user.user_name.as_deref(), Some("house"));
}

#[test]
fn a_session_follows_its_user_to_a_new_name() {
    let fixture = Fixture::new();
    let anna = fixture.user_allowed("anna", "iam:*", "*");
    let session = fixture.session(anna.principal().clone());
    fixture.ok::<UpdateUser>(UpdateUserInput {
        user_name: "anna".to_owned(),
        new_user_name: Some("bert".to_owned()),
        new_path: None,
    });
    fixture.ok::<CreateUser>(named("anna"));
    let nameless = GetUserInput { user_name: None };
    let user = fixture.call::<GetUser>(&session, nameless).unwrap().user;
    assert_eq!(user.user_name.as_deref(), Some("bert"));
}

#[test]
fn a_role_has_no_user_name_to_fall_back_on() {
    let fixture = Fixture::new();
    let id = UniqueId::generate(IdKind::Role, ACCOUNT, &daypass_ident::SystemIds);
    fixture.write(|_, tx| {
        tx.put_role(&daypass_state::record::RoleRecord {
            name: "ops".to_owned(),
            path: "/".to_owned(),
            id,
            create_date: NOW,
            assume_role_policy_document: String::new(),
            description: None,
            max_session_duration: 3600,
            permissions_boundary: None,
            source_template: None,
            policies: Default::default(),
            tags: Default::default(),
        });
    });
    let session = fixture.session(Principal::AssumedRole {
        account: ACCOUNT,
        path: "/".into(),
        role: "ops".into(),
        id,
        session: "s".into(),
    });
    let expected = "ValidationError: Must specify userName when calling with non-User credentials";
    let nameless = GetUserInput { user_name: None };
    assert_eq!(fixture.refusal_to::<GetUser>(&session, nameless), expected);
    let input = ListAccessKeysInput::default();
    assert_eq!(fixture.refusal_to::<ListAccessKeys>(&session, input), expected);
}

#[test]
fn who_is_not_there_cannot_be_found() {
    let fixture = Fixture::new();
    let expected = "NoSuchEntity: The user with name Nobody cannot be found.";
    let name = || "Nobody".to_owned();
    let refusals = [
        fixture.refusal::<GetUser>(get("Nobody")),
        fixture.refusal::<DeleteUser>(delete("Nobody")),
        fixture.refusal::<UpdateUser>(UpdateUserInput {
            user_name: name(),
            new_path: None,
            new_user_name: Some("x".to_owned()),
        }),
        fixture.refusal::<TagUser>(TagUserInput { user_name: name(), tags: vec![] }),
        fixture.refusal::<UntagUser>(UntagUserInput { user_name: name(), tag_keys: vec![] }),
        fixture
            .refusal::<ListUserTags>(ListUserTagsInput { user_name: name(), ..Default::default() }),
    ];
    for refusal in refusals {
        assert_eq!(refusal, expected);
    }
}

#[test]
fn a_renamed_user_keeps_id_keys_groups_and_policies() {
    let fixture = Fixture::new();
    let anna = fixture.user_allowed("anna", "iam:GetUser", "*");
    let group = CreateGroupInput { group_name: "night".to_owned(), path: None };
    fixture.ok::<CreateGroup>(group);
    fixture.ok::<AddUserToGroup>(AddUserToGroupInput {
        group_name: "night".to_owned(),
        user_name: "anna".to_owned(),
    });
    let before = fixture.ok::<GetUser>(get("anna")).user;

    let rename = |from: &str, to: &str, path: Option<&str>| UpdateUserInput {
        user_name: from.to_owned(),
        new_user_name: Some(to.to_owned()),
        new_path: path.map(str::to_owned),
    };
    fixture.ok::<UpdateUser>(rename("anna", "Bert", Some("/ops/")));
    fixture.ok::<UpdateUser>(rename("bert", "bert", None));

    let after = fixture.ok::<GetUser>(get("bert")).user;
    let arn = "arn:aws:iam::000000000000:user/ops/bert".to_owned();
    let expected =
        User { user_name: Some("bert".to_owned()), path: Some("/ops/".to_owned()), arn, ..before };
    assert_eq!(after, expected);
    let again = fixture.caller(anna.access_key_id());
    assert_eq!(again.principal().arn().as_str(), expected.arn);
    let own = fixture.call::<GetUser>(&again, GetUserInput { user_name: None }).unwrap().user;
    assert_eq!(own, expected, "its policy still allows it");
    let members = fixture
        .ok::<GetGroup>(GetGroupInput { group_name: "night".to_owned(), ..Default::default() });
    assert_eq!(members.users, [User { tags: None, permissions_boundary: None, ..expected }]);
    let gone = "NoSuchEntity: The user with name anna cannot be found.";
    assert_eq!(fixture.refusal::<GetUser>(get("anna")), gone);

    fixture.ok::<CreateUser>(named("carl"));
    assert_eq!(
        fixture.refusal::<UpdateUser>(rename("bert", "Carl", None)),
        "EntityAlreadyExists: User with name Carl already exists."
    );
}

#[test]
fn a_rename_needs_the_right_to_both_names() {
    let fixture = Fixture::new();
    fixture.ok::<CreateUser>(named("anna"));
    let rename = || UpdateUserInput {
        user_name: "anna".to_owned(),
        new_user_name: Some("bert".to_owned()),
        new_path: None,
    };
    for (caller, may, missing) in [("x", "anna", "bert"), ("y", "bert", "anna")] {
        let may = format!("arn:aws:iam::000000000000:user/{may}");
        let caller_keys = fixture.user_allowed(caller, "iam:UpdateUser", &may);
        assert_eq!(
            fixture.refusal_to::<UpdateUser>(&caller_keys, rename()),
            format!(
                "AccessDenied: User: arn:aws:iam::000000000000:user/{caller} is not authorized to \
                 perform: iam:UpdateUser on resource: user {missing} \
                 because no identity-based policy allows the iam:UpdateUser action"
            )
        );
    }
}

#[test]
fn tags_at_birth_need_the_right_to_tag() {
    let fixture = Fixture::new();
    let caller = fixture.user_allowed("x", "iam:CreateUser", "*");
    let tagged = CreateUserInput { tags: Some(vec![tag("Team", "a")]), ..named("new") };
    assert_eq!(
        fixture.refusal_to::<CreateUser>(&caller, tagged),
        "AccessDenied: User: arn:aws:iam::000000000000:user/x is not authorized to perform: \
         iam:TagUser on resource: arn:aws:iam::000000000000:user/new because no identity-based \
         policy allows the iam:TagUser action"
    );
    fixture.call::<CreateUser>(&caller, named("new")).unwrap();
}

#[test]
fn conditions_see_the_boundary_and_the_tags_of_a_request() {
    let policy = format!(
        r#"{{"Version": "2012-10-17", "Statement": [
            {{"Effect": "Allow", "Action": "iam:CreateUser", "Resource": "*",
              "Condition": {{"StringEquals": {{"iam:PermissionsBoundary": "{READ_ONLY}"}}}}}},
            {{"Effect": "Allow", "Action": "iam:TagUser", "Resource": "*",
              "Condition": {{"StringEquals": {{"aws:RequestTag/Team": "a"}}}}}},
            {{"Effect": "Allow", "Action": "iam:DeleteUser", "Resource": "*",
              "Condition": {{"StringEquals": {{"iam:ResourceTag/Team": "a"}}}}}}]}}"#
    );
    let fixture = Fixture::new();
    let caller = fixture.user("x", Some(&policy));
    let denied = |input| {
        fixture.refusal_to::<CreateUser>(&caller, input).starts_with("AccessDenied: User: ")
    };
    assert!(denied(named("new")));
    let bounded =
        || CreateUserInput { permissions_boundary: Some(READ_ONLY.to_owned()), ..named("new") };
    assert!(denied(CreateUserInput { tags: Some(vec![tag("Team", "b")]), ..bounded() }));
    let allowed = CreateUserInput { tags: Some(vec![tag("Team", "a")]), ..bounded() };
    fixture.call::<CreateUser>(&caller, allowed).unwrap();
    fixture.ok::<CreateUser>(named("untagged"));
    let refusal = fixture.refusal_to::<DeleteUser>(&caller, delete("untagged"));
    assert!(refusal.starts_with("AccessDenied: User: "), "{refusal}");
    fixture.call::<DeleteUser>(&caller, delete("new")).unwrap();
}

#[test]
fn a_user_goes_only_when_nothing_is_left() {
    let fixture = Fixture::new();
    let anna = fixture.user_allowed("anna", "iam:GetUser", "*");
    fixture.ok::<CreateGroup>(CreateGroupInput { group_name: "g".to_owned(), path: None });
    fixture.ok::<AddUserToGroup>(AddUserToGroupInput {
        group_name: "g".to_owned(),
        user_name: "anna".to_owned(),
    });
    let change = |change: fn(&mut daypass_state::record::UserRecord)| {
        fixture.write(|account, tx| {
            let mut user = account.user("anna").unwrap().record.clone();
            change(&mut user);
            tx.put_user(&user);
        });
    };
    change(|user| user.policies.attached.push(READ_ONLY.parse().unwrap()));
    let refused = |expected: &str| {
        let refusal = fixture.refusal::<DeleteUser>(delete("anna"));
        assert_eq!(
            refusal,
            format!("DeleteConflict: Cannot delete entity, must {expected} first.")
        );
    };

    refused("delete policies");
    change(|user| user.policies.inline.clear());
    refused("delete access keys");
    fixture.ok::<DeleteAccessKey>(DeleteAccessKeyInput {
        user_name: Some("anna".to_owned()),
        access_key_id: anna.access_key_id().to_owned(),
    });
    refused("detach all policies");
    change(|user| user.policies.attached.clear());
    refused("remove users from group");
    fixture.ok::<RemoveUserFromGroup>(RemoveUserFromGroupInput {
        group_name: "g".to_owned(),
        user_name: "ANNA".to_owned(),
    });
    fixture.ok::<DeleteUser>(delete("anna"));
    assert_eq!(fixture.view().account(ACCOUNT).user_count(), 0);
}

#[test]
fn tags_are_set_listed_and_taken_away() {
    let fixture = Fixture::new();
    fixture.ok::<CreateUser>(named("anna"));
    let put = |tags: Vec<Tag>| TagUserInput { user_name: "Anna".to_owned(), tags };
    fixture.ok::<TagUser>(put(vec![tag("b", "1"), tag("A", "2"), tag("c", "")]));
    fixture.ok::<TagUser>(put(vec![tag("B", "3")]));
    fixture.ok::<UntagUser>(UntagUserInput {
        user_name: "anna".to_owned(),
        tag_keys: vec!["C".to_owned(), "unknown".to_owned()],
    });
    let list = |marker: Option<String>| {
        let user_name = "anna".to_owned();
        fixture.ok::<ListUserTags>(ListUserTagsInput { user_name, marker, max_items: Some(1) })
    };
    let first = list(None);
    assert_eq!((first.tags, first.is_truncated), (vec![tag("A", "2")], Some(true)));
    let second = list(first.marker);
    assert_eq!((second.tags, second.is_truncated), (vec![tag("B", "3")], Some(false)));
    assert_eq!(second.marker, None);

    let many = (0..49).map(|n| tag(&format!("k{n}"), "")).collect();
    assert_eq!(
        fixture.refusal::<TagUser>(put(many)),
        "LimitExceeded: The number of tags has reached the maximum limit."
    );
}

#[test]
fn accounts_do_not_see_each_other() {
    let fixture = Fixture::new();
    fixture.ok::<CreateUser>(named("anna"));
    let other = fixture.caller("111111111111");
    let refusal = fixture.refusal_to::<GetUser>(&other, get("anna"));
    assert_eq!(refusal, "NoSuchEntity: The user with name anna cannot be found.");
    let theirs = fixture.call::<CreateUser>(&other, named("anna")).unwrap().user.unwrap();
    assert_eq!(theirs.arn, "arn:aws:iam::111111111111:user/anna");
    let id: UniqueId = theirs.user_id.parse().unwrap();
    assert_eq!(id.account(), AccountId::from_number(111_111_111_111));
}

#[test]
fn lists_are_refused_with_their_path() {
    let fixture = Fixture::new();
    let caller = fixture.user("x", None);
    let list = |prefix: Option<&str>| ListUsersInput {
        path_prefix: prefix.map(str::to_owned),
        ..Default::default()
    };
    for (prefix, shown) in [(None, "/"), (Some("/ops/"), "/ops/")] {
        assert_eq!(
            fixture.refusal_to::<ListUsers>(&caller, list(prefix)),
            format!(
                "AccessDenied: User: arn:aws:iam::000000000000:user/x is not authorized to \
                 perform: iam:ListUsers on resource: arn:aws:iam::000000000000:user{shown} \
                 because no identity-based policy allows the iam:ListUsers action"
            )
        );
    }
}

const READ_ONLY: &str = "arn:aws:iam::aws:policy/ReadOnlyAccess";

/// As recorded from AWS: letters count as in upper case, so that they come before an underscore.
#[test]
fn users_are_listed_in_the_order_of_their_names_in_upper_case() {
    let fixture = Fixture::new();
    for user_name in ["ecs_instance", "Dome9Connect", "ecsInstance", "Dome9-Connect", "dome9"] {
        let input = CreateUserInput { user_name: user_name.to_owned(), ..Default::default() };
        fixture.ok::<CreateUser>(input);
    }
    let mut names = Vec::new();
    let mut marker = None;
    loop {
        let input = ListUsersInput { max_items: Some(1), marker, path_prefix: None };
        let page = fixture.ok::<ListUsers>(input);
        names.extend(page.users.into_iter().filter_map(|user| user.user_name));
        marker = page.marker;
        if marker.is_none() {
            break;
        }
    }
    assert_eq!(names, ["dome9", "Dome9-Connect", "Dome9Connect", "ecsInstance", "ecs_instance"]);
}
