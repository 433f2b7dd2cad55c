//! The way from a request to a proof of who signed it, each stage made from the one before it.

use std::ops::Deref;

use crate::{
    claims::Claims,
    error::{AuthError, MAX_SKEW},
    key::PayloadHash,
    parse,
    path::is_well_formed_path,
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
    /// In this order: a broken escape in the query string; two carriers, or none; an unknown algorithm; malformed
    /// or missing parameters; the host, or another header that must be signed, is not; an unreadable date.
    pub fn parse(request: &Request<'a>) -> Result<Self, AuthError> {
        parse::claims(request).map(Self)
    }

    /// Refuses a request that was signed more than 15 minutes from `now_unix_seconds`, either way.
    ///
    /// A presigned request lives no longer than that, and no shorter: STS does not heed the lifetime that
    /// `X-Amz-Expires` asks for, so long as it is a number of seconds that makes sense.
    ///
    /// # Errors
    ///
    /// [`Expired`](AuthError::Expired), [`NotYetCurrent`](AuthError::NotYetCurrent), or one of the `Expires…`
    /// errors when `X-Amz-Expires` is not in 0 to 604,800. AWS's texts for the latter are S3's.
    pub fn check_freshness(self, now_unix_seconds: i64) -> Result<Fresh<'a>, AuthError> {
        let (signed, now) = (self.signed_at, Timestamp::from_unix_seconds(now_unix_seconds));
        if signed < now.offset(-MAX_SKEW) {
            return Err(AuthError::Expired { signed, now });
        }
        if signed > now.offset(MAX_SKEW) {
            return Err(AuthError::NotYetCurrent { signed, now });
        }
        if let Some(expires) = &self.expires {
            refuse_odd_lifetime(expires)?;
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
    /// [`CredentialParts`](AuthError::CredentialParts), or [`Scope`](AuthError::Scope) with every fault.
    pub fn check_scope(self, expected: &ExpectedScope<'_>) -> Result<Scoped<'a>, AuthError> {
        expected.refuse_others(&self.0)?;
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
    /// # Errors
    ///
    /// [`Mismatch`](AuthError::Mismatch). That includes a request that lacks a header it claims to have signed; a
    /// list of signed headers that is not sorted, lower-case and free of repetition; and a path that AWS would not
    /// have looked at (see [`is_well_formed_path`]), which normalisation could make equal to another.
    pub fn verify(self, key: &impl Key, payload: &PayloadHash) -> Result<Verified<'a>, AuthError> {
        if !self.signed_headers.is_canonical() || !is_well_formed_path(self.request.path) {
            return Err(AuthError::Mismatch);
        }
        let (string_to_sign, complete) = self.string_to_sign_bytes(payload);
        let holds = key.holds(self.algorithm(), &string_to_sign, &self.signature);
        if holds && complete { Ok(Verified(self.0)) } else { Err(AuthError::Mismatch) }
    }
}

/// Proof that the holder of the access key signed this very request.
#[derive(Clone, Debug)]
pub struct Verified<'a>(Claims<'a>);

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

fn refuse_odd_lifetime(expires: &str) -> Result<(), AuthError> {
    let digits = expires.strip_prefix('-').unwrap_or(expires);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(AuthError::ExpiresNotANumber);
    }
    if digits.len() < expires.len() {
        return Err(AuthError::ExpiresNegative);
    }
    // What is too long for the type is too long for AWS.
    match digits.parse::<u32>() {
        Ok(seconds) if seconds <= MAX_LIFETIME => Ok(()),
        _ => Err(AuthError::ExpiresTooLong),
    }
}

/// A week, in seconds.
const MAX_LIFETIME: u32 = 604_800;
