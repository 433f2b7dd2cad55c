use daypass_sigv4::doctor::{Diagnosis, MistakeKind};

use crate::signer::{Client, OTHER_SECRET, Random, SECRET, Sent, Slip};

#[test]
fn a_right_signature_is_right() {
    for client in clients() {
        let diagnosis = client.diagnose(&client.sign(&[])).unwrap();
        assert!(diagnosis.is_right(), "{client:?}\n{diagnosis}");
        assert_eq!(diagnosis.summary(), "the signature is right");
        assert_eq!(diagnosis.tried(), 1);
    }
}

#[test]
fn every_single_mistake_is_named() {
    for (slip, kind) in Slip::ALL {
        let mut made = 0;
        for client in clients() {
            let sent = client.sign(&[slip]);
            if sent == client.sign(&[]) {
                continue;
            }
            made += 1;
            let diagnosis = client.diagnose(&sent).unwrap();
            assert!(diagnosis.is_explained(), "{slip:?}\n{diagnosis}");
            let kinds: Vec<MistakeKind> = diagnosis.mistakes().iter().map(|it| it.kind).collect();
            assert_eq!(kinds, [kind], "{slip:?} {diagnosis}");
            tells_no_secret(&diagnosis, &client, &sent);
        }
        assert!(made > 0, "no client makes {slip:?}");
    }
}

/// A request that is signed in one form and sent in another has several things changed at once.
#[test]
fn what_changes_with_the_method_is_named_with_it() {
    use MistakeKind::{Host, Method, PayloadEmpty, PayloadInQuery, QueryInPayload};

    const WHO: &str = "Action=GetCallerIdentity&Version=2011-06-15";
    let bare = Client { headers: Vec::new(), ..post() };
    let of = |method, query: &str, body: &str| Client {
        method,
        query: query.to_owned(),
        body: body.to_owned(),
        ..bare.clone()
    };
    let presigned = |client: Client| Client { presigned: true, token: None, ..client };
    let cases = [
        // A presigned GET, posted with some body.
        (
            presigned(of("GET", WHO, "")),
            presigned(of("POST", WHO, "{}")),
            vec![Method, PayloadEmpty],
        ),
        (presigned(of("GET", WHO, "")), presigned(of("PUT", WHO, WHO)), vec![Method, PayloadEmpty]),
        (presigned(of("GET", WHO, "")), presigned(of("POST", WHO, "")), vec![Method]),
        (of("GET", WHO, ""), of("POST", WHO, WHO), vec![Method, PayloadEmpty]),
        // Parameters that changed places.
        (of("GET", WHO, ""), of("POST", "", WHO), vec![Method, PayloadInQuery]),
        (of("POST", "", WHO), of("GET", WHO, ""), vec![Method, QueryInPayload]),
        (of("POST", "", WHO), of("POST", WHO, ""), vec![QueryInPayload]),
        // A redirect.
        (
            Client { host: "localhost".into(), ..of("HEAD", WHO, "") },
            of("GET", WHO, ""),
            vec![Method, Host],
        ),
    ];
    for (signer, sender, expected) in cases {
        let signed = signer.sign(&[]);
        let query = match sender.presigned {
            true => signed.query,
            false => sender.query.clone(),
        };
        let host = ("Host".to_owned(), sender.host.clone());
        let others = signed.headers.into_iter().filter(|(name, _)| name != "Host");
        let headers = std::iter::once(host).chain(others).collect();
        let diagnosis = sender.diagnose(&Sent { query, headers }).unwrap();
        let kinds: Vec<MistakeKind> = diagnosis.mistakes().iter().map(|it| it.kind).collect();
        assert!(diagnosis.is_explained(), "{expected:?}\n{diagnosis}");
        assert_eq!(kinds, expected, "{diagnosis}");
        assert!(diagnosis.tried() <= 250, "{expected:?}: {}", diagnosis.tried());
    }
}

/// A `+` may be signed as itself or as a space, so that only what is wrong beside it is a mistake.
#[test]
fn a_plus_is_no_mistake_with_either_reading() {
    let client = Client { query: "a=x+y&b=%20".into(), ..clients()[1].clone() };
    let spaced = Client { query: "a=x%20y&b=%20".into(), ..client.clone() };
    let spaced = |slips: &[Slip]| {
        let sent = spaced.sign(slips);
        Sent { query: sent.query.replacen("x%20y", "x+y", 1), ..sent }
    };
    for sent in [client.sign(&[]), spaced(&[])] {
        let diagnosis = client.diagnose(&sent).unwrap();
        assert!(diagnosis.is_right(), "{diagnosis}");
        assert!(diagnosis.canonical_request().theirs().is_none(), "{diagnosis}");
    }
    for slip in [Slip::PayloadEmpty, Slip::HostWithoutPort, Slip::SecretNewline] {
        let diagnosis = client.diagnose(&spaced(&[slip])).unwrap();
        let kinds: Vec<MistakeKind> = diagnosis.mistakes().iter().map(|it| it.kind).collect();
        let (_, kind) = Slip::ALL.into_iter().find(|(other, _)| *other == slip).unwrap();
        assert_eq!(kinds, [kind], "{diagnosis}");
        assert!(diagnosis.is_explained());
        let ours = diagnosis.canonical_request().ours();
        assert!(ours.contains("\na=x%20y&b=%20\n"), "{ours}");
    }
}

#[test]
fn a_plus_signed_as_it_stands_is_named() {
    let client = Client { query: "a=x+y".into(), ..clients()[1].clone() };
    // It takes a space for a plus sign before it signs.
    let signer = Client { query: "a=x%20y".into(), ..client.clone() };
    let sent = signer.sign(&[Slip::QueryPlus]);
    let diagnosis = client.diagnose(&Sent { query: "a=x+y".into(), ..sent }).unwrap();
    let [mistake] = diagnosis.mistakes() else { panic!("{diagnosis}") };
    assert_eq!(mistake.kind, MistakeKind::QueryPlus);
    assert!(mistake.advice.contains("sign it as `%2B`"), "{}", mistake.advice);
    assert!(diagnosis.is_explained());
}

#[test]
fn pairs_are_named() {
    let mut random = Random(7);
    let (mut made, mut named) = (0, 0);
    while made < 200 {
        let client = random.client();
        let Some(slips) = random.slips(&client, 2) else { continue };
        made += 1;
        let both: Vec<Slip> = slips.iter().map(|(slip, _)| *slip).collect();
        let sent = client.sign(&both);
        let diagnosis = client.diagnose(&sent).unwrap();
        let is_named = |kind| diagnosis.mistakes().iter().any(|mistake| mistake.kind == kind);
        named +=
            usize::from(diagnosis.is_explained() && slips.iter().all(|(_, kind)| is_named(*kind)));
        tells_no_secret(&diagnosis, &client, &sent);
    }
    assert!(named >= 160, "{named} of {made}");
}

#[test]
fn another_secret_is_more_than_it_finds() {
    for client in clients() {
        let diagnosis = client.diagnose_with(&client.sign(&[]), "quite another secret").unwrap();
        assert!(!diagnosis.is_explained());
        assert!(diagnosis.summary().contains("another secret"), "{diagnosis}");
        assert!(diagnosis.canonical_request().theirs().is_none());
        assert!(diagnosis.tried() <= 901, "{}", diagnosis.tried());
    }
}

#[test]
fn both_requests_stand_side_by_side() {
    let client = post();
    let diagnosis = client.diagnose(&client.sign(&[Slip::HostWithoutPort])).unwrap();
    let requests = diagnosis.canonical_request();
    let theirs = requests.theirs().unwrap();
    assert!(requests.ours().contains("\nhost:localhost:4566\n"), "{requests:?}");
    assert!(theirs.contains("\nhost:localhost\n"), "{requests:?}");
    let at = requests.first_difference().unwrap();
    let before = requests.ours().get(..at).unwrap();
    assert_eq!(theirs.get(..at), Some(before));
    assert!(before.ends_with("host:localhost"));
    let text = diagnosis.to_string();
    assert!(text.contains("\n  ≠ host:localhost:4566 "), "{text}");
    assert!(text.contains("\n                  ^"), "{text}");
    // The same input, the same diagnosis.
    assert_eq!(text, client.diagnose(&client.sign(&[Slip::HostWithoutPort])).unwrap().to_string());
}

#[test]
fn hostile_input_is_bounded_and_shown_harmless() {
    let mut client = post();
    client.query = "a%00=%1b&&=&b==c&%".repeat(500);
    client.headers.push(("X-Odd".to_owned(), "\u{1b}[31m  x".repeat(300)));
    let diagnosis =
        client.diagnose_with(&client.sign(&[]).clone_without_bad_escape(), "x").unwrap();
    assert!(diagnosis.tried() <= 901);
    assert!(!diagnosis.to_string().contains('\u{1b}'));
}

impl Sent {
    fn clone_without_bad_escape(&self) -> Self {
        Self { query: self.query.replace("&%", "&"), headers: self.headers.clone() }
    }
}

fn tells_no_secret(diagnosis: &Diagnosis, client: &Client, sent: &Sent) {
    let text = format!("{diagnosis} {diagnosis:?} {}", diagnosis.summary());
    let header = sent.headers.iter().find(|(name, _)| name == "Authorization");
    let signature =
        header.map_or(&*sent.query, |(_, value)| value).rsplit_once("Signature=").unwrap().1;
    for secret in [SECRET, OTHER_SECRET, signature].into_iter().chain(client.token.as_deref()) {
        // No part of it either, whatever encodes it.
        assert!(!text.contains(secret.get(..12).unwrap()), "{text}");
    }
}

fn post() -> Client {
    Client {
        method: "POST",
        path: "/".into(),
        query: String::new(),
        host: "localhost:4566".into(),
        headers: vec![
            ("User-Agent".into(), "curl/8.5.0".into()),
            ("Content-Type".into(), "application/x-www-form-urlencoded; charset=utf-8".into()),
            ("Connection".into(), "close".into()),
            ("X-Amz-Meta-Note".into(), "two  words".into()),
        ],
        body: "Action=AssumeRole&RoleSessionName=two%20words".into(),
        token: Some("IQoJb3JpZ2luX2Vj+session/token==".into()),
        region: "eu-central-1".into(),
        service: "sts".into(),
        second: 40_000,
        presigned: false,
    }
}

/// Of each kind of request one.
fn clients() -> [Client; 3] {
    let rest = Client {
        path: "/a%20b//c/../d".into(),
        query: "z=two%20words&empty=&a=1".into(),
        token: None,
        ..post()
    };
    let presigned = Client { method: "GET", body: String::new(), presigned: true, ..rest.clone() };
    [post(), rest, Client { token: post().token, ..presigned }]
}
