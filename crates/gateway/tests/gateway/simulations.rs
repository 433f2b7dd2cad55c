//! Work that takes too long for a thread that serves others.

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
