use daypass_authz::Departures;
use daypass_ident::Principal;
use daypass_model::iam::{
    AcceptDelegationRequestInput, AssociateDelegationRequestInput, CreateDelegationRequestInput,
    CreatePolicyInput, DelegationPermission, DelegationRequest, GetDelegationRequestInput,
    ListDelegationRequestsInput, PolicyParameter, RejectDelegationRequestInput,
    SendDelegationTokenInput, StateType, UpdateDelegationRequestInput,
};
use daypass_state::Caller;

use crate::generated::{
    AcceptDelegationRequest as Accept, AssociateDelegationRequest as Associate,
    CreateDelegationRequest as Create, CreatePolicy, GetDelegationRequest as Get,
    ListDelegationRequests as List, RejectDelegationRequest as Reject, SendDelegationToken as Send,
    UpdateDelegationRequest as Update,
};
use crate::testing::{ACCOUNT, Fixture, NOW};

#[test]
fn a_request_goes_from_the_partner_to_whoever_sends_its_token() {
    let fixture = fixture();
    let id = create(&fixture, |_| {});
    let asked = get(&fixture, &fixture.root(), &id);
    assert_eq!((asked.state, asked.owner_account_id), (Some(StateType::Unassigned), None));
    assert_eq!(asked.requestor_id.as_deref(), Some(PARTNER));
    assert_eq!(asked.permission_policy.as_deref(), Some(POLICY));
    assert_eq!(asked.expiration_time.unwrap().secs(), NOW + 86_400);

    let (alice, bob) = (admin(&fixture, "alice"), admin(&fixture, "bob"));
    take(&fixture, &alice, "associate", &id).unwrap();
    take(&fixture, &alice, "update", &id).unwrap();
    take(&fixture, &bob, "accept", &id).unwrap();
    let accepted = get(&fixture, &alice, &id);
    assert_eq!(accepted.state, Some(StateType::Accepted));
    assert_eq!(accepted.owner_id.as_deref(), Some("arn:aws:iam::000000000000:user/alice"));
    assert_eq!(accepted.approver_id.as_deref(), Some("arn:aws:iam::000000000000:user/bob"));
    assert_eq!(accepted.notes.as_deref(), Some("please"));
    assert_eq!(accepted.expiration_time.unwrap().secs(), NOW + 604_800);
    assert!(token(&fixture, &id).is_none());

    take(&fixture, &alice, "send", &id).unwrap();
    assert_eq!(get(&fixture, &alice, &id).state, Some(StateType::Finalized));
    let sent = token(&fixture, &id).unwrap();
    assert!(sent.starts_with(&format!("{id}.")) && sent.len() == id.len() + 44, "{sent}");
}

#[test]
fn each_step_is_for_its_stages_only() {
    let fixture = fixture();
    let alice = admin(&fixture, "alice");
    let reach = |stage: &str| {
        let id = create(&fixture, |input| input.requestor_workflow_id = format!("to-{stage}"));
        let steps: &[&str] = match stage {
            "UNASSIGNED" => &[],
            "ASSIGNED" => &["associate"],
            "PENDING_APPROVAL" => &["associate", "update"],
            "ACCEPTED" => &["associate", "accept"],
            "FINALIZED" => &["associate", "accept", "send"],
            _ => &["associate", "reject"],
        };
        for name in steps {
            take(&fixture, &alice, name, &id).unwrap();
        }
        id
    };
    for (stage, allowed) in [
        ("UNASSIGNED", &["associate"][..]),
        ("ASSIGNED", &["update", "accept", "reject"]),
        ("PENDING_APPROVAL", &["update", "accept", "reject"]),
        ("ACCEPTED", &["reject", "send"]),
        ("FINALIZED", &[]),
        ("REJECTED", &[]),
    ] {
        let id = reach(stage);
        for name in ["associate", "update", "accept", "reject", "send"] {
            if !allowed.contains(&name) {
                let error = take(&fixture, &alice, name, &id).unwrap_err();
                let expected =
                    format!("InvalidInput: Delegation request {id} is in state {stage}.");
                assert_eq!(error, expected, "{name}");
            }
        }
    }
}

#[test]
fn a_request_for_one_account_is_nobody_elses() {
    let fixture = fixture();
    let id = create(&fixture, |input| input.owner_account_id = Some("222222222222".to_owned()));
    let unknown = format!("NoSuchEntity: The delegation request with id {id} cannot be found.");
    let root = fixture.root();
    for name in ["associate", "update", "accept", "reject", "send"] {
        assert_eq!(take(&fixture, &root, name, &id), Err(unknown.clone()), "{name}");
    }
    assert_eq!(fixture.refusal::<Get>(get_input(&id)), unknown);
    let owner = fixture.caller("222222222222");
    take(&fixture, &owner, "associate", &id).unwrap();
    assert_eq!(get(&fixture, &owner, &id).owner_account_id.as_deref(), Some("222222222222"));

    let open = create(&fixture, |input| input.requestor_workflow_id = "second".to_owned());
    let list = |caller: &Caller, owner_id: Option<&str>| {
        let owner_id = owner_id.map(str::to_owned);
        let input = ListDelegationRequestsInput { owner_id, ..Default::default() };
        let listed = fixture.call::<List>(caller, input).unwrap().delegation_requests.unwrap();
        listed.into_iter().map(|one| one.delegation_request_id.unwrap()).collect::<Vec<_>>()
    };
    assert!(list(&root, None).is_empty(), "nobody has taken charge of it");
    take(&fixture, &root, "associate", &open).unwrap();
    assert_eq!(list(&root, None), std::slice::from_ref(&open));
    assert_eq!(list(&root, Some("arn:aws:iam::000000000000:root")), [open]);
    assert!(list(&root, Some("arn:aws:iam::000000000000:user/alice")).is_empty());
    assert_eq!(list(&owner, None), [id]);
}

#[test]
fn who_accepts_and_who_sends_is_limited() {
    let fixture = fixture();
    let root = fixture.root();
    let long = create(&fixture, |input| {
        (input.session_duration, input.only_send_by_owner) = (14_401, Some(true));
    });
    take(&fixture, &root, "associate", &long).unwrap();
    let refused =
        "InvalidInput: Root users can only accept delegation requests of 4 hours or less.";
    assert_eq!(take(&fixture, &root, "accept", &long), Err(refused.to_owned()));
    let alice = admin(&fixture, "alice");
    take(&fixture, &alice, "accept", &long).unwrap();
    let refused = "InvalidInput: Only the owner of this delegation request can send its token.";
    assert_eq!(take(&fixture, &alice, "send", &long), Err(refused.to_owned()));
    take(&fixture, &root, "send", &long).unwrap();

    let short = create(&fixture, |input| {
        input.requestor_workflow_id = "short".to_owned();
        input.session_duration = 14_400;
    });
    take(&fixture, &root, "associate", &short).unwrap();
    take(&fixture, &root, "accept", &short).unwrap();
    let approver = fixture.view().delegation_request(&short).unwrap().record.approver.clone();
    assert_eq!(approver, Some(Principal::Root { account: ACCOUNT }));
}

#[test]
fn policies_know_the_owner() {
    let fixture = fixture();
    let id = create(&fixture, |_| {});
    take(&fixture, &fixture.root(), "associate", &id).unwrap();
    for (name, owner, may) in [("yes", "root", true), ("no", "user/no", false)] {
        let policy = format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Resource": "*",
            "Action": "iam:GetDelegationRequest", "Condition": {{"StringEquals":
            {{"iam:DelegationRequestOwner": "arn:aws:iam::000000000000:{owner}"}}}}}}}}"#
        );
        let user = fixture.user(name, Some(&policy));
        assert_eq!(fixture.denial::<Get>(&user, get_input(&id)).is_empty(), may, "{name}");
    }
}

#[test]
fn requests_expire_and_make_room() {
    let fixture = fixture();
    let id = create(&fixture, |_| {});
    let input = template(|_| {});
    let again = fixture.call::<Create>(&fixture.caller(PARTNER), input).unwrap_err();
    let message = "A delegation request with workflow id setup-1 already exists.";
    assert_eq!(
        (again.shape.code, again.message.as_deref()),
        ("EntityAlreadyExists", Some(message))
    );

    fixture.clock.advance(86_400);
    let root = fixture.root();
    assert_eq!(get(&fixture, &root, &id).state, Some(StateType::Expired));
    let refused = format!("InvalidInput: Delegation request {id} is in state EXPIRED.");
    assert_eq!(take(&fixture, &root, "associate", &id), Err(refused));
    create(&fixture, |_| {});
    assert!(fixture.view().delegation_request(&id).is_none());
    assert_eq!(fixture.view().delegation_requests().count(), 1);
}

#[test]
fn what_cannot_be_asked_for_is_refused() {
    let fixture = fixture();
    let partner = fixture.caller(PARTNER);
    let refusal = |change: fn(&mut CreateDelegationRequestInput)| {
        fixture.refusal_to::<Create>(&partner, template(change))
    };
    assert_eq!(
        refusal(|input| input.permissions.policy_template_arn = None),
        "InvalidInput: Permissions must have a PolicyTemplateArn."
    );
    assert_eq!(
        refusal(|input| input.permissions.policy_template_arn = Some(ADMIN.to_owned())),
        format!("InvalidInput: Policy template {ADMIN} was not found.")
    );
    assert_eq!(
        refusal(|input| input.permissions.parameters = None),
        "InvalidInput: The template parameter bucket is not valid."
    );
    assert_eq!(
        refusal(|input| {
            let parameter = &mut input.permissions.parameters.as_mut().unwrap()[0];
            parameter.values = Some(vec!["b".repeat(2_048)]);
        }),
        "InvalidInput: The policy that the template makes is longer than 2048 characters."
    );
    // The templates of one account are not another's.
    let other = fixture.caller("222222222222");
    let foreign = fixture.refusal_to::<Create>(&other, template(|_| {}));
    assert_eq!(foreign, format!("InvalidInput: Policy template {TEMPLATE} was not found."));

    let strict = Fixture::new();
    let refused = strict.refusal_to::<Create>(&strict.caller(PARTNER), template(|_| {}));
    assert!(refused.starts_with("InvalidInput: This account is not onboarded"), "{refused}");
}

const PARTNER: &str = "111111111111";
const TEMPLATE: &str = "arn:aws:iam::111111111111:policy/setup";
const ADMIN: &str = "arn:aws:iam::aws:policy/AdministratorAccess";
const POLICY: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::data/*"}}"#;

/// A partner with a template.
fn fixture() -> Fixture {
    let fixture = Fixture::with_departures(Departures::DEFAULT);
    let policy = CreatePolicyInput {
        policy_name: "setup".to_owned(),
        policy_document: POLICY.replace("data", "@{bucket}"),
        ..Default::default()
    };
    fixture.call::<CreatePolicy>(&fixture.caller(PARTNER), policy).unwrap();
    fixture
}

fn template(
    change: impl FnOnce(&mut CreateDelegationRequestInput),
) -> CreateDelegationRequestInput {
    let parameter = PolicyParameter {
        name: Some("bucket".to_owned()),
        values: Some(vec!["data".to_owned()]),
        r#type: None,
    };
    let mut input = CreateDelegationRequestInput {
        owner_account_id: None,
        description: "Sets things up.".to_owned(),
        permissions: DelegationPermission {
            policy_template_arn: Some(TEMPLATE.to_owned()),
            parameters: Some(vec![parameter]),
        },
        request_message: None,
        requestor_workflow_id: "setup-1".to_owned(),
        redirect_url: None,
        notification_channel: "arn:aws:sns:us-east-1:111111111111:delegation".to_owned(),
        session_duration: 900,
        only_send_by_owner: None,
    };
    change(&mut input);
    input
}

fn create(fixture: &Fixture, change: impl FnOnce(&mut CreateDelegationRequestInput)) -> String {
    let output = fixture.call::<Create>(&fixture.caller(PARTNER), template(change)).unwrap();
    output.delegation_request_id.unwrap()
}

fn admin(fixture: &Fixture, name: &str) -> Caller {
    fixture.user_allowed(name, "*", "*")
}

fn get_input(id: &str) -> GetDelegationRequestInput {
    GetDelegationRequestInput {
        delegation_request_id: id.to_owned(),
        delegation_permission_check: None,
    }
}

fn get(fixture: &Fixture, caller: &Caller, id: &str) -> DelegationRequest {
    fixture.call::<Get>(caller, get_input(id)).unwrap().delegation_request.unwrap()
}

/// What a caller does with a request, by name; why it was refused, if it was.
fn take(fixture: &Fixture, caller: &Caller, step: &str, id: &str) -> Result<(), String> {
    let delegation_request_id = id.to_owned();
    let notes = Some("please".to_owned());
    let result = match step {
        "associate" => {
            let input = AssociateDelegationRequestInput { delegation_request_id };
            fixture.call::<Associate>(caller, input).map(drop)
        }
        "update" => {
            let input = UpdateDelegationRequestInput { delegation_request_id, notes };
            fixture.call::<Update>(caller, input).map(drop)
        }
        "accept" => {
            let input = AcceptDelegationRequestInput { delegation_request_id };
            fixture.call::<Accept>(caller, input).map(drop)
        }
        "reject" => {
            let input = RejectDelegationRequestInput { delegation_request_id, notes };
            fixture.call::<Reject>(caller, input).map(drop)
        }
        _ => {
            let input = SendDelegationTokenInput { delegation_request_id };
            fixture.call::<Send>(caller, input).map(drop)
        }
    };
    result.map_err(|error| format!("{}: {}", error.shape.code, error.message.unwrap_or_default()))
}

fn token(fixture: &Fixture, id: &str) -> Option<String> {
    let view = fixture.view();
    let token = view.delegation_request(id).unwrap().record.trade_in_token.clone();
    token.map(|token| token.expose().clone())
}
