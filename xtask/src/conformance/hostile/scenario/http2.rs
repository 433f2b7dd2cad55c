//! Over HTTP/2 the host is in `:authority`, and may be in a header beside it.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::header::{HeaderName, HeaderValue};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;

use super::super::world::{Mode, World};
use super::request;
use crate::conformance::request::Request;

/// Whichever host decides must be signed.
pub(super) fn host_is_signed(binary: &Path, folder: &Path) -> Result<()> {
    let world = World::start(binary, folder, Mode::OwnKeys)?;
    let identity =
        Request { by: Some("mallory".to_owned()), ..request("sts", "GetCallerIdentity", &[]) };
    let authority = world.address();
    let (status, body) = send(&world, &identity, authority, false)?;
    ensure!(status == 200, "the control fails: {status} {body}");
    let attack = Request {
        unsigned_host: true,
        host: Some("iam.amazonaws.com".to_owned()),
        signed_headers: vec![(":authority".to_owned(), authority.to_owned())],
        ..identity.clone()
    };
    let (status, body) = send(&world, &attack, authority, true)?;
    ensure!(status >= 400, "`:authority` signed beside a host: {status} {body}");
    let attack = Request { unsigned_host: true, ..identity };
    let (status, body) = send(&world, &attack, authority, false)?;
    ensure!(status >= 400, "no host is signed: {status} {body}");
    Ok(())
}

/// Sends a request over HTTP/2, with its `Host` or without.
fn send(
    world: &World,
    request: &Request,
    authority: &str,
    with_host: bool,
) -> Result<(u16, String)> {
    let bytes = request.bytes(world.address(), world.keys_of(request)?)?;
    let text = String::from_utf8(bytes)?;
    let (head, body) = text.split_once("\r\n\r\n").context("a request has a head")?;
    let mut lines = head.lines();
    let target = lines.next().and_then(|line| line.split(' ').nth(1)).context("no target")?;
    let mut http2 = hyper::Request::post(format!("http://{authority}{target}"));
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        let is_host = name.eq_ignore_ascii_case("host");
        if name != "Connection" && name != "Content-Length" && (with_host || !is_host) {
            let name = HeaderName::from_bytes(name.as_bytes())?;
            http2 = http2.header(name, HeaderValue::from_str(value)?);
        }
    }
    let http2 = http2.body(Full::new(Bytes::copy_from_slice(body.as_bytes())))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let stream = TcpStream::connect(world.address()).await?;
        let connection =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream));
        let (mut client, connection) = connection.await?;
        tokio::spawn(connection);
        let answer = client.send_request(http2).await?;
        let status = answer.status().as_u16();
        let body = answer.into_body().collect().await?.to_bytes();
        Ok((status, String::from_utf8_lossy(&body).into_owned()))
    })
}
