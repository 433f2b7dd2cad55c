use aws_smithy_types::DateTime;
use daypass_ident::Principal;
use daypass_model::iam::*;
use daypass_state::record::RoleRecord;
use percent_encoding::percent_decode_str;

use crate::generated::*;
use crate::testing::{ACCOUNT, Fixture, NOW};

const EVERYBODY: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
    "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]}"#;
const READ_ONLY: &str = "arn:aws:iam::aws:policy/ReadOnlyAccess";

fn named(role_name: &str) -> CreateRoleInput {
    CreateRoleInput {
        role_name: role_name.to_owned(),
        assume_role_policy_document: EVERYBODY.to_owned(),
        ..Default::default()
    }
}

fn trusting(role_name: &str, principal: &str) -> CreateRoleInput {
    CreateRoleInput { assume_role_policy_document: trust(principal), ..named(role_name) }
}

fn trust(principal: &str) -> String {
    format!(
        r#"{{ "Version": "2012-10-17", "Statement": [ {{ "Effect": "Allow",
            "Principal": {principal}, "Action": "sts:AssumeRole" }} ] }}"#
    )
}

fn get(role_name: &str) -> GetRoleInput {
    GetRoleInput { role_name: role_name.to_owned() }
}

fn delete(role_name: &str) -> DeleteRoleInput {
    DeleteRoleInput { role_name: role_name.to_owned() }
}

fn user(user_name: &str) -> CreateUserInput {
    CreateUserInput { user_name: user_name.to_owned(), ..Default::default() }
}

fn tag(key: &str, value: &str) -> Tag {
    Tag { key: key.to_owned(), value: value.to_owned() }
}

fn shown_trust(fixture: &Fixture, role_name: &str) -> String {
    let role = fixture.ok::<GetRole>(get(role_name)).role;
    let encoded = role.assume_role_policy_document.unwrap();
    percent_decode_str(&encoded).decode_utf8().unwrap().into_owned()
}

#[test]
fn a_role_is_made_as_asked_and_found_in_any_case() {
    let fixture = Fixture::new();
    let input = CreateRoleInput {
        path: Some("/ops/".to_owned()),
        description: Some("deploys".to_owned()),
        max_session_duration: Some(43_200),
        permissions_boundary: Some(READ_ONLY.to_owned()),
        tags: Some(vec![tag("Team", "a")]),
        ..named("Deploy")
    };
    let made = fixture.ok::<CreateRole>(input).role;
    assert!(made.role_id.starts_with("AROA") && made.role_id.len() == 21, "{}", made.role_id);
    let encoded = made.assume_role_policy_document.clone().unwrap();
    assert!(encoded.starts_with("%7B%22Version%22%3A%20%222012-10-17%22%2C"), "{encoded}");
    let expected = Role {
        path: "/ops/".to_owned(),
        role_name: "Deploy".to_owned(),
        role_id: made.role_id.clone(),
        arn: "arn:aws:iam::000000000000:role/ops/Deploy".to_owned(),
        create_date: DateTime::from_secs(NOW),
        assume_role_policy_document: Some(encoded),
        description: Some("deploys".to_owned()),
        max_session_duration: Some(43_200),
        permissions_boundary: Some(AttachedPermissionsBoundary {
            permissions_boundary_type: Some(PermissionsBoundaryAttachmentType::Policy),
            permissions_boundary_arn: Some(READ_ONLY.to_owned()),
        }),
        tags: Some(vec![tag("Team", "a")]),
        role_last_used: None,
        source_role_template: None,
    };
    let answered = Role { description: None, max_session_duration: None, ..expected.clone() };
    assert_eq!(made, answered);
    assert_eq!(shown_trust(&fixture, "deploy"), EVERYBODY);

    let unused = Some(RoleLastUsed::default());
    let found = fixture.ok::<GetRole>(get("dEPLOY")).role;
    assert_eq!(found, Role { role_last_used: unused, ..expected.clone() });
    let listed = fixture.ok::<ListRoles>(ListRolesInput::default()).roles;
    assert_eq!(listed, [Role { permissions_boundary: None, tags: None, ..expected }]);
}

#[test]
fn sessions_last_an_hour_unless_told_otherwise() {
    let fixture = Fixture::new();
    fixture.ok::<CreateRole>(named("r"));
    let made = fixture.ok::<GetRole>(get("r")).role;
    assert_eq!((made.max_session_duration, made.path.as_str()), (Some(3600), "/"));
}

#[test]
fn the_last_use_is_shown() {
    let fixture = Fixture::new();
    fixture.ok::<CreateRole>(named("r"));
    let role = fixture.view().account(ACCOUNT).role("r").unwrap().clone();
    role.last_used.note(NOW + 5, "eu-west-1", "sts");
    let last_used = fixture.ok::<GetRole>(get("r")).role.role_last_used.unwrap();
    assert_eq!(last_used.last_used_date, Some(DateTime::from_secs(NOW + 5)));
    assert_eq!(last_used.region.as_deref(), Some("eu-west-1"));

    fixture.clock.advance(400 * 86_400 + 5);
    assert!(fixture.ok::<GetRole>(get("r")).role.role_last_used.unwrap().region.is_some());
    fixture.clock.advance(1);
    let forgotten = fixture.ok::<GetRole>(get("r")).role.role_last_used.unwrap();
    assert_eq!(forgotten, RoleLastUsed::default());
}

#[test]
fn there_are_a_thousand_roles_at_most() {
    let fixture = Fixture::new();
    fixture.ok::<CreateRole>(named("first"));
    fixture.write(|account, tx| {
        let first = account.role("first").unwrap();
        for number in 1..999 {
            tx.put_role(&RoleRecord { name: format!("r{number}"), ..first.record.clone() });
        }
    });
    fixture.ok::<CreateRole>(named("last"));
    assert_eq!(
        fixture.refusal::<CreateRole>(named("one-more")),
        "LimitExceeded: Cannot exceed quota for RolesPerAccount: 1000"
    );
}

#[test]
fn what_cannot_be_made_is_refused() {
    let fixture = Fixture::new();
    fixture.ok::<CreateRole>(named("Deploy"));
    let document = |text: &str| CreateRoleInput {
        assume_role_policy_document: text.to_owned(),
        ..named("new")
    };
    let path = |path: &str| CreateRoleInput { path: Some(path.to_owned()), ..named("new") };
    let cases = [
        (named("dEPLOY"), "EntityAlreadyExists: Role with name dEPLOY already exists."),
        (document("{"), "MalformedPolicyDocument: This policy contains invalid Json"),
        (
            document(r#"{"Version": "2012-10-17", "Statement": []}"#),
            "MalformedPolicyDocument: Could not parse the policy: Statement is empty!",
        ),
        (
            document(&trust(r#""*""#)),
            "MalformedPolicyDocument: AssumeRolepolicy contained an invalid principal: \"STAR\":\"*\".",
        ),
        (
            document(&EVERYBODY.replace("sts:AssumeRole", "s3:GetObject")),
            "MalformedPolicyDocument: AssumeRole policy may only specify STS AssumeRole actions.",
        ),
        (
            trusting("new", r#"{"AWS": "arn:aws:iam::000000000000:user/nobody"}"#),
            "MalformedPolicyDocument: Invalid principal in policy: \
             \"AWS\":\"arn:aws:iam::000000000000:user/nobody\"",
        ),
        (
            // A role cannot name itself before it is there.
            trusting("new", r#"{"AWS": "arn:aws:iam::000000000000:role/new"}"#),
            "MalformedPolicyDocument: Invalid principal in policy: \
             \"AWS\":\"arn:aws:iam::000000000000:role/new\"",
        ),
        (
            // The case of ARNs counts, as does the path.
            trusting("new", r#"{"AWS": "arn:aws:iam::000000000000:role/deploy"}"#),
            "MalformedPolicyDocument: Invalid principal in policy: \
             \"AWS\":\"arn:aws:iam::000000000000:role/deploy\"",
        ),
        (
            trusting("new", r#"{"AWS": "arn:aws:sts::000000000000:assumed-role/none/s"}"#),
            "MalformedPolicyDocument: Invalid principal in policy: \
             \"AWS\":\"arn:aws:sts::000000000000:assumed-role/none/s\"",
        ),
        (
            trusting("new", r#"{"Service": "lambda"}"#),
            "MalformedPolicyDocument: Invalid principal in policy: \"SERVICE\":\"lambda\"",
        ),
        (
            path("/aws-service-role/x.amazonaws.com/"),
            "InvalidInput: Paths beginning with '/aws-service-role' are reserved for AWS Service \
             Linked Roles",
        ),
        (
            CreateRoleInput { permissions_boundary: Some("x".repeat(20)), ..named("new") },
            "ValidationError: ARN xxxxxxxxxxxxxxxxxxxx is not valid.",
        ),
        (
            CreateRoleInput { tags: Some(vec![tag("a", ""), tag("A", "")]), ..named("new") },
            "InvalidInput: Duplicate tag keys found. Please note that Tag keys are case \
             insensitive.",
        ),
    ];
    for (input, expected) in cases {
        assert_eq!(fixture.refusal::<CreateRole>(input), expected);
    }
    assert_eq!(fixture.view().account(ACCOUNT).role_count(), 1);
}

#[test]
fn a_trust_policy_has_2048_characters_at_most() {
    let fixture = Fixture::new();
    let room = 2048 - daypass_policy::non_whitespace_len(&trust(r#"{"AWS": "*"}"#));
    let sized = |size: usize| {
        let sid = "x".repeat(size - r#""Sid":"","#.len());
        trust(r#"{"AWS": "*"}"#).replace(r#""Effect""#, &format!(r#""Sid": "{sid}", "Effect""#))
    };
    let input =
        |size| CreateRoleInput { assume_role_policy_document: sized(size), ..named("sized") };
    let expected = "LimitExceeded: Cannot exceed quota for ACLSizePerRole: 2048";
    assert_eq!(fixture.refusal::<CreateRole>(input(room + 1)), expected);
    fixture.ok::<CreateRole>(input(room));
    let update = |size| UpdateAssumeRolePolicyInput {
        role_name: "sized".to_owned(),
        policy_document: sized(size),
    };
    assert_eq!(fixture.refusal::<UpdateAssumeRolePolicy>(update(room + 1)), expected);
    fixture.ok::<UpdateAssumeRolePolicy>(update(room));
}

#[test]
fn whoever_exists_can_be_trusted_and_is_shown_as_written() {
    let fixture = Fixture::new();
    fixture.ok::<CreateUser>(user("Anna"));
    fixture.ok::<CreateRole>(named("Ops"));
    let principals = [
        r#"{"AWS": "*"}"#,
        r#"{"AWS": "arn:aws:iam::123456789012:root"}"#,
        r#"{"AWS": "arn:aws:iam::000000000000:user/Anna"}"#,
        r#"{"AWS": ["arn:aws:iam::000000000000:role/Ops", "arn:aws:iam::000000000000:user/Anna"]}"#,
        r#"{"AWS": "arn:aws:sts::000000000000:assumed-role/ops/session"}"#,
        r#"{"AWS": "arn:aws:sts::000000000000:federated-user/anybody"}"#,
        r#"{"Service": ["lambda.amazonaws.com", "ec2.amazonaws.com"]}"#,
        r#"{"Federated": "arn:aws:iam::000000000000:saml-provider/idp"}"#,
    ];
    for (number, principal) in principals.into_iter().enumerate() {
        let name = format!("r{number}");
        fixture.ok::<CreateRole>(trusting(&name, principal));
        assert_eq!(shown_trust(&fixture, &name), trust(principal));
    }
    // A number is short for the account's root user.
    fixture.ok::<CreateRole>(trusting("short", r#"{"AWS": "123456789012"}"#));
    let whole = r#"{"AWS": "arn:aws:iam::123456789012:root"}"#;
    assert_eq!(shown_trust(&fixture, "short"), trust(whole));
}

#[test]
fn a_namesake_made_later_is_not_trusted() {
    let fixture = Fixture::new();
    let id = fixture.ok::<CreateUser>(user("anna")).user.unwrap().user_id;
    let arn = r#"{"AWS": "arn:aws:iam::000000000000:user/anna"}"#;
    fixture.ok::<CreateRole>(trusting("r", arn));
    let stored = |fixture: &Fixture| -> RoleRecord {
        fixture.view().account(ACCOUNT).role("r").unwrap().record.clone()
    };
    let by_id = trust(&format!(r#"{{"AWS": "{id}"}}"#));
    assert_eq!(stored(&fixture).assume_role_policy_document, by_id);
    assert_eq!(shown_trust(&fixture, "r"), trust(arn));

    let gone = DeleteUserInput { user_name: "anna".to_owned() };
    fixture.ok::<DeleteUser>(gone);
    assert_eq!(shown_trust(&fixture, "r"), by_id);
    let again = fixture.ok::<CreateUser>(user("anna")).user.unwrap().user_id;
    assert_ne!(again, id);
    assert_eq!(shown_trust(&fixture, "r"), by_id);

    // The id of the gone cannot be saved again; the namesake's can.
    let update = |policy_document: String| UpdateAssumeRolePolicyInput {
        role_name: "r".to_owned(),
        policy_document,
    };
    assert_eq!(
        fixture.refusal::<UpdateAssumeRolePolicy>(update(by_id)),
        format!("MalformedPolicyDocument: Invalid principal in policy: \"AWS\":\"{id}\"")
    );
    fixture.ok::<UpdateAssumeRolePolicy>(update(trust(&format!(r#"{{"AWS": "{again}"}}"#))));
    assert_eq!(shown_trust(&fixture, "r"), trust(arn));
}

#[test]
fn a_renamed_user_is_still_trusted() {
    let fixture = Fixture::new();
    fixture.ok::<CreateUser>(user("anna"));
    let arn = r#"{"AWS": "arn:aws:iam::000000000000:user/anna"}"#;
    fixture.ok::<CreateRole>(trusting("r", arn));
    fixture.ok::<UpdateUser>(UpdateUserInput {
        user_name: "anna".to_owned(),
        new_user_name: Some("berta".to_owned()),
        new_path: Some("/x/".to_owned()),
    });
    let renamed = trust(r#"{"AWS": "arn:aws:iam::000000000000:user/x/berta"}"#);
    assert_eq!(shown_trust(&fixture, "r"), renamed);
}

#[test]
fn principals_of_other_accounts_must_exist_there() {
    let fixture = Fixture::new();
    let other = fixture.caller("123456789012");
    let foreign = trusting("r", r#"{"AWS": "arn:aws:iam::123456789012:user/anna"}"#);
    assert_eq!(
        fixture.refusal::<CreateRole>(foreign.clone()),
        "MalformedPolicyDocument: Invalid principal in policy: \
         \"AWS\":\"arn:aws:iam::123456789012:user/anna\""
    );
    fixture.call::<CreateUser>(&other, user("anna")).unwrap();
    let document = foreign.assume_role_policy_document.clone();
    fixture.ok::<CreateRole>(foreign);
    assert_eq!(shown_trust(&fixture, "r"), document);
}

#[test]
fn a_role_is_changed_in_what_is_given() {
    let fixture = Fixture::new();
    fixture.ok::<CreateRole>(CreateRoleInput { description: Some("old".to_owned()), ..named("R") });
    let update = |description: Option<&str>, max_session_duration| UpdateRoleInput {
        role_name: "r".to_owned(),
        description: description.map(str::to_owned),
        max_session_duration,
    };
    let seen = || {
        let role = fixture.ok::<GetRole>(get("r")).role;
        (role.description.unwrap(), role.max_session_duration.unwrap())
    };
    let cases = [
        (update(None, Some(7200)), ("old", 7200)),
        (update(Some("new"), None), ("new", 7200)),
        (update(Some(""), Some(3600)), ("", 3600)),
    ];
    for (input, (description, seconds)) in cases {
        fixture.ok::<UpdateRole>(input);
        assert_eq!(seen(), (description.to_owned(), seconds));
    }
    let input =
        UpdateRoleDescriptionInput { role_name: "r".to_owned(), description: "last".to_owned() };
    let role = fixture.ok::<UpdateRoleDescription>(input).role.unwrap();
    assert_eq!((role.role_name.as_str(), role.description.as_deref()), ("R", Some("last")));
}

#[test]
fn f1_update_role_description_answers_without_the_longest_session() {
    let fixture = Fixture::new();
    let input = CreateRoleInput { max_session_duration: Some(7200), ..named("r") };
    fixture.ok::<CreateRole>(input);
    let input =
        UpdateRoleDescriptionInput { role_name: "r".to_owned(), description: "new".to_owned() };
    let role = fixture.ok::<UpdateRoleDescription>(input).role.unwrap();
    assert_eq!((role.description.as_deref(), role.max_session_duration), (Some("new"), None));
    let role = fixture.ok::<GetRole>(get("r")).role;
    assert_eq!((role.description.as_deref(), role.max_session_duration), (Some("new"), Some(7200)));
}

#[test]
fn f1_create_role_answers_with_the_trust_policy_as_sent_and_get_role_with_the_stored_one() {
    let fixture = Fixture::new();
    let root = r#"{"AWS": "arn:aws:iam::111122223333:root"}"#;
    let cases = [
        (r#"{"AWS": "111122223333"}"#, root),
        (r#"{"AWS": ["111122223333"]}"#, r#"{"AWS": ["arn:aws:iam::111122223333:root"]}"#),
        (root, root),
        (r#"{"Service": "ec2.amazonaws.com"}"#, r#"{"Service": "ec2.amazonaws.com"}"#),
    ];
    for (number, (sent, stored)) in cases.into_iter().enumerate() {
        let name = format!("r{number}");
        let role = fixture.ok::<CreateRole>(trusting(&name, sent)).role;
        let encoded = role.assume_role_policy_document.unwrap();
        let answered = percent_decode_str(&encoded).decode_utf8().unwrap();
        assert_eq!(answered, trust(sent));
        assert_eq!(shown_trust(&fixture, &name), trust(stored));
    }
}

#[test]
fn a_role_that_holds_policies_is_not_deleted() {
    let fixture = Fixture::new();
    fixture.ok::<CreateRole>(named("R"));
    fixture.ok::<AttachRolePolicy>(AttachRolePolicyInput {
        role_name: "r".to_owned(),
        policy_arn: READ_ONLY.to_owned(),
    });
    fixture.ok::<PutRolePolicy>(PutRolePolicyInput {
        role_name: "r".to_owned(),
        policy_name: "p".to_owned(),
        policy_document: r#"{"Version": "2012-10-17",
            "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#
            .to_owned(),
    });
    assert_eq!(
        fixture.refusal::<DeleteRole>(delete("r")),
        "DeleteConflict: Cannot delete entity, must detach all policies first."
    );
    fixture.ok::<DetachRolePolicy>(DetachRolePolicyInput {
        role_name: "r".to_owned(),
        policy_arn: READ_ONLY.to_owned(),
    });
    assert_eq!(
        fixture.refusal::<DeleteRole>(delete("r")),
        "DeleteConflict: Cannot delete entity, must delete policies first."
    );
    fixture.ok::<DeleteRolePolicy>(DeleteRolePolicyInput {
        role_name: "r".to_owned(),
        policy_name: "p".to_owned(),
    });
    fixture.ok::<DeleteRole>(delete("r"));
    assert_eq!(
        fixture.refusal::<GetRole>(get("R")),
        "NoSuchEntity: The role with name R cannot be found."
    );
}

#[test]
fn tags_are_set_listed_and_taken_away() {
    let fixture = Fixture::new();
    fixture.ok::<CreateRole>(named("r"));
    fixture.ok::<TagRole>(TagRoleInput {
        role_name: "r".to_owned(),
        tags: vec![tag("b", "1"), tag("a", "2"), tag("c", "3")],
    });
    fixture.ok::<TagRole>(TagRoleInput { role_name: "r".to_owned(), tags: vec![tag("B", "4")] });
    fixture.ok::<UntagRole>(UntagRoleInput {
        role_name: "r".to_owned(),
        tag_keys: vec!["A".to_owned(), "none".to_owned()],
    });
    let list = |marker: Option<String>| ListRoleTagsInput {
        role_name: "R".to_owned(),
        marker,
        max_items: Some(1),
    };
    let first = fixture.ok::<ListRoleTags>(list(None));
    assert_eq!((first.tags, first.is_truncated), (vec![tag("B", "4")], Some(true)));
    let second = fixture.ok::<ListRoleTags>(list(first.marker));
    assert_eq!((second.tags, second.is_truncated), (vec![tag("c", "3")], Some(false)));
}

#[test]
fn lists_go_by_path_and_in_pages() {
    let fixture = Fixture::new();
    for (path, name) in [("/", "c"), ("/a/", "B"), ("/a/b/", "a")] {
        fixture.ok::<CreateRole>(CreateRoleInput { path: Some(path.to_owned()), ..named(name) });
    }
    let list = |prefix: Option<&str>, marker: Option<String>| ListRolesInput {
        path_prefix: prefix.map(str::to_owned),
        marker,
        max_items: Some(2),
    };
    let names = |output: &ListRolesOutput| -> Vec<String> {
        output.roles.iter().map(|role| role.role_name.clone()).collect()
    };
    let first = fixture.ok::<ListRoles>(list(None, None));
    assert_eq!((names(&first), first.is_truncated), (vec!["a".into(), "B".into()], Some(true)));
    let second = fixture.ok::<ListRoles>(list(None, first.marker));
    assert_eq!((names(&second), second.is_truncated), (vec!["c".into()], Some(false)));
    assert_eq!(names(&fixture.ok::<ListRoles>(list(Some("/a/"), None))), ["a", "B"]);
    assert_eq!(names(&fixture.ok::<ListRoles>(list(Some("/a/b/"), None))), ["a"]);
}

#[test]
fn roles_of_awss_are_not_changed() {
    let fixture = Fixture::new();
    fixture.ok::<CreateRole>(named("AWSServiceRoleForX"));
    fixture.write(|account, tx| {
        let record = account.role("AWSServiceRoleForX").unwrap().record.clone();
        tx.put_role(&RoleRecord {
            path: "/aws-service-role/x.amazonaws.com/".to_owned(),
            ..record
        });
    });
    let name = || "awsservicerolefOrx".to_owned();
    let refusals = [
        fixture.refusal::<DeleteRole>(delete(&name())),
        fixture.refusal::<UpdateAssumeRolePolicy>(UpdateAssumeRolePolicyInput {
            role_name: name(),
            policy_document: EVERYBODY.to_owned(),
        }),
        fixture.refusal::<AttachRolePolicy>(AttachRolePolicyInput {
            role_name: name(),
            policy_arn: READ_ONLY.to_owned(),
        }),
        fixture.refusal::<DeleteRolePermissionsBoundary>(DeleteRolePermissionsBoundaryInput {
            role_name: name(),
        }),
        fixture.refusal::<UpdateRole>(UpdateRoleInput {
            role_name: name(),
            description: None,
            max_session_duration: Some(7200),
        }),
    ];
    for refusal in refusals {
        assert_eq!(
            refusal,
            "UnmodifiableEntity: Cannot perform the operation on the protected role \
             'AWSServiceRoleForX' - this role is only modifiable by AWS"
        );
    }
    // Tags are the account's own.
    fixture.ok::<TagRole>(TagRoleInput { role_name: name(), tags: vec![tag("a", "")] });
}

#[test]
fn permission_comes_before_existence() {
    let fixture = Fixture::new();
    let nobody = fixture.user("nobody", None);
    assert_eq!(
        fixture.refusal_to::<GetRole>(&nobody, get("none")),
        "AccessDenied: User: arn:aws:iam::000000000000:user/nobody is not authorized to perform: \
         iam:GetRole on resource: role none because no identity-based \
         policy allows the iam:GetRole action"
    );
    assert_eq!(
        fixture.refusal_to::<ListRoles>(
            &nobody,
            ListRolesInput { path_prefix: Some("/a/".to_owned()), ..Default::default() }
        ),
        "AccessDenied: User: arn:aws:iam::000000000000:user/nobody is not authorized to perform: \
         iam:ListRoles on resource: arn:aws:iam::000000000000:role/a/ because no identity-based \
         policy allows the iam:ListRoles action"
    );
    // A missing role is taken to be at the path `/`.
    let within = "arn:aws:iam::000000000000:role/ops/*";
    let narrow = fixture.user_allowed("narrow", "iam:GetRole", within);
    assert!(fixture.refusal_to::<GetRole>(&narrow, get("none")).starts_with("AccessDenied"));
    fixture.ok::<CreateRole>(CreateRoleInput { path: Some("/ops/".to_owned()), ..named("r") });
    fixture.call::<GetRole>(&narrow, get("r")).unwrap();
}

#[test]
fn a_role_with_tags_needs_leave_to_tag() {
    let fixture = Fixture::new();
    let maker = fixture.user_allowed("maker", "iam:CreateRole", "*");
    fixture.call::<CreateRole>(&maker, named("plain")).unwrap();
    let tagged = CreateRoleInput { tags: Some(vec![tag("a", "b")]), ..named("tagged") };
    let refusal = fixture.refusal_to::<CreateRole>(&maker, tagged);
    assert!(refusal.contains("perform: iam:TagRole on resource"), "{refusal}");
}

#[test]
fn sessions_of_another_account_see_none_of_this() {
    let fixture = Fixture::new();
    fixture.ok::<CreateRole>(named("r"));
    let other = fixture.caller("123456789012");
    assert!(matches!(other.principal(), Principal::Root { .. }));
    assert_eq!(
        fixture.refusal_to::<GetRole>(&other, get("r")),
        "NoSuchEntity: The role with name r cannot be found."
    );
}
