//! How a request is signed.

/// The algorithm of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// SigV4: an HMAC, whose key is bound to one region.
    HmacSha256,
    /// SigV4a: an ECDSA signature on the curve P-256, good for a [set of regions](crate::RegionSet).
    EcdsaP256Sha256,
}

impl Algorithm {
    /// The algorithm as requests spell it, as the scheme of an `Authorization` header or as `X-Amz-Algorithm`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HmacSha256 => "AWS4-HMAC-SHA256",
            Self::EcdsaP256Sha256 => "AWS4-ECDSA-P256-SHA256",
        }
    }

    /// Reads the algorithm that a request names; SigV4a only where it is accepted.
    pub(crate) fn parse(text: &[u8], sigv4a: bool) -> Option<Self> {
        let known = [Self::HmacSha256, Self::EcdsaP256Sha256];
        let accepted = if sigv4a { &known[..] } else { &known[..1] };
        accepted.iter().copied().find(|known| known.as_str().as_bytes() == text)
    }
}
