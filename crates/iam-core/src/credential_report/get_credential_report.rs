use aws_smithy_types::DateTime;
use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{
    GetCredentialReportInput, GetCredentialReportOutput, ReportFormatType, errors,
};
use daypass_state::Tx;

use super::LIFETIME;
use crate::generated::GetCredentialReport;

impl Guarded for GetCredentialReport {
    fn targets(
        _: &GetCredentialReportInput,
        _: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        targets.need_on_all("iam:GetCredentialReport");
        Ok(())
    }
}

impl Handle for GetCredentialReport {
    /// Its errors have no message, as recorded from AWS.
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<GetCredentialReportOutput, ServiceError> {
        let report = tx.account().credential_report();
        let report = report.ok_or_else(|| errors::CREDENTIAL_REPORT_NOT_PRESENT.bare())?;
        if call.now().saturating_sub(report.generated) >= LIFETIME {
            return Err(errors::CREDENTIAL_REPORT_EXPIRED.bare());
        }
        Ok(GetCredentialReportOutput {
            content: Some(report.content.clone().into_bytes()),
            report_format: Some(ReportFormatType::TextCsv),
            generated_time: Some(DateTime::from_secs(report.generated)),
        })
    }
}
