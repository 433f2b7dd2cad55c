//! One request by HTTP/1.0 (RFC 1945), whose answer ends with the connection: all that is needed to
//! ask a server on this machine.

mod endpoint;
mod signer;

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use anyhow::Context;

pub(crate) use endpoint::Endpoint;
pub(crate) use signer::Signer;

/// What a server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    content_type: String,
    pub(crate) body: String,
}

impl Answer {
    /// Whether AWS answers like this, and not daypass for itself.
    pub(crate) fn is_aws(&self) -> bool {
        !["text/plain", "application/json"].iter().any(|own| self.content_type.starts_with(own))
    }

    fn read(answer: &str) -> Option<Self> {
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let mut lines = head.split("\r\n");
        let status = lines.next()?.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.parse().ok()?;
        let headers = lines.filter_map(|line| line.split_once(':'));
        let content_type =
            headers.filter(|(name, _)| name.eq_ignore_ascii_case("content-type")).last();
        let content_type = content_type.map_or("", |(_, value)| value.trim());
        Some(Self { status, content_type: content_type.to_owned(), body: body.to_owned() })
    }
}

/// Asks for a path.
///
/// # Errors
/// When nobody answers, or not in HTTP.
pub(crate) fn get(endpoint: &Endpoint, path: &str, accept: &str) -> anyhow::Result<Answer> {
    exchange(endpoint, &format!("GET {path} HTTP/1.0\r\nAccept: {accept}\r\n"), "", PATIENCE)
}

/// Asks for JSON, signed, and waits as long as it takes to read whole accounts.
///
/// # Errors
/// As [`get`].
pub(crate) fn get_signed(
    endpoint: &Endpoint,
    path: &str,
    signer: &Signer,
) -> anyhow::Result<Answer> {
    let signature = signer.headers("GET", &endpoint.authority, path, b"")?;
    let head = format!("GET {path} HTTP/1.0\r\nAccept: application/json\r\n{signature}");
    exchange(endpoint, &head, "", LONG_PATIENCE)
}

/// Sends JSON, signed, and waits as long as it takes to make whole accounts.
///
/// # Errors
/// As [`post`].
pub(crate) fn post_signed(
    endpoint: &Endpoint,
    path: &str,
    json: &str,
    signer: &Signer,
) -> anyhow::Result<Answer> {
    let length = json.len();
    let signature = signer.headers("POST", &endpoint.authority, path, json.as_bytes())?;
    let head = format!(
        "POST {path} HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{signature}"
    );
    exchange(endpoint, &head, json, LONG_PATIENCE)
}

/// Sends JSON to a path.
///
/// # Errors
/// When nobody answers, or not in HTTP.
pub(crate) fn post(endpoint: &Endpoint, path: &str, json: &str) -> anyhow::Result<Answer> {
    let length = json.len();
    let head = format!(
        "POST {path} HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n"
    );
    exchange(endpoint, &head, json, PATIENCE)
}

/// Whether a daypass listens there.
pub(crate) fn is_daypass(endpoint: &Endpoint) -> bool {
    get(endpoint, "/_daypass/health", "application/json")
        .is_ok_and(|answer| answer.status == 200 && answer.body.contains("\"services\""))
}

/// `head` has its line ends, and no `Host` yet.
fn exchange(
    endpoint: &Endpoint,
    head: &str,
    body: &str,
    patience: Duration,
) -> anyhow::Result<Answer> {
    let advice = || {
        format!(
            "no server answers at {endpoint}: start one with `daypass`, or give the right one with \
             --endpoint URL"
        )
    };
    let mut stream = connect(endpoint).with_context(advice)?;
    stream.set_read_timeout(Some(patience)).with_context(advice)?;
    stream.set_write_timeout(Some(PATIENCE)).with_context(advice)?;
    let authority = &endpoint.authority;
    let request = format!("{head}Host: {authority}\r\n\r\n{body}");
    stream.write_all(request.as_bytes()).with_context(advice)?;
    let mut answer = Vec::new();
    stream.take(MAX_ANSWER).read_to_end(&mut answer).with_context(advice)?;
    Answer::read(&String::from_utf8_lossy(&answer))
        .with_context(|| format!("what listens at {endpoint} does not speak HTTP"))
}

/// Connects to the first of the host's addresses that answers.
fn connect(endpoint: &Endpoint) -> io::Result<TcpStream> {
    let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for address in endpoint.socket().to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, PATIENCE) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

const PATIENCE: Duration = Duration::from_secs(10);
const LONG_PATIENCE: Duration = Duration::from_secs(600);

/// No answer is nearly as long.
const MAX_ANSWER: u64 = 64 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read() {
        let answer =
            "HTTP/1.1 404 Not Found\r\nDate: x\r\nContent-Type: text/xml\r\n\r\na\r\n\r\nb";
        let answer = Answer::read(answer).unwrap();
        assert_eq!((answer.status, &*answer.body, answer.is_aws()), (404, "a\r\n\r\nb", true));
        let answer = Answer::read("HTTP/1.0 200\r\ncontent-type: text/plain; x\r\n\r\n").unwrap();
        assert_eq!((answer.status, &*answer.body, answer.is_aws()), (200, "", false));
    }

    #[test]
    fn what_is_not_http() {
        for text in
            ["", "\r\n\r\n", "SSH-2.0-x\r\n\r\n", "HTTP/1.1\r\n\r\n", "HTTP/1.1 x y\r\n\r\n"]
        {
            assert!(Answer::read(text).is_none(), "{text:?}");
        }
    }
}
