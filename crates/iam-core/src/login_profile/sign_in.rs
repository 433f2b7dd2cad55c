//! What a password is good for: its user signs in with it.

use daypass_ident::Secret;
use daypass_state::LoginProfile;
use daypass_state::record::PasswordPolicyRecord;

use super::hash::is_password;

/// Whether a password is as old as it may be, or the user's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordStanding {
    /// It lets its user in.
    Good,
    /// Its user must choose another first: it has expired, or an administrator has set it.
    MustChange,
    /// It has expired, and an administrator must set another.
    Expired,
}

impl PasswordStanding {
    /// How a password stands at `now`, in Unix seconds (IAM User Guide, "Set an account password policy for IAM
    /// users").
    #[must_use]
    pub fn of(profile: &LoginProfile, policy: Option<&PasswordPolicyRecord>, now: i64) -> Self {
        let record = &profile.record;
        let age = policy.and_then(|policy| policy.max_age).map(|days| i64::from(days) * DAY);
        let has_expired = age.is_some_and(|age| now.saturating_sub(record.change_date) >= age);
        let is_hard = policy.and_then(|policy| policy.hard_expiry).unwrap_or_default();
        match (has_expired, is_hard) {
            (true, true) => Self::Expired,
            (true, false) => Self::MustChange,
            (false, _) if record.reset_required => Self::MustChange,
            (false, _) => Self::Good,
        }
    }
}

/// Whether it is the password of a user. `None` is nobody's profile: it takes as long as somebody's, so that the
/// time does not tell who there is. It takes some hundredths of a second, and 19 MiB.
#[must_use]
pub fn verify_password(profile: Option<&LoginProfile>, password: &Secret<String>) -> bool {
    match profile {
        Some(profile) => is_password(password, &profile.record.password),
        None => {
            let _ = is_password(password, &Secret::from(NOBODYS.to_owned()));
            false
        }
    }
}

/// In seconds.
const DAY: i64 = 86_400;
/// The hash of 16 random bytes with the parameters of all others.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$Gpjs2iR1s3ZEG9wYhLTs0A2CQJ2mSM6fW5sXfYqZ8Bk";

#[cfg(test)]
mod tests {
    use argon2::password_hash::phc::PasswordHash;

    use super::*;

    #[test]
    fn nobodys_password_takes_as_long_as_somebodys() {
        let hash = PasswordHash::new(NOBODYS).unwrap();
        let somebodys = super::super::hash::parameters();
        assert_eq!(hash.params.to_string(), somebodys);
        assert!(!verify_password(None, &Secret::from("guess".to_owned())));
    }
}
