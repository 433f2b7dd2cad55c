//! What the signature says about the body, and how to see that it is true.

use bytes::Bytes;
use http::request::Parts;
use http_body::Body;
use http_body_util::{BodyExt, LengthLimitError, Limited};

use crate::{
    key::PayloadHash,
    tower::{BoxError, Rejection, VerifiedBody},
};

/// Finds the hash that the signature must cover, and wraps the body so that it can only be that one.
pub(super) async fn settle<B>(
    parts: &Parts,
    body: B,
    buffer_limit: usize,
) -> Result<(PayloadHash, VerifiedBody<B>), Rejection>
where
    B: Body,
    B::Error: Into<BoxError>,
{
    if body.is_end_stream() {
        return Ok((PayloadHash::of(b""), VerifiedBody::whole(Bytes::new(), None)));
    }
    match announced(parts) {
        Some(value) if value.starts_with(b"STREAMING-") => {
            Err(Rejection::BodyForm { form: String::from_utf8_lossy(value).into_owned() })
        }
        Some(value) => match digest(value) {
            Some(sha256) => {
                Ok((PayloadHash::from_digest(sha256), VerifiedBody::hashed(body, sha256)))
            }
            None => buffer(body, buffer_limit).await,
        },
        None => buffer(body, buffer_limit).await,
    }
}

/// Takes the whole body into memory to hash it.
async fn buffer<B>(body: B, limit: usize) -> Result<(PayloadHash, VerifiedBody<B>), Rejection>
where
    B: Body,
    B::Error: Into<BoxError>,
{
    let is_over = |length: u64| usize::try_from(length).map_or(true, |length| length > limit);
    if is_over(body.size_hint().lower()) {
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

/// What the request itself says of its payload. Said twice, it says nothing.
fn announced(parts: &Parts) -> Option<&[u8]> {
    let mut values = parts.headers.get_all(CONTENT_SHA256).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => Some(value.as_bytes()),
        _ => None,
    }
}

/// Reads a digest as signatures write it: in lower case.
fn digest(text: &[u8]) -> Option<[u8; 32]> {
    let (pairs, []) = text.as_chunks::<2>() else {
        return None;
    };
    let mut digest = [0; 32];
    if pairs.len() != digest.len() {
        return None;
    }
    for (byte, [high, low]) in digest.iter_mut().zip(pairs) {
        *byte = nibble(*high)? << 4 | nibble(*low)?;
    }
    Some(digest)
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

const CONTENT_SHA256: &str = "x-amz-content-sha256";

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn digests() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(digest(empty.as_bytes()), Some(Sha256::digest(b"").into()));
        for other in ["", "e3", &empty[1..], &format!("{empty}00"), &empty.to_uppercase(), &empty.replace('e', "g")] {
            assert_eq!(digest(other.as_bytes()), None, "{other}");
        }
    }
}
