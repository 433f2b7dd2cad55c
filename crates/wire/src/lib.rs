//! AWS protocols: Query in, XML or JSON out.
//!
//! A request's parameters become [`Params`]; generated code walks them as [`Node`]s and hands each
//! value to a [`Decoder`], which applies the model's constraints and words the refusal as AWS does.
//! An answer is written by generated code into an [`Encoder`], inside the envelope of [`response`].
//! Whatever goes wrong on the way is a [`Fault`], which knows its own code, status and text.
//!
//! Nothing here knows an operation. The Query protocol is the one of
//! <https://smithy.io/2.0/aws/protocols/aws-query-protocol.html>.

mod constraint_texts;
mod decoder;
mod encoder;
mod fault;
mod format;
mod json;
mod node;
mod params;
mod pattern;
pub mod response;
mod rule;
mod violation;
mod xml;

pub use constraint_texts::ConstraintTexts;
pub use decoder::{Decode, Decoder, decode};
pub use encoder::{Encode, Encoder};
pub use fault::{Fault, Namespace, Party};
pub use format::Format;
pub use node::Node;
pub use params::{MAX_PARAMS, Params, Plus};
pub use pattern::Pattern;
pub use rule::{Bounds, Choice, TextRule};
