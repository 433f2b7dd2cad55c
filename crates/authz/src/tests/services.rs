//! AWS's services as callers, and what organisations have to say of them.

use daypass_model::Service;
use daypass_policy::ConditionContext as _;
use daypass_state::record::ControlPolicyType::{ResourceControl, ServiceControl};
use daypass_state::{Caller, ServiceCall};
use serde_json::{Value, json};

use super::operations::*;
use super::organization::*;
use super::world::*;
use crate::Target;
use crate::context::Keys;

#[tokio::test]
async fn of_an_organization_only_what_guards_the_role_binds_them() {
    let deny = |condition: Value| {
        json!({
            "Effect": "Deny", "Action": "sts:*", "Resource": "*", "Condition": condition,
        })
    };
    let resource = |condition: Value| {
        let mut statement = deny(condition);
        statement["Principal"] = json!("*");
        statement
    };
    let spared = json!({ "BoolIfExists": { "aws:PrincipalIsAWSService": "false" } });
    let of_others = json!({ "StringNotEqualsIfExists": { "aws:SourceOrgID": ORGANIZATION } });
    let of_own = json!({ "StringEquals": { "aws:SourceOrgID": ORGANIZATION } });
    let cases = [
        ("what its principals may", ServiceControl, deny(json!({})), true),
        ("what may be done to its roles", ResourceControl, resource(json!({})), false),
        ("by others than services", ResourceControl, resource(spared), true),
        ("for resources of others", ResourceControl, resource(of_others), true),
        ("for its own resources", ResourceControl, resource(of_own), false),
    ];
    for (name, policy_type, statement, allowed) in cases {
        let record = organization(&[(At::Account, policy_type, statement)], &[]);
        let world = World::build(Alice::default(), deploy(), Some(record)).await;
        let denied = "403 AccessDenied User: lambda.amazonaws.com is not authorized to perform: \
                      sts:AssumeRole on resource: arn:aws:iam::123456789012:role/";
        let answer = world.answer::<AssumesRole>(lambda());
        assert_eq!(answer == "allowed", allowed, "{name}: {answer}");
        assert!(allowed || answer.starts_with(denied), "{name}: {answer}");
    }
}

#[tokio::test]
async fn a_service_is_no_principal_of_an_account() {
    let world = World::organized(organization(&[], &[])).await;
    let call = world.call(lambda());
    let target = Target::on_all("sts:AssumeRole");
    let keys = Keys { call: &call, service: Service::Sts, target: &target };
    let cases = [
        ("aws:principalisawsservice", Some(true.into())),
        ("aws:principalservicename", Some("lambda.amazonaws.com".into())),
        ("aws:sourcearn", Some(FUNCTION.into())),
        ("aws:sourceaccount", Some("123456789012".into())),
        ("aws:sourceorgid", Some(ORGANIZATION.into())),
        ("aws:principalarn", None),
        ("aws:principalaccount", None),
        ("aws:principaltype", None),
        ("aws:principalorgid", None),
        ("aws:userid", None),
        ("aws:federatedprovider", None),
        ("aws:requestedregion", Some("eu-west-1".into())),
    ];
    for (key, expected) in cases {
        assert_eq!(keys.get(key), expected, "{key}");
    }
    let listed: Vec<_> = keys.listed().into_iter().map(|(key, _)| key).collect();
    for key in ["aws:PrincipalServiceNamesList", "aws:SourceArn", "aws:SourceOrgPaths"] {
        assert!(listed.contains(&key.to_owned()), "{key}: {listed:?}");
    }
    assert_eq!((call.caller.access_key_id(), call.caller.secret().expose().as_str()), ("", ""));

    // Who is no service has none of it.
    let call = world.call(world.root_session(|_| ()));
    let keys = Keys { call: &call, service: Service::Sts, target: &target };
    assert_eq!(keys.get("aws:principalisawsservice"), Some(false.into()));
    for key in ["aws:principalservicename", "aws:principalservicenameslist", "aws:sourcearn"] {
        assert_eq!(keys.get(key), None, "{key}");
    }
}

fn lambda() -> Caller {
    let call = ServiceCall {
        source_arn: Some(FUNCTION.parse().unwrap()),
        source_account: Some(account()),
    };
    Caller::service("lambda.amazonaws.com", account(), call)
}

fn deploy() -> Deploy {
    let trust = json!({
        "Effect": "Allow",
        "Principal": { "Service": "lambda.amazonaws.com" },
        "Action": "sts:AssumeRole",
    });
    Deploy { trust, ..Deploy::default() }
}

const FUNCTION: &str = "arn:aws:lambda:eu-west-1:123456789012:function:resize";
const ORGANIZATION: &str = "o-a1b2c3d4e5";
