//! Verifies AWS Signature Version 4, or says exactly why a signature does not hold.
//!
//! AWS looks at a signed request in a fixed order, and what it answers depends on the first thing it dislikes. So
//! verification is a row of stages, each made from the one before it by value:
//!
//! ```text
//! Request ─parse→ Presented ─check_freshness→ Fresh ─check_scope→ Scoped ─verify→ Verified
//! ```
//!
//! Between [`Scoped`] and [`Verified`] the caller looks up the access key and opens the session token, which this
//! crate knows nothing about; the words for what goes wrong there are in [`AuthError`] all the same. Every stage
//! derefs to [`Claims`], so that the key id can be read from any of them, but only a [`Verified`] proves anything.
//!
//! All of this is pure: no clock, no I/O, no async. Its input is hostile, so its work is bounded by `n log n` of the
//! request's head, and nothing in it panics. For a whole service there is a layer, in the module `tower`.
//!
//! ```
//! use daypass_sigv4::{ExpectedScope, PayloadHash, Presented, Regions, Request, SigningKey};
//!
//! let headers = [
//!     ("Host", "example.amazonaws.com"),
//!     ("X-Amz-Date", "20150830T123600Z"),
//!     (
//!         "Authorization",
//!         "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
//!          SignedHeaders=host;x-amz-date, \
//!          Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
//!     ),
//! ];
//! let expected = ExpectedScope { service: "service", regions: Regions::Only("us-east-1") };
//!
//! let scoped = Presented::parse(&Request::new("GET", "/", "", &headers))?
//!     .check_freshness(1_440_938_160)?
//!     .check_scope(&expected)?;
//!
//! assert_eq!(scoped.access_key_id(), "AKIDEXAMPLE");
//! let secret = b"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
//! let scope = scoped.credential();
//! let key = SigningKey::derive(secret, scope.date, scope.region, scope.service);
//!
//! let verified = scoped.verify(&key, &PayloadHash::of(b""))?;
//! assert!(verified.signed_headers().contains("x-amz-date"));
//! # Ok::<(), daypass_sigv4::AuthError>(())
//! ```
//!
//! # Services and bodies
//!
//! What a service asks beyond a signature that holds is its [`Profile`]: STS and IAM unless said otherwise, other
//! services of AWS, or S3, whose words are in [`AuthError::s3_answer`]. Where the profile heeds `x-amz-content-sha256`,
//! the head of a request can be verified before its body has come; [`DeclaredBody`] is what is left to check. A
//! [`ChunkedBody`] decodes and verifies the aws-chunked encoding while it arrives:
//!
//! ```
//! use daypass_sigv4::{
//!     DeclaredBody, ExpectedScope, Presented, Profile, Regions, Request, SigningKey,
//! };
//!
//! let headers = [
//!     ("Host", "s3.amazonaws.com"),
//!     ("X-Amz-Content-Sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),
//!     ("X-Amz-Date", "20130524T000000Z"),
//!     ("X-Amz-Decoded-Content-Length", "5"),
//!     (
//!         "Authorization",
//!         "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, \
//!          SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length, \
//!          Signature=79efa3c7b5ebbcaf8f1684aa9807214290f105245a659167c635ce6ce3a900a2",
//!     ),
//! ];
//! let request = Request::new("PUT", "/bucket/key", "", &headers).profile(Profile::S3);
//! let expected = ExpectedScope { service: "s3", regions: Regions::Only("us-east-1") };
//! let scoped =
//!     Presented::parse(&request)?.check_freshness(1_369_353_600)?.check_scope(&expected)?;
//! let secret = b"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
//! let key = SigningKey::derive(secret, "20130524", "us-east-1", "s3");
//!
//! let (_, DeclaredBody::Chunked(mut body)) = scoped.verify_declared(&key)? else {
//!     unreachable!("the client declares a chunked body");
//! };
//! let mut data = Vec::new();
//! for piece in [
//!     "5;chunk-signature=af30fa83392c8a8faaf9af8a53c677c4b05cd47f79dd7fc7f7fc37905dc2ef92\r\nhel",
//!     "lo\r\n0;chunk-signature=",
//!     "26151ff9b29b2346d5ca693b7c33c4cd03fe657e435fd8c63cda9dd38525e54b\r\n\r\n",
//! ] {
//!     body.feed(piece.as_bytes(), &mut data)?;
//! }
//! body.finish()?;
//! assert_eq!(data, b"hello");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # SigV4a
//!
//! With the feature `sigv4a`, a service can accept signatures that are good for more than one region, in the header or
//! presigned, by the same stages: `Request::sigv4a` says that it does, [`Claims::algorithm`] what it got,
//! [`Regions::find`] which region that request is for, and a `PublicKey` takes the place of the [`SigningKey`].

mod algorithm;
mod canonical;
mod chunked;
mod claims;
mod content;
pub mod doctor;
mod error;
mod key;
mod parse;
mod path;
mod profile;
#[cfg(feature = "sigv4a")]
mod public_key;
mod query;
mod region_set;
mod request;
mod s3;
mod scope;
mod stages;
mod time;
#[cfg(feature = "tower")]
pub mod tower;
mod verifying;

pub use algorithm::Algorithm;
pub use chunked::{BodyError, ChunkedBody, Limits, Trailers};
pub use claims::{Carrier, Claims, SignedHeaders};
pub use content::{ContentSha256, DeclaredBody, DeclaredHash};
pub use error::{AuthError, BodyHashes, HeaderDigest, Missing, ShouldHaveBeen};
pub use key::{PayloadHash, SigningKey};
pub use path::{PathStyle, is_well_formed_path};
pub use profile::{Forms, Lifetime, MismatchText, PayloadRule, Profile, SignedRule, TokenRule};
#[cfg(feature = "sigv4a")]
pub use public_key::PublicKey;
pub use query::Plus;
pub use region_set::RegionSet;
pub use request::{Headers, Request};
pub use s3::S3Answer;
pub use scope::{Credential, ExpectedScope, Regions, ScopeFaults, Wrong};
pub use stages::{Fresh, Presented, Scoped, Verified};
pub use time::Timestamp;
pub use verifying::Key;

/// The examples of the page about this crate.
#[cfg(all(doctest, feature = "tower"))]
#[doc = include_str!("../../../docs/library-sigv4.md")]
struct Page;
