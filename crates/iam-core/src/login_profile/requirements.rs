//! What a password must be like: by the account's password policy, or by the one that AWS has for accounts
//! without (IAM User Guide, "Set an account password policy").

use daypass_state::record::PasswordPolicyRecord;

use crate::errors::PasswordPolicyViolation;

/// Whether a password is like that.
///
/// # Errors
/// The first requirement that it does not meet, or of AWS's own policy all of a kind.
pub(super) fn check(
    policy: Option<&PasswordPolicyRecord>,
    password: &str,
) -> Result<(), PasswordPolicyViolation> {
    match policy {
        Some(policy) => check_by(policy, password),
        None => check_by_default(password),
    }
}

/// Classes come before the length, and one text is answered, as recorded from AWS.
fn check_by(policy: &PasswordPolicyRecord, password: &str) -> Result<(), PasswordPolicyViolation> {
    let asked = [
        policy.require_uppercase,
        policy.require_lowercase,
        policy.require_numbers,
        policy.require_symbols,
    ];
    let missing = CLASSES.iter().zip(asked).find(|(class, asked)| *asked && !class.is_in(password));
    if let Some((class, _)) = missing {
        return Err(PasswordPolicyViolation::Class(class.text));
    }
    check_length(password, usize::try_from(policy.minimum_length).unwrap_or_default())
}

fn check_by_default(password: &str) -> Result<(), PasswordPolicyViolation> {
    let missing: Vec<&str> =
        CLASSES.iter().filter(|class| !class.is_in(password)).map(|class| class.text).collect();
    let more = missing.len().saturating_sub(CLASSES.len() - DEFAULT_CLASSES);
    if more > 0 {
        return Err(PasswordPolicyViolation::Classes { more, missing: missing.join(", ") });
    }
    check_length(password, DEFAULT_LENGTH)
}

fn check_length(password: &str, least: usize) -> Result<(), PasswordPolicyViolation> {
    if password.chars().count() < least {
        return Err(PasswordPolicyViolation::Length(least));
    }
    Ok(())
}

struct Class {
    text: &'static str,
    has: fn(char) -> bool,
}

impl Class {
    fn is_in(&self, password: &str) -> bool {
        password.chars().any(self.has)
    }
}

const CLASSES: [Class; 4] = [
    Class {
        text: "Password should have at least one uppercase letter",
        has: |char| char.is_ascii_uppercase(),
    },
    Class {
        text: "Password should have at least one lowercase letter",
        has: |char| char.is_ascii_lowercase(),
    },
    Class { text: "Password should have at least one number", has: |char| char.is_ascii_digit() },
    Class {
        text: "Password should have at least one symbol",
        has: |char| "!@#$%^&*()_+-=[]{}|'".contains(char),
    },
];

/// Of an account without a policy of its own.
const DEFAULT_LENGTH: usize = 8;
const DEFAULT_CLASSES: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(policy: Option<&PasswordPolicyRecord>, password: &str) -> String {
        check(policy, password).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn an_account_without_a_policy_asks_for_three_classes_and_eight_characters() {
        for (password, expected) in [
            ("Password1", ""),
            ("password-1", ""),
            ("PASSWORD-1", ""),
            ("Aa1-", "Password should have a minimum length of 8"),
            (
                "password1",
                "Password should meet 1 more of the following requirements: Password should have at least one \
                 uppercase letter, Password should have at least one symbol",
            ),
            (
                "password",
                "Password should meet 2 more of the following requirements: Password should have at least one \
                 uppercase letter, Password should have at least one number, Password should have at least one symbol",
            ),
        ] {
            assert_eq!(refusal(None, password), expected, "{password}");
        }
    }

    #[test]
    fn a_policy_of_the_accounts_own_tells_one_thing_at_a_time() {
        let policy = PasswordPolicyRecord {
            minimum_length: 10,
            require_symbols: true,
            require_numbers: true,
            require_uppercase: true,
            require_lowercase: true,
            allow_users_to_change: false,
            max_age: None,
            reuse_prevention: None,
            hard_expiry: None,
        };
        for (password, expected) in [
            ("", "Password should have at least one uppercase letter"),
            ("A", "Password should have at least one lowercase letter"),
            ("Aa", "Password should have at least one number"),
            ("Aa1", "Password should have at least one symbol"),
            ("Aa1'", "Password should have a minimum length of 10"),
            ("Aa1'\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}", ""),
        ] {
            assert_eq!(refusal(Some(&policy), password), expected, "{password}");
        }
        let none = PasswordPolicyRecord {
            minimum_length: 6,
            require_symbols: false,
            require_numbers: false,
            require_uppercase: false,
            require_lowercase: false,
            ..policy
        };
        assert_eq!(refusal(Some(&none), "aaaaaa"), "");
    }
}
