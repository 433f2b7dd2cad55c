use daypass_model::iam::*;

use crate::generated::*;
use crate::policy::document;
use crate::testing::Fixture;

fn create(service: &str, suffix: Option<&str>) -> CreateServiceLinkedRoleInput {
    CreateServiceLinkedRoleInput {
        aws_service_name: service.to_owned(),
        description: None,
        custom_suffix: suffix.map(str::to_owned),
    }
}

fn delete(name: &str) -> DeleteServiceLinkedRoleInput {
    DeleteServiceLinkedRoleInput { role_name: name.to_owned() }
}

fn status(id: &str) -> GetServiceLinkedRoleDeletionStatusInput {
    GetServiceLinkedRoleDeletionStatusInput { deletion_task_id: id.to_owned() }
}

fn get(fixture: &Fixture, name: &str) -> Role {
    let input = GetRoleInput { role_name: name.to_owned() };
    fixture.ok::<GetRole>(input).role
}

#[test]
fn a_role_is_made_as_its_service_wants() {
    let fixture = Fixture::new();
    let service = "ecs.amazonaws.com";
    let made = fixture.ok::<CreateServiceLinkedRole>(create(service, None)).role.unwrap();
    assert_eq!(made.role_name, "AWSServiceRoleForECS");
    assert_eq!(made.path, "/aws-service-role/ecs.amazonaws.com/");
    assert_eq!(
        made.arn,
        "arn:aws:iam::000000000000:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"
    );
    let document = |statement: &str| {
        Some(document::encode(&format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#)))
    };
    let lists = document(
        r#"{"Action":["sts:AssumeRole"],"Effect":"Allow","Principal":{"Service":["ecs.amazonaws.com"]}}"#,
    );
    assert_eq!(made.assume_role_policy_document, lists);
    assert_eq!((&made.description, made.max_session_duration), (&None, None));

    let shown = get(&fixture, "AWSServiceRoleForECS");
    assert_eq!(shown.role_id, made.role_id);
    let texts = document(
        r#"{"Effect":"Allow","Principal":{"Service":"ecs.amazonaws.com"},"Action":"sts:AssumeRole"}"#,
    );
    assert_eq!(shown.assume_role_policy_document, texts);
    assert_eq!((shown.description, shown.max_session_duration), (None, Some(3600)));
    let input = ListAttachedRolePoliciesInput {
        role_name: "AWSServiceRoleForECS".to_owned(),
        ..Default::default()
    };
    let attached = fixture.ok::<ListAttachedRolePolicies>(input).attached_policies.unwrap();
    assert_eq!(
        attached[0].policy_arn.as_deref(),
        Some("arn:aws:iam::aws:policy/aws-service-role/AmazonECSServiceRolePolicy")
    );
}

#[test]
fn services_without_a_role_suffixes_and_namesakes_are_refused() {
    let fixture = Fixture::new();
    let cases = [
        (
            create("lamda.amazonaws.com", None),
            "AccessDenied: Cannot find Service Linked Role template for lamda.amazonaws.com",
        ),
        (
            create("acm.amazonaws.com", Some("x")),
            "InvalidInput: Custom suffix is not allowed for acm.amazonaws.com",
        ),
        (
            create("autoscaling.amazonaws.com", Some(&"x".repeat(64))),
            "InvalidInput: Custom suffix is not allowed for autoscaling.amazonaws.com",
        ),
    ];
    for (input, expected) in cases {
        assert_eq!(fixture.refusal::<CreateServiceLinkedRole>(input), expected);
    }
    fixture.ok::<CreateServiceLinkedRole>(create("autoscaling.amazonaws.com", None));
    let suffixed = create("autoscaling.amazonaws.com", Some("team"));
    let made = fixture.ok::<CreateServiceLinkedRole>(suffixed.clone()).role.unwrap();
    assert_eq!(made.role_name, "AWSServiceRoleForAutoScaling_team");
    assert_eq!(
        fixture.refusal::<CreateServiceLinkedRole>(suffixed),
        "InvalidInput: Service role name AWSServiceRoleForAutoScaling_team has been taken in this \
         account, please try a different suffix."
    );
}

#[test]
fn a_deletion_tells_how_it_went() {
    let fixture = Fixture::new();
    fixture.ok::<CreateServiceLinkedRole>(create("ecs.amazonaws.com", None));
    let input = delete("AWSServiceRoleForECS");
    let task = fixture.ok::<DeleteServiceLinkedRole>(input.clone()).deletion_task_id;
    let begin = "task/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS/";
    assert!(task.starts_with(begin) && task.len() == begin.len() + 36, "{task}");
    let done = fixture.ok::<GetServiceLinkedRoleDeletionStatus>(status(&task));
    assert_eq!((done.status, done.reason), (DeletionTaskStatusType::Succeeded, None));
    assert_eq!(
        fixture.refusal::<DeleteServiceLinkedRole>(input),
        "NoSuchEntity: The role with name AWSServiceRoleForECS cannot be found."
    );
    let other = format!("{begin}59d8f8f4-73a9-41d7-9435-c5167dd0d724");
    assert_eq!(
        fixture.refusal::<GetServiceLinkedRoleDeletionStatus>(status(&other)),
        format!("NoSuchEntity: The deletion task with id {other} cannot be found.")
    );
    // It can be made again.
    fixture.ok::<CreateServiceLinkedRole>(create("ecs.amazonaws.com", None));
}

/// Of a service-linked role the account may change the description, and no more.
#[test]
fn it_is_the_services_but_for_its_description() {
    let fixture = Fixture::new();
    fixture.ok::<CreateServiceLinkedRole>(create("ecs.amazonaws.com", None));
    let role_name = || "AWSServiceRoleForECS".to_owned();
    let protected = "UnmodifiableEntity: Cannot perform the operation on the protected role \
                     'AWSServiceRoleForECS' - this role is only modifiable by AWS";
    assert_eq!(
        fixture.refusal::<DeleteRole>(DeleteRoleInput { role_name: role_name() }),
        protected
    );
    let longer = UpdateRoleInput {
        role_name: role_name(),
        max_session_duration: Some(7200),
        ..Default::default()
    };
    assert_eq!(fixture.refusal::<UpdateRole>(longer), protected);
    fixture.ok::<UpdateRole>(UpdateRoleInput {
        role_name: role_name(),
        description: Some("ours".to_owned()),
        ..Default::default()
    });
    assert_eq!(get(&fixture, &role_name()).description.as_deref(), Some("ours"));
    fixture.ok::<UpdateRoleDescription>(UpdateRoleDescriptionInput {
        role_name: role_name(),
        description: "ours, too".to_owned(),
    });
    assert_eq!(get(&fixture, &role_name()).description.as_deref(), Some("ours, too"));
}

#[test]
fn another_role_is_not_deleted_so() {
    let fixture = Fixture::new();
    fixture.ok::<CreateRole>(CreateRoleInput {
        role_name: "mine".to_owned(),
        assume_role_policy_document: r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ecs.amazonaws.com"},"Action":"sts:AssumeRole"}}"#.to_owned(),
        ..Default::default()
    });
    assert_eq!(
        fixture.refusal::<DeleteServiceLinkedRole>(delete("mine")),
        "InvalidInput: Role mine is not a service-linked role."
    );
}

/// A day's worth of deletions does not grow without bound.
#[test]
fn old_deletions_are_forgotten() {
    let fixture = Fixture::new();
    let mut first = None;
    for _ in 0..=1000 {
        fixture.ok::<CreateServiceLinkedRole>(create("ecs.amazonaws.com", None));
        let input = delete("AWSServiceRoleForECS");
        let task = fixture.ok::<DeleteServiceLinkedRole>(input).deletion_task_id;
        first.get_or_insert(task);
        fixture.clock.advance(1);
    }
    let refusal = fixture.refusal::<GetServiceLinkedRoleDeletionStatus>(status(&first.unwrap()));
    assert!(refusal.starts_with("NoSuchEntity"), "{refusal}");
    let view = fixture.view();
    assert_eq!(view.account(crate::testing::ACCOUNT).deletion_tasks().count(), 1000);
}
