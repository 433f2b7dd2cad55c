//! Whether a web page of another site sends a request.
//!
//! A browser on this machine reaches daypass for every page that it shows, and everybody knows the
//! well-known keys. A page cannot forge what this module reads: `Origin` and `Sec-Fetch-Site` (Fetch
//! Standard; W3C Fetch Metadata) name the page's site, and `Host` is the name by which the browser
//! found daypass. A name that belongs to somebody else may have been made to lead here (DNS
//! rebinding). These headers only ever refuse a request. None of them is proof of who sends it.

use std::net::{Ipv4Addr, Ipv6Addr};

use http::header::{HeaderName, HeaderValue, ORIGIN};

use crate::request::destination::is_aws_host;
use crate::request::host::{is_host, name_of};
use crate::request::incoming::Incoming;

/// Refuses what a web page sends, or may have sent, unless it is one of `pages`.
///
/// # Errors
/// Which of the headers tells of another page.
pub(crate) fn check(incoming: &Incoming, pages: Pages) -> Result<(), CrossSite> {
    let (headers, host) = (&incoming.head.headers, incoming.host());
    if !is_own_host(host, incoming.connection.config.public_host.as_deref()) {
        return Err(CrossSite::Host);
    }
    if let Some(origin) = headers.get(ORIGIN) {
        let is_welcome = origin.to_str().is_ok_and(|origin| pages.include(origin, host));
        return if is_welcome { Ok(()) } else { Err(CrossSite::Origin) };
    }
    // Browsers send no `Origin` with an image or a link.
    match headers.get(SEC_FETCH_SITE).map(HeaderValue::as_bytes) {
        None | Some(b"none" | b"same-origin") => Ok(()),
        // All ports of a loopback host are one site, which no other host shares.
        Some(b"same-site") if pages == Pages::OnLoopback && is_loopback(host) => Ok(()),
        Some(_) => Err(CrossSite::Fetch),
    }
}

/// Which web pages may send a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pages {
    /// Those that daypass has served at the same address.
    SameOrigin,
    /// Those too that any server on loopback has served: an application under development.
    OnLoopback,
}

impl Pages {
    fn include(self, origin: &str, host: &str) -> bool {
        is_same_origin(origin, host) || (self == Self::OnLoopback && is_loopback_page(origin))
    }
}

/// Which header tells that a page of another site sends a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CrossSite {
    /// `Host` is neither loopback, nor `--public-url`'s, nor one that AWS or LocalStack uses.
    #[error(
        "its Host header does not name this machine (use localhost, or start daypass with --public-url)"
    )]
    Host,
    /// `Origin` is of another site.
    #[error("its Origin header names a page of another origin")]
    Origin,
    /// `Sec-Fetch-Site` says so.
    #[error("its Sec-Fetch-Site header names another site")]
    Fetch,
}

fn is_same_origin(origin: &str, host: &str) -> bool {
    authority_of(origin).is_some_and(|authority| authority.eq_ignore_ascii_case(host))
}

fn is_loopback_page(origin: &str) -> bool {
    authority_of(origin).is_some_and(|host| is_host(host) && is_loopback(host))
}

/// The host and port of a web page's origin.
fn authority_of(origin: &str) -> Option<&str> {
    origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"))
}

/// Whether nobody else can have pages at a host.
fn is_own_host(host: &str, public_host: Option<&str>) -> bool {
    // HTTP/1.0 needs none, and every browser sends one.
    host.is_empty()
        || is_loopback(host)
        || is_aws_host(host)
        || is_localstack(name_of(host))
        || public_host.is_some_and(|public| name_of(host).eq_ignore_ascii_case(public))
}

/// Whether a host is an address of loopback, `localhost`, or a name below it (RFC 6761, section 6.3).
fn is_loopback(host: &str) -> bool {
    let name = name_of(host);
    match name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
        Some(address) => {
            address.parse::<Ipv6Addr>().is_ok_and(|it| it.to_canonical().is_loopback())
        }
        None => {
            is_or_is_below(name, "localhost")
                || name.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
        }
    }
}

/// The name that LocalStack's tools use. It has public DNS records which lead to 127.0.0.1.
fn is_localstack(name: &str) -> bool {
    is_or_is_below(name, "localhost.localstack.cloud")
}

fn is_or_is_below(name: &str, domain: &str) -> bool {
    let start = name.len().checked_sub(domain.len());
    let (Some(start), Some(end)) = (start, start.and_then(|start| name.get(start..))) else {
        return false;
    };
    let before = name.get(..start).unwrap_or_default();
    end.eq_ignore_ascii_case(domain) && (before.is_empty() || before.ends_with('.'))
}

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_else_has_pages_at_own_hosts() {
        let cases = [
            ("localhost", true),
            ("LOCALHOST:4566", true),
            ("aws.localhost:4566", true),
            ("127.0.0.1:4566", true),
            ("127.1.2.3", true),
            ("[::1]:4566", true),
            ("[::ffff:127.0.0.1]:4566", true),
            ("sts.eu-central-1.amazonaws.com", true),
            ("localhost.localstack.cloud:4566", true),
            ("s3.localhost.localstack.cloud:4566", true),
            ("Daypass.Example.com:8443", true),
            ("", true),
            ("daypass:4566", false),
            ("192.168.1.7", false),
            ("[fe80::1]:4566", false),
            ("rebound.example:4566", false),
            ("localhost.example", false),
            ("evillocalhost", false),
            ("localhost.", true),
            ("127.0.0.1.example", false),
            ("2130706433", false),
            ("sts.amazonaws.com.example", false),
            ("s3.amazonaws.com", false),
            ("evillocalhost.localstack.cloud", false),
            ("localstack.cloud", false),
            ("x.daypass.example.com", false),
            ("[rebound.example]", false),
        ];
        for (host, expected) in cases {
            assert_eq!(is_own_host(host, Some("daypass.example.com")), expected, "{host}");
        }
        assert!(!is_own_host("daypass.example.com", None));
    }

    #[test]
    fn pages_are_known_by_their_whole_origin() {
        // origin, host, same origin, on loopback
        let cases = [
            ("http://localhost:4566", "localhost:4566", true, true),
            ("http://LOCALHOST:4566", "localhost:4566", true, true),
            ("http://localhost:3000", "localhost:4566", false, true),
            ("https://app.localhost", "localhost:4566", false, true),
            ("http://127.0.0.1:3000", "localhost:4566", false, true),
            ("https://example.org", "localhost:4566", false, false),
            ("http://localhost.example", "localhost:4566", false, false),
            ("http://localhost@example.org", "localhost:4566", false, false),
            ("chrome-extension://localhost", "localhost:4566", false, false),
            ("null", "localhost:4566", false, false),
            ("file://", "", false, false),
            ("", "", false, false),
        ];
        for (origin, host, same, loopback) in cases {
            assert_eq!(is_same_origin(origin, host), same, "{origin} {host}");
            assert_eq!(is_loopback_page(origin), loopback, "{origin}");
        }
    }
}
