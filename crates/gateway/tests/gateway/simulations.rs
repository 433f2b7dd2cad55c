//! Work that takes too long for a thread that serves others.

use daypass_state::Draft;
use daypass_state::record::{HeldPolicies, KeyStatus, UserRecord};

use crate::support::*;

/// Two hundred decisions by five hundred statements, which take longer than to read the request.
fn simulation() -> String {
    let statement = "%7B%22Effect%22%3A%22Deny%22%2C%22Action%22%3A%22iam%3A%2A%22%2C%22Resource%22%3A%22arn%3Aaws%3As3%3A%3A%3Ax%22%7D";
    let statements = vec![statement; 500].join("%2C");
    let mut body = format!(
        "Action=SimulateCustomPolicy&Version=2010-05-08&ActionNames.member.1=iam%3AGetUser\
         &PolicyInputList.member.1=%7B%22Version%22%3A%222012-10-17%22%2C\
         %22Statement%22%3A%5B{statements}%5D%7D"
    );
    for number in 1..=200 {
        body.push_str(&format!("&ResourceArns.member.{number}=arn%3Aaws%3As3%3A%3A%3Ab/{number}"));
    }
    body
}

#[tokio::test]
async fn large_simulations_wait_for_each_other_and_hold_up_nobody_else() {
    let app = App::new().await;
    let simulation = simulation();
    let simulate = |key: &str| {
        let ask = Ask { key, service: "iam", ..ask(&simulation) };
        let (gateway, request) = (app.gateway.clone(), ask.signed());
        tokio::spawn(async move { gateway.answer(request, PEER).await })
    };
    let ones: Vec<_> = (0..24).map(|_| simulate("test")).collect();
    let other = simulate("222222222222");
    let mut refused = Vec::new();
    let mut served = 0;
    for one in ones {
        match one.await.unwrap() {
            answer if answer.status() == 200 => served += 1,
            answer => refused.push(show(&answer)),
        }
    }
    // Some may be done before the last begin.
    assert!((16..24).contains(&served), "no account takes all places: {served}");
    let throttled = "<Code>Throttling</Code>\n    <Message>Rate exceeded</Message>";
    assert!(refused.iter().all(|answer| answer.contains(throttled)), "{refused:?}");
    assert_eq!(other.await.unwrap().status(), 200);
}

/// The pool has room for so many pieces of work, and for half as many of one account.
const PLACES: usize = 32;

#[tokio::test]
async fn whoever_waits_for_a_thread_is_answered_by_what_stands_then() {
    let app = App::new().await;
    let mut draft = Draft::of(&app.env.state.view());
    let may =
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    let inline = [("all".to_owned(), may.to_owned())].into();
    let policies = HeldPolicies { inline, ..HeldPolicies::default() };
    draft.put_user(ACCOUNT, &UserRecord { policies, ..bob() });
    app.env.state.replace(draft).await.unwrap();
    if std::thread::available_parallelism().map_or(1, usize::from) / 2 >= PLACES - 1 {
        // There is a thread for everybody, so nobody waits.
        return;
    }

    let simulation = simulation();
    let simulate = |ask: Ask<'_>| {
        let (gateway, request) = (app.gateway.clone(), ask.iam().signed());
        tokio::spawn(async move { gateway.answer(request, PEER).await })
    };
    let of = |key| simulate(Ask { key, ..ask(&simulation) });
    let others: Vec<_> = (0..PLACES / 2)
        .flat_map(|_| ["222222222222", "333333333333"])
        .take(PLACES - 1)
        .map(of)
        .collect();
    let bobs = simulate(ask(&simulation).by_bob());
    // All of them go as far as to the pool: this thread runs them until they wait.
    for _ in 0..PLACES {
        tokio::task::yield_now().await;
    }
    app.store(KeyStatus::Inactive, None).await;
    let answer = show(&bobs.await.unwrap());
    assert!(answer.contains("<Code>InvalidClientTokenId</Code>"), "{answer}");
    others.iter().for_each(tokio::task::JoinHandle::abort);
}
