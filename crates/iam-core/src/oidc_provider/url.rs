//! Which URLs a provider may have (IAM API Reference, `CreateOpenIDConnectProvider`; the sentences
//! as AWS was seen to say them).

use daypass_federation::oidc::Rules;
use daypass_model::ServiceError;

use crate::errors::{InvalidInput, ValidationError};

/// Checks the URL of an issuer: `https`, a host without a port, perhaps a path. Where the rules let
/// plain `http` reach this machine, an issuer on it may be either, and have a port.
///
/// # Errors
/// `ValidationError` for what is no URL with a host, `InvalidInput` for any other that is not
/// allowed.
pub(super) fn check(url: &str, rules: Rules) -> Result<(), ServiceError> {
    let (scheme, rest) = url.split_once("://").ok_or(ValidationError::ProviderUrl)?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if host.is_empty() {
        return Err(ValidationError::ProviderUrl.into());
    }
    if matches!(scheme, "http" | "https") && is_on_this_machine(rest, rules) {
        return Ok(());
    }
    if scheme != "https" {
        return Err(InvalidInput::ProviderUrlScheme.into());
    }
    if !is_host_name(host) || rules.provider_of(url).is_none() {
        return Err(InvalidInput::ProviderUrl.into());
    }
    Ok(())
}

/// Labels of letters, digits and hyphens within them (RFC 1123, section 2.1); so is an IPv4 address. A
/// dot may stand at the end.
fn is_host_name(host: &str) -> bool {
    let within = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    host.strip_suffix('.').unwrap_or(host).split('.').all(|label| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(within)
    })
}

/// Plain `http` is allowed to this machine and to no other.
fn is_on_this_machine(rest: &str, rules: Rules) -> bool {
    rules.loopback_http && rules.provider_of(&format!("http://{rest}")).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNPARSABLE: &str = "ValidationError: Invalid Open ID Connect Provider URL";
    const SCHEME: &str =
        "InvalidInput: Invalid Open ID Connect Provider URL. The URL must begin with https://.";
    const INVALID: &str = "InvalidInput: Invalid Open ID Connect Provider URL.";

    /// What each URL gets: as AWS has it, and where issuers on loopback are let in.
    #[test]
    fn urls_are_judged_as_aws_judges_them() {
        for (url, strict, local) in [
            ("https://token.actions.githubusercontent.com", "", ""),
            ("https://oidc.eks.eu-west-1.amazonaws.com/id/0A1B", "", ""),
            ("https://tenant.auth0.example/", "", ""),
            ("https://198.51.100.7", "", ""),
            ("https://localhost", "", ""),
            ("example.com", UNPARSABLE, UNPARSABLE),
            ("https://", UNPARSABLE, UNPARSABLE),
            ("https:///path", UNPARSABLE, UNPARSABLE),
            ("http://example.com", SCHEME, SCHEME),
            ("HTTPS://example.com", SCHEME, SCHEME),
            ("ftp://localhost", SCHEME, SCHEME),
            ("https://example.com:8443", INVALID, INVALID),
            ("https://user:pass@example.com", INVALID, INVALID),
            ("https://example.com?foo=1", INVALID, INVALID),
            ("https://example.com/a#b", INVALID, INVALID),
            ("https://exa_mple.com", INVALID, INVALID),
            ("https://-a.example", INVALID, INVALID),
            ("https://a-.example", INVALID, INVALID),
            ("https://a..example", INVALID, INVALID),
            ("https://.", INVALID, INVALID),
            ("https://a-b.example.", "", ""),
            ("https://example.com/a b", INVALID, INVALID),
            ("https://bücher.example", INVALID, INVALID),
            ("http://localhost", SCHEME, ""),
            ("http://localhost:8080/idp", SCHEME, ""),
            ("https://localhost:8443", INVALID, ""),
            ("http://127.0.0.1:8080", SCHEME, ""),
            ("http://[::1]:8080", SCHEME, ""),
            ("http://localhost:8080?x", SCHEME, SCHEME),
            ("https://localhost:8443#x", INVALID, INVALID),
            ("http://localhost.example.com:80", SCHEME, SCHEME),
            ("http://user@localhost", SCHEME, SCHEME),
        ] {
            assert_eq!(said(url, false), strict, "{url}");
            assert_eq!(said(url, true), local, "{url} while issuers on loopback are let in");
        }
    }

    fn said(url: &str, loopback_http: bool) -> String {
        let refusal = |error: ServiceError| {
            format!("{}: {}", error.shape.code, error.message.unwrap_or_default())
        };
        check(url, Rules { loopback_http }).map_or_else(refusal, |()| String::new())
    }
}
