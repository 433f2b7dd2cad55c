//! Which policies apply to a call, and may it run.
//!
//! An operation says in [`Guarded::targets`] what its caller must be allowed to do, to what, and
//! which condition keys the request adds. [`authorise`] decides, and is the only maker of
//! [`Permitted`], which [`Handle::run`] takes: a call that nobody authorised does not compile.

mod authorise;
mod bindings;
mod call;
mod called;
mod context;
mod control_levels;
mod decided;
mod denial;
mod departures;
mod entity_policies;
mod explained;
mod handle;
mod message;
mod own_side;
mod permitted;
mod session_limits;
mod targets;

pub use authorise::{Refused, authorise};
pub use call::{Arrival, Call, Env, Origin};
pub use called::{Called, Identified, Proof, Vouched};
pub use control_levels::ControlLevels;
pub use decided::{Decided, KeptDecision};
pub use departures::{Departures, Explanations};
pub use entity_policies::{Entity, EntityPolicies};
pub use explained::{Audience, Explained};
pub use handle::{Guarded, Handle, Visit, Vouch};
pub use message::AuthorizationMessage;
pub use permitted::{Learned, Permitted, Waiting};
pub use targets::{KeyValue, ResourcePolicy, Scope, Target, Targets};

#[cfg(test)]
mod tests;
