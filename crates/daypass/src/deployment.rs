use std::collections::BTreeSet;
use std::sync::Arc;

use daypass_authz::{Departures, Env};
use daypass_federation::oidc::{KeyStore, Rules};
use daypass_federation::{Issuer, UrlForm};
use daypass_ident::{
    AccessKeyId, AccessKeyKind, AccountId, Clock, IdGen, ManualClock, Secret, SystemClock,
    SystemIds, generate_secret_access_key,
};
use daypass_state::record::{AccessKeyRecord, KeyOwner, KeyStatus};
use daypass_state::{CommitError, Committed, Directory, Draft, State, WellKnownKeys};
use daypass_store::{MemoryStore, StoreError};
use daypass_token::KeyRing;

use crate::fetch::WebFetch;
use crate::key_file::{KeyFile, KeyFileError};
use crate::oidc_keys::OidcKeys;
use crate::seed::{self, Seed, SeedError};

/// Everything behind the gateway: the state, how it starts, and who is its root user.
#[derive(Debug)]
pub(crate) struct Deployment {
    pub(crate) env: Arc<Env>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) root: RootCredentials,
    /// Keeps the keys; without one they are gone with the process.
    key_file: Option<KeyFile>,
    start: Start,
}

/// What a deployment is made of; see [`Builder`](crate::Builder).
pub(crate) struct Parts {
    pub(crate) account: AccountId,
    pub(crate) well_known_keys: bool,
    pub(crate) departures: Departures,
    pub(crate) issuers: UrlForm,
    pub(crate) seed: Option<Seed>,
    pub(crate) oidc_keys: Vec<OidcKeys>,
    pub(crate) key_file: Option<KeyFile>,
    pub(crate) service_principals: Vec<String>,
}

/// What the state is at the start and after a reset.
#[derive(Debug)]
struct Start {
    account: AccountId,
    /// The account's root key, where it has one that is stored.
    root_key: Option<AccessKeyRecord>,
    seed: Option<Seed>,
}

/// The keys of the root user of the deployment's account.
#[derive(Debug, Clone)]
pub struct RootCredentials {
    /// The access key id.
    pub access_key_id: String,
    /// The secret access key.
    pub secret_access_key: Secret<String>,
}

/// Why a deployment cannot be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DeploymentError {
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),
    #[error(transparent)]
    Seed(#[from] SeedError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Commit(#[from] CommitError),
}

/// Why nothing is added.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AddError {
    #[error(transparent)]
    Deployment(#[from] DeploymentError),
    #[error("others write to the same accounts all the time: try again later")]
    Busy,
}

/// How often a seed is carried out again when others write to its accounts.
const MOST_ATTEMPTS: usize = 5;

impl Deployment {
    /// One that nobody asks, with everything at its default, to see what becomes of a seed.
    pub(crate) async fn of_seed(seed: Seed) -> Result<Self, DeploymentError> {
        let parts = Parts {
            account: AccountId::ZERO,
            well_known_keys: true,
            departures: Departures::DEFAULT,
            issuers: UrlForm::Aws,
            seed: Some(seed),
            oidc_keys: Vec::new(),
            key_file: None,
            service_principals: Vec::new(),
        };
        Self::new(parts).await
    }

    pub(crate) async fn new(parts: Parts) -> Result<Self, DeploymentError> {
        let Parts {
            account,
            well_known_keys,
            departures,
            issuers,
            seed,
            oidc_keys,
            key_file,
            service_principals,
        } = parts;
        let clock = Arc::new(ManualClock::default());
        let ids: Arc<dyn IdGen> = Arc::new(SystemIds);
        let well_known = well_known_keys.then_some(WellKnownKeys { account });
        let seeded_key = seed.as_ref().and_then(|seed| seed.root_key(account));
        let root_key = match (well_known, &seeded_key) {
            (None, None) => Some(random_key(account, &*ids, clock.now().secs())),
            _ => None,
        };
        let root = match (&root_key, seeded_key) {
            (Some(key), _) => RootCredentials::of(key.id.as_str(), key.secret.clone()),
            (None, Some((id, secret))) => RootCredentials::of(id.as_str(), secret),
            (None, None) => {
                let test = WellKnownKeys::TEST;
                RootCredentials::of(test, Secret::new(test.to_owned()))
            }
        };
        let loopback_http = well_known_keys && departures.loopback_issuers;
        let kept = key_file.as_ref().map(|file| file.keep(&*ids, &SystemClock)).transpose()?;
        let ring = match &kept {
            Some(kept) => kept.sealing.ring(),
            None => KeyRing::generate(&*ids),
        };
        let issuer = Issuer::new(issuers);
        if let Some(keys) = kept.and_then(|kept| kept.issuer) {
            issuer.swap_keys(keys);
        }
        let env = Arc::new(Env {
            state: State::open(Arc::new(MemoryStore::new())).await?,
            directory: Directory::new(ring, well_known),
            clock: clock.clone(),
            ids,
            issuer: Arc::new(issuer),
            departures,
            oidc_keys: Arc::new(key_store(Rules { loopback_http }, oidc_keys)),
            service_principals: service_principals.into(),
        });
        let start = Start { account, root_key, seed };
        let deployment = Self { env, clock, root, key_file, start };
        deployment.reset().await?;
        Ok(deployment)
    }

    /// Seals, opens and signs with the keys that are now in the key file, if there is one.
    pub(crate) fn reload_keys(&self) -> Result<(), KeyFileError> {
        let Some(file) = &self.key_file else { return Ok(()) };
        let kept = file.read()?;
        if let Some(keys) = kept.issuer {
            self.env.issuer.swap_keys(keys);
        }
        self.env.directory.swap_ring(kept.sealing.ring());
        Ok(())
    }

    /// Adds what a seed holds to what is there: all of it in one commit, or, with a mistake, nothing. It is made
    /// aside, and made again when somebody has written to the accounts in the meantime.
    pub(crate) async fn add(&self, seed: &Seed) -> Result<(), AddError> {
        let accounts: BTreeSet<AccountId> = seed.accounts().collect();
        for _ in 0..MOST_ATTEMPTS {
            let seen = self.env.state.view();
            let aside = aside(&self.env, Draft::of(&seen.without_organizations())).await?;
            let base = aside.state.view();
            seed::carry_out(seed, &aside).await.map_err(DeploymentError::Seed)?;
            let goal = aside.state.view();
            let committed = self.env.state.advance(&seen, &base, &goal, &accounts).await;
            if committed.map_err(DeploymentError::Commit)? == Committed::Done {
                return Ok(());
            }
        }
        Err(AddError::Busy)
    }

    /// Puts the state of the start in the place of whatever is there, at once, and lets the service
    /// clock go. Unique ids are new, so that no session of a role or user outlives it.
    pub(crate) async fn reset(&self) -> Result<(), DeploymentError> {
        self.clock.release();
        let draft = self.start.draft(&self.env).await?;
        self.env.state.replace(draft).await?;
        Ok(())
    }
}

impl Start {
    /// Makes the start aside, so that a mistake in the seed touches nothing.
    async fn draft(&self, env: &Arc<Env>) -> Result<Draft, DeploymentError> {
        let mut draft = Draft::default();
        draft.put_account(self.account);
        if let Some(key) = &self.root_key {
            draft.put_access_key(self.account, key);
        }
        let Some(seed) = &self.seed else { return Ok(draft) };
        seed.accounts().for_each(|account| draft.put_account(account));

        let aside = aside(env, draft).await?;
        seed::carry_out(seed, &aside).await?;
        Ok(Draft::of(&aside.state.view()))
    }
}

/// The same deployment with a state of its own, which nobody else sees.
async fn aside(env: &Env, draft: Draft) -> Result<Arc<Env>, DeploymentError> {
    let aside = Arc::new(Env {
        state: State::open(Arc::new(MemoryStore::new())).await?,
        directory: Directory::new(
            KeyRing::clone(&env.directory.ring()),
            env.directory.well_known_keys(),
        ),
        clock: Arc::clone(&env.clock),
        ids: Arc::clone(&env.ids),
        issuer: Arc::clone(&env.issuer),
        departures: env.departures,
        oidc_keys: Arc::clone(&env.oidc_keys),
        service_principals: Arc::clone(&env.service_principals),
    });
    aside.state.replace(draft).await?;
    Ok(aside)
}

impl RootCredentials {
    fn of(access_key_id: &str, secret_access_key: Secret<String>) -> Self {
        Self { access_key_id: access_key_id.to_owned(), secret_access_key }
    }
}

/// The keys of identity providers: those given, and those that others publish. How long they are
/// kept goes by the time of the world that publishes them, which no test moves.
fn key_store(rules: Rules, given: Vec<OidcKeys>) -> KeyStore {
    let fetch = Arc::new(WebFetch::new(rules.loopback_http));
    let store = KeyStore::new(fetch, Arc::new(SystemClock), rules);
    given.into_iter().fold(store, |store, given| store.with_keys(&given.provider, given.keys))
}

/// A root key that nobody can guess.
fn random_key(account: AccountId, ids: &dyn IdGen, now: i64) -> AccessKeyRecord {
    AccessKeyRecord {
        id: AccessKeyId::generate(AccessKeyKind::LongTerm, account, ids),
        secret: generate_secret_access_key(ids),
        owner: KeyOwner::Root,
        status: KeyStatus::Active,
        create_date: now,
    }
}

#[cfg(test)]
mod tests;
