//! The passwords of users (IAM User Guide, "User passwords").

mod rows;
