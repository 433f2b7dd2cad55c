use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::{TcpStream, ToSocketAddrs};

use crate::{Refusal, World};

/// A request as it goes over the wire, open to every change after it was signed.
#[derive(Debug, Clone)]
pub struct Sent {
    /// The method.
    pub method: &'static str,
    /// Path and query.
    pub target: String,
    /// The headers, `host` among them.
    pub headers: HeaderMap,
    /// The body.
    pub body: String,
}

impl Sent {
    /// A form for AWS's Query protocol, unsigned.
    #[must_use]
    pub fn form(host: &str, body: &str) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, host.parse().unwrap());
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(CONTENT_TYPE, form);
        Self { method: "POST", target: "/".to_owned(), headers, body: body.to_owned() }
    }

    /// A request without a body, unsigned.
    #[must_use]
    pub fn bare(method: &'static str, host: &str, target: &str) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, host.parse().unwrap());
        Self { method, target: target.to_owned(), headers, body: String::new() }
    }

    /// The same with a header set to this value.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(HeaderName::from_static(name), value.parse().unwrap());
        self
    }

    /// The same without a header.
    #[must_use]
    pub fn without(mut self, name: &'static str) -> Self {
        assert!(self.headers.remove(name).is_some(), "{name} was not there");
        self
    }

    /// Sends it over HTTP/1.1.
    pub async fn to(self, world: &World) -> Answer {
        self.to_address(world.daypass.address()).await
    }

    /// Sends it over HTTP/1.1 to a server that is not of a world.
    pub async fn to_address(self, address: impl ToSocketAddrs) -> Answer {
        let stream = TcpStream::connect(address).await.unwrap();
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let request = self.request(|target| target.to_owned());
        Answer::read(sender.send_request(request).await.unwrap()).await
    }

    /// Sends it over HTTP/2 without TLS, as one who knows that the server speaks it.
    pub async fn over_http2(mut self, world: &World) -> Answer {
        let stream = TcpStream::connect(world.daypass.address()).await.unwrap();
        let io = TokioIo::new(stream);
        let (mut sender, connection) = http2::handshake(TokioExecutor::new(), io).await.unwrap();
        tokio::spawn(connection);
        let host = self.headers.remove(HOST).unwrap();
        let request = self.request(|target| format!("http://{}{target}", host.to_str().unwrap()));
        Answer::read(sender.send_request(request).await.unwrap()).await
    }

    fn request(self, uri: impl FnOnce(&str) -> String) -> Request<Full<Bytes>> {
        let builder = Request::builder().method(self.method).uri(uri(&self.target));
        let mut request = builder.body(Full::from(self.body)).unwrap();
        *request.headers_mut() = self.headers;
        request
    }
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: String,
}

impl Answer {
    /// What an error body in XML says.
    ///
    /// # Panics
    /// When the body is none.
    #[must_use]
    #[track_caller]
    pub fn refusal(&self) -> Refusal {
        let Some(code) = self.element("Code") else { panic!("not an error: {self:?}") };
        Refusal { status: self.status.as_u16(), code, message: self.element("Message") }
    }

    /// The text of the first element of this name in a body of XML.
    #[must_use]
    pub fn element(&self, name: &str) -> Option<String> {
        let (_, rest) = self.body.split_once(&format!("<{name}>"))?;
        let (text, _) = rest.split_once(&format!("</{name}>"))?;
        Some(quick_xml::escape::unescape(text).unwrap().into_owned())
    }

    /// A header's value.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).expect("the header is there").to_str().unwrap()
    }

    async fn read(response: Response<Incoming>) -> Self {
        let (head, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let body = String::from_utf8(body.into()).unwrap();
        Self { status: head.status, headers: head.headers, body }
    }
}
