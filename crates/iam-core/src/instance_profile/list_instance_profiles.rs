use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{ListInstanceProfilesInput, ListInstanceProfilesOutput};
use daypass_state::{Name, Tx};

use crate::generated::ListInstanceProfiles;
use crate::need;
use crate::pagination::paging;

impl Guarded for ListInstanceProfiles {
    fn targets(
        input: &ListInstanceProfilesInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let path = input.path_prefix.as_deref();
        need::on_list(targets, scope, "iam:ListInstanceProfiles", "instance-profile", path);
        Ok(())
    }
}

impl Handle for ListInstanceProfiles {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<ListInstanceProfilesOutput, ServiceError> {
        let input = call.input();
        let prefix = input.path_prefix.as_deref().unwrap_or("/");
        let profiles = |after: Option<&str>| {
            let profiles = tx.account().instance_profiles_after(after);
            profiles.filter(move |profile| profile.record.path.starts_with(prefix))
        };
        let page = paging!(input).page_from(profiles, |profile| Name::new(&profile.record.name))?;
        Ok(ListInstanceProfilesOutput {
            instance_profiles: page
                .shape(|profile| super::listed(tx, call.account(), &profile.record)),
            is_truncated: page.is_truncated(),
            marker: page.marker,
        })
    }
}
