//! Why policies do not allow.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use daypass_authz::{Departures, Explanations};
use daypass_gateway::{Reset, ResetError};
use daypass_ident::{AccountId, IdKind, SystemIds, UniqueId};
use daypass_state::Tx;
use daypass_state::record::{HeldPolicies, UserRecord};
use serde_json::{Value, json};

use crate::answers::ASSUME;
use crate::support::*;

#[tokio::test]
async fn the_answer_carries_the_message_and_the_address_and_else_is_awss() {
    let app = app().await;
    let answer = app.answer(create_carol().signed()).await;
    let message = answer.headers()["x-daypass-authorization-message"].to_str().unwrap();
    let headers = format!("x-daypass-authorization-message: {message}\nx-daypass-why: {ADDRESS}\n");
    let shown = show(&answer);
    assert!(shown.contains(&headers), "{shown}");
    let expected = iam_error(403, "AccessDenied", Some(NOT_AUTHORIZED));
    assert_eq!(shown.replace(&headers, ""), expected);

    let decoded = decoded(&app, message).await;
    assert_eq!(decoded["allowed"], false);
    assert_eq!(decoded["explicitDeny"], false);
    assert_eq!(decoded["context"]["action"], "iam:CreateUser");
    assert_eq!(decoded["context"]["resource"], "arn:aws:iam::000000000000:user/carol");
    assert_eq!(decoded["context"]["principal"]["arn"], "arn:aws:iam::000000000000:user/a/bob");
}

#[tokio::test]
async fn the_address_tells_in_text_and_in_json() {
    let app = app().await;
    app.answer(create_carol().signed()).await;
    let text = app.shown(get(ADDRESS).unsigned()).await;
    assert!(text.starts_with("200\ncontent-length: "), "{text}");
    assert!(text.contains("content-type: text/plain; charset=utf-8\n"), "{text}");
    assert!(text.contains(NOT_AUTHORIZED), "{text}");
    let head = app.shown(Ask { method: "HEAD", ..get(ADDRESS) }.unsigned()).await;
    assert!(head.ends_with("\n\n") && text.starts_with(&head), "{head}");

    let told = why(&app, get(ADDRESS).unsigned(), PEER).await;
    assert_eq!(told["requestId"], REQUEST_ID);
    assert_eq!(told["denial"], NOT_AUTHORIZED);
}

#[tokio::test]
async fn what_policies_did_not_decide_is_not_explained() {
    let app = app().await;
    let long_user = format!("Action=CreateUser&Version=2010-05-08&UserName={}", "x".repeat(200));
    for ask in [
        ask(WHO),
        ask("Action=CreateUser&Version=2010-05-08&UserName=carol").iam(),
        ask(&long_user).iam().by_bob(),
        ask("Action=GetUser&Version=2010-05-08&UserName=nobody").iam(),
        ask("Action=NoSuchAction&Version=2010-05-08").iam().by_bob(),
        Ask { secret: "wrong", ..create_carol() },
    ] {
        let answer = app.answer(ask.signed()).await;
        for header in ["x-daypass-why", "x-daypass-authorization-message"] {
            assert!(!answer.headers().contains_key(header), "{}", show(&answer));
        }
    }
    assert_eq!(app.answer(get(ADDRESS).unsigned()).await.status(), 404);
}

#[tokio::test]
async fn on_demand_what_is_allowed_is_explained_too() {
    let departures = Departures { explanations: Explanations::All, ..Departures::DEFAULT };
    let app = App::with(Options { departures, ..Options::default() }).await;
    let answer = app.answer(ask(ASSUME).signed()).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["x-daypass-why"], ADDRESS);
    assert!(!answer.headers().contains_key("x-daypass-authorization-message"));
    let told = why(&app, get(ADDRESS).unsigned(), PEER).await;
    assert_eq!(told["denial"], Value::Null, "{told}");

    app.answer(create_carol().signed()).await;
    let told = why(&app, get(ADDRESS).unsigned(), PEER).await;
    assert_eq!(told["denial"], NOT_AUTHORIZED, "{told}");
}

#[tokio::test]
async fn only_this_machine_and_the_accounts_root_are_told() {
    let app = app().await;
    app.answer(create_carol().signed()).await;
    for (peer, status) in
        [("127.0.0.1:1", 200), ("[::ffff:127.0.0.1]:1", 200), ("192.0.2.1:1", 403)]
    {
        let peer: SocketAddr = peer.parse().unwrap();
        let answer = app.gateway.answer(get(ADDRESS).unsigned(), peer).await;
        assert_eq!(answer.status(), status, "{peer}");
    }
    for (request, status) in [
        (get(ADDRESS).signed(), 200),
        (get(ADDRESS).by_bob().signed(), 403),
        (Ask { secret: "wrong", ..get(ADDRESS) }.signed(), 403),
        // Another account's root learns no more than that there is nothing of theirs.
        (Ask { key: "999999999999", ..get(ADDRESS) }.signed(), 404),
    ] {
        let shown = format!("{:?}", request.headers());
        assert_eq!(app.gateway.answer(request, AFAR).await.status(), status, "{shown}");
    }
}

#[tokio::test]
async fn without_an_id_the_latest_denial_is_told() {
    let departures = Departures { explanations: Explanations::All, ..Departures::DEFAULT };
    let app = App::with(Options { departures, ..Options::default() }).await;
    assert_eq!(app.answer(get(LATEST).unsigned()).await.status(), 404);
    app.answer(create_carol().signed()).await;
    let list = ask("Action=ListUsers&Version=2010-05-08").iam();
    app.answer(list.by_bob().signed()).await;
    // Kept too, and no denial.
    app.answer(list.signed()).await;
    let text = app.shown(get(LATEST).unsigned()).await;
    assert!(
        text.contains(&format!("The latest denial, of request {REQUEST_ID}:\n\nUser: ")),
        "{text}"
    );
    let told = why(&app, get(LATEST).unsigned(), PEER).await;
    assert_eq!(told["requestId"], REQUEST_ID);
    assert!(told["denial"].as_str().unwrap().contains("iam:ListUsers"), "{told}");

    let told = why(&app, get(LATEST).signed(), AFAR).await;
    assert!(told["denial"].as_str().unwrap().contains("iam:ListUsers"), "{told}");
    for (request, status) in [
        (get(LATEST).unsigned(), 403),
        (get(LATEST).by_bob().signed(), 403),
        (Ask { key: "999999999999", ..get(LATEST) }.signed(), 404),
    ] {
        assert_eq!(app.gateway.answer(request, AFAR).await.status(), status);
    }
}

#[tokio::test]
async fn strictly_nothing_is_told() {
    let app = App::with(Options { departures: Departures::NONE, ..Options::default() }).await;
    let expected = iam_error(403, "AccessDenied", Some(NOT_AUTHORIZED));
    assert_eq!(app.shown(create_carol().signed()).await, expected);
    for address in [ADDRESS, LATEST] {
        let answer = app.shown(get(address).unsigned()).await;
        assert!(answer.contains("<UnknownOperationException/>"), "{answer}");
    }
}

#[tokio::test]
async fn a_reset_forgets() {
    let options = Options { reset: Some(Arc::new(Nothing)), ..options() };
    let app = App::with(options).await;
    app.answer(create_carol().signed()).await;
    assert_eq!(app.answer(get(ADDRESS).unsigned()).await.status(), 200);
    let reset = Ask { method: "POST", ..get("/_daypass/reset") };
    assert_eq!(app.answer(reset.unsigned()).await.status(), 200);
    assert_eq!(app.answer(get(ADDRESS).unsigned()).await.status(), 404);
}

/// The documents of others are let go of when they are deleted, though denials have happened in between.
#[tokio::test]
async fn denials_keep_nothing_of_others() {
    let app = app().await;
    let mut bystanders = Vec::new();
    for number in 0..30 {
        let account = AccountId::from_number(number).unwrap();
        let user = UserRecord { name: "large".to_owned(), ..bystander(number) };
        let mut tx = Tx::new(app.env.state.view(), account);
        tx.put_user(&user);
        app.env.state.commit(tx).await.unwrap();
        assert_eq!(app.answer(create_carol().signed()).await.status(), 403);
        let view = app.env.state.view();
        let user = view.account(account).user("large").unwrap();
        bystanders.push(Arc::downgrade(user));
        let mut tx = Tx::new(Arc::clone(&view), account);
        tx.delete_user(user);
        app.env.state.commit(tx).await.unwrap();
    }
    let kept = bystanders.iter().filter(|user| user.upgrade().is_some()).count();
    assert_eq!(kept, 0);
    assert_eq!(app.answer(get(ADDRESS).unsigned()).await.status(), 200);
}

fn bystander(number: u64) -> UserRecord {
    let account = AccountId::from_number(number).unwrap();
    let actions: Vec<_> = (0..1_000).map(|number| format!("s3:Get{number}")).collect();
    let statement = json!({"Effect": "Allow", "Action": actions, "Resource": "*"});
    let document = json!({"Version": "2012-10-17", "Statement": statement}).to_string();
    UserRecord {
        id: UniqueId::generate(IdKind::User, account, &SystemIds),
        policies: HeldPolicies {
            inline: [("p".to_owned(), document)].into(),
            ..HeldPolicies::default()
        },
        ..bob()
    }
}

#[tokio::test]
async fn no_secret_is_told() {
    let app = app().await;
    let session = app.session(ask(ASSUME)).await;
    app.answer(session.sign(create_carol()).signed()).await;
    let text = app.shown(get(ADDRESS).unsigned()).await;
    let json = why(&app, get(ADDRESS).unsigned(), PEER).await.to_string();
    for secret in [&session.token, &session.secret] {
        let part = secret.get(..16).unwrap();
        assert!(!text.contains(part) && !json.contains(part), "{text} {json}");
    }
}

fn create_carol() -> Ask<'static> {
    ask("Action=CreateUser&Version=2010-05-08&UserName=carol").iam().by_bob()
}

async fn app() -> App {
    App::with(options()).await
}

fn options() -> Options {
    Options { departures: Departures::DEFAULT, ..Options::default() }
}

async fn decoded(app: &App, message: &str) -> Value {
    let body =
        format!("Action=DecodeAuthorizationMessage&Version=2011-06-15&EncodedMessage={message}");
    let json =
        &[("accept", "application/json"), ("content-type", "application/x-www-form-urlencoded")];
    let answer = app.answer(ask(&body).with(json).signed()).await;
    let body: Value = serde_json::from_slice(answer.body()).unwrap();
    let result = &body["DecodeAuthorizationMessageResponse"]["DecodeAuthorizationMessageResult"];
    serde_json::from_str(result["DecodedMessage"].as_str().unwrap()).unwrap()
}

async fn why(app: &App, mut request: http::Request<Bytes>, peer: SocketAddr) -> Value {
    request.headers_mut().insert("accept", "application/json".parse().unwrap());
    serde_json::from_slice(app.gateway.answer(request, peer).await.body()).unwrap()
}

/// A reset that changes nothing.
#[derive(Debug)]
struct Nothing;

impl Reset for Nothing {
    fn reset(&self) -> Pin<Box<dyn Future<Output = Result<(), ResetError>> + Send + '_>> {
        Box::pin(async { Ok(()) })
    }
}

const ADDRESS: &str = "/_daypass/why/abababab-abab-4bab-abab-abababababab";
const LATEST: &str = "/_daypass/why";
const NOT_AUTHORIZED: &str = "User: arn:aws:iam::000000000000:user/a/bob is not authorized to \
                              perform: iam:CreateUser on resource: \
                              arn:aws:iam::000000000000:user/carol because no identity-based policy \
                              allows the iam:CreateUser action";
const AFAR: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1)), 1);
