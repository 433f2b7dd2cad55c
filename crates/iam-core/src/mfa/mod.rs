//! MFA devices (IAM User Guide, "MFA in IAM").

mod rows;
