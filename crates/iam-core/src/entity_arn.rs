//! Users, groups and roles that requests name by their ARNs.

use daypass_authz::Entity;
use daypass_ident::{AccountId, ArnParts};
use daypass_model::ServiceError;
use daypass_state::{Account, EntityKind};

use crate::errors::{InvalidInput, NoSuchEntity};

/// The ARN of a user, group or role, in parts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EntityArn<'a> {
    pub(crate) text: &'a str,
    pub(crate) kind: EntityKind,
    pub(crate) account: AccountId,
    pub(crate) path: &'a str,
    pub(crate) name: &'a str,
}

impl<'a> EntityArn<'a> {
    /// `None` for what cannot hold policies, sessions and root users among it.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let arn = ArnParts::parse(text).filter(|arn| arn.service == "iam")?;
        let kinds =
            [("user", EntityKind::User), ("group", EntityKind::Group), ("role", EntityKind::Role)];
        let account = arn.account_id()?;
        kinds.into_iter().find_map(|(word, kind)| {
            let (path, name) = arn.path_and_name(word)?;
            Some(Self { text, kind, account, path, name })
        })
    }

    /// Whose policies are asked for: `PolicySourceArn`.
    ///
    /// # Errors
    /// `InvalidInput` for an ARN that is not of a user, group or role; `NoSuchEntity` when the
    /// account has none of exactly this ARN.
    pub(crate) fn find(
        text: &'a str,
        account: &'a Account,
    ) -> Result<(Self, Entity<'a>), ServiceError> {
        let arn = Self::parse(text).ok_or(InvalidInput::EntityArn(text))?;
        Ok((arn, arn.entity(account)?))
    }

    fn entity(self, account: &'a Account) -> Result<Entity<'a>, NoSuchEntity<'a>> {
        let Self { text, name, .. } = self;
        match self.kind {
            EntityKind::User => {
                let user = account.user_by_arn(text).ok_or(NoSuchEntity::User(name))?;
                Ok(Entity::User(user))
            }
            EntityKind::Group => {
                let group = account.group_by_arn(text).ok_or(NoSuchEntity::Group(name))?;
                Ok(Entity::Group(group))
            }
            EntityKind::Role => {
                let role = account.role_by_arn(text).ok_or(NoSuchEntity::Role(name))?;
                Ok(Entity::Role(role))
            }
        }
    }
}
