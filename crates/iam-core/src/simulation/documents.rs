//! The documents that a request brings along.

use daypass_model::ServiceError;
use daypass_policy::{Policy, PolicyKind};

use crate::errors::InvalidInput;

/// A document that was given with the request, parsed.
#[derive(Debug)]
pub(super) struct Given {
    /// The parameter that it came in, by which answers and errors name it: `PolicyInputList.1`.
    pub(super) name: String,
    pub(super) policy: Policy,
}

impl Given {
    /// The document of a parameter.
    ///
    /// # Errors
    /// `InvalidInput` for what is no policy of the kind.
    pub(super) fn parse(kind: PolicyKind, name: String, text: &str) -> Result<Self, ServiceError> {
        match Policy::parse(kind, text) {
            Ok(policy) => Ok(Self { name, policy }),
            Err(error) => Err(InvalidInput::SimulatedDocument { name: &name, error }.into()),
        }
    }

    /// The documents of a list.
    ///
    /// # Errors
    /// As [`parse`](Self::parse), for the first.
    pub(super) fn parse_list(
        kind: PolicyKind,
        list: &str,
        texts: &[String],
    ) -> Result<Vec<Self>, ServiceError> {
        let parse =
            |(number, text): (usize, &String)| Self::parse(kind, format!("{list}.{number}"), text);
        (1..).zip(texts).map(parse).collect()
    }

    /// `PolicyInputList`, whose documents may be meant for either kind of policy, managed or inline.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub(super) fn identity(texts: &[String]) -> Result<Vec<Self>, ServiceError> {
        Self::parse_list(PolicyKind::Inline, "PolicyInputList", texts)
    }

    /// `PermissionsBoundaryPolicyInputList`, a list of which IAM takes one.
    ///
    /// # Errors
    /// As [`parse`](Self::parse); `InvalidInput` for more than one.
    pub(super) fn boundary(texts: Option<&[String]>) -> Result<Option<Self>, ServiceError> {
        let list = "PermissionsBoundaryPolicyInputList";
        let mut given = Self::parse_list(PolicyKind::Identity, list, texts.unwrap_or_default())?;
        if given.len() > 1 {
            return Err(InvalidInput::SimulatedBoundaries.into());
        }
        Ok(given.pop())
    }

    /// `ResourcePolicy`, be it a trust policy.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub(super) fn resource(text: Option<&str>) -> Result<Option<Self>, ServiceError> {
        let parse = |text| {
            let name = || "ResourcePolicy".to_owned();
            Self::parse(PolicyKind::Resource, name(), text)
                .or_else(|error| Self::parse(PolicyKind::Trust, name(), text).map_err(|_| error))
        };
        text.map(parse).transpose()
    }
}
