//! What a call is answered, whole.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_smithy_types::DateTime;
use daypass_ident::Clock;
use daypass_store::{BoxFuture, Commit, Feed, MemoryStore, Store, StoreError, Transaction};
use http::HeaderValue;

use crate::support::*;

#[tokio::test]
async fn root_user_and_session_are_told_who_they_are() {
    let app = App::new().await;
    let bob = bob().id;
    let role_session = app.session(ask(ASSUME)).await;
    let user_session = app.session(ask(GET_SESSION_TOKEN).by_bob()).await;
    let role = role_id();
    let cases = [
        (ask(WHO), "arn:aws:iam::000000000000:root".to_owned(), "000000000000".to_owned()),
        (
            Ask { key: "123456789012", ..ask(WHO) },
            "arn:aws:iam::123456789012:root".to_owned(),
            "123456789012".to_owned(),
        ),
        (ask(WHO).by_bob(), "arn:aws:iam::000000000000:user/a/bob".to_owned(), bob.to_string()),
        (
            user_session.sign(ask(WHO)),
            "arn:aws:iam::000000000000:user/a/bob".to_owned(),
            bob.to_string(),
        ),
        (
            role_session.sign(ask(WHO)),
            "arn:aws:sts::000000000000:assumed-role/deploy/s1".to_owned(),
            format!("{role}:s1"),
        ),
    ];
    for (ask, arn, user_id) in cases {
        let account = arn.split(':').nth(4).unwrap().to_owned();
        let expected = format!(
            "200\ncontent-type: text/xml\nx-amz-sts-extended-request-id: {REQUEST_ID}\n\
             x-amzn-requestid: {REQUEST_ID}\n\n\
             <GetCallerIdentityResponse xmlns=\"{STS}\">\n  <GetCallerIdentityResult>\n    \
             <Arn>{arn}</Arn>\n    <UserId>{user_id}</UserId>\n    <Account>{account}</Account>\n  \
             </GetCallerIdentityResult>\n  <ResponseMetadata>\n    \
             <RequestId>{REQUEST_ID}</RequestId>\n  </ResponseMetadata>\n\
             </GetCallerIdentityResponse>\n"
        );
        assert_eq!(app.shown(ask.signed()).await, expected);
    }
}

#[tokio::test]
async fn get_and_presigned_requests_are_answered_alike() {
    let app = App::new().await;
    let expected = app.shown(ask(WHO).signed()).await;
    let target = format!("/?{WHO}");
    assert_eq!(app.shown(get(&target).signed()).await, expected);
    assert_eq!(app.shown(get(&target).presigned()).await, expected);
    let extra = get(&target).with(&[("x-k8s-aws-id", "cluster")]);
    assert_eq!(app.shown(extra.presigned()).await, expected);
}

#[tokio::test]
async fn a_head_request_is_answered_the_length() {
    let app = App::new().await;
    let target = format!("/?{WHO}");
    let body = app.answer(get(&target).signed()).await.into_body();
    let answer = app.answer(Ask { method: "HEAD", ..get(&target) }.signed()).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-length"], HeaderValue::from(body.len()));
    assert!(answer.body().is_empty());
}

#[tokio::test]
async fn who_asks_for_json_gets_json() {
    let app = App::new().await;
    let json =
        &[("content-type", "application/x-www-form-urlencoded"), ("accept", "application/json")];
    assert_eq!(
        app.shown(ask(WHO).with(json).signed()).await,
        format!(
            "200\ncontent-type: application/json\nx-amz-sts-extended-request-id: {REQUEST_ID}\n\
             x-amzn-requestid: {REQUEST_ID}\n\n\
             {{\"GetCallerIdentityResponse\":{{\"GetCallerIdentityResult\":\
             {{\"Arn\":\"arn:aws:iam::000000000000:root\",\"UserId\":\"000000000000\",\
             \"Account\":\"000000000000\"}},\"ResponseMetadata\":{{\"RequestId\":\"{REQUEST_ID}\"}}}}}}"
        )
    );
    assert_eq!(
        app.shown(Ask { secret: "wrong", ..ask(WHO).with(json) }.signed()).await,
        format!(
            "403\ncontent-type: application/json\nx-amz-sts-extended-request-id: {REQUEST_ID}\n\
             x-amzn-requestid: {REQUEST_ID}\n\n\
             {{\"Error\":{{\"Code\":\"SignatureDoesNotMatch\",\"Message\":\
             \"The request signature we calculated does not match the signature you provided. \
             Check your AWS Secret Access Key and signing method. \
             Consult the service documentation for details.\",\"Type\":\"Sender\"}},\"RequestId\":\"{REQUEST_ID}\"}}"
        )
    );
}

#[tokio::test]
async fn iam_has_one_id_and_its_own_namespace() {
    let app = App::new().await;
    let iam = "https://iam.amazonaws.com/doc/2010-05-08/";
    let aliases = ask("Action=ListAccountAliases&Version=2010-05-08").iam();
    assert_eq!(
        app.shown(aliases.signed()).await,
        format!(
            "200\ncontent-type: text/xml\nx-amzn-requestid: {REQUEST_ID}\n\n\
             <ListAccountAliasesResponse xmlns=\"{iam}\">\n  <ListAccountAliasesResult>\n    \
             <AccountAliases/>\n    <IsTruncated>false</IsTruncated>\n  \
             </ListAccountAliasesResult>\n  <ResponseMetadata>\n    \
             <RequestId>{REQUEST_ID}</RequestId>\n  </ResponseMetadata>\n\
             </ListAccountAliasesResponse>\n"
        )
    );
    let create = ask("Action=CreateAccountAlias&Version=2010-05-08&AccountAlias=acme").iam();
    assert_eq!(
        app.shown(create.signed()).await,
        format!(
            "200\ncontent-type: text/xml\nx-amzn-requestid: {REQUEST_ID}\n\n\
             <CreateAccountAliasResponse xmlns=\"{iam}\">\n  <ResponseMetadata>\n    \
             <RequestId>{REQUEST_ID}</RequestId>\n  </ResponseMetadata>\n\
             </CreateAccountAliasResponse>\n"
        )
    );
    let listed = app.shown(aliases.signed()).await;
    assert!(listed.contains("<member>acme</member>"), "{listed}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_writer_of_one_account_gets_through() {
    let app = App::new().await;
    let writers = (0..64).map(|number| {
        let gateway = app.gateway.clone();
        let body = format!("Action=CreateGroup&Version=2010-05-08&GroupName=g{number}");
        let request = ask(&body).iam().signed();
        tokio::spawn(async move { gateway.answer(request, PEER).await.status() })
    });
    for writer in writers.collect::<Vec<_>>() {
        assert_eq!(writer.await.unwrap(), 200);
    }
    assert_eq!(app.env.state.view().account(ACCOUNT).group_count(), 64);
}

#[tokio::test]
async fn a_call_that_is_always_overtaken_gives_up() {
    let store = Arc::new(Unlucky { memory: MemoryStore::new(), fails: false });
    let app = App::with(Options { store, ..Options::default() }).await;
    let create = ask("Action=CreateAccountAlias&Version=2010-05-08&AccountAlias=acme").iam();
    assert_eq!(
        app.shown(create.signed()).await,
        iam_error(
            409,
            "ConcurrentModification",
            Some("Other requests keep changing the account at the same time. Try again.")
        )
    );
}

#[tokio::test]
async fn a_store_that_fails_is_our_fault_and_not_explained() {
    let store = Arc::new(Unlucky { memory: MemoryStore::new(), fails: true });
    let app = App::with(Options { store, ..Options::default() }).await;
    let create = ask("Action=CreateAccountAlias&Version=2010-05-08&AccountAlias=acme").iam();
    assert_eq!(app.shown(create.signed()).await, iam_error(500, "InternalFailure", None));
}

#[tokio::test]
async fn a_panic_is_our_fault_and_nobody_elses() {
    let wall_clock = Some(Arc::new(Broken::default()) as Arc<dyn Clock>);
    let app = App::with(Options { wall_clock, ..Options::default() }).await;
    assert_eq!(app.shown(ask(WHO).signed()).await, sts_error(500, "InternalFailure", None));
    assert_eq!(app.answer(ask(WHO).signed()).await.status(), 200);
}

/// A clock that breaks at first sight.
#[derive(Debug, Default)]
struct Broken(AtomicBool);

impl Clock for Broken {
    fn now(&self) -> DateTime {
        assert!(self.0.swap(true, Ordering::Relaxed), "this panic belongs to the test");
        DateTime::from_secs(NOW)
    }
}

/// A store that takes no transaction that depends on anything.
#[derive(Debug)]
struct Unlucky {
    memory: MemoryStore,
    fails: bool,
}

impl Store for Unlucky {
    fn subscribe(&self, feed: Arc<dyn Feed>) -> BoxFuture<'_, Result<(), StoreError>> {
        self.memory.subscribe(feed)
    }

    fn commit(&self, transaction: Transaction) -> BoxFuture<'_, Result<Commit, StoreError>> {
        if transaction.preconditions.is_empty() {
            return self.memory.commit(transaction);
        }
        let fails = self.fails;
        Box::pin(async move {
            if fails { Err(StoreError("the disk is full".into())) } else { Ok(Commit::Conflict) }
        })
    }
}

pub(crate) const ASSUME: &str = "Action=AssumeRole&Version=2011-06-15&RoleSessionName=s1\
                                 &RoleArn=arn%3Aaws%3Aiam%3A%3A000000000000%3Arole%2Fdeploy";
pub(crate) const GET_SESSION_TOKEN: &str = "Action=GetSessionToken&Version=2011-06-15";
