use std::fmt;
use std::str::FromStr;

use subtle::{Choice, ConstantTimeEq};

/// Six digits. They are shown by `Display` only: a code that is still good does not belong in a log.
#[derive(Clone, Copy)]
pub struct Code(u32);

/// The text is not six digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a code is six digits")]
pub struct InvalidCode;

impl Code {
    /// The last six digits of a number, as RFC 4226 takes them.
    pub(crate) fn of(number: u32) -> Self {
        Self(number % MODULUS)
    }
}

impl FromStr for Code {
    type Err = InvalidCode;

    fn from_str(text: &str) -> Result<Self, InvalidCode> {
        if text.len() != DIGITS || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(InvalidCode);
        }
        text.parse().map(Self).map_err(|_| InvalidCode)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(..)")
    }
}

impl ConstantTimeEq for Code {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.0.ct_eq(&other.0)
    }
}

/// In the same time wherever the codes differ.
impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.ct_eq(other).into()
    }
}

impl Eq for Code {}

const DIGITS: usize = 6;
const MODULUS: u32 = 1_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_six_ascii_digits_with_their_zeros() {
        let code: Code = "000042".parse().unwrap();
        assert_eq!((code.to_string().as_str(), format!("{code:?}")), ("000042", "Code(..)".into()));
        assert_ne!(code, "420000".parse().unwrap());
        for text in ["", "42", "0000042", "+00042", "00 042", "00004a", "٠٠٠٠٤٢", "٤٢٤"] {
            assert_eq!(text.parse::<Code>().err(), Some(InvalidCode), "{text:?}");
        }
    }
}
