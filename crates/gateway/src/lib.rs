//! Listens, verifies, routes and answers: the way of a request.
//!
//! `pipeline.rs` is the story, one function on one screen. Around it:
//!
//! | file | one idea |
//! |---|---|
//! | `listen.rs` | connections: accepting, watching, draining |
//! | `stack.rs` | transport: ids, limits, panics, the log, as one list of layers |
//! | `endpoints.rs` | what daypass answers beside AWS's operations |
//! | `clock.rs` | the service clock over HTTP |
//! | `context_assertions.rs` | what IAM Identity Center would assert of a user |
//! | `service_calls.rs` | `AssumeRole` as AWS's services call it |
//! | `issuers.rs` | what others verify web identities with |
//! | `sign_in.rs` | AWS's sign-in host, as far as it goes without a console |
//! | `asked.rs` | what a request asks for, and what never gets as far as a signature |
//! | `place.rs`, `regions.rs` | which service in which regions a request is for |
//! | `verify.rs`, `signing_keys.rs`, `public_keys.rs` | who signed |
//! | `refusal.rs`, `respond.rs` | what is answered, in AWS's form |
//! | `trail.rs` | what the audit is told |
//! | `diagnoses.rs` | why signatures do not match |
//! | `explanations.rs` | why policies do not allow |
//! | `kept.rs` | what is kept of both for a while, and who may read it |
//! | `nearby.rs` | who sits at this machine |
//!
//! The gateway knows no operation by name, but those that sign in and that services call: `daypass-iam-core` and
//! `daypass-sts-core` lead from the name in a request to what it means.

mod asked;
mod body;
mod clock;
mod connection;
mod context_assertions;
mod delegation;
mod diagnoses;
mod endpoints;
mod explanations;
mod gateway;
mod issuers;
mod kept;
mod limits;
mod listen;
mod nearby;
mod pipeline;
mod place;
mod public_keys;
mod refusal;
mod regions;
mod respond;
mod service_calls;
mod sign_in;
mod signing_keys;
mod stack;
mod trail;
mod verify;

pub use endpoints::{Reset, ResetError};
pub use gateway::{Gateway, GatewayConfig};
pub use issuers::ISSUERS_PATH;
pub use limits::Limits;
pub use regions::REGIONS;
