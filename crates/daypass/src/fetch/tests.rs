use std::net::Ipv4Addr;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, GeneralSubtree, IsCa, Issuer, KeyPair,
    NameConstraints,
};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use daypass_federation::oidc::Thumbprint;

use super::*;

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nkeys";

#[tokio::test]
async fn a_document_is_the_body_of_a_200() {
    let chunked =
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nke\r\n2\r\nys\r\n0\r\n\r\n";
    let until_closed = "HTTP/1.1 200 OK\r\n\r\nkeys";
    for answer in [OK, chunked, until_closed] {
        let fetched = get(&serve(answer).await, 4).await;
        assert_eq!(fetched, Ok(Fetched { body: b"keys".to_vec(), chain: None }), "{answer}");
    }
    let moved = "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n";
    let cases = [
        (moved, FetchError::Status(302)),
        ("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n", FetchError::Status(404)),
        ("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nkeys!", FetchError::TooLong),
        ("HTTP/1.1 200 OK\r\ncontent-length: 9999999999\r\n\r\n", FetchError::TooLong),
        ("HTTP/1.1 200 OK\r\n\r\nkeys without an end", FetchError::TooLong),
        ("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nke", FetchError::Unreachable),
        ("SSH-2.0-OpenSSH_9.9\r\n", FetchError::Unreachable),
        ("", FetchError::Unreachable),
    ];
    for (answer, error) in cases {
        assert_eq!(get(&serve(answer).await, 4).await, Err(error), "{answer}");
    }
}

#[tokio::test]
async fn plain_http_is_for_this_machine_and_where_it_is_allowed() {
    let url = serve(OK).await;
    let refused = WebFetch::new(false).get(&url, 4).await;
    assert_eq!(refused, Err(FetchError::Unreachable));

    // Addresses for documentation (RFC 5737, RFC 3849): a connection would have to time out.
    for url in ["http://192.0.2.1/", "http://[2001:db8::1]/", "ftp://127.0.0.1/", "127.0.0.1", ""] {
        assert_eq!(get(url, 4).await, Err(FetchError::Unreachable), "{url}");
    }
}

#[test]
fn what_a_name_may_lead_to() {
    // Where loopback is not for providers, where it is.
    for (url, address, expected) in [
        ("https://idp.example/", "192.0.2.1", [true, true]),
        ("https://idp.example/", "10.0.0.1", [true, true]),
        ("https://idp.example/", "2001:db8::1", [true, true]),
        ("https://idp.example/", "127.0.0.1", [false, true]),
        ("https://idp.example/", "::ffff:127.0.0.1", [false, true]),
        ("https://idp.example/", "::1", [false, true]),
        ("https://localhost/", "127.0.0.1", [true, true]),
        ("https://127.0.0.1:8443/", "127.0.0.1", [true, true]),
        ("https://idp.example/", "169.254.169.254", [false, false]),
        ("https://169.254.169.254/", "169.254.169.254", [false, false]),
        ("https://idp.example/", "::ffff:169.254.169.254", [false, false]),
        ("https://idp.example/", "fe80::1", [false, false]),
        ("https://idp.example/", "0.0.0.0", [false, false]),
        ("https://idp.example/", "::", [false, false]),
        ("http://localhost:8080/", "127.0.0.1", [false, true]),
        ("http://localhost:8080/", "192.0.2.1", [false, false]),
    ] {
        let destination = Destination::of(url).unwrap();
        let address = address.parse().unwrap();
        let found = [false, true]
            .map(|loopback| WebFetch::new(loopback).may_connect(&destination, address));
        assert_eq!(found, expected, "{url} {address}");
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_long() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    assert_eq!(get(&url, 4).await, Err(FetchError::TimedOut));
}

#[tokio::test]
async fn certificates_are_verified_against_the_known_authorities() {
    let authority = Authority::new("authority");
    let cases = [
        (authority.issue("localhost"), Ok(true)),
        (authority.issue("other.example"), Err(FetchError::Untrusted)),
        (authority.issue_until("localhost", 2020), Err(FetchError::Untrusted)),
    ];
    for (server, outcome) in cases {
        let url = serve_tls(vec![server.certificate], server.key).await;
        let fetched = knowing(&[&authority]).get(&url, 4).await;
        let trusted = fetched.map(|fetched| fetched.chain.unwrap().trusted);
        assert_eq!(trusted, outcome);
    }
}

#[tokio::test]
async fn whom_nobody_known_vouches_for_shows_its_top_certificate() {
    let [known, private, stranger] = ["known", "private", "stranger"].map(Authority::new);
    let other = knowing(&[&known]);
    let none = knowing(&[]);

    let server = private.issue("localhost");
    let chain = vec![server.certificate, private.certificate.clone()];
    let top = Thumbprint::of_certificate(&private.certificate);
    let url = serve_tls(chain, server.key).await;
    for fetch in [&other, &none] {
        let fetched = fetch.get(&url, 4).await.unwrap();
        assert_eq!(fetched.chain, Some(Chain { trusted: false, top }));
        assert_eq!(fetched.body, b"keys");
    }

    // Alone, and its own issuer.
    let alone = self_signed("localhost");
    let top = Thumbprint::of_certificate(&alone.certificate);
    let url = serve_tls(vec![alone.certificate], alone.key).await;
    assert_eq!(other.get(&url, 4).await.unwrap().chain, Some(Chain { trusted: false, top }));

    // What is only sent along vouches for nobody, even if it is the provider's own.
    for forged in [stranger.issue("localhost"), self_signed("localhost")] {
        let chain = vec![forged.certificate, private.certificate.clone()];
        let url = serve_tls(chain, forged.key).await;
        assert_eq!(other.get(&url, 4).await, Err(FetchError::Untrusted));
    }

    // Everything else must hold as usual.
    for wrong in [private.issue("other.example"), private.issue_until("localhost", 2020)] {
        let url = serve_tls(vec![wrong.certificate, private.certificate.clone()], wrong.key).await;
        assert_eq!(other.get(&url, 4).await, Err(FetchError::Untrusted));
    }
}

/// A company's authority is often made anew with the name of the one before it, which some machines still have.
#[tokio::test]
async fn an_authority_with_the_name_of_a_known_one_is_another() {
    let [known, private] = ["authority", "authority"].map(Authority::new);
    let server = private.issue("localhost");
    let url = serve_tls(vec![server.certificate, private.certificate.clone()], server.key).await;
    let fetched = knowing(&[&known]).get(&url, 4).await.unwrap();
    let top = Thumbprint::of_certificate(&private.certificate);
    assert_eq!(fetched.chain, Some(Chain { trusted: false, top }));

    // One that is sent along does not vouch for what it did not sign, nor does the known one.
    for authority in [&known, &private] {
        let forged = Authority::new("authority").issue("localhost");
        let chain = vec![forged.certificate, authority.certificate.clone()];
        let url = serve_tls(chain, forged.key).await;
        assert_eq!(knowing(&[&known]).get(&url, 4).await, Err(FetchError::Untrusted));
    }
}

#[tokio::test]
async fn a_server_that_is_its_own_authority_shows_itself() {
    let private = Authority::new("private");
    let authority = |host: &str| {
        let mut params = params(host);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
    };
    let expired = |mut params: CertificateParams| {
        params.not_after = rcgen::date_time_ymd(2020, 1, 1);
        params
    };
    let cases = [
        // What `openssl req -x509` makes.
        (self_signed_with(&authority("localhost")), true),
        (self_signed_with(&params("localhost")), true),
        // The top of what is sent, whoever signed it.
        (private.issue("localhost"), true),
        (self_signed_with(&authority("other.example")), false),
        (self_signed_with(&expired(authority("localhost"))), false),
        (self_signed_with(&expired(params("localhost"))), false),
        (private.issue("other.example"), false),
        (private.issue_until("localhost", 2020), false),
    ];
    for (number, (server, expected)) in cases.into_iter().enumerate() {
        let top = Thumbprint::of_certificate(&server.certificate);
        let url = serve_tls(vec![server.certificate], server.key).await;
        let chain = knowing(&[]).get(&url, 4).await.map(|fetched| fetched.chain);
        let expected = match expected {
            true => Ok(Some(Chain { trusted: false, top })),
            false => Err(FetchError::Untrusted),
        };
        assert_eq!(chain, expected, "case {number}");
    }
}

#[tokio::test]
async fn between_server_and_top_only_authorities_vouch() {
    let private = Authority::new("private");
    for (is_authority, expected) in [(true, true), (false, false)] {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "between");
        if is_authority {
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        }
        let between = private.sign(&params);
        let (certificate, key) = (between.certificate.clone(), between.key);
        let between = Authority { certificate, issuer: Issuer::new(params, key) };
        let server = between.issue("localhost");
        let chain =
            vec![server.certificate, between.certificate.clone(), private.certificate.clone()];
        let url = serve_tls(chain, server.key).await;
        let fetched = knowing(&[]).get(&url, 4).await;
        assert_eq!(fetched.is_ok(), expected, "{fetched:?}");
    }
}

#[tokio::test]
async fn names_that_a_registered_authority_may_vouch_for_are_for_the_registration() {
    let private = Authority::with("private", |params| {
        params.name_constraints = Some(NameConstraints {
            permitted_subtrees: vec![GeneralSubtree::DnsName("corp.example".to_owned())],
            excluded_subtrees: Vec::new(),
        });
    });
    let server = private.issue("localhost");
    let url = serve_tls(vec![server.certificate, private.certificate.clone()], server.key).await;
    let chain = knowing(&[]).get(&url, 4).await.unwrap().chain;
    let top = Thumbprint::of_certificate(&private.certificate);
    assert_eq!(chain, Some(Chain { trusted: false, top }));
    // Known by this machine, it does not vouch for others; its thumbprint may.
    let chain = knowing(&[&private]).get(&url, 4).await.unwrap().chain;
    assert_eq!(chain, Some(Chain { trusted: false, top }));
}

#[tokio::test]
async fn who_does_not_speak_tls_is_unreachable() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"220 mail.example ESMTP\r\n").await.unwrap();
    });
    assert_eq!(knowing(&[]).get(&url, 4).await, Err(FetchError::Unreachable));
}

async fn get(url: &str, limit: usize) -> Result<Fetched, FetchError> {
    WebFetch::new(true).get(url, limit).await
}

/// A fetcher that knows these authorities, whatever the machine knows.
fn knowing(authorities: &[&Authority]) -> WebFetch {
    let mut known = RootCertStore::empty();
    authorities.iter().for_each(|one| known.add(one.certificate.clone()).unwrap());
    let authorities = OnceCell::new_with(Some(Arc::new(known)));
    WebFetch { authorities, ..WebFetch::new(false) }
}

/// The URL of a server that answers every request so, whatever it asks.
async fn serve(answer: &'static str) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(respond(stream, answer));
        }
    });
    url
}

async fn serve_tls(chain: Vec<CertificateDer<'static>>, key: KeyPair) -> String {
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, PrivateKeyDer::Pkcs8(key.serialize_der().into()))
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A client that does not trust the server says so by going away.
            if let Ok(stream) = acceptor.accept(stream).await {
                respond(stream, OK).await;
            }
        }
    });
    format!("https://localhost:{port}/")
}

async fn respond(mut stream: impl AsyncRead + AsyncWrite + Unpin, answer: &str) {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => request.push(byte),
            Err(_) => return,
        }
    }
    // The client may have heard enough.
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
}

/// A certificate with its key.
struct Certified {
    certificate: CertificateDer<'static>,
    key: KeyPair,
}

fn self_signed(host: &str) -> Certified {
    self_signed_with(&params(host))
}

fn self_signed_with(params: &CertificateParams) -> Certified {
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap().der().clone();
    Certified { certificate, key }
}

fn params(host: &str) -> CertificateParams {
    let mut params = CertificateParams::new([host.to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, host);
    params
}

struct Authority {
    certificate: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new(name: &str) -> Self {
        Self::with(name, |_| {})
    }

    fn with(name: &str, change: impl FnOnce(&mut CertificateParams)) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap().der().clone();
        Self { certificate, issuer: Issuer::new(params, key) }
    }

    fn issue(&self, host: &str) -> Certified {
        self.sign(&params(host))
    }

    fn issue_until(&self, host: &str, year: i32) -> Certified {
        let mut params = params(host);
        params.not_after = rcgen::date_time_ymd(year, 1, 1);
        self.sign(&params)
    }

    fn sign(&self, params: &CertificateParams) -> Certified {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap().der().clone();
        Certified { certificate, key }
    }
}
