use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use daypass_wire::Fault;

/// A kind of error that a service can answer.
#[derive(Debug, PartialEq, Eq)]
pub struct ErrorShape {
    /// The name of its shape in the model, such as `NoSuchEntityException`.
    pub name: &'static str,
    /// The code on the wire, such as `NoSuchEntity`.
    pub code: &'static str,
    /// The HTTP status.
    pub status: u16,
}

impl ErrorShape {
    /// An error of this kind, with a text.
    pub fn with(&'static self, message: impl Into<Cow<'static, str>>) -> ServiceError {
        ServiceError { shape: self, message: Some(message.into()), cause: None }
    }

    /// An error of this kind that says no more than its code.
    pub const fn bare(&'static self) -> ServiceError {
        ServiceError { shape: self, message: None, cause: None }
    }
}

/// An error that an operation answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceError {
    /// Its kind.
    pub shape: &'static ErrorShape,
    /// The text, where AWS sends one.
    pub message: Option<Cow<'static, str>>,
    /// What AWS does not tell the client: for the log alone. It holds no secret.
    pub cause: Option<Box<str>>,
}

impl ServiceError {
    /// The error with what the log says beside its text.
    #[must_use]
    pub fn because(self, cause: impl Into<Box<str>>) -> Self {
        Self { cause: Some(cause.into()), ..self }
    }
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.shape.code)?;
        self.message.iter().try_for_each(|message| write!(f, ": {message}"))
    }
}

impl Error for ServiceError {}

impl From<ServiceError> for Fault {
    fn from(error: ServiceError) -> Self {
        Self::new(error.shape.code, error.shape.status, error.message)
    }
}

#[cfg(test)]
mod tests {
    use daypass_wire::Party;

    use super::*;
    use crate::iam::errors::{NO_SUCH_ENTITY, SERVICE_FAILURE};

    #[test]
    fn an_error_becomes_a_fault_of_its_status() {
        let missing = Fault::from(NO_SUCH_ENTITY.with("gone"));
        assert_eq!(
            (missing.code, missing.status, missing.party),
            ("NoSuchEntity", 404, Party::Sender)
        );
        assert_eq!(missing.to_string(), "NoSuchEntity: gone");
        let broken = Fault::from(SERVICE_FAILURE.bare());
        assert_eq!((broken.status, broken.party), (500, Party::Receiver));
        assert_eq!(broken.message, None);
    }
}
