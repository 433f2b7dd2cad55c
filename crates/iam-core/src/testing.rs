//! One account's worth of daypass in memory, for the tests of operations: they call an operation
//! as a request would, authorised, run and committed, and look at what it answers.

use std::fmt;
use std::sync::{Arc, Mutex};

use aws_smithy_types::DateTime;
use daypass_authz::{
    Arrival, Call, Called, Departures, Env, Guarded, Handle, Identified, Origin, Permitted,
    Waiting, authorise,
};
use daypass_federation::oidc::{Fetch, KeyStore, Offline, Rules};
use daypass_ident::{
    AccessKeyId, AccessKeyKind, AccountId, IdGen, ManualClock, Principal, SystemClock,
};
use daypass_model::ServiceError;
use daypass_model::iam::{CreateAccessKeyInput, CreateUserInput};
use daypass_state::{
    Account, Caller, Committed, CredentialError, Directory, State, Tx, View, WellKnownKeys,
};
use daypass_store::MemoryStore;
use daypass_token::{KeyRing, Mfa, SessionClaims};

use crate::generated::{CreateAccessKey, CreateUser};

/// The account of the fixture's root user.
pub(crate) const ACCOUNT: AccountId = AccountId::ZERO;

/// When the fixture's clock stands still, in Unix seconds, until it is moved.
pub(crate) const NOW: i64 = 1_700_000_000;

pub(crate) struct Fixture {
    pub(crate) clock: Arc<ManualClock>,
    env: Arc<Env>,
    runtime: tokio::runtime::Runtime,
}

impl Fixture {
    /// An empty state, and AWS's behaviour in everything for which there need be no network.
    pub(crate) fn new() -> Self {
        Self::with_departures(Departures { unasked_issuers: true, ..Departures::NONE })
    }

    /// An empty state, and nobody who answers.
    pub(crate) fn with_departures(departures: Departures) -> Self {
        Self::with_network(Offline, departures)
    }

    /// An empty state, AWS's behaviour, and these services beside AWS's.
    pub(crate) fn with_services(names: &[&str]) -> Self {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        Self::build(Offline, Departures::NONE, names)
    }

    /// An empty state, and this network.
    pub(crate) fn with_network(network: impl Fetch + 'static, departures: Departures) -> Self {
        Self::build(network, departures, Arc::default())
    }

    fn build(
        network: impl Fetch + 'static,
        departures: Departures,
        service_principals: Arc<[String]>,
    ) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let clock = Arc::new(ManualClock::new(SystemClock));
        clock.freeze(DateTime::from_secs(NOW));
        let ids = SeededIds::default();
        let ring = KeyRing::generate(&ids);
        let env = Arc::new(Env {
            state: runtime.block_on(State::open(Arc::new(MemoryStore::new()))).unwrap(),
            directory: Directory::new(ring, Some(WellKnownKeys { account: ACCOUNT })),
            clock: Arc::clone(&clock) as _,
            ids: Arc::new(ids),
            issuer: Arc::default(),
            departures,
            oidc_keys: Arc::new(KeyStore::new(
                Arc::new(network),
                Arc::new(SystemClock),
                Rules::default(),
            )),
            service_principals,
        });
        Self { clock, env, runtime }
    }

    /// The state as it is.
    pub(crate) fn view(&self) -> Arc<View> {
        self.env.state.view()
    }

    /// The root user of [`ACCOUNT`].
    pub(crate) fn root(&self) -> Caller {
        self.caller(WellKnownKeys::TEST)
    }

    /// Whose this long-term access key is; a 12-digit account id is its root user's key.
    pub(crate) fn caller(&self, access_key_id: &str) -> Caller {
        self.identify(access_key_id).unwrap()
    }

    /// As [`caller`](Self::caller), for keys that may be refused.
    pub(crate) fn identify(&self, access_key_id: &str) -> Result<Caller, CredentialError> {
        self.env.directory.identify(&self.view(), access_key_id, None, self.now().secs())
    }

    /// A user of [`ACCOUNT`], made with a key and with this inline policy, if any.
    pub(crate) fn user(&self, name: &str, policy: Option<&str>) -> Caller {
        self.ok::<CreateUser>(CreateUserInput { user_name: name.to_owned(), ..Default::default() });
        if let Some(document) = policy {
            self.write(|account, tx| {
                let mut user = account.user(name).unwrap().record.clone();
                user.policies.inline.insert("test".to_owned(), document.to_owned());
                tx.put_user(&user);
            });
        }
        let key = CreateAccessKeyInput { user_name: Some(name.to_owned()) };
        self.caller(&self.ok::<CreateAccessKey>(key).access_key.access_key_id)
    }

    /// A user who may do this one thing on this one resource.
    pub(crate) fn user_allowed(&self, name: &str, action: &str, resource: &str) -> Caller {
        let statement =
            format!(r#"{{"Effect": "Allow", "Action": "{action}", "Resource": "{resource}"}}"#);
        let policy = format!(r#"{{"Version": "2012-10-17", "Statement": {statement}}}"#);
        self.user(name, Some(&policy))
    }

    /// A session of this principal, begun with a code of a device: without one, IAM does not
    /// listen to the sessions of users.
    pub(crate) fn session(&self, principal: Principal) -> Caller {
        let authenticated_at = self.now().secs();
        let mfa = Some(Mfa { serial: "GAHT12345678".to_owned(), authenticated_at });
        self.session_as(principal, |plain| SessionClaims { mfa, ..plain })
    }

    /// A session of `AssumeRoot` on [`ACCOUNT`].
    pub(crate) fn assumed_root(&self) -> Caller {
        let root = self.root().principal().clone();
        self.session_as(root, |plain| SessionClaims { assumed_root: true, ..plain })
    }

    fn session_as(
        &self,
        principal: Principal,
        claims: impl FnOnce(SessionClaims) -> SessionClaims,
    ) -> Caller {
        let now = self.now().secs();
        let account = principal.account();
        let id = AccessKeyId::generate(AccessKeyKind::Temporary, account, &*self.env.ids);
        let claims = claims(SessionClaims::plain(id, principal, now, now + 3600));
        let directory = &self.env.directory;
        let sealed = directory.ring().seal(&claims, &*self.env.ids).unwrap();
        let (id, token) = (claims.access_key_id.as_str(), sealed.token.as_str());
        directory.identify(&self.view(), id, Some(token), now).unwrap()
    }

    /// Writes to [`ACCOUNT`] beside all operations.
    pub(crate) fn write(&self, change: impl FnOnce(&Account, &mut Tx)) {
        let view = self.view();
        let mut tx = Tx::new(Arc::clone(&view), ACCOUNT);
        change(view.account(ACCOUNT), &mut tx);
        self.commit(tx);
    }

    /// What an operation answers to a caller.
    pub(crate) fn call<Op: Handle>(
        &self,
        caller: &Caller,
        input: Op::Input,
    ) -> Result<Op::Output, ServiceError> {
        let call = self.call_by(caller);
        let mut permitted = authorised(Called::<Op>::new(call, input))?;
        let learned = Op::inquire(&permitted).map(|question| self.runtime.block_on(question));
        if let Some(learned) = learned.transpose()? {
            let again = permitted.again(&Identified(caller.clone())).unwrap();
            permitted = authorised(again.with_learned(learned))?;
        }
        let mut tx = permitted.begin();
        let output = Op::run(&permitted, &mut tx)?;
        self.commit(tx);
        Ok(output)
    }

    /// What an operation answers to the root user, with whatever is done to the call before it runs
    /// and kept until it is over.
    pub(crate) fn run<Op: Handle>(
        &self,
        input: Op::Input,
        before: impl FnOnce(&mut Permitted<Op>) -> Option<Waiting>,
    ) -> Result<Op::Output, ServiceError> {
        let call = self.call_by(&self.root());
        let mut permitted = authorised(Called::<Op>::new(call, input))?;
        let _kept = before(&mut permitted);
        Op::run(&permitted, &mut permitted.begin())
    }

    /// How authorisation refuses a caller: `Code: text`. Empty when it does not.
    pub(crate) fn denial<Op: Guarded>(&self, caller: &Caller, input: Op::Input) -> String {
        match authorised(Called::<Op>::new(self.call_by(caller), input)) {
            Ok(_) => String::new(),
            Err(error) => text(error),
        }
    }

    /// What an operation answers to the root user, who may do everything.
    pub(crate) fn ok<Op: Handle>(&self, input: Op::Input) -> Op::Output {
        self.call::<Op>(&self.root(), input)
            .unwrap_or_else(|error| panic!("{}: {error:?}", Op::NAME))
    }

    /// What an operation answers to the root user, or how it refuses: `Code: text`.
    pub(crate) fn answer<Op: Handle>(&self, input: Op::Input) -> Result<Op::Output, String> {
        self.call::<Op>(&self.root(), input).map_err(text)
    }

    /// How an operation refuses the root user: `Code: text`.
    pub(crate) fn refusal<Op: Handle>(&self, input: Op::Input) -> String {
        self.refusal_to::<Op>(&self.root(), input)
    }

    /// How an operation refuses a caller: `Code: text`.
    pub(crate) fn refusal_to<Op: Handle>(&self, caller: &Caller, input: Op::Input) -> String {
        match self.call::<Op>(caller, input) {
            Ok(output) => panic!("{} answered {output:?}", Op::NAME),
            Err(error) => text(error),
        }
    }

    fn call_by(&self, caller: &Caller) -> Call {
        let arrival = Arrival {
            env: Arc::clone(&self.env),
            view: self.view(),
            region: "us-east-1".into(),
            now: self.now(),
            origin: Origin {
                source_ip: None,
                secure_transport: true,
                user_agent: None,
                referer: None,
            },
        };
        arrival.made_by(caller.clone())
    }

    fn now(&self) -> DateTime {
        self.env.clock.now()
    }

    fn commit(&self, tx: Tx) {
        let committed = self.runtime.block_on(self.env.state.commit(tx)).unwrap();
        assert_eq!(committed, Committed::Done);
    }
}

fn authorised<Op: Guarded>(called: Called<Op>) -> Result<Permitted<Op>, ServiceError> {
    authorise(called).map_err(|refused| refused.error)
}

fn text(error: ServiceError) -> String {
    format!("{}: {}", error.shape.code, error.message.unwrap_or_default())
}

/// Bytes that are the same in every run (SplitMix64).
#[derive(Debug, Default)]
struct SeededIds(Mutex<u64>);

impl IdGen for SeededIds {
    fn fill(&self, buffer: &mut [u8]) {
        let mut state = self.0.lock().unwrap();
        for chunk in buffer.chunks_mut(8) {
            *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            let bytes = (mixed ^ (mixed >> 31)).to_le_bytes();
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
    }
}

impl fmt::Debug for Fixture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fixture").finish_non_exhaustive()
    }
}
