use daypass_authz::Refused;
use daypass_model::ServiceError;
use daypass_sigv4::AuthError;
use daypass_state::CredentialError;
use daypass_wire::Fault;
use http::{HeaderValue, StatusCode};

use crate::other_services::OtherService;
use crate::request::cross_site::CrossSite;
use crate::request::verify;
use crate::workers::Busy;

/// Why a request gets no answer from an operation.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// No more than a status: the request is not even one to name a request id to.
    Bare(StatusCode),
    /// There is nothing at the path.
    UnknownPath,
    /// The request asks for nothing, and is sent to read about the service.
    Elsewhere(HeaderValue),
    /// It is for a service that daypass is not.
    OtherService(OtherService),
    /// Who sent it is not proved.
    Unauthenticated(AuthError),
    /// A web page of another site may have sent it, with a key that everybody knows.
    CrossSite(CrossSite),
    /// It could not be dispatched, read, or carried out.
    Fault(Fault),
    /// The caller may not.
    Forbidden(Box<Refused>),
    /// The operation refuses.
    Service(ServiceError),
}

impl Refusal {
    /// The refusal as the body of an answer tells it, if it has one.
    pub(crate) fn fault(&self) -> Option<Fault> {
        match self {
            Self::Bare(_) | Self::UnknownPath | Self::Elsewhere(_) => None,
            Self::OtherService(service) => Some(service.fault()),
            Self::Unauthenticated(error) => {
                Some(Fault::new(error.code(), error.status(), error.message()))
            }
            Self::CrossSite(why) => {
                let message = format!(
                    "daypass refuses its well-known keys here, since a web page of another site may have \
                     sent this request: {why}"
                );
                Some(Fault::new("AccessDenied", 403, Some(message.into())))
            }
            Self::Fault(fault) => Some(fault.clone()),
            Self::Forbidden(_) | Self::Service(_) => self.service_error().cloned().map(Into::into),
        }
    }

    /// The error of the service's own, if it is one.
    pub(crate) fn service_error(&self) -> Option<&ServiceError> {
        match self {
            Self::Forbidden(refused) => Some(&refused.error),
            Self::Service(error) => Some(error),
            _ => None,
        }
    }
}

impl From<AuthError> for Refusal {
    fn from(error: AuthError) -> Self {
        Self::Unauthenticated(error)
    }
}

impl From<OtherService> for Refusal {
    fn from(service: OtherService) -> Self {
        Self::OtherService(service)
    }
}

impl From<CrossSite> for Refusal {
    fn from(why: CrossSite) -> Self {
        Self::CrossSite(why)
    }
}

/// Of a caller who was identified, and is not any more.
impl From<CredentialError> for Refusal {
    fn from(error: CredentialError) -> Self {
        Self::Unauthenticated(verify::unknown(error))
    }
}

impl From<Busy> for Refusal {
    fn from(_: Busy) -> Self {
        Self::Fault(Fault::throttling())
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Box<Refused>> for Refusal {
    fn from(refused: Box<Refused>) -> Self {
        Self::Forbidden(refused)
    }
}

impl From<ServiceError> for Refusal {
    fn from(error: ServiceError) -> Self {
        Self::Service(error)
    }
}
