//! How large the body of a request may be, by what it shows before it is read.
//!
//! Whoever shows a signature may send as much as AWS reads. Without one, only the two operations that
//! nobody signs, and the page that browsers post SAML responses to, have a reason to send much.

use http::header::AUTHORIZATION;
use http::request;

use crate::transport::budget::Claim;

/// Whether a request shows a signature, in its headers or in its query.
pub(crate) fn claim(head: &request::Parts) -> Claim {
    let query = head.uri.query().unwrap_or_default();
    let is_presigned = || query.split('&').any(|param| param.starts_with("X-Amz-Signature="));
    if head.headers.contains_key(AUTHORIZATION) || is_presigned() {
        Claim::Signed
    } else {
        Claim::Unsigned
    }
}

/// Whether a form that shows no signature may be longer than [`MAX_ANONYMOUS`], by its beginning:
/// whether it brings the word of an identity provider.
pub(crate) fn brings_proof(beginning: &[u8]) -> bool {
    beginning
        .split(|byte| *byte == b'&')
        .any(|param| PROOFS.iter().any(|proof| param.starts_with(proof)))
}

/// The parameters of `AssumeRoleWithWebIdentity`, of `AssumeRoleWithSAML` and of the sign-in page.
/// They alone can be long.
const PROOFS: [&[u8]; 3] = [b"WebIdentityToken=", b"SAMLAssertion=", b"SAMLResponse="];

/// The greatest body, in bytes, of a request that shows neither a signature nor a proof.
pub(crate) const MAX_ANONYMOUS: usize = 64 << 10;

/// The greatest body, in bytes, that brings a proof. A SAML assertion has at most 100,000 characters,
/// which are up to three times as long in a form; more still gets the error that AWS has for it.
pub(crate) const MAX_WITH_PROOF: usize = 1 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_shown_in_a_header_or_in_the_query() {
        let cases = [
            ("/", Some("AWS4-HMAC-SHA256 x"), Claim::Signed),
            ("/?a=b&X-Amz-Signature=00", None, Claim::Signed),
            ("/?a=X-Amz-Signature=00", None, Claim::Unsigned),
            ("/", None, Claim::Unsigned),
        ];
        for (target, authorization, expected) in cases {
            let mut request = http::Request::builder().uri(target);
            if let Some(value) = authorization {
                request = request.header(AUTHORIZATION, value);
            }
            let (head, ()) = request.body(()).unwrap().into_parts();
            assert_eq!(claim(&head), expected, "{target} {authorization:?}");
        }
    }

    #[test]
    fn proofs_are_known_by_the_name_of_their_parameter() {
        let cases = [
            ("Action=AssumeRoleWithWebIdentity&WebIdentityToken=ey", true),
            ("SAMLAssertion=PD94", true),
            ("RelayState=&SAMLResponse=PD94", true),
            ("Action=CreateUser&UserName=SAMLAssertion=", false),
            ("Action=AssumeRoleWithWebIdentity", false),
            ("", false),
        ];
        for (form, expected) in cases {
            assert_eq!(brings_proof(form.as_bytes()), expected, "{form}");
        }
    }
}
