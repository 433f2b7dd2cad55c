use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{AccountId, IdGen, id_text};

/// The id that an entity keeps for its life and that no other ever has, such as `AIDA…`
/// (IAM User Guide, "IAM identifiers": unique identifiers). Always 21 characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UniqueId([u8; LENGTH]);

impl UniqueId {
    /// A fresh id that carries its account, as AWS's do.
    #[must_use]
    pub fn generate(kind: IdKind, account: AccountId, ids: &dyn IdGen) -> Self {
        let mut text = [0; LENGTH];
        id_text::generate(kind.prefix(), account, ids, &mut text);
        Self(text)
    }

    /// The whole text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // INVARIANT: every constructor writes or checks ASCII.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// What the id names.
    #[must_use]
    pub fn kind(&self) -> Option<IdKind> {
        let prefix = self.as_str().get(..4)?;
        IdKind::ALL.into_iter().find(|kind| kind.prefix() == prefix)
    }

    /// The account that the id carries.
    #[must_use]
    pub fn account(&self) -> Option<AccountId> {
        id_text::account(self.as_str())
    }
}

impl FromStr for UniqueId {
    type Err = InvalidUniqueId;

    fn from_str(text: &str) -> Result<Self, InvalidUniqueId> {
        let bytes: [u8; LENGTH] = text.as_bytes().try_into().map_err(|_| InvalidUniqueId)?;
        let well_formed = bytes.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        let id = Self(bytes);
        (well_formed && id.kind().is_some()).then_some(id).ok_or(InvalidUniqueId)
    }
}

impl TryFrom<String> for UniqueId {
    type Error = InvalidUniqueId;

    fn try_from(text: String) -> Result<Self, InvalidUniqueId> {
        text.parse()
    }
}

impl From<UniqueId> for String {
    fn from(id: UniqueId) -> Self {
        id.as_str().to_owned()
    }
}

impl fmt::Display for UniqueId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for UniqueId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a unique id names (IAM User Guide, "IAM identifiers": the table of prefixes).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IdKind {
    /// `AIDA`: a user.
    User,
    /// `AGPA`: a group.
    Group,
    /// `AROA`: a role.
    Role,
    /// `ANPA`: a managed policy.
    Policy,
    /// `AIPA`: an instance profile.
    InstanceProfile,
    /// `ASCA`: a server certificate.
    ServerCertificate,
    /// `ACCA`: a credential for a single service.
    ServiceSpecificCredential,
}

impl IdKind {
    const ALL: [Self; 7] = [
        Self::User,
        Self::Group,
        Self::Role,
        Self::Policy,
        Self::InstanceProfile,
        Self::ServerCertificate,
        Self::ServiceSpecificCredential,
    ];

    /// The four letters that every id of this kind begins with.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            Self::User => "AIDA",
            Self::Group => "AGPA",
            Self::Role => "AROA",
            Self::Policy => "ANPA",
            Self::InstanceProfile => "AIPA",
            Self::ServerCertificate => "ASCA",
            Self::ServiceSpecificCredential => "ACCA",
        }
    }
}

/// The text is not a unique id: 21 capital letters and digits with a known prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a unique id is 21 capital letters and digits and begins with a known prefix")]
pub struct InvalidUniqueId;

const LENGTH: usize = 21;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemIds;

    #[test]
    fn ids_carry_kind_and_account() {
        for number in [0, 1, 123_456_789_012, 999_999_999_999] {
            let account = AccountId::from_number(number).unwrap();
            for kind in IdKind::ALL {
                let id = UniqueId::generate(kind, account, &SystemIds);
                assert_eq!(id.kind(), Some(kind));
                assert_eq!(id.account(), Some(account));
                assert_eq!(id.to_string().parse(), Ok(id));
            }
        }
    }

    #[test]
    fn refuses_what_is_not_an_id() {
        for text in ["", "AIDA", "XXXAIOSFODNN7EXAMPLE1", "AIDAiosfodnn7example1"] {
            assert_eq!(text.parse::<UniqueId>(), Err(InvalidUniqueId), "{text}");
        }
    }
}
