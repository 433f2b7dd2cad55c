//! Passwords as they are kept: hashed with Argon2id (RFC 9106) in the form of PHC strings.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use daypass_ident::{IdGen, Secret};
use daypass_model::ServiceError;
use daypass_model::common::INTERNAL_FAILURE;

/// Hashes a password. It takes 19 MiB of memory for some hundredths of a second (OWASP, "Password Storage Cheat
/// Sheet"), so that operations that do it run in the bounded pool.
///
/// # Errors
/// `InternalFailure` when there is no such memory.
pub(super) fn hash(
    password: &Secret<String>,
    ids: &dyn IdGen,
) -> Result<Secret<String>, ServiceError> {
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

#[cfg(test)]
mod tests {
    use daypass_ident::SystemIds;

    use super::*;

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
