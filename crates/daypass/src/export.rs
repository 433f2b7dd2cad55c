//! An account in the form in which AWS's CLI prints `GetAccountAuthorizationDetails`.

use std::sync::Arc;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format as TimeFormat;
use daypass_authz::{Arrival, Called, Env, Handle, Origin, authorise};
use daypass_iam_core::generated::GetAccountAuthorizationDetails;
use daypass_ident::AccountId;
use daypass_model::iam::{EntityType, GetAccountAuthorizationDetailsInput};
use daypass_model::{Operation, ServiceError};
use daypass_state::{Caller, View};
use daypass_wire::{Fault, Format, response};
use percent_encoding::percent_decode_str;

use crate::seed::tree::Node;

/// What an account holds, all pages in one. Of AWS's own managed policies those are there that the
/// account uses.
///
/// # Errors
/// When IAM itself fails.
pub(crate) fn details(env: &Arc<Env>, view: &View, account: AccountId) -> Result<Node, Unreadable> {
    let mut whole: Vec<(String, Node)> = Vec::new();
    let mut marker = None;
    loop {
        let input = GetAccountAuthorizationDetailsInput {
            filter: Some(ALL.to_vec()),
            max_items: Some(MOST_ITEMS),
            marker,
        };
        let output = page(env, view, account, input).map_err(Unreadable::new)?;
        let envelope = GetAccountAuthorizationDetails::ENVELOPE;
        let body = response::success(Format::Json, envelope, &output, "");
        let page: Node = serde_json::from_slice(&body).map_err(Unreadable::new)?;
        let page = member(member(page, "GetAccountAuthorizationDetailsResponse"), RESULT);
        let Node::Table(members) = page else { return Ok(Node::Table(whole)) };
        for (name, value) in members {
            let Node::List(entities) = value else { continue };
            let entities = entities.into_iter().filter(is_in_use).map(|entity| shown("", entity));
            match whole.iter_mut().find(|(present, _)| *present == name) {
                Some((_, Node::List(present))) => present.extend(entities),
                _ => whole.push((name, Node::List(entities.collect()))),
            }
        }
        marker = output.marker;
        if marker.is_none() {
            return Ok(Node::Table(whole));
        }
    }
}

/// Whether there is nothing in an account.
pub(crate) fn is_empty(details: &Node) -> bool {
    let Node::Table(members) = details else { return true };
    members.iter().all(|(_, list)| matches!(list, Node::List(entities) if entities.is_empty()))
}

fn page(
    env: &Arc<Env>,
    view: &View,
    account: AccountId,
    input: GetAccountAuthorizationDetailsInput,
) -> Result<<GetAccountAuthorizationDetails as Operation>::Output, Fault> {
    let arrival = Arrival {
        env: Arc::clone(env),
        view: Arc::new(view.without_organizations()),
        region: "us-east-1".into(),
        now: env.clock.now(),
        origin: Origin { source_ip: None, secure_transport: true, user_agent: None, referer: None },
    };
    let call = arrival.made_by(Caller::operator(account));
    let called = Called::<GetAccountAuthorizationDetails>::new(call, input);
    let permitted = authorise(called).map_err(|refused| Fault::from(refused.error))?;
    let run = |mut tx| GetAccountAuthorizationDetails::run(&permitted, &mut tx);
    run(permitted.begin()).map_err(|error: ServiceError| Fault::from(error))
}

/// Whether an entity is not one of AWS's policies that nobody has.
fn is_in_use(entity: &Node) -> bool {
    let Node::Table(members) = entity else { return true };
    let find = |name| members.iter().find(|(present, _)| present == name).map(|(_, value)| value);
    let is_zero = |name| matches!(find(name), Some(Node::Scalar(count)) if *count == 0);
    let is_awss = |arn: &Node| matches!(arn, Node::Scalar(arn) if arn.as_str().is_some_and(|arn| arn.starts_with(AWS_MANAGED)));
    !find("Arn").is_some_and(is_awss)
        || !is_zero("AttachmentCount")
        || !is_zero("PermissionsBoundaryUsageCount")
}

/// Times as text and documents as JSON, as AWS's CLI prints them.
fn shown(name: &str, value: Node) -> Node {
    match value {
        Node::Table(members) => {
            let members = members.into_iter();
            Node::Table(
                members
                    .map(|(name, value)| {
                        let value = shown(&name, value);
                        (name, value)
                    })
                    .collect(),
            )
        }
        Node::List(elements) => {
            Node::List(elements.into_iter().map(|element| shown("", element)).collect())
        }
        Node::Scalar(serde_json::Value::Number(number)) if name.ends_with("Date") => {
            time(&number).map_or(Node::Scalar(number.into()), Node::text)
        }
        Node::Scalar(serde_json::Value::String(text)) if name.ends_with("Document") => {
            let decoded = percent_decode_str(&text).decode_utf8_lossy();
            serde_json::from_str(&decoded).unwrap_or_else(|_| Node::text(&*decoded))
        }
        other => other,
    }
}

fn time(number: &serde_json::Number) -> Option<String> {
    let seconds = number.as_i64().or_else(|| {
        // JSON of AWS writes times as numbers with a fraction.
        number.to_string().split('.').next()?.parse().ok()
    })?;
    let text = DateTime::from_secs(seconds).fmt(TimeFormat::DateTime).ok()?;
    Some(text.strip_suffix('Z').map_or(text.clone(), |time| format!("{time}+00:00")))
}

fn member(node: Node, name: &str) -> Node {
    match node {
        Node::Table(members) => {
            let found = members.into_iter().find(|(present, _)| present == name);
            found.map_or(Node::Table(Vec::new()), |(_, value)| value)
        }
        other => other,
    }
}

/// Why an account cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the account cannot be read: {0}")]
pub(crate) struct Unreadable(String);

impl Unreadable {
    fn new(cause: impl std::fmt::Debug) -> Self {
        Self(format!("{cause:?}"))
    }
}

const RESULT: &str = "GetAccountAuthorizationDetailsResult";
const AWS_MANAGED: &str = "arn:aws:iam::aws:policy/";
const ALL: [EntityType; 5] = [
    EntityType::User,
    EntityType::Group,
    EntityType::Role,
    EntityType::LocalManagedPolicy,
    EntityType::AwsManagedPolicy,
];
/// IAM API Reference, `GetAccountAuthorizationDetails`: `MaxItems`.
const MOST_ITEMS: i32 = 1000;
