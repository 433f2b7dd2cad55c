//! What those operations on the account need that are not carried out yet.

use daypass_authz::{Guarded, Scope, Targets};

use crate::generated::{
    GetAccountProperties, PutAccountProperties, SetSecurityTokenServicePreferences,
};
use crate::need::Needed;

impl Guarded for GetAccountProperties {
    fn targets(_: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        targets.need_on_all("iam:GetAccountProperties");
        Ok(())
    }
}

impl Guarded for PutAccountProperties {
    fn targets(input: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        let keys = input.properties.keys();
        let mut namespaces: Vec<_> =
            keys.filter_map(|key| Some(key.split_once('/')?.0.to_owned())).collect();
        // The keys are in order.
        namespaces.dedup();
        targets
            .need_on_all("iam:PutAccountProperties")
            .keys("iam:AccountPropertyNamespaces", namespaces);
        Ok(())
    }
}

impl Guarded for SetSecurityTokenServicePreferences {
    fn targets(_: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        targets.need_on_all("iam:SetSecurityTokenServicePreferences");
        Ok(())
    }
}
