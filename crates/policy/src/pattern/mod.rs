//! What a request's names are matched against, made ready once when a policy is parsed.

mod action;
mod arn;
mod glob;
mod template;

pub(crate) use action::ActionPatterns;
pub(crate) use arn::ArnPattern;
pub(crate) use glob::Glob;
pub(crate) use template::{ExactText, Pattern};
