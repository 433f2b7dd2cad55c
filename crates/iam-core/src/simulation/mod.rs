//! What policies would decide (IAM User Guide, "IAM policy simulator").
//!
//! A [`Scenario`](scenario::Scenario) says who would ask, for what, under which condition keys; a
//! [`Simulation`](evaluation::Simulation) adds the policies that would bear on it, given with the
//! request or held by somebody, and has each action decided by the code that decides requests. As
//! IAM does since 2026, it answers one result for each action, in which all resources are summed
//! up, and in it one for each resource.
//!
//! The answers of the two simulating operations differ only in where the policies come from. What
//! IAM's own simulator overlooks, that a role's trust policy has a say in who assumes it, is not
//! overlooked here: see [`Departures`](daypass_authz::Departures).

mod action;
mod bounds;
mod caller;
mod context;
mod documents;
mod evaluation;
mod exclusion;
mod get_context_keys_for_custom_policy;
mod get_context_keys_for_principal_policy;
mod handling;
mod outcome;
mod policy;
mod resource_side;
mod scenario;
mod simulate_custom_policy;
mod simulate_principal_policy;

#[cfg(test)]
mod tests;
