use daypass_model::iam::GetOutboundWebIdentityFederationInfoOutput as Info;

use crate::generated::{
    DisableOutboundWebIdentityFederation as Disable, EnableOutboundWebIdentityFederation as Enable,
    GetOutboundWebIdentityFederationInfo as GetInfo,
};
use crate::testing::{ACCOUNT, Fixture};

#[test]
fn an_account_has_one_issuer_that_is_enabled_and_disabled() {
    let fixture = Fixture::new();
    let input = Default::default;
    let info = || fixture.ok::<GetInfo>(input());
    assert_eq!(fixture.refusal::<GetInfo>(input()), DISABLED);
    assert_eq!(fixture.refusal::<Disable>(Default::default()), DISABLED);

    let issuer = fixture.ok::<Enable>(Default::default()).issuer_identifier.unwrap();
    let id = issuer.strip_prefix("https://").unwrap();
    let id = id.strip_suffix(".tokens.sts.global.api.aws").unwrap();
    assert_eq!((id.len(), fixture.view().account_of_issuer(id)), (36, Some(ACCOUNT)));
    let enabled = Info { issuer_identifier: Some(issuer.clone()), jwt_vending_enabled: Some(true) };
    assert_eq!(info(), enabled);
    assert_eq!(fixture.refusal::<Enable>(Default::default()), ENABLED);

    fixture.ok::<Disable>(Default::default());
    assert_eq!(fixture.refusal::<GetInfo>(input()), DISABLED);
    assert_eq!(fixture.refusal::<Disable>(Default::default()), DISABLED);
    assert_eq!(fixture.view().account_of_issuer(id), Some(ACCOUNT), "tokens are still verified");
    assert_eq!(fixture.ok::<Enable>(Default::default()).issuer_identifier, Some(issuer));
    assert_eq!(info(), enabled);
}

#[test]
fn each_account_has_an_issuer_of_its_own() {
    let fixture = Fixture::new();
    let enable = |account| {
        let caller = fixture.caller(account);
        fixture.call::<Enable>(&caller, Default::default()).unwrap().issuer_identifier
    };
    assert_ne!(enable("111111111111"), enable("222222222222"));
    assert_eq!(fixture.refusal::<GetInfo>(Default::default()), DISABLED);
}

const DISABLED: &str =
    "FeatureDisabled: Outbound identity federation is disabled for account 000000000000";
const ENABLED: &str =
    "FeatureEnabled: Outbound identity federation is already enabled for account 000000000000";
