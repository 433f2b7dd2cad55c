use std::sync::Arc;

use daypass_ident::{Arn, Principal};
use daypass_policy::{Caller, NamedPolicy, Policy, PolicySource, PolicyType};
use daypass_state::record::HeldPolicies;
use daypass_state::{InlinePolicy, Session};

use crate::Call;

/// The policies that bind a caller: what they hold, what bounds them, what their session was
/// made with.
#[derive(Debug, Default)]
pub(crate) struct Bindings<'a> {
    identity: Vec<Bound<'a>>,
    boundary: Option<Bound<'a>>,
    session: Option<Vec<Bound<'a>>>,
    /// A policy that cannot be understood. It might deny anything, so nothing is allowed.
    unreadable: Option<PolicyType>,
}

/// A policy kept alive for one decision.
#[derive(Debug)]
struct Bound<'a> {
    source: PolicySource<'a>,
    policy: Arc<Policy>,
}

impl<'a> Bindings<'a> {
    pub(crate) fn of(call: &'a Call) -> Self {
        let mut bindings = Self::default();
        let session = call.caller.session();
        match call.caller.principal() {
            Principal::Root { .. } => {}
            user @ Principal::User { .. } => bindings.hold_identity(call, user),
            role @ Principal::AssumedRole { .. } => bindings.hold_identity(call, role),
            // What its issuer may do, as far as the session's policies allow: without any, nothing.
            Principal::FederatedUser { .. } => {
                bindings.session = Some(Vec::new());
                if let Some(issuer) = session.and_then(|session| session.claims.issuer.as_ref()) {
                    bindings.hold_identity(call, issuer);
                }
            }
        }
        if let Some(session) = session {
            bindings.hold_session(call, session);
        }
        bindings
    }

    pub(crate) fn identity(&self) -> Vec<NamedPolicy<'_>> {
        self.identity.iter().map(Bound::named).collect()
    }

    pub(crate) fn boundary(&self) -> Option<NamedPolicy<'_>> {
        self.boundary.as_ref().map(Bound::named)
    }

    pub(crate) fn session(&self) -> Option<Vec<NamedPolicy<'_>>> {
        self.session.as_ref().map(|policies| policies.iter().map(Bound::named).collect())
    }

    /// The kind of the policy that cannot be understood, if there is one.
    pub(crate) fn unreadable(&self) -> Option<PolicyType> {
        self.unreadable
    }

    fn hold_identity(&mut self, call: &'a Call, identity: &Principal) {
        match identity {
            Principal::User { account, id, .. } => {
                let account = call.view.account(*account);
                // INVARIANT: the directory has seen the user in this view; were it not so, the
                // caller would hold nothing.
                let Some(user) = account.user_by_id(*id) else { return };
                let name = &user.record.name;
                let source = |policy: &'a InlinePolicy| PolicySource::UserInline {
                    user: name,
                    name: &policy.name,
                };
                self.hold(call, &user.inline, source, &user.record.policies);
                for group in user.record.groups.iter().filter_map(|id| account.group_by_id(*id)) {
                    let name = &group.record.name;
                    let source = |policy: &'a InlinePolicy| PolicySource::GroupInline {
                        group: name,
                        name: &policy.name,
                    };
                    self.hold(call, &group.inline, source, &group.record.policies);
                }
                self.bound(call, user.record.permissions_boundary.as_ref());
            }
            Principal::AssumedRole { account, id, .. } => {
                let Some(role) = call.view.account(*account).role_by_id(*id) else { return };
                let name = &role.record.name;
                let source = |policy: &'a InlinePolicy| PolicySource::RoleInline {
                    role: name,
                    name: &policy.name,
                };
                self.hold(call, &role.inline, source, &role.record.policies);
                self.bound(call, role.record.permissions_boundary.as_ref());
            }
            Principal::Root { .. } | Principal::FederatedUser { .. } => {}
        }
    }

    fn hold(
        &mut self,
        call: &'a Call,
        inline: &'a [InlinePolicy],
        source: impl Fn(&'a InlinePolicy) -> PolicySource<'a>,
        held: &'a HeldPolicies,
    ) {
        for inline in inline {
            match &inline.policy {
                Some(policy) => {
                    let policy = Arc::clone(policy);
                    self.identity.push(Bound { source: source(inline), policy });
                }
                None => self.unreadable = Some(PolicyType::Identity),
            }
        }
        for arn in &held.attached {
            match managed(call, arn) {
                Some(bound) => self.identity.push(bound),
                None => self.unreadable = Some(PolicyType::Identity),
            }
        }
    }

    fn bound(&mut self, call: &'a Call, boundary: Option<&'a Arn>) {
        if let Some(arn) = boundary {
            self.boundary = managed(call, arn);
            if self.boundary.is_none() {
                self.unreadable = Some(PolicyType::Boundary);
            }
        }
    }

    fn hold_session(&mut self, call: &'a Call, session: &'a Session) {
        let Some(policies) = &session.claims.session_policies else { return };
        let mut bound = Vec::new();
        match &session.inline_policy {
            Some(Some(policy)) => bound
                .push(Bound { source: PolicySource::SessionInline, policy: Arc::clone(policy) }),
            Some(None) => self.unreadable = Some(PolicyType::Session),
            None => {}
        }
        for arn in &policies.arns {
            match managed(call, arn) {
                Some(policy) => bound.push(policy),
                // A session outlives a policy that was deleted since; what it allowed is gone,
                // and what it denied is not known any more.
                None => self.unreadable = Some(PolicyType::Session),
            }
        }
        self.session = Some(bound);
    }
}

impl<'a> Bound<'a> {
    fn named(&self) -> NamedPolicy<'_> {
        NamedPolicy { source: self.source, policy: &self.policy }
    }
}

fn managed<'a>(call: &'a Call, arn: &'a Arn) -> Option<Bound<'a>> {
    let policy = call.view.managed_policy(arn.as_str())?;
    Some(Bound { source: PolicySource::Managed { arn: arn.as_str() }, policy })
}

/// The caller as the policies of resources see it.
pub(crate) fn caller(call: &Call) -> Caller<'_> {
    let principal = call.caller.principal();
    let issuer = call.caller.session().and_then(|session| session.claims.issuer.as_ref());
    match issuer {
        Some(user) => Caller::FederationToken { session: principal, user },
        None => Caller::Principal(principal),
    }
}
