//! Who sits at this machine, as far as a request tells.
//!
//! A connection from loopback does not say it all: a browser here brings the requests of any page, and a
//! proxy here those of anybody. So the name counts, too, by which the client means to speak to daypass. One
//! that is somebody else's to give out may have been made to lead here (DNS rebinding), or is the proxy's.

use std::net::{Ipv4Addr, Ipv6Addr};

use http::header::ORIGIN;
use http::uri::Authority;

use crate::request::destination::is_of_aws;
use crate::request::incoming::Incoming;

/// Whether a client on this machine sends this.
pub(crate) fn is_from_this_machine(incoming: &Incoming) -> bool {
    incoming.connection.peer.ip().to_canonical().is_loopback() && is_nobody_elses(incoming.host())
}

/// Whether a browser says that a page sends this which is not of this machine.
pub(crate) fn is_from_another_site(incoming: &Incoming) -> bool {
    let origin = incoming.head.headers.get(ORIGIN);
    origin
        .is_some_and(|origin| !origin.to_str().is_ok_and(|origin| is_own(origin, incoming.host())))
}

fn is_own(origin: &str, host: &str) -> bool {
    let of_page = origin.split_once("://").map(|(_, of_page)| of_page);
    of_page.is_some_and(|of_page| of_page.eq_ignore_ascii_case(host)) && is_nobody_elses(host)
}

/// Whether a host is an address, a name without a domain, such as a container's, one below `localhost`, or
/// AWS's: nobody else has pages there.
fn is_nobody_elses(host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else { return host.is_empty() };
    let name = authority.host().to_ascii_lowercase();
    let in_brackets = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    match in_brackets {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => {
            !name.contains('.')
                || name.ends_with(".localhost")
                || name.parse::<Ipv4Addr>().is_ok()
                || is_of_aws(&name)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_hosts_are_nobody_elses() {
        let cases = [
            ("localhost", true),
            ("LOCALHOST:4566", true),
            ("aws.localhost:4566", true),
            ("daypass:4566", true),
            ("127.0.0.1:4566", true),
            ("192.168.1.7", true),
            ("[::1]:4566", true),
            ("sts.eu-central-1.amazonaws.com", true),
            // Before HTTP/1.1 nobody need say it, and every browser does.
            ("", true),
            ("rebound.example:4566", false),
            ("localhost.example", false),
            ("xlocalhost.", false),
            ("127.0.0.1.example", false),
            ("sts.amazonaws.com.example", false),
            ("s3.amazonaws.com", false),
            ("[rebound.example]", false),
            ("rebound.example, localhost", false),
            ("rebound.example@localhost@x.example", false),
        ];
        for (host, expected) in cases {
            assert_eq!(is_nobody_elses(host), expected, "{host}");
        }
    }

    #[test]
    fn a_page_is_own_by_its_whole_host() {
        let cases = [
            ("http://localhost:4566", "localhost:4566", true),
            ("http://LOCALHOST:4566", "localhost:4566", true),
            ("http://localhost:3000", "localhost:4566", false),
            ("https://example.org", "localhost:4566", false),
            ("http://rebound.example:4566", "rebound.example:4566", false),
            ("null", "localhost:4566", false),
            ("", "", false),
        ];
        for (origin, host, expected) in cases {
            assert_eq!(is_own(origin, host), expected, "{origin} {host}");
        }
    }
}
