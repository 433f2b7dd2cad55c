//! The report of an account's credentials (IAM User Guide, "Generate credential reports").

mod rows;
