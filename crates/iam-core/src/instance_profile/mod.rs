//! Instance profiles, which hand roles to EC2 (IAM User Guide, "Use instance profiles").

mod rows;
