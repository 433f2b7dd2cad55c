use daypass_authz::{Guarded, Scope, Targets};
use daypass_ident::Arn;
use daypass_model::ServiceError;

use crate::generated::GetFederationToken;
use crate::tags;

impl Guarded for GetFederationToken {
    /// The right to make a session of this name, and to tag it when it gets tags.
    fn targets(
        input: &Self::Input,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let session = Arn::federated_user(scope.account(), &input.name);
        let given = input.tags.as_deref().unwrap_or_default();
        let target = targets.need("sts:GetFederationToken", session.clone());
        target.request_tags(tags::pairs(given));
        if !given.is_empty() {
            targets.need("sts:TagSession", session).request_tags(tags::pairs(given));
        }
        Ok(())
    }
}
