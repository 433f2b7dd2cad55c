//! How the body reaches the service, and when it does not.

use std::{
    collections::VecDeque,
    convert::Infallible,
    io,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use daypass_sigv4::{Profile, tower::VerifiedBody};
use hmac::{Hmac, KeyInit, Mac};
use http::header::ETAG;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use http_body::{Body, Frame};
use http_body_util::{BodyExt, Full};
use sha2::{Digest, Sha256};
use tower::{Layer, ServiceExt, service_fn};

use crate::world::{LIMIT, Outcome, Signing, full, layer, send};

/// A body in pieces, which does not tell its length, or which piece is the last.
struct Pieces(VecDeque<Result<Frame<&'static [u8]>, io::Error>>);

impl Pieces {
    fn of<const N: usize>(pieces: [&'static str; N]) -> Self {
        Self(pieces.into_iter().map(|piece| Ok(Frame::data(piece.as_bytes()))).collect())
    }

    fn and(mut self, frame: Result<Frame<&'static [u8]>, io::Error>) -> Self {
        self.0.push_back(frame);
        self
    }
}

impl Body for Pieces {
    type Data = &'static [u8];
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Poll::Ready(self.0.pop_front())
    }
}

fn told() -> Signing {
    Signing { hash_told: true, ..Signing::default() }
}

fn served(body: &[u8]) -> Outcome {
    Outcome::Served("alice".to_owned(), Ok(body.to_vec()))
}

fn failed(why: &str) -> Outcome {
    Outcome::Served("alice".to_owned(), Err(why.to_owned()))
}

fn refused(outcome: Outcome) -> StatusCode {
    match outcome {
        Outcome::Refused(status, _) => status,
        served => panic!("{served:?}"),
    }
}

#[tokio::test]
async fn a_body_whose_hash_is_told_streams_whatever_its_length() {
    let long = vec![b'x'; 50 * LIMIT];
    let request = told().sign(Request::put("/"), &long, full(long.clone()));
    assert_eq!(send(layer(), request).await, served(&long));

    let in_pieces = Pieces::of(["one", "", "two"]);
    let request = told().sign(Request::put("/"), b"onetwo", in_pieces);
    assert_eq!(send(layer(), request).await, served(b"onetwo"));
}

#[tokio::test]
async fn a_streaming_body_that_was_changed_fails_at_its_end() {
    for body in [Pieces::of(["one", "twO"]), Pieces::of(["one"]), Pieces::of(["one", "two", "3"])] {
        let request = told().sign(Request::put("/"), b"onetwo", body);
        assert_eq!(send(layer(), request).await, failed(MISMATCH));
    }
    let unknown_until_read = Pieces::of([]);
    let request = told().sign(Request::put("/"), b"onetwo", unknown_until_read);
    assert_eq!(send(layer(), request).await, failed(MISMATCH));

    // Nothing is to be read here, so nobody might: it is found out before.
    let request = told().sign(Request::put("/"), b"onetwo", full(""));
    assert_eq!(refused(send(layer(), request).await), 400);
}

#[tokio::test]
async fn the_last_piece_of_a_changed_body_is_never_seen() {
    let service = service_fn(async |request: Request<VerifiedBody<Full<Bytes>>>| {
        let mut body = request.into_body();
        assert!(!body.is_end_stream());
        let first = body.frame().await.unwrap();
        assert_eq!(crate::world::told(&first.unwrap_err()), MISMATCH);
        assert!(body.frame().await.is_none());
        Ok::<_, Infallible>(Response::new(String::new()))
    });
    let request = told().sign(Request::put("/"), b"signed", full("changed"));
    assert_eq!(layer().layer(service).oneshot(request).await.unwrap().status(), 200);
}

#[tokio::test]
async fn trailers_arrive_behind_a_body_that_is_right() {
    let trailers = HeaderMap::from_iter([(ETAG, HeaderValue::from_static("e"))]);
    let service = service_fn(async |request: Request<VerifiedBody<Pieces>>| {
        let mut response = Response::new(String::new());
        let told = match request.into_body().collect().await {
            Ok(body) => body.trailers().cloned().ok_or("none".to_owned()),
            Err(error) => Err(crate::world::told(&error)),
        };
        response.extensions_mut().insert(told);
        Ok::<_, Infallible>(response)
    });
    let mismatch = Err(MISMATCH.to_owned());
    let right = Ok(trailers.clone());
    for (signing, sent, expected) in [
        (Signing::default(), "body", &right),
        (told(), "body", &right),
        (told(), "bodY", &mismatch),
    ] {
        let body = Pieces::of([sent]).and(Ok(Frame::trailers(trailers.clone())));
        let request = signing.sign(Request::put("/"), b"body", body);
        let response = layer().layer(service).oneshot(request).await.unwrap();
        let found = response.extensions().get::<Result<HeaderMap, String>>();
        assert_eq!(found, Some(expected), "{sent}");
    }
}

#[tokio::test]
async fn a_body_whose_hash_is_not_told_is_held_up_to_the_limit() {
    let sign = |signed: &'static str, sent| {
        Signing::default().sign(Request::put("/"), signed.as_bytes(), sent)
    };
    let request = sign("onetwo", Pieces::of(["one", "two"]));
    assert_eq!(send(layer(), request).await, served(b"onetwo"));
    let request = sign("onetwo", Pieces::of(["one", "twO"]));
    assert_eq!(refused(send(layer(), request).await), 403);

    let just = "x".repeat(LIMIT).leak();
    assert_eq!(send(layer(), sign(just, Pieces::of([just]))).await, served(just.as_bytes()));
    let request = sign(just, Pieces::of([just, "y"]));
    assert_eq!(refused(send(layer(), request).await), 413);
}

#[tokio::test]
async fn a_body_that_breaks_off() {
    let broken = || Pieces::of(["one"]).and(Err(io::Error::other("reset by peer")));
    let request = Signing::default().sign(Request::put("/"), b"onetwo", broken());
    assert_eq!(refused(send(layer(), request).await), 400);
    let request = told().sign(Request::put("/"), b"onetwo", broken());
    assert_eq!(send(layer(), request).await, failed("reset by peer"));
}

#[tokio::test]
async fn the_hash_that_is_told_is_the_one_that_is_signed() {
    let body = "body";
    let changed = |values: &[&str]| {
        let mut request = told().sign(Request::put("/"), body.as_bytes(), full(body));
        request.headers_mut().remove("x-amz-content-sha256");
        for value in values {
            request.headers_mut().append("x-amz-content-sha256", value.parse().unwrap());
        }
        request
    };
    let right = "230d8358dc8e8890b4c58deeb62912ee2f20357ae92a5cc861b98e68fe31acb5";
    assert_eq!(send(layer(), changed(&[right])).await, served(body.as_bytes()));
    let other = "fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9";
    for (values, status) in [
        (&[][..], 403),
        (&[other], 403),
        (&[&right.to_uppercase()], 403),
        (&[right, right], 400),
        (&["UNSIGNED-PAYLOAD"], 501),
    ] {
        assert_eq!(refused(send(layer(), changed(values)).await), status, "{values:?}");
    }
    // Where the header is one like any other, it may say anything, if it is not signed.
    let query = layer().profile(Profile::QUERY);
    let mut request = Signing::default().sign(Request::put("/"), body.as_bytes(), full(body));
    request.headers_mut().append("x-amz-content-sha256", other.parse().unwrap());
    assert_eq!(send(query, request).await, served(body.as_bytes()));
}

#[tokio::test]
async fn an_unsigned_payload_only_where_it_is_taken() {
    let signing = Signing { payload: Some("UNSIGNED-PAYLOAD"), ..told() };
    let request = || signing.sign(Request::put("/"), b"", full("whatever"));
    assert_eq!(send(layer().profile(Profile::S3), request()).await, served(b"whatever"));
    assert_eq!(refused(send(layer(), request()).await), 501);
}

#[tokio::test]
async fn a_chunked_body_arrives_decoded_and_verified() {
    let signing = Signing { payload: Some("STREAMING-AWS4-HMAC-SHA256-PAYLOAD"), ..told() };
    let head = || Request::put("/").header("x-amz-decoded-content-length", "7");
    let seed = signing.sign(head(), b"", full("")).headers()["authorization"].clone();
    let (_, seed) = seed.to_str().unwrap().rsplit_once("Signature=").unwrap();
    let first = chunk_signature(seed, b"chunked");
    let last = chunk_signature(&first, b"");

    let send = async |body: String| {
        let (start, end) = body.split_at(40);
        let pieces = [start, end].map(|piece| &*piece.to_owned().leak());
        let request = signing.sign(head(), b"", Pieces::of(pieces));
        send(layer().profile(Profile::S3), request).await
    };
    let good = format!("7;chunk-signature={first}\r\nchunked\r\n0;chunk-signature={last}\r\n\r\n");
    assert_eq!(send(good.clone()).await, served(b"chunked"));
    assert_eq!(send(good.replace("chunked\r", "chunkeD\r")).await, failed("SignatureDoesNotMatch"));
    assert_eq!(send(good.replace(&last, &first)).await, failed("SignatureDoesNotMatch"));
    let (cut, _) = good.split_once("0;").unwrap();
    assert_eq!(send(cut.to_owned()).await, failed("IncompleteBody"));
}

/// The signature of a chunk after another, by the S3 API reference, "Transferring payload in multiple chunks".
fn chunk_signature(previous: &str, data: &[u8]) -> String {
    let day = "20231114";
    let hmac = |key: &[u8], text: &str| {
        let mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
        mac.chain_update(text).finalize().into_bytes().to_vec()
    };
    let root = b"AWS4alices-secret".to_vec();
    let scope = [day, "eu-central-1", "vault", "aws4_request"];
    let key = scope.iter().fold(root, |key, part| hmac(&key, part));
    let text = format!(
        "AWS4-HMAC-SHA256-PAYLOAD\n{day}T221320Z\n{}\n{previous}\n{}\n{}",
        scope.join("/"),
        hex::encode(Sha256::digest(b"")),
        hex::encode(Sha256::digest(data))
    );
    hex::encode(hmac(&key, &text))
}

const MISMATCH: &str = "XAmzContentSHA256Mismatch";
