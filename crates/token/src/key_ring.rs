mod contexts;
mod messages;

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use daypass_ident::{AccessKeyId, IdGen, Secret};
use hmac::Mac as _;

use crate::SessionClaims;
use crate::seal::{HmacSha256, MasterKey, Purpose, SealNonce, Sealer, finish};

pub use messages::{MessagePurpose, OpenedMessage};

/// The keys of a deployment: the newest seals, older ones still open, so that a rotation ends no
/// session.
///
/// A ring is a value: whoever shares it swaps it whole for the next one, which is made of rotated
/// [`SealingKeys`](crate::SealingKeys).
#[derive(Debug, Clone)]
pub struct KeyRing {
    newest: Arc<Key>,
    /// Newest first.
    older: Vec<Arc<Key>>,
}

impl KeyRing {
    /// In characters. Longer tokens are neither made nor read.
    pub const LONGEST_TOKEN: usize = MAX_TOKEN;

    /// A ring with one fresh key.
    #[must_use]
    pub fn generate(ids: &dyn IdGen) -> Self {
        Self::of(&MasterKey::generate(ids), std::iter::empty())
    }

    /// A ring of these keys, the older ones newest first.
    pub(crate) fn of<'k>(newest: &MasterKey, older: impl Iterator<Item = &'k MasterKey>) -> Self {
        let older = older.map(|master| Arc::new(Key::of(master))).collect();
        Self { newest: Arc::new(Key::of(newest)), older }
    }

    /// Issues a session's credentials: the token that carries the claims, and the secret access
    /// key that belongs to it.
    ///
    /// # Errors
    /// When the claims are too long for a token.
    pub fn seal(
        &self,
        claims: &SessionClaims,
        ids: &dyn IdGen,
    ) -> Result<SealedSession, SealError> {
        self.seal_padded(claims, 0, ids)
    }

    /// As [`seal`](Self::seal), with a token of at least `minimum` characters.
    ///
    /// # Errors
    /// When the claims or the minimum are too long for a token.
    pub fn seal_padded(
        &self,
        claims: &SessionClaims,
        minimum: usize,
        ids: &dyn IdGen,
    ) -> Result<SealedSession, SealError> {
        if minimum > MAX_TOKEN {
            return Err(SealError::TooLong);
        }
        let mut message = Vec::with_capacity(USUAL_CLAIMS);
        message.push(CLAIMS_VERSION);
        let mut message = postcard::to_extend(claims, message).map_err(|_| SealError::Cipher)?;
        // Four characters stand for three bytes, or for the last one or two.
        let blob = (minimum.div_ceil(4) * 3).saturating_sub(2);
        let padded = self.newest.sessions.message_length(blob).max(message.len());
        message.resize(padded, PADDING);
        let (nonce, blob) = self.seal_blob(|key| &key.sessions, &message, ids)?;
        let token = STANDARD.encode(blob);
        if token.len() > MAX_TOKEN {
            return Err(SealError::TooLong);
        }
        Ok(SealedSession {
            token: SessionToken(token),
            secret_access_key: self.newest.secret_access_key(&nonce, &claims.access_key_id),
        })
    }

    /// Reads a token back: the claims it carries, and the secret access key that belongs to it.
    ///
    /// The claims are true, not yet valid: the caller compares the access key id, the time and
    /// the principal.
    ///
    /// # Errors
    /// When no key of this ring made the token, exactly as it is.
    pub fn open(&self, token: &str) -> Result<OpenedSession, OpenError> {
        if token.len() > MAX_TOKEN {
            return Err(OpenError::TooLong);
        }
        let mut blob = STANDARD.decode(token).map_err(|_| OpenError::Malformed)?;
        let (key, nonce, message) = self.open_blob(|key| &key.sessions, &mut blob)?;
        let claims = decode_claims(message).ok_or(OpenError::Claims)?;
        let secret_access_key = key.secret_access_key(&nonce, &claims.access_key_id);
        Ok(OpenedSession { claims, secret_access_key })
    }

    /// Seals a message with the newest key, for the purpose that `sealer` stands for, under a nonce
    /// of its own.
    fn seal_blob(
        &self,
        sealer: impl Fn(&Key) -> &Sealer,
        message: &[u8],
        ids: &dyn IdGen,
    ) -> Result<(SealNonce, Vec<u8>), SealError> {
        let mut nonce = SealNonce::default();
        ids.fill(&mut nonce);
        let blob = sealer(&self.newest).seal(nonce, message).map_err(|_| SealError::Cipher)?;
        Ok((nonce, blob))
    }

    /// Opens what some key of the ring sealed for the purpose.
    fn open_blob<'b>(
        &self,
        sealer: impl Fn(&Key) -> &Sealer,
        blob: &'b mut [u8],
    ) -> Result<(&Key, SealNonce, &'b [u8]), OpenError> {
        let named = sealer(&self.newest).named_key(blob).ok_or(OpenError::Malformed)?;
        let mut keys = std::iter::once(&self.newest).chain(&self.older);
        let key = keys.find(|key| sealer(key).key_id() == named).ok_or(OpenError::UnknownKey)?;
        let (nonce, message) = sealer(key).open(blob).ok_or(OpenError::Forged)?;
        Ok((key, nonce, message))
    }
}

/// Fresh temporary credentials, next to the access key id in their claims.
#[derive(Debug)]
pub struct SealedSession {
    /// The session token.
    pub token: SessionToken,
    /// The secret access key: 40 characters of `[A-Za-z0-9+/]`.
    pub secret_access_key: Secret<String>,
}

/// What a session token holds.
#[derive(Debug, Clone)]
pub struct OpenedSession {
    /// What daypass knows of the session.
    pub claims: SessionClaims,
    /// The secret access key that signs the session's requests.
    pub secret_access_key: Secret<String>,
}

/// The text of a session token. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken(String);

impl SessionToken {
    /// The whole text: standard base64 that begins, as AWS's does, with `IQoJb3JpZ2luX2Vj`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<SessionToken> for String {
    fn from(token: SessionToken) -> Self {
        token.0
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(..)")
    }
}

/// Why nothing was sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Longer than anything that would be opened: claims with too many tags and policies, or a
    /// message that says too much.
    #[error("it is too long to be sealed")]
    TooLong,
    /// The cipher or the encoder failed, for want of memory.
    #[error("it could not be sealed")]
    Cipher,
}

/// Why a session token or a message was refused. To a client all of them are the same; the log
/// tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Longer than any; nothing of it was read.
    #[error("it is longer than any that is made")]
    TooLong,
    /// Not base64, or not of this version.
    #[error("it is not one of daypass's")]
    Malformed,
    /// Sealed by another deployment or under a key that has left the ring.
    #[error("its key is not in the ring")]
    UnknownKey,
    /// It names a key of the ring, but that key did not make it.
    #[error("it was altered or forged")]
    Forged,
    /// Genuine, but its content has a form that this build does not know.
    #[error("its content has an unknown form")]
    Claims,
}

/// One generation of keys: a sealer for each purpose, so that nothing opens as something else.
#[derive(Debug)]
struct Key {
    sessions: Sealer,
    messages: Sealer,
    sign_ins: Sealer,
    contexts: Sealer,
    secrets: HmacSha256,
}

impl Key {
    fn of(master: &MasterKey) -> Self {
        Self {
            sessions: Sealer::new(master, &SESSIONS),
            messages: Sealer::new(master, &messages::MESSAGES),
            sign_ins: Sealer::new(master, &messages::SIGN_INS),
            contexts: Sealer::new(master, &contexts::CONTEXTS),
            secrets: master.mac("daypass session secret"),
        }
    }

    /// The secret of the session: thirty bytes of an HMAC are forty characters of base64. The
    /// nonce has a fixed length, so no two pairs of nonce and id give the same message.
    fn secret_access_key(&self, nonce: &SealNonce, id: &AccessKeyId) -> Secret<String> {
        let mac = self.secrets.clone().chain_update(nonce).chain_update(id.as_str());
        let [secret @ .., _, _] = finish(mac);
        Secret::new(STANDARD_NO_PAD.encode(secret))
    }
}

/// The claims of a genuine message; `None` for a form from another version, or with anything but
/// padding left.
fn decode_claims(message: &[u8]) -> Option<SessionClaims> {
    let (version, encoded) = message.split_first()?;
    let (claims, rest) = postcard::take_from_bytes(encoded).ok()?;
    let is_padded = rest.iter().all(|byte| *byte == PADDING);
    (*version == CLAIMS_VERSION && is_padded).then_some(claims)
}

/// Tokens begin as AWS's do: these twelve bytes are `IQoJb3JpZ2luX2Vj` in base64.
static SESSIONS: Purpose =
    Purpose { label: "daypass session token", header: b"\x21\x0a\x09origin_ec" };

/// The form of the encoded claims. Postcard does not describe itself: any change of
/// [`SessionClaims`] takes another number, and a decoder for each number still in use.
///
/// Number 4 has no decoder: it does not say whether the well-known keys were in force, so a server
/// without them could not tell whether to believe it.
const CLAIMS_VERSION: u8 = 5;

/// Follows the claims of a token that is to be longer.
const PADDING: u8 = 0;

/// Longer tokens are neither made nor read. Requests have headers of this order at most.
const MAX_TOKEN: usize = 64 * 1024;

/// Holds the claims of a session without tags and policies.
const USUAL_CLAIMS: usize = 256;

#[cfg(test)]
mod forgeries;
#[cfg(test)]
mod tests;
