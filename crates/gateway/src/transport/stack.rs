use std::convert::Infallible;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use daypass_ident::RequestId;
use daypass_wire::Fault;
use http::{StatusCode, request};
use hyper::body::Body;
use tower::{Layer, Service, ServiceBuilder, service_fn};

use crate::endpoints;
use crate::pipeline::pipeline;
use crate::refusal_log::RefusedRequest;
use crate::request::host::host_of;
use crate::request::incoming::Incoming;
use crate::request::refusal::Refusal;
use crate::request::respond::{Response, bare, internal_failure, no_room};
use crate::request::unsigned::claim;
use crate::transport::body::{self, BodyError};
use crate::transport::connection::{Connection, InFlight};
use crate::transport::limits::MAX_HEAD;

/// The way of a request from the HTTP server to its meaning: transport only. What a request means
/// is the pipeline's, at the end.
pub(crate) fn stack<B>(
    connection: Arc<Connection>,
) -> impl Service<http::Request<B>, Response = Response, Error = Infallible, Future: Send> + Clone
where
    B: Body<Data = Bytes> + Send,
{
    ServiceBuilder::new()
        // An id, before anything can go wrong with the request.
        .map_request(move |request| Arrival::new(&connection, request))
        // One line for each request, for those who ask for level debug.
        .layer(step(trace))
        // A panic costs its own request a 500, and no other request anything.
        .layer(step(catch_panics))
        // AWS's limits of head and body; from here on the request is whole.
        .layer(step(collect))
        // What daypass answers beside AWS's operations.
        .layer(step(own_endpoints))
        .service(service_fn(|incoming: Box<Incoming>| async { Ok(pipeline(incoming).await) }))
}

/// A request whose body is still under way. What is known of it is on the heap: it passes through
/// many hands, and is a few hundred bytes long.
#[derive(Debug)]
struct Arrival<B> {
    incoming: Box<Incoming>,
    body: B,
}

impl<B> Arrival<B> {
    fn new(connection: &Arc<Connection>, request: http::Request<B>) -> Self {
        let (head, body) = request.into_parts();
        let connection = InFlight::begin(connection, claim(&head));
        let id = RequestId::generate(&*connection.config.env.ids);
        Self { incoming: Box::new(Incoming { id, connection, head, body: Bytes::new() }), body }
    }
}

async fn trace<B, S: Rest<Arrival<B>>>(arrival: Arrival<B>, mut rest: S) -> Answer {
    if !tracing::enabled!(tracing::Level::DEBUG) {
        return rest.call(arrival).await;
    }
    let incoming = &arrival.incoming;
    let clock = Arc::clone(&incoming.connection.config.wall_clock);
    let (id, peer, began) = (incoming.id, incoming.connection.peer, clock.now());
    // The path and not the query, which may hold a session token.
    let (method, path) = (incoming.head.method.clone(), incoming.head.uri.path().to_owned());
    let Ok(response) = rest.call(arrival).await;
    tracing::debug!(
        request_id = %id,
        %peer,
        %method,
        path,
        status = response.status().as_u16(),
        microseconds = (clock.now().as_nanos() - began.as_nanos()) / 1_000,
        "answered"
    );
    Ok(response)
}

async fn catch_panics<B, S: Rest<Arrival<B>>>(arrival: Arrival<B>, mut rest: S) -> Answer {
    let (id, method) = (arrival.incoming.id, arrival.incoming.head.method.clone());
    let connection = arrival.incoming.connection.connection();
    let mut answer = pin!(async { rest.call(arrival).await });
    let poll = |context: &mut Context<'_>| {
        let polled = catch_unwind(AssertUnwindSafe(|| answer.as_mut().poll(context)));
        polled.map_or(Poll::Ready(None), |poll| poll.map(Some))
    };
    poll_fn(poll).await.unwrap_or_else(|| {
        tracing::error!(request_id = %id, "a request made daypass panic");
        Ok(internal_failure(id, &*connection.config.env.ids, &method))
    })
}

async fn collect<B, S>(arrival: Arrival<B>, mut rest: S) -> Answer
where
    B: Body<Data = Bytes>,
    S: Rest<Box<Incoming>>,
{
    let Arrival { mut incoming, body } = arrival;
    if size_of_head(&incoming.head) > MAX_HEAD || host_of(&incoming.head).is_none() {
        return Ok(refused(&incoming, StatusCode::BAD_REQUEST));
    }
    let patience = incoming.connection.config.limits.body;
    match body::read(body, &mut incoming.connection, patience).await {
        Ok(body) => {
            incoming.body = body;
            rest.call(incoming).await
        }
        Err(BodyError::TooLarge) => Ok(refused(&incoming, StatusCode::PAYLOAD_TOO_LARGE)),
        Err(BodyError::TooSlow) => Ok(refused(&incoming, StatusCode::REQUEST_TIMEOUT)),
        Err(BodyError::Broken) => Ok(bare(StatusCode::BAD_REQUEST)),
        Err(BodyError::NoRoom) => {
            let refusal = Refusal::Fault(Fault::service_unavailable());
            RefusedRequest::log_unread(&incoming, &refusal);
            Ok(no_room(&incoming))
        }
    }
}

fn refused(incoming: &Incoming, status: StatusCode) -> Response {
    RefusedRequest::log_unread(incoming, &Refusal::Bare(status));
    bare(status)
}

async fn own_endpoints<S: Rest<Box<Incoming>>>(incoming: Box<Incoming>, mut rest: S) -> Answer {
    match endpoints::answer(&incoming).await {
        Some(response) => Ok(response),
        None => rest.call(incoming).await,
    }
}

/// The bytes of a request head as HTTP/1.1 writes it.
fn size_of_head(head: &request::Parts) -> usize {
    const REQUEST_LINE: usize = "  HTTP/1.1\r\n".len();
    const HEADER: usize = ": \r\n".len();
    const END: usize = "\r\n".len();
    let target = head.uri.path_and_query().map_or(1, |target| target.as_str().len());
    let headers = head.headers.iter();
    let headers: usize =
        headers.map(|(name, value)| name.as_str().len() + value.len() + HEADER).sum();
    head.method.as_str().len() + target + REQUEST_LINE + headers + END
}

/// What lies below a layer.
trait Rest<R>: Service<R, Response = Response, Error = Infallible> {}

impl<R, S: Service<R, Response = Response, Error = Infallible>> Rest<R> for S {}

type Answer = Result<Response, Infallible>;

/// A layer that is an async function of a request and the rest of the stack. Unlike most of
/// tower's own it has no future of its own type to write, and none on the heap.
fn step<F>(function: F) -> Step<F> {
    Step(function)
}

#[derive(Clone, Copy)]
struct Step<F>(F);

impl<F: Copy, S> Layer<S> for Step<F> {
    type Service = Stepping<F, S>;

    fn layer(&self, rest: S) -> Stepping<F, S> {
        Stepping { function: self.0, rest }
    }
}

#[derive(Clone, Copy)]
struct Stepping<F, S> {
    function: F,
    rest: S,
}

impl<R, F, S, Fut> Service<R> for Stepping<F, S>
where
    F: Fn(R, S) -> Fut,
    S: Clone,
    Fut: Future<Output = Answer>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Fut;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: R) -> Fut {
        (self.function)(request, self.rest.clone())
    }
}
