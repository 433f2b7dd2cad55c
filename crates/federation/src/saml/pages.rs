//! The sign-in pages that browsers bring responses to.

use crate::loopback::is_loopback;

/// `https://signin.aws.amazon.com/saml`, that of a region, and those for one provider below them.
pub(super) fn is_of_aws(url: &str) -> bool {
    let Some((host, path)) = url.strip_prefix("https://").and_then(|it| it.split_once('/')) else {
        return false;
    };
    let region = host.strip_suffix("signin.aws.amazon.com").map(|it| it.strip_suffix('.'));
    let is_region = |it: &str| {
        !it.is_empty()
            && it.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    let is_host = host == "signin.aws.amazon.com" || region.flatten().is_some_and(is_region);
    is_host && is_page(path)
}

/// A sign-in page like AWS's on this machine, at any port: `http://localhost:4566/saml`.
pub(super) fn is_on_loopback(url: &str) -> bool {
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    let place = rest.and_then(|rest| rest.split_once('/'));
    place.is_some_and(|(authority, path)| is_loopback(authority) && is_page(path))
}

/// The page of all providers, or that of one, below which encrypted assertions go.
fn is_page(path: &str) -> bool {
    let is_id = |it: &str| !it.is_empty() && it.bytes().all(|b| b.is_ascii_alphanumeric());
    path == "saml" || path.strip_prefix("saml/acs/").is_some_and(is_id)
}

/// AWS's global one.
pub(super) const GLOBAL: &str = "https://signin.aws.amazon.com/saml";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_are_aws_own() {
        let cases = [
            ("https://signin.aws.amazon.com/saml", true),
            ("https://eu-west-1.signin.aws.amazon.com/saml", true),
            ("https://us-east-1.signin.aws.amazon.com/saml/acs/SAMLSP4SIAAAAAAAAAAAA", true),
            ("http://signin.aws.amazon.com/saml", false),
            ("https://signin.aws.amazon.com/saml/", false),
            ("https://signin.aws.amazon.com/saml?x", false),
            ("https://signin.aws.amazon.com/", false),
            ("https://signin.aws.amazon.com.evil.example/saml", false),
            ("https://evilsignin.aws.amazon.com/saml", false),
            ("https://evil.example#.signin.aws.amazon.com/saml", false),
            ("https://.signin.aws.amazon.com/saml", false),
            ("https://signin.aws.amazon.com/saml/acs/", false),
            ("https://signin.aws.amazon.com/saml/acs/../x", false),
            ("", false),
        ];
        for (url, expected) in cases {
            assert_eq!(is_of_aws(url), expected, "{url}");
        }
    }

    #[test]
    fn some_are_on_this_machine() {
        let cases = [
            ("http://localhost:4566/saml", true),
            ("http://127.0.0.1:4566/saml", true),
            ("https://[::1]:4566/saml", true),
            ("http://localhost/saml/acs/SAMLSP4SIAAAAAAAAAAAA", true),
            ("http://localhost:4566/saml/", false),
            ("http://localhost:4566/", false),
            ("http://localhost:4566", false),
            ("http://localhost:4566/saml?x", false),
            ("http://localhost.example/saml", false),
            ("http://x@localhost/saml", false),
            ("http://10.0.0.1/saml", false),
            ("ftp://localhost/saml", false),
            ("https://signin.aws.amazon.com/saml", false),
            ("", false),
        ];
        for (url, expected) in cases {
            assert_eq!(is_on_loopback(url), expected, "{url}");
        }
    }
}
