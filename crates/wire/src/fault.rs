use std::borrow::Cow;
use std::error::Error;
use std::fmt;

/// A refusal, ready to be written as an AWS error body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The error code that clients match on, such as `InvalidAction`.
    pub code: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// Whose fault it is.
    pub party: Party,
    /// The text, where AWS sends one.
    pub message: Option<Cow<'static, str>>,
    /// The XML namespace of the error body.
    pub namespace: Namespace,
}

/// Whose fault an error is: the `Type` element of an error body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Party {
    /// The client's.
    Sender,
    /// The service's.
    Receiver,
}

impl Party {
    /// The word in the error body.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sender => "Sender",
            Self::Receiver => "Receiver",
        }
    }

    /// The party that a status blames: the service for 5xx, else the client.
    pub const fn of_status(status: u16) -> Self {
        if status >= 500 { Self::Receiver } else { Self::Sender }
    }
}

/// The XML namespace that an error body declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Namespace {
    /// The one of the service that answers.
    Service,
    /// The one of AWS's dispatcher, for requests that never reached an operation.
    AwsFault,
}

impl Fault {
    /// An error of the service that answers; its status tells whose fault it is.
    pub const fn new(code: &'static str, status: u16, message: Option<Cow<'static, str>>) -> Self {
        Self {
            code,
            status,
            party: Party::of_status(status),
            message,
            namespace: Namespace::Service,
        }
    }

    /// No operation has this name in this version of the service.
    pub fn invalid_action(action: &str, version: Option<&str>) -> Self {
        let version = version.unwrap_or("NO_VERSION_SPECIFIED");
        let message = format!("Could not find operation {action} for version {version}");
        Self {
            namespace: Namespace::AwsFault,
            ..Self::new("InvalidAction", 400, Some(message.into()))
        }
    }

    /// The request ends in the middle of a percent escape.
    pub const fn incomplete_escape() -> Self {
        let message = Cow::Borrowed("Incomplete trailing escape % sequence");
        Self::new("MalformedQueryString", 400, Some(message))
    }

    /// A percent sign is followed by `escape`, which is not two hexadecimal digits.
    pub fn illegal_escape(escape: &str) -> Self {
        let message = format!("Illegal hex character in escape % pattern: %{escape}");
        Self::new("MalformedQueryString", 400, Some(message.into()))
    }

    /// A query string has the parameter `name` more than once. AWS documents the code (`Common Errors`:
    /// "The AWS query string is malformed or does not adhere to AWS standards"), but no text.
    pub fn repeated_parameter(name: &str) -> Self {
        let message = format!("The query string has the parameter '{name}' more than once.");
        Self::new("InvalidQueryParameter", 400, Some(message.into()))
    }

    /// A value cannot be read as the type of its member.
    pub const fn malformed_input() -> Self {
        Self::new("MalformedInput", 400, None)
    }

    /// A number is given as the empty string.
    pub const fn missing_number() -> Self {
        let message = Cow::Borrowed("missing value for decimal type");
        Self::new("MalformedInput", 400, Some(message))
    }

    /// The values of a request break the constraints of the model, or a service's own.
    pub fn validation(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new("ValidationError", 400, Some(message.into()))
    }

    /// Something broke on our side; the cause is logged, never sent.
    pub const fn internal_failure() -> Self {
        Self::new("InternalFailure", 500, None)
    }

    /// The service cannot answer now; the client may try again.
    pub const fn service_unavailable() -> Self {
        Self::new("ServiceUnavailable", 503, None)
    }

    /// Too many requests.
    pub const fn throttling() -> Self {
        Self::new("Throttling", 400, Some(Cow::Borrowed("Rate exceeded")))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)?;
        self.message.iter().try_for_each(|message| write!(f, ": {message}"))
    }
}

impl Error for Fault {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dispatch_names_the_version_that_was_asked_for() {
        let text = |action, version| Fault::invalid_action(action, version).message.unwrap();
        assert_eq!(
            text("Frob", Some("2011-06-15")),
            "Could not find operation Frob for version 2011-06-15"
        );
        assert_eq!(
            text("Frob", None),
            "Could not find operation Frob for version NO_VERSION_SPECIFIED"
        );
        assert_eq!(text("Frob", Some("")), "Could not find operation Frob for version ");
        assert_eq!(
            text("", Some("2011-06-15")),
            "Could not find operation  for version 2011-06-15"
        );
        assert_eq!(Fault::invalid_action("Frob", None).namespace, Namespace::AwsFault);
    }

    #[test]
    fn the_status_tells_whose_fault_it_is() {
        assert_eq!(Fault::internal_failure().party, Party::Receiver);
        assert_eq!(Fault::malformed_input().party, Party::Sender);
    }
}
