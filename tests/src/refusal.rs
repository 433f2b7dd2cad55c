use std::fmt::Debug;

use aws_sdk_sts::config::http::HttpResponse;
use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};

/// How AWS says no: the three things that a client can hold on to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The error code.
    pub code: String,
    /// The text, where there is one.
    pub message: Option<String>,
}

/// A refusal with a text.
#[must_use]
pub fn refusal(status: u16, code: &str, message: impl Into<String>) -> Refusal {
    Refusal { status, code: code.to_owned(), message: Some(message.into()) }
}

/// The answer to a key or token that is not, or no longer, good.
#[must_use]
pub fn invalid_token() -> Refusal {
    let message = "The security token included in the request is invalid.";
    refusal(403, "InvalidClientTokenId", message)
}

/// The answer to a signature that another secret or another request would make.
#[must_use]
pub fn mismatch() -> Refusal {
    let message = "The request signature we calculated does not match the signature you provided. \
                   Check your AWS Secret Access Key and signing method. Consult the service \
                   documentation for details.";
    refusal(403, "SignatureDoesNotMatch", message)
}

/// The outcome of a call that must have been refused.
pub trait Refused {
    /// The refusal.
    ///
    /// # Panics
    /// When the call went through, or failed without an answer.
    fn refused(self) -> Refusal;
}

impl<T: Debug, E: ProvideErrorMetadata + Debug> Refused for Result<T, SdkError<E, HttpResponse>> {
    #[track_caller]
    fn refused(self) -> Refusal {
        let error = match self {
            Ok(output) => panic!("this should have been refused: {output:?}"),
            Err(error) => error,
        };
        let Some(response) = error.raw_response() else { panic!("no answer: {error:?}") };
        Refusal {
            status: response.status().as_u16(),
            code: error.code().unwrap_or_default().to_owned(),
            message: error.message().map(str::to_owned),
        }
    }
}
