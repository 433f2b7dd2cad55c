use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{AccountId, IdGen, id_text};

/// The public half of a pair of credentials: `AKIA…` for a long-term key, `ASIA…` for a session's.
///
/// AWS's are 20 characters; any text of 1 to 128 word characters is kept, because users bring
/// their own (`test`, a 12-digit account id).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccessKeyId(Box<str>);

impl AccessKeyId {
    /// A fresh id of 20 characters that carries its account, as AWS's do.
    #[must_use]
    pub fn generate(kind: AccessKeyKind, account: AccountId, ids: &dyn IdGen) -> Self {
        let mut text = [0; 20];
        id_text::generate(kind.prefix(), account, ids, &mut text);
        Self(String::from_utf8_lossy(&text).into())
    }

    /// The whole text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Long-term or temporary, by the prefix; `None` for an id that is not of AWS's form.
    #[must_use]
    pub fn kind(&self) -> Option<AccessKeyKind> {
        AccessKeyKind::of(&self.0)
    }

    /// The account that the id carries; `None` for ids of the old form and the user's own.
    #[must_use]
    pub fn account(&self) -> Option<AccountId> {
        self.kind().and_then(|_| id_text::account(&self.0))
    }
}

impl FromStr for AccessKeyId {
    type Err = InvalidAccessKeyId;

    fn from_str(text: &str) -> Result<Self, InvalidAccessKeyId> {
        let well_formed = (1..=128).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        well_formed.then(|| Self(text.into())).ok_or(InvalidAccessKeyId)
    }
}

impl TryFrom<String> for AccessKeyId {
    type Error = InvalidAccessKeyId;

    fn try_from(text: String) -> Result<Self, InvalidAccessKeyId> {
        text.parse()
    }
}

impl From<AccessKeyId> for String {
    fn from(id: AccessKeyId) -> Self {
        id.0.into()
    }
}

impl Borrow<str> for AccessKeyId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AccessKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for AccessKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How long the credentials of an access key id live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AccessKeyKind {
    /// `AKIA`: until deleted.
    LongTerm,
    /// `ASIA`: until the session expires; it needs its session token.
    Temporary,
}

impl AccessKeyKind {
    /// The kind that an access key id's first four letters name.
    #[must_use]
    pub fn of(id: &str) -> Option<Self> {
        if id.starts_with("AKIA") {
            Some(Self::LongTerm)
        } else if id.starts_with("ASIA") {
            Some(Self::Temporary)
        } else {
            None
        }
    }

    fn prefix(self) -> &'static str {
        match self {
            Self::LongTerm => "AKIA",
            Self::Temporary => "ASIA",
        }
    }
}

/// The text is not an access key id: 1 to 128 letters, digits and underscores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an access key id is 1 to 128 letters, digits and underscores")]
pub struct InvalidAccessKeyId;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemIds;

    #[test]
    fn ids_carry_kind_and_account() {
        for number in [0, 7, 123_456_789_012, 999_999_999_999] {
            let account = AccountId::from_number(number).unwrap();
            for kind in [AccessKeyKind::LongTerm, AccessKeyKind::Temporary] {
                let id = AccessKeyId::generate(kind, account, &SystemIds);
                assert_eq!(id.as_str().len(), 20);
                assert_eq!(id.kind(), Some(kind));
                assert_eq!(id.account(), Some(account));
            }
        }
    }

    #[test]
    fn a_published_id_gives_its_account() {
        // The example of the public write-ups on the encoding.
        let id: AccessKeyId = "ASIAQNZGKIQY56JQ7WML".parse().unwrap();
        assert_eq!(id.account().unwrap().to_string(), "029608264753");
    }

    #[test]
    fn old_and_foreign_ids_carry_none() {
        for text in ["AKIAIOSFODNN7EXAMPLE", "test", "123456789012"] {
            assert_eq!(text.parse::<AccessKeyId>().unwrap().account(), None, "{text}");
        }
        for text in ["", "a b", "ä", "a/b"] {
            assert_eq!(text.parse::<AccessKeyId>(), Err(InvalidAccessKeyId), "{text}");
        }
    }
}
