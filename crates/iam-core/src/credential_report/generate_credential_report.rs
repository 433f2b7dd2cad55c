use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{
    GenerateCredentialReportInput, GenerateCredentialReportOutput, ReportStateType,
};
use daypass_state::Tx;
use daypass_state::record::CredentialReportRecord;

use super::{LIFETIME, report};
use crate::generated::GenerateCredentialReport;

impl Guarded for GenerateCredentialReport {
    fn targets(
        _: &GenerateCredentialReportInput,
        _: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        targets.need_on_all("iam:GenerateCredentialReport");
        Ok(())
    }
}

impl Handle for GenerateCredentialReport {
    /// AWS takes some seconds for it; here it is there at once. Whoever asks again until it is complete asks twice.
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<GenerateCredentialReportOutput, ServiceError> {
        let last = tx.account().credential_report();
        if last.is_some_and(|last| call.now().saturating_sub(last.generated) < LIFETIME) {
            let state = Some(ReportStateType::Complete);
            return Ok(GenerateCredentialReportOutput { state, description: None });
        }
        let is_first = last.is_none();
        let content = report::of(call.account(), tx.account());
        tx.put_credential_report(&CredentialReportRecord { content, generated: call.now() });
        // What AWS says where there is an older report is not on record.
        let description = is_first.then(|| FIRST.to_owned());
        Ok(GenerateCredentialReportOutput { state: Some(ReportStateType::Started), description })
    }
}

const FIRST: &str = "No report exists. Starting a new report generation task";
