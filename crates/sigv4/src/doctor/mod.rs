//! Finds out why a signature does not match.
//!
//! Whoever knows the secret can compute not only the right signature, but also the ones that come of the mistakes that
//! people really make: a host with its port, a query that is not sorted, a secret with a line break. [`diagnose`] tries
//! them, one and in pairs, and names the one under which the client's signature comes out. That is proof, not a guess:
//! two different computations do not come to the same 256 bits.
//!
//! ```
//! use daypass_sigv4::{ExpectedScope, Regions, Request, doctor};
//!
//! // Signed with the secret "secret", but hashed as if the body were empty.
//! let headers = [
//!     ("Host", "localhost:4566"),
//!     ("X-Amz-Date", "20150830T123600Z"),
//!     (
//!         "Authorization",
//!         "AWS4-HMAC-SHA256 Credential=AKID/20150830/us-east-1/sts/aws4_request, SignedHeaders=host;x-amz-date, \
//!          Signature=59ec3452dc264314d9f7dbe9eaf3b95ca2c0f2fab635aa672b6070d09c8eaa8a",
//!     ),
//! ];
//! let diagnosis = doctor::diagnose(&doctor::Case {
//!     request: Request::new("POST", "/", "", &headers),
//!     body: b"Action=GetCallerIdentity&Version=2011-06-15",
//!     secret: b"secret",
//!     other_secrets: &[],
//!     session_token: None,
//!     expected: ExpectedScope { service: "sts", regions: Regions::Only("us-east-1") },
//!     now: 1_440_938_160,
//! })?;
//! let [mistake] = diagnosis.mistakes() else { panic!("{diagnosis}") };
//! assert_eq!(mistake.kind, doctor::MistakeKind::PayloadEmpty);
//! # Ok::<(), daypass_sigv4::AuthError>(())
//! ```
//!
//! A diagnosis takes at most 900 signatures, no clock and no I/O, and for the same input is always the same. What it
//! says holds no secret, nothing derived from one, no signature and no session token.

mod draft;
mod headers;
mod hypotheses;
mod mistake;
mod order;
mod path;
mod payload;
mod plain;
mod query;
mod redact;
mod report;
mod scope;
mod secret;
mod seen;

pub use mistake::{Mistake, MistakeKind};
pub use report::Comparison;

use std::fmt;

use hypotheses::Hypotheses;
use subtle::ConstantTimeEq;

use crate::{Algorithm, AuthError, ExpectedScope, Presented, Request};
use draft::Draft;
use seen::Seen;

/// A request whose signature does not match, and what its server knows.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    /// The request as it was received.
    pub request: Request<'a>,
    /// Its body.
    pub body: &'a [u8],
    /// The secret access key that it should have been signed with.
    pub secret: &'a [u8],
    /// The ids and secrets of other keys that the client may have mixed up with this one.
    pub other_secrets: &'a [(&'a str, &'a [u8])],
    /// The session token of the credentials, if it is known otherwise than from the request.
    pub session_token: Option<&'a str>,
    /// The scope that the server accepts.
    pub expected: ExpectedScope<'a>,
    /// When it was received, in seconds since 1970.
    pub now: i64,
}

/// What is wrong with a signature.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    mistakes: Vec<Mistake>,
    explained: bool,
    canonical_request: Comparison,
    string_to_sign: Comparison,
    tried: usize,
}

/// Finds out what is wrong with a signature.
///
/// # Errors
///
/// When the request has no readable signature: then the error says what is wrong already. Also when it is signed with
/// SigV4a, whose signatures nobody can make anew.
pub fn diagnose(case: &Case<'_>) -> Result<Diagnosis, AuthError> {
    let presented = Presented::parse(&case.request)?;
    if presented.algorithm() != Algorithm::HmacSha256 {
        let algorithm = presented.algorithm().as_str().to_owned();
        return Err(AuthError::UnsupportedAlgorithm { algorithm });
    }
    let seen = Seen::new(case, &presented);
    let (mut mistakes, signature) =
        plain::look(&seen, &presented.signature, &case.expected, case.now);
    let mut correct = Draft::correct(&seen);
    let mut tried = 1;
    let mut found = None;
    let mut explained = false;
    if let Some(signature) = signature {
        explained = correct.signature(seen.access_key_id).ct_eq(&signature).into();
        if !explained {
            found = suppose(&seen, &case.expected).search(&seen, &correct, &signature, &mut tried);
            explained = found.is_some();
        }
    }
    if seen.plus_may_be_space && found.as_ref().is_some_and(|found| found.draft.query.is_spaced()) {
        correct.query.set_spaced();
    }
    let theirs = found.as_ref().filter(|found| !found.mistakes.is_empty());
    let theirs = theirs.map(|found| &found.draft);
    let (canonical_request, string_to_sign) = report::compare(&seen, &correct, theirs);
    for mistake in found.into_iter().flat_map(|found| found.mistakes) {
        mistakes.retain(|plain| plain.kind != mistake.kind);
        mistakes.push(mistake);
    }
    Ok(Diagnosis { mistakes, explained, canonical_request, string_to_sign, tried })
}

impl Diagnosis {
    /// The mistakes that were found. If the signature [is explained](Self::is_explained), it is right but for these;
    /// otherwise these are there and something else is wrong too.
    pub fn mistakes(&self) -> &[Mistake] {
        &self.mistakes
    }

    /// Whether the client's signature comes out right once the mistakes are taken into account.
    pub fn is_explained(&self) -> bool {
        self.explained
    }

    /// Whether nothing is wrong.
    pub fn is_right(&self) -> bool {
        self.explained && self.mistakes.is_empty()
    }

    /// The canonical request that AWS computes, and the client's if it is known.
    pub fn canonical_request(&self) -> &Comparison {
        &self.canonical_request
    }

    /// The string to sign that AWS computes, and the client's if it is known.
    pub fn string_to_sign(&self) -> &Comparison {
        &self.string_to_sign
    }

    /// How many signatures were computed.
    pub fn tried(&self) -> usize {
        self.tried
    }

    /// The finding in one line, for a log.
    pub fn summary(&self) -> String {
        let advice: Vec<&str> = self.mistakes.iter().map(|mistake| &*mistake.advice).collect();
        match (self.explained, advice.is_empty()) {
            (true, true) => "the signature is right".to_owned(),
            (true, false) => advice.join("; and "),
            (false, true) => NO_FIT.to_owned(),
            (false, false) => format!("{}; beside that, {NO_FIT}", advice.join("; and ")),
        }
    }
}

/// All hypotheses, the most likely first.
fn suppose<'a>(seen: &Seen<'a>, expected: &ExpectedScope<'a>) -> Hypotheses<'a> {
    let mut all = Hypotheses::default();
    headers::suppose(seen, &mut all);
    secret::suppose(seen, &mut all);
    payload::suppose(seen, &mut all);
    query::suppose(seen, &mut all);
    path::suppose(seen, &mut all);
    scope::suppose(seen, expected, &mut all);
    order::suppose(seen, &mut all);
    all
}

impl fmt::Debug for Case<'_> {
    /// Leaves out all that may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Case")
            .field("request", &self.request)
            .field("expected", &self.expected)
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

const NO_FIT: &str = "no mistake that daypass knows explains the signature: most likely it was made with another secret";
