//! Listens, verifies, routes and answers: the way of a request.
//!
//! `pipeline.rs` is the story, one function on one screen. Around it:
//!
//! | room | one idea |
//! |---|---|
//! | `gateway.rs` | what the embedder builds and serves |
//! | `shared.rs` | what all connections share; every other room may import it |
//! | `transport/` | connections, limits, and the layers from a socket to a whole request |
//! | `request/` | what a request says, which service it is for, who signed it, how it is answered |
//! | `trail/` | what the audit and the log are told |
//! | `refusal_log/` | the line of the log for each refused request |
//! | `workers.rs` | the pool for work that takes too long for a thread that serves others |
//! | `endpoints.rs` | which of the rooms below answers a path that is not AWS's API |
//! | `control/` | what daypass answers about itself, below `/_daypass` |
//! | `other_services/` | how requests for services that daypass is not are refused |
//! | `sign_in/` | AWS's sign-in host, as far as it goes without a console |
//! | `issuers.rs` | what others verify web identities with |
//!
//! The gateway knows no operation by name, but those that sign in and that services call: `daypass-iam-core` and
//! `daypass-sts-core` lead from the name in a request to what it means.

mod control;
mod endpoints;
mod gateway;
mod issuers;
mod other_services;
mod pipeline;
mod refusal_log;
mod request;
mod shared;
mod sign_in;
mod trail;
mod transport;
mod workers;

pub use control::bulk::{Bulk, BulkFuture};
pub use control::reset::{Reset, ResetError};
pub use gateway::Gateway;
pub use issuers::ISSUERS_PATH;
pub use request::regions::REGIONS;
pub use shared::GatewayConfig;
pub use transport::limits::Limits;

/// Where a deployment listens that is not told otherwise, and where commands look for one.
pub const DEFAULT_ENDPOINT: &str = "http://127.0.0.1:4566";
