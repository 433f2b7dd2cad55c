mod listed;

use std::borrow::Cow;

use daypass_catalog::is_multivalued;
use daypass_ident::{AccountId, Principal, PrincipalType, eq_ignore_case};
use daypass_model::Service;
use daypass_policy::{ConditionContext, ContextValue};
use daypass_state::record::Tags;
use daypass_state::{Membership, ServiceCall, VouchedClaims};
use jiff::Timestamp;

use crate::Call;
use crate::targets::{KeyValue, Target};

/// The condition keys of one target of a call (IAM User Guide, "AWS global condition context
/// keys"). Nothing is made before a policy asks for it.
#[derive(Debug)]
pub(crate) struct Keys<'a> {
    pub(crate) call: &'a Call,
    pub(crate) service: Service,
    pub(crate) target: &'a Target,
}

impl ConditionContext for Keys<'_> {
    fn get(&self, key: &str) -> Option<ContextValue<'_>> {
        let caller = &self.call.caller;
        let of_caller = match (caller.vouched_claims(), caller.service_call()) {
            (Some(claims), _) => of_unsigned(key, claims),
            (None, Some(call)) => self.of_service(key, call),
            (None, None) => self
                .of_principal(key)
                .or_else(|| self.of_multi_factor(key))
                .or_else(|| self.of_session(key)),
        };
        of_caller.or_else(|| self.of_request(key)).or_else(|| self.of_target(key))
    }

    fn is_multivalued(&self, key: &str) -> bool {
        is_multivalued(key)
    }
}

impl Keys<'_> {
    fn of_principal(&self, key: &str) -> Option<ContextValue<'_>> {
        let principal = self.call.caller.principal();
        match key {
            "aws:principalarn" => Some(String::from(principal.principal_arn()).into()),
            "aws:principalaccount" => Some(principal.account().to_string().into()),
            "aws:principaltype" => Some(principal.principal_type()?.as_str().into()),
            "aws:userid" => Some(principal.user_id().into()),
            "aws:username" => match principal {
                Principal::User { name, .. } => Some((&**name).into()),
                _ => None,
            },
            "aws:principalorgid" => Some(self.membership_of_caller()?.organization_id().into()),
            "aws:principalorgpaths" => Some(paths(self.membership_of_caller()?)),
            "aws:principalisawsservice" => Some(false.into()),
            _ => self.principal_tag(key.strip_prefix("aws:principaltag/")?).map(Into::into),
        }
    }

    /// A session's tags stand before those of its role or user.
    fn principal_tag(&self, name: &str) -> Option<&str> {
        let session = self.call.caller.session();
        let own = session.and_then(|session| {
            let mut tags = session.claims.tags.iter();
            tags.find(|(key, _)| eq_ignore_case(key, name)).map(|(_, value)| value.as_str())
        });
        own.or_else(|| self.entity_tags(self.tag_holder())?.get_ignore_case(name))
    }

    /// Whose tags a principal has: of a federated user, their issuer's.
    fn tag_holder(&self) -> &Principal {
        let session = self.call.caller.session();
        let issuer = session.and_then(|session| session.claims.issuer.as_ref());
        issuer.unwrap_or_else(|| self.call.caller.principal())
    }

    fn entity_tags(&self, principal: &Principal) -> Option<&Tags> {
        let account = self.call.view.account(principal.account());
        match principal {
            Principal::User { id, .. } => Some(&account.user_by_id(*id)?.record.tags),
            Principal::AssumedRole { id, .. } => Some(&account.role_by_id(*id)?.record.tags),
            Principal::Root { .. }
            | Principal::FederatedUser { .. }
            | Principal::WebIdentityUser { .. }
            | Principal::SamlUser { .. }
            | Principal::Service { .. } => None,
        }
    }

    /// A service is no principal of an account's. On whose behalf it calls, it says itself.
    fn of_service<'k>(&'k self, key: &str, call: &'k ServiceCall) -> Option<ContextValue<'k>> {
        match key {
            "aws:principalisawsservice" => Some(true.into()),
            "aws:principalservicename" => Some(self.service_name()?.into()),
            "aws:principalservicenameslist" => Some(ContextValue::many([self.service_name()?])),
            "aws:sourcearn" => Some(call.source_arn.as_ref()?.as_str().into()),
            "aws:sourceaccount" => Some(call.source_account?.to_string().into()),
            "aws:sourceorgid" => Some(self.membership_of_source(call)?.organization_id().into()),
            "aws:sourceorgpaths" => Some(paths(self.membership_of_source(call)?)),
            _ => None,
        }
    }

    fn service_name(&self) -> Option<&str> {
        match self.call.caller.principal() {
            Principal::Service { name, .. } => Some(name),
            _ => None,
        }
    }

    fn membership_of_source(&self, call: &ServiceCall) -> Option<&Membership> {
        self.call.view.membership(call.source_account?)
    }

    /// Neither key is there for long-term credentials, unless the request itself gives a code.
    fn of_multi_factor(&self, key: &str) -> Option<ContextValue<'_>> {
        let age = || self.multi_factor_age();
        match key {
            "aws:multifactorauthpresent" => match (age(), self.call.caller.session()) {
                (None, None) => None,
                (age, _) => Some(age.is_some().into()),
            },
            "aws:multifactorauthage" => age().map(Into::into),
            _ => None,
        }
    }

    /// How many seconds ago a code was given: with this request, or when the session began. A role's
    /// session knows it for CloudTrail only; policies do not see it (IAM User Guide, "Secure API
    /// access with MFA").
    fn multi_factor_age(&self) -> Option<i64> {
        if self.target.multi_factor {
            return Some(0);
        }
        let claims = &self.call.caller.session()?.claims;
        let is_role = matches!(claims.principal, Principal::AssumedRole { .. });
        let mfa = claims.mfa.as_ref().filter(|_| !is_role)?;
        Some(self.call.now.secs().saturating_sub(mfa.authenticated_at))
    }

    fn of_session(&self, key: &str) -> Option<ContextValue<'_>> {
        let claims = &self.call.caller.session()?.claims;
        match key {
            "aws:tokenissuetime" => date(claims.issued_at),
            "aws:sourceidentity" => Some(claims.source_identity.as_deref()?.into()),
            "aws:federatedprovider" => Some(claims.federation.as_ref()?.provider.as_str().into()),
            "aws:assumedroot" => claims.assumed_root.then(|| true.into()),
            "identitystore:userid" => Some(claims.on_behalf_of.as_ref()?.user_id.as_str().into()),
            "identitystore:identitystorearn" => {
                Some(claims.on_behalf_of.as_ref()?.identity_store_arn.as_str().into())
            }
            _ => find(&claims.federation.as_ref()?.keys, key),
        }
    }

    fn of_request(&self, key: &str) -> Option<ContextValue<'_>> {
        let Call { region, now, origin, .. } = self.call;
        match key {
            "aws:requestedregion" => Some(match self.service {
                // IAM is of the partition; its requests count as made in one region.
                Service::Iam => "us-east-1".into(),
                Service::Sts => (&**region).into(),
            }),
            "aws:currenttime" => date(now.secs()),
            "aws:epochtime" => Some(now.secs().into()),
            "aws:sourceip" => origin.source_ip.map(Into::into),
            "aws:securetransport" => Some(origin.secure_transport.into()),
            "aws:useragent" => origin.user_agent.as_deref().map(Into::into),
            "aws:referer" => origin.referer.as_deref().map(Into::into),
            "aws:viaawsservice" => Some(false.into()),
            _ => None,
        }
    }

    fn of_target(&self, key: &str) -> Option<ContextValue<'_>> {
        match key {
            "aws:resourceaccount" => Some(self.resource_account().to_string().into()),
            "aws:resourceorgid" => Some(self.membership_of_resource()?.organization_id().into()),
            "aws:resourceorgpaths" => Some(paths(self.membership_of_resource()?)),
            _ => self.added(key),
        }
    }

    /// What the operation says of the request and the resource.
    fn added(&self, key: &str) -> Option<ContextValue<'_>> {
        let (_, value) = self.target.keys.iter().find(|(name, _)| eq_ignore_case(name, key))?;
        Some(match value {
            KeyValue::One(value) => value.as_str().into(),
            KeyValue::Many(values) => {
                ContextValue::many(values.iter().map(|value| Cow::Borrowed(value.as_str())))
            }
        })
    }

    fn resource_account(&self) -> AccountId {
        self.target.resource_account.unwrap_or_else(|| self.call.account())
    }

    fn membership_of_caller(&self) -> Option<&Membership> {
        self.call.view.membership(self.call.account())
    }

    fn membership_of_resource(&self) -> Option<&Membership> {
        self.call.view.membership(self.resource_account())
    }
}

/// Of who does not sign AWS knows no principal: only what the identity provider says.
fn of_unsigned<'a>(key: &str, claims: &'a VouchedClaims) -> Option<ContextValue<'a>> {
    match key {
        "aws:principaltype" => Some(PrincipalType::Anonymous.as_str().into()),
        "aws:principalaccount" => Some("anonymous".into()),
        "aws:principalisawsservice" => Some(false.into()),
        "aws:federatedprovider" => Some(claims.lasting.provider.as_str().into()),
        _ => find(&claims.keys, key),
    }
}

/// A key of an identity provider's. How many values it may have is of the key, whose one value does
/// not make it single-valued. AWS does not say what it makes of several values of a single-valued
/// key, such as two of `saml:mail`; here no condition without a set operator holds for them.
fn find<'a>(keys: &'a [(String, Vec<String>)], key: &str) -> Option<ContextValue<'a>> {
    let (_, values) = keys.iter().find(|(name, _)| eq_ignore_case(name, key))?;
    Some(match values.as_slice() {
        [value] if !is_multivalued(key) => value.as_str().into(),
        values => ContextValue::many(values.iter().map(|value| Cow::Borrowed(value.as_str()))),
    })
}

/// The key is multivalued, though an account hangs in one place only.
fn paths(membership: &Membership) -> ContextValue<'_> {
    ContextValue::many([membership.path()])
}

fn date<'a>(seconds: i64) -> Option<ContextValue<'a>> {
    Timestamp::from_second(seconds).ok().map(Into::into)
}
