//! The part of a view that one decision was made on: it is kept without what else there was.

use std::sync::Arc;

use daypass_ident::{AccountId, Arn, Principal};

use super::View;
use crate::record::HeldPolicies;

/// Collects a part of a view. What is taken is shared with the view, not copied.
#[derive(Debug)]
pub struct Excerpt<'v> {
    from: &'v View,
    part: View,
    bytes: usize,
}

impl View {
    /// Begins with nothing.
    #[must_use]
    pub fn excerpt(&self) -> Excerpt<'_> {
        let part = Self { untouched: Arc::clone(&self.untouched), ..Self::default() };
        Excerpt { from: self, part, bytes: size_of::<Self>() + ROOTS }
    }
}

impl Excerpt<'_> {
    /// Takes the user or role as which a principal acts, with all policies that they hold or are bounded by.
    /// Of others there is nothing to take.
    pub fn take_principal(&mut self, principal: &Principal) {
        let id = principal.account();
        let account = self.from.account(id);
        match principal {
            Principal::User { id: user, .. } => {
                let Some(user) = account.user_by_id(*user) else { return };
                for group in &user.record.groups {
                    let Some(group) = account.group_by_id(*group) else { continue };
                    self.bytes += group.size() + PLACE;
                    self.part.account_mut(id).insert_group(Arc::clone(group));
                    self.take_held(&group.record.policies, None);
                }
                self.bytes += user.size() + PLACE;
                self.part.account_mut(id).insert_user(Arc::clone(user));
                self.take_held(&user.record.policies, user.record.permissions_boundary.as_ref());
            }
            Principal::AssumedRole { id: role, .. } => {
                let Some(role) = account.role_by_id(*role) else { return };
                self.bytes += role.size() + PLACE;
                self.part.account_mut(id).insert_role(Arc::clone(role));
                self.take_held(&role.record.policies, role.record.permissions_boundary.as_ref());
            }
            Principal::Root { .. }
            | Principal::FederatedUser { .. }
            | Principal::WebIdentityUser { .. }
            | Principal::SamlUser { .. }
            | Principal::Service { .. } => {}
        }
    }

    /// Takes a managed policy. AWS's own are in no view.
    pub fn take_policy(&mut self, arn: &Arn) {
        if let Some(policy) = self.from.customer_policy(arn.as_str())
            && self.part.policies.insert(arn.clone(), Arc::clone(policy)).is_none()
        {
            self.bytes += policy.size() + PLACE;
        }
    }

    /// Takes an account's place in its organisation, with the control policies over it.
    pub fn take_membership(&mut self, account: AccountId) {
        if let Some(membership) = self.from.members.get(&account)
            && !self.part.members.contains_key(&account)
        {
            let membership = membership.alone();
            self.bytes += membership.size() + PLACE;
            self.part.members.insert(account, Arc::new(membership));
        }
    }

    /// What has been taken, and how many bytes of memory it keeps from being freed, at most.
    #[must_use]
    pub fn finish(self) -> (View, usize) {
        (self.part, self.bytes)
    }

    fn take_held(&mut self, held: &HeldPolicies, boundary: Option<&Arn>) {
        held.attached.iter().chain(boundary).for_each(|arn| self.take_policy(arn));
    }
}

/// The first nodes of the maps, in bytes.
const ROOTS: usize = 4 << 10;

/// For each part, in bytes: its places in the maps that lead to it.
const PLACE: usize = 1 << 10;
