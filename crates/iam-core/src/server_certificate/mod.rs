//! Server certificates (IAM User Guide, "Manage server certificates in IAM").

mod rows;
