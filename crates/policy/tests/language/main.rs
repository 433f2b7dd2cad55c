//! The proof of the policy language: every rule of AWS's documentation as a case (`tests/cases`), a
//! second evaluator that must agree with the crate's on random cases, and what holds always.
#![cfg(test)]

mod agreement;
mod cases;
mod properties;
mod random;
mod reference;
mod shrink;
mod support;
