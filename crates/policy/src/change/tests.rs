use daypass_ident::{AccountId, Principal};

use super::*;
use crate::{Caller, ContextMap, NamedPolicy, Policy, PolicyKind, PolicySource, ResourcePolicy};

/// The edits in short, for a user `bob` of 111111111111.
fn change(setting: &Setting<'_>) -> Vec<String> {
    let account: AccountId = "111111111111".parse().unwrap();
    let bob = Principal::User {
        account,
        path: "/".into(),
        name: "bob".into(),
        id: "AIDA00000000000000BOB".parse().unwrap(),
    };
    let root = Principal::Root { account };
    let request = Request {
        caller: Caller::Principal(if setting.root { &root } else { &bob }),
        action: setting.action,
        resource: setting.resource,
        context: &setting.context,
    };
    let parse = |kind, statements: &str| {
        let text = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
        Policy::parse(kind, &text).unwrap_or_else(|error| panic!("{error}: {text}"))
    };
    let all = |kind, list: &[&str]| list.iter().map(|text| parse(kind, text)).collect::<Vec<_>>();
    let arn = if setting.aws_managed {
        "arn:aws:iam::aws:policy/p"
    } else {
        "arn:aws:iam::111111111111:policy/p"
    };
    let named = |policy| NamedPolicy { source: PolicySource::Managed { arn }, policy };
    let identity = all(PolicyKind::Identity, setting.identity);
    let boundary = all(PolicyKind::Identity, setting.boundary);
    let trust = all(PolicyKind::Trust, setting.trust);
    let levels: Vec<_> =
        setting.levels.iter().map(|level| all(PolicyKind::ServiceControl, level)).collect();
    let levels: Vec<Vec<_>> =
        levels.iter().map(|level| level.iter().map(named).collect()).collect();
    let levels: Vec<_> = levels.iter().map(Vec::as_slice).collect();
    let identity: Vec<_> = identity.iter().map(named).collect();
    let policies = Policies {
        service_control: &levels,
        identity: &identity,
        boundary: boundary.first().map(named),
        resource: trust.first().map(|policy| ResourcePolicy::trust(named(policy))),
        resource_account: Some(setting.resource_account.parse().unwrap()),
        ..Policies::default()
    };
    let change = shortest_change(&request, &policies).expect("a change");
    change.edits.iter().map(in_short).collect()
}

fn in_short(edit: &Edit) -> String {
    match edit {
        Edit::SetContext { key, values: None, .. } => format!("without {key}"),
        Edit::SetContext { key, values: Some(values), .. } => {
            format!("with {key}={}", values.join(","))
        }
        Edit::Extend { policy, statement, element, value, instead_of } => {
            let instead_of = instead_of.as_ref().map(|old| format!(" for {old}"));
            format!("{policy}.{statement}.{element} += {value}{}", instead_of.unwrap_or_default())
        }
        Edit::AddSetOperator { policy, statement, operator, key, set_operator } => {
            format!("{policy}.{statement} {set_operator}:{operator} {key}")
        }
        Edit::Add { policy_type, level, statement } => {
            let level = level.map(|level| format!(" {level}")).unwrap_or_default();
            format!("{policy_type:?}{level} += {}", statement.to_json())
        }
        Edit::Remove { policy, statement } => format!("remove {policy}.{statement}"),
        Edit::Detach { policy } => format!("detach {policy}"),
    }
}

struct Setting<'a> {
    root: bool,
    action: &'a str,
    resource: &'a str,
    resource_account: &'a str,
    context: ContextMap,
    identity: &'a [&'a str],
    boundary: &'a [&'a str],
    trust: &'a [&'a str],
    levels: &'a [&'a [&'a str]],
    aws_managed: bool,
}

impl Default for Setting<'_> {
    fn default() -> Self {
        Self {
            root: false,
            action: "iam:GetUser",
            resource: BOB,
            resource_account: "111111111111",
            context: ContextMap::new().with("aws:SourceIp", "192.0.2.7"),
            identity: &[],
            boundary: &[],
            trust: &[],
            levels: &[],
            aws_managed: false,
        }
    }
}

const BOB: &str = "arn:aws:iam::111111111111:user/bob";
const ROLE: &str = "arn:aws:iam::111111111111:role/r";
const ALL: &str = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;
const S3: &str = r#"{"Effect":"Allow","Action":"s3:*","Resource":"*"}"#;
const ADDED: &str =
    r#"{"Effect":"Allow","Action":"iam:GetUser","Resource":"arn:aws:iam::111111111111:user/bob"}"#;

#[test]
fn what_nearly_allows_is_mended() {
    let cases: [(&[&str], &str); 10] = [
        (
            &[S3, r#"{"Effect":"Allow","Action":["iam:GetUsers","iam:*Key"],"Resource":"*"}"#],
            "1.0.Action += iam:GetUser for iam:GetUsers",
        ),
        (
            &[
                r#"{"Effect":"Allow","Action":"iam:Get*","Resource":"arn:aws:iam::111111111111:user/al"}"#,
            ],
            "0.0.Resource += arn:aws:iam::111111111111:user/bob",
        ),
        // Of another type: that statement is about something else.
        (
            &[
                r#"{"Effect":"Allow","Action":"iam:Get*","Resource":"arn:aws:iam::111111111111:role/*"}"#,
            ],
            "",
        ),
        (
            &[
                r#"{"Effect":"Allow","Action":"iam:*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}"#,
            ],
            "with aws:MultiFactorAuthPresent=true",
        ),
        (
            &[
                r#"{"Effect":"Allow","Action":"iam:*","Resource":"*","Condition":{"StringEquals":{"aws:RequestTag/Team":["red","blue"]}}}"#,
            ],
            "with aws:RequestTag/Team=red",
        ),
        (
            &[
                r#"{"Effect":"Allow","Action":"iam:*","Resource":"*","Condition":{"StringLike":{"sts:ExternalId":"id-*"}}}"#,
            ],
            "with sts:ExternalId=id-",
        ),
        (
            &[
                r#"{"Effect":"Allow","Action":"iam:*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}"#,
            ],
            "with aws:SourceIp=10.0.0.0",
        ),
        // Nobody asks as somebody else.
        (
            &[
                r#"{"Effect":"Allow","Action":"iam:*","Resource":"*","Condition":{"StringEquals":{"aws:username":"al"}}}"#,
            ],
            "",
        ),
        (&[S3], ""),
        (&[], ""),
    ];
    for (identity, expected) in cases {
        let edits = change(&Setting { identity, ..Setting::default() });
        let expected = match expected {
            "" => format!("Identity += {ADDED}"),
            expected => expected.to_owned(),
        };
        assert_eq!(edits, [expected], "{identity:?}");
    }
}

#[test]
fn a_missing_set_operator_is_added() {
    let cases = [
        (
            r#"{"StringEquals":{"aws:TagKeys":["team","cost"]}}"#,
            "0.0 ForAllValues:StringEquals aws:TagKeys",
        ),
        (r#"{"StringLike":{"aws:TagKeys":"*"}}"#, "0.0 ForAllValues:StringLike aws:TagKeys"),
        (r#"{"StringEquals":{"aws:TagKeys":"team"}}"#, "0.0 ForAnyValue:StringEquals aws:TagKeys"),
        (
            r#"{"StringEquals":{"aws:TagKeys":"team","aws:username":"bob"},"ForAnyValue:StringEquals":{"x:Y":"z"}}"#,
            "0.0 ForAnyValue:StringEquals aws:TagKeys",
        ),
        (
            r#"{"StringEquals":{"aws:PrincipalOrgPaths":"o/r/"}}"#,
            "0.0 ForAllValues:StringEquals aws:PrincipalOrgPaths",
        ),
        // No set operator makes it match.
        (r#"{"StringEquals":{"aws:TagKeys":"other"}}"#, ""),
    ];
    for (condition, expected) in cases {
        let statement =
            format!(r#"{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{condition}}}"#);
        let context = ContextMap::new()
            .with("aws:TagKeys", crate::ContextValue::many(["team", "cost"]))
            .with("aws:PrincipalOrgPaths", crate::ContextValue::many(["o/r/"]))
            .with("x:Y", "z")
            .with("aws:username", "bob");
        let edits = change(&Setting { identity: &[&statement], context, ..Setting::default() });
        let expected = match expected {
            "" => format!("Identity += {ADDED}"),
            expected => expected.to_owned(),
        };
        assert_eq!(edits, [expected], "{condition}");
    }
}

#[test]
fn what_aws_wrote_is_not_edited() {
    let near =
        r#"{"Effect":"Allow","Action":"iam:Get*","Resource":"arn:aws:iam::111111111111:user/al"}"#;
    let edits = change(&Setting { identity: &[near], aws_managed: true, ..Setting::default() });
    assert_eq!(edits, [format!("Identity += {ADDED}")]);
    let deny = r#"{"Effect":"Deny","Action":"iam:*","Resource":"*"}"#;
    let edits =
        change(&Setting { identity: &[ALL, deny], aws_managed: true, ..Setting::default() });
    assert_eq!(edits, ["detach 1"]);
}

#[test]
fn every_kind_that_lacks_is_mended() {
    let edits = change(&Setting { boundary: &[S3], ..Setting::default() });
    assert_eq!(edits, [format!("Identity += {ADDED}"), format!("Boundary += {ADDED}")]);
    let edits = change(&Setting {
        identity: &[ALL],
        levels: &[&[ALL], &[S3], &[S3, ALL]],
        ..Setting::default()
    });
    assert_eq!(edits, [format!("ServiceControl 1 += {ADDED}")]);
    // One tag meets two conditions.
    let tagged = r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:RequestTag/a":["b"]}}}"#;
    let edits = change(&Setting { identity: &[tagged], boundary: &[tagged], ..Setting::default() });
    assert_eq!(edits, ["with aws:RequestTag/a=b"]);
}

#[test]
fn denials_are_avoided_or_removed() {
    let cases = [
        (
            r#"{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}"#,
            "with aws:MultiFactorAuthPresent=true",
        ),
        (
            r#"{"Effect":"Deny","NotAction":"sts:*","Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":["eu-west-1"]}}}"#,
            "with aws:RequestedRegion=eu-west-1",
        ),
        (
            r#"{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":["10.0.0.0/8"]}}}"#,
            "with aws:SourceIp=10.0.0.0",
        ),
        (
            r#"{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":["192.0.2.0/25"]}}}"#,
            "with aws:SourceIp=2001:db8::1",
        ),
        (
            r#"{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalAccount":["1"]}}}"#,
            "remove 1.0",
        ),
        (r#"{"Effect":"Deny","Action":"iam:*","Resource":"*"}"#, "remove 1.0"),
    ];
    for (deny, expected) in cases {
        let edits = change(&Setting { identity: &[ALL, deny], ..Setting::default() });
        assert_eq!(edits, [expected], "{deny}");
    }
}

#[test]
fn trust_is_mended_by_naming_the_caller() {
    let service = r#"{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}"#;
    let al = r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:user/al"},"Action":"sts:AssumeRole"}"#;
    let added = format!(
        r#"Trust += {{"Effect":"Allow","Principal":{{"AWS":"{BOB}"}},"Action":"sts:AssumeRole"}}"#
    );
    let of = |trust: &[&str], resource_account: &str, identity: &[&str]| {
        change(&Setting {
            action: "sts:AssumeRole",
            resource: ROLE,
            resource_account,
            identity,
            trust,
            ..Setting::default()
        })
    };
    assert_eq!(of(&[service], "111111111111", &[]), [&*added]);
    let extended = format!("0.0.Principal += {BOB}");
    assert_eq!(of(&[al], "111111111111", &[]), [&*extended]);
    // From another account both sides must allow.
    let own = format!(
        r#"Identity += {{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"{ROLE}"}}"#
    );
    assert_eq!(of(&[al], "222222222222", &[]), [&*extended, &*own]);
    assert_eq!(of(&[al], "222222222222", &[ALL]), [&*extended]);
}

#[test]
fn what_carries_an_allowed_request() {
    let edits = change(&Setting { identity: &[S3, ALL], boundary: &[ALL], ..Setting::default() });
    assert_eq!(edits, ["remove 1.0"]);
    let both = format!("{ALL},{ALL}");
    let edits = change(&Setting { identity: &[&both], boundary: &[ALL], ..Setting::default() });
    assert_eq!(edits, ["remove 1.0"], "the boundary has fewer");
    let edits = change(&Setting { identity: &[ALL, ALL, ALL, ALL], ..Setting::default() });
    assert_eq!(edits, [format!("Identity += {}", ADDED.replace("Allow", "Deny"))]);
    let edits = change(&Setting { root: true, levels: &[&[ALL]], ..Setting::default() });
    assert_eq!(edits, [format!("ServiceControl 0 += {}", ADDED.replace("Allow", "Deny"))]);
}
