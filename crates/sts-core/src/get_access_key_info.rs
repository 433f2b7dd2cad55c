use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_ident::AccessKeyId;
use daypass_model::ServiceError;
use daypass_model::sts::{GetAccessKeyInfoInput, GetAccessKeyInfoOutput};
use daypass_state::{CrossAccount, Tx};

use crate::errors::StsError;
use crate::generated::GetAccessKeyInfo;

impl Guarded for GetAccessKeyInfo {
    fn targets(
        _: &GetAccessKeyInfoInput,
        _: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        targets.need_on_all("sts:GetAccessKeyInfo");
        Ok(())
    }
}

impl Handle for GetAccessKeyInfo {
    /// A stored key belongs to its owner's account. Any other id of the newer form carries its
    /// account, whether the key is active, deleted or a session's; older ids carry none. AWS does
    /// not document what it answers to an id without an account: daypass answers as for one that
    /// it does not know.
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<GetAccessKeyInfoOutput, ServiceError> {
        let id = call.input().access_key_id.as_str();
        let stored =
            tx.across_accounts(CrossAccount::AccessKeyOwner).access_key(id).map(|key| key.account);
        let carried = || id.parse::<AccessKeyId>().ok()?.account();
        let account = stored.or_else(carried).ok_or(StsError::UnknownAccessKey)?;
        Ok(GetAccessKeyInfoOutput { account: Some(account.to_string()) })
    }
}
