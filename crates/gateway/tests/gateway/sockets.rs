//! What only a socket shows.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use daypass_gateway::Limits;
use http_body_util::{BodyExt, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};

use crate::support::*;

#[tokio::test]
async fn a_connection_carries_many_requests() {
    let server = Server::start(Limits::default()).await;
    let mut client = server.connect().await;
    for _ in 0..3 {
        client.send(&ask(WHO).signed()).await;
        let answer = client.answer().await;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert!(answer.contains("\r\ndate: "), "{answer}");
        assert!(answer.contains("<Arn>arn:aws:iam::000000000000:root</Arn>"), "{answer}");
    }
    // And two at once, answered in order.
    let bob = ask(WHO).by_bob().signed();
    let both = [written(&ask(WHO).signed()), written(&bob)].concat();
    client.stream.write_all(&both).await.unwrap();
    assert!(client.answer().await.contains(":root</Arn>"));
    assert!(client.answer().await.contains("user/a/bob</Arn>"));
}

#[tokio::test]
async fn http_2_with_prior_knowledge() {
    let server = Server::start(Limits::default()).await;
    let stream = TcpStream::connect(server.address).await.unwrap();
    let (mut client, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
            .await
            .unwrap();
    tokio::spawn(connection);
    let request = || {
        let (mut head, body) = ask(WHO).signed().into_parts();
        // HTTP/2 has the host in the target.
        head.headers.remove("host");
        head.uri = "http://localhost:4566/".parse().unwrap();
        http::Request::from_parts(head, Full::new(body))
    };
    let answers = [client.send_request(request()), client.send_request(request())];
    for answer in answers {
        let answer = answer.await.unwrap();
        assert_eq!((answer.version(), answer.status().as_u16()), (http::Version::HTTP_2, 200));
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        assert!(String::from_utf8_lossy(&body).contains(":root</Arn>"));
    }
}

/// What decides service and region is what has been signed.
#[tokio::test]
async fn a_request_names_one_host() {
    let server = Server::start(Limits::default()).await;
    let (sts, iam) = ("sts.eu-west-1.amazonaws.com", "iam.amazonaws.com");
    let request = |host| Ask { host, region: "eu-west-1", ..ask(WHO) }.signed();
    let text = |host| String::from_utf8(written(&request(host))).unwrap();
    let absolute = |target: &str| text(sts).replacen("POST / ", &format!("POST {target} "), 1);
    let line = format!("host: {sts}\r\n");
    for (request, status) in [
        (text(sts), 200),
        (text("sts.eu-west-1.amazonaws.com."), 200),
        (text("STS.eu-west-1.amazonaws.com:443"), 200),
        // The endpoint has another region, whatever dot or case its name is written with.
        (text("sts.eu-west-2.amazonaws.com."), 403),
        (text("STS.EU-WEST-2.amazonaws.com"), 403),
        (absolute("http://sts.eu-west-1.amazonaws.com/"), 200),
        (absolute("http://iam.amazonaws.com/"), 400),
        (absolute("http://user@sts.eu-west-1.amazonaws.com/"), 400),
        // The authority of the target stands for a header that is not there.
        (absolute("http://sts.eu-west-1.amazonaws.com/").replacen(&line, "", 1), 200),
        (absolute("http://sts.eu-west-2.amazonaws.com/").replacen(&line, "", 1), 403),
        (text(sts).replacen(&line, &line.repeat(2), 1), 400),
        (text(sts).replacen(&line, &format!("{line}host: {iam}\r\n"), 1), 400),
        (text(sts).replacen(&line, &format!("host: {sts},{iam}\r\n"), 1), 400),
        (text(sts).replacen(&line, &format!("host: user@{sts}\r\n"), 1), 400),
        (text(sts).replacen(&line, &format!("host: {sts}:port\r\n"), 1), 400),
    ] {
        let mut client = server.connect().await;
        client.stream.write_all(request.as_bytes()).await.unwrap();
        let answer = client.answer().await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{request}\n{answer}");
    }

    let stream = TcpStream::connect(server.address).await.unwrap();
    let (mut client, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
            .await
            .unwrap();
    tokio::spawn(connection);
    // The authority, and the header beside it.
    for (authority, header, status) in [
        (sts, None, 200),
        (iam, None, 403),
        (sts, Some(sts), 200),
        (iam, Some(sts), 400),
        (sts, Some(iam), 400),
    ] {
        let (mut head, body) = request(sts).into_parts();
        head.headers.remove("host");
        if let Some(header) = header {
            head.headers.insert("host", header.parse().unwrap());
        }
        head.uri = format!("http://{authority}/").parse().unwrap();
        let sent = client.send_request(http::Request::from_parts(head, Full::new(body)));
        assert_eq!(sent.await.unwrap().status(), status, "{authority} {header:?}");
    }
}

#[tokio::test]
async fn a_request_in_flight_is_finished() {
    let mut server = Server::start(Limits::default()).await;
    let mut idle = server.connect().await;
    idle.send(&ask(WHO).signed()).await;
    idle.answer().await;
    let mut client = server.connect().await;
    let request = written(&ask(WHO).signed());
    let (begin, rest) = request.split_at(request.len() - 5);
    client.stream.write_all(begin).await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    server.stop();
    // The idle connection ends at once, and nobody is let in.
    assert_eq!(idle.rest().await, "");
    assert!(TcpStream::connect(server.address).await.is_err());
    client.stream.write_all(rest).await.unwrap();
    let answer = client.rest().await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("connection: close\r\n"), "{answer}");
    server.ended().await;
}

#[tokio::test]
async fn a_shutdown_does_not_wait_for_ever() {
    let limits = Limits { drain: Duration::from_millis(50), ..Limits::default() };
    let mut server = Server::start(limits).await;
    let mut client = server.connect().await;
    let request = written(&ask(WHO).signed());
    client.stream.write_all(&request[..request.len() - 5]).await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    server.stop();
    server.ended().await;
    assert_eq!(client.rest().await, "");
}

#[tokio::test]
async fn what_is_too_large() {
    let server = Server::start(Limits::default()).await;
    let cases = [
        (format!("POST / HTTP/1.1\r\ncontent-length: {}\r\n\r\n", 10_000_001), "HTTP/1.1 413 "),
        (format!("GET /?{} HTTP/1.1\r\n\r\n", "a".repeat(17_000)), "HTTP/1.1 400 "),
        (format!("GET / HTTP/1.1\r\nx: {}\r\n\r\n", "a".repeat(17_000)), "HTTP/1.1 400 "),
        (format!("GET / HTTP/1.1\r\nx: {}\r\n\r\n", "a".repeat(100_000)), "HTTP/1.1 431 "),
        (format!("GET / HTTP/1.1\r\nx: {}\r\n\r\n", "a".repeat(16_000)), "HTTP/1.1 200 "),
    ];
    for (request, status) in cases {
        let mut client = server.connect().await;
        // The server may hang up before it has been told everything.
        let _ = client.stream.write_all(request.as_bytes()).await;
        let answer = client.answer().await;
        assert!(answer.starts_with(status), "{answer}");
        if !status.contains("200") {
            assert!(answer.ends_with("\r\n\r\n") && !answer.contains("x-amz"), "{answer}");
        }
    }
}

#[tokio::test]
async fn who_says_nothing_is_hung_up_on() {
    let limits = Limits { idle: Duration::from_millis(200), ..Limits::default() };
    let server = Server::start(limits).await;
    for beginning in ["", "GET / HT", "GET / HTTP/1.1\r\nhost: x\r\n", "PRI * HTTP/2.0"] {
        let mut client = server.connect().await;
        client.stream.write_all(beginning.as_bytes()).await.unwrap();
        assert_eq!(client.rest().await, "", "{beginning:?}");
    }
    // A connection that is used now and then stays.
    let mut client = server.connect().await;
    let began = Instant::now();
    while began.elapsed() < Duration::from_millis(600) {
        client.send(&ask(WHO).signed()).await;
        client.answer().await;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(client.rest().await, "");
}

#[tokio::test]
async fn a_body_that_does_not_come() {
    let limits = Limits { body: Duration::from_millis(50), ..Limits::default() };
    let server = Server::start(limits).await;
    let mut client = server.connect().await;
    let request = written(&ask(WHO).signed());
    client.stream.write_all(&request[..request.len() - 5]).await.unwrap();
    let answer = client.answer().await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
}

#[tokio::test]
async fn one_connection_more_waits_while_all_are_busy() {
    let server = Server::start(Limits { connections: 1, ..Limits::default() }).await;
    let mut first = server.connect().await;
    let rest = first.begin(&ask(WHO).signed()).await;
    let mut second = server.connect().await;
    second.send(&ask(WHO).signed()).await;
    assert!(timeout(Duration::from_millis(200), second.answer()).await.is_err());
    first.stream.write_all(&rest).await.unwrap();
    assert!(first.answer().await.starts_with("HTTP/1.1 200 "));
    assert!(second.answer().await.starts_with("HTTP/1.1 200 "));
}

#[tokio::test]
async fn silent_connections_make_room_those_that_never_asked_first() {
    let limits = Limits { connections: 3, ..Limits::default() };
    let server = Server::start(limits).await;
    let mut used = server.connect().await;
    used.send(&ask(WHO).signed()).await;
    used.answer().await;
    let mut busy = server.connect().await;
    let rest = busy.begin(&ask(WHO).signed()).await;
    let mut mute = server.connect().await;
    mute.stream.write_all(b"GET / HT").await.unwrap();
    let began = Instant::now();
    for silent in [&mut mute, &mut used] {
        let mut one_more = server.connect().await;
        one_more.send(&ask(WHO).signed()).await;
        assert!(one_more.answer().await.starts_with("HTTP/1.1 200 "));
        assert_eq!(silent.rest().await, "");
        // It stays in use, so that the next one is another's turn.
        std::mem::forget(one_more);
    }
    assert!(began.elapsed() < limits.idle);
    busy.stream.write_all(&rest).await.unwrap();
    assert!(busy.answer().await.starts_with("HTTP/1.1 200 "));
}

#[tokio::test]
async fn an_address_has_its_share_of_connections() {
    let limits = Limits { connections: 4, connections_of_peer: 2, ..Limits::default() };
    let server = Server::start(limits).await;
    let (mut first, mut second) = (server.connect().await, server.connect().await);
    let rests = [first.begin(&ask(WHO).signed()).await, second.begin(&ask(WHO).signed()).await];
    // All of its connections are busy.
    assert_eq!(server.connect().await.rest().await, "");
    let mut elsewhere = server.connect_from("127.0.0.2").await;
    elsewhere.send(&ask(WHO).signed()).await;
    assert!(elsewhere.answer().await.starts_with("HTTP/1.1 200 "));
    for (client, rest) in [&mut first, &mut second].into_iter().zip(rests) {
        client.stream.write_all(&rest).await.unwrap();
        assert!(client.answer().await.starts_with("HTTP/1.1 200 "));
    }
    // Now both are silent.
    let mut third = server.connect().await;
    third.send(&ask(WHO).signed()).await;
    assert!(third.answer().await.starts_with("HTTP/1.1 200 "));
    assert_eq!(first.rest().await, "");
}

#[tokio::test]
async fn bodies_have_a_budget_of_bytes() {
    const KIB: usize = 1 << 10;
    let server = Server::start(Limits { body_memory: 1024 * KIB, ..Limits::default() }).await;
    // An eighth of it is one address's, for what shows no signature.
    let mut unsigned = Vec::new();
    for _ in 0..2 {
        unsigned.push(server.connect_from("127.0.0.2").await.hold(false, 60 * KIB).await);
    }
    let refused = server.connect_from("127.0.0.2").await.hold_answered(false, 60 * KIB).await;
    assert!(refused.starts_with("HTTP/1.1 503 "), "{refused}");
    assert!(refused.contains("\r\nretry-after: 1\r\n"), "{refused}");
    assert!(refused.contains("<Code>ServiceUnavailable</Code>"), "{refused}");
    // What shows a signature has room of its own, and so has every other address.
    let _signed = server.connect_from("127.0.0.2").await.hold(true, 300 * KIB).await;
    let refused = server.connect_from("127.0.0.2").await.hold_answered(true, 200 * KIB).await;
    assert!(refused.starts_with("HTTP/1.1 503 "), "{refused}");
    let mut client = server.connect().await;
    client.send(&ask(WHO).signed()).await;
    assert!(client.answer().await.starts_with("HTTP/1.1 200 "));
    // What is over gives its bytes back.
    drop(unsigned);
    let _again = server.connect_from("127.0.0.2").await.hold(false, 60 * KIB).await;
}

#[tokio::test]
async fn without_a_signature_only_a_proof_may_be_long() {
    let server = Server::start(Limits::default()).await;
    let post = |form: &str, length: usize| {
        let form = format!("{form}{}", "a".repeat(length - form.len()));
        let head = "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-www-form-urlencoded\r\n";
        format!("{head}content-length: {length}\r\n\r\n{form}")
    };
    let saml = "Action=AssumeRoleWithSAML&Version=2011-06-15&SAMLAssertion=";
    let user = "Action=CreateUser&Version=2010-05-08&UserName=";
    for (request, status) in [
        (post(user, 65_536), "HTTP/1.1 403 "),
        (post(user, 65_537), "HTTP/1.1 413 "),
        (post(saml, 200_000), "HTTP/1.1 400 "),
        (post(saml, 1_048_577), "HTTP/1.1 413 "),
    ] {
        let mut client = server.connect().await;
        // The server may hang up before it has been told everything.
        let _ = client.stream.write_all(request.as_bytes()).await;
        let answer = client.answer().await;
        assert!(answer.starts_with(status), "{status} {answer}");
    }
}

#[tokio::test]
async fn a_head_request_has_a_length_and_no_body() {
    let server = Server::start(Limits::default()).await;
    let mut client = server.connect().await;
    client.send(&Ask { method: "HEAD", ..get("/nowhere") }.unsigned()).await;
    // What follows at once is the next answer.
    client.send(&get("/health").unsigned()).await;
    let mut text = client.until("\"version\"").await;
    let head = text.drain(..text.find("\r\n\r\n").unwrap() + 4).collect::<String>();
    assert!(head.starts_with("HTTP/1.1 404 ") && head.contains("content-length: 29\r\n"), "{head}");
    assert!(text.starts_with("HTTP/1.1 200 "), "{text}");
}

/// A gateway that listens on a free port.
struct Server {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Server {
    async fn start(limits: Limits) -> Self {
        let app = App::with(Options { limits, ..Options::default() }).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(async move {
            let stopped = async { drop(stopped.await) };
            app.gateway.serve(listener, stopped).await;
        });
        Self { address, stop: Some(stop), task }
    }

    async fn connect(&self) -> Client {
        Client { stream: TcpStream::connect(self.address).await.unwrap(), read: Vec::new() }
    }

    /// A client with another address of loopback.
    async fn connect_from(&self, address: &str) -> Client {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::new(address.parse().unwrap(), 0)).unwrap();
        Client { stream: socket.connect(self.address).await.unwrap(), read: Vec::new() }
    }

    fn stop(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }

    async fn ended(self) {
        timeout(PATIENCE, self.task).await.unwrap().unwrap();
    }
}

/// An HTTP/1.1 client that hides nothing.
struct Client {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Client {
    async fn send(&mut self, request: &http::Request<Bytes>) {
        self.stream.write_all(&written(request)).await.unwrap();
    }

    /// Sends all but the end of a request, and answers with that end.
    async fn begin(&mut self, request: &http::Request<Bytes>) -> Vec<u8> {
        let mut request = written(request);
        let rest = request.split_off(request.len() - 5);
        self.stream.write_all(&request).await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
        rest
    }

    /// Sends so many bytes of a body that is longer, and leaves the request in flight.
    async fn hold(mut self, shows_a_signature: bool, bytes: usize) -> Self {
        self.begin_body(shows_a_signature, bytes).await;
        let answer = timeout(Duration::from_millis(200), self.read_more()).await;
        assert!(answer.is_err(), "{}", String::from_utf8_lossy(&self.read));
        self
    }

    /// The same for a request that is answered at once.
    async fn hold_answered(mut self, shows_a_signature: bool, bytes: usize) -> String {
        self.begin_body(shows_a_signature, bytes).await;
        self.answer().await
    }

    async fn begin_body(&mut self, shows_a_signature: bool, bytes: usize) {
        let authorization =
            if shows_a_signature { "authorization: AWS4-HMAC-SHA256 x\r\n" } else { "" };
        let head = format!(
            "POST / HTTP/1.1\r\nhost: localhost\r\n{authorization}content-length: {}\r\n\r\n",
            bytes + 1
        );
        self.stream.write_all(head.as_bytes()).await.unwrap();
        let _ = self.stream.write_all(&vec![b'a'; bytes]).await;
    }

    /// One whole answer.
    async fn answer(&mut self) -> String {
        let head = self.until("\r\n\r\n").await;
        let (head, _) = head.split_once("\r\n\r\n").unwrap();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let end = head.len() + 4 + length.map_or(0, |length| length.parse().unwrap());
        while self.read.len() < end {
            assert!(self.read_more().await > 0, "hung up in the middle");
        }
        String::from_utf8(self.read.drain(..end).collect()).unwrap()
    }

    /// What has come once `text` is there.
    async fn until(&mut self, text: &str) -> String {
        loop {
            let so_far = String::from_utf8(self.read.clone()).unwrap();
            if so_far.contains(text) {
                return so_far;
            }
            assert!(self.read_more().await > 0, "hung up after {so_far:?}");
        }
    }

    /// All that comes until the server hangs up.
    async fn rest(&mut self) -> String {
        while self.read_more().await > 0 {}
        String::from_utf8(std::mem::take(&mut self.read)).unwrap()
    }

    /// Reads some bytes; a reset counts as an end.
    async fn read_more(&mut self) -> usize {
        let more = timeout(PATIENCE, self.stream.read_buf(&mut self.read)).await.unwrap();
        more.unwrap_or(0)
    }
}

fn written(request: &http::Request<Bytes>) -> Vec<u8> {
    let mut text = format!("{} {} HTTP/1.1\r\n", request.method(), request.uri());
    for (name, value) in request.headers() {
        text += &format!("{name}: {}\r\n", value.to_str().unwrap());
    }
    let body = request.body();
    if !body.is_empty() {
        text += &format!("content-length: {}\r\n", body.len());
    }
    [format!("{text}\r\n").as_bytes(), body].concat()
}

/// Longer than anything here should take.
const PATIENCE: Duration = Duration::from_secs(20);
