//! What a request says about its signature, as yet unproved.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use crate::{
    algorithm::Algorithm,
    canonical,
    content::ContentSha256,
    key::{PayloadHash, SigningKey},
    query::Plus,
    region_set::RegionSet,
    request::{AUTHORITY, HOST, Request},
    scope::{Credential, CredentialText},
    time::Timestamp,
};

/// Where a signature came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// The `Authorization` header.
    Header,
    /// The query string: a presigned request.
    Query,
}

/// What a request says about its signature: complete and readable, but proved only once it is part of a
/// [`Verified`](crate::Verified).
#[derive(Clone)]
pub struct Claims<'a> {
    pub(crate) request: Request<'a>,
    pub(crate) carrier: Carrier,
    pub(crate) credential: CredentialText<'a>,
    /// SigV4a has one, SigV4 has none.
    pub(crate) region_set: Option<RegionSet<'a>>,
    pub(crate) signed_headers: SignedHeaders<'a>,
    pub(crate) signed_at: Timestamp,
    /// The raw `X-Amz-Expires` of a presigned request.
    pub(crate) expires: Option<Cow<'a, str>>,
    pub(crate) signature: Cow<'a, [u8]>,
    pub(crate) security_token: Option<Cow<'a, str>>,
    /// Whether the session token was added to the query after signing.
    pub(crate) token_follows: bool,
    /// How a bare `+` of the query is read.
    pub(crate) plus: Plus,
    /// Whether the query has a bare `+` that may be a space.
    pub(crate) plus_may_be_space: bool,
    /// A value of `x-amz-content-sha256` that can be read.
    pub(crate) content: Option<&'a [u8]>,
}

impl Claims<'_> {
    /// Where the signature came from.
    pub fn carrier(&self) -> Carrier {
        self.carrier
    }

    /// How the request is signed.
    pub fn algorithm(&self) -> Algorithm {
        match self.region_set {
            None => Algorithm::HmacSha256,
            Some(_) => Algorithm::EcdsaP256Sha256,
        }
    }

    /// The id of the access key that signs.
    pub fn access_key_id(&self) -> &str {
        self.credential().access_key_id
    }

    /// The access key id and the scope. Before the scope is checked, a missing part is empty.
    pub fn credential(&self) -> Credential<'_> {
        self.credential.parts()
    }

    /// The regions that a SigV4a signature is good for. SigV4 names its one region in the [credential].
    ///
    /// [credential]: Self::credential
    pub fn region_set(&self) -> Option<&RegionSet<'_>> {
        self.region_set.as_ref()
    }

    /// When the request was signed.
    pub fn signed_at(&self) -> Timestamp {
        self.signed_at
    }

    /// The headers that the signature covers.
    pub fn signed_headers(&self) -> &SignedHeaders<'_> {
        &self.signed_headers
    }

    /// The session token, from the place that the signature came from: a header goes with a header, a query
    /// parameter with a query. A secret: don't log it.
    pub fn security_token(&self) -> Option<&str> {
        self.security_token.as_deref()
    }

    /// What the request declares its body to be, where the [profile](crate::Profile) heeds that. `None` means that the
    /// signature must cover the hash of the body.
    pub fn content_sha256(&self) -> Option<ContentSha256> {
        self.content.and_then(ContentSha256::parse)
    }

    /// The canonical request that a correct signature covers, for diagnosis. Bytes that are not UTF-8 are replaced
    /// here, though not where it is verified. It may hold a session token.
    pub fn canonical_request(&self, payload: &PayloadHash) -> String {
        let mut text = Vec::new();
        canonical::write_request(self, payload, &mut text);
        lossy(text)
    }

    /// The string to sign of that canonical request, for diagnosis.
    pub fn string_to_sign(&self, payload: &PayloadHash) -> String {
        let (text, _) = self.string_to_sign_bytes(payload);
        lossy(text)
    }

    /// The signature that a holder of the key's secret makes of the request, in lower-case hexadecimal: for
    /// clients, which sign what they send. It stands for the key itself, for this request.
    pub fn signature(&self, key: &SigningKey, payload: &PayloadHash) -> String {
        let (text, _) = self.string_to_sign_bytes(payload);
        lossy(key.sign(&text).to_vec())
    }

    /// The string to sign, and whether every signed header is there.
    pub(crate) fn string_to_sign_bytes(&self, payload: &PayloadHash) -> (Vec<u8>, bool) {
        let mut text = Vec::with_capacity(USUAL_LENGTH);
        let complete = canonical::write_request(self, payload, &mut text);
        let hash = Sha256::digest(&text);
        text.clear();
        canonical::write_string_to_sign(self, hash.into(), &mut text);
        (text, complete)
    }
}

impl std::fmt::Debug for Claims<'_> {
    /// Leaves out the signature and the session token.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Claims")
            .field("carrier", &self.carrier)
            .field("credential", &self.credential.as_str())
            .field("signed_headers", &self.signed_headers.as_str())
            .field("signed_at", &self.signed_at)
            .finish_non_exhaustive()
    }
}

/// The names of the headers that a signature covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedHeaders<'a>(Cow<'a, str>);

impl<'a> SignedHeaders<'a> {
    pub(crate) fn new(list: Cow<'a, str>) -> Self {
        Self(list)
    }

    /// The list as it was sent, separated by semicolons.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The names, in the order they were sent.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.split(';')
    }

    /// As [`names`](Self::names), for whoever only compares.
    pub(crate) fn bytes_of_names(&self) -> impl Iterator<Item = &[u8]> {
        self.0.as_bytes().split(|byte| *byte == b';')
    }

    /// Whether the signature covers a header of this name, in any case.
    pub fn contains(&self, name: &str) -> bool {
        self.bytes_of_names().any(|signed| signed.eq_ignore_ascii_case(name.as_bytes()))
    }

    /// Whether the signature covers the host.
    pub(crate) fn has_host(&self) -> bool {
        self.contains(HOST) || self.contains(AUTHORITY)
    }

    /// Whether the list is as a canonical request must have it: lower case, sorted, each name once, and no more
    /// names than any client has reason to sign. No other list can be part of the signature that AWS computes.
    pub fn is_canonical(&self) -> bool {
        let mut count = 0;
        let names = self.bytes_of_names().inspect(|_| count += 1);
        let sorted = names.is_sorted_by(|left, right| left < right);
        let upper = self.0.bytes().fold(false, |upper, byte| upper | byte.is_ascii_uppercase());
        sorted && !upper && count <= MAX_SIGNED_HEADERS
    }
}

/// Text that is UTF-8 or else Latin-1, as header values are (RFC 9110, 5.5).
pub(crate) fn text(bytes: Cow<'_, [u8]>) -> Cow<'_, str> {
    let latin1 = |bytes: &[u8]| bytes.iter().copied().map(char::from).collect();
    match bytes {
        Cow::Borrowed(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(latin1(bytes)),
        },
        Cow::Owned(bytes) => {
            Cow::Owned(String::from_utf8(bytes).unwrap_or_else(|error| latin1(error.as_bytes())))
        }
    }
}

fn lossy(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Servers stop at about this many headers altogether.
const MAX_SIGNED_HEADERS: usize = 128;
/// Holds nearly every canonical request without growing. A session token makes it longer.
const USUAL_LENGTH: usize = 1024;
