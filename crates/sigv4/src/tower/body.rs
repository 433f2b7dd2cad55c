//! The bodies of authenticated requests.

mod check;

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Buf, Bytes};
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use self::check::Check;
use crate::{chunked::ChunkedBody, content::DeclaredHash, tower::BoxError};

pin_project! {
    /// The body of an authenticated request, decoded if it was aws-chunked.
    ///
    /// One that streams fails at its end if it is not the one that was signed, so a service must not act on it for
    /// good before that. Where the source says that a frame is its last, that frame is held back until it is checked.
    ///
    /// It fails with what the source fails with; with [`AuthError::BodyDiffers`](crate::AuthError::BodyDiffers) if it
    /// has another hash than the signed one; or with a [`BodyError`](crate::BodyError) for what is wrong in its chunks.
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
        // Verified on the way; `check` is gone when that is done.
        Checked { #[pin] body: B, check: Option<Check>, trailers: Option<HeaderMap> },
        // Nobody signed it.
        Unsigned { #[pin] body: B },
    }
}

impl<B> VerifiedBody<B> {
    pub(super) fn whole(data: Bytes, trailers: Option<HeaderMap>) -> Self {
        let data = (!data.is_empty()).then_some(data);
        Self { form: Form::Whole { data, trailers } }
    }

    pub(super) fn hashed(body: B, declared: DeclaredHash) -> Self {
        Self::checked(body, Check::hash(declared))
    }

    pub(super) fn chunked(body: B, decoder: Box<ChunkedBody>) -> Self {
        Self::checked(body, Check::Chunks(decoder))
    }

    pub(super) fn unsigned(body: B) -> Self {
        Self { form: Form::Unsigned { body } }
    }

    fn checked(body: B, check: Check) -> Self {
        Self { form: Form::Checked { body, check: Some(check), trailers: None } }
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
        match self.project().form.project() {
            FormProjection::Whole { data, trailers } => {
                let data = data.take().map(Frame::data);
                Poll::Ready(data.or_else(|| trailers.take().map(Frame::trailers)).map(Ok))
            }
            FormProjection::Checked { body, check, trailers } => {
                poll_checked(body, check, trailers, context).map(Result::transpose)
            }
            FormProjection::Unsigned { body } => body.poll_frame(context).map(|frame| {
                frame.map(|frame| frame.map(|frame| frame.map_data(own)).map_err(Into::into))
            }),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.form {
            Form::Whole { data, trailers } => data.is_none() && trailers.is_none(),
            Form::Checked { body, check, trailers } => {
                check.is_none() && trailers.is_none() && body.is_end_stream()
            }
            Form::Unsigned { body } => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.form {
            Form::Whole { data, .. } => {
                let length = data.as_ref().map_or(0, Bytes::len);
                u64::try_from(length).map_or_else(|_| SizeHint::new(), SizeHint::with_exact)
            }
            // The source counts the encoding, too.
            Form::Checked { check: Some(Check::Chunks(_)), .. } => SizeHint::new(),
            Form::Checked { body, .. } | Form::Unsigned { body } => body.size_hint(),
        }
    }
}

impl<B> fmt::Debug for VerifiedBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.form {
            Form::Whole { .. } => "VerifiedBody(whole)",
            Form::Checked { .. } => "VerifiedBody(checked on the way)",
            Form::Unsigned { .. } => "VerifiedBody(unsigned)",
        })
    }
}

fn poll_checked<B>(
    mut body: Pin<&mut B>,
    check: &mut Option<Check>,
    trailers: &mut Option<HeaderMap>,
    context: &mut Context<'_>,
) -> Poll<Result<Option<Frame<Bytes>>, BoxError>>
where
    B: Body,
    B::Error: Into<BoxError>,
{
    loop {
        if let Some(trailers) = trailers.take() {
            return Poll::Ready(Ok(Some(Frame::trailers(trailers))));
        }
        let frame = ready!(body.as_mut().poll_frame(context)).transpose().map_err(Into::into)?;
        match frame.map(Frame::into_data) {
            Some(Ok(data)) => {
                let running = check.as_mut().ok_or("the body goes on behind its end")?;
                let data = running.take(own(data))?;
                if body.is_end_stream() {
                    settle(check, trailers)?;
                }
                if !data.is_empty() {
                    return Poll::Ready(Ok(Some(Frame::data(data))));
                }
            }
            Some(Err(other)) => {
                settle(check, trailers)?;
                // Those of the transport are worth nothing beside those that are signed.
                *trailers = trailers.take().or_else(|| other.into_trailers().ok());
            }
            None => {
                settle(check, trailers)?;
                if trailers.is_none() {
                    return Poll::Ready(Ok(None));
                }
            }
        }
    }
}

/// Looks once whether all of a body was as it should be.
fn settle(check: &mut Option<Check>, trailers: &mut Option<HeaderMap>) -> Result<(), BoxError> {
    if let Some(check) = check.take() {
        *trailers = check.finish()?;
    }
    Ok(())
}

/// Makes the data of a frame one piece; `Bytes` stay where they are.
fn own(mut data: impl Buf) -> Bytes {
    data.copy_to_bytes(data.remaining())
}
