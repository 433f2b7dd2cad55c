use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    SignableBody, SignableRequest, SignatureLocation, SigningParams, SigningSettings, sign,
};
use aws_sigv4::sign::{v4, v4a};
use aws_smithy_types::DateTime;
use bytes::Bytes;
use daypass_audit::{AuditSink, Event};
use daypass_authz::{Departures, Env, Explanations};
use daypass_federation::oidc::KeyStore;
use daypass_gateway::{Gateway, GatewayConfig, Limits, Reset};
use daypass_ident::{AccountId, Clock, IdGen, IdKind, ManualClock, Secret, SystemClock, UniqueId};
use daypass_state::record::{AccessKeyRecord, KeyOwner, KeyStatus, RoleRecord, UserRecord};
use daypass_state::{Directory, Draft, State, WellKnownKeys};
use daypass_store::{MemoryStore, Store};
use daypass_token::KeyRing;
use tracing::subscriber::{DefaultGuard, NoSubscriber, set_default};
use tracing::{Dispatch, Level};
use tracing_subscriber::fmt::MakeWriter;

/// 2027-01-15T08:00:00Z, where both clocks stand until a test moves them.
pub(crate) const NOW: i64 = 1_800_000_000;

/// The account of the well-known key `test`, of the user and of the role.
pub(crate) const ACCOUNT: AccountId = AccountId::ZERO;

/// The header of a web page of another site.
pub(crate) const FOREIGN_PAGE: &[(&str, &str)] = &[("origin", "https://example.org")];

/// The request id of every answer, since all random bytes are the same.
pub(crate) const REQUEST_ID: &str = "abababab-abab-4bab-abab-abababababab";

/// A gateway with a user `bob`, who may do nothing, and a role `deploy`, which trusts the account.
pub(crate) struct App {
    pub(crate) gateway: Gateway,
    pub(crate) env: Arc<Env>,
    pub(crate) wall_clock: Arc<ManualClock>,
    pub(crate) service_clock: Arc<ManualClock>,
    pub(crate) events: Arc<Events>,
}

/// How an [`App`] differs from the usual one.
pub(crate) struct Options {
    pub(crate) departures: Departures,
    pub(crate) well_known_keys: bool,
    pub(crate) reset: Option<Arc<dyn Reset>>,
    pub(crate) clock_is_offered: bool,
    pub(crate) regions: &'static [&'static str],
    pub(crate) limits: Limits,
    pub(crate) public_host: Option<&'static str>,
    pub(crate) endpoint: &'static str,
    pub(crate) wall_clock: Option<Arc<dyn Clock>>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) oidc_keys: Arc<KeyStore>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            // Whole answers are compared, and diagnoses and explanations add headers to some.
            departures: Departures {
                diagnoses: false,
                explanations: Explanations::None,
                ..Departures::DEFAULT
            },
            well_known_keys: true,
            reset: None,
            clock_is_offered: false,
            regions: daypass_gateway::REGIONS,
            limits: Limits::default(),
            public_host: None,
            endpoint: daypass_gateway::DEFAULT_ENDPOINT,
            wall_clock: None,
            store: Arc::new(MemoryStore::new()),
            oidc_keys: Arc::default(),
        }
    }
}

impl App {
    pub(crate) async fn new() -> Self {
        Self::with(Options::default()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let [wall_clock, service_clock] = [stopped_clock(), stopped_clock()];
        let env = Arc::new(Env {
            state: State::open(options.store).await.unwrap(),
            directory: Directory::new(
                KeyRing::generate(&SameBytes),
                options.well_known_keys.then_some(WellKnownKeys { account: ACCOUNT }),
            ),
            clock: Arc::clone(&service_clock) as _,
            ids: Arc::new(SameBytes),
            issuer: Arc::default(),
            departures: options.departures,
            oidc_keys: options.oidc_keys,
            service_principals: Arc::default(),
        });
        let events = Arc::new(Events::default());
        let gateway = Gateway::new(GatewayConfig {
            env: Arc::clone(&env),
            account: ACCOUNT,
            endpoint: options.endpoint.into(),
            public_host: options.public_host.map(Into::into),
            wall_clock: options.wall_clock.unwrap_or_else(|| Arc::clone(&wall_clock) as _),
            audit: Arc::clone(&events) as _,
            reset: options.reset,
            bulk: None,
            clock: options.clock_is_offered.then(|| Arc::clone(&service_clock)),
            regions: options.regions,
            limits: options.limits,
        });
        let app = Self { gateway, env, wall_clock, service_clock, events };
        app.store(KeyStatus::Active, Some(role_id())).await;
        app
    }

    /// Stores nothing but the user, with a key of this status, and the role, with this id.
    pub(crate) async fn store(&self, bobs_key: KeyStatus, role: Option<UniqueId>) {
        let mut draft = Draft::default();
        draft.put_user(ACCOUNT, &bob());
        draft.put_access_key(
            ACCOUNT,
            &AccessKeyRecord {
                id: BOBS_KEY.parse().unwrap(),
                secret: Secret::new(BOBS_SECRET.to_owned()),
                owner: KeyOwner::User(bob().id),
                status: bobs_key,
                create_date: NOW,
            },
        );
        if let Some(id) = role {
            draft.put_role(ACCOUNT, &RoleRecord { id, ..deploy() });
        }
        self.env.state.replace(draft).await.unwrap();
    }

    pub(crate) async fn answer(&self, request: http::Request<Bytes>) -> http::Response<Bytes> {
        self.gateway.answer(request, PEER).await
    }

    /// The whole answer, as text.
    pub(crate) async fn shown(&self, request: http::Request<Bytes>) -> String {
        show(&self.answer(request).await)
    }

    /// Credentials that STS issues to whoever signs `ask`.
    pub(crate) async fn session(&self, ask: Ask<'_>) -> Session {
        let answer = self.answer(ask.signed()).await;
        let body = String::from_utf8(answer.body().to_vec()).unwrap();
        assert_eq!(answer.status(), 200, "{body}");
        let element = |name: &str| {
            let (_, rest) = body.split_once(&format!("<{name}>")).unwrap();
            rest.split_once('<').unwrap().0.to_owned()
        };
        Session {
            key: element("AccessKeyId"),
            secret: element("SecretAccessKey"),
            token: element("SessionToken"),
        }
    }
}

pub(crate) struct Session {
    pub(crate) key: String,
    pub(crate) secret: String,
    pub(crate) token: String,
}

impl Session {
    pub(crate) fn sign<'a>(&'a self, ask: Ask<'a>) -> Ask<'a> {
        Ask { key: &self.key, secret: &self.secret, token: Some(&self.token), ..ask }
    }
}

/// What a client asks, and how it signs: to be changed field by field.
#[derive(Clone, Copy)]
pub(crate) struct Ask<'a> {
    pub(crate) method: &'a str,
    pub(crate) target: &'a str,
    pub(crate) headers: &'a [(&'a str, &'a str)],
    pub(crate) body: &'a str,
    pub(crate) host: &'a str,
    pub(crate) key: &'a str,
    pub(crate) secret: &'a str,
    pub(crate) token: Option<&'a str>,
    /// A region, or with SigV4a a region set.
    pub(crate) region: &'a str,
    pub(crate) sigv4a: bool,
    pub(crate) service: &'a str,
    pub(crate) at: i64,
}

/// The root user with the well-known key, in the usual form.
pub(crate) fn ask(body: &str) -> Ask<'_> {
    Ask {
        method: "POST",
        target: "/",
        headers: &[("content-type", "application/x-www-form-urlencoded; charset=utf-8")],
        body,
        host: "localhost:4566",
        key: "test",
        secret: "test",
        token: None,
        region: "us-east-1",
        sigv4a: false,
        service: "sts",
        at: NOW,
    }
}

/// As [`ask`], by GET.
pub(crate) fn get(target: &str) -> Ask<'_> {
    Ask { method: "GET", target, headers: &[], ..ask("") }
}

impl<'a> Ask<'a> {
    pub(crate) fn iam(self) -> Self {
        Self { service: "iam", ..self }
    }

    pub(crate) fn by_bob(self) -> Self {
        Self { key: BOBS_KEY, secret: BOBS_SECRET, ..self }
    }

    pub(crate) fn with(self, headers: &'a [(&'a str, &'a str)]) -> Self {
        Self { headers, ..self }
    }

    pub(crate) fn at(self, host: &'a str) -> Self {
        Self { host, ..self }
    }

    pub(crate) fn unsigned(self) -> http::Request<Bytes> {
        let request = http::Request::builder().method(self.method).uri(self.target);
        let request = request.header("host", self.host);
        let request =
            self.headers.iter().fold(request, |it, (name, value)| it.header(*name, *value));
        request.body(Bytes::copy_from_slice(self.body.as_bytes())).unwrap()
    }

    pub(crate) fn signed(self) -> http::Request<Bytes> {
        self.signed_in(SignatureLocation::Headers)
    }

    pub(crate) fn presigned(self) -> http::Request<Bytes> {
        self.signed_in(SignatureLocation::QueryParams)
    }

    fn signed_in(self, location: SignatureLocation) -> http::Request<Bytes> {
        let mut request = self.unsigned();
        let token = self.token.map(ToOwned::to_owned);
        let identity = Credentials::new(self.key, self.secret, token, None, "tests").into();
        let mut settings = SigningSettings::default();
        settings.signature_location = location;
        settings.expires_in = Some(Duration::from_secs(60));
        let params: SigningParams<'_> = if self.sigv4a {
            v4a::SigningParams::builder()
                .identity(&identity)
                .region_set(self.region)
                .name(self.service)
                .time(system_time(self.at))
                .settings(settings)
                .build()
                .unwrap()
                .into()
        } else {
            v4::SigningParams::builder()
                .identity(&identity)
                .region(self.region)
                .name(self.service)
                .time(system_time(self.at))
                .settings(settings)
                .build()
                .unwrap()
                .into()
        };
        let url = format!("http://{}{}", self.host, self.target);
        let headers =
            request.headers().iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap()));
        let signable = SignableRequest::new(
            self.method,
            &url,
            headers,
            SignableBody::Bytes(self.body.as_bytes()),
        );
        let (instructions, _) = sign(signable.unwrap(), &params).unwrap().into_parts();
        instructions.apply_to_request_http1x(&mut request);
        request
    }
}

/// Status, headers by name, body.
pub(crate) fn show(answer: &http::Response<Bytes>) -> String {
    let mut headers: Vec<_> = answer
        .headers()
        .iter()
        .map(|(name, value)| format!("{name}: {}\n", value.to_str().unwrap()))
        .collect();
    headers.sort();
    let body = String::from_utf8(answer.body().to_vec()).unwrap();
    format!("{}\n{}\n{body}", answer.status().as_u16(), headers.concat())
}

/// The text of a whole STS error answer.
pub(crate) fn sts_error(status: u16, code: &str, message: Option<&str>) -> String {
    error(status, code, message, STS)
}

/// The text of a whole IAM error answer.
pub(crate) fn iam_error(status: u16, code: &str, message: Option<&str>) -> String {
    let answer = error(status, code, message, "https://iam.amazonaws.com/doc/2010-05-08/");
    answer.replace(&format!("x-amz-sts-extended-request-id: {REQUEST_ID}\n"), "")
}

pub(crate) fn error(status: u16, code: &str, message: Option<&str>, namespace: &str) -> String {
    let party = if status < 500 { "Sender" } else { "Receiver" };
    let message = message.map(|text| format!("    <Message>{text}</Message>\n"));
    let message = message.unwrap_or_default();
    format!(
        "{status}\ncontent-type: text/xml\nx-amz-sts-extended-request-id: {REQUEST_ID}\n\
         x-amzn-requestid: {REQUEST_ID}\n\n\
         <ErrorResponse xmlns=\"{namespace}\">\n  <Error>\n    <Type>{party}</Type>\n    \
         <Code>{code}</Code>\n{message}  </Error>\n  <RequestId>{REQUEST_ID}</RequestId>\n\
         </ErrorResponse>\n"
    )
}

pub(crate) fn bob() -> UserRecord {
    UserRecord {
        name: "bob".to_owned(),
        path: "/a/".to_owned(),
        id: UniqueId::generate(IdKind::User, ACCOUNT, &SameBytes),
        create_date: NOW,
        permissions_boundary: None,
        policies: Default::default(),
        groups: Vec::new(),
        tags: Default::default(),
    }
}

pub(crate) fn role_id() -> UniqueId {
    UniqueId::generate(IdKind::Role, ACCOUNT, &SameBytes)
}

pub(crate) fn deploy() -> RoleRecord {
    RoleRecord {
        name: "deploy".to_owned(),
        path: "/".to_owned(),
        id: role_id(),
        create_date: NOW,
        assume_role_policy_document: r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow",
            "Principal":{"AWS":"000000000000"},"Action":"sts:AssumeRole"}}"#
            .to_owned(),
        description: None,
        max_session_duration: 3600,
        permissions_boundary: None,
        source_template: None,
        policies: Default::default(),
        tags: Default::default(),
    }
}

fn stopped_clock() -> Arc<ManualClock> {
    let clock = ManualClock::new(SystemClock);
    clock.freeze(DateTime::from_secs(NOW));
    Arc::new(clock)
}

fn system_time(at: i64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(at.try_into().unwrap())
}

/// Random bytes that are all the same.
#[derive(Debug)]
pub(crate) struct SameBytes;

impl IdGen for SameBytes {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(0xAB);
    }
}

/// The events of an [`App`], as JSON.
#[derive(Debug, Default)]
pub(crate) struct Events(Mutex<Vec<serde_json::Value>>);

impl Events {
    pub(crate) fn take(&self) -> Vec<serde_json::Value> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

impl AuditSink for Events {
    fn enabled(&self) -> bool {
        true
    }

    fn record(&self, event: &Event<'_>) {
        self.0.lock().unwrap().push(serde_json::to_value(event).unwrap());
    }
}

pub(crate) const STS: &str = "https://sts.amazonaws.com/doc/2011-06-15/";
pub(crate) const BOBS_KEY: &str = "AKIAIOSFODNN7EXAMPLE";
pub(crate) const BOBS_SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
pub(crate) const WHO: &str = "Action=GetCallerIdentity&Version=2011-06-15";
pub(crate) const PEER: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 50_000);

/// The log of this thread, from when it is made.
pub(crate) struct Log {
    lines: Lines,
    _guard: DefaultGuard,
    _second: Dispatch,
}

impl Log {
    pub(crate) fn at(level: Level) -> Self {
        let lines = Lines::default();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(level)
            .with_ansi(false)
            .without_time()
            .with_writer(lines.clone())
            .finish();
        // Beside a second one, `tracing` asks all subscribers about each place that logs. A single one is
        // asked by its own thread alone, so that another test could switch such a place off for good.
        let second = Dispatch::new(NoSubscriber::default());
        Self { lines, _guard: set_default(subscriber), _second: second }
    }

    /// What it holds now.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.lines.0.lock().unwrap().clone()).unwrap()
    }

    /// What it has got since this was last asked.
    pub(crate) fn take(&self) -> String {
        String::from_utf8(std::mem::take(&mut *self.lines.0.lock().unwrap())).unwrap()
    }
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Lines {
    type Writer = Self;

    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}
