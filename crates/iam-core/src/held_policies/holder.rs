use std::sync::Arc;

use daypass_authz::{Scope, Target, Targets};
use daypass_ident::Arn;
use daypass_model::ServiceError;
use daypass_state::record::HeldPolicies;
use daypass_state::{Account, EntityKind, Group, Role, Tx, User};

use crate::quotas::{self, Quota};
use crate::{group, need, role, user};

/// A kind of entity that holds policies.
pub(super) trait Holder: Sized {
    /// Which kind it is.
    const KIND: EntityKind;
    /// How many managed policies may be attached.
    const ATTACHED: Quota;
    /// How many characters all inline policies together may have, without white space.
    const INLINE_SIZE: usize;

    /// The holder of this name.
    fn find<'a>(account: &'a Account, name: &str) -> Result<&'a Arc<Self>, ServiceError>;

    /// `action` on the holder of this name, with what it says of itself in condition keys.
    fn need<'t>(
        targets: &'t mut Targets,
        scope: &Scope<'_>,
        action: &'static str,
        name: &str,
    ) -> &'t mut Target;

    /// The name, in the case it was created with.
    fn name(&self) -> &str;

    /// What the holder holds.
    fn policies(&self) -> &HeldPolicies;

    /// Stores the holder with what it holds changed.
    fn put(&self, tx: &mut Tx, change: impl FnOnce(&mut HeldPolicies));

    /// The holder of this name, to change what it holds.
    fn find_modifiable<'a>(
        account: &'a Account,
        name: &str,
    ) -> Result<&'a Arc<Self>, ServiceError> {
        Self::find(account, name)
    }
}

/// A kind of holder that can have a permissions boundary.
pub(super) trait Bounded: Holder {
    /// The boundary.
    fn boundary(&self) -> Option<&Arn>;

    /// Stores the holder with another boundary, or with none.
    fn put_boundary(&self, tx: &mut Tx, boundary: Option<Arn>);
}

impl Holder for User {
    const KIND: EntityKind = EntityKind::User;
    const ATTACHED: Quota = quotas::POLICIES_PER_USER;
    const INLINE_SIZE: usize = quotas::INLINE_SIZE_PER_USER;

    fn find<'a>(account: &'a Account, name: &str) -> Result<&'a Arc<Self>, ServiceError> {
        user::find(account, name)
    }

    fn need<'t>(
        targets: &'t mut Targets,
        scope: &Scope<'_>,
        action: &'static str,
        name: &str,
    ) -> &'t mut Target {
        need::on_bounded_user(targets, scope, action, name)
    }

    fn name(&self) -> &str {
        &self.record.name
    }

    fn policies(&self) -> &HeldPolicies {
        &self.record.policies
    }

    fn put(&self, tx: &mut Tx, change: impl FnOnce(&mut HeldPolicies)) {
        let mut record = self.record.clone();
        change(&mut record.policies);
        tx.put_user(&record);
    }
}

impl Bounded for User {
    fn boundary(&self) -> Option<&Arn> {
        self.record.permissions_boundary.as_ref()
    }

    fn put_boundary(&self, tx: &mut Tx, boundary: Option<Arn>) {
        let mut record = self.record.clone();
        record.permissions_boundary = boundary;
        tx.put_user(&record);
    }
}

impl Holder for Group {
    const KIND: EntityKind = EntityKind::Group;
    const ATTACHED: Quota = quotas::POLICIES_PER_GROUP;
    const INLINE_SIZE: usize = quotas::INLINE_SIZE_PER_GROUP;

    fn find<'a>(account: &'a Account, name: &str) -> Result<&'a Arc<Self>, ServiceError> {
        group::find(account, name)
    }

    fn need<'t>(
        targets: &'t mut Targets,
        scope: &Scope<'_>,
        action: &'static str,
        name: &str,
    ) -> &'t mut Target {
        need::on_group(targets, scope, action, name)
    }

    fn name(&self) -> &str {
        &self.record.name
    }

    fn policies(&self) -> &HeldPolicies {
        &self.record.policies
    }

    fn put(&self, tx: &mut Tx, change: impl FnOnce(&mut HeldPolicies)) {
        let mut record = self.record.clone();
        change(&mut record.policies);
        tx.put_group(&record);
    }
}

impl Holder for Role {
    const KIND: EntityKind = EntityKind::Role;
    const ATTACHED: Quota = quotas::POLICIES_PER_ROLE;
    const INLINE_SIZE: usize = quotas::INLINE_SIZE_PER_ROLE;

    fn find<'a>(account: &'a Account, name: &str) -> Result<&'a Arc<Self>, ServiceError> {
        role::find(account, name)
    }

    fn need<'t>(
        targets: &'t mut Targets,
        scope: &Scope<'_>,
        action: &'static str,
        name: &str,
    ) -> &'t mut Target {
        need::on_bounded_role(targets, scope, action, name)
    }

    fn name(&self) -> &str {
        &self.record.name
    }

    fn policies(&self) -> &HeldPolicies {
        &self.record.policies
    }

    fn put(&self, tx: &mut Tx, change: impl FnOnce(&mut HeldPolicies)) {
        let mut record = self.record.clone();
        change(&mut record.policies);
        tx.put_role(&record);
    }

    fn find_modifiable<'a>(
        account: &'a Account,
        name: &str,
    ) -> Result<&'a Arc<Self>, ServiceError> {
        role::find_modifiable(account, name)
    }
}

impl Bounded for Role {
    fn boundary(&self) -> Option<&Arn> {
        self.record.permissions_boundary.as_ref()
    }

    fn put_boundary(&self, tx: &mut Tx, boundary: Option<Arn>) {
        let mut record = self.record.clone();
        record.permissions_boundary = boundary;
        tx.put_role(&record);
    }
}
