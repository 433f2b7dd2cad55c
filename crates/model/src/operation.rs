use std::fmt::Debug;

use daypass_wire::response::Envelope;
use daypass_wire::{Decode, Encode};

use crate::{ErrorShape, Service};

/// An operation of a service. The types that implement it are generated markers without values of
/// their own.
pub trait Operation: Sized + Send + Sync + 'static {
    /// Its name, such as `CreateUser`.
    const NAME: &'static str;
    /// Its service.
    const SERVICE: Service;
    /// Whether answers have a result element; many of IAM's have none.
    const HAS_RESULT: bool;
    /// Whether requests are signed; those that trade a SAML or web identity are not.
    const SIGNED: bool;
    /// The errors that the model names for it.
    const ERRORS: &'static [&'static ErrorShape];
    /// What it is asked.
    type Input: Decode + Debug + Send + Sync + 'static;
    /// What it answers.
    type Output: Encode + Debug + Send + Sync + 'static;

    /// How its answers are wrapped.
    const ENVELOPE: Envelope = Envelope {
        operation: Self::NAME,
        namespace: Self::SERVICE.namespace(),
        has_result: Self::HAS_RESULT,
    };
}
