//! AWS's sign-in host: who gets a sign-in token, and who signs in with one.

use bytes::Bytes;
use daypass_token::MessagePurpose;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::support::*;

#[tokio::test]
async fn a_role_signs_in() {
    let app = App::new().await;
    let session = app.session(ask(ASSUME)).await;
    for (more, until) in [("", "2027-01-15T09:00:00Z"), (TWELVE_HOURS, "2027-01-15T20:00:00Z")] {
        let token = sign_in_token(&app, &session, more).await;
        let target = login(&token, DESTINATION);
        let page = app.answer(get(&target).unsigned()).await;
        assert_eq!(page.status(), 200);
        for (name, value) in [
            ("content-type", "text/html; charset=utf-8"),
            ("cache-control", "no-store"),
            ("referrer-policy", "no-referrer"),
        ] {
            assert_eq!(page.headers()[name], value);
        }
        assert!(!page.headers().contains_key("set-cookie"));
        let page = text(&page);
        for part in [
            "<dd>arn:aws:sts::000000000000:assumed-role/deploy/ana</dd>",
            "<dd>000000000000</dd>",
            &format!("<dd>{until}</dd>"),
            "href=\"https://console.example/s3?a=1&amp;b=2\"",
        ] {
            assert!(page.contains(part), "{part} in {page}");
        }
        assert!(!page.contains(&session.token) && !page.contains(&session.secret));
    }
    let [_assumed, token, login, _, _] = app.events.take().try_into().unwrap();
    let identity = json!({
        "type": "AssumedRole",
        "principalId": format!("{}:ana", role_id()),
        "arn": "arn:aws:sts::000000000000:assumed-role/deploy/ana",
        "accountId": "000000000000",
        "accessKeyId": session.key,
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": role_id().to_string(),
                "arn": "arn:aws:iam::000000000000:role/deploy",
                "accountId": "000000000000",
                "userName": "deploy",
            },
            "attributes": {"creationDate": "2027-01-15T08:00:00Z", "mfaAuthenticated": "false"},
        },
    });
    let event = |name: &str, additional: Value| {
        json!({
            "eventVersion": "1.11",
            "userIdentity": identity,
            "eventTime": "2027-01-15T08:00:00Z",
            "eventSource": "signin.amazonaws.com",
            "eventName": name,
            "awsRegion": "us-east-1",
            "sourceIPAddress": "127.0.0.1",
            "requestParameters": null,
            "responseElements": {name: "Success"},
            "additionalEventData": additional,
            "eventID": REQUEST_ID,
            "readOnly": false,
            "eventType": "AwsConsoleSignIn",
            "managementEvent": true,
            "recipientAccountId": "000000000000",
            "eventCategory": "Management",
        })
    };
    let known = json!({"MobileVersion": "No", "MFAUsed": "No"});
    assert_eq!(token, event("GetSigninToken", known));
    let known = json!({"LoginTo": DESTINATION, "MobileVersion": "No", "MFAUsed": "No"});
    assert_eq!(login, event("ConsoleLogin", known));
}

#[tokio::test]
async fn who_does_not_get_in_is_nobody() {
    let app = App::new().await;
    for (action, outcome) in [
        ("getSigninToken&Session=x", json!({"GetSigninToken": "Failure"})),
        ("login&SigninToken=x", json!({"ConsoleLogin": "Failure"})),
    ] {
        refused(&app, &format!("Action={action}")).await;
        let [event] = app.events.take().try_into().unwrap();
        assert_eq!(event["userIdentity"], json!({"type": "Unknown"}));
        assert_eq!(event["responseElements"], outcome);
        assert_eq!(event["errorMessage"], "Failed authentication");
        assert_eq!(event.get("errorCode"), None);
        assert_eq!(event.get("recipientAccountId"), None);
    }
    refused(&app, "Action=logout").await;
    assert_eq!(app.events.take(), Vec::<Value>::new());
}

#[tokio::test]
async fn parameters_may_be_posted() {
    let app = App::new().await;
    let session = app.session(ask(ASSUME)).await;
    let body = shown(&session.key, &session.secret, &session.token, "");
    let posted = Ask { target: "/federation", ..ask(&body) };
    let answer = app.answer(posted.unsigned()).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let token = token_of(&answer);
    let body = login(&token, DESTINATION);
    let posted = Ask { target: "/federation", ..ask(body.strip_prefix("/federation?").unwrap()) };
    assert_eq!(app.answer(posted.unsigned()).await.status(), 200);
    // Another content type, and a body that is not looked at.
    let no_form = posted.with(&[("content-type", "text/plain")]);
    assert_eq!(app.answer(no_form.unsigned()).await.status(), 400);
}

#[tokio::test]
async fn a_federated_user_signs_in_for_as_long_as_the_session_lasts() {
    let app = App::new().await;
    let federate = "Action=GetFederationToken&Version=2011-06-15&Name=guest&DurationSeconds=900";
    // Its issuer must exist, and the root user's sessions have an hour at most.
    let session = app.session(ask(federate)).await;
    let token = sign_in_token(&app, &session, "").await;
    let page = text(&app.answer(get(&login(&token, DESTINATION)).unsigned()).await);
    assert!(page.contains(":federated-user/guest</dd>"), "{page}");
    assert!(page.contains("<dd>2027-01-15T08:15:00Z</dd>"), "{page}");
    let refusal = refused(&app, &shown_by(&session, "&SessionDuration=900")).await;
    assert!(refusal.contains("Invalid credentials parameter (SessionDuration is"), "{refusal}");
}

#[tokio::test]
async fn a_chained_role_has_no_duration_of_its_own() {
    let app = App::new().await;
    let first = app.session(ask(ASSUME)).await;
    // The role trusts its account, which leaves the rest to the policies of who asks.
    let record = daypass_state::record::RoleRecord {
        assume_role_policy_document: r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow",
            "Principal":{"AWS":"arn:aws:iam::000000000000:role/deploy"},"Action":"sts:AssumeRole"}}"#
            .to_owned(),
        ..deploy()
    };
    let mut draft = daypass_state::Draft::default();
    draft.put_role(ACCOUNT, &record);
    app.env.state.replace(draft).await.unwrap();
    let second = app.session(first.sign(ask(ASSUME))).await;
    sign_in_token(&app, &second, "").await;
    let refusal = refused(&app, &shown_by(&second, TWELVE_HOURS)).await;
    assert!(refusal.contains("Invalid credentials parameter (SessionDuration is"), "{refusal}");
}

#[tokio::test]
async fn wrong_credentials_get_no_token() {
    let app = App::new().await;
    let good = app.session(ask(ASSUME)).await;
    let user = app.session(ask("Action=GetSessionToken&Version=2011-06-15").by_bob()).await;
    let altered = good.token.replace("origin", "0rigin") + "A";
    let cases = [
        ("another secret", shown(&good.key, BOBS_SECRET, &good.token, "")),
        ("no secret", shown(&good.key, "", &good.token, "")),
        ("the key of another", shown(BOBS_KEY, &good.secret, &good.token, "")),
        ("an altered token", shown(&good.key, &good.secret, &altered, "")),
        ("keys that last", shown(BOBS_KEY, BOBS_SECRET, "", "")),
        ("the well-known keys", shown("test", "test", "test", "")),
        ("a user's session", shown_by(&user, "")),
        ("no session", "Action=getSigninToken".to_owned()),
        ("no JSON", "Action=getSigninToken&Session=ASIA".to_owned()),
        ("an empty object", "Action=getSigninToken&Session=%7B%7D".to_owned()),
    ];
    for (name, query) in cases {
        let page = refused(&app, &query).await;
        assert!(page.contains("<p>Invalid credentials parameter</p>"), "{name}: {page}");
    }
    for (name, query) in [
        ("too short", shown_by(&good, "&SessionDuration=899")),
        ("no action", shown_by(&good, "").replace("Action=", "Act=")),
        ("another action", "Action=logout".to_owned()),
        ("no escape", "Action=%zz".to_owned()),
    ] {
        let page = refused(&app, &query).await;
        assert!(!page.contains("credentials"), "{name}: {page}");
    }
    sign_in_token(&app, &good, "").await;
    app.service_clock.advance(3600);
    refused(&app, &shown_by(&good, "")).await;
}

#[tokio::test]
async fn a_sign_in_token_is_good_for_a_quarter_of_an_hour_and_its_role() {
    let app = App::new().await;
    let session = app.session(ask(ASSUME)).await;
    let token = sign_in_token(&app, &session, TWELVE_HOURS).await;
    let target = login(&token, DESTINATION);
    let query = target.strip_prefix("/federation?").unwrap();
    let is_good = async || app.answer(get(&target).unsigned()).await.status() == 200;
    app.service_clock.advance(899);
    assert!(is_good().await);
    app.service_clock.advance(1);
    let page = refused(&app, query).await;
    assert!(page.contains("the sign-in token is not valid, or no longer"), "{page}");
    app.service_clock.advance(-900);
    assert!(is_good().await);
    app.store(daypass_state::record::KeyStatus::Active, None).await;
    assert!(!is_good().await);
}

#[tokio::test]
async fn only_a_sign_in_token_signs_in() {
    let app = App::new().await;
    let session = app.session(ask(ASSUME)).await;
    let token = sign_in_token(&app, &session, "").await;
    // A message about a denial, sealed with the same keys.
    let ring = app.env.directory.ring();
    let message = ring.seal_message(MessagePurpose::Denial, ACCOUNT, b"{}", &SameBytes).unwrap();
    let flipped = if token.ends_with('A') { "B" } else { "A" };
    let mut altered = token.clone();
    altered.pop();
    altered.push_str(flipped);
    for wrong in ["", "x", &message, &altered, &session.token] {
        let target = login(wrong, DESTINATION);
        refused(&app, target.strip_prefix("/federation?").unwrap()).await;
    }
    assert_eq!(app.answer(get(&login(&token, DESTINATION)).unsigned()).await.status(), 200);
    let decode = "Action=DecodeAuthorizationMessage&Version=2011-06-15&EncodedMessage=";
    let answer = app.shown(ask(&[decode, &token].concat()).signed()).await;
    assert!(answer.contains("InvalidAuthorizationMessage"), "{answer}");
}

#[tokio::test]
async fn nothing_that_is_sent_becomes_markup_or_a_link_to_a_script() {
    let app = App::new().await;
    let session = app.session(ask(ASSUME)).await;
    let token = sign_in_token(&app, &session, "").await;
    for wrong in ["", "/console", "javascript:alert(1)", "data:text/html,x"] {
        let target = login(&token, wrong);
        let page = refused(&app, target.strip_prefix("/federation?").unwrap()).await;
        assert!(page.contains("Destination"), "{page}");
    }
    let issuer = "&Issuer=%22%3E%3Cscript%3E%27%26";
    let page = app.answer(get(&(login(&token, "https://a.example/'x") + issuer)).unsigned()).await;
    let page = text(&page);
    assert!(page.contains("<dd>&quot;&gt;&lt;script&gt;&apos;&amp;</dd>"), "{page}");
    assert!(page.contains("href=\"https://a.example/&apos;x\""), "{page}");
}

async fn sign_in_token(app: &App, session: &Session, more: &str) -> String {
    let target = ["/federation?", &shown_by(session, more)].concat();
    token_of(&app.answer(get(&target).unsigned()).await)
}

fn token_of(answer: &http::Response<Bytes>) -> String {
    assert_eq!(answer.status(), 200, "{}", text(answer));
    let answer: Value = serde_json::from_slice(answer.body()).unwrap();
    answer["SigninToken"].as_str().unwrap().to_owned()
}

/// The page of a refusal.
async fn refused(app: &App, query: &str) -> String {
    let target = ["/federation?", query].concat();
    let answer = app.answer(get(&target).unsigned()).await;
    assert_eq!(answer.status(), 400, "{query}");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    text(&answer)
}

fn shown_by(session: &Session, more: &str) -> String {
    shown(&session.key, &session.secret, &session.token, more)
}

/// As Python's `urllib.parse.quote_plus` writes it.
fn shown(id: &str, key: &str, token: &str, more: &str) -> String {
    let session = json!({"sessionId": id, "sessionKey": key, "sessionToken": token});
    let session = session.to_string().replace(",\"", ", \"");
    let session = encoded(&session).replace("%20", "+");
    format!("Action=getSigninToken&Session={session}{more}")
}

fn login(token: &str, destination: &str) -> String {
    let (token, destination) = (encoded(token), encoded(destination));
    format!("/federation?Action=login&Destination={destination}&SigninToken={token}")
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

fn text(answer: &http::Response<Bytes>) -> String {
    String::from_utf8(answer.body().to_vec()).unwrap()
}

const ASSUME: &str = "Action=AssumeRole&Version=2011-06-15&RoleSessionName=ana\
                      &RoleArn=arn:aws:iam::000000000000:role/deploy";
const TWELVE_HOURS: &str = "&SessionDuration=43200";
const DESTINATION: &str = "https://console.example/s3?a=1&b=2";
