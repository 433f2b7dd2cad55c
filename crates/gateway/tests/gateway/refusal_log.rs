//! What the log says of refused requests at the default level.

use daypass_authz::Departures;
use tracing::Level;

use crate::answers::ASSUME;
use crate::support::*;

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// A request, and the line without its end, which names the request's id.
#[tokio::test]
async fn each_kind_of_refusal_has_its_line() {
    let app = app("http://127.0.0.1:4567").await;
    let bob = "arn:aws:iam::000000000000:user/a/bob";
    let root = "arn:aws:iam::000000000000:root";
    let list = "Action=ListUsers&Version=2010-05-08";
    let get_user = "Action=GetUser&Version=2010-05-08&UserName=nobody";
    let web = "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleSessionName=s1&WebIdentityToken=aaaaaaaa\
               &RoleArn=arn:aws:iam::000000000000:role/deploy";
    let code = "Action=GetSessionToken&Version=2011-06-15&SerialNumber=arn:aws:iam::000000000000:mfa/m&TokenCode=123+456";
    let target = [
        ("content-type", "application/x-amz-json-1.0"),
        ("x-amz-target", "DynamoDB_20120810.ListTables"),
    ];
    let too_long = format!("{WHO}&Padding={}", "a".repeat(70_000));
    let own_keys = "daypass's root key is test with the secret test, and a 12-digit account id with the secret test \
                    is that account's: eval \"$(daypass env --listen 127.0.0.1:4567)\" sets it";
    let no_service = |name: &str| {
        format!(
            "NotImplemented: daypass has no service {name}: it is AWS STS and IAM only. AWS_ENDPOINT_URL sends \
             every service to daypass. Unset it, and set AWS_ENDPOINT_URL_IAM and AWS_ENDPOINT_URL_STS: they send \
             only these two (daypass env --services)"
        )
    };
    let cases = [
        (
            ask(list).iam().by_bob().signed(),
            format!(
                "iam:ListUsers by {bob}: AccessDenied: on resource: arn:aws:iam::000000000000:user/ because no \
                 identity-based policy allows the iam:ListUsers action; ask why: daypass why {REQUEST_ID} \
                 --endpoint http://127.0.0.1:4567"
            ),
        ),
        (
            ask(get_user).iam().signed(),
            format!("iam:GetUser by {root}: NoSuchEntity: The user with name nobody cannot be found"),
        ),
        (
            ask("Action=Frob&Version=2011-06-15").signed(),
            format!("sts:Frob by {root}: InvalidAction: Could not find operation Frob for version 2011-06-15"),
        ),
        (
            ask(code).by_bob().signed(),
            format!(
                "sts:GetSessionToken by {bob}: ValidationError: 2 validation errors detected: Value at 'tokenCode' failed \
                 to satisfy constraint: Member must satisfy regular expression pattern: [\\d]*; Value at 'tokenCode' \
                 failed to satisfy constraint: Member must have length less than or equal to 6"
            ),
        ),
        (
            ask(WHO).unsigned(),
            "sts:GetCallerIdentity by an unsigned request from 127.0.0.1: MissingAuthenticationToken: Request is \
             missing Authentication Token"
                .to_owned(),
        ),
        (
            Ask { key: "testing", ..ask(WHO) }.signed(),
            format!(
                "sts:GetCallerIdentity by access key testing: InvalidClientTokenId: the access key is unknown; the key is a usual one of moto; {own_keys}"
            ),
        ),
        (
            Ask { key: "AKIAQAAAAAAAHFR7TTPL", ..ask(WHO) }.signed(),
            format!(
                "sts:GetCallerIdentity by access key AKIAQAAAAAAAHFR7TTPL: InvalidClientTokenId: the access key is \
                 unknown; this server has made no such key, and keys end with the \
                 server that made them; {own_keys}"
            ),
        ),
        (
            Ask { token: Some("x"), ..ask(WHO) }.signed(),
            "sts:GetCallerIdentity by access key test: InvalidClientTokenId: a session token came with a \
             long-term access key; the key is a long-term one, which has no token: unset AWS_SESSION_TOKEN"
                .to_owned(),
        ),
        (
            Ask { secret: "test\n", ..ask(WHO) }.signed(),
            format!(
                "sts:GetCallerIdentity by access key test: SignatureDoesNotMatch: the signature does not match; \
                 the doctor finds: the secret was used with a line feed after it; trim what you read it from. More: curl \
                 http://127.0.0.1:4567/_daypass/diagnoses/{REQUEST_ID}"
            ),
        ),
        (
            ask(WHO).with(&[FORM, FOREIGN_PAGE[0]]).signed(),
            format!("sts:GetCallerIdentity by {root}: AccessDenied: daypass refuses its well-known keys here, since"),
        ),
        (
            ask(web).unsigned(),
            "sts:AssumeRoleWithWebIdentity by an unsigned request from 127.0.0.1: InvalidIdentityToken: The ID Token \
             provided is not a valid JWT. (You may see this error if you sent an Access Token) (the token is not a \
             valid JWT: "
                .to_owned(),
        ),
        (
            ask("{}").with(&target).unsigned(),
            format!("DynamoDB:ListTables by an unsigned request from 127.0.0.1: {}", no_service("DynamoDB")),
        ),
        (
            Ask { service: "s3", key: "foo", ..get("/bucket/key?list-type=2") }.signed(),
            format!("GET /bucket/key by access key foo: {}", no_service("s3")),
        ),
        (
            ask("Action=DescribeInstances&Version=2016-11-15").unsigned(),
            format!("ec2:DescribeInstances by an unsigned request from 127.0.0.1: {}", no_service("ec2")),
        ),
        (
            get("/bucket").unsigned(),
            "GET /bucket by an unsigned request from 127.0.0.1: 404 Not Found: IAM and STS have the path / alone"
                .to_owned(),
        ),
        (
            ask("Action=Get%1B%5B2J%0AINFO%20User&Version=2011-06-15").signed(),
            format!("sts:Get\\u001b[2J\\nINFO User by {root}: InvalidAction: Could not find operation Get\\u001b[2J"),
        ),
        (
            Ask { key: "ASIAQAAAAAAAHFR7TTPL", ..ask(WHO) }.signed(),
            "sts:GetCallerIdentity by access key ASIAQAAAAAAAHFR7TTPL: InvalidClientTokenId: the session token is \
             missing; the key is a temporary one: send its session token too (AWS_SESSION_TOKEN)"
                .to_owned(),
        ),
        (
            Ask { key: "ASIAQAAAAAAAHFR7TTPL", token: Some("another's"), ..ask(WHO) }.signed(),
            "sts:GetCallerIdentity by access key ASIAQAAAAAAAHFR7TTPL: InvalidClientTokenId: the session token \
             belongs to another access key; the session token was not issued with this key by this server"
                .to_owned(),
        ),
        (
            Ask { host: "a b", ..get("/x") }.unsigned(),
            "GET /x by an unsigned request from 127.0.0.1: 400 Bad Request".to_owned(),
        ),
        (
            ask(&too_long).unsigned(),
            "POST / by an unsigned request from 127.0.0.1: 413 Payload Too Large".to_owned(),
        ),
        (
            Ask { method: "PUT", ..get("/") }.unsigned(),
            "PUT / by an unsigned request from 127.0.0.1: 400 Bad Request".to_owned(),
        ),
        (
            ask("{}").with(&[("content-type", "application/json")]).unsigned(),
            "POST / by an unsigned request from 127.0.0.1: the request names no Action; AWS redirects it to its \
             website"
                .to_owned(),
        ),
        (
            get("/federation?Action=login&SigninToken=x").at("signin.aws.amazon.com").unsigned(),
            "signin:ConsoleLogin by an unsigned request from 127.0.0.1: the sign-in token is not valid, or no longer"
                .to_owned(),
        ),
    ];
    let log = Log::at(Level::INFO);
    for (request, expected) in cases {
        app.answer(request).await;
        let line = log.take();
        assert_eq!(line.lines().count(), 1, "{line}");
        let line = line.strip_prefix(" INFO daypass::refused: ").unwrap();
        assert!(line.starts_with(&expected), "{line}\n{expected}");
        assert!(line.ends_with(&format!(" request_id={REQUEST_ID}\n")), "{line}");
    }
}

#[tokio::test]
async fn the_command_names_no_endpoint_where_it_looks_anyway() {
    let app = app(daypass_gateway::DEFAULT_ENDPOINT).await;
    let log = Log::at(Level::INFO);
    app.answer(ask("Action=ListUsers&Version=2010-05-08").iam().by_bob().signed()).await;
    let line = log.text();
    assert!(line.contains(&format!("; ask why: daypass why {REQUEST_ID} request_id=")), "{line}");
}

#[tokio::test]
async fn where_nothing_is_explained_no_command_is_named() {
    let app = App::with(Options { departures: Departures::NONE, ..Options::default() }).await;
    let log = Log::at(Level::INFO);
    app.answer(ask("Action=ListUsers&Version=2010-05-08").iam().by_bob().signed()).await;
    app.answer(Ask { secret: "wrong", ..ask(WHO) }.signed()).await;
    let text = log.text();
    assert_eq!(text.lines().count(), 2, "{text}");
    assert!(!text.contains("daypass why") && !text.contains("_daypass"), "{text}");
}

#[tokio::test]
async fn what_is_answered_has_no_line_at_the_default_level() {
    let app = app(daypass_gateway::DEFAULT_ENDPOINT).await;
    let requests = [
        ask(WHO).signed(),
        ask(ASSUME).signed(),
        get("/").unsigned(),
        get("/health").unsigned(),
        get("/_daypass/why/none").unsigned(),
    ];
    let log = Log::at(Level::INFO);
    for request in requests {
        app.answer(request).await;
    }
    assert_eq!(log.text(), "");
}

#[tokio::test]
async fn refusals_can_be_left_out() {
    let app = app(daypass_gateway::DEFAULT_ENDPOINT).await;
    let request = ask(WHO).unsigned();
    let log = Log::at(Level::WARN);
    app.answer(request).await;
    assert_eq!(log.text(), "");
}

#[tokio::test]
async fn requests_that_are_alike_are_one_line_and_a_count() {
    let app = app(daypass_gateway::DEFAULT_ENDPOINT).await;
    let log = Log::at(Level::INFO);
    for _ in 0..58 {
        app.answer(ask(WHO).unsigned()).await;
    }
    let first = log.take();
    assert_eq!(first.lines().count(), 1, "{first}");
    tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
    let what =
        "sts:GetCallerIdentity by an unsigned request from 127.0.0.1: MissingAuthenticationToken";
    let then = log.take();
    assert!(then.contains(&format!("… and 57 more like this: {what}")), "{then}");
    assert_eq!(then.lines().count(), 1, "{then}");
    app.answer(ask(WHO).unsigned()).await;
    assert!(log.take().contains(&format!("daypass::refused: {what}")));
}

#[tokio::test]
async fn many_requests_that_differ_do_not_fill_the_log() {
    let app = app(daypass_gateway::DEFAULT_ENDPOINT).await;
    let log = Log::at(Level::INFO);
    for number in 0..2000 {
        let body = format!("Action=Frob{number}&Version=2011-06-15");
        app.answer(ask(&body).unsigned()).await;
    }
    let text = log.text();
    assert!((500..600).contains(&text.lines().count()), "{}", text.lines().count());
    assert!(text.lines().all(|line| line.len() < 400));
}

async fn app(endpoint: &'static str) -> App {
    App::with(Options { departures: Departures::DEFAULT, endpoint, ..Options::default() }).await
}
