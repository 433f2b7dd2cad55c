use daypass_ident::{Principal, Secret};
use daypass_model::ServiceError;
use daypass_model::sts::{
    AssumeRoleInput, GetAccessKeyInfoInput, GetCallerIdentityInput, GetDelegatedAccessTokenInput,
    GetDelegatedAccessTokenOutput,
};
use daypass_state::Tx;
use daypass_state::record::{DelegationRequestRecord, DelegationStage};

use crate::generated::{
    AssumeRole, GetAccessKeyInfo, GetCallerIdentity, GetDelegatedAccessToken, GetSessionToken,
};
use crate::testing::*;

#[tokio::test]
async fn the_session_is_the_approvers_bounded_by_the_request() {
    let world = world(Approver::User, SENT).await;
    let output = trade_in(&world, TOKEN).await.unwrap();
    assert_eq!(output.assumed_principal.as_deref(), Some("arn:aws:iam::123456789012:user/alice"));
    assert_eq!(output.packed_policy_size, Some(8));
    let session = world.session(output.credentials.as_ref().unwrap());
    let delegate = session.session().unwrap().claims.delegate.unwrap();
    assert_eq!(delegate.to_string(), PARTNER, "who asked, not whose session it is");
    let identity =
        world.call::<GetCallerIdentity>(&session, GetCallerIdentityInput {}).await.unwrap();
    assert_eq!(identity.arn, output.assumed_principal);

    // Alice may do all of it, the request asks for less, and what it asks for is not more than that.
    let key = |id: &str| GetAccessKeyInfoInput { access_key_id: id.to_owned() };
    let id = "AKIAALICE";
    world.call::<GetAccessKeyInfo>(&session, key(id)).await.unwrap();
    let result = world.call::<GetSessionToken>(&session, Default::default()).await;
    assert!(refusal(result).starts_with("403 AccessDenied Cannot call GetSessionToken"));
    let input = AssumeRoleInput {
        role_arn: role_arn("deploy"),
        role_session_name: "s1".to_owned(),
        ..Default::default()
    };
    let result = world.call::<AssumeRole>(&session, input.clone()).await;
    assert!(refusal(result).starts_with("403 AccessDenied"));
    world.call::<AssumeRole>(&world.user("alice"), input).await.unwrap();
}

#[tokio::test]
async fn it_ends_when_the_time_of_the_request_does() {
    let world = world(Approver::User, SENT).await;
    for (later, left) in [(0, 900), (899, 1)] {
        world.clock.advance(later);
        let credentials = trade_in(&world, TOKEN).await.unwrap().credentials.unwrap();
        assert_eq!(credentials.expiration.secs(), NOW + 900, "{left} s are left");
    }
    world.clock.advance(1);
    let expired = "400 ExpiredTradeInTokenException The trade-in token has expired.";
    assert_eq!(refusal(trade_in(&world, TOKEN).await), expired);
}

#[tokio::test]
async fn only_what_was_sent_to_the_callers_account_is_taken() {
    let invalid = "400 InvalidParameterValue The trade-in token is not valid.";
    let world = world(Approver::User, SENT).await;
    for token in
        ["", ".", "e4bdcdae", "e4bdcdae.", "e4bdcdae.secrex", "e4bdcdae.secret.", "x.secret"]
    {
        assert_eq!(refusal(trade_in(&world, token).await), invalid, "{token}");
    }
    let input = GetDelegatedAccessTokenInput { trade_in_token: TOKEN.to_owned().into() };
    let result = world.call::<GetDelegatedAccessToken>(&world.root(), input).await;
    assert_eq!(refusal(result), invalid, "the customer did not ask for it");

    let gone = self::world(Approver::Gone, SENT).await;
    assert_eq!(refusal(trade_in(&gone, TOKEN).await), invalid);
    let accepted = self::world(Approver::User, DelegationStage::Accepted).await;
    assert_eq!(refusal(trade_in(&accepted, TOKEN).await), invalid);
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Approver {
    User,
    /// Another user of the same name is there.
    Gone,
}

/// A request of [`PARTNER`]'s that Alice has accepted.
async fn world(approver: Approver, stage: DelegationStage) -> World {
    let setup = Setup::default().user("alice", Some(allows(&["*"])));
    let world = setup.role("deploy", trusts("123456789012"), None).build().await;
    let view = world.env.state.view();
    let id = match approver {
        Approver::User => view.account(account()).user("alice").unwrap().record.id,
        Approver::Gone => "AIDAAAAAAAAAAAAAAAAAA".parse().unwrap(),
    };
    let mut tx = Tx::new(view, account());
    tx.put_delegation_request(&DelegationRequestRecord {
        id: "e4bdcdae".to_owned(),
        requestor: PARTNER.parse().unwrap(),
        workflow_id: "setup-1".to_owned(),
        description: String::new(),
        message: None,
        redirect_url: None,
        notification_channel: "arn:aws:sns:us-east-1:111111111111:delegation".to_owned(),
        session_seconds: 900,
        only_send_by_owner: false,
        template_arn: "arn:aws:iam::111111111111:policy/setup".to_owned(),
        parameters: Vec::new(),
        permission_policy: document(allows(&["sts:GetAccessKeyInfo"])),
        owner_account: Some(account()),
        owner: None,
        stage,
        create_date: NOW,
        update_date: NOW,
        notes: None,
        rejection_reason: None,
        approver: Some(Principal::User {
            account: account(),
            path: "/".into(),
            name: "alice".into(),
            id,
        }),
        trade_in_token: Some(Secret::new(TOKEN.to_owned())),
    });
    world.env.state.commit(tx).await.unwrap();
    world
}

/// The answer to the partner's root user.
async fn trade_in(
    world: &World,
    token: &str,
) -> Result<GetDelegatedAccessTokenOutput, ServiceError> {
    let view = world.env.state.view();
    let partner = world.env.directory.identify(&view, PARTNER, None, NOW).unwrap();
    let input = GetDelegatedAccessTokenInput { trade_in_token: token.to_owned().into() };
    world.call::<GetDelegatedAccessToken>(&partner, input).await
}

const PARTNER: &str = "111111111111";
const TOKEN: &str = "e4bdcdae.secret";
const SENT: DelegationStage = DelegationStage::Finalized;
