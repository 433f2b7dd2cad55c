//! Requests for access that others make (IAM User Guide, "Temporary delegation").

mod rows;
