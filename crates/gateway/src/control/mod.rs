//! What daypass answers about itself, below `/_daypass`.

pub(crate) mod clock;
pub(crate) mod context_assertions;
pub(crate) mod delegation;
pub(crate) mod diagnoses;
pub(crate) mod explanations;
pub(crate) mod guard;
pub(crate) mod recent;
pub(crate) mod service_calls;
