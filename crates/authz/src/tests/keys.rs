//! The condition keys of a request: which are there for whom, with which value, of which type (IAM
//! User Guide, "AWS global condition context keys").

use std::collections::BTreeSet;

use daypass_catalog::{KeyType, global_condition_key, global_condition_keys};
use daypass_model::Service;
use daypass_policy::{ConditionContext as _, ContextValue};
use daypass_state::Caller;
use daypass_token::Mfa;
use serde_json::json;

use super::operations::*;
use super::organization::*;
use super::world::*;
use crate::context::Keys;
use crate::{Target, Targets};

/// `None` where the request does not have the key.
type Row = (&'static str, [Option<&'static str>; 6]);

/// For: the root user, a user, the user's session with a code, a role's session, a federated
/// session, the root user of another account outside the organisation.
const TABLE: [Row; 36] = [
    (
        "aws:PrincipalArn",
        [
            Some("arn:aws:iam::123456789012:root"),
            Some(ALICE),
            Some(ALICE),
            Some("arn:aws:iam::123456789012:role/deploy"),
            Some("arn:aws:sts::123456789012:federated-user/fed"),
            Some("arn:aws:iam::999999999999:root"),
        ],
    ),
    ("aws:PrincipalAccount", of_accounts(Some("123456789012"), Some("999999999999"))),
    (
        "aws:PrincipalType",
        [
            Some("Account"),
            Some("User"),
            Some("User"),
            Some("AssumedRole"),
            Some("FederatedUser"),
            Some("Account"),
        ],
    ),
    (
        "aws:userid",
        [
            Some("123456789012"),
            Some("AIDA…"),
            Some("AIDA…"),
            Some("AROA…:s1"),
            Some("123456789012:fed"),
            Some("999999999999"),
        ],
    ),
    ("aws:username", [None, Some("alice"), Some("alice"), None, None, None]),
    ("aws:PrincipalOrgID", of_accounts(Some("o-a1b2c3d4e5"), None)),
    ("aws:PrincipalOrgPaths", of_accounts(Some("[o-a1b2c3d4e5/r-ab12/ou-ab12-aaaaaaaa/]"), None)),
    ("aws:PrincipalIsAWSService", [Some("false"); 6]),
    (
        "aws:PrincipalTag/team",
        [None, Some("red"), Some("red"), Some("of the session"), Some("of the session"), None],
    ),
    ("aws:PrincipalTag/KEPT", [None, None, None, Some("of the role"), None, None]),
    ("aws:PrincipalTag/cost", [None, Some("7"), Some("7"), None, Some("7"), None]),
    ("aws:PrincipalTag/absent", [None; 6]),
    ("aws:TokenIssueTime", of_sessions(Some("2027-01-15T07:58:20Z"))),
    ("aws:MultiFactorAuthPresent", [None, None, Some("true"), Some("false"), Some("false"), None]),
    ("aws:MultiFactorAuthAge", [None, None, Some("60"), None, None, None]),
    // Other sessions have them.
    ("aws:FederatedProvider", [None; 6]),
    ("aws:AssumedRoot", [None; 6]),
    ("aws:SourceIdentity", [None, None, None, Some("carol"), None, None]),
    ("aws:RequestedRegion", [Some("eu-west-1"); 6]),
    ("aws:CurrentTime", [Some("2027-01-15T08:00:00Z"); 6]),
    ("aws:EpochTime", [Some("1800000000"); 6]),
    ("aws:SourceIp", [Some("192.0.2.7"); 6]),
    ("aws:SecureTransport", [Some("false"); 6]),
    ("aws:UserAgent", [Some("test/1.0"); 6]),
    ("aws:referer", [None; 6]),
    ("aws:ViaAWSService", [Some("false"); 6]),
    ("aws:ResourceAccount", [Some("222222222222"); 6]),
    ("aws:ResourceOrgID", [Some("o-a1b2c3d4e5"); 6]),
    ("aws:ResourceOrgPaths", [Some("[o-a1b2c3d4e5/r-ab12/ou-ab12-aaaaaaaa/]"); 6]),
    ("aws:RequestTag/stage", [Some("prod"); 6]),
    ("aws:RequestTag/absent", [None; 6]),
    ("aws:TagKeys", [Some("[stage]"); 6]),
    ("aws:ResourceTag/owner", [Some("me"); 6]),
    ("iam:ResourceTag/owner", [Some("me"); 6]),
    ("sts:ExternalId", [Some("secret-handshake"); 6]),
    ("sts:NoSuchKey", [None; 6]),
];

/// Keys of circumstances in which no request to daypass is made: by services, through a VPC
/// endpoint, with credentials that a service gave to its own machines.
const NEVER: [&str; 30] = [
    "aws:CalledVia",
    "aws:CalledViaAWSMCP",
    "aws:CalledViaFirst",
    "aws:CalledViaLast",
    "aws:ChatbotSourceArn",
    "aws:Ec2InstanceSourcePrivateIPv4",
    "aws:Ec2InstanceSourceVpc",
    "aws:IsMcpServiceAction",
    "aws:PrincipalServiceName",
    "aws:PrincipalServiceNamesList",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceOrgID",
    "aws:SourceOrgPaths",
    "aws:SourceOwner",
    "aws:SourceVpc",
    "aws:SourceVpcArn",
    "aws:SourceVpce",
    "aws:ViaAWSMCPService",
    "aws:VpceAccount",
    "aws:VpceOrgID",
    "aws:VpceOrgPaths",
    "aws:VpcSourceIp",
    "ec2:RoleDelivery",
    "ec2:SourceInstanceArn",
    "glue:CredentialIssuingService",
    "glue:RoleAssumedBy",
    "identitystore:UserId",
    "lambda:SourceFunctionArn",
    "ssm:SourceInstanceArn",
];

#[tokio::test]
async fn each_key_is_there_for_whom_aws_has_it_and_of_awss_type() {
    let world = world().await;
    let target = target();
    for (number, caller) in callers(&world).into_iter().enumerate() {
        let call = world.call(caller);
        let keys = Keys { call: &call, service: Service::Sts, target: &target };
        for (key, expected) in TABLE {
            let value = keys.get(&key.to_ascii_lowercase());
            let shown = value.as_ref().map(show);
            let who = call.caller.principal().arn();
            assert_eq!(shown.as_deref(), expected[number], "{key} of {who}");
            if let (Some(value), Some(known)) = (value, global_condition_key(key)) {
                let fits = match value {
                    ContextValue::Text(_) => {
                        matches!(known.value_type, KeyType::Text | KeyType::Arn)
                    }
                    ContextValue::Many(_) => known.multivalued,
                    ContextValue::Bool(_) => known.value_type == KeyType::Bool,
                    // A date may be counted in seconds.
                    ContextValue::Number(_) => {
                        matches!(known.value_type, KeyType::Numeric | KeyType::Date)
                    }
                    ContextValue::Date(_) => known.value_type == KeyType::Date,
                    ContextValue::Ip(_) => known.value_type == KeyType::IpAddress,
                };
                assert!(fits, "{key} is a {:?}", known.value_type);
            }
        }
        for key in NEVER {
            assert_eq!(keys.get(&key.to_ascii_lowercase()), None, "{key}");
        }
    }
}

#[test]
fn no_global_key_is_forgotten() {
    let tested: BTreeSet<_> = TABLE
        .iter()
        .map(|(key, _)| *key)
        .chain(NEVER)
        .filter_map(global_condition_key)
        .map(|key| key.name)
        .collect();
    let known: BTreeSet<_> = global_condition_keys().iter().map(|key| key.name).collect();
    assert_eq!(tested, known);
}

#[tokio::test]
async fn iam_is_asked_in_one_region() {
    let world = world().await;
    let call = world.call(world.alice());
    let keys = Keys { call: &call, service: Service::Iam, target: &target() };
    assert_eq!(keys.get("aws:requestedregion"), Some("us-east-1".into()));
}

#[tokio::test]
async fn policies_see_the_keys() {
    let cases = [
        json!({ "ArnEquals": { "aws:PrincipalArn": ALICE } }),
        json!({ "Null": { "aws:TokenIssueTime": "true", "aws:MultiFactorAuthPresent": "true" } }),
        json!({ "IpAddress": { "aws:SourceIp": "192.0.2.0/24" } }),
        json!({ "DateEquals": { "aws:EpochTime": "2027-01-15T08:00:00Z" } }),
        json!({ "NumericEquals": { "aws:EpochTime": "1800000000" } }),
        json!({ "StringEquals": { "AWS:PRINCIPALTAG/TEAM": "red" } }),
        json!({ "ForAllValues:StringEquals": { "aws:TagKeys": ["stage"] } }),
        json!({ "StringEquals": { "aws:PrincipalOrgID": "${aws:ResourceOrgID}" } }),
    ];
    for condition in cases {
        let alice = Alice { inline: Some(when(&condition)), ..Alice::default() };
        let world = World::build(alice, Deploy::default(), Some(organization(&[], &[]))).await;
        assert_eq!(world.answer::<CreatesUser>(world.alice()), "allowed", "{condition}");
    }
}

async fn world() -> World {
    World::organized(organization(&[], &[])).await
}

fn callers(world: &World) -> [Caller; 6] {
    [
        world.root(),
        world.alice(),
        world.user_session(|claims| {
            claims.mfa = Some(Mfa { serial: "m".to_owned(), authenticated_at: NOW - 60 });
        }),
        world.role_session(|claims| {
            claims.tags = vec![("Team".to_owned(), "of the session".to_owned())];
            claims.source_identity = Some("carol".to_owned());
        }),
        world.federated_session(|claims| {
            claims.tags = vec![("TEAM".to_owned(), "of the session".to_owned())];
        }),
        world.root_of(stranger()),
    ]
}

/// Something of the sibling account.
fn target() -> Target {
    let mut targets = Targets::default();
    let target = targets.need_on_all("sts:AssumeRole");
    target
        .request_tags([("stage", "prod")].into_iter())
        .identity_tags(&tags(&[("owner", "me")]))
        .key("sts:ExternalId", "secret-handshake");
    target.resource_account = Some(sibling());
    targets.list.remove(0)
}

fn show(value: &ContextValue<'_>) -> String {
    match value {
        ContextValue::Text(text) => match text.split_once(':') {
            Some((id, session)) if id.starts_with("AROA") => format!("AROA…:{session}"),
            _ if text.starts_with("AIDA") => "AIDA…".to_owned(),
            _ => text.to_string(),
        },
        ContextValue::Many(values) => format!("[{}]", values.join(" ")),
        ContextValue::Number(number) => number.to_string(),
        ContextValue::Bool(value) => value.to_string(),
        ContextValue::Date(date) => date.to_string(),
        ContextValue::Ip(address) => address.to_string(),
    }
}

const fn of_accounts(
    own: Option<&'static str>,
    strangers: Option<&'static str>,
) -> [Option<&'static str>; 6] {
    [own, own, own, own, own, strangers]
}

const fn of_sessions(value: Option<&'static str>) -> [Option<&'static str>; 6] {
    [None, None, value, value, value, None]
}
