use daypass_wire::ConstraintTexts;

use crate::{iam, sts};

/// A service of AWS that daypass is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    /// Identity and Access Management.
    Iam,
    /// The Security Token Service.
    Sts,
}

impl Service {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Iam, Self::Sts];

    /// The name in credential scopes, in actions (`iam:CreateUser`) and in ARNs.
    pub const fn signing_name(self) -> &'static str {
        match self {
            Self::Iam => iam::SIGNING_NAME,
            Self::Sts => sts::SIGNING_NAME,
        }
    }

    /// The version of its API, which requests name.
    pub const fn api_version(self) -> &'static str {
        match self {
            Self::Iam => iam::API_VERSION,
            Self::Sts => sts::API_VERSION,
        }
    }

    /// How it words the refusal of a value that breaks a constraint of the model.
    pub const fn constraint_texts(self) -> ConstraintTexts {
        match self {
            Self::Iam => ConstraintTexts::WithoutValues,
            Self::Sts => ConstraintTexts::WithValues,
        }
    }

    /// The XML namespace of its answers.
    pub const fn namespace(self) -> &'static str {
        match self {
            Self::Iam => iam::NAMESPACE,
            Self::Sts => sts::NAMESPACE,
        }
    }
}
