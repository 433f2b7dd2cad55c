//! What ends while a request is on its way: others are asked for a long time, or somebody else writes
//! first. The request is decided on what stands then.

use std::sync::{Arc, Mutex, OnceLock, Weak};

use daypass_authz::Env;
use daypass_federation::oidc::sign::{Jwks, SigningKey};
use daypass_federation::oidc::{
    Algorithm, Chain, Fetch, FetchError, Fetched, Fetching, KeyStore, Rules, Thumbprint,
};
use daypass_ident::ManualClock;
use daypass_state::Draft;
use daypass_state::record::{AccessKeyRecord, KeyOwner, KeyStatus, OidcProviderRecord, RoleRecord};
use daypass_store::{BoxFuture, Commit, Feed, MemoryStore, Store, StoreError, Transaction};
use serde_json::{Value, json};

use super::support::{ACCOUNT, App, Ask, BOBS_KEY, BOBS_SECRET, NOW, Options, ask, bob, deploy};

#[tokio::test]
async fn a_token_counts_for_what_stands_after_its_provider_was_asked() {
    let no_provider = "InvalidIdentityToken: No OpenIDConnect provider found in your account for \
                       https://idp.example";
    let thumbprint = "InvalidIdentityToken: OpenIDConnect provider's HTTPS certificate doesn't match \
                      configured thumbprint";
    let expired = "ExpiredTokenException: Token expired: current date/time 1800000900 must be before \
                   the expiration date/time 1800000600";
    let cases: [(Change, &str); 8] = [
        (|_| (), "200"),
        (|meanwhile| meanwhile.trust = allows("arn:aws:iam::000000000000:root"), DENIED),
        (|meanwhile| meanwhile.role = false, DENIED),
        (|meanwhile| meanwhile.provider = None, no_provider),
        (|meanwhile| meanwhile.client = "other", "InvalidIdentityToken: Incorrect token audience"),
        (|meanwhile| meanwhile.provider = Some("other"), thumbprint),
        (|meanwhile| meanwhile.passes = 899, "200"),
        (|meanwhile| meanwhile.passes = 900, expired),
    ];
    for (number, (change, expected)) in cases.into_iter().enumerate() {
        let world = World::new().await;
        world.meanwhile(change);
        let answer = world.shown(ask(&with_web_identity(&world.token())).unsigned()).await;
        assert_eq!(answer, expected, "case {number}");
        assert!(world.has_happened(), "case {number}");
    }
}

#[tokio::test]
async fn an_access_token_counts_for_what_stands_after_its_provider_was_asked() {
    let cases: [(Change, &str); 3] = [
        (|_| (), "200"),
        (|meanwhile| meanwhile.trust = allows("graph.facebook.com"), DENIED),
        (|meanwhile| meanwhile.role = false, DENIED),
    ];
    for (number, (change, expected)) in cases.into_iter().enumerate() {
        let world = World::new().await;
        world.meanwhile(change);
        let body = format!("{}&ProviderId=www.amazon.com", with_web_identity("token"));
        assert_eq!(world.shown(ask(&body).unsigned()).await, expected, "case {number}");
        assert!(world.has_happened(), "case {number}");
    }
}

#[tokio::test]
async fn an_issuer_is_registered_by_whoever_still_may_when_it_has_answered() {
    for (change, expected) in REVOCATIONS {
        let world = World::new().await;
        world.meanwhile(change);
        let create = ask(
            "Action=CreateOpenIDConnectProvider&Version=2010-05-08&Url=https%3A%2F%2Fnew.example",
        );
        let answer = world.shown(create.by_bob().iam().signed()).await;
        assert_eq!(answer, expected);
        assert!(world.has_happened());
        let providers = world.app.env.state.view().account(ACCOUNT).oidc_provider_count();
        assert_eq!(providers, if expected == "200" { 2 } else { 1 });
    }
}

#[tokio::test]
async fn a_write_that_was_overtaken_is_authorised_again() {
    for (change, expected) in REVOCATIONS {
        let world = World::new().await;
        world.meanwhile(change);
        let answer = world.shown(create_group().by_bob().iam().signed()).await;
        assert_eq!(answer, expected);
        assert!(world.has_happened());
        let groups = world.app.env.state.view().account(ACCOUNT).group_count();
        assert_eq!(groups, usize::from(expected == "200"));
    }
}

#[tokio::test]
async fn a_session_that_was_overtaken_by_its_end_writes_nothing() {
    let cases: [(Change, &str); 4] = [
        (|_| (), "200"),
        (|meanwhile| meanwhile.passes = 3_599, "200"),
        (|meanwhile| meanwhile.passes = 3_600, EXPIRED),
        (|meanwhile| meanwhile.role = false, UNKNOWN_KEY),
    ];
    for (number, (change, expected)) in cases.into_iter().enumerate() {
        let world = World::new().await;
        let assume = format!("{}&ProviderId=www.amazon.com", with_web_identity("token"));
        let answer = world.app.answer(ask(&assume).unsigned()).await;
        let body = String::from_utf8(answer.body().to_vec()).unwrap();
        let element = |name: &str| {
            let (_, rest) = body.split_once(&format!("<{name}>")).unwrap();
            rest.split_once('<').unwrap().0.to_owned()
        };
        let [key, secret, token] = ["AccessKeyId", "SecretAccessKey", "SessionToken"].map(element);
        world.meanwhile(change);
        let create = Ask { key: &key, secret: &secret, token: Some(&token), ..create_group() };
        assert_eq!(world.shown(create.iam().signed()).await, expected, "case {number}");
        assert!(world.has_happened(), "case {number}");
    }
}

const DENIED: &str = "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity";
const UNKNOWN_KEY: &str =
    "InvalidClientTokenId: The security token included in the request is invalid.";
const EXPIRED: &str = "ExpiredToken: The security token included in the request is expired";

/// What may happen to `bob`, and what he is answered then.
const REVOCATIONS: [(Change, &str); 5] = [
    (|_| (), "200"),
    (|meanwhile| meanwhile.may = false, "AccessDenied"),
    (|meanwhile| meanwhile.key = Some(KeyStatus::Inactive), UNKNOWN_KEY),
    (|meanwhile| meanwhile.key = None, UNKNOWN_KEY),
    (|meanwhile| meanwhile.user = false, UNKNOWN_KEY),
];

type Change = fn(&mut Standing);

/// What stands in the account.
struct Standing {
    user: bool,
    /// Whether the user may do everything.
    may: bool,
    key: Option<KeyStatus>,
    role: bool,
    trust: String,
    /// What certificate the provider is registered with.
    provider: Option<&'static str>,
    client: &'static str,
    /// Seconds that pass.
    passes: i64,
}

impl Standing {
    fn at_first() -> Self {
        Self {
            user: true,
            may: true,
            key: Some(KeyStatus::Active),
            role: true,
            trust: json!({ "Version": "2012-10-17", "Statement": [
                statement("www.amazon.com"),
                statement("arn:aws:iam::000000000000:oidc-provider/idp.example"),
            ]})
            .to_string(),
            provider: Some("top"),
            client: "app",
            passes: 0,
        }
    }

    fn draft(&self) -> Draft {
        let everything = json!({ "Version": "2012-10-17", "Statement":
            { "Effect": "Allow", "Action": "iam:*", "Resource": "*" } });
        let mut draft = Draft::default();
        draft.put_account(ACCOUNT);
        let mut user = bob();
        let mut role = RoleRecord { assume_role_policy_document: self.trust.clone(), ..deploy() };
        for held in [&mut user.policies, &mut role.policies] {
            if self.may {
                held.inline.insert("all".to_owned(), everything.to_string());
            }
        }
        if self.user {
            draft.put_user(ACCOUNT, &user);
        }
        if let Some(status) = self.key {
            let key = AccessKeyRecord {
                id: BOBS_KEY.parse().unwrap(),
                secret: BOBS_SECRET.to_owned().into(),
                owner: KeyOwner::User(user.id),
                status,
                create_date: NOW,
            };
            draft.put_access_key(ACCOUNT, &key);
        }
        if self.role {
            draft.put_role(ACCOUNT, &role);
        }
        if let Some(certificate) = self.provider {
            let provider = OidcProviderRecord {
                url: "https://idp.example".to_owned(),
                client_ids: vec![self.client.to_owned()],
                thumbprints: vec![Thumbprint::of_certificate(certificate.as_bytes()).to_string()],
                create_date: NOW,
                tags: Default::default(),
            };
            draft.put_oidc_provider(ACCOUNT, &provider);
        }
        draft
    }
}

/// A deployment in which something changes at the worst moment.
struct World {
    app: App,
    key: SigningKey,
    worst: Arc<WorstMoment>,
}

impl World {
    async fn new() -> Self {
        let key = SigningKey::generate("k1", Algorithm::Es256).unwrap();
        let worst = Arc::new(WorstMoment::default());
        let keys = serde_json::to_vec(&[&key].into_iter().collect::<Jwks>()).unwrap();
        let network = Network { worst: Arc::clone(&worst), keys };
        let wall_clock = Arc::new(ManualClock::new(daypass_ident::SystemClock));
        let oidc_keys = KeyStore::new(Arc::new(network), wall_clock, Rules::default());
        let store = Overtaken { worst: Arc::clone(&worst), memory: MemoryStore::new() };
        let mut options = Options {
            oidc_keys: Arc::new(oidc_keys),
            store: Arc::new(store),
            ..Options::default()
        };
        options.departures.unasked_issuers = false;
        let app = App::with(options).await;
        app.env.state.replace(Standing::at_first().draft()).await.unwrap();
        let _ = worst.world.set((Arc::downgrade(&app.env), Arc::clone(&app.service_clock)));
        Self { app, key, worst }
    }

    fn meanwhile(&self, change: Change) {
        let mut standing = Standing::at_first();
        change(&mut standing);
        *self.worst.happens.lock().unwrap() = Some(standing);
    }

    fn has_happened(&self) -> bool {
        self.worst.happens.lock().unwrap().is_none()
    }

    fn token(&self) -> String {
        let claims = json!({
            "iss": "https://idp.example", "sub": "ana", "aud": "app", "iat": NOW - 60,
            "exp": NOW + 600,
        });
        self.key.sign(&claims).unwrap()
    }

    /// `200`, or the code and the text; of a denial that names its caller, the code.
    async fn shown(&self, request: http::Request<bytes::Bytes>) -> String {
        let answer = self.app.answer(request).await;
        if answer.status() == 200 {
            return "200".to_owned();
        }
        let body = String::from_utf8(answer.body().to_vec()).unwrap();
        let element = |name: &str| {
            let (_, rest) = body.split_once(&format!("<{name}>")).unwrap();
            rest.split_once('<').unwrap().0.to_owned()
        };
        let (code, message) = (element("Code"), element("Message").replace("&apos;", "'"));
        if message.starts_with("User: ") { code } else { format!("{code}: {message}") }
    }
}

/// What happens when somebody is asked, or writes.
#[derive(Default)]
struct WorstMoment {
    happens: Mutex<Option<Standing>>,
    world: OnceLock<(Weak<Env>, Arc<ManualClock>)>,
}

impl WorstMoment {
    async fn comes(&self) {
        let Some(standing) = self.happens.lock().unwrap().take() else { return };
        let (env, clock) = self.world.get().unwrap();
        clock.advance(standing.passes);
        let env = env.upgrade().unwrap();
        env.state.replace(standing.draft()).await.unwrap();
    }
}

impl std::fmt::Debug for WorstMoment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WorstMoment").finish_non_exhaustive()
    }
}

/// Where each server answers, and things happen before it does.
#[derive(Debug)]
struct Network {
    worst: Arc<WorstMoment>,
    keys: Vec<u8>,
}

impl Fetch for Network {
    fn get<'a>(&'a self, url: &'a str, _: usize) -> Fetching<'a> {
        Box::pin(async move {
            self.worst.comes().await;
            let metadata = json!({"issuer": "https://idp.example", "jwks_uri": KEYS});
            let about = json!({"app_id": "amzn1.application.a", "user_id": "amzn1.account.u"});
            let (body, trusted) = match url {
                KEYS => (self.keys.clone(), false),
                "https://idp.example/.well-known/openid-configuration" => {
                    (metadata.to_string().into(), false)
                }
                "https://new.example/.well-known/openid-configuration" => (Vec::new(), false),
                "https://api.amazon.com/auth/o2/tokeninfo?access_token=token" => {
                    (about.to_string().into(), true)
                }
                _ => return Err(FetchError::Unreachable),
            };
            let chain = Chain { trusted, top: Thumbprint::of_certificate(b"top") };
            Ok(Fetched { body, chain: Some(chain) })
        })
    }
}

/// A store in which somebody else's commit goes in before the first that relies on anything.
#[derive(Debug)]
struct Overtaken {
    worst: Arc<WorstMoment>,
    memory: MemoryStore,
}

impl Store for Overtaken {
    fn subscribe(&self, feed: Arc<dyn Feed>) -> BoxFuture<'_, Result<(), StoreError>> {
        self.memory.subscribe(feed)
    }

    fn commit(&self, transaction: Transaction) -> BoxFuture<'_, Result<Commit, StoreError>> {
        Box::pin(async move {
            if !transaction.preconditions.is_empty() {
                self.worst.comes().await;
            }
            self.memory.commit(transaction).await
        })
    }
}

fn with_web_identity(token: &str) -> String {
    format!(
        "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleSessionName=s1\
         &RoleArn=arn%3Aaws%3Aiam%3A%3A000000000000%3Arole%2Fdeploy&WebIdentityToken={token}"
    )
}

fn create_group() -> Ask<'static> {
    ask("Action=CreateGroup&Version=2010-05-08&GroupName=ops")
}

/// A trust policy for one provider.
fn allows(provider: &str) -> String {
    json!({ "Version": "2012-10-17", "Statement": statement(provider) }).to_string()
}

fn statement(provider: &str) -> Value {
    json!({
        "Effect": "Allow", "Principal": { "Federated": provider },
        "Action": "sts:AssumeRoleWithWebIdentity",
    })
}

const KEYS: &str = "https://idp.example/keys";
