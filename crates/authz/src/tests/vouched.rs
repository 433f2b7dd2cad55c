//! Callers for whom an identity provider vouches, and the sessions that they get.

use daypass_ident::Principal;
use daypass_model::Service;
use daypass_model::sts::GetCallerIdentityInput;
use daypass_policy::ConditionContext as _;
use daypass_state::record::ControlPolicyType::{ResourceControl, ServiceControl};
use daypass_state::{Caller, VouchedClaims};
use daypass_token::{ContextKind, FederationFacts, OnBehalfOf};
use serde_json::{Value, json};

use super::operations::*;
use super::organization::*;
use super::world::*;
use crate::context::Keys;
use crate::{Called, Target, Vouched};

#[tokio::test]
async fn the_trust_policy_alone_decides() {
    let other = json!({ "Federated": "arn:aws:iam::123456789012:oidc-provider/example.com" });
    let of_main = json!({ "StringEquals": { format!("{HOST}:SUB"): "repo:me/app:main" } });
    let of_fork = json!({ "StringEquals": { format!("{HOST}:sub"): "repo:fork/app:main" } });
    let own = || json!({ "Federated": PROVIDER });
    let cases = [
        ("the provider is trusted", trust(&own(), &json!({})), true),
        ("this subject of it is", trust(&own(), &of_main), true),
        ("another subject of it is", trust(&own(), &of_fork), false),
        ("another provider is", trust(&other, &json!({})), false),
        ("everybody who signs is", trust(&json!("*"), &json!({})), false),
        ("the account is", trust(&json!({ "AWS": "123456789012" }), &json!({})), false),
    ];
    for (name, trust, allowed) in cases {
        let world = world_of(trust).await;
        let answer = world.answer::<AssumesRoleVouchedFor>(github(|_| ()));
        let denied = "403 AccessDenied Not authorized to perform sts:AssumeRoleWithWebIdentity";
        assert_eq!(answer, if allowed { "allowed" } else { denied }, "{name}");
    }
}

#[tokio::test]
async fn a_multivalued_key_with_one_value_still_needs_a_set_operator() {
    let amr = |values: &'static [&'static str]| {
        github(move |claims| {
            let values = values.iter().map(|value| (*value).to_owned()).collect();
            claims.keys.push((format!("{HOST}:amr"), values));
        })
    };
    let cases: [(&str, &'static [&'static str], bool); 6] = [
        ("StringEquals", &["mfa"], false),
        ("StringEquals", &["mfa", "pwd"], false),
        ("StringNotEquals", &["pwd"], false),
        ("ForAnyValue:StringEquals", &["mfa"], true),
        ("ForAnyValue:StringEquals", &["mfa", "pwd"], true),
        ("ForAllValues:StringEquals", &["mfa", "pwd"], false),
    ];
    for (operator, values, allowed) in cases {
        let condition = json!({ operator: { format!("{HOST}:amr"): "mfa" } });
        let world = world_of(trust(&json!({ "Federated": PROVIDER }), &condition)).await;
        let answer = world.answer::<AssumesRoleVouchedFor>(amr(values));
        assert_eq!(answer == "allowed", allowed, "{operator} {values:?}: {answer}");
    }
}

#[tokio::test]
async fn what_the_session_gets_beside_needs_trust_of_its_own() {
    let tagged = || github(|claims| claims.tags = vec![("team".to_owned(), "red".to_owned())]);
    let mut statement = trust(&json!({ "Federated": PROVIDER }), &json!({}));
    let world = world_of(statement.clone()).await;
    assert_eq!(
        world.answer::<AssumesRoleVouchedFor>(tagged()),
        "403 AccessDenied Not authorized to perform sts:TagSession"
    );
    statement["Action"] = json!(["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]);
    let world = world_of(statement).await;
    assert_eq!(world.answer::<AssumesRoleVouchedFor>(tagged()), "allowed");
}

#[tokio::test]
async fn of_an_organization_only_what_guards_the_role_binds_them() {
    let deploy = || Deploy {
        trust: trust(&json!({ "Federated": PROVIDER }), &json!({})),
        ..Deploy::default()
    };
    let deny = |policy_type| {
        let statement = json!({ "Effect": "Deny", "Action": "*", "Resource": "*" });
        (At::Account, policy_type, statement)
    };
    let record = organization(&[deny(ServiceControl)], &[]);
    let world = World::build(Alice::default(), deploy(), Some(record)).await;
    assert_eq!(world.answer::<AssumesRoleVouchedFor>(github(|_| ())), "allowed");

    let guarded = async |condition: Value| {
        let statement = json!({
            "Effect": "Deny", "Principal": "*", "Action": "sts:*", "Resource": "*",
            "Condition": condition,
        });
        let record = organization(&[(At::Account, ResourceControl, statement)], &[]);
        let world = World::build(Alice::default(), deploy(), Some(record)).await;
        world.answer::<AssumesRoleVouchedFor>(github(|_| ()))
    };
    assert_eq!(
        guarded(json!({})).await,
        "403 AccessDenied Not authorized to perform sts:AssumeRoleWithWebIdentity"
    );
    let spared = json!({ "Bool": { "aws:PrincipalIsAWSService": "true" } });
    assert_eq!(guarded(spared).await, "allowed");
}

#[tokio::test]
async fn nobody_is_known_but_by_the_providers_word() {
    let world = World::organized(organization(&[], &[])).await;
    let call = world.call(github(|_| ()));
    let target = Target::on_all("sts:AssumeRoleWithWebIdentity");
    let keys = Keys { call: &call, service: Service::Sts, target: &target };
    let cases = [
        ("aws:federatedprovider", Some(PROVIDER.into())),
        ("aws:principaltype", Some("Anonymous".into())),
        ("aws:principalaccount", Some("anonymous".into())),
        ("aws:principalisawsservice", Some(false.into())),
        ("aws:principalarn", None),
        ("aws:userid", None),
        ("aws:principalorgid", None),
        ("aws:tokenissuetime", None),
        ("aws:multifactorauthpresent", None),
        ("aws:requestedregion", Some("eu-west-1".into())),
        (SUB, Some("repo:me/app:main".into())),
    ];
    for (key, expected) in cases {
        assert_eq!(keys.get(key), expected, "{key}");
    }
    let listed: Vec<_> = keys.listed().into_iter().map(|(key, _)| key).collect();
    assert!(listed.contains(&SUB.to_owned()), "{listed:?}");
}

#[tokio::test]
async fn a_session_keeps_who_vouched_for_it_and_for_whom() {
    let world = World::organized(organization(&[], &[])).await;
    let target = Target::on_all("iam:GetUser");
    let session = world.role_session(|claims| {
        claims.federation = Some(lasting());
        claims.on_behalf_of = Some(OnBehalfOf {
            kind: ContextKind::Audit,
            user_id: "u-1".to_owned(),
            identity_store_arn: STORE.parse().unwrap(),
        });
    });
    let call = world.call(session);
    let keys = Keys { call: &call, service: Service::Iam, target: &target };
    assert_eq!(keys.get("aws:federatedprovider"), Some(PROVIDER.into()));
    assert_eq!(keys.get(SUB), Some("repo:me/app:main".into()));
    assert_eq!(keys.get("identitystore:userid"), Some("u-1".into()));
    assert_eq!(keys.get("identitystore:identitystorearn"), Some(STORE.into()));
    assert_eq!(keys.get("aws:assumedroot"), None);
    let listed: Vec<_> = keys.listed().into_iter().map(|(key, _)| key).collect();
    for key in
        [SUB, "identitystore:UserId", "identitystore:IdentityStoreArn", "aws:FederatedProvider"]
    {
        assert!(listed.contains(&key.to_owned()), "{key}: {listed:?}");
    }

    let call = world.call(world.root_session(|claims| claims.assumed_root = true));
    let keys = Keys { call: &call, service: Service::Iam, target: &target };
    assert_eq!(keys.get("aws:assumedroot"), Some(true.into()));
}

#[tokio::test]
async fn who_is_vouched_for_makes_the_call_as_it_arrived() {
    let world = World::new(Alice::default()).await;
    let call = world.call(world.root());
    let (arrival, input) = (call.into_arrival(), GetCallerIdentityInput {});
    let proof = Vouched::<AssumesRoleVouchedFor>::ask(&input, &arrival).await.unwrap();
    let call = Called::proved(arrival, input, &proof).unwrap().call;
    assert_eq!(call.account(), account());
    assert_eq!(call.caller.principal().user_id(), format!("{PROVIDER}:sts:repo:me/app:main"));
    assert_eq!(call.caller.access_key_id(), "");
}

/// A job of GitHub's.
pub(super) fn github(change: impl FnOnce(&mut VouchedClaims)) -> Caller {
    let principal = Principal::WebIdentityUser {
        account: account(),
        provider: PROVIDER.into(),
        audience: "sts".into(),
        subject: "repo:me/app:main".into(),
    };
    let lasting = lasting();
    let mut claims = VouchedClaims { keys: lasting.keys.clone(), lasting, ..Default::default() };
    change(&mut claims);
    Caller::vouched(principal, claims)
}

fn lasting() -> FederationFacts {
    FederationFacts {
        provider: PROVIDER.to_owned(),
        keys: vec![(SUB.to_owned(), vec!["repo:me/app:main".to_owned()])],
    }
}

async fn world_of(trust: Value) -> World {
    World::build(Alice::default(), Deploy { trust, ..Deploy::default() }, None).await
}

fn trust(principal: &Value, condition: &Value) -> Value {
    json!({
        "Effect": "Allow", "Principal": principal, "Condition": condition,
        "Action": "sts:AssumeRoleWithWebIdentity",
    })
}

const STORE: &str = "arn:aws:identitystore::123456789012:identitystore/d-9067642ac7";
const HOST: &str = "token.actions.githubusercontent.com";
const SUB: &str = "token.actions.githubusercontent.com:sub";
const PROVIDER: &str =
    "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";
