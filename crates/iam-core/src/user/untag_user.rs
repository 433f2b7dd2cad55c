use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{UntagUserInput, UntagUserOutput};
use daypass_state::Tx;

use crate::generated::UntagUser;
use crate::need;
use crate::tags::KeyCase;

impl Guarded for UntagUser {
    fn targets(
        input: &UntagUserInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_user(targets, scope, "iam:UntagUser", &input.user_name)
            .keys("aws:TagKeys", input.tag_keys.clone());
        Ok(())
    }
}

impl Handle for UntagUser {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<UntagUserOutput, ServiceError> {
        let input = call.input();
        let mut user = super::find(tx.account(), &input.user_name)?.record.clone();
        KeyCase::Ignored.remove(&mut user.tags, &input.tag_keys);
        tx.put_user(&user);
        Ok(UntagUserOutput {})
    }
}
