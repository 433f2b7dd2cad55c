//! What policies would decide (IAM User Guide, "IAM policy simulator").

mod rows;
