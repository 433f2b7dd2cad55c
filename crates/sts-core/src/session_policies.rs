//! The policies and tags that a call packs into a session.

use daypass_ident::{AccountId, Arn};
use daypass_model::sts::PolicyDescriptorType;
use daypass_policy::{Policy, PolicyKind};
use daypass_state::View;
use daypass_token::SessionPolicies;

use crate::errors::StsError;
use crate::tags::SessionTags;

/// The session policies of a call; `None` when it passes none.
///
/// Managed policies must be the role's account's own or AWS's. AWS does not document its answer to
/// one that is not there; daypass answers as for a text that cannot be a policy.
pub(crate) fn parse<'a>(
    inline: Option<&str>,
    arns: Option<&'a [PolicyDescriptorType]>,
    account: AccountId,
    view: &View,
) -> Result<Option<SessionPolicies>, StsError<'a>> {
    let arns = arns.unwrap_or_default().iter().filter_map(|policy| policy.arn.as_deref());
    let arns = arns.map(|arn| managed(arn, account, view)).collect::<Result<Vec<_>, _>>()?;
    if let Some(text) = inline {
        Policy::parse(PolicyKind::Session, text).map_err(StsError::MalformedPolicy)?;
    }
    if inline.is_none() && arns.is_empty() {
        return Ok(None);
    }
    Ok(Some(SessionPolicies { inline: inline.map(str::to_owned), arns }))
}

/// How much of the room for policies and tags a session takes, in percent; `None` when it packs
/// nothing.
///
/// AWS compresses them by a method that it does not publish. daypass counts the characters of the
/// policies, their ARNs and the tags against the 2048 that AWS allows as plain text, so that a
/// session that fits here fits there.
pub(crate) fn packed_size(
    policies: Option<&SessionPolicies>,
    tags: &SessionTags,
) -> Result<Option<i32>, StsError<'static>> {
    if policies.is_none() && tags.passed().next().is_none() {
        return Ok(None);
    }
    let of_policies = policies.map_or(0, |policies| {
        let inline = policies.inline.as_ref().map_or(0, |text| text.chars().count());
        inline + policies.arns.iter().map(|arn| arn.as_str().len()).sum::<usize>()
    });
    let of_tags: usize =
        tags.passed().map(|(key, value)| key.chars().count() + value.chars().count()).sum();
    let percent =
        i32::try_from(((of_policies + of_tags) * 100).div_ceil(ALLOTTED)).unwrap_or(i32::MAX);
    if percent > 100 {
        return Err(StsError::PackedPolicyTooLarge(percent));
    }
    Ok(Some(percent))
}

fn managed<'a>(arn: &'a str, account: AccountId, view: &View) -> Result<Arn, StsError<'a>> {
    let parsed: Arn = arn.parse().map_err(|_| StsError::InvalidArn(arn))?;
    let owner = parsed.parts().account;
    let within_reach = owner == "aws" || owner.parse() == Ok(account);
    if !within_reach || view.managed_policy(arn).is_none() {
        return Err(StsError::NoSuchPolicy(arn));
    }
    Ok(parsed)
}

const ALLOTTED: usize = 2_048;
