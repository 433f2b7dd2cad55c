use daypass_ident::UniqueId;
use serde::{Deserialize, Serialize};

/// A report of which services were used, as of when it was made (IAM User Guide, "Refine permissions
/// using last accessed information").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessReportRecord {
    /// The id of the job that made it, in the form of a UUID.
    pub id: String,
    /// The ARN of who asked for it, a session's with its name. Nobody else may read it.
    pub requested_by: String,
    /// Milliseconds since the Unix epoch.
    pub create_date_millis: i64,
    /// The services that could be used, by the prefixes of their actions, in their order.
    pub services: Vec<String>,
    /// What the report is of.
    pub subject: AccessReportSubject,
}

/// What a report is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccessReportSubject {
    /// A user, a group, a role or a policy.
    Entity {
        /// Whether single actions are told.
        by_action: bool,
        /// The users and roles that use services through it.
        entities: Vec<UniqueId>,
        /// Which services each of them used.
        uses: Vec<EntityUse>,
        /// Which actions were used, by whom last.
        actions: Vec<ActionUse>,
    },
    /// A part of an organisation.
    Organization {
        /// What was used there, at most one for each service.
        uses: Vec<OrganizationUse>,
    },
}

/// The last time that a user or a role used a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntityUse {
    /// The user or role.
    pub entity: UniqueId,
    /// The prefix of the service's actions.
    pub service: String,
    /// Unix seconds.
    pub at: i64,
    /// Where.
    pub region: String,
}

/// The last time that an action was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionUse {
    /// Who used it last.
    pub entity: UniqueId,
    /// The prefix of the service's actions.
    pub service: String,
    /// The action, without the prefix.
    pub action: String,
    /// Unix seconds.
    pub at: i64,
    /// Where.
    pub region: String,
}

/// The last time that a service was used in a part of an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationUse {
    /// The prefix of the service's actions.
    pub service: String,
    /// Unix seconds.
    pub at: i64,
    /// Where.
    pub region: String,
    /// The way to the account whose principal it was.
    pub entity_path: String,
    /// How many principals used it.
    pub entities: u32,
}
