use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{UntagRoleInput, UntagRoleOutput};
use daypass_state::Tx;

use crate::generated::UntagRole;
use crate::need;
use crate::tags::KeyCase;

impl Guarded for UntagRole {
    fn targets(
        input: &UntagRoleInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_role(targets, scope, "iam:UntagRole", &input.role_name)
            .keys("aws:TagKeys", input.tag_keys.clone());
        Ok(())
    }
}

impl Handle for UntagRole {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<UntagRoleOutput, ServiceError> {
        let input = call.input();
        let role = super::find(tx.account(), &input.role_name)?;
        let mut record = role.record.clone();
        KeyCase::Ignored.remove(&mut record.tags, &input.tag_keys);
        tx.put_role(&record);
        Ok(UntagRoleOutput {})
    }
}
