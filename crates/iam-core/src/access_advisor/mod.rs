//! Which services were used by whom, and what let them (IAM User Guide, "Refine permissions in AWS using
//! last accessed information").

mod generate_service_last_accessed_details;
mod get_service_last_accessed_details;
mod get_service_last_accessed_details_with_entities;
mod list_policies_granting_service_access;
pub(crate) mod report;
mod subject;

#[cfg(test)]
mod tests;
