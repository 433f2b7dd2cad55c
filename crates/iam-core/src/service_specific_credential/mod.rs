//! Credentials of users for a single service.

mod rows;
