use std::net::IpAddr;

use ipnet::IpNet;

use crate::context::Scalar;

/// Address ranges; an address of one family is never in a range of the other.
#[derive(Debug)]
pub(super) struct IpTest(Box<[IpNet]>);

impl IpTest {
    pub(super) fn new(values: &[&str]) -> Self {
        Self(values.iter().filter_map(|value| parse(value)).collect())
    }

    pub(super) fn matches(&self, value: Scalar<'_>) -> bool {
        let address: Option<IpAddr> = match value {
            Scalar::Ip(address) => Some(address),
            Scalar::Text(text) => text.parse().ok(),
            Scalar::Number(_) | Scalar::Bool(_) | Scalar::Date(_) => None,
        };
        address.is_some_and(|address| self.0.iter().any(|range| range.contains(&address)))
    }
}

/// Whether text is an address or a range of addresses.
pub(crate) fn is_range(text: &str) -> bool {
    parse(text).is_some()
}

/// A range, or a single address as a range of one.
fn parse(text: &str) -> Option<IpNet> {
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}
