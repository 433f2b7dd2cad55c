//! The ids of an organisation's parts (AWS Organizations API Reference, data types).

use std::fmt;
use std::str::FromStr;

use daypass_ident::IdGen;
use serde::{Deserialize, Serialize};

/// Defines an id that is text of a known form.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $is_valid:expr, $form:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Box<str>);

        impl $name {
            /// The whole id.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidOrganizationsId;

            fn from_str(text: &str) -> Result<Self, InvalidOrganizationsId> {
                let is_valid: fn(&str) -> bool = $is_valid;
                is_valid(text).then(|| Self(text.into())).ok_or(InvalidOrganizationsId($form))
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidOrganizationsId;

            fn try_from(text: String) -> Result<Self, InvalidOrganizationsId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.into()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// The id of an organisation, `o-…`.
    OrganizationId,
    |text| text.strip_prefix("o-").is_some_and(|rest| is_lower(rest, 10)),
    "an organization's id is o- and 10 to 32 lower-case letters and digits"
);

id!(
    /// The id of an organisation's root, `r-…`.
    RootId,
    |text| text.strip_prefix("r-").is_some_and(|rest| is_lower(rest, 4)),
    "a root's id is r- and 4 to 32 lower-case letters and digits"
);

id!(
    /// The id of an organisational unit, `ou-…`; its middle is that of the root's.
    UnitId,
    |text| {
        let parts = text.strip_prefix("ou-").and_then(|rest| rest.split_once('-'));
        parts.is_some_and(|(root, own)| is_lower(root, 4) && is_lower(own, 8))
    },
    "a unit's id is ou-, what follows r- in the root's id, a hyphen, and 8 to 32 lower-case \
     letters and digits"
);

id!(
    /// The id of a policy of an organisation, `p-…`.
    ControlPolicyId,
    |text| {
        text.strip_prefix("p-").is_some_and(|rest| {
            (8..=128).contains(&rest.len())
                && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        })
    },
    "a policy's id is p- and 8 to 128 letters, digits and underscores"
);

impl OrganizationId {
    /// A new id.
    #[must_use]
    pub fn generate(ids: &dyn IdGen) -> Self {
        Self(random("o-", 10, ids))
    }
}

impl RootId {
    /// A new id.
    #[must_use]
    pub fn generate(ids: &dyn IdGen) -> Self {
        Self(random("r-", 4, ids))
    }

    /// Whether a unit's id is one of this root's units.
    #[must_use]
    pub fn is_root_of(&self, unit: &UnitId) -> bool {
        unit.0.strip_prefix("ou-").and_then(|rest| rest.split_once('-')).map(|(root, _)| root)
            == self.0.strip_prefix("r-")
    }
}

impl UnitId {
    /// A new id for a unit of this root.
    #[must_use]
    pub fn generate(root: &RootId, ids: &dyn IdGen) -> Self {
        let root = root.0.strip_prefix("r-").unwrap_or_default();
        Self(random(&["ou-", root, "-"].concat(), 8, ids))
    }
}

impl ControlPolicyId {
    /// A new id.
    #[must_use]
    pub fn generate(ids: &dyn IdGen) -> Self {
        Self(random("p-", 8, ids))
    }

    /// AWS's `FullAWSAccess`, which every root, unit and account has attached from its beginning.
    #[must_use]
    pub fn full_aws_access() -> Self {
        Self(FULL_AWS_ACCESS.into())
    }

    /// Whether this is AWS's `FullAWSAccess`.
    #[must_use]
    pub fn is_full_aws_access(&self) -> bool {
        *self.0 == *FULL_AWS_ACCESS
    }
}

/// The text is not an id of its kind; the message says what one looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidOrganizationsId(&'static str);

fn is_lower(text: &str, at_least: usize) -> bool {
    (at_least..=32).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

fn random(prefix: &str, count: usize, ids: &dyn IdGen) -> Box<str> {
    let mut bytes = vec![0; count];
    ids.fill(&mut bytes);
    let character = |byte: u8| match byte % 36 {
        digit @ 0..10 => b'0' + digit,
        letter => b'a' + letter - 10,
    };
    prefix.chars().chain(bytes.into_iter().map(|byte| character(byte).into())).collect()
}

const FULL_AWS_ACCESS: &str = "p-FullAWSAccess";

#[cfg(test)]
mod tests {
    use daypass_ident::SystemIds;

    use super::*;

    #[test]
    fn ids_have_awss_forms() {
        let root = RootId::generate(&SystemIds);
        for _ in 0..100 {
            let id = OrganizationId::generate(&SystemIds);
            assert_eq!(id.as_str().len(), 12);
            assert_eq!(id.as_str().parse(), Ok(id.clone()));
            let unit = UnitId::generate(&root, &SystemIds);
            assert_eq!(unit.as_str().parse(), Ok(unit.clone()));
            assert!(root.is_root_of(&unit), "{root} {unit}");
            let policy = ControlPolicyId::generate(&SystemIds);
            assert_eq!(policy.as_str().parse(), Ok(policy.clone()));
        }
        assert!(
            !"r-zzzzz".parse::<RootId>().unwrap().is_root_of(&"ou-ab12-aaaaaaaa".parse().unwrap())
        );
        assert_eq!("p-FullAWSAccess".parse(), Ok(ControlPolicyId::full_aws_access()));
    }

    #[test]
    fn other_texts_are_not_ids() {
        for text in ["", "o-", "o-short", "o-UPPERCASE12", "x-a1b2c3d4e5", "o-a1b2c3d4e5-"] {
            assert!(text.parse::<OrganizationId>().is_err(), "{text}");
        }
        for text in ["", "r-abc", "r-ABCD", "r-ab/2"] {
            assert!(text.parse::<RootId>().is_err(), "{text}");
        }
        for text in ["", "ou-ab12", "ou-ab12-short", "ou-ab-aaaaaaaa", "ou-ab12-aaaaaaaa-"] {
            assert!(text.parse::<UnitId>().is_err(), "{text}");
        }
        for text in ["", "p-short", "p-with-hyphen", "FullAWSAccess"] {
            assert!(text.parse::<ControlPolicyId>().is_err(), "{text}");
        }
    }
}
