use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_smithy_types::DateTime;
use daypass_ident::{ManualClock, SystemClock};
use serde_json::json;
use tokio::sync::Semaphore;

use super::super::sign::SigningKey;
use super::super::testing::{ISSUER, P256, PROVIDER, RSA, claims, expected, jwks, key_set, now};
use super::super::{Fetched, Fetching, InvalidDiscovery, InvalidKeySet};
use super::*;

const METADATA: &str = "https://idp.example/realm/.well-known/openid-configuration";
const KEYS: &str = "https://keys.idp.example/";

/// A network with documents at URLs, that counts what it is asked for.
#[derive(Debug)]
struct Network {
    documents: Lock<HashMap<String, Result<Fetched, FetchError>>>,
    asked: AtomicUsize,
    /// How many answers are on their way; closed when all may go.
    answers: Semaphore,
}

impl Fetch for Network {
    fn get<'a>(&'a self, url: &'a str, limit: usize) -> Fetching<'a> {
        assert_eq!(limit, LONGEST_DOCUMENT);
        Box::pin(async move {
            self.asked.fetch_add(1, Ordering::SeqCst);
            let _ = self.answers.acquire().await;
            let documents = self.documents.lock().unwrap();
            documents.get(url).cloned().unwrap_or(Err(FetchError::Unreachable))
        })
    }
}

/// A store, with the network and the clock that it has.
struct World {
    network: Arc<Network>,
    clock: Arc<ManualClock>,
    store: KeyStore,
}

impl World {
    /// In which the provider publishes these keys.
    fn with<'a>(keys: impl IntoIterator<Item = &'a SigningKey>) -> Self {
        let network = Network {
            documents: Lock::default(),
            asked: AtomicUsize::new(0),
            answers: Semaphore::new(1000),
        };
        let network = Arc::new(network);
        let clock = Arc::new(ManualClock::new(SystemClock));
        clock.freeze(now());
        let store = KeyStore::new(
            Arc::clone(&network) as Arc<dyn Fetch>,
            Arc::clone(&clock) as Arc<dyn Clock>,
            Rules::default(),
        );
        let world = Self { network, clock, store };
        let metadata = json!({"issuer": ISSUER, "jwks_uri": KEYS}).to_string();
        world.publish(METADATA, metadata.as_bytes());
        world.publish(KEYS, &jwks(keys));
        world
    }

    fn publish(&self, url: &str, document: &[u8]) {
        let chain = Some(Chain { trusted: true, top: Thumbprint::of_certificate(b"") });
        self.answer(url, Ok(Fetched { body: document.to_vec(), chain }));
    }

    fn answer(&self, url: &str, answer: Result<Fetched, FetchError>) {
        self.network.documents.lock().unwrap().insert(url.to_owned(), answer);
    }

    async fn verify(&self, key: &SigningKey) -> Result<(), OidcError> {
        self.verify_for(key, &[]).await
    }

    async fn verify_for(&self, key: &SigningKey, pins: &[Thumbprint]) -> Result<(), OidcError> {
        let token = key.sign(&claims(&json!({}))).unwrap();
        let jwt = Jwt::parse(&token).unwrap();
        let keys = self.store.keys(&jwt).await?;
        keys.verify(&jwt, &expected(PROVIDER, &["client"]), pins).map(|_| ())
    }

    fn asked(&self) -> usize {
        self.network.asked.load(Ordering::SeqCst)
    }
}

const UNKNOWN: Result<(), OidcError> = Err(OidcError::Key(KeyProblem::UnknownKeyId));

#[tokio::test]
async fn a_server_shows_who_vouches_for_it_where_that_counts() {
    let world = World::with([&*P256]);
    let top = Thumbprint::of_certificate(b"top");
    let shown = Fetched { body: Vec::new(), chain: Some(Chain { trusted: false, top }) };
    world.answer(METADATA, Ok(shown));
    assert_eq!(world.store.top_of_chain(ISSUER).await, Ok(Some(top)));
    let untrusted = "https://untrusted.example";
    world.answer(&Discovery::url(untrusted), Err(FetchError::Untrusted));
    for (url, error) in [
        (untrusted, FetchError::Untrusted),
        ("https://silent.example", FetchError::Unreachable),
        ("http://idp.example", FetchError::Unreachable),
    ] {
        assert_eq!(world.store.top_of_chain(url).await, Err(error), "{url}");
    }
    let asked = world.asked();
    let store = world.store.with_keys(PROVIDER, key_set([&*P256]));
    assert_eq!(store.top_of_chain(ISSUER).await, Ok(None));
    assert_eq!(world.network.asked.load(Ordering::SeqCst), asked);
}

#[tokio::test]
async fn keys_are_fetched_once_in_their_lifetime() {
    let world = World::with([&*P256]);
    for _ in 0..3 {
        assert_eq!(world.verify(&P256).await, Ok(()));
    }
    world.clock.advance(LIFETIME - 1);
    assert_eq!(world.verify(&P256).await, Ok(()));
    assert_eq!(world.asked(), 2, "metadata and keys");

    world.clock.advance(1);
    assert_eq!(world.verify(&P256).await, Ok(()));
    assert_eq!(world.asked(), 4);
    // A clock that goes back is not trusted with old keys.
    world.clock.advance(-1);
    assert_eq!(world.verify(&P256).await, Ok(()));
    assert_eq!(world.asked(), 6);
}

#[tokio::test]
async fn a_withdrawn_key_counts_until_the_end_of_the_lifetime() {
    let world = World::with([&*P256]);
    assert_eq!(world.verify(&P256).await, Ok(()));
    world.publish(KEYS, &jwks([&*RSA]));
    world.clock.advance(LIFETIME - 1);
    assert_eq!(world.verify(&P256).await, Ok(()));
    world.clock.advance(1);
    assert_eq!(world.verify(&P256).await, UNKNOWN);
}

#[tokio::test]
async fn an_unknown_key_is_asked_for_again_but_not_often() {
    let world = World::with([&*P256]);
    assert_eq!(world.verify(&P256).await, Ok(()));
    for _ in 0..5 {
        assert_eq!(world.verify(&RSA).await, UNKNOWN);
    }
    assert_eq!(world.asked(), 2, "too soon");

    world.clock.advance(COOLDOWN);
    for _ in 0..5 {
        assert_eq!(world.verify(&RSA).await, UNKNOWN);
    }
    assert_eq!(world.asked(), 4);

    world.publish(KEYS, &jwks([&*P256, &*RSA]));
    world.clock.advance(COOLDOWN);
    assert_eq!(world.verify(&RSA).await, Ok(()));
    assert_eq!(world.verify(&P256).await, Ok(()));
    assert_eq!(world.asked(), 6);
}

#[tokio::test]
async fn an_outage_leaves_fresh_keys_as_they_are() {
    let world = World::with([&*P256]);
    assert_eq!(world.verify(&P256).await, Ok(()));
    world.answer(KEYS, Err(FetchError::TimedOut));
    world.clock.advance(LIFETIME - 1);
    assert_eq!(world.verify(&RSA).await, UNKNOWN);
    assert_eq!(world.verify(&P256).await, Ok(()));
    assert_eq!(world.asked(), 4);

    // It does not make them younger.
    world.clock.advance(COOLDOWN);
    let down = Err(OidcError::Unreachable(FetchError::TimedOut));
    assert_eq!(world.verify(&P256).await, down);
    assert_eq!(world.verify(&P256).await, down);
    assert_eq!(world.asked(), 6);

    world.publish(KEYS, &jwks([&*P256]));
    world.clock.advance(COOLDOWN);
    assert_eq!(world.verify(&P256).await, Ok(()));
}

#[tokio::test]
async fn many_ask_at_once_and_the_provider_is_asked_once() {
    let world = World::with([&*P256]);
    world.network.answers.forget_permits(1000);
    let all = async { tokio::join!(world.verify(&P256), world.verify(&P256), world.verify(&P256)) };
    let release = async {
        while world.asked() == 0 {
            tokio::task::yield_now().await;
        }
        world.network.answers.close();
    };
    let ((a, b, c), ()) = tokio::join!(all, release);
    assert_eq!((a, b, c), (Ok(()), Ok(()), Ok(())));
    assert_eq!(world.asked(), 2);
}

#[tokio::test]
async fn who_gives_up_does_not_keep_the_others_waiting() {
    let world = World::with([&*P256]);
    world.network.answers.forget_permits(1000);
    let impatient = world.verify(&P256);
    tokio::select! {
        biased;
        _ = impatient => panic!("there is no answer yet"),
        () = tokio::task::yield_now() => {}
    }
    world.network.answers.close();
    assert_eq!(world.verify(&P256).await, Ok(()));
}

#[tokio::test]
async fn a_question_goes_on_when_whoever_asked_has_gone() {
    let world = World::with([&*P256]);
    world.network.answers.forget_permits(1000);
    for _ in 0..5 {
        let impatient = world.verify(&P256);
        tokio::select! {
            biased;
            _ = impatient => panic!("there is no answer yet"),
            () = settle() => {}
        }
        assert_eq!(world.asked(), 1);
    }
    world.network.answers.close();
    settle().await;
    assert_eq!(world.asked(), 2);
    assert_eq!(world.verify(&P256).await, Ok(()));
    assert_eq!(world.verify(&RSA).await, UNKNOWN);
    assert_eq!(world.asked(), 2, "its answer counts");
}

#[tokio::test]
async fn who_was_not_asked_may_be_asked_at_once() {
    let world = World::with([&*P256]);
    world.answer(METADATA, Err(FetchError::Busy));
    let busy = Err(OidcError::Unreachable(FetchError::Busy));
    assert_eq!(world.verify(&P256).await, busy);
    world.publish(METADATA, json!({"issuer": ISSUER, "jwks_uri": KEYS}).to_string().as_bytes());
    assert_eq!(world.verify(&P256).await, Ok(()));
}

async fn settle() {
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn what_a_provider_may_answer() {
    let metadata = |issuer: &str, jwks_uri: &str| {
        json!({"issuer": issuer, "jwks_uri": jwks_uri}).to_string().into_bytes()
    };
    let chain = Some(Chain { trusted: true, top: Thumbprint::of_certificate(b"") });
    let ok = |body: Vec<u8>| Ok(Fetched { body, chain });
    let plain_document = Ok(Fetched { body: metadata(ISSUER, KEYS), chain: None });
    let other = metadata("https://evil.example", KEYS);
    let plain = metadata(ISSUER, "http://localhost/keys");
    let key = OidcError::Key;
    let cases = [
        (METADATA, Err(FetchError::Unreachable), OidcError::Unreachable(FetchError::Unreachable)),
        (METADATA, Err(FetchError::Status(404)), key(KeyProblem::Status(404))),
        (METADATA, Err(FetchError::Untrusted), OidcError::Thumbprint),
        (METADATA, plain_document, OidcError::Thumbprint),
        (METADATA, ok(b"<html>".to_vec()), key(InvalidDiscovery::Json.into())),
        (METADATA, ok(other), key(InvalidDiscovery::Issuer.into())),
        (METADATA, ok(plain), key(InvalidDiscovery::JwksUri.into())),
        (KEYS, Err(FetchError::TimedOut), OidcError::Unreachable(FetchError::TimedOut)),
        (KEYS, Err(FetchError::TooLong), key(KeyProblem::TooLong)),
        (KEYS, ok(vec![b' '; LONGEST_DOCUMENT + 1]), key(KeyProblem::TooLong)),
        (KEYS, ok(b"{}".to_vec()), key(InvalidKeySet::Keys.into())),
        (KEYS, ok(br#"{"keys":[]}"#.to_vec()), key(KeyProblem::UnknownKeyId)),
    ];
    for (url, answer, error) in cases {
        let world = World::with([&*P256]);
        world.answer(url, answer);
        assert_eq!(world.verify(&P256).await, Err(error), "{url}");
    }
}

/// Whoever can send a token of a registered provider can have its metadata read: these lead to nothing on this
/// machine, also where issuers may be on it.
#[tokio::test]
async fn an_issuer_elsewhere_has_no_keys_on_this_machine() {
    for jwks_uri in ["http://localhost:4566/keys", "http://[::1]/", "https://127.0.0.1/keys"] {
        let mut world = World::with([&*P256]);
        world.store.rules = Rules { loopback_http: true };
        let metadata = json!({"issuer": ISSUER, "jwks_uri": jwks_uri}).to_string();
        world.publish(METADATA, metadata.as_bytes());
        world.publish(jwks_uri, &jwks([&*P256]));
        let refused = Err(OidcError::Key(InvalidDiscovery::JwksUri.into()));
        assert_eq!(world.verify(&P256).await, refused, "{jwks_uri}");
        assert_eq!(world.asked(), 1, "{jwks_uri}");
    }
}

#[tokio::test]
async fn certificates_of_no_known_authority_need_a_thumbprint() {
    let (discovery, keys) =
        (Thumbprint::of_certificate(b"discovery"), Thumbprint::of_certificate(b"keys"));
    let world = World::with([&*P256]);
    for (url, top) in [(METADATA, discovery), (KEYS, keys)] {
        let body = world.network.documents.lock().unwrap()[url].clone().unwrap().body;
        world.answer(url, Ok(Fetched { body, chain: Some(Chain { trusted: false, top }) }));
    }
    // What is at hand serves accounts with different lists.
    let cases = [
        (&[][..], Err(OidcError::Thumbprint)),
        (&[keys], Err(OidcError::Thumbprint)),
        (&[discovery], Err(OidcError::Thumbprint)),
        (&[keys, discovery], Ok(())),
        (&[], Err(OidcError::Thumbprint)),
    ];
    for (thumbprints, outcome) in cases {
        assert_eq!(world.verify_for(&P256, thumbprints).await, outcome, "{thumbprints:?}");
    }
    assert_eq!(world.asked(), 2);
}

#[tokio::test]
async fn given_keys_need_no_network() {
    let mut world = World::with([]);
    world.store = world.store.with_keys(PROVIDER, key_set([&*P256]));
    assert_eq!(world.verify(&P256).await, Ok(()));
    assert_eq!(world.verify(&RSA).await, UNKNOWN);
    assert_eq!(world.asked(), 0);
}

#[tokio::test]
async fn what_is_no_provider_is_not_asked() {
    let world = World::with([&*P256]);
    for issuer in ["http://localhost", "file:///etc/passwd", "idp.example/realm"] {
        let token = P256.sign(&claims(&json!({ "iss": issuer }))).unwrap();
        let jwt = Jwt::parse(&token).unwrap();
        let unknown = Some(OidcError::Issuer(issuer.to_owned()));
        assert_eq!(world.store.keys(&jwt).await.err(), unknown);
        assert_eq!(world.store.at_hand(&jwt).err(), unknown);
    }
    assert_eq!(world.asked(), 0);
}

#[tokio::test]
async fn keys_at_hand_are_those_for_which_nobody_need_be_asked() {
    let world = World::with([&*P256]);
    let at_hand = |key: &SigningKey| {
        let token = key.sign(&claims(&json!({}))).unwrap();
        world.store.at_hand(&Jwt::parse(&token).unwrap()).map(|keys| keys.is_some())
    };
    assert_eq!(at_hand(&P256), Ok(false));
    assert_eq!(world.verify(&P256).await, Ok(()));
    assert_eq!(at_hand(&P256), Ok(true));
    assert_eq!(at_hand(&RSA), Ok(true), "it is too soon to ask for another key");
    world.clock.advance(COOLDOWN);
    assert_eq!(at_hand(&RSA), Ok(false));
    world.clock.advance(LIFETIME);
    assert_eq!(at_hand(&P256), Ok(false));
    world.answer(METADATA, Err(FetchError::TimedOut));
    let down = OidcError::Unreachable(FetchError::TimedOut);
    assert_eq!(world.verify(&P256).await, Err(down.clone()));
    assert_eq!(at_hand(&P256), Err(down));
}

#[tokio::test]
async fn google_is_found_without_a_scheme() {
    let world = World::with([]);
    let google = "https://accounts.google.com";
    let metadata = json!({"issuer": google, "jwks_uri": KEYS}).to_string();
    world.publish(&Discovery::url(google), metadata.as_bytes());
    world.publish(KEYS, &jwks([&*P256]));
    for issuer in ["accounts.google.com", google] {
        let token = P256.sign(&claims(&json!({ "iss": issuer }))).unwrap();
        let jwt = Jwt::parse(&token).unwrap();
        let expected = expected("accounts.google.com", &["client"]);
        let keys = world.store.keys(&jwt).await.unwrap();
        let identity = keys.verify(&jwt, &expected, &[]).unwrap();
        assert_eq!(identity.issuer, issuer);
    }
    assert_eq!(world.asked(), 2);
}

#[tokio::test]
async fn the_number_of_providers_is_bounded() {
    let world = World::with([&*P256]);
    assert_eq!(world.verify(&P256).await, Ok(()));
    for number in 0..MOST_PROVIDERS + 10 {
        world.clock.freeze(DateTime::from_secs(now().secs() + i64::try_from(number).unwrap() + 1));
        let provider = format!("idp{number}.example");
        let token = P256.sign(&claims(&json!({"iss": format!("https://{provider}")}))).unwrap();
        let jwt = Jwt::parse(&token).unwrap();
        let outcome = world.store.keys(&jwt).await;
        assert_eq!(outcome.err(), Some(OidcError::Unreachable(FetchError::Unreachable)));
    }
    let kept = world.store.fetched.lock().unwrap();
    assert_eq!(kept.len(), MOST_PROVIDERS);
    assert!(!kept.contains_key(ISSUER), "the oldest has gone");
}
