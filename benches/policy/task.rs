//! What is decided, and daypass deciding it.
//!
//! The same for everybody: who asks (the user `alice` of account 111122223333), for which action on which resource, the
//! statements that bear on it (permit or forbid, exact actions, a resource by the beginning of its name, conditions on
//! the same attributes with the same values), and the answer. Policies are parsed and the request is taken apart
//! beforehand, by each in its own way. What differs is the language: daypass and aspen read the same IAM documents,
//! Cedar has one policy for each statement, and those that name the principal are of `alice`.

use daypass_ident::Principal;
use daypass_policy::{
    Caller, ContextMap, NamedPolicy, Policies, Policy, PolicyKind, PolicySource, Request, decide,
};
use serde_json::json;

pub struct Task {
    pub title: String,
    /// IAM documents, all attached to the user.
    pub documents: Vec<String>,
    /// The same statements in Cedar; empty where Cedar cannot say them.
    pub cedar: String,
    /// Such as `s3:GetObject`.
    pub action: String,
    pub resource: String,
    pub keys: Vec<(&'static str, String)>,
    /// Tags of user and resource; these too are condition keys.
    pub tags: Tags,
    pub allowed: bool,
}

#[derive(Clone, Copy)]
pub struct Tags {
    pub principal: &'static [(&'static str, &'static str)],
    pub resource: &'static [(&'static str, &'static str)],
}

pub const NO_TAGS: Tags = Tags { principal: &[], resource: &[] };

pub const ACCOUNT: &str = "111122223333";
pub const USER: &str = "alice";

impl Task {
    /// Each policy has five statements over its own application, one of them with a condition; the last allows.
    pub fn plain(policies: usize) -> Self {
        let statements: Vec<_> = (0..policies).map(application).collect();
        let last = policies - 1;
        Self {
            title: format!("{policies} policies, 5 statements each"),
            documents: statements.iter().map(|statements| document(&statements.0)).collect(),
            cedar: statements.into_iter().map(|statements| statements.1).collect(),
            action: "s3:GetObject".into(),
            resource: format!("arn:aws:s3:::app-{last}/reports/2026/11.csv"),
            keys: vec![("aws:MultiFactorAuthPresent", "true".into())],
            tags: NO_TAGS,
            allowed: true,
        }
    }

    /// Each policy has two statements that apply to everything and depend on attributes of user, resource and request
    /// only: all conditions of all but the last policy are judged in vain.
    pub fn attributes(policies: usize) -> Self {
        let statements: Vec<_> =
            (0..policies).map(|index| by_attributes(index, policies)).collect();
        Self {
            title: format!("{policies} policies, attributes only"),
            documents: statements.iter().map(|statements| document(&statements.0)).collect(),
            cedar: statements.into_iter().map(|statements| statements.1).collect(),
            action: "dynamodb:GetItem".into(),
            resource: format!("arn:aws:dynamodb:eu-central-1:{ACCOUNT}:table/orders"),
            keys: vec![
                ("aws:MultiFactorAuthPresent", "true".into()),
                ("aws:RequestedRegion", "eu-central-1".into()),
            ],
            tags: Tags {
                principal: &[
                    ("team", "payments"),
                    ("stage", "production"),
                    ("cost-center", "cc-1042"),
                ],
                resource: &[("team", "payments"), ("stage", "production"), ("owner", "alice")],
            },
            allowed: true,
        }
    }

    /// All condition keys with their values, tags among them.
    pub fn all_keys(&self) -> Vec<(String, String)> {
        let tags = |kind: &'static str, tags: &'static [(&str, &str)]| {
            tags.iter().map(move |(key, value)| (format!("aws:{kind}/{key}"), (*value).to_owned()))
        };
        let own = [("aws:username".to_owned(), USER.to_owned())];
        own.into_iter()
            .chain(self.keys.iter().map(|(key, value)| ((*key).to_owned(), value.clone())))
            .chain(tags("PrincipalTag", self.tags.principal))
            .chain(tags("ResourceTag", self.tags.resource))
            .collect()
    }
}

type Both = (Vec<serde_json::Value>, String);

fn application(index: usize) -> Both {
    let iam = vec![
        json!({"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject", "s3:ListBucket"],
            "Resource": format!("arn:aws:s3:::app-{index}/*")}),
        json!({"Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"],
            "Resource": format!("arn:aws:dynamodb:eu-central-1:{ACCOUNT}:table/app-{index}-*")}),
        json!({"Effect": "Allow", "Action": ["sqs:SendMessage", "sqs:ReceiveMessage"],
            "Resource": format!("arn:aws:sqs:eu-central-1:{ACCOUNT}:app-{index}")}),
        json!({"Effect": "Allow", "Action": "iam:PassRole",
            "Resource": format!("arn:aws:iam::{ACCOUNT}:role/app-{index}-*")}),
        json!({"Effect": "Deny", "Action": ["s3:DeleteObject", "s3:PutObject"],
            "Resource": format!("arn:aws:s3:::app-{index}/*"),
            "Condition": {"StringNotEquals": {"aws:MultiFactorAuthPresent": "true"}}}),
    ];
    let cedar = format!(
        r#"
        permit (principal == User::"{USER}",
            action in [Action::"s3:GetObject", Action::"s3:PutObject", Action::"s3:ListBucket"], resource)
            when {{ resource.arn like "arn:aws:s3:::app-{index}/*" }};
        permit (principal == User::"{USER}",
            action in [Action::"dynamodb:GetItem", Action::"dynamodb:PutItem", Action::"dynamodb:Query"], resource)
            when {{ resource.arn like "arn:aws:dynamodb:eu-central-1:{ACCOUNT}:table/app-{index}-*" }};
        permit (principal == User::"{USER}",
            action in [Action::"sqs:SendMessage", Action::"sqs:ReceiveMessage"], resource)
            when {{ resource.arn == "arn:aws:sqs:eu-central-1:{ACCOUNT}:app-{index}" }};
        permit (principal == User::"{USER}", action == Action::"iam:PassRole", resource)
            when {{ resource.arn like "arn:aws:iam::{ACCOUNT}:role/app-{index}-*" }};
        forbid (principal == User::"{USER}",
            action in [Action::"s3:DeleteObject", Action::"s3:PutObject"], resource)
            when {{ resource.arn like "arn:aws:s3:::app-{index}/*" }}
            unless {{ context.MultiFactorAuthPresent == "true" }};
        "#
    );
    (iam, cedar)
}

fn by_attributes(index: usize, policies: usize) -> Both {
    let cost_center =
        if index + 1 == policies { "cc-1042".to_owned() } else { format!("cc-{index}") };
    let iam = vec![
        json!({"Effect": "Allow",
        "Action": ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"], "Resource": "*",
        "Condition": {
            "StringEquals": {
                "aws:ResourceTag/team": "${aws:PrincipalTag/team}",
                "aws:ResourceTag/stage": ["staging", "production"],
                "aws:PrincipalTag/cost-center": cost_center,
            },
            "StringLike": {"aws:RequestedRegion": "eu-*"},
        }}),
        json!({"Effect": "Deny", "Action": "*", "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:ResourceTag/owner": "${aws:username}",
                "aws:MultiFactorAuthPresent": "true"}}}),
    ];
    let cedar = format!(
        r#"
        permit (principal == User::"{USER}",
            action in [Action::"dynamodb:GetItem", Action::"dynamodb:PutItem", Action::"dynamodb:Query"], resource)
            when {{ resource.team == principal.team
                && ["staging", "production"].contains(resource.stage)
                && principal["cost-center"] == "{cost_center}"
                && context.RequestedRegion like "eu-*" }};
        forbid (principal == User::"{USER}", action, resource)
            when {{ resource.owner != principal.name && context.MultiFactorAuthPresent != "true" }};
        "#
    );
    (iam, cedar)
}

pub fn document(statements: &[serde_json::Value]) -> String {
    json!({"Version": "2012-10-17", "Statement": statements}).to_string()
}

/// All that a server keeps between requests, and the request.
pub struct Daypass {
    caller: Principal,
    policies: Vec<Policy>,
    action: String,
    resource: String,
    context: ContextMap,
}

impl Daypass {
    pub fn new(task: &Task) -> Self {
        let mut context = ContextMap::new();
        for (key, value) in task.all_keys() {
            context.insert(&key, value);
        }
        let parse = |text: &String| Policy::parse(PolicyKind::Managed, text).expect("a policy");
        Self {
            caller: user(),
            policies: task.documents.iter().map(parse).collect(),
            action: task.action.clone(),
            resource: task.resource.clone(),
            context,
        }
    }

    pub fn decide(&self) -> bool {
        self.decide_by(&self.attached())
    }

    /// The list of policies, which a server makes for each request.
    pub fn attached(&self) -> Vec<NamedPolicy<'_>> {
        let named = |policy| NamedPolicy { source: PolicySource::Managed { arn: "arn" }, policy };
        self.policies.iter().map(named).collect()
    }

    pub fn decide_by(&self, identity: &[NamedPolicy<'_>]) -> bool {
        let request = Request {
            caller: Caller::Principal(&self.caller),
            action: &self.action,
            resource: &self.resource,
            context: &self.context,
        };
        decide(&request, &Policies { identity, ..Policies::default() }).is_allowed()
    }
}

pub fn user() -> Principal {
    Principal::User {
        account: ACCOUNT.parse().expect("an account"),
        path: "/".into(),
        name: USER.into(),
        id: "AIDA0000000000000ALIC".parse().expect("an id"),
    }
}
