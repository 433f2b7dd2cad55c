use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{ListAccountAliasesInput, ListAccountAliasesOutput};
use daypass_state::Tx;

use crate::generated::ListAccountAliases;
use crate::pagination::paging;

impl Guarded for ListAccountAliases {
    fn targets(
        _: &ListAccountAliasesInput,
        _: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        targets.need_on_all("iam:ListAccountAliases");
        Ok(())
    }
}

impl Handle for ListAccountAliases {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<ListAccountAliasesOutput, ServiceError> {
        let page = paging!(call.input()).page(tx.account().alias(), |alias| *alias)?;
        Ok(ListAccountAliasesOutput {
            account_aliases: page.shape(|alias| (*alias).to_owned()),
            is_truncated: page.is_truncated(),
            marker: page.marker,
        })
    }
}
