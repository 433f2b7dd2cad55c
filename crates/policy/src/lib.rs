//! The IAM policy language: documents, matching, conditions, decisions.

mod condition;
mod context;
mod decide;
mod document;
mod evaluate;
mod json;
mod malformed;
mod pattern;
mod policy;
mod principal;
mod size;
mod statement;
mod validate;

pub use context::{ConditionContext, ContextMap, ContextValue};
pub use decide::{
    Decision, Denial, NamedPolicy, Policies, PolicySource, PolicyType, ResourcePolicy,
    StatementRef, decide,
};
pub use evaluate::{Request, Verdict};
pub use malformed::Malformed;
pub use policy::{Policy, PolicyKind, Version};
pub use principal::{Caller, Reach};
pub use size::non_whitespace_len;
pub use statement::{Effect, Statement};
