use daypass_model::iam::*;
use daypass_state::Caller;

use crate::generated::*;
use crate::testing::{ACCOUNT, Fixture, NOW};

const READER: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["iam:Get*","s3:GetObject"],"Resource":"*"}}"#;

fn arn(rest: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:{rest}")
}

fn generate(
    fixture: &Fixture,
    arn: &str,
    granularity: Option<AccessAdvisorUsageGranularityType>,
) -> String {
    let input = GenerateServiceLastAccessedDetailsInput { arn: arn.to_owned(), granularity };
    fixture.ok::<GenerateServiceLastAccessedDetails>(input).job_id.unwrap()
}

fn details(fixture: &Fixture, job: &str) -> GetServiceLastAccessedDetailsOutput {
    let input = GetServiceLastAccessedDetailsInput { job_id: job.to_owned(), ..Default::default() };
    fixture.ok::<GetServiceLastAccessedDetails>(input)
}

fn entities(fixture: &Fixture, job: &str, service: &str) -> Vec<(String, Option<i64>)> {
    let input = GetServiceLastAccessedDetailsWithEntitiesInput {
        job_id: job.to_owned(),
        service_namespace: service.to_owned(),
        ..Default::default()
    };
    let answer = fixture.ok::<GetServiceLastAccessedDetailsWithEntities>(input);
    let all = answer.entity_details_list.into_iter();
    all.map(|one| (one.entity_info.name, one.last_authenticated.map(|at| at.secs()))).collect()
}

fn note(caller: &Caller, at: i64, action: &'static str) {
    caller.note_access(at, "eu-west-1", "iam", action);
}

#[test]
fn a_report_has_every_service_that_the_policies_allow() {
    let fixture = Fixture::new();
    let alice = fixture.user("alice", Some(READER));
    note(&alice, NOW - 30, "GetUser");
    note(&alice, NOW - 3600, "ListUsers");
    let job = generate(&fixture, &arn("user/alice"), None);
    assert_eq!(job.len(), 36);
    let answer = details(&fixture, &job);
    assert_eq!(answer.job_status, JobStatusType::Completed);
    assert_eq!(answer.job_type, Some(AccessAdvisorUsageGranularityType::ServiceLevel));
    let minute = NOW - 30 - (NOW - 30) % 60;
    let shown: Vec<_> = answer
        .services_last_accessed
        .iter()
        .map(|one| {
            (
                one.service_name.as_str(),
                one.service_namespace.as_str(),
                one.last_authenticated.map(|at| at.secs()),
                one.last_authenticated_entity.as_deref(),
                one.total_authenticated_entities,
            )
        })
        .collect();
    let alices = arn("user/alice");
    assert_eq!(
        shown,
        [
            (
                "AWS Identity and Access Management (IAM)",
                "iam",
                Some(minute),
                Some(alices.as_str()),
                Some(1)
            ),
            ("Amazon S3", "s3", None, None, Some(0)),
        ]
    );
    assert_eq!(
        answer.services_last_accessed[0].last_authenticated_region.as_deref(),
        Some("eu-west-1")
    );
    // What comes later is not in it.
    fixture.clock.advance(120);
    note(&alice, NOW + 120, "GetRole");
    let again = details(&fixture, &job);
    assert_eq!(again, answer);
    // A user takes it along under another name.
    let renamed = UpdateUserInput {
        user_name: "alice".to_owned(),
        new_user_name: Some("alicia".to_owned()),
        new_path: Some("/team/".to_owned()),
    };
    fixture.ok::<UpdateUser>(renamed);
    let job = generate(&fixture, &arn("user/team/alicia"), None);
    let last = &details(&fixture, &job).services_last_accessed[0];
    assert!(last.last_authenticated.is_some());
    assert_eq!(last.last_authenticated_entity, Some(arn("user/team/alicia")));
    // What is older than 400 days is as good as never used.
    fixture.clock.advance(401 * 86_400);
    let job = generate(&fixture, &arn("user/team/alicia"), None);
    assert_eq!(details(&fixture, &job).services_last_accessed[0].last_authenticated, None);
}

#[test]
fn single_actions_are_told_where_they_are_asked_for() {
    let fixture = Fixture::new();
    let alice = fixture.user("alice", Some(READER));
    note(&alice, NOW, "GetUser");
    let action_level = Some(AccessAdvisorUsageGranularityType::ActionLevel);
    let job = generate(&fixture, &arn("user/alice"), action_level);
    let answer = details(&fixture, &job);
    let actions = |place: usize| {
        answer.services_last_accessed[place].tracked_actions_last_accessed.clone().unwrap()
    };
    let of_iam = actions(0);
    let find = |name: &str| of_iam.iter().find(|one| one.action_name.as_deref() == Some(name));
    assert!(find("GetUser").unwrap().last_accessed_time.is_some());
    assert_eq!(find("GetUser").unwrap().last_accessed_entity, Some(arn("user/alice")));
    assert!(find("ListUsers").unwrap().last_accessed_time.is_none());
    assert!(find("PassRole").is_none(), "it is no operation");
    assert!(actions(1).is_empty(), "nobody sees what is asked of S3");
}

#[test]
fn groups_and_policies_are_used_by_their_members_and_holders() {
    let fixture = Fixture::new();
    let (alice, bob) = (fixture.user("alice", None), fixture.user("bob", None));
    fixture.user("carol", None);
    let group = CreateGroupInput { group_name: "staff".to_owned(), ..Default::default() };
    fixture.ok::<CreateGroup>(group);
    let policy = CreatePolicyInput {
        policy_name: "reader".to_owned(),
        policy_document: READER.to_owned(),
        ..Default::default()
    };
    let policy = fixture.ok::<CreatePolicy>(policy).policy.unwrap().arn.unwrap();
    // A policy that nobody has lets nobody do anything.
    let job = generate(&fixture, &policy, None);
    assert!(details(&fixture, &job).services_last_accessed.is_empty());
    for user in ["alice", "carol"] {
        fixture.ok::<AddUserToGroup>(AddUserToGroupInput {
            group_name: "staff".to_owned(),
            user_name: user.to_owned(),
        });
    }
    fixture.ok::<AttachGroupPolicy>(AttachGroupPolicyInput {
        group_name: "staff".to_owned(),
        policy_arn: policy.clone(),
    });
    fixture.ok::<AttachUserPolicy>(AttachUserPolicyInput {
        user_name: "bob".to_owned(),
        policy_arn: policy.clone(),
    });
    note(&alice, 120, "GetUser");
    note(&bob, 60, "GetUser");
    fixture.clock.set(aws_smithy_types::DateTime::from_secs(180));
    let group_job = generate(&fixture, &arn("group/staff"), None);
    let of_group = [("alice".to_owned(), Some(120)), ("carol".to_owned(), None)];
    assert_eq!(entities(&fixture, &group_job, "iam"), of_group);
    assert!(entities(&fixture, &group_job, "ec2").is_empty(), "it allows nothing there");
    let job = generate(&fixture, &policy, None);
    let of_policy =
        [("alice".to_owned(), Some(120)), ("bob".to_owned(), Some(60)), ("carol".to_owned(), None)];
    assert_eq!(entities(&fixture, &job, "iam"), of_policy);
    let services = details(&fixture, &job).services_last_accessed;
    assert_eq!(services[0].total_authenticated_entities, Some(2));
    assert_eq!(services[0].last_authenticated_entity, Some(arn("user/alice")));
}

#[test]
fn an_administrator_is_told_of_all_services_in_one_page() {
    let fixture = Fixture::new();
    let all =
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    fixture.user("alice", Some(all));
    let job = generate(&fixture, &arn("user/alice"), None);
    let answer = details(&fixture, &job);
    assert_eq!(answer.is_truncated, Some(false));
    assert!(answer.services_last_accessed.len() > 168, "{}", answer.services_last_accessed.len());
    let page = |marker| {
        let input = GetServiceLastAccessedDetailsInput {
            job_id: job.clone(),
            max_items: Some(300),
            marker,
        };
        fixture.ok::<GetServiceLastAccessedDetails>(input)
    };
    let first = page(None);
    let second = page(first.marker.clone());
    let both: Vec<_> =
        first.services_last_accessed.into_iter().chain(second.services_last_accessed).collect();
    assert_eq!(both, answer.services_last_accessed);
}

#[test]
fn a_report_is_for_who_asked_for_it() {
    let fixture = Fixture::new();
    let alice = fixture.user("alice", Some(&READER.replace("s3:GetObject", "iam:*")));
    let job = generate(&fixture, &arn("user/alice"), None);
    let input = || GetServiceLastAccessedDetailsInput { job_id: job.clone(), ..Default::default() };
    assert_eq!(
        fixture.refusal_to::<GetServiceLastAccessedDetails>(&alice, input()),
        format!("NoSuchEntity: The job with id {job} cannot be found.")
    );
    for _ in 0..20 {
        generate(&fixture, &arn("user/alice"), None);
        fixture.clock.advance(1);
    }
    let gone = fixture.refusal::<GetServiceLastAccessedDetails>(input());
    assert!(gone.starts_with("NoSuchEntity: "), "reports do not pile up: {gone}");
}

#[test]
fn what_is_not_there_has_no_report() {
    let fixture = Fixture::new();
    let refused = |arn: String| {
        let input = GenerateServiceLastAccessedDetailsInput { arn, granularity: None };
        fixture.refusal::<GenerateServiceLastAccessedDetails>(input)
    };
    assert_eq!(refused(arn("role/none")), "NoSuchEntity: The role with name none cannot be found.");
    assert!(refused(arn("policy/none")).starts_with("NoSuchEntity: "));
    assert!(refused(arn("mfa/none")).starts_with("InvalidInput: "));
}

#[test]
fn the_policies_that_grant_a_service_are_named() {
    let fixture = Fixture::new();
    fixture.user("alice", Some(READER));
    let group = CreateGroupInput { group_name: "staff".to_owned(), ..Default::default() };
    fixture.ok::<CreateGroup>(group);
    fixture.ok::<AddUserToGroup>(AddUserToGroupInput {
        group_name: "staff".to_owned(),
        user_name: "alice".to_owned(),
    });
    fixture.ok::<PutGroupPolicy>(PutGroupPolicyInput {
        group_name: "staff".to_owned(),
        policy_name: "all".to_owned(),
        policy_document: READER.replace("\"iam:Get*\",", ""),
    });
    fixture.ok::<AttachUserPolicy>(AttachUserPolicyInput {
        user_name: "alice".to_owned(),
        policy_arn: "arn:aws:iam::aws:policy/IAMReadOnlyAccess".to_owned(),
    });
    let input = ListPoliciesGrantingServiceAccessInput {
        arn: arn("user/alice"),
        service_namespaces: ["s3", "iam", "ec2"].map(str::to_owned).to_vec(),
        marker: None,
    };
    let answer = fixture.ok::<ListPoliciesGrantingServiceAccess>(input);
    let shown: Vec<_> = answer
        .policies_granting_service_access
        .into_iter()
        .map(|entry| {
            let policies = entry.policies.unwrap().into_iter().map(|one| {
                let of = one.entity_name.or(one.policy_arn).unwrap();
                format!("{:?} {} {of}", one.policy_type, one.policy_name)
            });
            (entry.service_namespace.unwrap(), policies.collect::<Vec<_>>())
        })
        .collect();
    let managed = "Managed IAMReadOnlyAccess arn:aws:iam::aws:policy/IAMReadOnlyAccess".to_owned();
    assert_eq!(
        shown,
        [
            ("s3".to_owned(), vec!["Inline test alice".to_owned(), "Inline all staff".to_owned()]),
            ("iam".to_owned(), vec!["Inline test alice".to_owned(), managed]),
            ("ec2".to_owned(), vec![]),
        ]
    );
}
