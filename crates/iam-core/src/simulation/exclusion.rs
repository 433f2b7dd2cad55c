//! `PolicyExclusionList`: what would be if a principal did not have some of its policies.

use daypass_authz::{ControlLevels, EntityPolicies};
use daypass_ident::ArnParts;
use daypass_model::ServiceError;
use daypass_model::iam::{
    AttachmentType, InlinePolicyIdentifierType, PolicyIdentifier, PolicyIdentifierPolicyType,
};
use daypass_policy::PolicySource;

use crate::errors::InvalidInput;

/// Takes away the policies that are named; those that are not there are not missed.
///
/// # Errors
/// `InvalidInput` for an identifier that says nothing or several things, and for wildcards where
/// there may be none.
pub(super) fn exclude(
    policies: &mut EntityPolicies<'_>,
    identifiers: &[PolicyIdentifier],
) -> Result<(), ServiceError> {
    for identifier in identifiers {
        let PolicyIdentifier { policy_type, policy_arn, inline_policy_identifier } = identifier;
        match (policy_type, policy_arn, inline_policy_identifier) {
            (Some(policy_type), None, None) => exclude_type(policies, *policy_type),
            (None, Some(arn), None) => {
                let pattern = Pattern::of_arn(arn)?;
                policies.identity.retain(|held| {
                    !matches!(held.source, PolicySource::Managed { arn } if pattern.matches(arn))
                });
            }
            (None, None, Some(inline)) => {
                let pattern = Pattern::new(&inline.attachment_name)?;
                policies.identity.retain(|held| !is_inline(held.source, inline, pattern));
            }
            _ => return Err(InvalidInput::PolicyIdentifier.into()),
        }
    }
    Ok(())
}

fn exclude_type(policies: &mut EntityPolicies<'_>, policy_type: PolicyIdentifierPolicyType) {
    let mut exclude = |is_meant: fn(PolicySource<'_>) -> bool| {
        policies.identity.retain(|held| !is_meant(held.source));
    };
    match policy_type {
        PolicyIdentifierPolicyType::Inline => {
            exclude(|source| !matches!(source, PolicySource::Managed { .. }));
        }
        PolicyIdentifierPolicyType::AwsManaged => {
            exclude(|source| matches!(source, PolicySource::Managed { arn } if is_awss(arn)));
        }
        PolicyIdentifierPolicyType::UserManaged => {
            exclude(|source| matches!(source, PolicySource::Managed { arn } if !is_awss(arn)));
        }
        PolicyIdentifierPolicyType::PermissionBoundary => policies.boundary = None,
        PolicyIdentifierPolicyType::Scp => policies.service_control = ControlLevels::default(),
        // IAM's simulator does not ask resource control policies.
        PolicyIdentifierPolicyType::Rcp => {}
    }
}

fn is_inline(
    source: PolicySource<'_>,
    inline: &InlinePolicyIdentifierType,
    holder: Pattern<'_>,
) -> bool {
    let (kind, name, policy) = match source {
        PolicySource::UserInline { user, name } => (AttachmentType::User, user, name),
        PolicySource::GroupInline { group, name } => (AttachmentType::Group, group, name),
        PolicySource::RoleInline { role, name } => (AttachmentType::Role, role, name),
        _ => return false,
    };
    kind == inline.attachment_type && policy == inline.policy_name && holder.matches(name)
}

fn is_awss(arn: &str) -> bool {
    ArnParts::parse(arn).is_some_and(|arn| arn.account == "aws")
}

/// Text with at most one `*`, and with `?`.
#[derive(Debug, Clone, Copy)]
struct Pattern<'a> {
    head: &'a str,
    /// What follows the `*`.
    tail: Option<&'a str>,
}

impl<'a> Pattern<'a> {
    fn new(text: &'a str) -> Result<Self, ServiceError> {
        match text.split_once('*') {
            Some((_, tail)) if tail.contains('*') => Err(InvalidInput::PolicyIdentifier.into()),
            Some((head, tail)) => Ok(Self { head, tail: Some(tail) }),
            None => Ok(Self { head: text, tail: None }),
        }
    }

    /// The ARN of a policy, in whose last field alone wildcards may stand.
    fn of_arn(text: &'a str) -> Result<Self, ServiceError> {
        let fixed = |arn: &ArnParts<'_>| {
            let fields = [arn.partition, arn.service, arn.region, arn.account];
            !fields.iter().any(|field| field.contains(['*', '?']))
        };
        match ArnParts::parse(text).filter(fixed) {
            Some(_) => Self::new(text),
            None => Err(InvalidInput::PolicyIdentifier.into()),
        }
    }

    fn matches(self, text: &str) -> bool {
        let (head, text) = (self.head.as_bytes(), text.as_bytes());
        let Some(tail) = self.tail.map(str::as_bytes) else { return same(head, text) };
        let rest = text.split_at_checked(head.len());
        rest.is_some_and(|(start, rest)| {
            let end = rest.len().checked_sub(tail.len()).and_then(|at| rest.get(at..));
            same(head, start) && end.is_some_and(|end| same(tail, end))
        })
    }
}

fn same(pattern: &[u8], text: &[u8]) -> bool {
    pattern.len() == text.len() && pattern.iter().zip(text).all(|(p, t)| *p == b'?' || p == t)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match() {
        let cases = [
            ("dev", "dev", true),
            ("dev", "devs", false),
            ("d?v", "dev", true),
            ("*", "", true),
            ("d*v", "dv", true),
            ("d*v", "deliver-v", true),
            ("dv*dv", "dv", false),
            ("d*??v", "dev", false),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(Pattern::new(pattern).unwrap().matches(text), expected, "{pattern} {text}");
        }
        assert!(Pattern::new("a*b*").is_err());
        assert!(Pattern::of_arn("arn:aws:iam::*:policy/x").is_err());
        assert!(Pattern::of_arn("not an arn of any policy").is_err());
        assert!(Pattern::of_arn("arn:aws:iam::aws:policy/*Access").is_ok());
    }
}
