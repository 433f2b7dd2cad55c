//! Authorisation from the outside: a caller, the policies that bind them, an operation that needs
//! something, and AWS's answer.

mod denials;
mod kept;
mod keys;
mod operations;
mod organization;
mod organizations;
mod policies;
mod services;
mod vouched;
mod world;
