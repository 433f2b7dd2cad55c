use std::str::FromStr;

use http::Uri;
use serde::Deserialize;

/// The URL at which others reach a server: a scheme, a host and perhaps a port. A path is none of it:
/// signatures are over the paths that clients ask for, so that no proxy may change them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct PublicUrl(String);

/// The text is no such URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no public URL: write https://HOST or https://HOST:PORT, without a path")]
pub struct InvalidPublicUrl(String);

impl PublicUrl {
    /// The URL, in lower case and without a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host, without the port.
    #[must_use]
    pub fn host(&self) -> &str {
        let authority = self.0.split_once("://").map_or(&*self.0, |(_, authority)| authority);
        let end = authority
            .rfind(':')
            .filter(|colon| !authority.get(*colon..).unwrap_or_default().contains(']'));
        authority.get(..end.unwrap_or(authority.len())).unwrap_or_default()
    }
}

impl FromStr for PublicUrl {
    type Err = InvalidPublicUrl;

    fn from_str(text: &str) -> Result<Self, InvalidPublicUrl> {
        let invalid = || InvalidPublicUrl(text.to_owned());
        let url = text.strip_suffix('/').unwrap_or(text).to_ascii_lowercase();
        let uri: Uri = url.parse().map_err(|_| invalid())?;
        let is_web = matches!(uri.scheme_str(), Some("http" | "https"));
        let authority = uri.authority().ok_or_else(invalid)?;
        let has_name = !authority.host().is_empty() && !authority.as_str().contains('@');
        let port = authority.as_str().strip_prefix(authority.host()).unwrap_or_default();
        let has_port = port.is_empty() || authority.port_u16().is_some_and(|port| port > 0);
        // Nothing follows the authority, a fragment neither, which the parser leaves out.
        let is_all = url.ends_with(authority.as_str()) && !url.contains('#');
        if is_web && has_name && has_port && is_all { Ok(Self(url)) } else { Err(invalid()) }
    }
}

impl TryFrom<String> for PublicUrl {
    type Error = InvalidPublicUrl;

    fn try_from(text: String) -> Result<Self, InvalidPublicUrl> {
        text.parse()
    }
}

impl From<PublicUrl> for String {
    fn from(url: PublicUrl) -> Self {
        url.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_a_scheme_and_a_host() {
        let cases = [
            ("https://aws.example.com", Some("https://aws.example.com")),
            ("http://Daypass:4566/", Some("http://daypass:4566")),
            ("HTTPS://[2001:DB8::1]:8443", Some("https://[2001:db8::1]:8443")),
            ("http://192.0.2.7", Some("http://192.0.2.7")),
            ("", None),
            ("aws.example.com", None),
            ("aws.example.com:443", None),
            ("ftp://aws.example.com", None),
            ("https://", None),
            ("https:///", None),
            ("https://:443", None),
            ("https://aws.example.com:", None),
            ("https://aws.example.com:0", None),
            ("https://aws.example.com:99999", None),
            ("https://me@aws.example.com", None),
            ("https://aws.example.com//", None),
            ("https://aws.example.com/aws", None),
            ("https://aws.example.com?x", None),
            ("https://aws.example.com/?x", None),
            ("https://aws.example.com#x", None),
            ("https://aws.example.com#aws.example.com", None),
            ("https://aws example.com", None),
            ("https://[::1", None),
        ];
        for (text, expected) in cases {
            let parsed = text.parse::<PublicUrl>().ok();
            assert_eq!(parsed.as_ref().map(PublicUrl::as_str), expected, "{text}");
        }
        let said = "x".parse::<PublicUrl>().unwrap_err().to_string();
        assert!(said.starts_with("\"x\" is no public URL"), "{said}");
    }
}
