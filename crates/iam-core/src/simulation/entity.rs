use daypass_authz::Entity;
use daypass_ident::{AccountId, ArnParts};
use daypass_model::ServiceError;
use daypass_state::{EntityKind, View};

use crate::errors::{InvalidInput, NoSuchEntity};

/// The ARN of a user, group or role, in parts.
#[derive(Debug, Clone, Copy)]
pub(super) struct EntityArn<'a> {
    pub(super) text: &'a str,
    pub(super) kind: EntityKind,
    pub(super) account: AccountId,
    pub(super) path: &'a str,
    pub(super) name: &'a str,
}

impl<'a> EntityArn<'a> {
    /// `None` for what cannot hold policies, sessions and root users among it.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
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
    /// `InvalidInput` for an ARN that is not of a user, group or role; `NoSuchEntity` when there
    /// is none of exactly this ARN.
    pub(super) fn find(text: &'a str, view: &'a View) -> Result<(Self, Entity<'a>), ServiceError> {
        let arn = Self::parse(text).ok_or(InvalidInput::EntityArn(text))?;
        Ok((arn, arn.entity(view)?))
    }

    fn entity(self, view: &'a View) -> Result<Entity<'a>, NoSuchEntity<'a>> {
        let account = view.account(self.account);
        match self.kind {
            EntityKind::User => match account.user(self.name) {
                Some(user) if user.arn().as_str() == self.text => Ok(Entity::User(user)),
                _ => Err(NoSuchEntity::User(self.name)),
            },
            EntityKind::Group => match account.group(self.name) {
                Some(group) if group.arn().as_str() == self.text => Ok(Entity::Group(group)),
                _ => Err(NoSuchEntity::Group(self.name)),
            },
            EntityKind::Role => match account.role(self.name) {
                Some(role) if role.arn().as_str() == self.text => Ok(Entity::Role(role)),
                _ => Err(NoSuchEntity::Role(self.name)),
            },
        }
    }
}
