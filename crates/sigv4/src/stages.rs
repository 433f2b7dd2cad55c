//! The way from a request to a proof of who signed it, each stage made from the one before it.

use std::ops::Deref;

use crate::{
    chunked::{Chain, ChunkedBody},
    claims::{Carrier, Claims},
    content::{ContentSha256, DeclaredBody, DeclaredHash},
    error::{AuthError, MAX_SKEW, ShouldHaveBeen},
    key::PayloadHash,
    parse,
    profile::{Lifetime, MismatchText, SignedRule, TokenRule},
    query::Plus,
    request::Request,
    scope::ExpectedScope,
    time::Timestamp,
    verifying::Key,
};

/// A request that presents a complete, readable signature.
#[derive(Clone, Debug)]
pub struct Presented<'a>(Claims<'a>);

impl<'a> Presented<'a> {
    /// Finds the signature that a request carries, in its `Authorization` header or its query string, and reads
    /// everything that belongs to it.
    ///
    /// # Errors
    ///
    /// In this order: a broken escape in the query string; two carriers, or none; an unknown algorithm; malformed,
    /// repeated or missing parameters; the host, or another header that must be signed, is not; an unreadable date.
    pub fn parse(request: &Request<'a>) -> Result<Self, AuthError> {
        parse::claims(request).map(Self)
    }

    /// Refuses a request that was signed more than 15 minutes from `now_unix_seconds`, either way.
    ///
    /// With [`Lifetime::FifteenMinutes`] a presigned request lives no longer than that, and no shorter: STS does not
    /// heed the lifetime that `X-Amz-Expires` asks for, so long as it is a number of seconds that makes sense. With
    /// [`Lifetime::AsAsked`] it lives as long as it asked for.
    ///
    /// # Errors
    ///
    /// [`Expired`](AuthError::Expired), [`NotYetCurrent`](AuthError::NotYetCurrent),
    /// [`LifetimeOver`](AuthError::LifetimeOver), or one of the `Expires…` errors when `X-Amz-Expires` is not in 0 to
    /// 604,800. AWS's texts for the latter are S3's.
    pub fn check_freshness(self, now_unix_seconds: i64) -> Result<Fresh<'a>, AuthError> {
        let (signed, now) = (self.signed_at, Timestamp::from_unix_seconds(now_unix_seconds));
        if (self.request.profile.lifetime, self.carrier) == (Lifetime::AsAsked, Carrier::Query) {
            refuse_outlived(&self, now)?;
            return Ok(Fresh(self.0));
        }
        if signed < now.offset(-MAX_SKEW) {
            return Err(AuthError::Expired { signed, now });
        }
        if signed > now.offset(MAX_SKEW) {
            return Err(AuthError::NotYetCurrent { signed, now });
        }
        if let Some(expires) = &self.expires {
            lifetime(expires)?;
        }
        Ok(Fresh(self.0))
    }
}

/// A signature of the last, or next, 15 minutes.
#[derive(Clone, Debug)]
pub struct Fresh<'a>(Claims<'a>);

impl<'a> Fresh<'a> {
    /// Refuses a credential that is scoped to another region, service or day than the request itself.
    ///
    /// # Errors
    ///
    /// [`CredentialParts`](AuthError::CredentialParts), or [`Scope`](AuthError::Scope) with every fault. With
    /// [`SignedRule::S3`] also [`HeadersNotSigned`](AuthError::HeadersNotSigned), which S3 looks for only now.
    pub fn check_scope(self, expected: &ExpectedScope<'_>) -> Result<Scoped<'a>, AuthError> {
        expected.refuse_others(&self.0)?;
        refuse_unsigned_headers(&self)?;
        Ok(Scoped(self.0))
    }
}

/// A signature that is made for here and now. Its access key and session token can be looked up.
#[derive(Clone, Debug)]
pub struct Scoped<'a>(Claims<'a>);

impl<'a> Scoped<'a> {
    /// Verifies the signature of this request.
    ///
    /// `key` must be of the request's [`algorithm`](Claims::algorithm) and derived from the secret of
    /// [`access_key_id`](Claims::access_key_id): a [`SigningKey`](crate::SigningKey) also from the date, region and
    /// service of [`credential`](Claims::credential). `payload` is the hash of the body as it was received.
    ///
    /// A bare `+` in the query may be itself or a space; [`Verified::plus`] says which it is. A query with one costs a
    /// second computation where the first does not hold, whatever the number of them.
    ///
    /// # Errors
    ///
    /// [`Mismatch`](AuthError::Mismatch). That includes a request that lacks a header it claims to have signed; a
    /// list of signed headers that is not sorted, lower-case and free of repetition; and a path that AWS would not
    /// have looked at (see [`is_well_formed_path`](crate::is_well_formed_path)), which normalisation could make equal
    /// to another.
    pub fn verify(
        mut self,
        key: &impl Key,
        payload: &PayloadHash,
    ) -> Result<Verified<'a>, AuthError> {
        let can_hold = self.signed_headers.is_canonical()
            && self.request.profile.path_style.can_verify(self.request.path);
        if can_hold {
            for reading in self.readings() {
                (self.0.token_follows, self.0.plus) = reading;
                if self.holds(key, payload) {
                    return Ok(Verified(self.0));
                }
            }
            (self.0.token_follows, self.0.plus) = (false, Plus::Literal);
        }
        Err(self.mismatch(payload))
    }

    /// Verifies the head of a request by what it declares of its body in `x-amz-content-sha256`, and says what is left
    /// to check of the body. So the body need not have come yet.
    ///
    /// A request that declares nothing (see [`content_sha256`](Claims::content_sha256)) is taken to have no body:
    /// either hash the body and [`verify`](Self::verify) with that, or rely on the check that it is empty.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify), and [`DecodedLengthMissing`](AuthError::DecodedLengthMissing), or
    /// [`ContentUnsupported`](AuthError::ContentUnsupported) for chunks that are not signed like the head, and for all
    /// that are signed with SigV4a.
    pub fn verify_declared(
        self,
        key: &impl Key,
    ) -> Result<(Verified<'a>, DeclaredBody), AuthError> {
        let form =
            self.content_sha256().unwrap_or_else(|| ContentSha256::Hash(PayloadHash::of(b"")));
        let verified = self.verify(key, &form.payload())?;
        let body = match form {
            ContentSha256::Hash(hash) => DeclaredBody::Hashed(DeclaredHash(hash)),
            ContentSha256::Unsigned => DeclaredBody::Unsigned,
            _ => DeclaredBody::Chunked(Box::new(verified.chunked(form, key)?)),
        };
        Ok((verified, body))
    }

    /// The ways to read the query, the usual one first: whether the token was added after signing, and what a bare
    /// `+` is. One, unless the query leaves room for more.
    fn readings(&self) -> impl Iterator<Item = (bool, Plus)> + use<> {
        let (follows, spaces) = (self.token_may_follow(), self.plus_may_be_space);
        let all = [
            (false, Plus::Literal),
            (false, Plus::Space),
            (true, Plus::Literal),
            (true, Plus::Space),
        ];
        all.into_iter().filter(move |(token_follows, plus)| {
            (follows || !token_follows) && (spaces || *plus == Plus::Literal)
        })
    }

    fn holds(&self, key: &impl Key, payload: &PayloadHash) -> bool {
        let (string_to_sign, complete) = self.string_to_sign_bytes(payload);
        key.holds(self.algorithm(), &string_to_sign, &self.signature) && complete
    }

    fn token_may_follow(&self) -> bool {
        self.request.profile.token == TokenRule::MayFollow
            && self.carrier == Carrier::Query
            && self.security_token.is_some()
    }

    fn mismatch(&self, payload: &PayloadHash) -> AuthError {
        match self.request.profile.mismatch {
            MismatchText::Short => AuthError::Mismatch,
            MismatchText::Full => AuthError::MismatchInFull(Box::new(ShouldHaveBeen {
                canonical_request: self.canonical_request(payload),
                string_to_sign: self.string_to_sign(payload),
            })),
        }
    }
}

/// Proof that the holder of the access key signed this very request.
#[derive(Clone, Debug)]
pub struct Verified<'a>(Claims<'a>);

impl Verified<'_> {
    /// How a bare `+` in the query string is read: the one way in which the signature holds. Whoever decodes the query
    /// decodes it so, and not otherwise: with the other reading nobody has signed it. [`Plus::Literal`] where the query
    /// has none.
    pub fn plus(&self) -> Plus {
        self.0.plus
    }

    /// The decoder of this request's body.
    fn chunked(&self, form: ContentSha256, key: &impl Key) -> Result<ChunkedBody, AuthError> {
        let unsupported = || form.unsupported();
        let chain = match form {
            ContentSha256::UnsignedTrailer => None,
            ContentSha256::Chunked | ContentSha256::ChunkedTrailer => {
                let key = key.chunk_key().ok_or_else(unsupported)?;
                // What has been verified is 64 digits long.
                let seed = self.signature.as_ref().try_into().map_err(|_| AuthError::Mismatch)?;
                Some(Chain::new(
                    key,
                    &self.signed_at.basic(),
                    self.credential.scope().as_bytes(),
                    seed,
                ))
            }
            _ => return Err(unsupported()),
        };
        let length = match self.request.only_header(DECODED_LENGTH) {
            Ok(Some(length)) if length.iter().all(u8::is_ascii_digit) => {
                std::str::from_utf8(length).ok().and_then(|length| length.parse().ok())
            }
            _ => None,
        };
        let announced = match self.request.only_header("x-amz-trailer") {
            Ok(value) => value.unwrap_or_default().to_vec(),
            Err(values) => values,
        };
        let announced = form.has_trailers().then_some(&*announced);
        Ok(ChunkedBody::new(chain, length.ok_or(AuthError::DecodedLengthMissing)?, announced))
    }
}

impl<'a> Deref for Presented<'a> {
    type Target = Claims<'a>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<'a> Deref for Fresh<'a> {
    type Target = Claims<'a>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<'a> Deref for Scoped<'a> {
    type Target = Claims<'a>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<'a> Deref for Verified<'a> {
    type Target = Claims<'a>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

fn refuse_outlived(claims: &Claims<'_>, now: Timestamp) -> Result<(), AuthError> {
    let signed = claims.signed_at;
    let lifetime = lifetime(claims.expires.as_ref().ok_or(AuthError::ExpiresMissing)?)?;
    if signed > now.offset(MAX_SKEW) {
        return Err(AuthError::NotYetCurrent { signed, now });
    }
    if signed.offset(i64::from(lifetime)) < now {
        return Err(AuthError::LifetimeOver { signed, lifetime, now });
    }
    Ok(())
}

fn refuse_unsigned_headers(claims: &Claims<'_>) -> Result<(), AuthError> {
    let (rule, signed) = (claims.request.profile.must_sign, &claims.signed_headers);
    // Verification refuses any list that is not canonical, so that only short ones need a look.
    if rule != SignedRule::S3 || !signed.is_canonical() {
        return Ok(());
    }
    let mut names = Vec::new();
    claims.request.headers.visit(&mut |name, _| {
        if rule.covers(name) && !signed.contains(name) {
            names.push(name.to_ascii_lowercase());
        }
    });
    names.sort_unstable();
    names.dedup();
    if names.is_empty() { Ok(()) } else { Err(AuthError::HeadersNotSigned { names }) }
}

/// The seconds of an `X-Amz-Expires`.
fn lifetime(expires: &str) -> Result<u32, AuthError> {
    let digits = expires.strip_prefix('-').unwrap_or(expires);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(AuthError::ExpiresNotANumber);
    }
    if digits.len() < expires.len() {
        return Err(AuthError::ExpiresNegative);
    }
    // What is too long for the type is too long for AWS.
    match digits.parse::<u32>() {
        Ok(seconds) if seconds <= MAX_LIFETIME => Ok(seconds),
        _ => Err(AuthError::ExpiresTooLong),
    }
}

const DECODED_LENGTH: &str = "x-amz-decoded-content-length";
/// A week, in seconds.
const MAX_LIFETIME: u32 = 604_800;
