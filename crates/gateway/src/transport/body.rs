//! The body of a request, whole.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::StatusCode;
use hyper::body::Body;

use crate::transport::limits::MAX_BODY;

/// Reads a whole body. One that came in a single frame, as those of nearly all calls do, is not
/// copied, and one that has already arrived needs no timer.
///
/// # Errors
/// The status to answer with: 413 for more than AWS reads, 408 for one that takes longer than
/// `patience`, 400 for one that breaks off.
pub(crate) async fn read<B>(body: B, patience: Duration) -> Result<Bytes, StatusCode>
where
    B: Body<Data = Bytes>,
{
    if body.size_hint().lower() > MAX_BODY as u64 {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    let mut whole = pin!(read_frames(body));
    match poll_fn(|context| Poll::Ready(whole.as_mut().poll(context))).await {
        Poll::Ready(whole) => whole,
        Poll::Pending => match tokio::time::timeout(patience, whole).await {
            Ok(whole) => whole,
            Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
        },
    }
}

async fn read_frames<B: Body<Data = Bytes>>(body: B) -> Result<Bytes, StatusCode> {
    let mut body = pin!(body);
    let first = next_data(body.as_mut()).await?;
    if first.len() > MAX_BODY {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    let mut next = next_data(body.as_mut()).await?;
    if next.is_empty() {
        return Ok(first);
    }
    let mut whole = BytesMut::from(first);
    while !next.is_empty() {
        if whole.len() + next.len() > MAX_BODY {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        whole.extend_from_slice(&next);
        next = next_data(body.as_mut()).await?;
    }
    Ok(whole.freeze())
}

/// The next bytes; none at the end. Trailers mean nothing to AWS and are passed over.
async fn next_data<B: Body<Data = Bytes>>(mut body: Pin<&mut B>) -> Result<Bytes, StatusCode> {
    while !body.is_end_stream() {
        match poll_fn(|context| body.as_mut().poll_frame(context)).await {
            Some(Ok(frame)) => match frame.into_data() {
                Ok(data) if !data.is_empty() => return Ok(data),
                _ => {}
            },
            Some(Err(_)) => return Err(StatusCode::BAD_REQUEST),
            None => break,
        }
    }
    Ok(Bytes::new())
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::convert::Infallible;
    use std::task::Context;

    use http_body_util::{BodyExt, Empty, Full};
    use hyper::body::Frame;

    use super::*;

    #[tokio::test]
    async fn one_frame_is_not_copied() {
        let sent = Bytes::from(vec![7; 100]);
        let read = read(Full::new(sent.clone()), PATIENCE).await.unwrap();
        assert_eq!(read, sent);
        assert_eq!(read.as_ptr(), sent.as_ptr());
        assert_eq!(super::read(Empty::new(), PATIENCE).await, Ok(Bytes::new()));
    }

    #[tokio::test]
    async fn frames_are_joined() {
        let body = Frames::of([&b"one "[..], b"", b"two ", b"three"]);
        assert_eq!(read(body, PATIENCE).await.unwrap(), "one two three");
    }

    #[tokio::test]
    async fn ten_million_bytes_and_not_one_more() {
        let exact = Bytes::from(vec![b'a'; MAX_BODY]);
        assert_eq!(read(Full::new(exact.clone()), PATIENCE).await.unwrap().len(), MAX_BODY);
        let more = Bytes::from(vec![b'a'; MAX_BODY + 1]);
        assert_eq!(read(Full::new(more), PATIENCE).await, Err(StatusCode::PAYLOAD_TOO_LARGE));
        // Without a length that says so beforehand.
        let grown = Frames(VecDeque::from([exact, Bytes::from_static(b"a")]));
        assert_eq!(read(grown, PATIENCE).await, Err(StatusCode::PAYLOAD_TOO_LARGE));
    }

    #[tokio::test]
    async fn nobody_waits_for_ever() {
        let body = Frames::of([&b"some"[..]]).with_frames_then_nothing();
        assert_eq!(read(body, Duration::from_millis(5)).await, Err(StatusCode::REQUEST_TIMEOUT));
    }

    const PATIENCE: Duration = Duration::from_secs(60);

    struct Frames(VecDeque<Bytes>);

    impl Frames {
        fn of<const N: usize>(frames: [&'static [u8]; N]) -> Self {
            Self(frames.map(Bytes::from_static).into())
        }

        fn with_frames_then_nothing(self) -> impl Body<Data = Bytes, Error = Infallible> {
            Stalled(self)
        }
    }

    impl Body for Frames {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            Poll::Ready(self.0.pop_front().map(|data| Ok(Frame::data(data))))
        }
    }

    /// Its frames, and then silence.
    struct Stalled(Frames);

    impl Body for Stalled {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            match Pin::new(&mut self.0).poll_frame(context) {
                Poll::Ready(Some(frame)) => Poll::Ready(Some(frame)),
                _ => Poll::Pending,
            }
        }
    }

    #[tokio::test]
    async fn frames_and_full_agree() {
        let full = Full::new(Bytes::from_static(b"x")).collect().await.unwrap().to_bytes();
        assert_eq!(read(Frames::of([&b"x"[..]]), PATIENCE).await.unwrap(), full);
    }
}
