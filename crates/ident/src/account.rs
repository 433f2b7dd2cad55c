use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A 12-digit AWS account id (IAM User Guide, "View AWS account identifiers").
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccountId(u64);

impl AccountId {
    /// The account `000000000000`, which emulators and their users take as the default.
    pub const ZERO: Self = Self(0);

    /// The account of this number, or `None` above 999 999 999 999.
    #[must_use]
    pub fn from_number(number: u64) -> Option<Self> {
        (number < ACCOUNTS).then_some(Self(number))
    }

    /// The account as a number, as the ids of access keys encode it.
    #[must_use]
    pub fn number(self) -> u64 {
        self.0
    }

    /// The twelve digits, without allocating.
    pub fn encode(self, buffer: &mut [u8; 12]) -> &str {
        let mut rest = self.0;
        for digit in buffer.iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        // INVARIANT: digits are ASCII.
        std::str::from_utf8(buffer).unwrap_or_default()
    }
}

impl FromStr for AccountId {
    type Err = InvalidAccountId;

    fn from_str(text: &str) -> Result<Self, InvalidAccountId> {
        if text.len() != 12 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(InvalidAccountId);
        }
        text.parse().map(Self).map_err(|_| InvalidAccountId)
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.encode(&mut [0; 12]))
    }
}

impl fmt::Debug for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl TryFrom<String> for AccountId {
    type Error = InvalidAccountId;

    fn try_from(text: String) -> Result<Self, InvalidAccountId> {
        text.parse()
    }
}

impl From<AccountId> for String {
    fn from(account: AccountId) -> Self {
        account.encode(&mut [0; 12]).to_owned()
    }
}

/// The text is not an account id: exactly twelve decimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an account id is exactly 12 digits")]
pub struct InvalidAccountId;

const ACCOUNTS: u64 = 1_000_000_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_and_prints_twelve_digits() {
        for text in ["000000000000", "123456789012", "999999999999"] {
            assert_eq!(text.parse::<AccountId>().unwrap().to_string(), text);
        }
        for text in ["", "1", "12345678901", "1234567890123", "12345678901x", "+12345678901"] {
            assert_eq!(text.parse::<AccountId>(), Err(InvalidAccountId), "{text}");
        }
    }
}
