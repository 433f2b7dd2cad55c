use std::sync::Arc;

use daypass_ident::{Secret, SlotCache};
use daypass_sigv4::{AuthError, Credential, PayloadHash, Scoped, SigningKey, Verified};

/// The signing keys of late, so that a client that makes many requests pays for one derivation a
/// day. Only a request that has been verified leaves its key here.
#[derive(Debug)]
pub(crate) struct SigningKeys(SlotCache<Use, Arc<SigningKey>>);

impl SigningKeys {
    /// Verifies a signature with `secret`.
    pub(crate) fn verify<'a>(
        &self,
        scoped: Scoped<'a>,
        secret: &Secret<String>,
        payload: &PayloadHash,
    ) -> Result<Verified<'a>, AuthError> {
        if let Some(key) = self.find(scoped.credential(), secret) {
            return scoped.verify(&*key, payload);
        }
        let scope = scoped.credential();
        let secret_bytes = secret.expose().as_bytes();
        let key = SigningKey::derive(secret_bytes, scope.date, scope.region, scope.service);
        let verified = scoped.verify(&key, payload)?;
        let scope = verified.credential();
        self.0.put(&probe(scope), Use::new(scope, secret), Arc::new(key));
        Ok(verified)
    }

    fn find(&self, scope: Credential<'_>, secret: &Secret<String>) -> Option<Arc<SigningKey>> {
        self.0.get(&probe(scope), |kept| kept.is_of(scope, secret))
    }
}

impl Default for SigningKeys {
    fn default() -> Self {
        Self(SlotCache::new(SLOTS))
    }
}

/// What a signing key is derived from: all of it, the secret too, so that a key id that is given
/// another secret is never verified with the old one.
struct Use {
    access_key_id: Box<str>,
    date: Box<str>,
    region: Box<str>,
    service: Box<str>,
    secret: Secret<String>,
}

impl Use {
    fn new(scope: Credential<'_>, secret: &Secret<String>) -> Self {
        Self {
            access_key_id: scope.access_key_id.into(),
            date: scope.date.into(),
            region: scope.region.into(),
            service: scope.service.into(),
            secret: secret.clone(),
        }
    }

    fn is_of(&self, scope: Credential<'_>, secret: &Secret<String>) -> bool {
        *self.access_key_id == *scope.access_key_id
            && *self.date == *scope.date
            && *self.region == *scope.region
            && *self.service == *scope.service
            // Both are daypass's own: how long it takes tells nobody anything.
            && self.secret.expose() == secret.expose()
    }
}

/// The parts of a scope that tell signing keys apart.
fn probe<'a>(scope: Credential<'a>) -> (&'a str, &'a str, &'a str, &'a str) {
    (scope.access_key_id, scope.date, scope.region, scope.service)
}

/// About 500 bytes each when all are taken.
const SLOTS: usize = 1024;
