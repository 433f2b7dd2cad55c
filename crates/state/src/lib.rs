//! Typed records over the store, and the in-memory view that requests read.
//!
//! A request reads one immutable [`View`] from start to end. A write collects its changes in a
//! [`Tx`] and commits them through the [store](daypass_store) with one precondition: nothing else
//! has changed in that account since the view was taken. So an operation may check whatever it
//! likes in the view (a name is free, a quota is kept, an entity has no keys left) and be sure
//! that it still holds when its writes go in; after a conflict it is run again on a newer view.
//!
//! The [`Directory`] answers whose an access key is.

mod accesses;
mod caller;
mod codec;
mod cross_account;
mod directory;
mod key;
mod last_used;
mod managed;
mod name;
pub mod record;
mod state;
mod tx;
mod view;

pub use accesses::{Access, Accesses};
pub use caller::{Caller, ServiceCall, Session, VouchedClaims};
pub use codec::UnknownCodec;
pub use cross_account::CrossAccount;
pub use directory::{CredentialError, Directory, WellKnownKeys};
pub use last_used::{LastUse, LastUsed};
pub use name::Name;
pub use state::{CommitError, Committed, State};
pub use tx::{Draft, Tx};
pub use view::{
    AccessKey, Account, ControlLevel, ControlPolicy, CustomerPolicy, DelegationRequest, EntityKind,
    EntityRef, Excerpt, Group, InlinePolicy, InstanceProfile, LoginProfile, Membership, MfaDevice,
    OidcProvider, Organization, Role, SamlProvider, ServerCertificate, User, UserCredentials, View,
};
