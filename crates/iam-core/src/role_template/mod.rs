//! Templates that roles are made from (IAM User Guide, "Overview of role templates").

mod acquire_role;
mod get_role_template_version;
mod template;

#[cfg(test)]
mod tests;
