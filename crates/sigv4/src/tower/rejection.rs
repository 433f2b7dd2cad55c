//! Why a request does not reach the service.

use std::borrow::Cow;

use http::StatusCode;

use crate::{
    error::AuthError,
    tower::{BoxError, KeyError},
};

/// Why a request does not reach the service. `Display` is for logs; what the client may know is
/// [`status`](Self::status), [`code`](Self::code) and [`message`](Self::message).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Rejection {
    /// The path is none that AWS would look at (see [`is_well_formed_path`](crate::is_well_formed_path)).
    #[error("the path is malformed")]
    MalformedPath,
    /// Who sent the request is not proved.
    #[error(transparent)]
    Auth(#[from] AuthError),
    /// The access key cannot be looked up now.
    #[error("the access key cannot be looked up")]
    KeysUnavailable(#[source] BoxError),
    /// The body must be held in memory to verify its signature, and is too large for that.
    #[error("the body is larger than the {limit} bytes that are kept to hash it")]
    BodyTooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// The target cannot be handed on: with each bare `+` of the query escaped it is longer than a target may be.
    #[error("the target is too long")]
    TargetTooLong,
    /// The body broke off.
    #[error("the body cannot be read")]
    BodyUnreadable(#[source] BoxError),
}

impl Rejection {
    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::MalformedPath | Self::BodyUnreadable(_) => StatusCode::BAD_REQUEST,
            Self::Auth(error) => {
                StatusCode::from_u16(error.status()).unwrap_or(StatusCode::FORBIDDEN)
            }
            Self::KeysUnavailable(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::BodyTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TargetTooLong => StatusCode::URI_TOO_LONG,
        }
    }

    /// AWS's error code, or `None` where AWS answers with a bare status.
    pub fn code(&self) -> Option<&'static str> {
        match self {
            Self::MalformedPath
            | Self::BodyUnreadable(_)
            | Self::BodyTooLarge { .. }
            | Self::TargetTooLong => None,
            Self::Auth(error) => Some(error.code()),
            Self::KeysUnavailable(_) => Some("InternalFailure"),
        }
    }

    /// AWS's text, where there is one.
    pub fn message(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Auth(error) => error.message(),
            _ => None,
        }
    }
}

impl From<KeyError> for Rejection {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Refused(error) => Self::Auth(error),
            KeyError::Unavailable(cause) => Self::KeysUnavailable(cause),
        }
    }
}
