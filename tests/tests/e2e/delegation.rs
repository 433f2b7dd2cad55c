//! A partner's request for access, from asking to the session that it gets.

use aws_credential_types::Credentials;
use aws_sdk_iam::types::{DelegationPermission, PolicyParameter, StateType};
use daypass::Daypass;
use daypass_tests::{Answer, Refused, Sent, World, allow, policy, refusal, session_keys};
use serde_json::Value;

#[tokio::test]
async fn a_partner_asks_a_user_accepts_and_the_partner_acts_as_the_user_for_a_while() {
    let world = World::start().await;
    let partner = Credentials::from_keys(PARTNER, "test", None);
    let id = ask(&world, &partner).await.unwrap();

    let alice = world.user("alice").await;
    world.permit("alice", allow("iam:*", "*")).await;
    let iam = world.iam(&alice);
    let answer = iam.get_delegation_request().delegation_request_id(&id).send().await.unwrap();
    let asked = answer.delegation_request().unwrap();
    assert_eq!(asked.state(), Some(&StateType::Unassigned));
    assert!(asked.permission_policy().unwrap().contains("user/robot"));
    iam.associate_delegation_request().delegation_request_id(&id).send().await.unwrap();
    iam.accept_delegation_request().delegation_request_id(&id).send().await.unwrap();
    assert_eq!(notification(&world, &id).await.status, 404);
    iam.send_delegation_token().delegation_request_id(&id).send().await.unwrap();
    let listed = iam.list_delegation_requests().send().await.unwrap();
    assert_eq!(listed.delegation_requests()[0].state(), Some(&StateType::Finalized));

    let told = notification(&world, &id).await;
    assert_eq!((told.status.as_u16(), told.header("cache-control")), (200, "no-store"));
    let told: Value = serde_json::from_str(&told.body).unwrap();
    assert_eq!(told["notificationChannel"], CHANNEL);
    let token = told["tradeInToken"].as_str().unwrap();

    let trade_in = async || {
        let call = world.sts(&partner).get_delegated_access_token().trade_in_token(token);
        call.send().await
    };
    let output = trade_in().await.unwrap();
    let arn = "arn:aws:iam::123456789012:user/alice";
    assert_eq!(output.assumed_principal(), Some(arn));
    let session = session_keys(output.credentials);
    let identity = world.sts(&session).get_caller_identity().send().await;
    // Alice may not call it by policy, but nobody needs to be allowed.
    assert_eq!(identity.unwrap().arn(), Some(arn));
    let iam = world.iam(&session);
    iam.create_user().user_name("robot").send().await.unwrap();
    let refused = iam.create_user().user_name("other").send().await.refused();
    assert_eq!((refused.status, &*refused.code), (403, "AccessDenied"));
    assert!(refused.message.unwrap().ends_with(
        "on resource: arn:aws:iam::123456789012:user/other because no session policy allows the \
         iam:CreateUser action"
    ));

    let address = world.daypass.address().to_string();
    let path = "/_daypass/clock/advance?seconds=900";
    assert_eq!(Sent::bare("POST", &address, path).to(&world).await.status, 200);
    let code = "ExpiredTradeInTokenException";
    let expired = refusal(400, code, "The trade-in token has expired.");
    assert_eq!(trade_in().await.refused(), expired);
}

#[tokio::test]
async fn what_is_rejected_can_be_accepted_no_more() {
    let world = World::start().await;
    let id = ask(&world, &Credentials::from_keys(PARTNER, "test", None)).await.unwrap();
    let iam = world.iam(&world.root());
    iam.associate_delegation_request().delegation_request_id(&id).send().await.unwrap();
    let update = iam.update_delegation_request().delegation_request_id(&id);
    update.notes("for whoever may").send().await.unwrap();
    let got = iam.get_delegation_request().delegation_request_id(&id).send().await.unwrap();
    let state = got.delegation_request().and_then(|request| request.state());
    assert_eq!(state, Some(&StateType::PendingApproval));
    let reject = iam.reject_delegation_request().delegation_request_id(&id);
    reject.notes("not now").send().await.unwrap();
    let got = iam.get_delegation_request().delegation_request_id(&id).send().await.unwrap();
    let request = got.delegation_request().unwrap();
    assert_eq!(request.state(), Some(&StateType::Rejected));
    assert_eq!(request.rejection_reason(), Some("not now"));
    let accept = iam.accept_delegation_request().delegation_request_id(&id).send().await;
    let message = format!("Delegation request {id} is in state REJECTED.");
    assert_eq!(accept.refused(), refusal(400, "InvalidInput", message));
    assert_eq!(notification(&world, &id).await.status, 404);
}

#[tokio::test]
async fn a_strict_deployment_has_no_partners() {
    let world = World::of(Daypass::builder().strict(true)).await;
    let refused = ask(&world, &world.root()).await.refused();
    let message = "This account is not onboarded to create delegation requests.";
    assert_eq!(refused, refusal(400, "InvalidInput", message));
    assert_eq!(notification(&world, "e4bdcdae-4f66").await.status, 403);
}

/// Once somebody has taken charge of a request, they may look at it without a policy that says so, and
/// others may not; a policy that denies it is heard.
#[tokio::test]
async fn its_owner_may_look_at_a_request() {
    let world = World::start().await;
    let partner = Credentials::from_keys(PARTNER, "test", None);
    let id = ask(&world, &partner).await.unwrap();
    let (alice, bob) = (world.user("alice").await, world.user("bob").await);
    let get = async |keys: &Credentials| {
        world.iam(keys).get_delegation_request().delegation_request_id(&id).send().await
    };
    let denied = |name: &str, why: &str| {
        let message = format!(
            "User: arn:aws:iam::123456789012:user/{name} is not authorized to perform: \
             iam:GetDelegationRequest on resource: \
             arn:aws:iam::123456789012:delegation-request/{id} {why}"
        );
        refusal(403, "AccessDenied", message)
    };
    let silent = "because no identity-based policy allows the iam:GetDelegationRequest action";
    assert_eq!(get(&alice).await.refused(), denied("alice", silent));
    world.permit("alice", allow("iam:AssociateDelegationRequest", "*")).await;
    let taken = world.iam(&alice).associate_delegation_request().delegation_request_id(&id);
    taken.send().await.unwrap();

    let request = get(&alice).await.unwrap().delegation_request.unwrap();
    assert_eq!(request.owner_id(), Some("arn:aws:iam::123456789012:user/alice"));
    assert_eq!(get(&bob).await.refused(), denied("bob", silent));
    let mut statement = allow("iam:GetDelegationRequest", "*");
    statement["Effect"] = "Deny".into();
    world.permit("alice", statement).await;
    let explicit = "with an explicit deny in an identity-based policy";
    assert_eq!(get(&alice).await.refused(), denied("alice", explicit));
}

/// Asks any account for the right to create one user, by a template of the caller's own.
async fn ask(
    world: &World,
    keys: &Credentials,
) -> Result<
    String,
    aws_sdk_iam::error::SdkError<
        aws_sdk_iam::operation::create_delegation_request::CreateDelegationRequestError,
    >,
> {
    let iam = world.iam(keys);
    let template = policy(allow("iam:CreateUser", "arn:aws:iam::*:user/@{userName}"));
    let created = iam.create_policy().policy_name("setup").policy_document(template);
    let template = created.send().await.unwrap().policy.unwrap().arn.unwrap();
    let parameter = PolicyParameter::builder().name("userName").values("robot").build();
    let permissions = DelegationPermission::builder().policy_template_arn(template);
    let request = iam.create_delegation_request().description("Creates a robot.");
    let request = request.permissions(permissions.parameters(parameter).build());
    let request = request.requestor_workflow_id("setup-1").notification_channel(CHANNEL);
    let answer = request.session_duration(900).send().await?;
    Ok(answer.delegation_request_id.unwrap())
}

async fn notification(world: &World, id: &str) -> Answer {
    let address = world.daypass.address().to_string();
    Sent::bare("GET", &address, &format!("/_daypass/delegation-requests/{id}")).to(world).await
}

const PARTNER: &str = "111111111111";
const CHANNEL: &str = "arn:aws:sns:us-east-1:111111111111:delegation";
