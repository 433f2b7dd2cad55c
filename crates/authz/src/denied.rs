use daypass_ident::{AccountId, ArnParts, Principal};
use daypass_model::Service;
use daypass_policy::{Decision, Denial, Explanation, PolicySource, explain};

use crate::Call;
use crate::authorise::ask;
use crate::bindings::Bindings;
use crate::context::Keys;
use crate::message::{AuthorizationMessage, Matched};
use crate::targets::{KeyValue, Target};

/// A call that policies did not allow, with the state that they were read from: it can be told
/// later why.
#[derive(Debug)]
pub struct Denied {
    pub(crate) call: Call,
    pub(crate) service: Service,
    /// The first of the call's targets that was not allowed.
    pub(crate) target: Target,
}

impl Denied {
    /// The account of the caller.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.call.account()
    }

    /// What the caller's account may be told by `DecodeAuthorizationMessage`.
    #[must_use]
    pub fn message(&self) -> AuthorizationMessage {
        let (explicit_deny, statements) = self
            .explained(|mut explanation| {
                let explicit_deny = match explanation.decision {
                    Decision::Denied(Denial { explicit: Some(by), .. }) => {
                        // What the answer has said is no secret.
                        !self.target.terse_denial || is_of(self.account(), by.source)
                    }
                    _ => false,
                };
                self.leave_out_others(&mut explanation);
                (explicit_deny, Matched::denying(&explanation, &self.holder()))
            })
            .unwrap_or_default();
        let principal = self.call.caller.principal();
        AuthorizationMessage {
            explicit_deny,
            statements,
            principal_id: principal.user_id(),
            principal_arn: principal.arn().into(),
            action: self.target.action.to_owned(),
            resource: self.target.resource.clone().into_owned(),
            conditions: self.keys(),
        }
    }

    /// The [`message`](Self::message), sealed for the account; `None` where it cannot be.
    #[must_use]
    pub fn seal(&self) -> Option<String> {
        let env = &self.call.env;
        self.message().seal(self.account(), env.directory.ring(), &*env.ids)
    }

    /// About how many bytes it keeps from being freed, without what it shares with the state.
    #[must_use]
    pub fn size(&self) -> usize {
        let Call { origin, .. } = &self.call;
        let texts = [&origin.user_agent, &origin.referer].into_iter().flatten();
        let keys = self.target.keys.iter().map(|(name, value)| {
            let values = match value {
                KeyValue::One(value) => value.len(),
                KeyValue::Many(values) => values.iter().map(String::len).sum(),
            };
            name.len() + values
        });
        size_of::<Self>() + texts.map(|text| text.len()).sum::<usize>() + keys.sum::<usize>()
    }

    /// Decides once more, and explains. `None` where a policy could not be understood, so that
    /// nothing was decided.
    fn explained<T>(&self, tell: impl FnOnce(Explanation<'_>) -> T) -> Option<T> {
        let Self { call, service, target } = self;
        let told = ask(call, *service, &Bindings::of(call), target, |request, policies| {
            tell(explain(request, policies))
        });
        told.ok()
    }

    fn leave_out_others(&self, explanation: &mut Explanation<'_>) {
        let account = self.account();
        explanation.policies.retain(|policy| is_of(account, policy.policy.source));
    }

    /// The condition keys that the caller's account may know.
    fn keys(&self) -> Vec<(String, Vec<String>)> {
        let keys = Keys { call: &self.call, service: self.service, target: &self.target };
        let mut listed = keys.listed();
        listed.retain(|(key, _)| !self.is_others_key(key));
        listed
    }

    /// Whether a condition key tells something of a resource of another account.
    fn is_others_key(&self, key: &str) -> bool {
        let owner = self.target.resource_account.unwrap_or_else(|| self.account());
        let key = key.to_ascii_lowercase();
        let is_of_resource = ["aws:resourcetag/", "iam:resourcetag/", "aws:resourceorg"];
        owner != self.account() && is_of_resource.iter().any(|prefix| key.starts_with(prefix))
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

/// Whether a policy that bears on a caller is one of their own account, or AWS's.
fn is_of(account: AccountId, source: PolicySource<'_>) -> bool {
    match source {
        PolicySource::UserInline { .. }
        | PolicySource::GroupInline { .. }
        | PolicySource::RoleInline { .. }
        | PolicySource::SessionInline => true,
        PolicySource::Managed { arn }
        | PolicySource::OfResource { arn }
        | PolicySource::Control { arn, .. } => ArnParts::parse(arn)
            .is_some_and(|arn| arn.account == "aws" || arn.account_id() == Some(account)),
    }
}
