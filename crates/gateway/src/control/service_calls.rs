//! `AssumeRole` as AWS's services call it: with AWS Lambda gets the role of a function in this way,
//! EC2 that of an instance. Nobody else can call with a service's name, so a trust policy that names
//! one is tried out here.
//!
//! Whoever sits at this machine may be any service. So it is there only where everybody knows the
//! root users' keys anyway; what the call may, the role's trust policy alone decides.

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use daypass_ident::{AccountId, Arn, RequestId};
use daypass_model::sts::Credentials;
use daypass_state::{Caller, ServiceCall};
use daypass_sts_core::generated::AssumeRole;
use daypass_wire::Fault;
use http::StatusCode;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::control::explanations::{self, Entry};
use crate::control::guard::Operator;
use crate::control::reply;
use crate::pipeline;
use crate::request::incoming::{Incoming, QueryRequest};
use crate::request::respond::Response;

/// Answers a service with its credentials, in the form that AWS's tools read from a
/// `credential_process`.
pub(crate) async fn answer(_: &Operator, incoming: &Incoming) -> Response {
    let mut explicable = None;
    let mut response = match assumed(incoming, &mut explicable).await {
        Ok(credentials) => reply::json(StatusCode::OK, &shown(&credentials), incoming),
        Err(refusal) => reply::json(refusal.status(), &refusal.shown(incoming.id), incoming),
    };
    if let Some(entry) = explicable {
        explanations::keep(incoming, entry, &mut response);
    }
    response
}

async fn assumed(
    incoming: &Incoming,
    explicable: &mut Option<Entry>,
) -> Result<Credentials, Refusal> {
    let config = &incoming.connection.config;
    if !config.env.service_calls() {
        return Err(Refusal::NotOffered);
    }
    let request: ServiceCallRequest = serde_json::from_slice(&incoming.body)?;
    let caller = request.caller(config.account)?;
    let form = request.form();
    let query = QueryRequest::of_form(form.as_bytes());
    let (outcome, entry) = pipeline::call_by::<AssumeRole>(incoming, &query, caller).await;
    *explicable = entry;
    let output = outcome
        .map_err(|refusal| Refusal::Sts(refusal.fault().unwrap_or_else(Fault::internal_failure)))?;
    output.credentials.ok_or_else(|| Refusal::Sts(Fault::internal_failure()))
}

/// What a service asks for.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ServiceCallRequest {
    service: String,
    role_arn: String,
    role_session_name: String,
    duration_seconds: Option<i32>,
    source_arn: Option<String>,
    source_account: Option<String>,
}

impl ServiceCallRequest {
    /// The service, which calls in the role's account; without one, in the deployment's own.
    fn caller(&self, own: AccountId) -> Result<Caller, Refusal> {
        if !is_service(&self.service) {
            return Err(Refusal::NoService);
        }
        let source_arn = self.source_arn.as_deref().map(|arn| {
            let arn = Some(arn).filter(|arn| arn.len() <= LONGEST_ARN);
            arn.and_then(|arn| arn.parse::<Arn>().ok()).ok_or(Refusal::NoSourceArn)
        });
        let source_account = self.source_account.as_deref();
        let source_account =
            source_account.map(|account| account.parse().map_err(|_| Refusal::NoSourceAccount));
        let call = ServiceCall {
            source_arn: source_arn.transpose()?,
            source_account: source_account.transpose()?,
        };
        let role = self.role_arn.parse::<Arn>().ok();
        let account = role.and_then(|role| role.parts().account_id()).unwrap_or(own);
        Ok(Caller::service(&self.service, account, call))
    }

    /// The parameters of `AssumeRole`.
    fn form(&self) -> String {
        let escaped = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
        let mut form = format!(
            "Action=AssumeRole&Version=2011-06-15&RoleArn={}&RoleSessionName={}",
            escaped(&self.role_arn),
            escaped(&self.role_session_name),
        );
        if let Some(seconds) = self.duration_seconds {
            form.push_str(&format!("&DurationSeconds={seconds}"));
        }
        form
    }
}

/// Whether a name is a service principal's: a host name below `amazonaws.com`.
fn is_service(name: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    name.len() <= LONGEST_SERVICE
        && name.strip_suffix(".amazonaws.com").is_some_and(|name| name.split('.').all(is_label))
}

fn shown(credentials: &Credentials) -> Value {
    // INVARIANT: the clock shows only times that can be written.
    let expiration = DateTime::fmt(&credentials.expiration, Format::DateTime).unwrap_or_default();
    json!({
        "Version": 1,
        "AccessKeyId": credentials.access_key_id,
        "SecretAccessKey": credentials.secret_access_key.expose(),
        "SessionToken": credentials.session_token,
        "Expiration": expiration,
    })
}

/// Why a service gets no credentials: each of ours says what to do, STS's is AWS's.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("services call only while the well-known keys are in force, and not under --strict")]
    NotOffered,
    #[error(
        "say what the service asks for in JSON, as in {{\"service\": \"lambda.amazonaws.com\", \
         \"roleArn\": \"arn:aws:iam::000000000000:role/worker\", \"roleSessionName\": \"resize\"}}; \
         also durationSeconds, sourceArn, sourceAccount: {0}"
    )]
    NotJson(#[from] serde_json::Error),
    #[error("service must be a service principal, such as lambda.amazonaws.com")]
    NoService,
    #[error("sourceArn must be the ARN of a resource, of at most 2048 characters")]
    NoSourceArn,
    #[error("sourceAccount must be an account of 12 digits")]
    NoSourceAccount,
    #[error("{}", .0.message.as_deref().unwrap_or_default())]
    Sts(Fault),
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotOffered => StatusCode::FORBIDDEN,
            Self::NotJson(_) | Self::NoService | Self::NoSourceArn | Self::NoSourceAccount => {
                StatusCode::BAD_REQUEST
            }
            Self::Sts(fault) => {
                StatusCode::from_u16(fault.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }
        }
    }

    /// STS's with the id by which `daypass why` finds a denial.
    fn shown(&self, id: RequestId) -> Value {
        match self {
            Self::Sts(fault) => json!({
                "code": fault.code,
                "message": self.to_string(),
                "requestId": id.to_string(),
            }),
            _ => json!({"message": self.to_string()}),
        }
    }
}

/// As long as a service's name may be in IAM's parameters.
const LONGEST_SERVICE: usize = 128;
/// As long as ARNs are in IAM's and STS's parameters.
const LONGEST_ARN: usize = 2048;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn service_principals_are_host_names_of_aws() {
        let longest = format!("{}.amazonaws.com", "a".repeat(114));
        let cases = [
            ("lambda.amazonaws.com", true),
            ("logs.eu-west-1.amazonaws.com", true),
            (&longest, true),
            (&format!("a{longest}"), false),
            ("", false),
            ("amazonaws.com", false),
            (".amazonaws.com", false),
            ("a..amazonaws.com", false),
            ("-a.amazonaws.com", false),
            ("Lambda.amazonaws.com", false),
            ("lambda.amazonaws.com.example", false),
            ("lambda", false),
            ("lämbda.amazonaws.com", false),
            ("a b.amazonaws.com", false),
        ];
        for (name, expected) in cases {
            assert_eq!(is_service(name), expected, "{name}");
        }
    }
}
