use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{ListInstanceProfilesForRoleInput, ListInstanceProfilesForRoleOutput};
use daypass_state::{Name, Tx};

use crate::generated::ListInstanceProfilesForRole;
use crate::pagination::paging;
use crate::{need, role};

impl Guarded for ListInstanceProfilesForRole {
    fn targets(
        input: &ListInstanceProfilesForRoleInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_role(targets, scope, "iam:ListInstanceProfilesForRole", &input.role_name);
        Ok(())
    }
}

impl Handle for ListInstanceProfilesForRole {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<ListInstanceProfilesForRoleOutput, ServiceError> {
        let input = call.input();
        let role = role::find(tx.account(), &input.role_name)?.record.id;
        let profiles = tx.account().instance_profiles_of(role);
        let page = paging!(input).page(profiles, |profile| Name::new(&profile.record.name))?;
        Ok(ListInstanceProfilesForRoleOutput {
            instance_profiles: page
                .shape(|profile| super::listed(tx, call.account(), &profile.record)),
            is_truncated: page.is_truncated(),
            marker: page.marker,
        })
    }
}
