use std::fmt::Write as _;

use daypass_authz::{Handle, Permitted};
use daypass_ident::ArnParts;
use daypass_model::ServiceError;
use daypass_model::iam::{GetHumanReadableSummaryOutput, SummaryStateType};
use daypass_policy::{Effect, Policy, PolicyKind};
use daypass_state::record::DelegationRequestRecord;
use daypass_state::{CrossAccount, Tx};

use super::request;
use crate::errors::InvalidInput;
use crate::generated::GetHumanReadableSummary;

impl Handle for GetHumanReadableSummary {
    /// What is asked for, in English. AWS has its own words, and other languages.
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<GetHumanReadableSummaryOutput, ServiceError> {
        let input = call.input();
        let id = request_id(&input.entity_arn).ok_or(InvalidInput::EntityArn(&input.entity_arn))?;
        let view = tx.across_accounts(CrossAccount::DelegationRequests);
        let record = request::visible(view, call.account(), id)?;
        let locale = input.locale.clone().unwrap_or_else(|| "en".to_owned());
        let language = locale.split(['-', '_']).next().unwrap_or_default();
        let is_english = language.eq_ignore_ascii_case("en");
        Ok(GetHumanReadableSummaryOutput {
            summary_content: Some(if is_english { summary(record) } else { String::new() }),
            summary_state: Some(match is_english {
                true => SummaryStateType::Available,
                false => SummaryStateType::NotSupported,
            }),
            locale: Some(locale),
        })
    }
}

/// The id in the ARN of a request.
pub(super) fn request_id(arn: &str) -> Option<&str> {
    let arn = ArnParts::parse(arn).filter(|arn| arn.service == "iam")?;
    arn.resource.strip_prefix("delegation-request/")
}

fn summary(record: &DelegationRequestRecord) -> String {
    let minutes = record.session_seconds / 60;
    let mut text = format!(
        "Account {} asks for access for {minutes} minutes: {}\n",
        record.requestor, record.description
    );
    let policy = Policy::parse(PolicyKind::Session, &record.permission_policy);
    for statement in policy.iter().flat_map(Policy::statements) {
        let verb = match statement.effect() {
            Effect::Allow => "May",
            Effect::Deny => "May not",
        };
        let text_of = record.permission_policy.get(statement.span()).unwrap_or_default();
        let _ = writeln!(text, "{verb}, as this statement says: {text_of}");
    }
    text
}
