use std::sync::Arc;

use arc_swap::ArcSwap;
use daypass_ident::{AccessKeyKind, AccountId, Principal, Secret, SlotCache};
use daypass_policy::{Policy, PolicyKind};
use daypass_token::KeyRing;

use crate::caller::{Credentials, FixedKey, IssuerStamps};
use crate::record::{KeyOwner, KeyStatus};
use crate::view::AccessKey;
use crate::{Caller, Session, View};

/// Whose an access key is: long-term keys, session credentials, and the well-known keys while
/// they are in force.
#[derive(Debug)]
pub struct Directory {
    sessions: ArcSwap<Sessions>,
    well_known: Option<WellKnownKeys>,
    /// The caller who uses the key `test`, made once.
    test: Option<Arc<FixedKey>>,
}

/// The keys that open sessions, and what they have opened: a key that leaves takes its sessions along.
#[derive(Debug)]
struct Sessions {
    ring: Arc<KeyRing>,
    /// Opened tokens, so that a session that makes many requests pays for the decryption once. A
    /// session holds its own token: it is its own key.
    opened: SlotCache<Arc<Session>, Arc<Session>>,
}

/// Keys that everybody knows, for use on loopback without any configuration: `test` with the
/// secret `test` is the root user of `account`, and a 12-digit access key id with the secret
/// `test` is the root user of that account. Signatures made with them are verified like any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WellKnownKeys {
    /// The account whose root user `test` is.
    pub account: AccountId,
}

impl WellKnownKeys {
    /// The access key id, and the secret access key of every well-known key.
    pub const TEST: &'static str = "test";
}

impl Directory {
    /// A directory that opens session tokens with `ring`.
    #[must_use]
    pub fn new(ring: KeyRing, well_known: Option<WellKnownKeys>) -> Self {
        let test =
            well_known.map(|keys| Arc::new(well_known_key(WellKnownKeys::TEST, keys.account)));
        Self { sessions: ArcSwap::from_pointee(Sessions::new(ring)), well_known, test }
    }

    /// Whose the credentials are that a request names, in the order of AWS's checks. The caller
    /// has yet to prove that they hold the secret.
    ///
    /// `now` is in Unix seconds of the service clock.
    ///
    /// # Errors
    /// All but [`CredentialError::Expired`] are one and the same to AWS's clients. Where the well-known keys
    /// are not in force, the issuer of a session that was issued while they were counts as gone.
    pub fn identify(
        &self,
        view: &View,
        access_key_id: &str,
        session_token: Option<&str>,
        now: i64,
    ) -> Result<Caller, CredentialError> {
        if AccessKeyKind::of(access_key_id) == Some(AccessKeyKind::Temporary) {
            return self.identify_session(view, access_key_id, session_token, now);
        }
        match view.access_key(access_key_id) {
            Some(key) => identify_key(view, key),
            None => self.identify_well_known(access_key_id),
        }
    }

    /// Who makes a request that goes on after the state has changed, by the credentials that its
    /// caller has proved to hold: the answer of [`identify`](Self::identify) on this view, at this
    /// time. An AWS service and the operator have no credentials, and stay who they are.
    ///
    /// # Errors
    /// As [`identify`](Self::identify); [`CredentialError::Unknown`] too when another secret belongs
    /// to the access key by now, and for whom an identity provider vouches: they have no credentials,
    /// and the provider's word must be verified again instead.
    pub fn identify_again(
        &self,
        view: &View,
        caller: &Caller,
        now: i64,
    ) -> Result<Caller, CredentialError> {
        match &caller.0 {
            Credentials::Service(_) => return Ok(caller.clone()),
            Credentials::Fixed(key) if key.access_key_id.is_empty() => return Ok(caller.clone()),
            Credentials::Vouched(_) => return Err(CredentialError::Unknown),
            Credentials::Session { session, .. } if session.is_sign_in() => {
                if session.claims.is_expired(now) {
                    return Err(CredentialError::Expired);
                }
                let stamps = issuer_stamps(view, &session.claims.principal)?;
                let session = Arc::clone(session);
                return Ok(Caller(Credentials::Session { session, stamps }));
            }
            _ => {}
        }
        let token = caller.session().map(|session| session.token.expose().as_str());
        let again = self.identify(view, caller.access_key_id(), token, now)?;
        if again.secret() == caller.secret() { Ok(again) } else { Err(CredentialError::Unknown) }
    }

    /// The keys that seal and open session tokens.
    #[must_use]
    pub fn ring(&self) -> Arc<KeyRing> {
        Arc::clone(&self.sessions.load().ring)
    }

    /// Seals and opens with `ring` from the next request on. Sessions that it does not open have
    /// ended.
    pub fn swap_ring(&self, ring: KeyRing) {
        self.sessions.store(Arc::new(Sessions::new(ring)));
    }

    /// The well-known keys, while they are in force.
    #[must_use]
    pub fn well_known_keys(&self) -> Option<WellKnownKeys> {
        self.well_known
    }

    fn identify_well_known(&self, access_key_id: &str) -> Result<Caller, CredentialError> {
        let test = self.test.as_ref().ok_or(CredentialError::Unknown)?;
        if access_key_id == WellKnownKeys::TEST {
            return Ok(Caller(Credentials::Fixed(Arc::clone(test))));
        }
        let account = access_key_id.parse().map_err(|_| CredentialError::Unknown)?;
        let key = well_known_key(access_key_id, account);
        Ok(Caller(Credentials::Fixed(Arc::new(key))))
    }

    fn identify_session(
        &self,
        view: &View,
        access_key_id: &str,
        session_token: Option<&str>,
        now: i64,
    ) -> Result<Caller, CredentialError> {
        let token = session_token.ok_or(CredentialError::TokenMissing)?;
        let session = self.sessions.load().open(token)?;
        if session.claims.access_key_id.as_str() != access_key_id {
            return Err(CredentialError::TokenOfAnotherKey);
        }
        if session.claims.well_known_keys && self.well_known.is_none() {
            return Err(CredentialError::IssuerGone);
        }
        if session.claims.is_expired(now) {
            return Err(CredentialError::Expired);
        }
        let issuer = session.claims.issuer.as_ref().unwrap_or(&session.claims.principal);
        let stamps = issuer_stamps(view, issuer)?;
        Ok(Caller(Credentials::Session { session, stamps }))
    }
}

impl Sessions {
    fn new(ring: KeyRing) -> Self {
        Self { ring: Arc::new(ring), opened: SlotCache::new(OPENED_SESSIONS) }
    }

    fn open(&self, token: &str) -> Result<Arc<Session>, CredentialError> {
        if let Some(session) = self.opened.get(token, |known| known.token.expose() == token) {
            return Ok(session);
        }
        let opened = self.ring.open(token).map_err(|_| CredentialError::TokenUnreadable)?;
        let inline = opened.claims.session_policies.as_ref().and_then(|p| p.inline.as_deref());
        let inline = inline.map(|text| Policy::parse(PolicyKind::Session, text).ok().map(Arc::new));
        let session = Arc::new(Session {
            token: Secret::new(token.to_owned()),
            secret: opened.secret_access_key,
            claims: opened.claims,
            inline_policy: inline,
        });
        self.opened.put(token, Arc::clone(&session), Arc::clone(&session));
        Ok(session)
    }
}

/// Why credentials are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CredentialError {
    /// Nobody has the access key (`InvalidClientTokenId`, as all but the last).
    #[error("the access key is not known")]
    Unknown,
    /// The access key is not active.
    #[error("the access key is inactive")]
    Inactive,
    /// The access key is a temporary one, and there is no token.
    #[error("the session token is missing")]
    TokenMissing,
    /// The token is damaged, or another deployment's.
    #[error("the session token is not this deployment's")]
    TokenUnreadable,
    /// The token is another access key's.
    #[error("the session token belongs to another access key")]
    TokenOfAnotherKey,
    /// The role or user of the session is gone.
    #[error("the role or user of the session is gone")]
    IssuerGone,
    /// AWS's `ExpiredToken`.
    #[error("the session has expired")]
    Expired,
}

fn well_known_key(access_key_id: &str, account: AccountId) -> FixedKey {
    FixedKey {
        access_key_id: access_key_id.into(),
        principal: Principal::Root { account },
        secret: Secret::new(WellKnownKeys::TEST.to_owned()),
    }
}

fn identify_key(view: &View, key: &Arc<AccessKey>) -> Result<Caller, CredentialError> {
    if key.record.status != KeyStatus::Active {
        return Err(CredentialError::Inactive);
    }
    let key = Arc::clone(key);
    let account = key.account;
    match key.record.owner {
        KeyOwner::Root => {
            Ok(Caller(Credentials::Root { key, principal: Principal::Root { account } }))
        }
        KeyOwner::User(id) => {
            let user = view.account(account).user_by_id(id).ok_or(CredentialError::Unknown)?;
            let accesses = Arc::clone(&user.accesses);
            Ok(Caller(Credentials::User { key, principal: Arc::clone(user.principal()), accesses }))
        }
    }
}

/// That a session's role or user still exists: by unique id, so that a namesake made later does
/// not bring the session back. Answers where its use is noted.
fn issuer_stamps(view: &View, issuer: &Principal) -> Result<IssuerStamps, CredentialError> {
    match issuer {
        Principal::Root { .. } => Ok(IssuerStamps::default()),
        Principal::User { account, id, .. } => {
            let user = view.account(*account).user_by_id(*id);
            let user = user.ok_or(CredentialError::IssuerGone)?;
            let accesses = Some(Arc::clone(&user.accesses));
            Ok(IssuerStamps { role_last_used: None, accesses })
        }
        Principal::AssumedRole { account, id, .. } => {
            let role = view.account(*account).role_by_id(*id);
            let role = role.ok_or(CredentialError::IssuerGone)?;
            let role_last_used = Some(Arc::clone(&role.last_used));
            Ok(IssuerStamps { role_last_used, accesses: Some(Arc::clone(&role.accesses)) })
        }
        // A federated session says who issued it; without that it cannot be known to be alive.
        // Whom others vouch for, and services, have no session at all.
        Principal::FederatedUser { .. }
        | Principal::WebIdentityUser { .. }
        | Principal::SamlUser { .. }
        | Principal::Service { .. } => Err(CredentialError::IssuerGone),
    }
}

/// Slots for opened tokens: about 2 KiB each when all are taken.
const OPENED_SESSIONS: usize = 1024;

#[cfg(test)]
mod tests;
