//! Why signatures do not match.

use std::net::SocketAddr;

use daypass_authz::Departures;
use daypass_ident::Secret;
use daypass_state::Draft;
use daypass_state::record::{AccessKeyRecord, KeyOwner, KeyStatus};
use serde_json::{Value, json};

use crate::answers::ASSUME;
use crate::support::*;

#[tokio::test]
async fn the_answer_names_the_address_and_else_is_aws() {
    let app = app().await;
    let mut moved = ask(WHO).by_bob().signed();
    moved.headers_mut().insert("host", "localhost".parse().unwrap());
    let answer = app.shown(moved).await;
    let header = format!("x-daypass-diagnosis: {ADDRESS}\n");
    assert!(answer.contains(&header), "{answer}");
    let expected = sts_error(403, "SignatureDoesNotMatch", Some(NO_MATCH));
    assert_eq!(answer.replace(&header, ""), expected);

    let told = app.shown(get(ADDRESS).unsigned()).await;
    assert!(told.starts_with("200\n"), "{told}");
    assert!(told.contains("content-type: text/plain; charset=utf-8\n"), "{told}");
    assert!(told.contains("  * host: the host was signed as `localhost:4566`"), "{told}");
    assert!(told.contains("\n  ≠ host:localhost "), "{told}");
    let head = app.shown(Ask { method: "HEAD", ..get(ADDRESS) }.unsigned()).await;
    assert!(head.ends_with("\n\n") && told.starts_with(&head), "{head}");
}

#[tokio::test]
async fn programs_read_json() {
    let app = app().await;
    let two = Ask { secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY\n", ..ask(WHO).by_bob() };
    let mut two = two.signed();
    two.headers_mut().insert("host", "127.0.0.1:4566".parse().unwrap());
    app.answer(two).await;
    let told = diagnosis(&app).await;
    assert_eq!(told["requestId"], REQUEST_ID);
    assert_eq!(told["explained"], true);
    let kinds: Vec<&Value> =
        told["mistakes"].as_array().unwrap().iter().map(|it| &it["kind"]).collect();
    assert_eq!(kinds, [&json!("host"), &json!("secret-whitespace")]);
    let (aws, client) = (&told["canonicalRequest"]["aws"], &told["canonicalRequest"]["client"]);
    assert!(aws.as_str().unwrap().contains("\nhost:127.0.0.1:4566\n"), "{told}");
    assert!(client.as_str().unwrap().contains("\nhost:localhost:4566\n"), "{told}");
}

#[tokio::test]
async fn a_stale_date_may_be_local_time() {
    let app = app().await;
    for (at, kind) in [(NOW + 7_200, "local-time"), (NOW - 2_700, "clock")] {
        let answer = app.answer(Ask { at, ..ask(WHO) }.signed()).await;
        assert_eq!(answer.headers()["x-daypass-diagnosis"], ADDRESS);
        let told = diagnosis(&app).await;
        assert_eq!(told["mistakes"][0]["kind"], kind, "{told}");
        assert_eq!(told["explained"], true, "{told}");
    }
}

#[tokio::test]
async fn the_wrong_one_of_two_keys() {
    let app = app().await;
    let key = |id: &str, secret: &str| AccessKeyRecord {
        id: id.parse().unwrap(),
        secret: Secret::new(secret.to_owned()),
        owner: KeyOwner::User(bob().id),
        status: KeyStatus::Active,
        create_date: NOW,
    };
    let mut draft = Draft::default();
    draft.put_user(ACCOUNT, &bob());
    draft.put_access_key(ACCOUNT, &key(BOBS_KEY, BOBS_SECRET));
    draft.put_access_key(ACCOUNT, &key("AKIAANOTHERKEYOFBOBS", "the-secret-of-another-key"));
    app.env.state.replace(draft).await.unwrap();
    app.answer(Ask { secret: "the-secret-of-another-key", ..ask(WHO).by_bob() }.signed()).await;
    let told = diagnosis(&app).await;
    assert_eq!(told["mistakes"][0]["kind"], "secret-of-another-key", "{told}");
    assert!(told["summary"].as_str().unwrap().contains("AKIAANOTHERKEYOFBOBS"), "{told}");
    assert!(!told.to_string().contains("the-secret-of-another-key"), "{told}");
}

#[tokio::test]
async fn no_secret_is_told() {
    let app = app().await;
    let session = app.session(ask(ASSUME)).await;
    for mut wrong in
        [session.sign(ask(WHO)).signed(), session.sign(get(&format!("/?{WHO}"))).presigned()]
    {
        let signature = format!("{:?}", wrong);
        let signature = signature.split("Signature=").nth(1).unwrap().get(..64).unwrap();
        wrong.headers_mut().insert("host", "localhost".parse().unwrap());
        app.answer(wrong).await;
        let told = diagnosis(&app).await.to_string();
        assert!(told.contains("host:localhost"), "{told}");
        let text = app.shown(get(ADDRESS).unsigned()).await;
        for secret in [&*session.token, &session.secret, signature] {
            let part = secret.get(..16).unwrap();
            assert!(!told.contains(part) && !text.contains(part), "{told} {text}");
        }
    }
}

#[tokio::test]
async fn only_this_machine_and_the_accounts_root_are_told() {
    let app = app().await;
    app.answer(wrong().signed()).await;
    for (peer, status) in [
        ("127.0.0.1:1", 200),
        ("[::1]:1", 200),
        ("[::ffff:127.0.0.1]:1", 200),
        ("192.0.2.1:1", 403),
        ("[2001:db8::1]:1", 403),
    ] {
        let peer: SocketAddr = peer.parse().unwrap();
        let answer = app.gateway.answer(get(ADDRESS).unsigned(), peer).await;
        assert_eq!(answer.status(), status, "{peer}");
    }
    // By a proxy on this machine, or by a browser that was led here, others may ask too.
    let led = Ask { host: "rebound.example:4566", ..get(ADDRESS) };
    assert_eq!(app.answer(led.unsigned()).await.status(), 403);
    let afar: SocketAddr = "192.0.2.1:1".parse().unwrap();
    let foreign = Ask { key: "999999999999", ..get(ADDRESS) };
    for (request, status) in [
        (get(ADDRESS).signed(), 200),
        (get(ADDRESS).presigned(), 200),
        (get(ADDRESS).by_bob().signed(), 403),
        (Ask { secret: "wrong", ..get(ADDRESS) }.signed(), 403),
        // Another account's root learns no more than that there is nothing of theirs.
        (foreign.signed(), 404),
    ] {
        let shown = format!("{:?}", request.headers());
        assert_eq!(app.gateway.answer(request, afar).await.status(), status, "{shown}");
    }
    let other = "/_daypass/diagnoses/00000000-0000-4000-8000-000000000000";
    assert_eq!(app.answer(get(other).unsigned()).await.status(), 404);
}

#[tokio::test]
async fn strictly_nothing_is_told() {
    let app = App::with(Options { departures: Departures::NONE, ..Options::default() }).await;
    let expected = sts_error(403, "SignatureDoesNotMatch", Some(NO_MATCH));
    assert_eq!(app.shown(wrong().signed()).await, expected);
    let answer = app.shown(get(ADDRESS).unsigned()).await;
    assert!(
        answer.contains("<UnknownOperationException/>") || answer.starts_with("302"),
        "{answer}"
    );
}

#[tokio::test]
async fn what_is_not_a_wrong_signature_is_not_diagnosed() {
    let app = app().await;
    for ask in [ask(WHO), Ask { key: "AKIANOBODY", ..wrong() }, Ask { region: "mars-1", ..wrong() }]
    {
        let answer = app.answer(ask.signed()).await;
        assert!(!answer.headers().contains_key("x-daypass-diagnosis"));
    }
    assert_eq!(app.answer(get(ADDRESS).unsigned()).await.status(), 404);
}

#[tokio::test]
async fn so_many_in_a_second_and_no_more() {
    let app = app().await;
    let mut diagnosed = 0;
    for _ in 0..20 {
        let answer = app.answer(wrong().signed()).await;
        assert_eq!(answer.status(), 403);
        diagnosed += usize::from(answer.headers().contains_key("x-daypass-diagnosis"));
    }
    assert_eq!(diagnosed, 8);
    app.wall_clock.advance(1);
    assert!(app.answer(wrong().signed()).await.headers().contains_key("x-daypass-diagnosis"));
}

async fn app() -> App {
    App::with(Options { departures: Departures::DEFAULT, ..Options::default() }).await
}

fn wrong() -> Ask<'static> {
    Ask { secret: "wrong", ..ask(WHO) }
}

async fn diagnosis(app: &App) -> Value {
    let json = &[("accept", "application/json")];
    serde_json::from_slice(app.answer(get(ADDRESS).with(json).unsigned()).await.body()).unwrap()
}

const ADDRESS: &str = "/_daypass/diagnoses/abababab-abab-4bab-abab-abababababab";
const NO_MATCH: &str = "The request signature we calculated does not match the signature you \
                        provided. Check your AWS Secret Access Key and signing method. Consult \
                        the service documentation for details.";
