//! What a request's names are matched against, made ready once when a policy is parsed.

mod action;
mod arn;
mod glob;
mod segment;
mod set;
mod template;

pub(crate) use action::{ActionPatterns, AskedAction};
pub(crate) use arn::{ArnPatterns, AskedArn};
pub(crate) use glob::Glob;
pub(crate) use set::GlobSet;
pub(crate) use template::{ExactText, Pattern, Template};
