//! The signing certificates of users (IAM User Guide, "Manage signing certificates").

mod rows;
