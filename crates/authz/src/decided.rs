use std::sync::Arc;

use daypass_ident::{AccountId, Principal};
use daypass_model::Service;
use daypass_policy::{Decision, Denial, Policies, Request, decide, explain};
use daypass_state::View;

use crate::authorise::ask;
use crate::bindings::Bindings;
use crate::context::Keys;
use crate::message::{AuthorizationMessage, Matched};
use crate::own_side::OwnSide;
use crate::targets::Target;
use crate::{Audience, Call, Explained};

/// A call that policies decided, with the state that they were read from.
#[derive(Debug)]
pub struct Decided {
    call: Call,
    service: Service,
    /// What the policies were asked.
    targets: Vec<Target>,
    /// Whether they allowed all of it; if not, it is the last that they did not allow.
    allowed: bool,
}

impl Decided {
    pub(crate) fn allowed(call: Call, service: Service, targets: Vec<Target>) -> Self {
        Self { call, service, targets, allowed: true }
    }

    pub(crate) fn denied(call: Call, service: Service, targets: Vec<Target>) -> Self {
        Self { call, service, targets, allowed: false }
    }

    /// The account of the caller.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.call.account()
    }

    /// Of a denial, what the caller's account may be told by `DecodeAuthorizationMessage`.
    #[must_use]
    pub fn message(&self) -> Option<AuthorizationMessage> {
        let target = self.refused()?;
        let side = OwnSide::of(self.account(), target);
        let statements = self.denying(side, target);
        let principal = self.call.caller.principal();
        Some(AuthorizationMessage {
            explicit_deny: self.is_explicit(target, &statements),
            statements,
            principal_id: principal.user_id(),
            principal_arn: principal.shown(),
            action: target.action.to_owned(),
            resource: target.resource.clone().into_owned(),
            conditions: self.keys(side, target),
        })
    }

    /// The [`message`](Self::message), sealed for the account; `None` where it cannot be.
    #[must_use]
    pub fn seal(&self) -> Option<String> {
        let env = &self.call.env;
        self.message()?.seal(self.account(), &env.directory.ring(), &*env.ids)
    }

    /// What is kept of it, so that it can be told later why: of the state, only what the decision was made
    /// on.
    #[must_use]
    pub fn keep(mut self) -> KeptDecision {
        let (view, shared) = self.excerpt();
        self.call.view = Arc::new(view);
        let size = shared + self.own_size();
        KeptDecision { decided: self, size }
    }

    /// The policies that bind the caller, and the places of all accounts that a condition may ask about,
    /// with the size of what they keep from being freed. The policies of resources are in the targets.
    fn excerpt(&self) -> (View, usize) {
        let Call { view, caller, .. } = &self.call;
        let mut excerpt = view.excerpt();
        let session = caller.session().map(|session| &session.claims);
        let issuer = session.and_then(|claims| claims.issuer.as_ref());
        excerpt.take_principal(issuer.unwrap_or_else(|| caller.principal()));
        let passed = session.and_then(|claims| claims.session_policies.as_ref());
        passed.iter().flat_map(|policies| &policies.arns).for_each(|arn| excerpt.take_policy(arn));
        let source = caller.service_call().and_then(|call| call.source_account);
        let accounts = [Some(self.account()), issuer.map(Principal::account), source];
        let resources = self.targets.iter().map(|target| target.resource_account);
        let accounts = accounts.into_iter().chain(resources).flatten();
        accounts.for_each(|account| excerpt.take_membership(account));
        excerpt.finish()
    }

    /// How many bytes it takes beside the state, at most.
    fn own_size(&self) -> usize {
        let Call { origin, caller, region, .. } = &self.call;
        let texts = [&origin.user_agent, &origin.referer].into_iter().flatten();
        let texts = texts.chain([region]).map(|text| text.len());
        let targets = self.targets.iter().map(Target::size);
        size_of::<Self>() + caller.size() + texts.chain(targets).sum::<usize>()
    }

    pub(crate) fn is_allowed(&self) -> bool {
        self.allowed
    }

    /// What there is to explain: what was not allowed, or else all that was.
    pub(crate) fn questions(&self) -> &[Target] {
        match self.refused() {
            Some(target) => std::slice::from_ref(target),
            None => &self.targets,
        }
    }

    /// Decides once more.
    pub(crate) fn ask<T>(
        &self,
        target: &Target,
        tell: impl FnOnce(&Request<'_>, &Policies<'_>) -> T,
    ) -> Result<T, Denial<'static>> {
        ask(&self.call, self.service, &Bindings::of(&self.call), target, tell)
    }

    fn refused(&self) -> Option<&Target> {
        self.targets.last().filter(|_| !self.allowed)
    }

    /// Whether a statement denies, as far as the caller's account may know it: from the answer,
    /// which says so unless it is a terse one, or from its own policies.
    fn is_explicit(&self, target: &Target, own: &[Matched]) -> bool {
        !own.is_empty()
            || !target.terse_denial
                && self.ask(target, is_explicitly_denied).is_ok_and(|explicit| explicit)
    }

    /// The statements of the account's own policies that deny.
    fn denying(&self, side: OwnSide, target: &Target) -> Vec<Matched> {
        let statements = self.ask(&side.target(target), |request, policies| {
            side.of_question(request, policies, |request, policies, _| {
                if !is_explicitly_denied(request, policies) {
                    return Vec::new();
                }
                Matched::denying(&explain(request, policies), &self.holder())
            })
        });
        statements.unwrap_or_default()
    }

    /// The condition keys that the caller's account may know.
    fn keys(&self, side: OwnSide, target: &Target) -> Vec<(String, Vec<String>)> {
        let keys = Keys { call: &self.call, service: self.service, target };
        let mut listed = keys.listed();
        listed.retain(|(key, _)| side.may_know_key(key));
        listed
    }

    /// The unique id of whoever holds the caller's policies.
    fn holder(&self) -> String {
        let session = self.call.caller.session();
        let issuer = session.and_then(|session| session.claims.issuer.as_ref());
        let holder: &Principal = issuer.unwrap_or_else(|| self.call.caller.principal());
        let id = holder.user_id();
        id.split_once(':').map_or(&*id, |(role, _)| role).to_owned()
    }
}

/// A decision that is kept to be explained when somebody asks.
#[derive(Debug)]
pub struct KeptDecision {
    pub(crate) decided: Decided,
    size: usize,
}

impl KeptDecision {
    /// The account of the caller.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.decided.account()
    }

    /// How many bytes it keeps from being freed, at most: what it shares with the state counts in full, since
    /// the state may let go of it.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size
    }

    /// Tells why.
    #[must_use]
    pub fn explain(&self, audience: Audience) -> Explained {
        self.decided.explain(audience)
    }
}

fn is_explicitly_denied(request: &Request<'_>, policies: &Policies<'_>) -> bool {
    matches!(decide(request, policies), Decision::Denied(denial) if denial.explicit.is_some())
}
