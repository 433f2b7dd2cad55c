//! The gateway from request to answer: in process with a clock that stands still and ids that are
//! all the same, so that whole answers can be compared; and over sockets, for what is theirs.

// Says so to clippy, which lets tests unwrap.
#![cfg(test)]

mod answers;
mod audit;
mod clock;
mod diagnoses;
mod dispatch;
mod endpoints;
mod explanations;
mod guard;
mod other_services;
mod password;
mod refusal_log;
mod refusals;
mod revocations;
mod sign_in;
mod sigv4a;
mod simulations;
mod sockets;
mod support;
