//! What the signature says about the body, and how to see that it is true.

use http_body::Body;
use http_body_util::{BodyExt, LengthLimitError, Limited};

use crate::{
    content::DeclaredBody,
    key::PayloadHash,
    stages::{Scoped, Verified},
    tower::{BoxError, Rejection, VerifiedBody},
    verifying::Key,
};

/// Verifies a request by what it declares of its body, or else by the hash of the body that came.
pub(super) async fn verify<'a, B>(
    scoped: Scoped<'a>,
    key: &(impl Key + Sync),
    body: B,
    buffer_limit: usize,
) -> Result<(Verified<'a>, VerifiedBody<B>), Rejection>
where
    B: Body,
    B::Error: Into<BoxError>,
{
    if scoped.content_sha256().is_none() {
        let (payload, body) = buffer(body, buffer_limit).await?;
        return Ok((scoped.verify(key, &payload)?, body));
    }
    let (verified, declared) = scoped.verify_declared(key)?;
    let body = match declared {
        DeclaredBody::Hashed(declared) => {
            // Nobody might read what is said to be empty.
            if body.is_end_stream() {
                declared.check(&PayloadHash::of(b""))?;
            }
            VerifiedBody::hashed(body, declared)
        }
        DeclaredBody::Unsigned => VerifiedBody::unsigned(body),
        DeclaredBody::Chunked(decoder) => VerifiedBody::chunked(body, decoder),
    };
    Ok((verified, body))
}

/// Takes the whole body into memory to hash it.
async fn buffer<B>(body: B, limit: usize) -> Result<(PayloadHash, VerifiedBody<B>), Rejection>
where
    B: Body,
    B::Error: Into<BoxError>,
{
    let least = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if least > limit {
        return Err(Rejection::BodyTooLarge { limit });
    }
    let body = Limited::new(body, limit).collect().await.map_err(|error| {
        if error.is::<LengthLimitError>() {
            Rejection::BodyTooLarge { limit }
        } else {
            Rejection::BodyUnreadable(error)
        }
    })?;
    let trailers = body.trailers().cloned();
    let data = body.to_bytes();
    Ok((PayloadHash::of(&data), VerifiedBody::whole(data, trailers)))
}
