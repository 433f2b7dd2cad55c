//! No answer tells a caller what another account has.
//!
//! Each operation of AWS's is called with the names and ARNs of entities of [`ACCOUNT`], once while
//! they exist and once while they do not. To a caller of another account both answers are the same,
//! byte for byte. To a caller of the account itself they differ, or else the request names nothing
//! and the test shows nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use aws_smithy_types::DateTime;
use daypass_authz::{
    Arrival, Call, Called, Departures, Env, Handle, Identified, Origin, Proof, Visit, Vouch,
    Vouched, authorise,
};
use daypass_ident::{AccountId, IdGen, IdKind, ManualClock, SystemClock, UniqueId};
use daypass_state::record::{AccessKeyRecord, HeldPolicies, KeyOwner, KeyStatus, Tags, UserRecord};
use daypass_state::{Directory, Draft, State, WellKnownKeys};
use daypass_store::MemoryStore;
use daypass_tests::{ACCOUNT, Filling, Samples, encoded};
use daypass_token::KeyRing;
use daypass_wire::{Format, Params, decode, response};

use crate::world::{ALICES_KEY, put_entities};

#[tokio::test]
async fn answers_do_not_depend_on_what_another_account_has() {
    let mut telling = BTreeMap::new();
    for (service, operation) in operations() {
        for own_namesakes in [false, true] {
            let worlds = Worlds::of(own_namesakes).await;
            for form in forms(service, operation) {
                let [with, without] =
                    worlds.answers(STRANGERS_KEY, service, operation, &form).await;
                if with == without {
                    continue;
                }
                telling.insert(operation, format!("{form}\nwith: {with}\nwithout: {without}"));
            }
        }
    }
    for (operation, _) in EXCEPTIONS {
        assert!(telling.remove(operation).is_some(), "{operation} is no exception any more");
    }
    assert!(telling.is_empty(), "{telling:#?}");
}

#[tokio::test]
async fn requests_name_what_the_account_has() {
    let worlds = Worlds::of(false).await;
    let mut silent = BTreeSet::new();
    for (service, operation) in operations() {
        let mut differs = false;
        for form in forms(service, operation) {
            let [with, without] = worlds.answers(OWNERS_KEY, service, operation, &form).await;
            differs |= with != without;
        }
        if !differs {
            silent.insert(operation);
        }
    }
    assert_eq!(silent, NAMES_NOTHING.iter().map(|(name, _)| *name).collect());
}

/// The operations whose answers depend on other accounts on AWS, too, and why.
const EXCEPTIONS: [(&str, &str); 3] = [
    ("AssumeRoleWithSAML", "nobody signs it: the answer is about the provider that it names"),
    ("CreateAccountAlias", "an alias is unique among all accounts"),
    ("GetAccessKeyInfo", "it answers which account a key belongs to"),
];

/// The operations that are given no name and no ARN of what an account has, or that answer the same
/// whether it is there or not, and why.
const NAMES_NOTHING: [(&str, &str); 27] = [
    ("AcquireRole", "the sample's values are of no parameter"),
    ("AssumeRoleWithWebIdentity", "a token comes first, and the sample's is none"),
    ("AssumeRoot", "it names an account"),
    ("ChangePassword", "it is for users, and root calls"),
    ("CreateSAMLProvider", "metadata come first, and the sample's are none"),
    ("DecodeAuthorizationMessage", "it names nothing"),
    ("DeleteOpenIDConnectProvider", "a provider that is not there is as good as deleted"),
    ("DisableOrganizationsRootCredentialsManagement", "it names nothing"),
    ("DisableOrganizationsRootSessions", "it names nothing"),
    ("DisableOutboundWebIdentityFederation", "it names nothing"),
    ("EnableOrganizationsRootCredentialsManagement", "it names nothing"),
    ("EnableOrganizationsRootSessions", "it names nothing"),
    ("EnableOutboundWebIdentityFederation", "it names nothing"),
    ("GenerateOrganizationsAccessReport", "it names an organisation"),
    ("GetCallerIdentity", "it names nothing"),
    ("GetContextKeysForCustomPolicy", "it names nothing"),
    ("GetDelegatedAccessToken", "a token names the request, and the sample's is none"),
    ("GetOrganizationsAccessReport", "the sample's job is of a user"),
    ("GetOutboundWebIdentityFederationInfo", "it names nothing"),
    ("GetRoleTemplateVersion", "it names what is AWS's"),
    ("GetSessionToken", "the device that it names must be the caller's"),
    ("GetWebIdentityToken", "it names nothing"),
    ("ListOrganizationsFeatures", "it names nothing"),
    ("UploadServerCertificate", "a certificate comes first, and the sample's is none"),
    ("PutAccountProperties", "they are the account's, whatever they were before"),
    ("SetSecurityTokenServicePreferences", "they are the account's, whatever they were before"),
    ("UpdateAccountPasswordPolicy", "it is the account's, whatever it was before"),
];

fn operations() -> impl Iterator<Item = (&'static str, &'static str)> {
    let iam = daypass_iam_core::OPERATIONS.iter().map(|operation| ("iam", *operation));
    iam.chain(daypass_sts_core::OPERATIONS.iter().map(|operation| ("sts", *operation)))
}

/// Requests that name the entities of [`ACCOUNT`]: with all parameters, with the required ones, and
/// with these and one other, so that no parameter keeps another from being looked at. Where several
/// parameters name the account, each does so once while the others name the stranger's.
fn forms(service: &str, operation: &str) -> BTreeSet<String> {
    let samples = Samples::of(service);
    let full = samples.pairs(operation, Filling::Full);
    let bare = samples.pairs(operation, Filling::Bare);
    let optional: BTreeSet<&str> = full.iter().map(|(name, _)| top(name)).collect();
    let mut all = vec![full.clone(), bare.clone()];
    for name in optional {
        if !bare.iter().any(|(given, _)| top(given) == name) {
            let one = full.iter().filter(|(given, _)| top(given) == name);
            all.push(bare.iter().chain(one).cloned().collect());
        }
    }
    let mut forms = BTreeSet::new();
    for pairs in all {
        forms.insert(encoded(&pairs));
        for (foreign, _) in pairs.iter().filter(|(_, value)| value.contains(ACCOUNT)) {
            let own = pairs.iter().map(|(name, value)| {
                let value = value.replace(ACCOUNT, STRANGER);
                (name.clone(), value)
            });
            let mixed = own.zip(&pairs).map(
                |(own, given)| {
                    if given.0 == *foreign { given.clone() } else { own }
                },
            );
            forms.insert(encoded(&mixed.collect::<Vec<_>>()));
        }
    }
    forms
}

/// The parameter that an entry of a list or a member of a structure is a part of.
fn top(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

/// Two deployments that differ in what [`ACCOUNT`] has: all that the samples name, and nothing.
struct Worlds([World; 2]);

struct World {
    env: Arc<Env>,
    ids: Arc<CountedIds>,
}

impl Worlds {
    /// Where the stranger's account has entities of the same names, or none.
    async fn of(own_namesakes: bool) -> Self {
        Self([World::of(own_namesakes, true).await, World::of(own_namesakes, false).await])
    }

    async fn answers(&self, key: &str, service: &str, operation: &str, form: &str) -> [String; 2] {
        let Self([with, without]) = self;
        [
            with.answer(key, service, operation, form).await,
            without.answer(key, service, operation, form).await,
        ]
    }
}

impl World {
    async fn of(own_namesakes: bool, entities: bool) -> Self {
        let (account, stranger) = (ACCOUNT.parse().unwrap(), STRANGER.parse().unwrap());
        let ids = Arc::new(CountedIds::default());
        let mut draft = Draft::default();
        if entities {
            put_entities(&mut draft, account, ALICES_KEY, &*ids);
            draft.put_alias(account, "our-team");
        }
        // The unique ids of all else are the same in both worlds.
        ids.restart();
        put_administrator(&mut draft, stranger, STRANGERS_KEY, &*ids);
        put_administrator(&mut draft, account, OWNERS_KEY, &*ids);
        if own_namesakes {
            put_entities(&mut draft, stranger, NAMESAKES_KEY, &*ids);
        }
        let state = State::open(Arc::new(MemoryStore::new())).await.unwrap();
        state.replace(draft).await.unwrap();
        let clock = ManualClock::new(SystemClock);
        clock.freeze(DateTime::from_secs(0));
        ids.restart();
        let env = Env {
            state,
            directory: Directory::new(
                KeyRing::generate(&*ids),
                Some(WellKnownKeys { account: AccountId::ZERO }),
            ),
            clock: Arc::new(clock),
            ids: Arc::clone(&ids) as _,
            issuer: Arc::default(),
            departures: Departures::DEFAULT,
            oidc_keys: Arc::default(),
            service_principals: Arc::default(),
        };
        Self { env: Arc::new(env), ids }
    }

    async fn answer(&self, key: &str, service: &str, operation: &str, form: &str) -> String {
        self.ids.restart();
        let env = &self.env;
        let (view, now) = (env.state.view(), env.clock.now());
        let caller = env.directory.identify(&view, key, None, now.secs()).unwrap();
        let origin =
            Origin { source_ip: None, secure_transport: true, user_agent: None, referer: None };
        let env = Arc::clone(env);
        let arrival = Arrival { env, view, region: "us-east-1".into(), now, origin };
        let params = Params::from_form(form.as_bytes()).unwrap();
        let call = arrival.clone().made_by(caller);
        let visitor = Asked { call, arrival, params };
        let answer = match service {
            "iam" => daypass_iam_core::dispatch(operation, visitor).await,
            _ => daypass_sts_core::dispatch(operation, visitor).await,
        };
        answer.ok().unwrap()
    }
}

/// A user who may do everything, with a key.
fn put_administrator(draft: &mut Draft, account: AccountId, key: &str, ids: &dyn IdGen) {
    let id = UniqueId::generate(IdKind::User, account, ids);
    let administrator = "arn:aws:iam::aws:policy/AdministratorAccess";
    draft.put_user(
        account,
        &UserRecord {
            name: "administrator".to_owned(),
            path: "/".to_owned(),
            id,
            create_date: 0,
            permissions_boundary: None,
            policies: HeldPolicies {
                attached: vec![administrator.parse().unwrap()],
                inline: BTreeMap::new(),
            },
            groups: Vec::new(),
            tags: Tags::default(),
        },
    );
    draft.put_access_key(
        account,
        &AccessKeyRecord {
            id: key.parse().unwrap(),
            secret: "secret".to_owned().into(),
            owner: KeyOwner::User(id),
            status: KeyStatus::Active,
            create_date: 0,
        },
    );
}

struct Asked<'a> {
    call: Call,
    arrival: Arrival,
    params: Params<'a>,
}

impl Visit for Asked<'_> {
    type Out = String;

    async fn built<Op: Handle>(self) -> String {
        match decode::<Op::Input>(&self.params, Op::SERVICE.constraint_texts()) {
            Ok(input) => {
                let proof = Identified(self.call.caller.clone());
                answer(Called::<Op>::new(self.call, input), &proof).await
            }
            Err(fault) => format!("{fault:?}"),
        }
    }

    async fn vouched<Op: Vouch>(self) -> String {
        let input = match decode::<Op::Input>(&self.params, Op::SERVICE.constraint_texts()) {
            Ok(input) => input,
            Err(fault) => return format!("{fault:?}"),
        };
        let proof = match Vouched::<Op>::ask(&input, &self.arrival).await {
            Ok(proof) => proof,
            Err(error) => return format!("{error:?}"),
        };
        match Called::proved(self.arrival, input, &proof) {
            Ok(called) => answer(called, &proof).await,
            Err(error) => format!("{error:?}"),
        }
    }
}

/// What the caller is answered, and what `DecodeAuthorizationMessage` would tell of a denial.
async fn answer<Op: Handle, P: Proof<Op, Error: Debug>>(called: Called<Op>, proof: &P) -> String {
    let mut permitted = match authorise(called) {
        Ok(permitted) => permitted,
        Err(refused) => {
            let message = refused.denied.and_then(|denied| denied.message());
            return format!("{:?} {message:?}", refused.error);
        }
    };
    let learned = match Op::inquire(&permitted) {
        Some(question) => Some(question.await),
        None => None,
    };
    if let Some(learned) = learned {
        let learned = match learned {
            Ok(learned) => learned,
            Err(error) => return format!("{error:?}"),
        };
        let again = permitted.again(proof).unwrap().with_learned(learned);
        permitted = match authorise(again) {
            Ok(permitted) => permitted,
            Err(refused) => return format!("{:?}", refused.error),
        };
    }
    match Op::run(&permitted, &mut permitted.begin()) {
        Ok(output) => {
            let body = response::success(Format::Xml, Op::ENVELOPE, &output, "request");
            String::from_utf8(body).unwrap()
        }
        Err(error) => format!("{error:?}"),
    }
}

/// Bytes that are the same after each restart.
#[derive(Debug, Default)]
struct CountedIds(Mutex<u64>);

impl CountedIds {
    fn restart(&self) {
        *self.0.lock().unwrap() = 0;
    }
}

impl IdGen for CountedIds {
    fn fill(&self, buffer: &mut [u8]) {
        let mut count = self.0.lock().unwrap();
        for chunk in buffer.chunks_mut(8) {
            *count = count.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let bytes = (*count ^ (*count >> 29)).to_le_bytes();
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
    }
}

const STRANGER: &str = "333333333333";
const STRANGERS_KEY: &str = "AKIASTRANGER00000000";
const OWNERS_KEY: &str = "AKIAOWNER00000000000";
const NAMESAKES_KEY: &str = "AKIANAMESAKE00000000";
