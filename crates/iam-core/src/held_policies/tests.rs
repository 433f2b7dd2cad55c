use daypass_authz::Handle;
use daypass_model::iam::*;
use daypass_policy::non_whitespace_len;
use percent_encoding::percent_decode_str;

use crate::generated::*;
use crate::testing::{ACCOUNT, Fixture};

const DOCUMENT: &str = r#"{"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}"#;
const READ_ONLY: &str = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const ADMINISTRATOR: &str = "arn:aws:iam::aws:policy/AdministratorAccess";
const VIEW_ONLY: &str = "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess";

/// The operations on one kind of holder, so that a test goes over all kinds: by the names of
/// holder and policy to what is answered or refused.
struct Kind {
    word: &'static str,
    inline_size: usize,
    quota: &'static str,
    make: fn(&Fixture, &str),
    put: fn(&Fixture, &str, &str, &str) -> Result<(), String>,
    get: fn(&Fixture, &str, &str) -> Result<Inline, String>,
    delete: fn(&Fixture, &str, &str) -> Result<(), String>,
    list: fn(&Fixture, &str, Paged) -> Result<Listed, String>,
    attach: fn(&Fixture, &str, &str) -> Result<(), String>,
    detach: fn(&Fixture, &str, &str) -> Result<(), String>,
    list_attached: fn(&Fixture, &str, Option<&str>, Paged) -> Result<Listed, String>,
}

/// The name of the holder, and the document.
type Inline = (String, String);
/// `Marker` and `MaxItems`.
type Paged = (Option<String>, Option<i32>);
/// Names and the next marker.
type Listed = (Vec<String>, Option<String>);

macro_rules! kind {
    (
        $word:literal, $inline_size:literal, $quota:literal, $name:ident, $make:expr,
        $put:ident $put_input:ident, $get:ident $get_input:ident,
        $delete:ident $delete_input:ident, $list:ident $list_input:ident,
        $attach:ident $attach_input:ident, $detach:ident $detach_input:ident,
        $list_attached:ident $list_attached_input:ident
    ) => {
        Kind {
            word: $word,
            inline_size: $inline_size,
            quota: $quota,
            make: $make,
            put: |fixture, holder, name, document| {
                let input = $put_input {
                    $name: holder.to_owned(),
                    policy_name: name.to_owned(),
                    policy_document: document.to_owned(),
                };
                call::<$put>(fixture, input).map(drop)
            },
            get: |fixture, holder, name| {
                let input = $get_input { $name: holder.to_owned(), policy_name: name.to_owned() };
                let output = call::<$get>(fixture, input)?;
                assert_eq!(output.policy_name, name);
                let document = percent_decode_str(&output.policy_document).decode_utf8();
                Ok((output.$name, document.unwrap().into_owned()))
            },
            delete: |fixture, holder, name| {
                let input =
                    $delete_input { $name: holder.to_owned(), policy_name: name.to_owned() };
                call::<$delete>(fixture, input).map(drop)
            },
            list: |fixture, holder, (marker, max_items)| {
                let input = $list_input { $name: holder.to_owned(), marker, max_items };
                let output = call::<$list>(fixture, input)?;
                assert_eq!(output.is_truncated, Some(output.marker.is_some()));
                Ok((output.policy_names, output.marker))
            },
            attach: |fixture, holder, arn| {
                let input = $attach_input { $name: holder.to_owned(), policy_arn: arn.to_owned() };
                call::<$attach>(fixture, input).map(drop)
            },
            detach: |fixture, holder, arn| {
                let input = $detach_input { $name: holder.to_owned(), policy_arn: arn.to_owned() };
                call::<$detach>(fixture, input).map(drop)
            },
            list_attached: |fixture, holder, prefix, (marker, max_items)| {
                let input = $list_attached_input {
                    $name: holder.to_owned(),
                    path_prefix: prefix.map(str::to_owned),
                    marker,
                    max_items,
                };
                let output = call::<$list_attached>(fixture, input)?;
                assert_eq!(output.is_truncated, Some(output.marker.is_some()));
                let arns = output.attached_policies.unwrap().into_iter().map(|policy| {
                    let (name, arn) = (policy.policy_name.unwrap(), policy.policy_arn.unwrap());
                    assert!(arn.ends_with(&format!("/{name}")), "{arn} {name}");
                    arn
                });
                Ok((arns.collect(), output.marker))
            },
        }
    };
}

const KINDS: [Kind; 3] = [
    kind!(
        "user", 2048, "PoliciesPerUser", user_name,
        |fixture, name| {
            let user_name = name.to_owned();
            fixture.ok::<CreateUser>(CreateUserInput { user_name, ..Default::default() });
        },
        PutUserPolicy PutUserPolicyInput, GetUserPolicy GetUserPolicyInput,
        DeleteUserPolicy DeleteUserPolicyInput, ListUserPolicies ListUserPoliciesInput,
        AttachUserPolicy AttachUserPolicyInput, DetachUserPolicy DetachUserPolicyInput,
        ListAttachedUserPolicies ListAttachedUserPoliciesInput
    ),
    kind!(
        "group", 5120, "PoliciesPerGroup", group_name,
        |fixture, name| {
            let group_name = name.to_owned();
            fixture.ok::<CreateGroup>(CreateGroupInput { group_name, path: None });
        },
        PutGroupPolicy PutGroupPolicyInput, GetGroupPolicy GetGroupPolicyInput,
        DeleteGroupPolicy DeleteGroupPolicyInput, ListGroupPolicies ListGroupPoliciesInput,
        AttachGroupPolicy AttachGroupPolicyInput, DetachGroupPolicy DetachGroupPolicyInput,
        ListAttachedGroupPolicies ListAttachedGroupPoliciesInput
    ),
    kind!(
        "role", 10_240, "PoliciesPerRole", role_name,
        |fixture, name| {
            let assume_role_policy_document = r#"{"Version": "2012-10-17", "Statement": {
                "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}}"#
                .to_owned();
            let role_name = name.to_owned();
            fixture.ok::<CreateRole>(CreateRoleInput {
                role_name,
                assume_role_policy_document,
                ..Default::default()
            });
        },
        PutRolePolicy PutRolePolicyInput, GetRolePolicy GetRolePolicyInput,
        DeleteRolePolicy DeleteRolePolicyInput, ListRolePolicies ListRolePoliciesInput,
        AttachRolePolicy AttachRolePolicyInput, DetachRolePolicy DetachRolePolicyInput,
        ListAttachedRolePolicies ListAttachedRolePoliciesInput
    ),
];

fn call<Op: Handle>(fixture: &Fixture, input: Op::Input) -> Result<Op::Output, String> {
    let answer = fixture.call::<Op>(&fixture.root(), input);
    answer.map_err(|error| format!("{}: {}", error.shape.code, error.message.unwrap_or_default()))
}

fn make_policy(fixture: &Fixture, policy_name: &str) -> String {
    let input = CreatePolicyInput {
        policy_name: policy_name.to_owned(),
        policy_document: DOCUMENT.to_owned(),
        ..Default::default()
    };
    fixture.ok::<CreatePolicy>(input).policy.unwrap().arn.unwrap()
}

/// [`DOCUMENT`] with as many characters that count.
fn sized(size: usize) -> String {
    let sid = "x".repeat(size - non_whitespace_len(DOCUMENT) - r#""Sid":"","#.len());
    DOCUMENT.replace(r#""Effect""#, &format!("\"Sid\" : \"{sid}\",\n \"Effect\""))
}

#[test]
fn inline_policies_are_put_read_replaced_and_deleted() {
    for kind in KINDS {
        let fixture = Fixture::new();
        (kind.make)(&fixture, "Holder");
        for name in ["b", "a", "C"] {
            (kind.put)(&fixture, "hOLDER", name, DOCUMENT).unwrap();
        }
        let found = (kind.get)(&fixture, "holder", "b");
        assert_eq!(found, Ok(("Holder".to_owned(), DOCUMENT.to_owned())));
        let other = DOCUMENT.replace("Allow", "Deny");
        (kind.put)(&fixture, "holder", "b", &other).unwrap();
        assert_eq!((kind.get)(&fixture, "holder", "b").unwrap().1, other);

        let (first, marker) = (kind.list)(&fixture, "holder", (None, Some(2))).unwrap();
        assert_eq!(first, ["C", "a"]);
        let second = (kind.list)(&fixture, "holder", (marker, Some(2))).unwrap();
        assert_eq!(second, (vec!["b".to_owned()], None));

        (kind.delete)(&fixture, "holder", "b").unwrap();
        let absent = format!("NoSuchEntity: The {} policy with name b cannot be found.", kind.word);
        assert_eq!((kind.get)(&fixture, "holder", "b"), Err(absent.clone()));
        assert_eq!((kind.delete)(&fixture, "holder", "b"), Err(absent));
    }
}

#[test]
fn documents_of_inline_policies_are_checked() {
    let principal = DOCUMENT.replace(r#""Effect""#, r#""Principal": {"AWS": "*"}, "Effect""#);
    let old = DOCUMENT.replace("2012-10-17", "2008-10-17");
    let without_version = DOCUMENT.replace(r#""Version": "2012-10-17","#, "");
    assert_ne!(without_version, DOCUMENT);
    let placeholder =
        DOCUMENT.replace(r#""arn:aws:s3:::b/*""#, r#""arn:aws:sqs:us-east-1:<ACCOUNT_ID>:jobs""#);
    assert_ne!(placeholder, DOCUMENT);
    let cases = [
        ("[]", "Syntax errors in policy."),
        (placeholder.as_str(), "The policy failed legacy parsing"),
        (principal.as_str(), "Policy document should not specify a principal."),
    ];
    for kind in KINDS {
        let fixture = Fixture::new();
        (kind.make)(&fixture, "holder");
        for (document, expected) in cases {
            let refused = (kind.put)(&fixture, "holder", "p", document);
            assert_eq!(refused, Err(format!("MalformedPolicyDocument: {expected}")));
        }
        for document in [&old, &without_version] {
            (kind.put)(&fixture, "holder", "p", document).unwrap();
        }
    }
}

#[test]
fn all_inline_policies_of_a_holder_share_its_room() {
    for kind in KINDS {
        let fixture = Fixture::new();
        (kind.make)(&fixture, "Holder");
        let size = kind.inline_size;
        let expected = Err(format!(
            "LimitExceeded: Maximum policy size of {size} bytes exceeded for {} Holder",
            kind.word
        ));
        assert_eq!((kind.put)(&fixture, "holder", "a", &sized(size + 1)), expected);
        (kind.put)(&fixture, "holder", "a", &sized(size)).unwrap();
        // A policy makes room for the one that takes its place, not for another.
        (kind.put)(&fixture, "holder", "a", &sized(size - 1000)).unwrap();
        assert_eq!((kind.put)(&fixture, "holder", "b", &sized(1001)), expected);
        (kind.put)(&fixture, "holder", "b", &sized(1000)).unwrap();
        (kind.delete)(&fixture, "holder", "a").unwrap();
        (kind.put)(&fixture, "holder", "c", &sized(size - 1000)).unwrap();
    }
}

#[test]
fn managed_policies_are_attached_listed_and_detached() {
    for kind in KINDS {
        let fixture = Fixture::new();
        (kind.make)(&fixture, "Holder");
        let own = make_policy(&fixture, "Own");
        for arn in [VIEW_ONLY, READ_ONLY, &own] {
            (kind.attach)(&fixture, "hOLDER", arn).unwrap();
            // Once more changes nothing.
            (kind.attach)(&fixture, "holder", arn).unwrap();
        }
        let (first, marker) =
            (kind.list_attached)(&fixture, "holder", None, (None, Some(2))).unwrap();
        assert_eq!(first, [own.as_str(), READ_ONLY]);
        let second = (kind.list_attached)(&fixture, "holder", None, (marker, Some(2))).unwrap();
        assert_eq!(second, (vec![VIEW_ONLY.to_owned()], None));
        let prefix = Some("/job-function/");
        let below = (kind.list_attached)(&fixture, "holder", prefix, (None, None)).unwrap();
        assert_eq!(below, (vec![VIEW_ONLY.to_owned()], None));

        (kind.detach)(&fixture, "holder", READ_ONLY).unwrap();
        let expected = Err(format!("NoSuchEntity: Policy {READ_ONLY} was not found."));
        assert_eq!((kind.detach)(&fixture, "holder", READ_ONLY), expected);
        let (rest, _) = (kind.list_attached)(&fixture, "holder", None, (None, None)).unwrap();
        assert_eq!(rest, [own.as_str(), VIEW_ONLY]);
    }
}

#[test]
fn f1_a_role_has_twenty_managed_policies_users_and_groups_ten() {
    for kind in KINDS {
        let limit = if kind.word == "role" { 20 } else { 10 };
        let fixture = Fixture::new();
        (kind.make)(&fixture, "holder");
        for number in 0..limit {
            let arn = make_policy(&fixture, &format!("p{number}"));
            (kind.attach)(&fixture, "holder", &arn).unwrap();
        }
        let expected =
            Err(format!("LimitExceeded: Cannot exceed quota for {}: {limit}", kind.quota));
        assert_eq!((kind.attach)(&fixture, "holder", READ_ONLY), expected);
        let attached = "arn:aws:iam::000000000000:policy/p0";
        (kind.attach)(&fixture, "holder", attached).unwrap();
        (kind.detach)(&fixture, "holder", attached).unwrap();
        (kind.attach)(&fixture, "holder", READ_ONLY).unwrap();
    }
}

#[test]
fn f3_what_cannot_be_attached_is_refused() {
    for kind in KINDS {
        let fixture = Fixture::new();
        (kind.make)(&fixture, "holder");
        make_policy(&fixture, "Own");
        let absent = [
            "arn:aws:iam::aws:policy/None",
            "arn:aws:iam::000000000000:policy/own",
            "arn:aws:iam::111111111111:policy/Own",
        ];
        for arn in absent {
            let expected =
                format!("NoSuchEntity: Policy {arn} does not exist or is not attachable.");
            assert_eq!((kind.attach)(&fixture, "holder", arn), Err(expected));
        }
        let others = [
            ("no-arn-of-any-policy", "ValidationError: ARN no-arn-of-any-policy is not valid."),
            (
                "arn:aws:iam::000000000000:user/holder",
                "InvalidInput: ARN arn:aws:iam::000000000000:user/holder is not valid.",
            ),
            (
                "arn:aws:iam::aws:policy/aws-service-role/AmazonECSServiceRolePolicy",
                "PolicyNotAttachable: Cannot attach a Service Role Policy to a Customer Role.",
            ),
        ];
        for (arn, expected) in others {
            assert_eq!((kind.attach)(&fixture, "holder", arn), Err(expected.to_owned()));
        }
    }
}

#[test]
fn holders_that_are_not_there_are_refused() {
    for kind in KINDS {
        let fixture = Fixture::new();
        let expected = format!("NoSuchEntity: The {} with name none cannot be found.", kind.word);
        let refusals = [
            (kind.put)(&fixture, "none", "p", DOCUMENT).unwrap_err(),
            (kind.get)(&fixture, "none", "p").unwrap_err(),
            (kind.delete)(&fixture, "none", "p").unwrap_err(),
            (kind.list)(&fixture, "none", (None, None)).unwrap_err(),
            (kind.attach)(&fixture, "none", READ_ONLY).unwrap_err(),
            (kind.detach)(&fixture, "none", READ_ONLY).unwrap_err(),
            (kind.list_attached)(&fixture, "none", None, (None, None)).unwrap_err(),
        ];
        assert_eq!(refusals, [(); 7].map(|()| expected.clone()));
    }
}

#[test]
fn which_policy_may_be_attached_can_be_limited() {
    let fixture = Fixture::new();
    let statement = format!(
        r#"{{"Effect": "Allow", "Action": ["iam:AttachUserPolicy", "iam:DetachUserPolicy"],
            "Resource": "*", "Condition": {{"ArnEquals": {{"iam:PolicyARN": "{READ_ONLY}"}}}}}}"#
    );
    let policy = format!(r#"{{"Version": "2012-10-17", "Statement": {statement}}}"#);
    let keeper = fixture.user("keeper", Some(&policy));
    let attach = |arn: &str| AttachUserPolicyInput {
        user_name: "keeper".to_owned(),
        policy_arn: arn.to_owned(),
    };
    fixture.call::<AttachUserPolicy>(&keeper, attach(READ_ONLY)).unwrap();
    assert_eq!(
        fixture.refusal_to::<AttachUserPolicy>(&keeper, attach(ADMINISTRATOR)),
        "AccessDenied: User: arn:aws:iam::000000000000:user/keeper is not authorized to perform: \
         iam:AttachUserPolicy on resource: user keeper because no \
         identity-based policy allows the iam:AttachUserPolicy action"
    );
    let detach =
        DetachUserPolicyInput { user_name: "keeper".to_owned(), policy_arn: READ_ONLY.to_owned() };
    fixture.call::<DetachUserPolicy>(&keeper, detach).unwrap();
}

fn bound(user_name: &str, permissions_boundary: &str) -> PutUserPermissionsBoundaryInput {
    PutUserPermissionsBoundaryInput {
        user_name: user_name.to_owned(),
        permissions_boundary: permissions_boundary.to_owned(),
    }
}

fn unbound(user_name: &str) -> DeleteUserPermissionsBoundaryInput {
    DeleteUserPermissionsBoundaryInput { user_name: user_name.to_owned() }
}

#[test]
fn boundaries_of_users_are_set_replaced_and_taken_away() {
    let fixture = Fixture::new();
    fixture.user("Anna", None);
    let boundary = || {
        let input = GetUserInput { user_name: Some("anna".to_owned()) };
        let shown = fixture.ok::<GetUser>(input).user.permissions_boundary?;
        let kind = shown.permissions_boundary_type.unwrap();
        assert_eq!(kind, PermissionsBoundaryAttachmentType::Policy);
        shown.permissions_boundary_arn
    };
    let own = make_policy(&fixture, "Own");
    for arn in [READ_ONLY, &own] {
        fixture.ok::<PutUserPermissionsBoundary>(bound("anna", arn));
        assert_eq!(boundary().as_deref(), Some(arn));
    }
    fixture.ok::<DeleteUserPermissionsBoundary>(unbound("anna"));
    assert_eq!(boundary(), None);
    fixture.ok::<DeleteUserPermissionsBoundary>(unbound("anna"));
    let refusals = [
        fixture.refusal::<PutUserPermissionsBoundary>(bound("none", READ_ONLY)),
        fixture.refusal::<DeleteUserPermissionsBoundary>(unbound("none")),
    ];
    assert_eq!(
        refusals,
        [(); 2].map(|()| "NoSuchEntity: The user with name none cannot be found.")
    );
}

#[test]
fn boundaries_of_roles_are_set_and_taken_away() {
    let fixture = Fixture::new();
    let [_, _, role] = KINDS;
    (role.make)(&fixture, "Ops");
    let bound = |role_name: &str| PutRolePermissionsBoundaryInput {
        role_name: role_name.to_owned(),
        permissions_boundary: READ_ONLY.to_owned(),
    };
    let unbound =
        |role_name: &str| DeleteRolePermissionsBoundaryInput { role_name: role_name.to_owned() };
    fixture.ok::<PutRolePermissionsBoundary>(bound("ops"));
    let view = fixture.view();
    let arn = view.account(ACCOUNT).role("ops").unwrap().record.permissions_boundary.clone();
    assert_eq!(arn.unwrap().as_str(), READ_ONLY);
    fixture.ok::<DeleteRolePermissionsBoundary>(unbound("ops"));
    let view = fixture.view();
    assert_eq!(view.account(ACCOUNT).role("ops").unwrap().record.permissions_boundary, None);
    let refusals = [
        fixture.refusal::<PutRolePermissionsBoundary>(bound("none")),
        fixture.refusal::<DeleteRolePermissionsBoundary>(unbound("none")),
    ];
    assert_eq!(
        refusals,
        [(); 2].map(|()| "NoSuchEntity: The role with name none cannot be found.")
    );
}

#[test]
fn f3_what_is_no_policy_bounds_nobody() {
    let fixture = Fixture::new();
    fixture.user("anna", None);
    make_policy(&fixture, "Own");
    let [_, _, role] = KINDS;
    (role.make)(&fixture, "ops");
    let no_arn = |arn: &str| format!("ValidationError: ARN {arn} is not valid.");
    let not_valid = |arn: &str| format!("InvalidInput: ARN {arn} is not valid.");
    let partition = |_: &str| "ValidationError: Invalid ARN partition".to_owned();
    let absent =
        |arn: &str| format!("NoSuchEntity: Scope ARN: {arn} does not exist or is not attachable.");
    type Expected<'a> = &'a dyn Fn(&str) -> String;
    let cases: [(&str, Expected<'_>); 7] = [
        ("twenty letters or so", &no_arn),
        ("arn:aws:iam::000000000000:role/Own", &not_valid),
        ("arn:aws:s3::000000000000:policy/Own", &not_valid),
        ("arn:aws-cn:iam::000000000000:policy/Own", &partition),
        ("arn:aws:iam::aws:policy/None", &absent),
        ("arn:aws:iam::000000000000:policy/own", &absent),
        ("arn:aws:iam::111111111111:policy/Own", &absent),
    ];
    for (arn, expected) in cases {
        let boundary = || Some(arn.to_owned());
        let trust = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow",
            "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}}"#;
        let refusals = [
            fixture.refusal::<PutUserPermissionsBoundary>(bound("anna", arn)),
            fixture.refusal::<PutRolePermissionsBoundary>(PutRolePermissionsBoundaryInput {
                role_name: "ops".to_owned(),
                permissions_boundary: arn.to_owned(),
            }),
            fixture.refusal::<CreateUser>(CreateUserInput {
                user_name: "new".to_owned(),
                permissions_boundary: boundary(),
                ..Default::default()
            }),
            fixture.refusal::<CreateRole>(CreateRoleInput {
                role_name: "new".to_owned(),
                assume_role_policy_document: trust.to_owned(),
                permissions_boundary: boundary(),
                ..Default::default()
            }),
        ];
        assert_eq!(refusals, [(); 4].map(|()| expected(arn)));
    }
}

/// The pattern of a delegated administrator: may give out permissions only below a boundary.
#[test]
fn only_who_is_bounded_may_be_given_more() {
    let fixture = Fixture::new();
    let statement = format!(
        r#"{{"Effect": "Allow", "Action": ["iam:PutUserPolicy", "iam:PutUserPermissionsBoundary"],
            "Resource": "*",
            "Condition": {{"StringEquals": {{"iam:PermissionsBoundary": "{READ_ONLY}"}}}}}}"#
    );
    let policy = format!(r#"{{"Version": "2012-10-17", "Statement": {statement}}}"#);
    let delegate = fixture.user("delegate", Some(&policy));
    fixture.user("anna", None);
    let put = || PutUserPolicyInput {
        user_name: "anna".to_owned(),
        policy_name: "p".to_owned(),
        policy_document: DOCUMENT.to_owned(),
    };
    let denied = |refusal: String| assert!(refusal.starts_with("AccessDenied"), "{refusal}");
    denied(fixture.refusal_to::<PutUserPolicy>(&delegate, put()));
    let wider = bound("anna", ADMINISTRATOR);
    denied(fixture.refusal_to::<PutUserPermissionsBoundary>(&delegate, wider));
    let narrow = bound("anna", READ_ONLY);
    fixture.call::<PutUserPermissionsBoundary>(&delegate, narrow).unwrap();
    fixture.call::<PutUserPolicy>(&delegate, put()).unwrap();
    denied(fixture.refusal_to::<DeleteUserPermissionsBoundary>(&delegate, unbound("anna")));
}
