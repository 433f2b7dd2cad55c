//! What the operations on SAML providers need.

use daypass_authz::{Guarded, Scope, Targets};
use daypass_ident::Arn;

use crate::generated::{
    CreateSamlProvider, DeleteSamlProvider, GetSamlProvider, ListSamlProviderTags,
    ListSamlProviders, TagSamlProvider, UntagSamlProvider, UpdateSamlProvider,
};
use crate::need::{self, Needed};
use crate::tags;

impl Guarded for CreateSamlProvider {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        let arn = Arn::iam(scope.account(), &["saml-provider/", &input.name]);
        need::to_create(
            targets,
            ["iam:CreateSAMLProvider", "iam:TagSAMLProvider"],
            arn,
            input.tags.as_deref(),
        );
        Ok(())
    }
}

impl Guarded for DeleteSamlProvider {
    fn targets(input: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        need::on_arn(targets, "iam:DeleteSAMLProvider", &input.saml_provider_arn)?;
        Ok(())
    }
}

impl Guarded for GetSamlProvider {
    fn targets(input: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        need::on_arn(targets, "iam:GetSAMLProvider", &input.saml_provider_arn)?;
        Ok(())
    }
}

impl Guarded for ListSamlProviderTags {
    fn targets(input: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        need::on_arn(targets, "iam:ListSAMLProviderTags", &input.saml_provider_arn)?;
        Ok(())
    }
}

impl Guarded for ListSamlProviders {
    fn targets(_: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        need::on_list(targets, scope, "iam:ListSAMLProviders", "saml-provider", Some("/*"));
        Ok(())
    }
}

impl Guarded for TagSamlProvider {
    fn targets(input: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        need::on_arn(targets, "iam:TagSAMLProvider", &input.saml_provider_arn)?
            .request_tags(tags::pairs(&input.tags));
        Ok(())
    }
}

impl Guarded for UntagSamlProvider {
    fn targets(input: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        need::on_arn(targets, "iam:UntagSAMLProvider", &input.saml_provider_arn)?
            .keys("aws:TagKeys", input.tag_keys.clone());
        Ok(())
    }
}

impl Guarded for UpdateSamlProvider {
    fn targets(input: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        need::on_arn(targets, "iam:UpdateSAMLProvider", &input.saml_provider_arn)?;
        Ok(())
    }
}
