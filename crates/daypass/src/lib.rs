//! AWS STS and IAM on your own machine: real signatures, real policy decisions, real temporary
//! credentials.
//!
//! The `daypass` command is a thin shell around this library, which runs the same server inside a
//! Rust test:
//!
//! ```
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use daypass::Daypass;
//!
//! let daypass = Daypass::builder().start().await?;
//! let root = daypass.root_credentials();
//! println!("{} as {}", daypass.endpoint(), root.access_key_id);
//! daypass.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! With the feature `aws-config`, `Daypass::sdk_config` gives what AWS's SDK for Rust needs.

mod builder;
mod bulk;
mod deployment;
mod export;
mod fetch;
mod import;
mod key_file;
mod oidc_keys;
mod public_url;
mod seed;
mod server;

pub use builder::{Builder, StartError};
pub use daypass_authz::Explanations;
pub use daypass_gateway::Limits;
pub use daypass_ident::{AccountId, Clock, ManualClock, Reading, Secret};
pub use daypass_idp::{Provider as IdentityProvider, Settings as IdpSettings};
pub use daypass_sts_core::{AssertedContext, ContextRequest, ContextRequestError};
pub use daypass_token::{ContextAssertion, ContextKind, OnBehalfOf};
pub use deployment::RootCredentials;
pub use import::{Import, ImportError};
pub use key_file::{KeptKeys, KeyFile, KeyFileError, ParseKeptKeysError};
pub use oidc_keys::{OidcKeys, OidcKeysError};
pub use public_url::{InvalidPublicUrl, PublicUrl};
pub use seed::{Seed, SeedError};
pub use server::{Daypass, endpoint};
