use std::sync::LazyLock;

use daypass_ident::{ArnParts, Principal};
use daypass_policy::{
    Caller, Level, NamedPolicy, Policies, Policy, PolicyKind, PolicySource, PolicyType,
};
use daypass_state::{Session, View};
use daypass_token::ContextKind;

use crate::entity_policies::{is_of_service, managed};
use crate::targets::Target;
use crate::{Call, ControlLevels, Entity, EntityPolicies};

/// The policies that bind a caller: what they hold, what bounds them, what their session was
/// made with, what their organisation lets them do.
#[derive(Debug)]
pub(crate) struct Bindings<'a> {
    entity: EntityPolicies<'a>,
    session: Option<Vec<NamedPolicy<'a>>>,
    unreadable: Option<PolicyType>,
}

impl<'a> Bindings<'a> {
    pub(crate) fn of(call: &'a Call) -> Self {
        let session = call.caller.session();
        let principal = call.caller.principal();
        // A federated session may do what its issuer may, as far as the session's policies allow:
        // without any, nothing.
        let issuer = session.and_then(|session| session.claims.issuer.as_ref());
        let holder = issuer.unwrap_or(principal);
        let entity = match entity(&call.view, holder) {
            Some(entity) => EntityPolicies::of(&call.view, entity),
            // Nothing of the role's account binds who is yet to get a session of it.
            None if caller(call).principal().is_none() => EntityPolicies::default(),
            None => EntityPolicies::of_account(&call.view, principal.account()),
        };
        let federated = matches!(principal, Principal::FederatedUser { .. });
        let mut bindings =
            Self { unreadable: entity.unreadable, entity, session: federated.then(Vec::new) };
        if let Some(session) = session {
            bindings.hold_session(&call.view, session);
        }
        bindings
    }

    /// The kind of a policy that cannot be understood, if there is one. It might deny anything, so
    /// nothing is allowed.
    pub(crate) fn unreadable(&self) -> Option<PolicyType> {
        self.unreadable
    }

    /// The service control policies over the caller.
    pub(crate) fn service_control(&self) -> Vec<Level<'_>> {
        self.entity.service_control.levels()
    }

    /// All that binds the caller, and nothing yet of the resource.
    pub(crate) fn policies<'b>(&'b self, service_control: &'b [Level<'b>]) -> Policies<'b> {
        Policies {
            service_control,
            identity: &self.entity.identity,
            boundary: self.entity.boundary,
            session: self.session.as_deref(),
            ..Policies::default()
        }
    }

    fn hold_session(&mut self, view: &'a View, session: &'a Session) {
        let claims = &session.claims;
        let user = claims.on_behalf_of.as_ref();
        let limit = user.filter(|user| user.kind == ContextKind::Identity);
        if claims.session_policies.is_none() && limit.is_none() {
            return;
        }
        let inline = session.inline_policy.as_ref().map(|policy| {
            let policy = policy.as_deref()?;
            Some(NamedPolicy { source: PolicySource::SessionInline, policy })
        });
        // A session outlives a policy that was deleted since; what it allowed is gone, and what
        // it denied is not known any more.
        let passed = claims.session_policies.iter().flat_map(|policies| &policies.arns);
        let passed = passed.map(|arn| managed(view, arn));
        let limit = limit.map(|_| {
            let source = PolicySource::Managed { arn: OF_IDENTITY_CONTEXT };
            Some(NamedPolicy { source, policy: view.managed_policy(OF_IDENTITY_CONTEXT)? })
        });
        // The policies of root's tasks and the one above allow nothing: they deny what is not part
        // of the task, or what is not done on a user's behalf.
        let only_denied = claims.assumed_root || claims.session_policies.is_none();
        let all_else = only_denied.then(|| {
            let policy = EVERYTHING.as_ref()?;
            Some(NamedPolicy { source: PolicySource::SessionInline, policy })
        });
        let all = inline.into_iter().chain(passed).chain(limit).chain(all_else);
        let all: Option<Vec<_>> = all.collect();
        if all.is_none() {
            self.unreadable = Some(PolicyType::Session);
        }
        self.session = all;
    }
}

/// Bounds the sessions that act on behalf of a user of IAM Identity Center: AWS attaches it to them
/// by itself (AWS Managed Policy Reference).
const OF_IDENTITY_CONTEXT: &str =
    "arn:aws:iam::aws:policy/AWSIAMIdentityCenterAllowListForIdentityContext";

/// What a session may do but for the denials of policies that allow nothing.
static EVERYTHING: LazyLock<Option<Policy>> = LazyLock::new(|| {
    let document =
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    Policy::parse(PolicyKind::Session, document).ok()
});

/// The resource control policies over what a call asks for. They guard the resources of some
/// services, and for actions without a resource those of the caller's account; they do not bear on
/// service-linked roles, whether these act or are acted on (AWS Organizations User Guide, "Resource
/// control policies").
///
/// # Errors
/// When one of the policies cannot be understood.
pub(crate) fn resource_control<'a>(
    call: &'a Call,
    target: &Target,
) -> Result<ControlLevels<'a>, PolicyType> {
    let account = target.resource_account.unwrap_or_else(|| call.account());
    let levels = call.view.membership(account).map_or(&[][..], |member| member.resource_control());
    if levels.is_empty() || !is_controlled(call, target) {
        return Ok(ControlLevels::default());
    }
    ControlLevels::new(levels).ok_or(PolicyType::ResourceControl)
}

fn is_controlled(call: &Call, target: &Target) -> bool {
    let service = target.action.split_once(':').map(|(service, _)| service);
    let resource = ArnParts::parse(&target.resource).unwrap_or_default();
    let role_path = resource.path_and_name("role").map(|(path, _)| path);
    service.is_some_and(daypass_catalog::rcp_supported)
        && !role_path.is_some_and(is_of_service)
        && !matches!(
            call.caller.principal(),
            Principal::AssumedRole { path, .. } if is_of_service(path)
        )
}

/// The user or role as which a principal acts; `None` for the root user.
fn entity<'a>(view: &'a View, principal: &Principal) -> Option<Entity<'a>> {
    // INVARIANT: the directory has seen the user or role in this view; were it not so, the caller
    // would hold nothing.
    let account = view.account(principal.account());
    match principal {
        Principal::User { id, .. } => account.user_by_id(*id).map(|user| Entity::User(user)),
        Principal::AssumedRole { id, .. } => account.role_by_id(*id).map(|role| Entity::Role(role)),
        Principal::Root { .. }
        | Principal::FederatedUser { .. }
        | Principal::WebIdentityUser { .. }
        | Principal::SamlUser { .. }
        | Principal::Service { .. } => None,
    }
}

/// The caller as the policies of resources see it.
pub(crate) fn caller(call: &Call) -> Caller<'_> {
    if let Some(claims) = call.caller.vouched_claims() {
        return Caller::Federated(&claims.lasting.provider);
    }
    let principal = call.caller.principal();
    if let Principal::Service { name, .. } = principal {
        return Caller::Service(name);
    }
    let issuer = call.caller.session().and_then(|session| session.claims.issuer.as_ref());
    match issuer {
        Some(user) => Caller::FederationToken { session: principal, user },
        None => Caller::Principal(principal),
    }
}
