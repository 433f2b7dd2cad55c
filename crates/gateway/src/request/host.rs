//! The host that a request is for: it decides service and region, so it is the one that the signature covers.

use http::header::HOST;
use http::request;

/// The host of a request, with its port if it names one; empty where it names none, as HTTP/1.0 may.
///
/// `None`: the request names none that can be relied on, and is to be refused. That is a request with several
/// `Host` headers, with one that is no host (RFC 9112, 3.2), or with one that differs from the authority of its
/// target. The target is HTTP/2's `:authority` (RFC 9113, 8.3.1) or is in absolute form, where RFC 9112, 3.2.2,
/// would have the target win: but the signature covers the header. What AWS does is not on record.
pub(crate) fn host_of(head: &request::Parts) -> Option<&str> {
    let authority = head.uri.authority().map(http::uri::Authority::as_str);
    let mut headers = head.headers.get_all(HOST).iter();
    let header = headers.next().map(|host| host.to_str().map_err(|_| ())).transpose().ok()?;
    if headers.next().is_some() {
        return None;
    }
    let host = match (header, authority) {
        (Some(header), Some(authority)) if !header.eq_ignore_ascii_case(authority) => return None,
        (header, authority) => header.or(authority).unwrap_or_default(),
    };
    is_host(host).then_some(host)
}

/// The name or address in a host: without port, and without the dot that may end a name that is complete
/// (RFC 3986, 3.2.2). An address of IPv6 has its brackets.
pub(crate) fn name_of(host: &str) -> &str {
    let colon = match host.find(']') {
        Some(bracket) => Some(bracket + 1),
        None => host.find(':'),
    };
    let name = colon.and_then(|colon| host.get(..colon)).unwrap_or(host);
    name.strip_suffix('.').unwrap_or(name)
}

/// `uri-host [":" port]` (RFC 9110, 7.2), with the characters that names of hosts and containers have. User
/// information is not among them, nor is the comma by which two headers are joined.
pub(crate) fn is_host(host: &str) -> bool {
    let (name_is_well_formed, port) = match host.strip_prefix('[') {
        Some(rest) => {
            let Some((address, port)) = rest.split_once(']') else { return false };
            (address.parse::<std::net::Ipv6Addr>().is_ok(), port)
        }
        None => {
            let (name, port) = host.split_at(host.find(':').unwrap_or(host.len()));
            (name.bytes().all(is_of_name), port)
        }
    };
    let port_is_well_formed = match port.strip_prefix(':') {
        Some(port) => port.bytes().all(|byte| byte.is_ascii_digit()),
        None => port.is_empty(),
    };
    name_is_well_formed && port_is_well_formed
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'%')
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    #[test]
    fn one_host_or_none_that_can_be_relied_on() {
        let sts = "sts.amazonaws.com";
        for (target, headers, expected) in [
            ("/", &[][..], Some("")),
            ("/", &[""], Some("")),
            ("/", &[sts], Some(sts)),
            ("/", &["STS.AmazonAWS.com:443"], Some("STS.AmazonAWS.com:443")),
            ("/", &["sts.amazonaws.com.:80"], Some("sts.amazonaws.com.:80")),
            ("/", &["my_daypass:4566"], Some("my_daypass:4566")),
            ("/", &["[::1]:4566"], Some("[::1]:4566")),
            ("/", &["127.0.0.1:"], Some("127.0.0.1:")),
            ("/", &[sts, sts], None),
            ("/", &[sts, "iam.amazonaws.com"], None),
            ("/", &["sts.amazonaws.com, iam.amazonaws.com"], None),
            ("/", &["sts.amazonaws.com,iam.amazonaws.com"], None),
            ("/", &["user@sts.amazonaws.com"], None),
            ("/", &["sts.amazonaws.com@evil.example"], None),
            ("/", &["sts.amazonaws.com:x"], None),
            ("/", &["sts.amazonaws.com:80:80"], None),
            ("/", &["sts.amazonaws.com/"], None),
            ("/", &["http://sts.amazonaws.com"], None),
            ("/", &["sts.amazonaws.com?x"], None),
            ("/", &["[::1"], None),
            ("/", &["[sts.amazonaws.com]"], None),
            ("/", &["[::1]x"], None),
            ("/", &["stś.amazonaws.com"], None),
            ("http://sts.amazonaws.com/", &[], Some(sts)),
            ("http://sts.amazonaws.com/", &[sts], Some(sts)),
            ("http://sts.amazonaws.com/", &["STS.amazonaws.com"], Some("STS.amazonaws.com")),
            ("http://sts.amazonaws.com/", &["iam.amazonaws.com"], None),
            ("http://sts.amazonaws.com/", &["sts.amazonaws.com:80"], None),
            ("http://sts.amazonaws.com/", &[""], None),
            ("http://sts.amazonaws.com/", &["stś.amazonaws.com"], None),
            ("http://user@sts.amazonaws.com/", &[], None),
            ("http://user@sts.amazonaws.com/", &[sts], None),
        ] {
            let request = headers
                .iter()
                .fold(Request::get(target), |request, host| request.header(HOST, host.as_bytes()));
            let (head, ()) = request.body(()).unwrap().into_parts();
            assert_eq!(host_of(&head), expected, "{target} {headers:?}");
        }
    }

    #[test]
    fn a_name_has_neither_port_nor_final_dot() {
        for (host, name) in [
            ("sts.amazonaws.com", "sts.amazonaws.com"),
            ("sts.amazonaws.com.:443", "sts.amazonaws.com"),
            ("sts.amazonaws.com..", "sts.amazonaws.com."),
            ("localhost:4566", "localhost"),
            ("[::1]:4566", "[::1]"),
            ("[::1]", "[::1]"),
            ("", ""),
        ] {
            assert_eq!(name_of(host), name, "{host}");
        }
    }
}
