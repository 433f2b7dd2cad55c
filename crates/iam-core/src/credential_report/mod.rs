//! The report of an account's credentials (IAM User Guide, "Generate credential reports").

mod generate_credential_report;
mod get_credential_report;
mod report;

#[cfg(test)]
mod tests;

/// How long a report is the account's: within it no other is made. In seconds: four hours.
const LIFETIME: i64 = 4 * 3600;
