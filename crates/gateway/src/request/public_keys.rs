use std::sync::Arc;

use daypass_ident::{Secret, SlotCache};
use daypass_sigv4::PublicKey;

/// The keys of late that SigV4a signatures are verified with: one for each access key, whatever the
/// day and region. A key is kept even where the signature turns out to be wrong, since only access
/// keys that exist get so far.
#[derive(Debug)]
pub(crate) struct PublicKeys(SlotCache<Use, Arc<PublicKey>>);

impl PublicKeys {
    /// The key of an access key with `secret`.
    pub(crate) fn of(&self, access_key_id: &str, secret: &Secret<String>) -> Arc<PublicKey> {
        self.0.get(access_key_id, |kept| kept.is_of(access_key_id, secret)).unwrap_or_else(|| {
            let key = PublicKey::derive(access_key_id, secret.expose().as_bytes());
            let key = Arc::new(key);
            let kept = Use { access_key_id: access_key_id.into(), secret: secret.clone() };
            self.0.put(access_key_id, kept, Arc::clone(&key));
            key
        })
    }
}

impl Default for PublicKeys {
    fn default() -> Self {
        Self(SlotCache::new(SLOTS))
    }
}

/// What a key is derived from.
struct Use {
    access_key_id: Box<str>,
    secret: Secret<String>,
}

impl Use {
    fn is_of(&self, access_key_id: &str, secret: &Secret<String>) -> bool {
        // Both secrets are daypass's own: how long it takes tells nobody anything.
        *self.access_key_id == *access_key_id && self.secret.expose() == secret.expose()
    }
}

/// About 1 KiB each when all are taken.
const SLOTS: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_kept_for_one_secret() {
        let keys = PublicKeys::default();
        let of = |id: &str, secret: &str| keys.of(id, &Secret::new(secret.to_owned()));
        let first = of("AKIA", "one");
        assert!(Arc::ptr_eq(&first, &of("AKIA", "one")));
        assert!(!Arc::ptr_eq(&first, &of("AKIA", "two")));
        assert!(!Arc::ptr_eq(&first, &of("AKIB", "one")));
    }
}
