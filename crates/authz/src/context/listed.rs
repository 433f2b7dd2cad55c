use std::collections::HashSet;

use daypass_ident::fold_case;
use daypass_policy::{ConditionContext, ContextValue};

use super::Keys;
use crate::targets::KeyValue;

impl Keys<'_> {
    /// Every condition key that the request has, with its values: those of AWS's global keys, then the tags of the
    /// principal, then what the operation adds.
    pub(crate) fn listed(&self) -> Vec<(String, Vec<String>)> {
        let mut seen = HashSet::new();
        self.names()
            .filter(|name| seen.insert(fold_case(name).into_owned()))
            .filter_map(|name| {
                let values = texts(self.get(&fold_case(&name))?);
                Some((name, values))
            })
            .collect()
    }

    fn names(&self) -> impl Iterator<Item = String> {
        let claims = self.call.caller.session().map(|session| &session.claims);
        let session_tags = claims.into_iter().flat_map(|claims| &claims.tags);
        let own_tags = self.entity_tags(self.tag_holder()).into_iter().flat_map(|tags| tags.iter());
        let tags = session_tags.map(|(key, _)| &**key).chain(own_tags.map(|(key, _)| key));
        let caller = &self.call.caller;
        let federation = claims.and_then(|claims| claims.federation.as_ref());
        let of_provider = federation.map(|federation| &federation.keys);
        let of_provider = of_provider.or(caller.vouched_claims().map(|claims| &claims.keys));
        let of_provider = of_provider.into_iter().flatten().map(|(name, _)| name.clone());
        let added = self.target.keys.iter().map(|(name, _): &(_, KeyValue)| name.to_string());
        GLOBAL
            .iter()
            .map(|name| (*name).to_owned())
            .chain(tags.map(|key| format!("aws:PrincipalTag/{key}")))
            .chain(of_provider)
            .chain(added)
    }
}

fn texts(value: ContextValue<'_>) -> Vec<String> {
    match value {
        ContextValue::Text(text) => vec![text.into_owned()],
        ContextValue::Many(values) => values.iter().map(ToString::to_string).collect(),
        ContextValue::Number(number) => vec![number.to_string()],
        ContextValue::Bool(value) => vec![value.to_string()],
        ContextValue::Date(date) => vec![date.to_string()],
        ContextValue::Ip(address) => vec![address.to_string()],
    }
}

/// The keys that requests may have whatever they ask for, as AWS writes them.
const GLOBAL: &[&str] = &[
    "aws:PrincipalArn",
    "aws:PrincipalAccount",
    "aws:PrincipalType",
    "aws:userid",
    "aws:username",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:PrincipalIsAWSService",
    "aws:PrincipalServiceName",
    "aws:PrincipalServiceNamesList",
    "aws:SourceArn",
    "aws:SourceAccount",
    "aws:SourceOrgID",
    "aws:SourceOrgPaths",
    "aws:TokenIssueTime",
    "aws:MultiFactorAuthPresent",
    "aws:MultiFactorAuthAge",
    "aws:SourceIdentity",
    "aws:FederatedProvider",
    "aws:AssumedRoot",
    "identitystore:UserId",
    "identitystore:IdentityStoreArn",
    "aws:RequestedRegion",
    "aws:CurrentTime",
    "aws:EpochTime",
    "aws:SourceIp",
    "aws:SecureTransport",
    "aws:UserAgent",
    "aws:referer",
    "aws:ViaAWSService",
    "aws:ResourceAccount",
    "aws:ResourceOrgID",
    "aws:ResourceOrgPaths",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_that_requests_may_have_is_forgotten() {
        let known: HashSet<String> = GLOBAL.iter().map(|name| name.to_ascii_lowercase()).collect();
        assert_eq!(known.len(), GLOBAL.len(), "each once");
        let answered: HashSet<String> = include_str!("../context.rs")
            .split('"')
            .filter(|text| ["aws:", "identitystore:"].iter().any(|it| text.starts_with(it)))
            .filter(|text| !text.ends_with('/'))
            .map(ToOwned::to_owned)
            .collect();
        assert_eq!(known, answered);
    }
}
