//! A deployment in memory with a frozen clock, for the tests of operations.

use std::sync::Arc;

use aws_smithy_types::DateTime;
use daypass_authz::{
    Arrival, Call, Called, Decided, Departures, Env, Handle, Origin, Vouch, Vouched, authorise,
};
use daypass_federation::oidc::KeyStore;
use daypass_ident::{
    AccessKeyId, AccountId, Arn, IdKind, ManualClock, SystemClock, SystemIds, UniqueId,
};
use daypass_model::ServiceError;
use daypass_model::sts::{AssumeRoleOutput, Credentials};
use daypass_state::record::{
    AccessKeyRecord, HeldPolicies, KeyOwner, KeyStatus, OidcProviderRecord, RoleRecord,
    SamlProviderRecord, Tags, UserRecord,
};
use daypass_state::{Caller, Directory, Draft, State, WellKnownKeys};
use daypass_store::MemoryStore;
use daypass_token::KeyRing;
use serde_json::{Value, json};

/// The time at which everything happens: 2027-01-15T08:00:00Z.
pub(crate) const NOW: i64 = 1_800_000_000;

/// The account in which everything happens.
pub(crate) fn account() -> AccountId {
    "123456789012".parse().unwrap()
}

/// A deployment.
pub(crate) struct World {
    pub(crate) env: Arc<Env>,
    pub(crate) clock: Arc<ManualClock>,
}

/// What stands at the start.
#[derive(Default)]
pub(crate) struct Setup {
    draft: Draft,
    departures: Departures,
    oidc_keys: Arc<KeyStore>,
    no_well_known_keys: bool,
}

impl Setup {
    /// An OpenID Connect provider of an account's, for one client.
    pub(crate) fn oidc_provider(mut self, account: AccountId, url: &str, client: &str) -> Self {
        self.draft.put_oidc_provider(
            account,
            &OidcProviderRecord {
                url: url.to_owned(),
                client_ids: vec![client.to_owned()],
                thumbprints: Vec::new(),
                create_date: NOW,
                tags: Tags::default(),
            },
        );
        self
    }

    /// A SAML provider of the account's.
    pub(crate) fn saml_provider(mut self, record: &SamlProviderRecord) -> Self {
        self.draft.put_saml_provider(account(), record);
        self
    }

    /// The keys by which ID tokens are verified.
    pub(crate) fn oidc_keys(mut self, keys: KeyStore) -> Self {
        self.oidc_keys = Arc::new(keys);
        self
    }

    /// A user with the key `AKIA{NAME}` and an inline policy.
    pub(crate) fn user(mut self, name: &str, policy: Option<Value>) -> Self {
        let id = UniqueId::generate(IdKind::User, account(), &SystemIds);
        self.draft.put_user(
            account(),
            &UserRecord {
                name: name.to_owned(),
                path: "/".to_owned(),
                id,
                create_date: NOW,
                permissions_boundary: None,
                policies: inline(policy),
                groups: Vec::new(),
                tags: Tags::default(),
            },
        );
        self.draft.put_access_key(
            account(),
            &AccessKeyRecord {
                id: user_key(name),
                secret: "secret".to_owned().into(),
                owner: KeyOwner::User(id),
                status: KeyStatus::Active,
                create_date: NOW,
            },
        );
        self
    }

    /// A role with a trust statement and an inline policy.
    pub(crate) fn role(self, name: &str, trust: Value, policy: Option<Value>) -> Self {
        self.role_in(account(), name, trust, policy)
    }

    /// A role of any account, with its name as its tag `Name`.
    pub(crate) fn role_in(
        mut self,
        account: AccountId,
        name: &str,
        trust: Value,
        policy: Option<Value>,
    ) -> Self {
        let mut tags = Tags::default();
        tags.set("Name", name, |a, b| a == b);
        self.draft.put_role(
            account,
            &RoleRecord {
                name: name.to_owned(),
                path: "/team/".to_owned(),
                id: UniqueId::generate(IdKind::Role, account, &SystemIds),
                create_date: NOW,
                assume_role_policy_document: document(trust),
                description: None,
                max_session_duration: 7_200,
                permissions_boundary: None,
                source_template: None,
                policies: inline(policy),
                tags,
            },
        );
        self
    }

    pub(crate) fn strict(mut self) -> Self {
        self.departures = Departures::NONE;
        self
    }

    pub(crate) fn without_well_known_keys(mut self) -> Self {
        self.no_well_known_keys = true;
        self
    }

    pub(crate) async fn build(self) -> World {
        let state = State::open(Arc::new(MemoryStore::new())).await.unwrap();
        state.replace(self.draft).await.unwrap();
        let clock = Arc::new(ManualClock::new(SystemClock));
        clock.freeze(DateTime::from_secs(NOW));
        let well_known = (!self.no_well_known_keys).then(|| WellKnownKeys { account: account() });
        let env = Arc::new(Env {
            state,
            directory: Directory::new(KeyRing::generate(&SystemIds), well_known),
            clock: clock.clone(),
            ids: Arc::new(SystemIds),
            issuer: Arc::default(),
            departures: self.departures,
            oidc_keys: self.oidc_keys,
            service_principals: Arc::default(),
        });
        World { env, clock }
    }
}

impl World {
    /// Authorises, runs and commits an operation.
    pub(crate) async fn call<Op: Handle>(
        &self,
        caller: &Caller,
        input: Op::Input,
    ) -> Result<Op::Output, ServiceError> {
        self.carry_out::<Op>(Called::new(self.made_by(caller), input)).await
    }

    async fn carry_out<Op: Handle>(&self, called: Called<Op>) -> Result<Op::Output, ServiceError> {
        let permitted = authorise(called).map_err(|refused| refused.error)?;
        let mut tx = permitted.begin();
        let output = Op::run(&permitted, &mut tx)?;
        self.env.state.commit(tx).await.unwrap();
        Ok(output)
    }

    /// The same for an operation that nobody signs.
    pub(crate) async fn vouched<Op: Vouch>(
        &self,
        input: Op::Input,
    ) -> Result<Op::Output, ServiceError> {
        let arrival = self.arrival();
        let proof = Vouched::<Op>::ask(&input, &arrival).await?;
        self.carry_out(Called::proved(arrival, input, &proof)?).await
    }

    /// What is kept of an operation that policies do not allow.
    pub(crate) fn denied<Op: Handle>(&self, caller: &Caller, input: Op::Input) -> Decided {
        let refused = authorise(Called::<Op>::new(self.made_by(caller), input)).err().unwrap();
        refused.denied.unwrap()
    }

    /// A call, before it is authorised.
    pub(crate) fn made_by(&self, caller: &Caller) -> Call {
        self.arrival().made_by(caller.clone())
    }

    fn arrival(&self) -> Arrival {
        Arrival {
            env: Arc::clone(&self.env),
            view: self.env.state.view(),
            region: "eu-west-1".into(),
            now: daypass_ident::Clock::now(&*self.clock),
            origin: Origin {
                source_ip: Some([127, 0, 0, 1].into()),
                secure_transport: false,
                user_agent: None,
                referer: None,
            },
        }
    }

    /// The root user of the account.
    pub(crate) fn root(&self) -> Caller {
        self.identify("test", None)
    }

    /// A user by name.
    pub(crate) fn user(&self, name: &str) -> Caller {
        self.identify(user_key(name).as_str(), None)
    }

    /// Whoever holds the credentials that an operation has issued.
    pub(crate) fn session(&self, credentials: &Credentials) -> Caller {
        self.identify(&credentials.access_key_id, Some(&credentials.session_token))
    }

    fn identify(&self, id: &str, token: Option<&str>) -> Caller {
        self.env.directory.identify(&self.env.state.view(), id, token, NOW).unwrap()
    }
}

/// The credentials of an answer.
pub(crate) fn credentials(output: &AssumeRoleOutput) -> &Credentials {
    output.credentials.as_ref().unwrap()
}

/// The ARN of one of the account's roles.
pub(crate) fn role_arn(name: &str) -> String {
    Arn::role(account(), "/team/", name).into()
}

/// A trust statement for one principal of the `AWS` kind.
pub(crate) fn trusts(principal: &str) -> Value {
    json!({ "Effect": "Allow", "Principal": { "AWS": principal }, "Action": "sts:AssumeRole" })
}

/// A statement that allows actions on everything.
pub(crate) fn allows(actions: &[&str]) -> Value {
    json!({ "Effect": "Allow", "Action": actions, "Resource": "*" })
}

/// A document of one statement or of several.
pub(crate) fn document(statements: Value) -> String {
    json!({ "Version": "2012-10-17", "Statement": statements }).to_string()
}

/// The text of a refusal, with its code and status before it.
pub(crate) fn refusal<T: std::fmt::Debug>(result: Result<T, ServiceError>) -> String {
    let error = result.unwrap_err();
    format!("{} {} {}", error.shape.status, error.shape.code, error.message.unwrap_or_default())
}

fn user_key(name: &str) -> AccessKeyId {
    format!("AKIA{}", name.to_ascii_uppercase()).parse().unwrap()
}

fn inline(policy: Option<Value>) -> HeldPolicies {
    let document = |policy| ("inline".to_owned(), document(policy));
    HeldPolicies { inline: policy.map(document).into_iter().collect(), attached: Vec::new() }
}
