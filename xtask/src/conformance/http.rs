//! Requests that no client of AWS's makes.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

impl Answer {
    /// Reads a whole one.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (head, body) = text.split_once("\r\n\r\n")?;
        let status = head.strip_prefix("HTTP/1.1 ")?.split(' ').next()?.parse().ok()?;
        Some(Self { status, head: head.to_owned(), body: body.to_owned() })
    }

    /// That of a server that closed the connection: status 0.
    pub(crate) fn none() -> Self {
        Self { status: 0, head: String::new(), body: String::new() }
    }

    /// The names of the headers, sorted, in lower case.
    pub(crate) fn header_names(&self) -> Vec<String> {
        let fields = self.head.lines().filter_map(|line| line.split_once(": "));
        let mut names: Vec<_> = fields.map(|(name, _)| name.to_ascii_lowercase()).collect();
        names.sort_unstable();
        names
    }

    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut fields = self.head.lines().filter_map(|line| line.split_once(": "));
        fields.find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The body, if the status is 200.
    pub(crate) fn accepted(self) -> Result<String> {
        ensure!(self.status == 200, "refused: {} {}", self.status, self.body);
        Ok(self.body)
    }
}

/// Sends a request to a host and port, over a connection of its own.
pub(crate) fn send(
    address: &str,
    method: &str,
    target: &str,
    headers: &[(impl AsRef<str>, impl AsRef<str>)],
    body: &str,
) -> Result<Answer> {
    let mut request = format!("{method} {target} HTTP/1.1\r\nConnection: close\r\n");
    for (name, value) in headers {
        request += &format!("{}: {}\r\n", name.as_ref(), value.as_ref());
    }
    request += &format!("Content-Length: {}\r\n\r\n{body}", body.len());
    exchange(address, request.as_bytes())
}

/// Sends these bytes, which ask for the connection to be closed, over a connection of their own.
pub(crate) fn exchange(address: &str, request: &[u8]) -> Result<Answer> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(request)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).context("no whole answer")?;
    Answer::parse(&answer).with_context(|| format!("this is no answer: {answer:?}"))
}

/// Sends a form as a browser would.
pub(crate) fn post_form(address: &str, target: &str, form: &str) -> Result<Answer> {
    let content_type = ("Content-Type", "application/x-www-form-urlencoded");
    send(address, "POST", target, &[("Host", address), content_type], form)
}

/// Reads a page.
pub(crate) fn get(address: &str, target: &str) -> Result<Answer> {
    send(address, "GET", target, &[("Host", address)], "")
}

const PATIENCE: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_answers() {
        let answer = Answer::parse("HTTP/1.1 403 Forbidden\r\nX-Why: because\r\n\r\nno\r\n\r\n");
        let answer = answer.unwrap();
        assert_eq!((answer.status, &*answer.body), (403, "no\r\n\r\n"));
        assert_eq!((answer.header("x-why"), answer.header("because")), (Some("because"), None));
        assert!(answer.accepted().is_err());
        assert!(Answer::parse("HTTP/1.1 200 OK").is_none());
    }
}
