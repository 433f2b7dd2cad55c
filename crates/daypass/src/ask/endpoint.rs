use std::fmt;
use std::str::FromStr;

use anyhow::{Context, bail};

/// Where a server is: what follows `http://` in its URL.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Endpoint {
    /// Host and port as in a `Host` header.
    pub(super) authority: String,
}

impl Endpoint {
    /// Host and port as sockets want them.
    pub(super) fn socket(&self) -> (&str, u16) {
        let (host, port) = match self.authority.rsplit_once(':') {
            // The colons of a bare IPv6 address are not before a port.
            Some((host, port)) if !port.ends_with(']') => (host, port.parse().unwrap_or(HTTP)),
            _ => (&*self.authority, HTTP),
        };
        (host.trim_start_matches('[').trim_end_matches(']'), port)
    }
}

impl FromStr for Endpoint {
    type Err = anyhow::Error;

    fn from_str(url: &str) -> anyhow::Result<Self> {
        let advice = || format!("{url:?} is no endpoint: write it as http://127.0.0.1:4566");
        let Some(rest) = url.strip_prefix("http://") else {
            if url.starts_with("https://") {
                bail!("{url:?} speaks TLS, which daypass does not: write it as http://…");
            }
            bail!(advice());
        };
        let authority = rest.trim_end_matches('/');
        let is_wrong = |c: char| c.is_whitespace() || c.is_control() || "/?#@".contains(c);
        if authority.is_empty() || authority.contains(is_wrong) {
            bail!(advice());
        }
        if let Some((_, port)) = authority.rsplit_once(':').filter(|(_, port)| !port.ends_with(']'))
        {
            port.parse::<u16>().with_context(advice)?;
        }
        Ok(Self { authority: authority.to_owned() })
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "http://{}", self.authority)
    }
}

const HTTP: u16 = 80;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_lead_to_sockets() {
        for (url, host, port) in [
            ("http://127.0.0.1:4566", "127.0.0.1", 4566),
            ("http://localhost:80/", "localhost", 80),
            ("http://daypass.local", "daypass.local", 80),
            ("http://[::1]:4566", "::1", 4566),
            ("http://[::1]", "::1", 80),
        ] {
            assert_eq!(url.parse::<Endpoint>().unwrap().socket(), (host, port), "{url}");
        }
    }

    #[test]
    fn what_is_no_endpoint() {
        for url in [
            "",
            "127.0.0.1:4566",
            "http://",
            "http://localhost:x",
            "http://localhost:99999",
            "http://a@b:1",
            "http://localhost:1/path",
            "http://local host:1",
            "http://a\r\nx: y",
        ] {
            let error = url.parse::<Endpoint>().unwrap_err().to_string();
            assert!(error.contains("http://127.0.0.1:4566"), "{error}");
        }
        let error = "https://localhost:1".parse::<Endpoint>().unwrap_err().to_string();
        assert!(error.contains("TLS"), "{error}");
    }
}
