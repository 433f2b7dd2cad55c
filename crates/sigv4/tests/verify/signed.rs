//! Requests signed by AWS's own signer for Rust.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{
        SignableBody, SignableRequest, SignatureLocation, SigningParams, SigningSettings, sign,
    },
    sign::v4,
};
use daypass_sigv4::{
    AuthError, Carrier, ExpectedScope, PayloadHash, Presented, Regions, Request, SigningKey,
    is_well_formed_path,
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::{collection::vec, prelude::*};
use sha2::{Digest as _, Sha256};

pub(crate) const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
pub(crate) const KEY_ID: &str = "AKIDEXAMPLE";

/// A request on its way to a server. Headers are bytes, as a server has them.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
    pub(crate) time: i64,
}

impl Sent {
    /// Signs with `aws-sigv4`, which shares no code with this crate.
    pub(crate) fn signed(self, carrier: Carrier, token: Option<&str>) -> Self {
        let identity = Credentials::from_keys(KEY_ID, SECRET, token.map(str::to_owned)).into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region("eu-central-1")
            .name("sts")
            .time(self.signing_time())
            .settings(settings(carrier))
            .build()
            .unwrap();
        self.signed_with(&params.into())
    }

    pub(crate) fn signing_time(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(self.time.unsigned_abs())
    }

    pub(crate) fn signed_with(mut self, params: &SigningParams<'_>) -> Self {
        let uri = format!("https://sts.eu-central-1.amazonaws.com{}?{}", self.path, self.query);
        let headers: Vec<(&str, &str)> = self
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), std::str::from_utf8(value).unwrap()))
            .collect();
        let request = SignableRequest::new(
            &self.method,
            uri,
            headers.into_iter(),
            SignableBody::Bytes(&self.body),
        )
        .unwrap();
        let (instructions, _) = sign(request, params).unwrap().into_parts();
        for (name, value) in instructions.headers() {
            self.headers.push((name.to_owned(), value.as_bytes().to_vec()));
        }
        for (name, value) in instructions.params() {
            let separator = if self.query.is_empty() { "" } else { "&" };
            let value = utf8_percent_encode(value, NON_ALPHANUMERIC);
            self.query.push_str(&format!("{separator}{name}={value}"));
        }
        self
    }

    /// What a server that has only one key makes of the request.
    pub(crate) fn verify(&self) -> Result<(), AuthError> {
        let request = Request::new(&self.method, &self.path, &self.query, &self.headers);
        let expected = ExpectedScope { service: "sts", regions: Regions::Only("eu-central-1") };
        let scoped =
            Presented::parse(&request)?.check_freshness(self.time)?.check_scope(&expected)?;
        if scoped.access_key_id() != KEY_ID {
            return Err(AuthError::UnknownKey);
        }
        let scope = scoped.credential();
        let key = SigningKey::derive(SECRET.as_bytes(), scope.date, scope.region, scope.service);
        scoped.verify(&key, &PayloadHash::of(&self.body)).map(|_| ())
    }
}

pub(crate) fn settings(carrier: Carrier) -> SigningSettings {
    let mut settings = SigningSettings::default();
    settings.signature_location = match carrier {
        Carrier::Header => SignatureLocation::Headers,
        Carrier::Query => SignatureLocation::QueryParams,
    };
    settings.expires_in = Some(Duration::from_secs(60));
    settings
}

/// Requests of all shapes that a client can send without leaving the common ground of all signers: the space of
/// its query is `%20`, and it is presented in the order of its choice.
pub(crate) fn requests() -> impl Strategy<Value = Sent> {
    let text = || "[ -~\u{a1}-\u{24f}]{0,12}";
    let header = ("x-[a-z]{1,6}", "[!-~]{0,5}( {1,3}[!-~]{1,5}){0,3}");
    let path = vec("[A-Za-z0-9._~@:%-]{0,6}", 0..4).prop_map(|segments| {
        // A literal percent sign of a name arrives escaped.
        segments
            .iter()
            .map(|segment| format!("/{}", segment.replace('%', "%25")))
            .collect::<String>()
    });
    let path = path.prop_filter("a server refuses what climbs above the root", |path| {
        is_well_formed_path(path)
    });
    let query = vec((text(), text()), 0..5).prop_map(|pairs| {
        let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let pairs: Vec<String> = pairs
            .iter()
            .filter(|(name, _)| !name.is_empty())
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
            .collect();
        pairs.join("&")
    });
    let method = prop_oneof![Just("GET"), Just("POST"), Just("PUT")];
    let time = 0..4_102_444_800_i64;
    (method, path, query, vec(header, 0..4), vec(any::<u8>(), 0..64), time).prop_map(
        |(method, path, query, headers, body, time)| {
            let mut headers: Vec<(String, Vec<u8>)> =
                headers.into_iter().map(|(name, value)| (name, value.into_bytes())).collect();
            headers.push(("Host".into(), b"sts.eu-central-1.amazonaws.com".to_vec()));
            let path = if path.is_empty() { "/".to_owned() } else { path };
            Sent { method: method.to_owned(), path, query, headers, body, time }
        },
    )
}

pub(crate) fn carriers() -> impl Strategy<Value = Carrier> {
    prop_oneof![Just(Carrier::Header), Just(Carrier::Query)]
}

proptest! {
    #[test]
    fn what_an_independent_signer_signs_is_accepted(
        request in requests(),
        carrier in carriers(),
        token in proptest::option::of("[A-Za-z0-9+/]{16,64}={0,2}"),
    ) {
        let sent = request.signed(carrier, token.as_deref());
        prop_assert_eq!(sent.verify(), Ok(()), "{:?}", sent);
    }
}

#[test]
fn the_skew_of_a_true_signature() {
    let headers = vec![("host".to_owned(), b"sts.eu-central-1.amazonaws.com".to_vec())];
    let time = 1_800_000_000;
    let request = Sent {
        method: "POST".into(),
        path: "/".into(),
        query: String::new(),
        headers,
        body: b"Action=A".into(),
        time,
    };
    for carrier in [Carrier::Header, Carrier::Query] {
        let sent = request.clone().signed(carrier, None);
        for (skew, accepted) in [(-901, false), (-900, true), (0, true), (900, true), (901, false)]
        {
            let arrived = Sent { time: time + skew, ..sent.clone() };
            assert_eq!(arrived.verify().is_ok(), accepted, "{carrier:?} {skew}");
        }
    }
}

#[test]
fn a_path_that_only_normalisation_makes_right_is_refused() {
    let sent = Sent {
        method: "GET".into(),
        path: "/".into(),
        query: String::new(),
        headers: vec![("host".to_owned(), b"sts.eu-central-1.amazonaws.com".to_vec())],
        body: Vec::new(),
        time: 1_800_000_000,
    }
    .signed(Carrier::Header, None);
    for (path, accepted) in [
        ("/", true),
        ("", true),
        ("/a/..", true),
        (".", false),
        ("/..", false),
        ("/../a/..", false),
    ] {
        assert_eq!(
            Sent { path: path.to_owned(), ..sent.clone() }.verify().is_ok(),
            accepted,
            "{path}"
        );
    }
}

#[test]
fn the_authority_stands_for_a_missing_host() {
    let host = ("host".to_owned(), b"sts.eu-central-1.amazonaws.com".to_vec());
    let sent = Sent {
        method: "POST".into(),
        path: "/".into(),
        query: String::new(),
        headers: vec![host],
        body: Vec::new(),
        time: 1_800_000_000,
    }
    .signed(Carrier::Header, None);
    let headers: Vec<_> = sent.headers.iter().filter(|(name, _)| name != "host").cloned().collect();
    let verify = |request: Request<'_>| {
        let key = SigningKey::derive(SECRET.as_bytes(), "20270115", "eu-central-1", "sts");
        Presented::parse(&request)?
            .check_freshness(sent.time)?
            .check_scope(&ExpectedScope { service: "sts", regions: Regions::Only("eu-central-1") })?
            .verify(&key, &PayloadHash::of(b""))
            .map(|_| ())
    };
    let request = Request::new("POST", "/", "", &headers);
    assert_eq!(verify(request), Err(AuthError::Mismatch));
    assert_eq!(verify(request.authority("sts.eu-central-1.amazonaws.com")), Ok(()));
    assert_eq!(
        verify(request.authority("sts.eu-central-2.amazonaws.com")),
        Err(AuthError::Mismatch)
    );
}

/// Otherwise a request could be signed for one host and routed by the other.
#[test]
fn the_authority_is_nothing_beside_a_host() {
    let (signed, other) = ("sts.eu-central-1.amazonaws.com", "sts.us-east-1.amazonaws.com");
    let mismatch = Err(AuthError::Mismatch);
    // The name among the signed headers, the headers that carry a host, the authority.
    for (name, hosts, authority, expected) in [
        (":authority", &[][..], Some(signed), Ok(())),
        (":authority", &[], Some(other), mismatch.clone()),
        (":authority", &[], None, mismatch.clone()),
        (":authority", &[("host", other)], Some(signed), mismatch.clone()),
        (":authority", &[("Host", signed)], Some(signed), mismatch.clone()),
        (":authority", &[("host", signed)], None, mismatch.clone()),
        ("host", &[("host", signed)], Some(other), Ok(())),
        ("host", &[("host", other)], Some(signed), mismatch.clone()),
        ("host", &[("host", signed), ("host", other)], None, mismatch.clone()),
        ("host", &[], Some(signed), Ok(())),
    ] {
        let authorization = signed_by_hand(name, signed);
        let mut headers =
            vec![("x-amz-date", "20270115T080000Z"), ("authorization", &authorization)];
        headers.extend(hosts);
        let mut request = Request::new("POST", "/", "", &headers);
        if let Some(authority) = authority {
            request = request.authority(authority);
        }
        let key = SigningKey::derive(SECRET.as_bytes(), "20270115", "eu-central-1", "sts");
        let scope = ExpectedScope { service: "sts", regions: Regions::Only("eu-central-1") };
        let verified = Presented::parse(&request)
            .and_then(|presented| presented.check_freshness(1_800_000_000))
            .and_then(|fresh| fresh.check_scope(&scope))
            .and_then(|scoped| scoped.verify(&key, &PayloadHash::of(b"")).map(|_| ()));
        assert_eq!(verified, expected, "{name} {hosts:?} {authority:?}");
    }
}

/// The `Authorization` of a request whose one signed header beside the date is the host, under this name:
/// no other signer signs `:authority`.
fn signed_by_hand(name: &str, host: &str) -> String {
    let hmac = |key: &[u8], text: &str| {
        let mac = Hmac::<Sha256>::new_from_slice(key).unwrap().chain_update(text);
        mac.finalize().into_bytes().to_vec()
    };
    let scope = "20270115/eu-central-1/sts/aws4_request";
    let empty = hex::encode(Sha256::digest(b""));
    let date = "x-amz-date:20270115T080000Z";
    let canonical = format!("POST\n/\n\n{name}:{host}\n{date}\n\n{name};x-amz-date\n{empty}");
    let hash = hex::encode(Sha256::digest(canonical));
    let string = format!("AWS4-HMAC-SHA256\n20270115T080000Z\n{scope}\n{hash}");
    let key = format!("AWS4{SECRET}").into_bytes();
    let key = scope.split('/').fold(key, |key, part| hmac(&key, part));
    let signature = hex::encode(hmac(&key, &string));
    format!(
        "AWS4-HMAC-SHA256 Credential={KEY_ID}/{scope}, SignedHeaders={name};x-amz-date, \
         Signature={signature}"
    )
}

#[cfg(feature = "http")]
#[test]
fn straight_from_a_header_map() {
    let sent = Sent {
        method: "GET".into(),
        path: "/".into(),
        query: "Action=GetCallerIdentity&Version=2011-06-15".into(),
        headers: vec![
            ("host".to_owned(), b"sts.eu-central-1.amazonaws.com".to_vec()),
            ("x-a".to_owned(), b"1".to_vec()),
            ("x-a".to_owned(), b"2".to_vec()),
        ],
        body: Vec::new(),
        time: 1_800_000_000,
    };
    for carrier in [Carrier::Header, Carrier::Query] {
        let sent = sent.clone().signed(carrier, Some("token"));
        let mut request = http::Request::builder().uri(format!("{}?{}", sent.path, sent.query));
        for (name, value) in &sent.headers {
            request = request.header(name, value.as_slice());
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let key = SigningKey::derive(SECRET.as_bytes(), "20270115", "eu-central-1", "sts");
        let verified = Presented::parse(&Request::from_parts(&parts))
            .unwrap()
            .check_freshness(sent.time)
            .unwrap()
            .check_scope(&ExpectedScope { service: "sts", regions: Regions::Only("eu-central-1") })
            .unwrap()
            .verify(&key, &PayloadHash::of(b""))
            .unwrap();
        assert_eq!(verified.security_token(), Some("token"));
        assert!(verified.signed_headers().contains("X-A"));
    }
}
