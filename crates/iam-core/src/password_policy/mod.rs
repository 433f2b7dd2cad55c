//! What an account asks of passwords (IAM User Guide, "Set an account password policy").

mod rows;
