//! Users sign in with their passwords.

use std::sync::Arc;

use daypass_state::record::{KeyOwner, MfaAssignment, MfaDeviceRecord};
use daypass_state::{Committed, Tx};
use daypass_totp::Seed;
use serde_json::{Value, json};

use crate::support::*;

const PASSWORD: &str = "Correct-Horse-1";
const SEED: &str = "JBSWY3DPEHPK3PXP";

#[tokio::test]
async fn a_user_signs_in_with_a_password() {
    let app = app().await;
    let form = text(&app.answer(get("/console").unsigned()).await);
    for part in ["action=\"/console\" method=\"post\"", "name=\"account\"", "type=\"password\""] {
        assert!(form.contains(part), "{part} in {form}");
    }
    app.events.take();
    let page = sign_in(&app, &[]).await;
    assert_eq!(page.status(), 200);
    assert!(!page.headers().contains_key("set-cookie"));
    let page = text(&page);
    for part in
        ["<h1>Signed in</h1>", "arn:aws:iam::000000000000:user/a/bob", "2027-01-15T20:00:00Z"]
    {
        assert!(page.contains(part), "{part} in {page}");
    }
    let [event] = app.events.take().try_into().unwrap();
    assert_eq!(event["eventName"], "ConsoleLogin");
    assert_eq!(event["responseElements"], json!({"ConsoleLogin": "Success"}));
    assert_eq!(event["userIdentity"]["userName"], "bob");
    assert_eq!(event["userIdentity"].get("accessKeyId"), None);
    assert_eq!(event["additionalEventData"]["MFAUsed"], "No");
    let user = call(&app, "Action=GetUser&UserName=bob").await;
    assert!(user.contains("<PasswordLastUsed>2027-01-15T08:00:00Z</PasswordLastUsed>"), "{user}");
    // The account goes by its alias, too.
    call(&app, "Action=CreateAccountAlias&AccountAlias=our-team").await;
    assert_eq!(sign_in(&app, &[("account", "our-team")]).await.status(), 200);
}

#[tokio::test]
async fn whoever_is_wrong_is_not_told_how() {
    let app = app().await;
    app.events.take();
    let wrong = [
        ("password", "correct-horse-1"),
        ("password", ""),
        ("username", "nobody"),
        ("account", "111111111111"),
        ("account", "no-alias"),
    ];
    let mut shown = Vec::new();
    for (name, value) in wrong {
        let page = sign_in(&app, &[(name, value)]).await;
        assert_eq!(page.status(), 401, "{name} {value}");
        let page = text(&page);
        assert!(!page.contains(PASSWORD), "{page}");
        let told = page.split_once("<form").unwrap().0.to_owned();
        assert!(told.contains("Your authentication information is incorrect"), "{told}");
        shown.push(told);
    }
    shown.dedup();
    assert_eq!(shown.len(), 1, "{shown:?}");
    let event = &app.events.take()[0];
    assert_eq!(event["responseElements"], json!({"ConsoleLogin": "Failure"}));
    assert_eq!(event["errorMessage"], "Failed authentication");
    let script = sign_in(&app, &[("username", "<script>")]).await;
    assert!(!text(&script).contains("<script>"));
}

#[tokio::test]
async fn guessing_is_slowed_down() {
    let app = app().await;
    for _ in 0..5 {
        assert_eq!(sign_in(&app, &[("password", "guess")]).await.status(), 401);
    }
    assert_eq!(sign_in(&app, &[]).await.status(), 401, "even the right one, for a while");
    app.service_clock.advance(600);
    assert_eq!(sign_in(&app, &[]).await.status(), 200);
}

#[tokio::test]
async fn who_has_a_device_must_show_its_code() {
    let app = app().await;
    put_device(&app).await;
    app.events.take();
    let asked = text(&sign_in(&app, &[]).await);
    assert!(asked.contains("name=\"mfacode\""), "{asked}");
    assert_eq!(app.events.take(), [] as [Value; 0], "nobody has failed, and nobody is in");
    assert_eq!(sign_in(&app, &[("mfacode", "000000")]).await.status(), 401);
    let code = Seed::from_base32(SEED).unwrap().code_at(NOW / 30).to_string();
    app.events.take();
    assert_eq!(sign_in(&app, &[("mfacode", &code)]).await.status(), 200);
    let event = &app.events.take()[0];
    assert_eq!(event["additionalEventData"]["MFAUsed"], "Yes");
    assert_eq!(sign_in(&app, &[("mfacode", &code)]).await.status(), 401, "a code is good once");
}

#[tokio::test]
async fn a_password_that_must_be_changed_is_changed_first() {
    let app = app().await;
    call(&app, "Action=UpdateLoginProfile&UserName=bob&PasswordResetRequired=true").await;
    let asked = text(&sign_in(&app, &[]).await);
    assert!(asked.contains("name=\"new_password\""), "{asked}");
    let new = "Battery-Staple-2";
    let both = [("new_password", new), ("confirm_password", new)];
    let different = sign_in(&app, &[("new_password", new), ("confirm_password", "x")]).await;
    assert_eq!(different.status(), 400);
    // Nobody has let bob change it.
    let denied = sign_in(&app, &both).await;
    assert_eq!(denied.status(), 403);
    let denied = text(&denied);
    assert!(denied.contains("is not authorized to perform: iam:ChangePassword"), "{denied}");
    call(&app, "Action=UpdateAccountPasswordPolicy&AllowUsersToChangePassword=true").await;
    app.events.take();
    assert_eq!(sign_in(&app, &both).await.status(), 200);
    let events = app.events.take();
    let names: Vec<_> = events.iter().map(|event| &event["eventName"]).collect();
    assert_eq!(names, ["ChangePassword", "ConsoleLogin"]);
    assert!(!events[0].to_string().contains(new) && !events[0].to_string().contains(PASSWORD));
    assert_eq!(sign_in(&app, &[]).await.status(), 401, "the old one is good no more");
    assert_eq!(sign_in(&app, &[("password", new)]).await.status(), 200);
}

#[tokio::test]
async fn what_a_user_may_after_signing_in_follows_the_code() {
    let app = app().await;
    call(&app, "Action=UpdateLoginProfile&UserName=bob&PasswordResetRequired=true").await;
    let with_mfa = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:ChangePassword","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}}"#;
    let put =
        format!("Action=PutUserPolicy&UserName=bob&PolicyName=p&PolicyDocument={}", form(with_mfa));
    call(&app, &put).await;
    let new = "Battery-Staple-2";
    let both = [("new_password", new), ("confirm_password", new)];
    assert_eq!(sign_in(&app, &both).await.status(), 403);
    put_device(&app).await;
    let code = Seed::from_base32(SEED).unwrap().code_at(NOW / 30).to_string();
    // What is wrong before leaves the code good.
    let different = [both[0], ("confirm_password", "x"), ("mfacode", &*code)];
    assert_eq!(sign_in(&app, &different).await.status(), 400);
    let page = sign_in(&app, &[both[0], both[1], ("mfacode", &code)]).await;
    assert_eq!(page.status(), 200, "{}", text(&page));
}

#[tokio::test]
async fn a_password_expires() {
    let app = app().await;
    let policy = "Action=UpdateAccountPasswordPolicy&MaxPasswordAge=1&HardExpiry=";
    call(&app, &format!("{policy}false")).await;
    assert_eq!(sign_in(&app, &[]).await.status(), 200);
    app.service_clock.advance(86_400);
    assert!(text(&sign_in(&app, &[]).await).contains("name=\"new_password\""));
    call(&app, &format!("{policy}true")).await;
    let expired = sign_in(&app, &[]).await;
    assert_eq!(expired.status(), 403);
    assert!(text(&expired).contains("has expired"));
}

/// A gateway whose user `bob` has a password.
async fn app() -> App {
    let app = App::new().await;
    let create = format!("Action=CreateLoginProfile&UserName=bob&Password={}", form(PASSWORD));
    call(&app, &create).await;
    app
}

/// Calls IAM as the root user.
async fn call(app: &App, body: &str) -> String {
    let body = format!("{body}&Version=2010-05-08");
    let answer = app.answer(ask(&body).iam().signed()).await;
    let shown = text(&answer);
    assert_eq!(answer.status(), 200, "{shown}");
    shown
}

/// Signs bob in, with some fields changed or added.
async fn sign_in(app: &App, changes: &[(&str, &str)]) -> http::Response<bytes::Bytes> {
    let fields = [("account", "000000000000"), ("username", "bob"), ("password", PASSWORD)];
    let kept = fields.iter().filter(|(name, _)| !changes.iter().any(|(other, _)| other == name));
    let pairs = kept.chain(changes).map(|(name, value)| format!("{name}={}", form(value)));
    let body = pairs.collect::<Vec<_>>().join("&");
    app.answer(Ask { target: "/console", ..ask(&body) }.unsigned()).await
}

async fn put_device(app: &App) {
    let view = app.env.state.view();
    let mut tx = Tx::new(Arc::clone(&view), ACCOUNT);
    tx.put_mfa_device(&MfaDeviceRecord {
        name: "bob".to_owned(),
        path: "/".to_owned(),
        seed: Seed::from_base32(SEED).unwrap(),
        assignment: Some(MfaAssignment {
            owner: KeyOwner::User(bob().id),
            enable_date: 0,
            drift: 0,
        }),
        newest_spent: None,
        tags: Default::default(),
    });
    assert_eq!(app.env.state.commit(tx).await.unwrap(), Committed::Done);
}

fn form(text: &str) -> String {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

fn text(page: &http::Response<bytes::Bytes>) -> String {
    String::from_utf8(page.body().to_vec()).unwrap()
}
