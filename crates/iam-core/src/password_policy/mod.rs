//! What an account asks of passwords (IAM User Guide, "Set an account password policy").

mod delete_account_password_policy;
mod get_account_password_policy;
mod update_account_password_policy;

#[cfg(test)]
mod tests;
