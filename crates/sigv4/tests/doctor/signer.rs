//! A client that signs, and makes mistakes when asked to. It shares no code with the crate.

use daypass_sigv4::{
    AuthError, ExpectedScope, Regions, Request,
    doctor::{Case, Diagnosis, MistakeKind, diagnose},
};
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use sha2::{Digest, Sha256};

/// One of the mistakes that people make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slip {
    PathEncodedOnce,
    PathAsSent,
    PathNotNormalized,
    QueryUnsorted,
    QueryPlus,
    QueryEmptyLeftOut,
    QueryEmptyBare,
    NotTrimmed,
    HostWithoutPort,
    HostByAnotherName,
    ContentTypeChanged,
    ConnectionChanged,
    NotListed,
    PayloadEmpty,
    PayloadReencoded,
    PayloadNewline,
    PayloadUnsigned,
    DateMixUp,
    ScopeDateOff,
    ScopeDateOffInKey,
    WrongRegion,
    WrongService,
    LocalTime,
    SecretNewline,
    SecretSpace,
    SecretUrlEncoded,
    SecretOfAnotherKey,
    TokenLeftOut,
    StringOrder,
    KeyOrder,
    UpperCaseSignature,
    UpperCasePayload,
}

impl Slip {
    /// All of them, with the name that the doctor has for each.
    pub(crate) const ALL: [(Self, MistakeKind); 32] = [
        (Self::PathEncodedOnce, MistakeKind::PathEncoding),
        (Self::PathAsSent, MistakeKind::PathEncoding),
        (Self::PathNotNormalized, MistakeKind::PathNormalization),
        (Self::QueryUnsorted, MistakeKind::QueryOrder),
        (Self::QueryPlus, MistakeKind::QueryPlus),
        (Self::QueryEmptyLeftOut, MistakeKind::QueryEmptyValue),
        (Self::QueryEmptyBare, MistakeKind::QueryEmptyValue),
        (Self::NotTrimmed, MistakeKind::HeaderWhitespace),
        (Self::HostWithoutPort, MistakeKind::Host),
        (Self::HostByAnotherName, MistakeKind::Host),
        (Self::ContentTypeChanged, MistakeKind::HeaderChanged),
        (Self::ConnectionChanged, MistakeKind::HeaderChanged),
        (Self::NotListed, MistakeKind::HeaderNotListed),
        (Self::PayloadEmpty, MistakeKind::PayloadEmpty),
        (Self::PayloadReencoded, MistakeKind::PayloadReencoded),
        (Self::PayloadNewline, MistakeKind::PayloadNewline),
        (Self::PayloadUnsigned, MistakeKind::PayloadUnsigned),
        (Self::DateMixUp, MistakeKind::DateMixUp),
        (Self::ScopeDateOff, MistakeKind::ScopeDate),
        (Self::ScopeDateOffInKey, MistakeKind::ScopeDate),
        (Self::WrongRegion, MistakeKind::Region),
        (Self::WrongService, MistakeKind::Service),
        (Self::LocalTime, MistakeKind::LocalTime),
        (Self::SecretNewline, MistakeKind::SecretWhitespace),
        (Self::SecretSpace, MistakeKind::SecretWhitespace),
        (Self::SecretUrlEncoded, MistakeKind::SecretEncoding),
        (Self::SecretOfAnotherKey, MistakeKind::SecretOfAnotherKey),
        (Self::TokenLeftOut, MistakeKind::SessionToken),
        (Self::StringOrder, MistakeKind::StringToSign),
        (Self::KeyOrder, MistakeKind::KeyDerivation),
        (Self::UpperCaseSignature, MistakeKind::UpperCaseHex),
        (Self::UpperCasePayload, MistakeKind::UpperCaseHex),
    ];
}

/// What a client wants to send.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) host: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
    pub(crate) token: Option<String>,
    pub(crate) region: String,
    pub(crate) service: String,
    /// A day at 2027-01-15 and this many seconds.
    pub(crate) second: u32,
    pub(crate) presigned: bool,
}

/// What arrives at the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) query: String,
    pub(crate) headers: Vec<(String, String)>,
}

impl Client {
    /// Signs, with these mistakes.
    pub(crate) fn sign(&self, slips: &[Slip]) -> Sent {
        let has = |slip: Slip| slips.contains(&slip);
        let second = if has(Slip::LocalTime) { self.second + 7_200 } else { self.second };
        let time = time(DAY, second);
        let scope = format!("{DAY}/{}/{}/aws4_request", self.region, self.service);

        let mut headers = vec![("Host".to_owned(), self.host.clone())];
        headers.extend(self.headers.iter().cloned());
        headers.push(("Date".to_owned(), http_date(self.second + 61)));
        let mut query = self.query.clone();
        let listed: Vec<String> = if self.presigned {
            vec!["host".to_owned()]
        } else {
            headers.push(("X-Amz-Date".to_owned(), time.clone()));
            headers.extend(
                self.token.iter().map(|it| ("X-Amz-Security-Token".to_owned(), it.clone())),
            );
            let mut names: Vec<String> =
                headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
            names.retain(|name| name != "date" && name != "user-agent");
            names.sort();
            names
        };
        if self.presigned {
            let token = self.token.iter().map(|it| ("X-Amz-Security-Token", it.clone()));
            for (name, value) in [
                ("X-Amz-Algorithm", "AWS4-HMAC-SHA256".to_owned()),
                ("X-Amz-Credential", format!("{KEY_ID}/{scope}")),
                ("X-Amz-Date", time.clone()),
                ("X-Amz-SignedHeaders", listed.join(";")),
            ]
            .into_iter()
            .chain(token)
            {
                let separator = if query.is_empty() { "" } else { "&" };
                query.push_str(&format!("{separator}{name}={}", encode(&value)));
            }
        }

        let mut lines: Vec<(String, String)> = listed
            .iter()
            .filter(|name| !(has(Slip::TokenLeftOut) && *name == "x-amz-security-token"))
            .map(|name| (name.clone(), self.signed_value(name, &headers, slips)))
            .collect();
        let mut list = listed.clone();
        if has(Slip::TokenLeftOut) {
            list.retain(|name| name != "x-amz-security-token");
        }
        if has(Slip::NotListed) {
            list.push("user-agent".to_owned());
            lines.push(("user-agent".to_owned(), self.signed_value("user-agent", &headers, slips)));
            list.sort();
            lines.sort();
        }
        let lines: String = lines.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let canonical = format!(
            "{}\n{}\n{}\n{lines}\n{}\n{}",
            self.method,
            self.canonical_path(slips),
            self.canonical_query(&query, slips),
            list.join(";"),
            self.payload(slips)
        );

        let hash = hex::encode(Sha256::digest(&canonical));
        let day_off = has(Slip::ScopeDateOff) || has(Slip::ScopeDateOffInKey);
        let day = if day_off { "20270114" } else { DAY };
        let string_scope =
            if has(Slip::ScopeDateOff) { scope.replace(DAY, day) } else { scope.clone() };
        let string_time =
            if has(Slip::DateMixUp) { crate::signer::time(DAY, self.second + 61) } else { time };
        let (first, then) = match has(Slip::StringOrder) {
            true => (string_scope, string_time),
            false => (string_time, string_scope),
        };
        let string = format!("AWS4-HMAC-SHA256\n{first}\n{then}\n{hash}");
        let signature = hex::encode(hmac(&self.key(day, slips), &string));
        let signature =
            if has(Slip::UpperCaseSignature) { signature.to_uppercase() } else { signature };

        if self.presigned {
            query.push_str(&format!("&X-Amz-Signature={signature}"));
        } else {
            let value = format!(
                "AWS4-HMAC-SHA256 Credential={KEY_ID}/{scope}, SignedHeaders={}, Signature={signature}",
                listed.join(";")
            );
            headers.push(("Authorization".to_owned(), value));
        }
        Sent { query, headers }
    }

    /// What the server makes of it.
    pub(crate) fn diagnose(&self, sent: &Sent) -> Result<Diagnosis, AuthError> {
        self.diagnose_with(sent, SECRET)
    }

    pub(crate) fn diagnose_with(&self, sent: &Sent, secret: &str) -> Result<Diagnosis, AuthError> {
        let case = Case {
            request: Request::new(self.method, &self.path, &sent.query, &sent.headers),
            body: self.body.as_bytes(),
            secret: secret.as_bytes(),
            other_secrets: &[(OTHER_KEY_ID, OTHER_SECRET.as_bytes())],
            session_token: None,
            expected: ExpectedScope {
                service: &self.service,
                regions: Regions::Only(&self.region),
            },
            now: MIDNIGHT + i64::from(self.second) + 5,
        };
        diagnose(&case)
    }

    fn signed_value(&self, name: &str, headers: &[(String, String)], slips: &[Slip]) -> String {
        let has = |slip: Slip| slips.contains(&slip);
        let sent = headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        let sent = sent.map_or("", |(_, value)| value.as_str());
        match name {
            "host" => {
                let (host, port) = sent.rsplit_once(':').unwrap_or((sent, ""));
                match (has(Slip::HostWithoutPort), has(Slip::HostByAnotherName)) {
                    (true, _) => host.to_owned(),
                    (_, true) if host == "localhost" => format!("127.0.0.1:{port}"),
                    _ => sent.to_owned(),
                }
            }
            "content-type" if has(Slip::ContentTypeChanged) => {
                sent.split(';').next().unwrap_or_default().to_owned()
            }
            "connection" if has(Slip::ConnectionChanged) => "keep-alive".to_owned(),
            _ if has(Slip::NotTrimmed) => sent.to_owned(),
            _ => sent.split_ascii_whitespace().collect::<Vec<_>>().join(" "),
        }
    }

    fn canonical_path(&self, slips: &[Slip]) -> String {
        let has = |slip: Slip| slips.contains(&slip);
        let path = if has(Slip::PathNotNormalized) { self.path.clone() } else { tidy(&self.path) };
        let encode_segment = |segment: &str| {
            if has(Slip::PathAsSent) {
                segment.to_owned()
            } else if has(Slip::PathEncodedOnce) {
                percent_encode(&percent_decode_str(segment).collect::<Vec<_>>(), UNRESERVED)
                    .to_string()
            } else {
                encode(segment)
            }
        };
        path.split('/').map(encode_segment).collect::<Vec<_>>().join("/")
    }

    fn canonical_query(&self, query: &str, slips: &[Slip]) -> String {
        let has = |slip: Slip| slips.contains(&slip);
        let anew = |text: &str| {
            let text = percent_encode(&percent_decode_str(text).collect::<Vec<_>>(), UNRESERVED)
                .to_string();
            if has(Slip::QueryPlus) { text.replace("%20", "+") } else { text }
        };
        let mut pairs: Vec<(String, String)> = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .filter(|(name, _)| !(has(Slip::TokenLeftOut) && *name == "X-Amz-Security-Token"))
            .filter(|(_, value)| !(has(Slip::QueryEmptyLeftOut) && value.is_empty()))
            .map(|(name, value)| (anew(name), anew(value)))
            .collect();
        if !has(Slip::QueryUnsorted) {
            pairs.sort();
        }
        let pair = |(name, value): &(String, String)| match value.is_empty()
            && has(Slip::QueryEmptyBare)
        {
            true => name.clone(),
            false => format!("{name}={value}"),
        };
        pairs.iter().map(pair).collect::<Vec<_>>().join("&")
    }

    fn payload(&self, slips: &[Slip]) -> String {
        let has = |slip: Slip| slips.contains(&slip);
        let hash = if has(Slip::PayloadUnsigned) {
            return "UNSIGNED-PAYLOAD".to_owned();
        } else if has(Slip::PayloadEmpty) {
            Sha256::digest("")
        } else if has(Slip::PayloadReencoded) {
            Sha256::digest(self.body.replace("%20", "+"))
        } else if has(Slip::PayloadNewline) {
            Sha256::digest(format!("{}\n", self.body))
        } else {
            Sha256::digest(&self.body)
        };
        let hash = hex::encode(hash);
        if has(Slip::UpperCasePayload) { hash.to_uppercase() } else { hash }
    }

    fn key(&self, day: &str, slips: &[Slip]) -> [u8; 32] {
        let has = |slip: Slip| slips.contains(&slip);
        let secret = match SECRET {
            _ if has(Slip::SecretOfAnotherKey) => OTHER_SECRET.to_owned(),
            _ if has(Slip::SecretNewline) => format!("{SECRET}\n"),
            _ if has(Slip::SecretSpace) => format!("{SECRET} "),
            _ if has(Slip::SecretUrlEncoded) => encode(SECRET),
            right => right.to_owned(),
        };
        let region = if has(Slip::WrongRegion) { "us-east-1" } else { &self.region };
        let service = if has(Slip::WrongService) { "iam" } else { &self.service };
        let steps = match has(Slip::KeyOrder) {
            true => [day, service, region, "aws4_request"],
            false => [day, region, service, "aws4_request"],
        };
        let [date, rest @ ..] = steps;
        let first = hmac(format!("AWS4{secret}").as_bytes(), date);
        rest.iter().fold(first, |key, step| hmac(&key, step))
    }
}

/// Clients of a random trial, the same for the same seed.
#[derive(Debug)]
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// SplitMix64.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        let count = u64::try_from(of.len()).unwrap_or(1).max(1);
        of.get(usize::try_from(self.next() % count).unwrap_or_default())
    }

    fn text(&mut self, of: &[&str]) -> String {
        self.pick(of).copied().unwrap_or_default().to_owned()
    }

    fn one_in(&mut self, count: u64) -> bool {
        self.next().is_multiple_of(count)
    }

    /// A client of a Query service, or of one with paths.
    pub(crate) fn client(&mut self) -> Client {
        let presigned = self.one_in(4);
        let rest = self.one_in(2);
        let mut headers = Vec::new();
        let mut add = |name: &str, value: String| headers.push((name.to_owned(), value));
        add(
            "User-Agent",
            self.text(&["curl/8.5.0", "Boto3/1.40 md/Botocore#1.40", "my-client  1"]),
        );
        let has_body = !presigned && !self.one_in(4);
        if has_body {
            add("Content-Type", "application/x-www-form-urlencoded; charset=utf-8".to_owned());
        }
        if self.one_in(3) {
            add("Connection", self.text(&["close", "upgrade"]));
        }
        if self.one_in(3) {
            add("X-Amz-Meta-Note", self.text(&["a  b", " both  ends ", "plain", "x   y   z"]));
        }
        let path = match rest {
            true => self.text(&[
                "/a%20b/c",
                "/x//y/./z",
                "/things/%E2%82%AC/1",
                "/a/../b%2Fc/",
                "/plain/path",
            ]),
            false => "/".to_owned(),
        };
        let query = match rest || presigned || !has_body {
            true => self.text(&[
                "Version=2011-06-15&Action=GetCallerIdentity",
                "b=2&a=1&empty=",
                "name=two%20words&a",
                "z=%2Fslash&y=&x=a%20b%20c",
                "tag=1",
            ]),
            false => String::new(),
        };
        let body = match has_body {
            true => self.text(&[
                "Action=GetCallerIdentity&Version=2011-06-15",
                "Action=AssumeRole&Version=2011-06-15&RoleSessionName=two%20words",
                "Note=a%20b%20c",
            ]),
            false => String::new(),
        };
        Client {
            method: if has_body { "POST" } else { "GET" },
            path,
            query,
            host: self.text(&["localhost:4566", "sts.example.org:8443", "localhost:8080"]),
            headers,
            body,
            token: self.one_in(3).then(|| "IQoJb3JpZ2luX2Vj+session/token==".to_owned()),
            region: self.text(&["eu-central-1", "eu-west-1", "ap-south-1"]),
            service: self.text(&["sts", "execute-api", "s3"]),
            second: u32::try_from(self.next() % 60_000).unwrap_or_default(),
            presigned,
        }
    }

    /// This many mistakes of different kinds, each of which makes a difference to the client's signature.
    pub(crate) fn slips(
        &mut self,
        client: &Client,
        count: usize,
    ) -> Option<Vec<(Slip, MistakeKind)>> {
        let right = client.sign(&[]);
        let possible: Vec<(Slip, MistakeKind)> =
            Slip::ALL.into_iter().filter(|(slip, _)| client.sign(&[*slip]) != right).collect();
        let mut slips: Vec<(Slip, MistakeKind)> = Vec::new();
        for _ in 0..100 {
            let slip = *self.pick(&possible)?;
            if slips.iter().all(|(_, kind)| *kind != slip.1) {
                slips.push(slip);
            }
            if slips.len() == count {
                break;
            }
        }
        // Two mistakes count as two if each still makes a difference beside the other.
        let all: Vec<Slip> = slips.iter().map(|(slip, _)| *slip).collect();
        let each_matters = all.iter().all(|slip| {
            let others: Vec<Slip> = all.iter().copied().filter(|other| other != slip).collect();
            client.sign(&others) != client.sign(&all)
        });
        (slips.len() == count && each_matters).then_some(slips)
    }
}

/// Without empty segments and dots.
fn tidy(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(kept.pop()),
            name => kept.push(name),
        }
    }
    let end = if path.ends_with('/') && !kept.is_empty() { "/" } else { "" };
    format!("/{}{end}", kept.join("/"))
}

fn encode(text: &str) -> String {
    percent_encode(text.as_bytes(), UNRESERVED).to_string()
}

fn hmac(key: &[u8], message: &str) -> [u8; 32] {
    // A key may have any length, so there is a MAC.
    Hmac::<Sha256>::new_from_slice(key)
        .map_or([0; 32], |mac| mac.chain_update(message).finalize().into_bytes().into())
}

fn time(day: &str, second: u32) -> String {
    format!("{day}T{:02}{:02}{:02}Z", second / 3600, second / 60 % 60, second % 60)
}

fn http_date(second: u32) -> String {
    format!("Fri, 15 Jan 2027 {:02}:{:02}:{:02} GMT", second / 3600, second / 60 % 60, second % 60)
}

const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const DAY: &str = "20270115";
/// The beginning of that day.
const MIDNIGHT: i64 = 1_799_971_200;
pub(crate) const KEY_ID: &str = "AKIDEXAMPLE";
pub(crate) const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
pub(crate) const OTHER_KEY_ID: &str = "AKIDOTHER";
pub(crate) const OTHER_SECRET: &str = "another/secret+of/the/same/user/QQQQQQQQ";
