use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::str::FromStr;

/// Reads a provider's documents. Whoever has a network implements this.
pub trait Fetch: fmt::Debug + Send + Sync {
    /// Gets the document at `url`, which is `https`, or `http` to a loopback address.
    ///
    /// The request carries no credentials and follows no redirect. It gives up in a time that the
    /// caller of STS can wait for, and on an answer longer than `limit` bytes.
    ///
    /// Over TLS the server's certificate is verified for the URL's host and for now, against the
    /// known certificate authorities; if none of them vouches for it, against the last certificate that
    /// the server sent, as if that were known (and alone, that is the server's own). [`Chain`] says which of the two held: a certificate
    /// that is merely sent along, and has signed nothing, vouches for nobody. If neither holds, the
    /// answer is [`FetchError::Untrusted`].
    fn get<'a>(&'a self, url: &'a str, limit: usize) -> Fetching<'a>;
}

/// A document on its way.
pub type Fetching<'a> = Pin<Box<dyn Future<Output = Result<Fetched, FetchError>> + Send + 'a>>;

/// A document, and whom it is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// The document: the body of a 200.
    pub body: Vec<u8>,
    /// The server's certificates; `None` over plain `http`.
    pub chain: Option<Chain>,
}

/// What a server's certificates came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chain {
    /// Whether a known certificate authority issued the server's certificate.
    pub trusted: bool,
    /// The last certificate that the server sent: the top intermediate authority's, or the server's
    /// own when it stands alone.
    pub top: Thumbprint,
}

impl Chain {
    /// Whether AWS would talk to this server for a provider with these thumbprints: they are asked
    /// only when no known authority vouches for the server (IAM User Guide, "Obtain the thumbprint
    /// for an OpenID Connect identity provider").
    #[must_use]
    pub fn fits(&self, thumbprints: &[Thumbprint]) -> bool {
        self.trusted || thumbprints.contains(&self.top)
    }
}

/// A certificate's SHA-1, as IAM writes it: 40 hexadecimal digits.
///
/// It only picks one of the certificates that an administrator has named, so SHA-1's collisions,
/// which need the same hand on both sides, are of no use to an attacker.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Thumbprint([u8; 20]);

impl Thumbprint {
    /// The thumbprint of a certificate in DER.
    #[must_use]
    pub fn of_certificate(der: &[u8]) -> Self {
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY, der);
        let mut sha1 = [0; 20];
        for (to, from) in sha1.iter_mut().zip(digest.as_ref()) {
            *to = *from;
        }
        Self(sha1)
    }
}

impl FromStr for Thumbprint {
    type Err = InvalidThumbprint;

    fn from_str(text: &str) -> Result<Self, InvalidThumbprint> {
        let mut sha1 = [0; 20];
        hex::decode_to_slice(text, &mut sha1).map_err(|_| InvalidThumbprint)?;
        Ok(Self(sha1))
    }
}

impl fmt::Display for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Thumbprint({self})")
    }
}

/// A thumbprint is 40 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a thumbprint is 40 hexadecimal digits")]
pub struct InvalidThumbprint;

/// Why there is no document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// Nobody answers there, or no HTTP.
    #[error("it cannot be reached")]
    Unreachable,
    /// It took too long.
    #[error("it took too long")]
    TimedOut,
    /// The certificate is not for this host, not for now, or its chain does not hold.
    #[error("its certificate is not valid")]
    Untrusted,
    /// The answer's status is not 200.
    #[error("it answers with status {0}")]
    Status(u16),
    /// Nobody was asked: too many questions are on their way.
    #[error("too many questions are on their way")]
    Busy,
    /// The document is longer than the limit.
    #[error("its document is too long")]
    TooLong,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thumbprints_are_forty_digits() {
        // SHA-1 of "abc" (FIPS 180-4).
        let abc = "a9993e364706816aba3e25717850c26c9cd0d89d";
        assert_eq!(Thumbprint::of_certificate(b"abc").to_string(), abc);
        assert_eq!(abc.to_uppercase().parse(), Ok(Thumbprint::of_certificate(b"abc")));
        for text in
            ["", "a9", &abc.replacen('a', "", 1), &format!("{abc}00"), &abc.replace('a', "g")]
        {
            assert_eq!(text.parse::<Thumbprint>(), Err(InvalidThumbprint), "{text}");
        }
    }

    #[test]
    fn thumbprints_count_only_where_no_authority_vouches() {
        let (ours, other) =
            (Thumbprint::of_certificate(b"ours"), Thumbprint::of_certificate(b"other"));
        let cases = [
            (true, ours, &[][..], true),
            (true, ours, &[other], true),
            (false, ours, &[other, ours], true),
            (false, ours, &[other], false),
            (false, ours, &[], false),
        ];
        for (trusted, top, thumbprints, fits) in cases {
            assert_eq!(Chain { trusted, top }.fits(thumbprints), fits, "{trusted} {thumbprints:?}");
        }
    }
}
