use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex as Lock, PoisonError};

use arc_swap::ArcSwapOption;
use daypass_ident::Clock;
use tokio::sync::Mutex;

use super::access_token::Outages;
use super::questions::Questions;
use super::{
    Chain, Discovery, Expectations, Fetch, FetchError, Jwt, KeyProblem, KeySet, OidcError, Rules,
    Thumbprint, WebIdentity, verify,
};

#[cfg(test)]
mod tests;

/// The keys of providers: given in configuration, or fetched from where the provider publishes them
/// and kept for a while.
///
/// Anybody can send tokens, and each may name a key that nobody knows. So a provider is asked one
/// question at a time, which all requests await and which goes on when they have gone, and not more often
/// than every ten seconds, whether it answers or not. How many are on their way at one time is bounded, too.
pub struct KeyStore {
    pub(super) questions: Arc<Questions>,
    pub(super) clock: Arc<dyn Clock>,
    rules: Rules,
    given: HashMap<String, Arc<ProviderKeys>>,
    /// By issuer.
    fetched: Lock<HashMap<String, Arc<Provider>>>,
    pub(super) outages: Outages,
}

impl KeyStore {
    /// A store without keys, which fetches them when they are asked for. The clock measures how old
    /// they are: the wall clock, since by one that stands still they would never be asked for again.
    #[must_use]
    pub fn new(fetch: Arc<dyn Fetch>, clock: Arc<dyn Clock>, rules: Rules) -> Self {
        Self {
            questions: Arc::new(Questions::new(fetch)),
            clock,
            rules,
            given: HashMap::new(),
            fetched: Lock::default(),
            outages: Outages::default(),
        }
    }

    /// A store that has these keys of a provider (its URL without the scheme), and never asks it for
    /// others.
    #[must_use]
    pub fn with_keys(mut self, provider: &str, keys: impl Into<Arc<KeySet>>) -> Self {
        let keys = ProviderKeys { keys: keys.into(), chains: [None, None] };
        self.given.insert(provider.to_owned(), Arc::new(keys));
        self
    }

    /// Which URLs a provider may have.
    #[must_use]
    pub fn rules(&self) -> Rules {
        self.rules
    }

    /// The keys of the provider that a token claims to be from, as far as nobody need be asked for
    /// them: those that are given, or that were fetched not long ago. `None`: the provider is to be
    /// asked.
    ///
    /// # Errors
    /// When the token can be from no provider, or the provider did not answer a moment ago.
    pub fn at_hand(&self, jwt: &Jwt<'_>) -> Result<Option<Arc<ProviderKeys>>, OidcError> {
        if let Some(given) = self.given.get(jwt.provider(self.rules)?) {
            return Ok(Some(Arc::clone(given)));
        }
        let fetched = self.fetched.lock().unwrap_or_else(PoisonError::into_inner);
        let provider = fetched.get(&issuer_url(jwt.issuer())).map(Arc::clone);
        drop(fetched);
        provider.and_then(|provider| provider.at_hand(jwt, self)).transpose()
    }

    /// The keys of the provider that a token claims to be from: those at hand, or else those that
    /// the provider publishes. Nobody but that provider is asked: whether it is one that anybody
    /// trusts, is for the caller to look at first.
    ///
    /// # Errors
    /// Why the keys cannot be had.
    pub async fn keys(&self, jwt: &Jwt<'_>) -> Result<Arc<ProviderKeys>, OidcError> {
        if let Some(given) = self.given.get(jwt.provider(self.rules)?) {
            return Ok(Arc::clone(given));
        }
        let issuer = issuer_url(jwt.issuer());
        self.provider(&issuer).published(jwt, issuer, self).await
    }

    /// Who vouches for the server of a provider (its URL), to be registered as its thumbprint. `None`
    /// where that never counts: the provider's keys are given, or it is reached over plain `http`.
    ///
    /// # Errors
    /// When the provider does not answer, or its certificate is not valid.
    pub async fn top_of_chain(&self, url: &str) -> Result<Option<Thumbprint>, FetchError> {
        let provider = self.rules.provider_of(url).ok_or(FetchError::Unreachable)?;
        if self.given.contains_key(provider) {
            return Ok(None);
        }
        let fetched = self.questions.get(&Discovery::url(url), LONGEST_DOCUMENT).await?;
        Ok(fetched.chain.map(|chain| chain.top))
    }

    fn provider(&self, issuer: &str) -> Arc<Provider> {
        let mut providers = self.fetched.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(provider) = providers.get(issuer) {
            return Arc::clone(provider);
        }
        if providers.len() >= MOST_PROVIDERS {
            // The one that was asked longest ago; who still awaits it keeps it.
            let oldest = providers.iter().min_by_key(|(_, provider)| provider.asked_at());
            if let Some(oldest) = oldest.map(|(issuer, _)| issuer.clone()) {
                providers.remove(&oldest);
            }
        }
        let provider = Arc::<Provider>::default();
        providers.insert(issuer.to_owned(), Arc::clone(&provider));
        provider
    }
}

impl fmt::Debug for KeyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyStore").field("rules", &self.rules).finish_non_exhaustive()
    }
}

/// A question to a provider for its keys.
struct Question {
    questions: Arc<Questions>,
    rules: Rules,
    issuer: String,
}

impl Question {
    async fn ask(&self) -> Result<ProviderKeys, OidcError> {
        let (document, discovery_chain) = self.get(&Discovery::url(&self.issuer)).await?;
        let discovery = Discovery::parse(&document, &self.issuer, self.rules)
            .map_err(|invalid| OidcError::Key(invalid.into()))?;
        let (document, keys_chain) = self.get(&discovery.jwks_uri).await?;
        let keys = KeySet::parse(&document).map_err(|invalid| OidcError::Key(invalid.into()))?;
        Ok(ProviderKeys { keys: Arc::new(keys), chains: [discovery_chain, keys_chain] })
    }

    async fn get(&self, url: &str) -> Result<(Vec<u8>, Option<Chain>), OidcError> {
        let fetched = self.questions.get(url, LONGEST_DOCUMENT).await;
        let fetched = fetched.map_err(|error| match error {
            FetchError::Unreachable | FetchError::TimedOut | FetchError::Busy => {
                OidcError::Unreachable(error)
            }
            FetchError::Untrusted => OidcError::Thumbprint,
            FetchError::Status(status) => OidcError::Key(KeyProblem::Status(status)),
            FetchError::TooLong => OidcError::Key(KeyProblem::TooLong),
        })?;
        if fetched.body.len() > LONGEST_DOCUMENT {
            return Err(OidcError::Key(KeyProblem::TooLong));
        }
        // INVARIANT: only plain `http`, which the rules keep on this machine, has no certificates.
        if fetched.chain.is_none() && !url.starts_with("http://") {
            return Err(OidcError::Thumbprint);
        }
        Ok((fetched.body, fetched.chain))
    }
}

/// A provider whose keys are fetched.
#[derive(Default)]
struct Provider {
    latest: ArcSwapOption<Answer>,
    /// Held while the provider is asked.
    asking: Arc<Mutex<()>>,
}

impl Provider {
    /// The provider's keys: those at hand if they are fresh and the token's is among them, else
    /// those that it publishes now, as far as it may be asked again.
    async fn published(
        self: Arc<Self>,
        jwt: &Jwt<'_>,
        issuer: String,
        store: &KeyStore,
    ) -> Result<Arc<ProviderKeys>, OidcError> {
        if let Some(published) = self.at_hand(jwt, store) {
            return published;
        }
        let asking = Arc::clone(&self.asking).lock_owned().await;
        // Who asked before may have had the answer.
        if let Some(published) = self.at_hand(jwt, store) {
            return published;
        }
        let (questions, rules) = (Arc::clone(&store.questions), store.rules);
        let question = Question { questions, rules, issuer };
        let clock = Arc::clone(&store.clock);
        // A client that goes away does not end the question. Else one that comes and goes could make
        // the provider be asked without a pause.
        let asked = tokio::spawn(async move {
            let asked = question.ask().await.map(Arc::new);
            let outcome = self.note(asked, clock.now().secs());
            drop(asking);
            outcome
        });
        asked.await.unwrap_or(Err(OidcError::Unreachable(FetchError::Unreachable)))
    }

    /// Keeps what the provider has answered, and says what that comes to.
    fn note(
        &self,
        asked: Result<Arc<ProviderKeys>, OidcError>,
        asked_at: i64,
    ) -> Result<Arc<ProviderKeys>, OidcError> {
        let before = self.latest.load_full();
        let answer = match (asked, before) {
            // Nobody was asked, which says nothing of the provider.
            (Err(error @ OidcError::Unreachable(FetchError::Busy)), _) => return Err(error),
            // Keys that are still fresh outlive an outage: only the key that was asked for is
            // missing, as it was before.
            (Err(_), Some(before)) if before.is_fresh(asked_at) => {
                Answer { asked_at, ..Answer::clone(&before) }
            }
            (Ok(published), _) => Answer { asked_at, kept_from: asked_at, outcome: Ok(published) },
            (Err(error), _) => Answer { asked_at, kept_from: asked_at, outcome: Err(error) },
        };
        let outcome = answer.outcome.clone();
        self.latest.store(Some(Arc::new(answer)));
        outcome
    }

    /// `None` when the provider should be asked, and may be.
    fn at_hand(
        &self,
        jwt: &Jwt<'_>,
        store: &KeyStore,
    ) -> Option<Result<Arc<ProviderKeys>, OidcError>> {
        let answer = self.latest.load();
        let answer = answer.as_deref()?;
        let now = store.clock.now().secs();
        let serves = match &answer.outcome {
            Ok(published) => answer.is_fresh(now) && published.keys.knows(jwt),
            Err(_) => false,
        };
        (serves || (0..COOLDOWN).contains(&now.saturating_sub(answer.asked_at)))
            .then(|| answer.outcome.clone())
    }

    /// Seconds since 1970; one that was never asked is being asked now.
    fn asked_at(&self) -> i64 {
        self.latest.load().as_deref().map_or(i64::MAX, |answer| answer.asked_at)
    }
}

/// What came of asking a provider. Times are seconds since 1970.
#[derive(Clone)]
struct Answer {
    asked_at: i64,
    kept_from: i64,
    outcome: Result<Arc<ProviderKeys>, OidcError>,
}

impl Answer {
    /// A clock that was set back makes keys stale too.
    fn is_fresh(&self, now: i64) -> bool {
        self.outcome.is_ok() && (0..LIFETIME).contains(&now.saturating_sub(self.kept_from))
    }
}

/// A provider's keys, and who vouches for the servers that they came from: it depends on the
/// thumbprints of an account whether that is enough.
#[derive(Debug)]
pub struct ProviderKeys {
    keys: Arc<KeySet>,
    /// Of the two documents; none where the keys are given, or came over plain `http`.
    chains: [Option<Chain>; 2],
}

impl ProviderKeys {
    /// Verifies a token with these keys, like [`verify`](super::verify()).
    ///
    /// `thumbprints` are those registered with the provider.
    ///
    /// # Errors
    /// When nobody vouches for where the keys came from, or what is wrong with the token.
    pub fn verify(
        &self,
        jwt: &Jwt<'_>,
        expected: &Expectations<'_>,
        thumbprints: &[Thumbprint],
    ) -> Result<WebIdentity, OidcError> {
        if !self.chains.iter().flatten().all(|chain| chain.fits(thumbprints)) {
            return Err(OidcError::Thumbprint);
        }
        verify(jwt, expected, &self.keys)
    }
}

/// Google's issuer may stand without a scheme, its documents are at `https` nevertheless.
fn issuer_url(issuer: &str) -> String {
    if issuer.contains("://") { issuer.to_owned() } else { format!("https://{issuer}") }
}

/// Seconds for which fetched keys are used: the longest time that a key which its provider has
/// withdrawn still counts.
const LIFETIME: i64 = 3600;

/// Seconds between two questions to one provider. A key that it has just begun to use is known so
/// much later at most.
pub(super) const COOLDOWN: i64 = 10;

/// Providers whose keys are kept; another one displaces one of them.
const MOST_PROVIDERS: usize = 1024;

/// In bytes. Two hundred keys with certificate chains fit.
const LONGEST_DOCUMENT: usize = 1 << 20;
