//! Names and secrets that every room shares: ARNs, account and unique ids, principals,
//! [`Secret`], [`Clock`], [`IdGen`], how names are compared and how they are shown.
//!
//! The lowest floor of the house: it knows nothing of requests, policies or storage.

mod access_key_id;
mod account;
mod arn;
mod case;
mod clock;
mod id_gen;
mod id_text;
mod principal;
mod printable;
mod random_uuid;
mod request_id;
mod secret;
mod secret_access_key;
mod slot_cache;
mod unique_id;

pub use access_key_id::{AccessKeyId, AccessKeyKind, InvalidAccessKeyId};
pub use account::{AccountId, InvalidAccountId};
pub use arn::{Arn, ArnParts, InvalidArn};
pub use case::{eq_ignore_case, fold_case, strip_prefix_ignore_case};
pub use clock::{Clock, ManualClock, Reading, SystemClock};
pub use id_gen::{IdGen, SystemIds};
pub use principal::{Principal, PrincipalType};
pub use printable::{printable, printable_line};
pub use random_uuid::generate_uuid;
pub use request_id::RequestId;
pub use secret::Secret;
pub use secret_access_key::generate_secret_access_key;
pub use slot_cache::SlotCache;
pub use unique_id::{IdKind, InvalidUniqueId, UniqueId};
