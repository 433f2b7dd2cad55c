//! Central root access and the access reports of organizations.

mod disable_root_credentials_management;
mod disable_root_sessions;
mod enable_root_credentials_management;
mod enable_root_sessions;
mod features;
mod list_features;
mod rows;
