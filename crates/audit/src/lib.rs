//! The event of a call or of a sign-in, in CloudTrail's form, and where it goes.
//!
//! An [`Event`] borrows all that it tells and becomes JSON only when a sink writes it. A caller
//! asks [`AuditSink::enabled`] first, so that a call costs nothing when nobody listens.

mod event;
mod identity;
mod log_sink;
mod redacted;

pub use event::{Event, EventError, EventId, EventKind};
pub use identity::{Identity, OnBehalfOf, SessionContext};
pub use log_sink::LogSink;

use std::fmt;

/// Where events go.
pub trait AuditSink: fmt::Debug + Send + Sync {
    /// Whether anybody listens. When not, no event need be made.
    fn enabled(&self) -> bool;

    /// Takes one event. The call it tells of waits for this: a sink that is slow must queue.
    fn record(&self, event: &Event<'_>);
}
