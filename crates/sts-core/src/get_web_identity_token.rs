use daypass_authz::{Guarded, Scope, Targets};
use daypass_model::ServiceError;

use crate::generated::GetWebIdentityToken;
use crate::tags;

impl Guarded for GetWebIdentityToken {
    /// The right to such a token, and to put tags into it when it gets any.
    fn targets(
        input: &Self::Input,
        _: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let given = input.tags.as_deref().unwrap_or_default();
        let seconds = input.duration_seconds.unwrap_or(DEFAULT_SECONDS);
        targets
            .need_on_all("sts:GetWebIdentityToken")
            .keys("sts:IdentityTokenAudience", input.audience.clone())
            .key("sts:SigningAlgorithm", &input.signing_algorithm)
            .key("sts:DurationSeconds", seconds.to_string())
            .request_tags(tags::pairs(given));
        if !given.is_empty() {
            targets.need_on_all("sts:TagGetWebIdentityToken").request_tags(tags::pairs(given));
        }
        Ok(())
    }
}

/// How long a token is good for unless the request says otherwise (STS API Reference,
/// `GetWebIdentityToken`).
const DEFAULT_SECONDS: i32 = 300;
