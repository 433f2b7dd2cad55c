use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{TagInstanceProfileInput, TagInstanceProfileOutput};
use daypass_state::Tx;

use crate::generated::TagInstanceProfile;
use crate::need;
use crate::tags::{self, KeyCase};

impl Guarded for TagInstanceProfile {
    fn targets(
        input: &TagInstanceProfileInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_instance_profile(
            targets,
            scope,
            "iam:TagInstanceProfile",
            &input.instance_profile_name,
        )
        .request_tags(tags::pairs(&input.tags));
        Ok(())
    }
}

impl Handle for TagInstanceProfile {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<TagInstanceProfileOutput, ServiceError> {
        let input = call.input();
        let mut profile = super::find(tx.account(), &input.instance_profile_name)?.record.clone();
        KeyCase::Significant.put(&mut profile.tags, &input.tags)?;
        tx.put_instance_profile(&profile);
        Ok(TagInstanceProfileOutput {})
    }
}
