//! The errors that every service shares, which models do not name. Statuses are those that STS and
//! IAM answer, which differ in places from the page "Common Error Types" of their API references.

use crate::ErrorShape;

macro_rules! common {
    ($($name:ident: $code:literal, $status:literal;)+) => {
        $(
            #[doc = concat!("`", $code, "`, ", $status, ".")]
            pub static $name: ErrorShape = ErrorShape { name: $code, code: $code, status: $status };
        )+
    };
}

common! {
    ACCESS_DENIED: "AccessDenied", 403;
    EXPIRED_TOKEN: "ExpiredToken", 403;
    INCOMPLETE_SIGNATURE: "IncompleteSignature", 400;
    INTERNAL_FAILURE: "InternalFailure", 500;
    INVALID_ACTION: "InvalidAction", 400;
    INVALID_CLIENT_TOKEN_ID: "InvalidClientTokenId", 403;
    INVALID_PARAMETER_VALUE: "InvalidParameterValue", 400;
    MALFORMED_INPUT: "MalformedInput", 400;
    MALFORMED_QUERY_STRING: "MalformedQueryString", 400;
    MISSING_ACTION: "MissingAction", 400;
    MISSING_AUTHENTICATION_TOKEN: "MissingAuthenticationToken", 403;
    OPT_IN_REQUIRED: "OptInRequired", 403;
    REQUEST_EXPIRED: "RequestExpired", 400;
    SERVICE_UNAVAILABLE: "ServiceUnavailable", 503;
    SIGNATURE_DOES_NOT_MATCH: "SignatureDoesNotMatch", 403;
    THROTTLING: "Throttling", 400;
    VALIDATION_ERROR: "ValidationError", 400;
}
