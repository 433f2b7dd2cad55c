//! The policies and tags that a call packs into a session.

use daypass_ident::Arn;
use daypass_model::sts::PolicyDescriptorType;
use daypass_policy::{Policy, PolicyKind, packed_len};
use daypass_state::Account;
use daypass_token::SessionPolicies;

use crate::arns;
use crate::errors::StsError;
use crate::tags::SessionTags;

/// The session policies of a call; `None` when it passes none.
///
/// Managed policies must be the role's account's own or AWS's.
pub(crate) fn parse<'a>(
    inline: Option<&str>,
    arns: Option<&'a [PolicyDescriptorType]>,
    account: &Account,
) -> Result<Option<SessionPolicies>, StsError<'a>> {
    let arns = arns.unwrap_or_default().iter().enumerate().map(|(index, policy)| {
        // The model lets one be without its ARN. It cannot be left out: it was to bound the session.
        let arn = policy.arn.as_deref().ok_or(StsError::NoPolicyArn(index + 1))?;
        managed(arn, account)
    });
    let arns = arns.collect::<Result<Vec<_>, _>>()?;
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
/// Inherited tags count like those passed. How AWS packs is not published; what daypass computes
/// comes out as the sizes that are known of AWS's do, and near them else: of the policy that the API
/// reference shows at `GetFederationToken` 6 %, of two tags of two letters 2 %.
pub(crate) fn packed_size(
    policies: Option<&SessionPolicies>,
    tags: &SessionTags,
) -> Result<Option<i32>, StsError<'static>> {
    if policies.is_none() && tags.is_empty() {
        return Ok(None);
    }
    let of_policies = policies.map_or(0, |policies| {
        let inline = policies.inline.as_deref().and_then(packed_len);
        inline.unwrap_or_default() + policies.arns.len() * OF_MANAGED_POLICY
    });
    let of_tags: usize = tags.iter().map(|(key, value)| key.len() + value.len() + 2).sum();
    let percent =
        i32::try_from(((of_policies + of_tags) * 100).div_ceil(ALLOTTED)).unwrap_or(i32::MAX);
    match policies {
        _ if percent <= 100 => Ok(Some(percent)),
        Some(_) => Err(StsError::PackedPolicyTooLarge(percent)),
        None => Err(StsError::PackedTagsTooLarge(percent)),
    }
}

fn managed<'a>(arn: &'a str, account: &Account) -> Result<Arn, StsError<'a>> {
    let parsed = arns::complete(arn)?;
    if account.managed_policy(arn).is_none() {
        return Err(StsError::NoSuchPolicy);
    }
    Ok(parsed)
}

/// In bytes.
const ALLOTTED: usize = 512;

/// What a managed policy takes, however long its ARN: as much as its unique id.
const OF_MANAGED_POLICY: usize = 22;
