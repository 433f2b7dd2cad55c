//! The service clock over HTTP.

use daypass_ident::Clock;
use serde_json::{Value, json};

use crate::support::*;

#[tokio::test]
async fn the_clock_is_read_and_moved() {
    let app = app().await;
    app.service_clock.release();
    let offset = |answer: &Value| answer["offsetSeconds"].as_i64().unwrap();
    let read = said(&app, get("/_daypass/clock"), 200).await;
    assert_eq!((&read["frozen"], offset(&read)), (&json!(false), 0));

    let ahead = said(&app, post("/_daypass/clock/advance?seconds=3600"), 200).await;
    assert_eq!(offset(&ahead), 3_600);
    let running = said(&app, post("/_daypass/clock/set?to=2030-01-01T00:00:00Z"), 200).await;
    assert_eq!(running["frozen"], false);
    assert!(app.service_clock.now().secs() - 1_893_456_000 < 60);

    let frozen = said(&app, post("/_daypass/clock/freeze"), 200).await;
    assert_eq!(frozen["frozen"], true);
    let moved = said(&app, post("/_daypass/clock/set?to=1800000000"), 200).await;
    let offset = 1_800_000_000 - daypass_ident::SystemClock.now().secs();
    assert!((moved["offsetSeconds"].as_i64().unwrap() - offset).abs() < 60);
    for (answer, time, seconds) in [
        (moved, "2027-01-15T08:00:00Z", NOW),
        (
            said(&app, post("/_daypass/clock/advance?seconds=-60"), 200).await,
            "2027-01-15T07:59:00Z",
            NOW - 60,
        ),
        (said(&app, get("/_daypass/clock"), 200).await, "2027-01-15T07:59:00Z", NOW - 60),
    ] {
        assert_eq!(
            (&answer["time"], &answer["epochSeconds"], &answer["frozen"]),
            (&json!(time), &json!(seconds), &json!(true))
        );
    }

    let released = said(&app, post("/_daypass/clock/release"), 200).await;
    assert_eq!((&released["frozen"], &released["offsetSeconds"]), (&json!(false), &json!(0)));
}

#[tokio::test]
async fn a_session_expires_while_signatures_stay_fresh() {
    let app = app().await;
    let session = app.session(ask("Action=GetSessionToken&Version=2011-06-15").by_bob()).await;
    let status = async |ask: Ask<'_>| app.answer(ask.signed()).await.status().as_u16();
    assert_eq!(status(session.sign(ask(WHO))).await, 200);
    said(&app, post("/_daypass/clock/advance?seconds=43199"), 200).await;
    assert_eq!(status(session.sign(ask(WHO))).await, 200);
    said(&app, post("/_daypass/clock/advance?seconds=1"), 200).await;
    let answer = app.shown(session.sign(ask(WHO)).signed()).await;
    assert!(answer.contains("<Code>ExpiredToken</Code>"), "{answer}");
    assert_eq!(status(ask(WHO).by_bob()).await, 200, "signed at a time long past");
}

#[tokio::test]
async fn what_is_wrong_is_said_and_moves_nothing() {
    let app = app().await;
    let cases = [
        (post("/_daypass/clock"), 405, "GET"),
        (get("/_daypass/clock/freeze"), 405, "POST"),
        (post("/_daypass/clock/stop"), 404, "/freeze"),
        (post("/_daypass/clock/set"), 400, "?to="),
        (post("/_daypass/clock/set?to=tomorrow"), 400, "?to="),
        (post("/_daypass/clock/advance?seconds=1h"), 400, "?seconds="),
        (post("/_daypass/clock/advance?seconds=9223372036854775807"), 400, "9999"),
        (post("/_daypass/clock/freeze").with(FOREIGN_PAGE), 403, "another origin"),
    ];
    for (ask, status, message) in cases {
        let told = said(&app, ask, status).await["message"].take();
        assert!(told.as_str().unwrap().contains(message), "{told} for {}", ask.target);
    }
    for (ask, methods) in
        [(post("/_daypass/clock"), "GET, HEAD"), (get("/_daypass/clock/set?to=0"), "POST")]
    {
        assert_eq!(app.answer(ask.unsigned()).await.headers()["allow"], methods);
    }
    let clock = app.service_clock.reading();
    assert_eq!((clock.now.secs(), clock.is_frozen), (NOW, true));
    let elsewhere = app.answer(post("/_daypass/clocks").unsigned()).await;
    assert_eq!(elsewhere.status(), 404, "AWS's answer to a path that it does not know");
    assert!(String::from_utf8_lossy(elsewhere.body()).contains("UnknownOperation"));
}

#[tokio::test]
async fn the_clock_is_there_only_with_the_well_known_keys() {
    let own_keys = Options { clock_is_offered: true, well_known_keys: false, ..Options::default() };
    for (app, status) in [(App::new().await, 404), (App::with(own_keys).await, 403)] {
        for ask in [get("/_daypass/clock"), post("/_daypass/clock/release")] {
            said(&app, ask, status).await;
        }
        assert!(app.service_clock.reading().is_frozen);
    }
}

/// A `+` before an offset of UTC is what the signature says that it is.
#[tokio::test]
async fn a_plus_is_what_was_signed() {
    let app = app().await;
    const PLUS: &str = "2027-01-15T09:00:00+01:00";
    for (signed, status) in
        [("2027-01-15T09:00:00%2B01:00", 200), ("2027-01-15T09:00:00%2001:00", 400)]
    {
        let target = |time: &str| format!("/_daypass/clock/set?to={time}");
        let signed = target(signed);
        // From behind a proxy it takes a signature.
        let ask = post(&signed).with(&[("x-forwarded-for", "192.0.2.1")]);
        let mut request = ask.signed();
        *request.uri_mut() = target(PLUS).parse().unwrap();
        let answer = app.answer(request).await;
        assert_eq!(answer.status(), status, "{signed}");
    }
}

async fn app() -> App {
    App::with(Options { clock_is_offered: true, ..Options::default() }).await
}

async fn said(app: &App, ask: Ask<'_>, status: u16) -> Value {
    let answer = app.answer(ask.unsigned()).await;
    assert_eq!(answer.status(), status, "{}", ask.target);
    assert_eq!(answer.headers()["content-type"], "application/json");
    serde_json::from_slice(answer.body()).unwrap()
}

fn post(target: &str) -> Ask<'_> {
    Ask { method: "POST", ..get(target) }
}
