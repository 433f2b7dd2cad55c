//! Passwords as they are kept: hashed with Argon2id (RFC 9106) in the form of PHC strings.

use std::sync::{Mutex, MutexGuard, PoisonError};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use daypass_authz::{Handle, Permitted};
use daypass_ident::{IdGen, Secret};
use daypass_model::ServiceError;
use daypass_model::common::INTERNAL_FAILURE;

/// The hashes that a call has made and compared: each takes 19 MiB of memory for some hundredths of a second (OWASP,
/// "Password Storage Cheat Sheet"), so that operations with passwords run in the bounded pool. A call that runs again
/// finds what it did before, and is then as quick as the writes that it runs again for.
#[derive(Debug, Default)]
pub(super) struct Hashes(Mutex<Done>);

#[derive(Debug, Default)]
struct Done {
    made: Vec<Known<()>>,
    compared: Vec<Known<bool>>,
}

/// A password, a hash, and what is known of the two.
#[derive(Debug)]
struct Known<T> {
    password: Secret<String>,
    hash: Secret<String>,
    fact: T,
}

impl Hashes {
    /// Those of a call.
    ///
    /// # Errors
    /// None that can come about: `InternalFailure` when the call keeps anything else.
    pub(super) fn of<Op: Handle>(call: &Permitted<Op>) -> Result<&Self, ServiceError> {
        call.kept().ok_or_else(|| INTERNAL_FAILURE.bare())
    }

    /// The hash of a password.
    ///
    /// # Errors
    /// As [`hash`].
    pub(super) fn hash(
        &self,
        password: &Secret<String>,
        ids: &dyn IdGen,
    ) -> Result<Secret<String>, ServiceError> {
        let found =
            self.lock().made.iter().find(|made| made.password == *password).map(Known::hash);
        if let Some(hash) = found {
            return Ok(hash);
        }
        let hash = hash(password, ids)?;
        self.lock().made.push(Known { password: password.clone(), hash: hash.clone(), fact: () });
        Ok(hash)
    }

    /// As [`is_password`].
    pub(super) fn is_password(&self, password: &Secret<String>, hash: &Secret<String>) -> bool {
        let is_it = |known: &&Known<bool>| known.password == *password && known.hash == *hash;
        let found = self.lock().compared.iter().find(is_it).map(|known| known.fact);
        if let Some(fact) = found {
            return fact;
        }
        let fact = is_password(password, hash);
        let (password, hash) = (password.clone(), hash.clone());
        self.lock().compared.push(Known { password, hash, fact });
        fact
    }

    fn lock(&self) -> MutexGuard<'_, Done> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Known<T> {
    fn hash(&self) -> Secret<String> {
        self.hash.clone()
    }
}

/// Hashes a password.
///
/// # Errors
/// `InternalFailure` when there is no such memory.
fn hash(password: &Secret<String>, ids: &dyn IdGen) -> Result<Secret<String>, ServiceError> {
    let mut salt = [0; 16];
    ids.fill(&mut salt);
    let hash = Argon2::default().hash_password_with_salt(password.expose().as_bytes(), &salt);
    let hash: PasswordHash = hash.map_err(|_| INTERNAL_FAILURE.bare())?;
    Ok(hash.to_string().into())
}

/// Whether it is the password that was hashed. A hash that cannot be read is no password's.
pub(super) fn is_password(password: &Secret<String>, hash: &Secret<String>) -> bool {
    let Ok(hash) = PasswordHash::new(hash.expose()) else { return false };
    Argon2::default().verify_password(password.expose().as_bytes(), &hash).is_ok()
}

/// The parameters of a fresh hash, as a PHC string has them.
#[cfg(test)]
pub(super) fn parameters() -> String {
    let hash = hash(&Secret::from("any".to_owned()), &daypass_ident::SystemIds).unwrap();
    PasswordHash::new(hash.expose()).unwrap().params.to_string()
}

#[cfg(test)]
mod tests {
    use daypass_ident::SystemIds;

    use super::*;

    #[test]
    fn what_a_call_did_before_it_finds_again() {
        let hashes = Hashes::default();
        let [one, other] = ["one", "other"].map(|text| Secret::from(text.to_owned()));
        let hash = hashes.hash(&one, &SystemIds).unwrap();
        assert_eq!(hashes.hash(&one, &SystemIds).unwrap(), hash, "another would have another salt");
        assert_ne!(hashes.hash(&other, &SystemIds).unwrap(), hash);
        for _ in 0..2 {
            assert!(hashes.is_password(&one, &hash));
            assert!(!hashes.is_password(&other, &hash));
        }
    }

    #[test]
    fn a_password_is_known_again_and_no_other() {
        let password = Secret::from("correct horse".to_owned());
        let [one, other] = [(); 2].map(|()| hash(&password, &SystemIds).unwrap());
        assert!(one.expose().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", one.expose());
        assert_ne!(one.expose(), other.expose(), "each has a salt of its own");
        assert!(is_password(&password, &one) && is_password(&password, &other));
        assert!(!is_password(&Secret::from("correct horsf".to_owned()), &one));
        assert!(!is_password(&password, &Secret::from("nonsense".to_owned())));
    }
}
