use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{TagUserInput, TagUserOutput};
use daypass_state::Tx;

use crate::generated::TagUser;
use crate::need;
use crate::tags::{self, KeyCase};

impl Guarded for TagUser {
    fn targets(
        input: &TagUserInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_user(targets, scope, "iam:TagUser", &input.user_name)
            .request_tags(tags::pairs(&input.tags));
        Ok(())
    }
}

impl Handle for TagUser {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<TagUserOutput, ServiceError> {
        let input = call.input();
        let mut user = super::find(tx.account(), &input.user_name)?.record.clone();
        KeyCase::Ignored.put(&mut user.tags, &input.tags)?;
        tx.put_user(&user);
        Ok(TagUserOutput {})
    }
}
