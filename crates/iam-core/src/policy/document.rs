//! The text of policies: what is accepted, and how it is shown.

use daypass_model::ServiceError;
use daypass_policy::{Policy, PolicyKind, non_whitespace_len};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::errors::MalformedPolicyDocument;
use crate::quotas;

/// A document as IAM shows it: percent-encoded, with only the unreserved characters of RFC 3986
/// left as they are. SDKs decode it.
pub(crate) fn encode(document: &str) -> String {
    utf8_percent_encode(document, RESERVED).to_string()
}

/// Checks that a document may be embedded in a user, a group or a role.
///
/// # Errors
/// `MalformedPolicyDocument` with the first of AWS's complaints.
pub(crate) fn check_inline_policy(document: &str) -> Result<(), ServiceError> {
    Policy::parse(PolicyKind::Inline, document).map_err(MalformedPolicyDocument)?;
    Ok(())
}

/// Checks that a document may become a version of a managed policy.
///
/// # Errors
/// `MalformedPolicyDocument`, or `LimitExceeded` beyond the quota for its size.
pub(crate) fn check_managed_policy(document: &str) -> Result<(), ServiceError> {
    Policy::parse(PolicyKind::Identity, document).map_err(MalformedPolicyDocument)?;
    quotas::POLICY_SIZE.hold(non_whitespace_len(document))
}

const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unreserved_characters_stay() {
        assert_eq!(encode("{\"a-b_c.d~e\": [1]}"), "%7B%22a-b_c.d~e%22%3A%20%5B1%5D%7D");
        assert_eq!(encode("é+/*\n"), "%C3%A9%2B%2F%2A%0A");
    }
}
