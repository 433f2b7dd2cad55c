//! The IAM policy language: documents, matching, conditions, decisions.
//!
//! Pure: no storage, no clock, no network. A document is parsed once, in AWS's order of checks
//! and with AWS's words for what is wrong ([`Policy::parse`], [`Malformed`]), into patterns that
//! are ready to be matched. A [`Request`] brings its condition keys through [`ConditionContext`],
//! and [`decide`] combines all the [`Policies`] that bear on it. What is not understood never
//! allows, and denies always.
//!
//! ```
//! use daypass_ident::Principal;
//! use daypass_policy::{
//!     Caller, ContextMap, NamedPolicy, Policies, Policy, PolicyKind, PolicySource, Request, decide,
//! };
//!
//! let policy = Policy::parse(
//!     PolicyKind::Identity,
//!     r#"{
//!         "Version": "2012-10-17",
//!         "Statement": {
//!             "Effect": "Allow",
//!             "Action": "iam:*AccessKey*",
//!             "Resource": "arn:aws:iam::*:user/${aws:username}"
//!         }
//!     }"#,
//! )?;
//! let bob = Principal::User {
//!     account: "123456789012".parse()?,
//!     path: "/".into(),
//!     name: "bob".into(),
//!     id: "AIDA00000000000000BOB".parse()?,
//! };
//! let context = ContextMap::new().with("aws:username", "bob");
//! let request = |resource| Request {
//!     caller: Caller::Principal(&bob),
//!     action: "iam:CreateAccessKey",
//!     resource,
//!     context: &context,
//! };
//! let source = PolicySource::UserInline { user: "bob", name: "own-keys" };
//! let policies =
//!     Policies { identity: &[NamedPolicy { source, policy: &policy }], ..Policies::default() };
//!
//! let own = request("arn:aws:iam::123456789012:user/bob");
//! assert!(decide(&own, &policies).is_allowed());
//! let carols = request("arn:aws:iam::123456789012:user/carol");
//! assert!(!decide(&carols, &policies).is_allowed());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`decide`] is for every request. When somebody asks why, [`explain`] says what each element of
//! each statement made of the request, [`shortest_change`] what would turn the decision, and a
//! [`Report`] both, to be printed or sent. After the lines above:
//!
//! ```
//! # use daypass_ident::Principal;
//! # use daypass_policy::{
//! #     Caller, ContextMap, NamedPolicy, Policies, Policy, PolicyKind, PolicySource, Request,
//! # };
//! # let policy = Policy::parse(
//! #     PolicyKind::Identity,
//! #     r#"{
//! #         "Version": "2012-10-17",
//! #         "Statement": {
//! #             "Effect": "Allow",
//! #             "Action": "iam:*AccessKey*",
//! #             "Resource": "arn:aws:iam::*:user/${aws:username}"
//! #         }
//! #     }"#,
//! # )?;
//! # let bob = Principal::User {
//! #     account: "123456789012".parse()?,
//! #     path: "/".into(),
//! #     name: "bob".into(),
//! #     id: "AIDA00000000000000BOB".parse()?,
//! # };
//! # let context = ContextMap::new().with("aws:username", "bob");
//! # let carols = Request {
//! #     caller: Caller::Principal(&bob),
//! #     action: "iam:CreateAccessKey",
//! #     resource: "arn:aws:iam::123456789012:user/carol",
//! #     context: &context,
//! # };
//! # let source = PolicySource::UserInline { user: "bob", name: "own-keys" };
//! # let policies =
//! #     Policies { identity: &[NamedPolicy { source, policy: &policy }], ..Policies::default() };
//! use daypass_policy::{Report, explain};
//!
//! let told = explain(&carols, &policies);
//! let statement = &told.policies[0].statements[0];
//! assert!(statement.action.as_ref().is_some_and(|action| action.matches));
//! assert!(statement.resource.as_ref().is_some_and(|resource| !resource.matches));
//!
//! let report = Report::new(&carols, &policies);
//! assert_eq!(
//!     report.change[0].text,
//!     "add arn:aws:iam::123456789012:user/carol to the Resource of statement 1 (at 3:22) of the \
//!      identity-based policy \"own-keys\" of user bob",
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! For those who write policies, [`lint`] finds in a document what AWS would refuse, what never has
//! an effect and what gives away too much.
//!
//! The way of a document: `json` reads it, `document` finds its elements, `validate` judges them
//! by kind, `statement` makes them ready with the help of `pattern`, `principal` and `condition`.

mod change;
mod condition;
mod condition_keys;
mod context;
mod decide;
mod document;
mod evaluate;
mod explain;
mod json;
pub mod lint;
mod malformed;
mod packed;
mod pattern;
mod policy;
mod position;
mod principal;
mod print;
mod report;
mod service_access;
mod size;
mod statement;
mod validate;
mod value_type;

pub use change::{
    Change, Edit, KeySource, NewPrincipal, NewStatement, key_source, shortest_change,
};
pub use context::{ConditionContext, ContextMap, ContextValue};
pub use decide::{
    Decision, Denial, Level, NamedPolicy, Policies, PolicySource, PolicyType, ResourcePolicy,
    StatementRef, decide,
};
pub use evaluate::{Request, Verdict};
pub use explain::{
    ConditionExplanation, ElementExplanation, Explanation, PolicyExplanation, PolicyVerdict,
    StatementExplanation, Written, explain,
};
pub use malformed::Malformed;
pub use packed::packed_len;
pub use policy::{Policy, PolicyKind, Version};
pub use position::Position;
pub use principal::{Caller, Reach};
pub use report::{
    DecidedBy, Outcome, Report, ReportedCondition, ReportedEdit, ReportedElement, ReportedPolicy,
    ReportedSource, ReportedStatement, ReportedValue,
};
pub use service_access::ServiceAccess;
pub use size::{
    MANAGED_POLICY_SIZE, RESOURCE_CONTROL_POLICY_SIZE, SERVICE_CONTROL_POLICY_SIZE,
    SESSION_POLICY_SIZE, TRUST_POLICY_SIZE, non_whitespace_len,
};
pub use statement::{Effect, Statement};
pub use value_type::ValueType;

/// The examples of the page about this crate.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/library-policy.md")]
struct Page;
