//! Central root access and the access reports of organizations.

mod disable_root_credentials_management;
mod disable_root_sessions;
mod enable_root_credentials_management;
mod enable_root_sessions;
mod features;
mod generate_access_report;
mod get_access_report;
mod list_features;
mod place;

#[cfg(test)]
mod report_tests;
