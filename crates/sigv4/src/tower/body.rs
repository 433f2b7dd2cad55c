//! Bodies whose hash was signed.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Buf, Bytes};
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use sha2::{Digest, Sha256};

use crate::tower::BoxError;

pin_project! {
    /// The body of an authenticated request.
    ///
    /// One that streams fails with [`BodyMismatch`] at its end if it is not the one that was signed: a service must
    /// not act on it for good before that. Its last frame is held back where the body says that it is the last.
    pub struct VerifiedBody<B> {
        #[pin]
        form: Form<B>,
    }
}

pin_project! {
    #[project = FormProjection]
    enum Form<B> {
        // Hashed already, and verified.
        Whole { data: Option<Bytes>, trailers: Option<HeaderMap> },
        // To be hashed on the way; `sha256` is gone when that is done.
        Hashed { #[pin] body: B, sha256: Option<Sha256>, signed: [u8; 32] },
        // Nobody signed it.
        Unsigned { #[pin] body: B },
    }
}

/// The body of a request is not the one whose hash was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the body is not the one that was signed")]
pub struct BodyMismatch;

impl<B> VerifiedBody<B> {
    pub(super) fn whole(data: Bytes, trailers: Option<HeaderMap>) -> Self {
        let data = (!data.is_empty()).then_some(data);
        Self { form: Form::Whole { data, trailers } }
    }

    pub(super) fn hashed(body: B, signed: [u8; 32]) -> Self {
        Self { form: Form::Hashed { body, sha256: Some(Sha256::new()), signed } }
    }

    pub(super) fn unsigned(body: B) -> Self {
        Self { form: Form::Unsigned { body } }
    }
}

impl<B> Body for VerifiedBody<B>
where
    B: Body,
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        Poll::Ready(match self.project().form.project() {
            FormProjection::Whole { data, trailers } => {
                let data = data.take().map(Frame::data);
                data.or_else(|| trailers.take().map(Frame::trailers)).map(Ok)
            }
            FormProjection::Unsigned { body } => {
                ready!(body.poll_frame(context)).map(|frame| own(frame.map_err(Into::into)))
            }
            FormProjection::Hashed { mut body, sha256, signed } => {
                let frame = ready!(body.as_mut().poll_frame(context));
                let frame = frame.map(|frame| own(frame.map_err(Into::into)));
                let is_last = match &frame {
                    Some(Ok(frame)) => match (frame.data_ref(), sha256.as_mut()) {
                        (Some(data), Some(sha256)) => {
                            sha256.update(data);
                            body.is_end_stream()
                        }
                        // Data behind the end is nobody's.
                        (Some(_), None) => return Poll::Ready(Some(Err(BodyMismatch.into()))),
                        (None, _) => true,
                    },
                    Some(Err(_)) => false,
                    None => true,
                };
                match sha256.take_if(|_| is_last) {
                    Some(sha256) if <[u8; 32]>::from(sha256.finalize()) != *signed => {
                        Some(Err(BodyMismatch.into()))
                    }
                    _ => frame,
                }
            }
        })
    }

    fn is_end_stream(&self) -> bool {
        match &self.form {
            Form::Whole { data, trailers } => data.is_none() && trailers.is_none(),
            Form::Hashed { body, sha256, .. } => sha256.is_none() && body.is_end_stream(),
            Form::Unsigned { body } => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.form {
            Form::Whole { data, .. } => {
                let length = data.as_ref().map_or(0, Bytes::len);
                u64::try_from(length).map_or_else(|_| SizeHint::new(), SizeHint::with_exact)
            }
            Form::Hashed { body, .. } | Form::Unsigned { body } => body.size_hint(),
        }
    }
}

impl<B> fmt::Debug for VerifiedBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.form {
            Form::Whole { .. } => "VerifiedBody(whole)",
            Form::Hashed { .. } => "VerifiedBody(hashed)",
            Form::Unsigned { .. } => "VerifiedBody(unsigned)",
        })
    }
}

/// Makes the data of a frame one piece; `Bytes` stay where they are.
fn own<D: Buf>(frame: Result<Frame<D>, BoxError>) -> Result<Frame<Bytes>, BoxError> {
    frame.map(|frame| frame.map_data(|mut data| data.copy_to_bytes(data.remaining())))
}
