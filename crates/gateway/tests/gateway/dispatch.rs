//! What never reaches an operation, or reaches one that is not there: AWS's answers, whole.

use daypass_authz::Departures;

use crate::support::*;

#[tokio::test]
async fn unknown_actions_and_versions() {
    let app = App::new().await;
    let cases = [
        ("Action=Frob&Version=2011-06-15", "Could not find operation Frob for version 2011-06-15"),
        (
            "Action=GetCallerIdentity",
            "Could not find operation GetCallerIdentity for version NO_VERSION_SPECIFIED",
        ),
        (
            "Action=GetCallerIdentity&Version=",
            "Could not find operation GetCallerIdentity for version ",
        ),
        (
            "Action=GetCallerIdentity&Version=2010-05-08",
            "Could not find operation GetCallerIdentity for version 2010-05-08",
        ),
        ("Action=&Version=2011-06-15", "Could not find operation  for version 2011-06-15"),
        (
            "Version=2011-06-15&Action=a%3Cb",
            "Could not find operation a&lt;b for version 2011-06-15",
        ),
    ];
    for (body, message) in cases {
        let expected = error(400, "InvalidAction", Some(message), AWS_FAULT);
        assert_eq!(app.shown(ask(body).signed()).await, expected, "{body}");
    }
}

#[tokio::test]
async fn only_the_signed_learn_what_there_is() {
    let app = App::new().await;
    for body in
        ["Action=Frob&Version=2011-06-15", WHO, "Action=GetFederationToken&Version=2011-06-15"]
    {
        let expected = sts_error(
            403,
            "MissingAuthenticationToken",
            Some("Request is missing Authentication Token"),
        );
        assert_eq!(app.shown(ask(body).unsigned()).await, expected, "{body}");
    }
}

#[tokio::test]
async fn the_first_of_equal_parameters_of_a_form_counts() {
    let app = App::new().await;
    let body = format!("{WHO}&Action=Frob&%41ction=Frob&Version=1&Unknown=parameter");
    assert_eq!(app.answer(ask(&body).signed()).await.status(), 200);
}

/// Those that have required parameters ask for them first.
#[tokio::test]
async fn a_signature_good_or_bad_plays_no_part_where_nobody_signs() {
    let app = App::new().await;
    let body = "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleSessionName=s1\
                &RoleArn=arn:aws:iam::000000000000:role/r&WebIdentityToken=nonsense";
    let expected = app.shown(ask(body).unsigned()).await;
    assert!(expected.contains("<Code>InvalidIdentityToken</Code>"), "{expected}");
    app.events.take();
    for asked in [
        ask(body),
        Ask { secret: "wrong", ..ask(body) },
        Ask { key: "AKIAUNKNOWN", ..ask(body) },
        Ask { region: "mars-1", ..ask(body) },
    ] {
        assert_eq!(app.shown(asked.signed()).await, expected);
        let [event] = app.events.take().try_into().unwrap();
        assert_eq!(event["userIdentity"], serde_json::json!({ "type": "Unknown" }));
        assert_eq!(event["errorCode"], "InvalidIdentityToken");
        assert_eq!(event["requestParameters"].get("webIdentityToken"), None);
        assert_eq!(event["requestParameters"]["roleSessionName"], "s1");
    }
}

#[tokio::test]
async fn who_asks_for_nothing_is_sent_to_read() {
    let app = App::with(Options { departures: Departures::NONE, ..Options::default() }).await;
    let redirect = |location: &str| {
        format!(
            "302\nlocation: {location}\nx-amz-sts-extended-request-id: {REQUEST_ID}\n\
             x-amzn-requestid: {REQUEST_ID}\n\n"
        )
    };
    let page = "https://aws.amazon.com/iam";
    let json = &[("content-type", "application/json")];
    let cases = [
        (get("/"), page),
        (get("/?Version=2011-06-15"), "https://aws.amazon.com/iam?Version=2011-06-15"),
        (ask("Version=2011-06-15"), page),
        (ask(""), page),
        (ask(WHO).with(&[]), page),
        (ask(WHO).with(json), page),
        (Ask { target: "/?Version=2011-06-15", ..ask(WHO).with(json) }, page),
    ];
    for (ask, location) in cases {
        assert_eq!(
            app.shown(ask.signed()).await,
            redirect(location),
            "{} {}",
            ask.target,
            ask.body
        );
        assert_eq!(app.shown(ask.unsigned()).await, redirect(location));
    }
    let iam = Ask { host: "iam.amazonaws.com", ..get("/") };
    let expected = format!("302\nlocation: {page}\nx-amzn-requestid: {REQUEST_ID}\n\n");
    assert_eq!(app.shown(iam.unsigned()).await, expected);
}

#[tokio::test]
async fn nothing_is_anywhere_but_at_the_root() {
    let app = App::new().await;
    let expected = format!(
        "404\ncontent-type: text/xml\nx-amz-sts-extended-request-id: {REQUEST_ID}\n\
         x-amzn-requestid: {REQUEST_ID}\n\n<UnknownOperationException/>\n"
    );
    for target in ["/x", "/x/", "//", "/health/x", "/%41"] {
        assert_eq!(app.shown(get(target).unsigned()).await, expected, "{target}");
        // Before the scope and the signature are looked at.
        let elsewhere = Ask { target, region: "mars-1", secret: "wrong", ..ask(WHO) };
        assert_eq!(app.shown(elsewhere.signed()).await, expected, "{target}");
    }
    let head = app.answer(Ask { method: "HEAD", ..get("/x") }.unsigned()).await;
    assert_eq!((head.status().as_u16(), &head.headers()["content-length"]), (404, &29.into()));
    assert!(head.body().is_empty());
}

#[tokio::test]
async fn what_is_hardly_a_request_is_answered_barely() {
    let app = App::new().await;
    for target in ["/%", "/%4", "/%zz", "/..", "/a/../../b"] {
        assert_eq!(app.shown(get(target).unsigned()).await, "400\n\n", "{target}");
    }
    for method in ["PROPFIND", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "get"] {
        let request = Ask { method, ..get("/") }.unsigned();
        assert_eq!(app.shown(request).await, "400\n\n", "{method}");
    }
}

#[tokio::test]
async fn broken_escapes() {
    let app = App::new().await;
    let cases = [
        ("/?Action=a%", "Incomplete trailing escape % sequence"),
        ("/?Action=a%4", "Incomplete trailing escape % sequence"),
        ("/?Action=a%zz", "Illegal hex character in escape % pattern: %zz"),
    ];
    for (target, message) in cases {
        let expected = sts_error(400, "MalformedQueryString", Some(message));
        assert_eq!(app.shown(get(target).unsigned()).await, expected, "{target}");
    }
    // In a body they count only once the signature holds.
    let expected = sts_error(400, "MalformedQueryString", Some(cases[2].1));
    assert_eq!(app.shown(ask("Action=a%zz").signed()).await, expected);
    let unsigned = app.shown(ask("Action=a%zz").unsigned()).await;
    assert!(unsigned.contains("MissingAuthenticationToken"), "{unsigned}");
}

#[tokio::test]
async fn parameters_are_read_after_the_signature_and_before_the_decision() {
    let app = App::new().await;
    let body = "Action=AssumeRole&Version=2011-06-15&DurationSeconds=soon";
    let expected = sts_error(400, "MalformedInput", None);
    assert_eq!(app.shown(ask(body).by_bob().signed()).await, expected);
    let body = "Action=AssumeRole&Version=2011-06-15&RoleSessionName=s1";
    let message = "1 validation error detected: Value null at 'roleArn' failed to satisfy \
                   constraint: Member must not be null";
    let answer = app.shown(ask(body).by_bob().signed()).await;
    assert_eq!(answer, sts_error(400, "ValidationError", Some(message)));
}

#[tokio::test]
async fn a_denial_is_told() {
    let app = App::new().await;
    let body = "Action=ListUsers&Version=2010-05-08";
    let answer = app.shown(ask(body).iam().by_bob().signed()).await;
    let expected = iam_error(
        403,
        "AccessDenied",
        Some(
            "User: arn:aws:iam::000000000000:user/a/bob is not authorized to perform: \
             iam:ListUsers on resource: arn:aws:iam::000000000000:user/ because no \
             identity-based policy allows the iam:ListUsers action",
        ),
    );
    assert_eq!(answer, expected);
}

const AWS_FAULT: &str = "http://webservices.amazon.com/AWSFault/2005-15-09";
