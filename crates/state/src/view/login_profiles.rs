//! Users' passwords, by whose they are.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use daypass_ident::UniqueId;
use daypass_totp::Attempts;

use super::{Account, HashMap};
use crate::UnknownCodec;
use crate::codec::decode;
use crate::record::LoginProfileRecord;

/// A user's password.
///
/// How often somebody guessed is kept beside the store, as it is of MFA devices: a wrong guess must not write.
#[derive(Debug)]
pub struct LoginProfile {
    /// What is stored.
    pub record: LoginProfileRecord,
    stamps: Arc<Stamps>,
}

#[derive(Debug, Default)]
struct Stamps {
    attempts: AtomicU64,
    /// When somebody last signed in with it, in Unix seconds; 0: nobody did.
    last_sign_in: AtomicI64,
}

impl LoginProfile {
    /// Counts an attempt at `now`, in Unix seconds of the service clock. `false`: after some wrong ones in a row
    /// it is too early for one more ([`Attempts`]), whether it would be right or not.
    #[must_use]
    pub fn begin_attempt(&self, now: i64) -> bool {
        let and_one = |bits| Attempts::from_bits(bits).and_one(now).map(Attempts::to_bits);
        self.stamps.attempts.fetch_update(Ordering::AcqRel, Ordering::Acquire, and_one).is_ok()
    }

    /// Forgets wrong attempts: the last was right.
    pub fn forget_attempts(&self) {
        self.stamps.attempts.store(Attempts::default().to_bits(), Ordering::Release);
    }

    /// Notes that the user has signed in, at `now`, in Unix seconds.
    pub fn note_sign_in(&self, now: i64) {
        self.stamps.last_sign_in.store(now, Ordering::Release);
    }

    /// When the user last signed in, in Unix seconds.
    #[must_use]
    pub fn last_sign_in(&self) -> Option<i64> {
        Some(self.stamps.last_sign_in.load(Ordering::Acquire)).filter(|at| *at != 0)
    }
}

/// One account's passwords.
#[derive(Debug, Clone, Default)]
pub(super) struct LoginProfiles(HashMap<UniqueId, Arc<LoginProfile>>);

impl LoginProfiles {
    pub(super) fn put(&mut self, value: &[u8]) -> Result<(), UnknownCodec> {
        let record: LoginProfileRecord = decode(value)?;
        let user = record.user;
        let stamps = self.0.get(&user).map(|old| Arc::clone(&old.stamps)).unwrap_or_default();
        self.0.insert(user, Arc::new(LoginProfile { record, stamps }));
        Ok(())
    }

    pub(super) fn remove(&mut self, id: &str) {
        if let Ok(user) = id.parse::<UniqueId>() {
            self.0.remove(&user);
        }
    }
}

impl Account {
    /// A user's password.
    #[must_use]
    pub fn login_profile(&self, user: UniqueId) -> Option<&Arc<LoginProfile>> {
        self.login_profiles.0.get(&user)
    }

    /// All passwords, in no order.
    pub fn login_profiles(&self) -> impl Iterator<Item = &Arc<LoginProfile>> {
        self.login_profiles.0.values()
    }
}
