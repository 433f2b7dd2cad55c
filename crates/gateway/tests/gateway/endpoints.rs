//! What daypass answers beside AWS's operations.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use daypass_gateway::{Reset, ResetError};

use crate::support::*;

#[tokio::test]
async fn health() {
    let app = App::new().await;
    let version = env!("CARGO_PKG_VERSION");
    let services = r#""services": {"iam": "running", "sts": "running"}"#;
    let own = format!("{{\"status\": \"ok\", {services}, \"version\": \"{version}\"}}\n");
    let localstack =
        format!("{{{services}, \"edition\": \"daypass\", \"version\": \"{version}\"}}\n");
    for (path, body) in
        [("/health", &own), ("/_daypass/health", &own), ("/_localstack/health", &localstack)]
    {
        let head =
            format!("200\ncontent-length: {}\ncontent-type: application/json\n\n", body.len());
        assert_eq!(app.shown(get(path).unsigned()).await, format!("{head}{body}"), "{path}");
        assert_eq!(app.shown(Ask { method: "HEAD", ..get(path) }.unsigned()).await, head, "{path}");
        serde_json::from_str::<serde_json::Value>(body).unwrap();
    }
}

#[tokio::test]
async fn the_root_path_says_what_daypass_is() {
    let app = App::new().await;
    let html = &[("accept", "text/html,application/xhtml+xml,*/*;q=0.8")];
    for (ask, content_type) in [
        (get("/"), "text/plain; charset=utf-8"),
        (get("/?x"), "text/plain; charset=utf-8"),
        (get("/").with(&[("accept", "*/*")]), "text/plain; charset=utf-8"),
        (get("/").with(html), "text/html; charset=utf-8"),
    ] {
        let answer = app.answer(ask.unsigned()).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], content_type);
        let body = std::str::from_utf8(answer.body()).unwrap();
        for line in [
            "AWS_ENDPOINT_URL_STS=http://localhost:4566\n",
            "AWS_ENDPOINT_URL_IAM=http://localhost:4566\n",
            "AWS_SECRET_ACCESS_KEY=test\n",
        ] {
            assert!(body.contains(line), "{body}");
        }
        let head = app.answer(Ask { method: "HEAD", ..ask }.unsigned()).await;
        assert_eq!(head.headers(), answer.headers());
        assert!(head.body().is_empty());
    }
    // Clients of STS's, and what only looks like one, get AWS's redirect.
    for request in [get("/").signed(), get("/").presigned(), ask("").unsigned()] {
        assert_eq!(app.answer(request).await.status(), 302);
    }
    let options =
        Options { well_known_keys: false, public_host: Some("sts.test"), ..Options::default() };
    let body = App::with(options).await.shown(get("/").unsigned()).await;
    assert!(body.contains("AWS_ENDPOINT_URL_STS=THE-ADDRESS-OF-THIS-PAGE\n"), "{body}");
    assert!(!body.contains("=test"), "{body}");
}

#[tokio::test]
async fn reset_puts_back_the_start() {
    let (app, counted) = app_with_reset(Options::default()).await;
    for (target, times) in [("/_daypass/reset", 1), ("/moto-api/reset", 2)] {
        let answer = app.shown(post(target).unsigned()).await;
        let expected =
            "200\ncontent-length: 17\ncontent-type: application/json\n\n{\"status\": \"ok\"}\n";
        assert_eq!(answer, expected);
        assert_eq!(counted.0.load(Ordering::Relaxed), times);
    }
}

#[tokio::test]
async fn reset_is_not_for_everybody() {
    let (app, counted) = app_with_reset(Options::default()).await;
    let answer = app.answer(post("/_daypass/reset").with(FOREIGN_PAGE).unsigned()).await;
    assert_eq!((answer.status().as_u16(), counted.0.load(Ordering::Relaxed)), (403, 0));
}

#[tokio::test]
async fn a_reset_that_is_not_offered_is_not_found() {
    let app = App::new().await;
    assert_eq!(
        app.shown(post("/_daypass/reset").unsigned()).await,
        "404\ncontent-length: 44\ncontent-type: application/json\n\n\
         {\"message\": \"this daypass offers no reset\"}\n"
    );
}

#[tokio::test]
async fn a_reset_that_fails_says_so() {
    let reset = Some(Arc::new(Broken) as Arc<dyn Reset>);
    let app = App::with(Options { reset, ..Options::default() }).await;
    assert_eq!(app.answer(post("/_daypass/reset").unsigned()).await.status(), 500);
}

#[tokio::test]
async fn browsers_may_ask_first() {
    let app = App::new().await;
    let options = Ask { method: "OPTIONS", ..get("/") };
    let preflight = &[("origin", "https://example.org"), ("access-control-request-method", "POST")];
    assert_eq!(
        app.shown(options.with(preflight).unsigned()).await,
        "200\naccess-control-allow-headers: *\naccess-control-allow-methods: *\n\
         access-control-allow-origin: *\naccess-control-max-age: 172800\n\n"
    );
    assert_eq!(app.shown(options.unsigned()).await, "400\n\n");
}

async fn app_with_reset(options: Options) -> (App, Arc<Counted>) {
    let counted = Arc::new(Counted::default());
    let reset = Some(Arc::clone(&counted) as Arc<dyn Reset>);
    (App::with(Options { reset, ..options }).await, counted)
}

fn post(target: &str) -> Ask<'_> {
    Ask { method: "POST", ..get(target) }
}

/// Counts how often it is called.
#[derive(Debug, Default)]
struct Counted(AtomicUsize);

impl Reset for Counted {
    fn reset(&self) -> Pin<Box<dyn Future<Output = Result<(), ResetError>> + Send + '_>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Box::pin(async { Ok(()) })
    }
}

#[derive(Debug)]
struct Broken;

impl Reset for Broken {
    fn reset(&self) -> Pin<Box<dyn Future<Output = Result<(), ResetError>> + Send + '_>> {
        Box::pin(async { Err("no".into()) })
    }
}
