//! HTTP/1.1 as simple as a client can have it: bytes out, a status and a body of known length in.

use std::net::Ipv4Addr;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// A connection that is kept.
#[derive(Debug)]
pub(crate) struct Exchange {
    stream: TcpStream,
    /// The answer being read. It is kept to be filled again.
    answer: Vec<u8>,
}

impl Exchange {
    /// Connects to a host and port.
    pub(crate) async fn connect(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address)
            .await
            .with_context(|| format!("connecting to {address}"))?;
        Self::over(stream)
    }

    /// The same, from an address of this machine.
    pub(crate) async fn connect_from(source: Ipv4Addr, address: &str) -> Result<Self> {
        let stream = connect_from(source, address).await;
        Self::over(stream.with_context(|| format!("connecting to {address}"))?)
    }

    fn over(stream: TcpStream) -> Result<Self> {
        stream.set_nodelay(true)?;
        Ok(Self { stream, answer: Vec::with_capacity(8192) })
    }

    /// Sends a whole request and reads the body of its answer.
    ///
    /// # Errors
    ///
    /// The connection breaks, or the answer is anything but a 200 with a `Content-Length`.
    pub(crate) async fn send(&mut self, request: &[u8]) -> Result<&[u8]> {
        self.stream.write_all(request).await?;
        self.answer.clear();
        let head = loop {
            self.read_more().await?;
            if let Some(head) = Head::parse(&self.answer) {
                break head;
            }
        };
        while self.answer.len() < head.length + head.body_length {
            self.read_more().await?;
        }
        let body = self.answer.get(head.length..).unwrap_or_default();
        if !head.is_ok {
            bail!("the server refused: {}", String::from_utf8_lossy(body));
        }
        Ok(body)
    }

    async fn read_more(&mut self) -> Result<()> {
        match self.stream.read_buf(&mut self.answer).await? {
            0 => bail!("the server hung up"),
            _ => Ok(()),
        }
    }
}

/// Connects to a host and port from an address of this machine.
pub(crate) async fn connect_from(source: Ipv4Addr, address: &str) -> Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((source, 0).into())?;
    Ok(socket.connect(address.parse()?).await?)
}

/// What must be known of a head.
#[derive(Debug, PartialEq, Eq)]
struct Head {
    is_ok: bool,
    length: usize,
    body_length: usize,
}

impl Head {
    /// Reads the head, once it is complete.
    fn parse(answer: &[u8]) -> Option<Self> {
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n")?;
        let mut lines = answer.get(..end)?.split(|byte| *byte == b'\n');
        let is_ok = lines.next()?.starts_with(b"HTTP/1.1 200");
        let body_length = lines.find_map(content_length).unwrap_or_default();
        Some(Self { is_ok, length: end + 4, body_length })
    }
}

fn content_length(line: &[u8]) -> Option<usize> {
    let (name, value) = line.split_at_checked(CONTENT_LENGTH.len())?;
    if !name.eq_ignore_ascii_case(CONTENT_LENGTH) {
        return None;
    }
    std::str::from_utf8(value).ok()?.trim().parse().ok()
}

const CONTENT_LENGTH: &[u8] = b"content-length:";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_heads() {
        let answer = b"HTTP/1.1 200 OK\r\ndate: x\r\nContent-Length: 12\r\n\r\nbody";
        assert_eq!(Head::parse(answer), Some(Head { is_ok: true, length: 48, body_length: 12 }));
        let refused = b"HTTP/1.1 403 Forbidden\r\n\r\n";
        assert_eq!(Head::parse(refused), Some(Head { is_ok: false, length: 26, body_length: 0 }));
        assert_eq!(Head::parse(b"HTTP/1.1 200 OK\r\ncontent-length: 12\r\n"), None);
    }
}
