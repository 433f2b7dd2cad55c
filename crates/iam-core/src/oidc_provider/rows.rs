//! What the operations on OpenID Connect providers need.

use daypass_authz::{Guarded, Scope, Targets};
use daypass_ident::Arn;

use crate::generated::{
    AddClientIdToOpenIdConnectProvider, CreateOpenIdConnectProvider, DeleteOpenIdConnectProvider,
    GetOpenIdConnectProvider, ListOpenIdConnectProviderTags, ListOpenIdConnectProviders,
    RemoveClientIdFromOpenIdConnectProvider, TagOpenIdConnectProvider, UntagOpenIdConnectProvider,
    UpdateOpenIdConnectProviderThumbprint,
};
use crate::need::{self, Needed};
use crate::tags;

impl Guarded for AddClientIdToOpenIdConnectProvider {
    fn targets(input: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        need::on_arn(
            targets,
            "iam:AddClientIDToOpenIDConnectProvider",
            &input.open_id_connect_provider_arn,
        )?;
        Ok(())
    }
}

impl Guarded for CreateOpenIdConnectProvider {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        let issuer = input.url.strip_prefix("https://").unwrap_or(&input.url);
        let arn = Arn::iam(scope.account(), &["oidc-provider/", issuer]);
        let actions = ["iam:CreateOpenIDConnectProvider", "iam:TagOpenIDConnectProvider"];
        need::to_create(targets, actions, arn, input.tags.as_deref());
        Ok(())
    }
}

impl Guarded for DeleteOpenIdConnectProvider {
    fn targets(input: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        need::on_arn(
            targets,
            "iam:DeleteOpenIDConnectProvider",
            &input.open_id_connect_provider_arn,
        )?;
        Ok(())
    }
}

impl Guarded for GetOpenIdConnectProvider {
    fn targets(input: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        need::on_arn(targets, "iam:GetOpenIDConnectProvider", &input.open_id_connect_provider_arn)?;
        Ok(())
    }
}

impl Guarded for ListOpenIdConnectProviderTags {
    fn targets(input: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        need::on_arn(
            targets,
            "iam:ListOpenIDConnectProviderTags",
            &input.open_id_connect_provider_arn,
        )?;
        Ok(())
    }
}

impl Guarded for ListOpenIdConnectProviders {
    fn targets(_: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        need::on_list(
            targets,
            scope,
            "iam:ListOpenIDConnectProviders",
            "oidc-provider",
            Some("/*"),
        );
        Ok(())
    }
}

impl Guarded for RemoveClientIdFromOpenIdConnectProvider {
    fn targets(input: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        need::on_arn(
            targets,
            "iam:RemoveClientIDFromOpenIDConnectProvider",
            &input.open_id_connect_provider_arn,
        )?;
        Ok(())
    }
}

impl Guarded for TagOpenIdConnectProvider {
    fn targets(input: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        need::on_arn(targets, "iam:TagOpenIDConnectProvider", &input.open_id_connect_provider_arn)?
            .request_tags(tags::pairs(&input.tags));
        Ok(())
    }
}

impl Guarded for UntagOpenIdConnectProvider {
    fn targets(input: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        need::on_arn(
            targets,
            "iam:UntagOpenIDConnectProvider",
            &input.open_id_connect_provider_arn,
        )?
        .keys("aws:TagKeys", input.tag_keys.clone());
        Ok(())
    }
}

impl Guarded for UpdateOpenIdConnectProviderThumbprint {
    fn targets(input: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        need::on_arn(
            targets,
            "iam:UpdateOpenIDConnectProviderThumbprint",
            &input.open_id_connect_provider_arn,
        )?;
        Ok(())
    }
}
