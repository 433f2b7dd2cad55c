use aws_smithy_types::DateTime;
use daypass_model::iam::*;

use crate::generated::*;
use crate::testing::{ACCOUNT, Fixture, NOW};

fn create(path: Option<&str>, group_name: &str) -> CreateGroupInput {
    CreateGroupInput { path: path.map(str::to_owned), group_name: group_name.to_owned() }
}

fn get(group_name: &str) -> GetGroupInput {
    GetGroupInput { group_name: group_name.to_owned(), ..Default::default() }
}

fn delete(group_name: &str) -> DeleteGroupInput {
    DeleteGroupInput { group_name: group_name.to_owned() }
}

fn add(group_name: &str, user_name: &str) -> AddUserToGroupInput {
    AddUserToGroupInput { group_name: group_name.to_owned(), user_name: user_name.to_owned() }
}

fn remove(group_name: &str, user_name: &str) -> RemoveUserFromGroupInput {
    RemoveUserFromGroupInput { group_name: group_name.to_owned(), user_name: user_name.to_owned() }
}

fn make_user(fixture: &Fixture, user_name: &str) {
    let input = CreateUserInput { user_name: user_name.to_owned(), ..Default::default() };
    fixture.ok::<CreateUser>(input);
}

fn groups_of(fixture: &Fixture, user_name: &str) -> String {
    let input = ListGroupsForUserInput { user_name: user_name.to_owned(), ..Default::default() };
    let groups = fixture.ok::<ListGroupsForUser>(input).groups;
    groups.into_iter().map(|group| group.group_name).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_group_is_made_as_asked_and_found_in_any_case() {
    let fixture = Fixture::new();
    let made = fixture.ok::<CreateGroup>(create(Some("/ops/"), "Night")).group;
    assert!(made.group_id.starts_with("AGPA") && made.group_id.len() == 21, "{}", made.group_id);
    let expected = Group {
        path: "/ops/".to_owned(),
        group_name: "Night".to_owned(),
        group_id: made.group_id.clone(),
        arn: "arn:aws:iam::000000000000:group/ops/Night".to_owned(),
        create_date: DateTime::from_secs(NOW),
    };
    assert_eq!(made, expected);
    let found = fixture.ok::<GetGroup>(get("nIGHT"));
    assert_eq!(found.group, expected);
    assert_eq!((found.users, found.is_truncated, found.marker), (vec![], Some(false), None));
    assert_eq!(fixture.ok::<ListGroups>(ListGroupsInput::default()).groups, [expected]);
    assert_eq!(
        fixture.refusal::<CreateGroup>(create(None, "night")),
        "EntityAlreadyExists: Group with name night already exists."
    );
}

#[test]
fn who_or_what_is_not_there_cannot_be_found() {
    let fixture = Fixture::new();
    fixture.ok::<CreateGroup>(create(None, "g"));
    make_user(&fixture, "u");
    let group = "NoSuchEntity: The group with name none cannot be found.";
    let user = "NoSuchEntity: The user with name none cannot be found.";
    let rename = UpdateGroupInput { group_name: "none".to_owned(), ..Default::default() };
    let list = ListGroupsForUserInput { user_name: "none".to_owned(), ..Default::default() };
    let cases = [
        (fixture.refusal::<GetGroup>(get("none")), group),
        (fixture.refusal::<UpdateGroup>(rename), group),
        (fixture.refusal::<DeleteGroup>(delete("none")), group),
        (fixture.refusal::<AddUserToGroup>(add("none", "u")), group),
        (fixture.refusal::<AddUserToGroup>(add("g", "none")), user),
        (fixture.refusal::<RemoveUserFromGroup>(remove("none", "u")), group),
        (fixture.refusal::<RemoveUserFromGroup>(remove("g", "none")), user),
        (fixture.refusal::<ListGroupsForUser>(list), user),
    ];
    for (refusal, expected) in cases {
        assert_eq!(refusal, expected);
    }
}

#[test]
fn f3_when_group_and_user_are_missing_the_user_is_named() {
    let fixture = Fixture::new();
    let user = "NoSuchEntity: The user with name nobody cannot be found.";
    assert_eq!(fixture.refusal::<AddUserToGroup>(add("none", "nobody")), user);
    assert_eq!(fixture.refusal::<RemoveUserFromGroup>(remove("none", "nobody")), user);
}

#[test]
fn members_come_and_go() {
    let fixture = Fixture::new();
    fixture.ok::<CreateGroup>(create(None, "b"));
    fixture.ok::<CreateGroup>(create(None, "A"));
    for user in ["x", "Y", "z"] {
        make_user(&fixture, user);
        fixture.ok::<AddUserToGroup>(add("B", user));
    }
    fixture.ok::<AddUserToGroup>(add("a", "y"));
    fixture.ok::<AddUserToGroup>(add("a", "y"));
    assert_eq!(groups_of(&fixture, "y"), "A b");

    let mut input = GetGroupInput { max_items: Some(2), ..get("b") };
    let first = fixture.ok::<GetGroup>(input.clone());
    input.marker.clone_from(&first.marker);
    let second = fixture.ok::<GetGroup>(input);
    assert_eq!((first.is_truncated, second.is_truncated), (Some(true), Some(false)));
    let members = [first.users, second.users].concat();
    let names: Vec<_> = members.iter().filter_map(|user| user.user_name.as_deref()).collect();
    assert_eq!(names, ["x", "Y", "z"]);

    fixture.ok::<RemoveUserFromGroup>(remove("b", "y"));
    fixture.ok::<RemoveUserFromGroup>(remove("b", "y"));
    assert_eq!(groups_of(&fixture, "y"), "A");
}

#[test]
fn there_are_limits() {
    let fixture = Fixture::new();
    make_user(&fixture, "u");
    for n in 0..11 {
        fixture.ok::<CreateGroup>(create(None, &format!("g{n}")));
    }
    for n in 0..10 {
        fixture.ok::<AddUserToGroup>(add(&format!("g{n}"), "u"));
    }
    fixture.ok::<AddUserToGroup>(add("g3", "u"));
    assert_eq!(
        fixture.refusal::<AddUserToGroup>(add("g10", "u")),
        "LimitExceeded: Cannot exceed quota for GroupsPerUser: 10"
    );
    fixture.write(|account, tx| {
        let mut group = account.group("g0").unwrap().record.clone();
        for n in 11..300 {
            group.name = format!("g{n}");
            tx.put_group(&group);
        }
    });
    assert_eq!(
        fixture.refusal::<CreateGroup>(create(None, "one-more")),
        "LimitExceeded: Cannot exceed quota for GroupsPerAccount: 300"
    );
}

#[test]
fn groups_are_listed_by_path_a_page_at_a_time() {
    let fixture = Fixture::new();
    for (path, name) in [("/", "b"), ("/ops/", "C"), ("/ops/night/", "a")] {
        fixture.ok::<CreateGroup>(create(Some(path), name));
    }
    for (prefix, expected) in [(None, "a b C"), (Some("/ops/"), "a C"), (Some("/x/"), "")] {
        let mut input = ListGroupsInput {
            path_prefix: prefix.map(str::to_owned),
            max_items: Some(1),
            marker: None,
        };
        let mut names = Vec::new();
        loop {
            let page = fixture.ok::<ListGroups>(input.clone());
            names.extend(page.groups.into_iter().map(|group| group.group_name));
            assert_eq!(page.is_truncated, Some(page.marker.is_some()));
            if page.marker.is_none() {
                break;
            }
            input.marker = page.marker;
        }
        assert_eq!(names.join(" "), expected, "{prefix:?}");
    }
    let users = fixture.ok::<GetGroup>(get("b")).users;
    assert_eq!(users, []);
}

#[test]
fn the_marker_of_one_list_is_not_good_for_another() {
    let fixture = Fixture::new();
    fixture.ok::<CreateGroup>(create(None, "a"));
    fixture.ok::<CreateGroup>(create(None, "b"));
    let input = ListGroupsInput { max_items: Some(1), ..Default::default() };
    let marker = fixture.ok::<ListGroups>(input).marker;
    let input = ListUsersInput { marker, ..Default::default() };
    assert_eq!(fixture.refusal::<ListUsers>(input), "ValidationError: Invalid Marker.");
}

#[test]
fn a_renamed_group_keeps_id_members_and_policies() {
    let fixture = Fixture::new();
    let made = fixture.ok::<CreateGroup>(create(None, "night")).group;
    let anna = fixture.user("anna", None);
    fixture.ok::<AddUserToGroup>(add("night", "anna"));
    fixture.write(|account, tx| {
        let mut group = account.group("night").unwrap().record.clone();
        let all = r#"{"Version": "2012-10-17", "Statement":
            {"Effect": "Allow", "Action": "iam:GetGroup", "Resource": "*"}}"#;
        group.policies.inline.insert("all".to_owned(), all.to_owned());
        tx.put_group(&group);
    });
    fixture.ok::<UpdateGroup>(UpdateGroupInput {
        group_name: "night".to_owned(),
        new_group_name: Some("Day".to_owned()),
        new_path: Some("/x/".to_owned()),
    });
    let found = fixture.call::<GetGroup>(&anna, get("day")).unwrap();
    let arn = "arn:aws:iam::000000000000:group/x/Day".to_owned();
    let group_name = "Day".to_owned();
    assert_eq!(found.group, Group { group_name, path: "/x/".to_owned(), arn, ..made });
    assert_eq!(found.users.len(), 1);
    assert_eq!(groups_of(&fixture, "anna"), "Day");

    fixture.ok::<CreateGroup>(create(None, "other"));
    let taken = UpdateGroupInput {
        group_name: "other".to_owned(),
        new_group_name: Some("DAY".to_owned()),
        new_path: None,
    };
    assert_eq!(
        fixture.refusal::<UpdateGroup>(taken),
        "EntityAlreadyExists: Group with name DAY already exists."
    );
}

#[test]
fn a_group_goes_only_when_nothing_is_left() {
    let fixture = Fixture::new();
    fixture.ok::<CreateGroup>(create(None, "g"));
    make_user(&fixture, "u");
    fixture.ok::<AddUserToGroup>(add("g", "u"));
    let change = |change: fn(&mut daypass_state::record::HeldPolicies)| {
        fixture.write(|account, tx| {
            let mut group = account.group("g").unwrap().record.clone();
            change(&mut group.policies);
            tx.put_group(&group);
        });
    };
    change(|held| {
        held.inline.insert("p".to_owned(), "{}".to_owned());
        held.attached.push("arn:aws:iam::aws:policy/ReadOnlyAccess".parse().unwrap());
    });
    let refused = |expected: &str| {
        let refusal = fixture.refusal::<DeleteGroup>(delete("g"));
        assert_eq!(
            refusal,
            format!("DeleteConflict: Cannot delete entity, must {expected} first.")
        );
    };
    refused("remove users from group");
    fixture.ok::<RemoveUserFromGroup>(remove("g", "u"));
    refused("delete policies");
    change(|held| held.inline.clear());
    refused("detach all policies");
    change(|held| held.attached.clear());
    fixture.ok::<DeleteGroup>(delete("g"));
    assert_eq!(fixture.view().account(ACCOUNT).group_count(), 0);
}

#[test]
fn membership_is_a_right_to_the_group() {
    let fixture = Fixture::new();
    fixture.ok::<CreateGroup>(create(Some("/ops/"), "g"));
    fixture.ok::<CreateGroup>(create(None, "h"));
    make_user(&fixture, "u");
    let caller = fixture.user_allowed("x", "iam:AddUserToGroup", "arn:aws:iam::*:group/ops/*");
    fixture.call::<AddUserToGroup>(&caller, add("g", "u")).unwrap();
    assert_eq!(
        fixture.refusal_to::<AddUserToGroup>(&caller, add("h", "u")),
        "AccessDenied: User: arn:aws:iam::000000000000:user/x is not authorized to perform: \
         iam:AddUserToGroup on resource: group h because no \
         identity-based policy allows the iam:AddUserToGroup action"
    );
    let missing = fixture.refusal_to::<AddUserToGroup>(&caller, add("none", "u"));
    assert!(missing.starts_with("AccessDenied: "), "denied before it is found missing: {missing}");
}
