use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{PutAccountPropertiesInput, PutAccountPropertiesOutput};
use daypass_state::Tx;

use super::properties;
use crate::generated::PutAccountProperties;

impl Guarded for PutAccountProperties {
    fn targets(
        input: &PutAccountPropertiesInput,
        _: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let names = input.properties.keys().map(String::as_str);
        targets
            .need_on_all("iam:PutAccountProperties")
            .keys("iam:AccountPropertyNamespaces", properties::namespaces(names));
        Ok(())
    }
}

impl Handle for PutAccountProperties {
    /// To enable role manager makes a service-linked role on AWS. For which service is not on record,
    /// so that here it makes none.
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<PutAccountPropertiesOutput, ServiceError> {
        let given = &call.input().properties;
        properties::check(given)?;
        let mut settings = tx.account().settings().clone();
        settings.properties.extend(given.clone());
        tx.put_settings(&settings);
        Ok(PutAccountPropertiesOutput {})
    }
}
