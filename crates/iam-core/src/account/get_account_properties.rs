use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{GetAccountPropertiesInput, GetAccountPropertiesOutput};
use daypass_state::Tx;

use super::properties;
use crate::generated::GetAccountProperties;

impl Guarded for GetAccountProperties {
    fn targets(
        _: &GetAccountPropertiesInput,
        _: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        targets
            .need_on_all("iam:GetAccountProperties")
            .keys("iam:AccountPropertyNamespaces", properties::namespaces(properties::names()));
        Ok(())
    }
}

impl Handle for GetAccountProperties {
    /// A property that was never set is told with its default. Whether AWS does so is not on record.
    fn run(_: &Permitted<Self>, tx: &mut Tx) -> Result<GetAccountPropertiesOutput, ServiceError> {
        let properties = properties::all(&tx.account().settings().properties);
        Ok(GetAccountPropertiesOutput { properties: Some(properties) })
    }
}
