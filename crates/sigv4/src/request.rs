//! What a verifier needs to see of a request, borrowed from whoever received it.

use std::fmt;

use crate::{claims::Carrier, path::PathStyle, profile::Profile};

/// Shows the headers of a request without copying them.
///
/// [`http::HeaderMap`](https://docs.rs/http) implements it (feature `http`), and so does a plain slice of
/// name and value pairs in wire order.
pub trait Headers: Sync {
    /// Calls `each` with the name and the value of every header; those of one name in wire order. Names may be in
    /// any case.
    fn visit<'h>(&'h self, each: &mut dyn FnMut(&'h str, &'h [u8]));
}

/// A request as it came over the wire, and what its service asks of signatures.
///
/// Nothing in it may have been decoded, normalised or re-encoded on the way here.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    pub(crate) headers: &'a dyn Headers,
    authority: Option<&'a str>,
    pub(crate) profile: Profile,
    pub(crate) must_sign: &'a [&'a str],
    pub(crate) sigv4a: bool,
}

impl<'a> Request<'a> {
    /// A request with the raw `path`, and the raw `query` without its question mark (empty when there is none).
    pub fn new(method: &'a str, path: &'a str, query: &'a str, headers: &'a dyn Headers) -> Self {
        Self {
            method,
            path,
            query,
            headers,
            authority: None,
            profile: Profile::QUERY,
            must_sign: &[],
            sigv4a: false,
        }
    }

    /// The head of a request that an HTTP server has read.
    #[cfg(feature = "http")]
    pub fn from_parts(parts: &'a http::request::Parts) -> Self {
        let request = Self::new(
            parts.method.as_str(),
            parts.uri.path(),
            parts.uri.query().unwrap_or_default(),
            &parts.headers,
        );
        match parts.uri.authority() {
            Some(authority) => request.authority(authority.as_str()),
            None => request,
        }
    }

    /// Sets HTTP/2's `:authority`, which stands for the `Host` header when the request has none (RFC 9113, 8.3.1), and
    /// for nothing when it has one. So does the authority of a target in absolute form (RFC 9112, 3.2.2). Whoever
    /// routes by it refuses requests in which the two differ.
    #[must_use]
    pub fn authority(mut self, authority: &'a str) -> Self {
        self.authority = Some(authority);
        self
    }

    /// Sets the rules of the service. Without a call they are those of STS and IAM, [`Profile::QUERY`].
    #[must_use]
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Sets how the service turns the path into its canonical form, which is part of its [`Profile`] too.
    #[must_use]
    pub fn path_style(mut self, style: PathStyle) -> Self {
        self.profile.path_style = style;
        self
    }

    /// Names headers that the service wants signed beside `host`, such as `x-k8s-aws-id`.
    #[must_use]
    pub fn must_sign(mut self, names: &'a [&'a str]) -> Self {
        self.must_sign = names;
        self
    }

    /// Sets whether the service accepts SigV4a beside SigV4. STS does, IAM does not; where nothing is said, it does
    /// not, and SigV4a is one more unknown algorithm.
    #[cfg(feature = "sigv4a")]
    #[must_use]
    pub fn sigv4a(mut self, accepted: bool) -> Self {
        self.sigv4a = accepted;
        self
    }

    /// Where this request carries a signature, or would have to, if it carries none that can be read.
    pub fn carrier(&self) -> Carrier {
        let mut carrier = Carrier::Query;
        self.headers.visit(&mut |name, _| {
            if name.eq_ignore_ascii_case("authorization") {
                carrier = Carrier::Header;
            }
        });
        carrier
    }

    /// The value of a header that may be there only once. `Err` holds the values of one that is there more often.
    pub(crate) fn only_header(&self, name: &str) -> Result<Option<&'a [u8]>, Vec<u8>> {
        let mut values: Vec<&'a [u8]> = Vec::new();
        self.headers.visit(&mut |header, value| {
            if header.eq_ignore_ascii_case(name) {
                values.push(value);
            }
        });
        match *values {
            [] => Ok(None),
            [value] => Ok(Some(value.trim_ascii())),
            _ => Err(values.join(&b","[..])),
        }
    }

    /// Visits the values that a name in `SignedHeaders` stands for.
    ///
    /// `host` is the `Host` header, and `:authority` where there is none. `:authority` is nothing where there is a
    /// `Host` header: whoever routes by that header would route by what nobody has signed.
    pub(crate) fn visit_signed(&self, name: &[u8], mut each: impl FnMut(&'a [u8])) {
        let (mut found, mut has_host) = (false, false);
        self.headers.visit(&mut |header, value| {
            has_host |= header.eq_ignore_ascii_case(HOST);
            if header.as_bytes().eq_ignore_ascii_case(name) {
                found = true;
                each(value);
            }
        });
        if let (false, false, Some(authority)) = (found, has_host, self.authority)
            && (name == HOST.as_bytes() || name == AUTHORITY.as_bytes())
        {
            each(authority.as_bytes());
        }
    }
}

impl fmt::Debug for Request<'_> {
    /// Leaves out the query and the headers, which may hold session tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl<N: AsRef<str> + Sync, V: AsRef<[u8]> + Sync> Headers for [(N, V)] {
    fn visit<'h>(&'h self, each: &mut dyn FnMut(&'h str, &'h [u8])) {
        self.iter().for_each(|(name, value)| each(name.as_ref(), value.as_ref()));
    }
}

impl<N: AsRef<str> + Sync, V: AsRef<[u8]> + Sync, const COUNT: usize> Headers for [(N, V); COUNT] {
    fn visit<'h>(&'h self, each: &mut dyn FnMut(&'h str, &'h [u8])) {
        self.as_slice().visit(each);
    }
}

impl<N: AsRef<str> + Sync, V: AsRef<[u8]> + Sync> Headers for Vec<(N, V)> {
    fn visit<'h>(&'h self, each: &mut dyn FnMut(&'h str, &'h [u8])) {
        self.as_slice().visit(each);
    }
}

#[cfg(feature = "http")]
impl Headers for http::HeaderMap {
    fn visit<'h>(&'h self, each: &mut dyn FnMut(&'h str, &'h [u8])) {
        self.iter().for_each(|(name, value)| each(name.as_str(), value.as_bytes()));
    }
}

pub(crate) const HOST: &str = "host";
pub(crate) const AUTHORITY: &str = ":authority";
