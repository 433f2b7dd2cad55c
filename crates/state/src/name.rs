use std::borrow::Borrow;
use std::fmt;

use daypass_ident::fold_case;

/// A name as IAM compares it: names of one kind are unique in an account whatever their case
/// (IAM User Guide, "IAM and AWS STS quotas": name requirements).
///
/// Names are in the order in which AWS lists them: that of their letters in upper case, so that
/// `ecsInstanceRole` comes before `ecs_instance_role` (as recorded from AWS).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Box<str>);

impl Name {
    /// The name under which a look-up finds what was stored in any case.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let mut name = fold_case(name).into_owned();
        name.make_ascii_uppercase();
        Self(name.into())
    }

    /// The name as [`fold_case`] gives it, in upper case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
