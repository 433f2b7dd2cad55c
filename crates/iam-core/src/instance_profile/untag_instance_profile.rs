use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{UntagInstanceProfileInput, UntagInstanceProfileOutput};
use daypass_state::Tx;

use crate::generated::UntagInstanceProfile;
use crate::need;
use crate::tags::KeyCase;

impl Guarded for UntagInstanceProfile {
    fn targets(
        input: &UntagInstanceProfileInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_instance_profile(
            targets,
            scope,
            "iam:UntagInstanceProfile",
            &input.instance_profile_name,
        )
        .keys("aws:TagKeys", input.tag_keys.clone());
        Ok(())
    }
}

impl Handle for UntagInstanceProfile {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<UntagInstanceProfileOutput, ServiceError> {
        let input = call.input();
        let mut profile = super::find(tx.account(), &input.instance_profile_name)?.record.clone();
        KeyCase::Significant.remove(&mut profile.tags, &input.tag_keys);
        tx.put_instance_profile(&profile);
        Ok(UntagInstanceProfileOutput {})
    }
}
