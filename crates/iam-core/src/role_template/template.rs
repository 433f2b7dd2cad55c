//! The templates that daypass has. AWS publishes what others are called, and what they say only to who
//! asks for them with `GetRoleTemplateVersion`. What these two say is put together from their
//! parameters and from the policies that AWS has for the purpose.

use std::collections::BTreeMap;

use daypass_model::ServiceError;
use daypass_model::iam::{ParameterTypeType, ReplacementValueEntry};

use crate::errors::{InvalidInput, NoSuchEntity};

/// A template, in its only version.
pub(super) struct RoleTemplate {
    pub(super) arn: &'static str,
    pub(super) name: &'static str,
    /// The principal of the service that AWS keeps it for.
    pub(super) service: &'static str,
    pub(super) description: &'static str,
    pub(super) path: &'static str,
    /// With parameters in it, `@{name}`, as the role's name.
    pub(super) trust: &'static str,
    pub(super) managed_policies: &'static [&'static str],
    /// All must be given: one text each.
    pub(super) parameters: &'static [(&'static str, ParameterTypeType)],
}

/// What a template says of a role once its parameters have values.
pub(super) struct Filled {
    pub(super) role_name: String,
    pub(super) trust: String,
}

/// The template of this ARN, in this minor version.
///
/// # Errors
/// `NoSuchEntity`.
pub(super) fn find(
    arn: &str,
    minor_version: Option<i32>,
) -> Result<&'static RoleTemplate, NoSuchEntity<'_>> {
    let template = TEMPLATES.iter().find(|template| template.arn == arn);
    let template = template.ok_or(NoSuchEntity::RoleTemplate(arn))?;
    match minor_version.filter(|version| *version != MINOR_VERSION) {
        Some(version) => Err(NoSuchEntity::RoleTemplateVersion { arn, version }),
        None => Ok(template),
    }
}

impl RoleTemplate {
    /// Puts values in place of the parameters.
    ///
    /// # Errors
    /// `InvalidInput` where a value is missing, is of no parameter, is none or several, or could not
    /// stand in a document.
    pub(super) fn fill(
        &self,
        values: Option<&BTreeMap<String, ReplacementValueEntry>>,
    ) -> Result<Filled, ServiceError> {
        let mut filled = Filled { role_name: ROLE_NAME.to_owned(), trust: self.trust.to_owned() };
        let none = BTreeMap::new();
        let values = values.unwrap_or(&none);
        let is_known = |name: &str| self.parameters.iter().any(|(known, _)| *known == name);
        if let Some(unknown) = values.keys().find(|name| !is_known(name)) {
            return Err(InvalidInput::ReplacementValue(unknown).into());
        }
        for (name, _) in self.parameters {
            let invalid = InvalidInput::ReplacementValue(name);
            let Some([value]) = values.get(*name).map(|entry| entry.values.as_slice()) else {
                return Err(invalid.into());
            };
            if value.is_empty() || !value.bytes().all(is_plain) {
                return Err(invalid.into());
            }
            let place = format!("@{{{name}}}");
            filled.role_name = filled.role_name.replace(&place, value);
            filled.trust = filled.trust.replace(&place, value);
        }
        if filled.role_name.len() > LONGEST_ROLE_NAME {
            return Err(InvalidInput::ReplacementValue("RoleName").into());
        }
        Ok(filled)
    }
}

/// What the names of roles and of services consist of: nothing that means something in JSON.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+=,.@-_".contains(&byte)
}

static TEMPLATES: [RoleTemplate; 2] = [
    RoleTemplate {
        arn: "arn:aws:iam::aws:role-template/iam.amazonaws.com/PowerUserRoleTemplate:1",
        name: "PowerUserRoleTemplate",
        service: "iam.amazonaws.com",
        description: "Lets a service do everything but manage users and groups.",
        path: "/",
        trust: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"@{AWSServiceName}"},"Action":"sts:AssumeRole"}]}"#,
        managed_policies: &["arn:aws:iam::aws:policy/PowerUserAccess"],
        parameters: &[
            ("AWSServiceName", ParameterTypeType::String),
            ("RoleName", ParameterTypeType::String),
        ],
    },
    RoleTemplate {
        arn: "arn:aws:iam::aws:role-template/backup.amazonaws.com/AWSBackupDefaultServiceRoleTemplate:1",
        name: "AWSBackupDefaultServiceRoleTemplate",
        service: "backup.amazonaws.com",
        description: "Lets AWS Backup back up and restore what the account has.",
        path: "/service-role/",
        trust: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"backup.amazonaws.com"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:SourceAccount":"@{accountId}"}}}]}"#,
        managed_policies: &[
            "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
            "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores",
        ],
        parameters: &[
            ("accountId", ParameterTypeType::String),
            ("RoleName", ParameterTypeType::String),
        ],
    },
];

/// The name of each template's roles.
pub(super) const ROLE_NAME: &str = "@{RoleName}";
pub(super) const MAJOR_VERSION: i32 = 1;
pub(super) const MINOR_VERSION: i32 = 0;
/// As `CreateRole` has it.
const LONGEST_ROLE_NAME: usize = 64;
