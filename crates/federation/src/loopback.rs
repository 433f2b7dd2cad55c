use std::net::{Ipv4Addr, Ipv6Addr};

/// Whether an authority (a host, perhaps with a port) can only be this machine: `localhost`, or an address
/// of loopback.
#[must_use]
pub fn is_loopback(authority: &str) -> bool {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((host, port)) => (host, port),
            None => return false,
        },
        None => authority.find(':').map_or((authority, ""), |colon| authority.split_at(colon)),
    };
    let port_is_well_formed =
        port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
    let loopback = if authority.starts_with('[') {
        host.parse::<Ipv6Addr>().is_ok_and(|host| host.is_loopback())
    } else {
        host.eq_ignore_ascii_case("localhost")
            || host.parse::<Ipv4Addr>().is_ok_and(|host| host.is_loopback())
    };
    port_is_well_formed && loopback
}
