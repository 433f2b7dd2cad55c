use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{GetGroupInput, GetGroupOutput};
use daypass_state::{Name, Tx};

use crate::generated::GetGroup;
use crate::pagination::paging;
use crate::{need, user};

impl Guarded for GetGroup {
    fn targets(
        input: &GetGroupInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_group(targets, scope, "iam:GetGroup", &input.group_name);
        Ok(())
    }
}

impl Handle for GetGroup {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<GetGroupOutput, ServiceError> {
        let input = call.input();
        let group = super::find(tx.account(), &input.group_name)?;
        let members = |after: Option<&str>| tx.account().members_after(group.record.id, after);
        let page = paging!(input).page_from(members, |user| Name::new(&user.record.name))?;
        Ok(GetGroupOutput {
            group: super::shape(call.account(), &group.record),
            users: page.shape(|user| user::listed(call.account(), &user.record)),
            is_truncated: page.is_truncated(),
            marker: page.marker,
        })
    }
}
