//! The measure of all things: hyper alone, which reads the body and answers.

use std::convert::Infallible;

use anyhow::Result;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

/// What to answer.
#[derive(Debug, clap::Args)]
pub(crate) struct BareArgs {
    /// How long the body of the answer is
    #[arg(long)]
    bytes: usize,
}

/// Serves on a free port, which it prints, until it is killed.
pub(crate) fn bare(args: &BareArgs) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve(xml(args.bytes)))
}

async fn serve(body: Bytes) -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let body = body.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| answer(request, body.clone()));
            // A connection that breaks is the client's concern.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    body: Bytes,
) -> Result<Response<Full<Bytes>>, Infallible> {
    // What cannot be read whole is answered all the same: nothing here looks at it.
    let _ = request.into_body().collect().await;
    let mut response = Response::new(Full::new(body));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/xml"));
    Ok(response)
}

/// An XML document of so many bytes.
fn xml(bytes: usize) -> Bytes {
    let frame = "<Answer></Answer>".len();
    format!("<Answer>{}</Answer>", "x".repeat(bytes.saturating_sub(frame))).into()
}
