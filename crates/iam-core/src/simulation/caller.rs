use daypass_authz::Call;
use daypass_ident::{AccountId, IdKind, Principal, UniqueId};
use daypass_model::ServiceError;
use daypass_policy::ContextMap;
use daypass_state::EntityKind;

use crate::entity_arn::EntityArn;
use crate::errors::InvalidInput;

/// Who would make the request that is simulated.
#[derive(Debug)]
pub(super) struct SimulatedCaller {
    /// As policies of resources see them. Where nobody is named, or only a group, it is a user
    /// without a name.
    pub(super) principal: Principal,
    /// What was named.
    kind: Option<EntityKind>,
    /// Whether it is a user or role that the account of whoever asks has.
    exists: bool,
}

impl SimulatedCaller {
    /// `CallerArn`.
    ///
    /// # Errors
    /// `InvalidInput` for an ARN that is not of a user, group or role. None of them needs to be
    /// there.
    pub(super) fn named(call: &Call, arn: &str) -> Result<Self, ServiceError> {
        let arn = EntityArn::parse(arn).ok_or(InvalidInput::Caller)?;
        Ok(Self::of(call, &arn))
    }

    /// The user, group or role of an ARN.
    pub(super) fn of(call: &Call, arn: &EntityArn<'_>) -> Self {
        let (account, path, name) = (arn.account, arn.path, arn.name);
        // Whether a principal of another account exists is not told.
        let own = call.entities();
        let made_up = |kind| UniqueId::generate(kind, account, &*call.env.ids);
        let (principal, exists) = match arn.kind {
            EntityKind::User => {
                let user = own.user_by_arn(arn.text);
                let id = user.map(|user| user.record.id);
                let id = id.unwrap_or_else(|| made_up(IdKind::User));
                let (path, name) = (path.into(), name.into());
                (Principal::User { account, path, name, id }, user.is_some())
            }
            EntityKind::Role => {
                let role = own.role_by_arn(arn.text);
                let id = role.map(|role| role.record.id);
                let id = id.unwrap_or_else(|| made_up(IdKind::Role));
                let (path, role_name) = (path.into(), name.into());
                let session = "simulation".into();
                let principal =
                    Principal::AssumedRole { account, path, role: role_name, id, session };
                (principal, role.is_some())
            }
            EntityKind::Group => (nameless(call, account), false),
        };
        Self { principal, kind: Some(arn.kind), exists }
    }

    /// Nobody in particular, of an account.
    pub(super) fn nobody(call: &Call, account: AccountId) -> Self {
        Self { principal: nameless(call, account), kind: None, exists: false }
    }

    /// Whether a policy that names principals can be asked for this caller.
    pub(super) fn is_principal(&self) -> bool {
        matches!(self.kind, Some(EntityKind::User | EntityKind::Role))
    }

    /// What the policy of a resource needs to know, since IAM simulates it for users only.
    ///
    /// # Errors
    /// `InvalidInput` for a role, a group, or nobody.
    pub(super) fn check_faces_resource_policy(&self) -> Result<(), ServiceError> {
        match self.kind {
            Some(EntityKind::User) => Ok(()),
            Some(EntityKind::Role | EntityKind::Group) => Err(InvalidInput::CallerNotUser.into()),
            None => Err(InvalidInput::NoCaller.into()),
        }
    }

    /// The condition keys that follow from who calls; all others the request must bring. What a
    /// session or the tags of the caller would bring is not made up.
    pub(super) fn add_keys(&self, context: &mut ContextMap) {
        context.insert("aws:PrincipalAccount", self.principal.account().to_string());
        if !self.is_principal() {
            return;
        }
        context.insert("aws:PrincipalArn", String::from(self.principal.principal_arn()));
        if let Principal::User { name, .. } = &self.principal {
            context.insert("aws:username", name.to_string());
            if self.exists {
                context.insert("aws:userid", self.principal.user_id());
            }
        }
    }
}

fn nameless(call: &Call, account: AccountId) -> Principal {
    Principal::User {
        account,
        path: "/".into(),
        name: "".into(),
        id: UniqueId::generate(IdKind::User, account, &*call.env.ids),
    }
}
