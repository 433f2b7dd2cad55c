use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{TagRoleInput, TagRoleOutput};
use daypass_state::Tx;

use crate::generated::TagRole;
use crate::need;
use crate::tags::{self, KeyCase};

impl Guarded for TagRole {
    fn targets(
        input: &TagRoleInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_role(targets, scope, "iam:TagRole", &input.role_name)
            .request_tags(tags::pairs(&input.tags));
        Ok(())
    }
}

impl Handle for TagRole {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<TagRoleOutput, ServiceError> {
        let input = call.input();
        let role = super::find(tx.account(), &input.role_name)?;
        let mut record = role.record.clone();
        KeyCase::Ignored.put(&mut record.tags, &input.tags)?;
        tx.put_role(&record);
        Ok(TagRoleOutput {})
    }
}
