//! The body of a request, whole.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use hyper::body::Body;

use crate::request::unsigned::{MAX_ANONYMOUS, MAX_WITH_PROOF, brings_proof};
use crate::transport::budget::Claim;
use crate::transport::limits::MAX_BODY;

/// Reads a whole body. One that came in a single frame, as those of nearly all calls do, is not
/// copied, and one that has already arrived needs no timer. Its bytes count against the budget until
/// `request` is over.
///
/// # Errors
/// Why it is not there, or not whole.
pub(crate) async fn read<B>(
    body: B,
    request: &mut impl Allowance,
    patience: Duration,
) -> Result<Bytes, BodyError>
where
    B: Body<Data = Bytes>,
{
    if body.size_hint().lower() > largest(request.claim()) as u64 {
        return Err(BodyError::TooLarge);
    }
    let mut whole = pin!(read_frames(body, request));
    match poll_fn(|context| Poll::Ready(whole.as_mut().poll(context))).await {
        Poll::Ready(whole) => whole,
        Poll::Pending => match tokio::time::timeout(patience, whole).await {
            Ok(whole) => whole,
            Err(_) => Err(BodyError::TooSlow),
        },
    }
}

/// What a request may hold.
pub(crate) trait Allowance {
    /// Whether it shows a signature.
    fn claim(&self) -> Claim;

    /// Takes bytes for its body, until it is over. Answers whether there were so many left.
    fn hold(&mut self, bytes: usize) -> bool;
}

/// Why a body is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyError {
    /// It is larger than what AWS reads, or than what such a request may send.
    TooLarge,
    /// It took too long.
    TooSlow,
    /// It broke off.
    Broken,
    /// Other bodies hold all bytes that there are.
    NoRoom,
}

async fn read_frames<B: Body<Data = Bytes>>(
    body: B,
    request: &mut impl Allowance,
) -> Result<Bytes, BodyError> {
    let mut body = pin!(body);
    let first = next_data(body.as_mut()).await?;
    admit(request, &first, first.len())?;
    let mut next = next_data(body.as_mut()).await?;
    if next.is_empty() {
        return Ok(first);
    }
    // A length that was announced is taken at its word, but no page of it is touched beforehand.
    let announced = body.size_hint().exact().unwrap_or(0).min(largest(request.claim()) as u64);
    let announced = usize::try_from(announced).unwrap_or(0);
    let mut whole = BytesMut::with_capacity(first.len() + next.len() + announced);
    whole.extend_from_slice(&first);
    while !next.is_empty() {
        whole.extend_from_slice(&next);
        admit(request, &whole, next.len())?;
        next = next_data(body.as_mut()).await?;
    }
    Ok(whole.freeze())
}

/// Lets the newest bytes of a body in.
fn admit(request: &mut impl Allowance, so_far: &[u8], newest: usize) -> Result<(), BodyError> {
    let claim = request.claim();
    let is_anonymous = || claim == Claim::Unsigned && !brings_proof(so_far);
    let before = so_far.len() - newest;
    let crosses = before <= MAX_ANONYMOUS && so_far.len() > MAX_ANONYMOUS;
    if so_far.len() > largest(claim) || (crosses && is_anonymous()) {
        return Err(BodyError::TooLarge);
    }
    if request.hold(newest) { Ok(()) } else { Err(BodyError::NoRoom) }
}

const fn largest(claim: Claim) -> usize {
    match claim {
        Claim::Signed => MAX_BODY,
        Claim::Unsigned => MAX_WITH_PROOF,
    }
}

/// The next bytes; none at the end. Trailers mean nothing to AWS and are passed over.
async fn next_data<B: Body<Data = Bytes>>(mut body: Pin<&mut B>) -> Result<Bytes, BodyError> {
    while !body.is_end_stream() {
        match poll_fn(|context| body.as_mut().poll_frame(context)).await {
            Some(Ok(frame)) => match frame.into_data() {
                Ok(data) if !data.is_empty() => return Ok(data),
                _ => {}
            },
            Some(Err(_)) => return Err(BodyError::Broken),
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
        let read = whole(Full::new(sent.clone())).await.unwrap();
        assert_eq!(read, sent);
        assert_eq!(read.as_ptr(), sent.as_ptr());
        assert_eq!(whole(Empty::new()).await, Ok(Bytes::new()));
    }

    #[tokio::test]
    async fn frames_are_joined() {
        let body = Frames::of([&b"one "[..], b"", b"two ", b"three"]);
        assert_eq!(whole(body).await.unwrap(), "one two three");
    }

    #[tokio::test]
    async fn ten_million_bytes_and_not_one_more() {
        let exact = Bytes::from(vec![b'a'; MAX_BODY]);
        assert_eq!(whole(Full::new(exact.clone())).await.unwrap().len(), MAX_BODY);
        let more = Bytes::from(vec![b'a'; MAX_BODY + 1]);
        assert_eq!(whole(Full::new(more)).await, Err(BodyError::TooLarge));
        // Without a length that says so beforehand.
        let grown = Frames(VecDeque::from([exact, Bytes::from_static(b"a")]));
        assert_eq!(whole(grown).await, Err(BodyError::TooLarge));
    }

    #[tokio::test]
    async fn nobody_waits_for_ever() {
        let body = Frames::of([&b"some"[..]]).with_frames_then_nothing();
        assert_eq!(
            read(body, &mut signed(), Duration::from_millis(5)).await,
            Err(BodyError::TooSlow)
        );
    }

    #[tokio::test]
    async fn without_a_signature_only_a_proof_may_be_long() {
        let cases = [
            (form("Action=CreateUser&UserName=", MAX_ANONYMOUS), true),
            (form("Action=CreateUser&UserName=", MAX_ANONYMOUS + 1), false),
            (form("SAMLAssertion=", MAX_ANONYMOUS + 1), true),
            (form("Action=X&WebIdentityToken=", MAX_WITH_PROOF), true),
            (form("WebIdentityToken=", MAX_WITH_PROOF + 1), false),
        ];
        for (form, is_read) in cases {
            for frame in [1 << 14, form.len()] {
                let body = Frames(form.chunks(frame).map(Bytes::copy_from_slice).collect());
                let read = read(body, &mut Fake::of(Claim::Unsigned), PATIENCE).await;
                let expected = if is_read { Ok(form.clone()) } else { Err(BodyError::TooLarge) };
                assert_eq!(read, expected, "{} bytes, {frame} at a time", form.len());
            }
        }
    }

    #[tokio::test]
    async fn bytes_are_held_as_they_come() {
        let mut request = Fake { room: 10, ..Fake::of(Claim::Signed) };
        let body = Frames::of([&b"12345"[..], b"67890"]);
        assert!(read(body, &mut request, PATIENCE).await.is_ok());
        let body = Frames::of([&b"1"[..]]);
        assert_eq!(read(body, &mut request, PATIENCE).await, Err(BodyError::NoRoom));
    }

    fn form(beginning: &str, length: usize) -> Bytes {
        let mut form = beginning.as_bytes().to_vec();
        form.resize(length, b'a');
        form.into()
    }

    async fn whole<B: Body<Data = Bytes>>(body: B) -> Result<Bytes, BodyError> {
        read(body, &mut signed(), PATIENCE).await
    }

    fn signed() -> Fake {
        Fake::of(Claim::Signed)
    }

    struct Fake {
        claim: Claim,
        room: usize,
    }

    impl Fake {
        fn of(claim: Claim) -> Self {
            Self { claim, room: usize::MAX }
        }
    }

    impl Allowance for Fake {
        fn claim(&self) -> Claim {
            self.claim
        }

        fn hold(&mut self, bytes: usize) -> bool {
            let left = self.room.checked_sub(bytes);
            self.room = left.unwrap_or(self.room);
            left.is_some()
        }
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
        assert_eq!(whole(Frames::of([&b"x"[..]])).await.unwrap(), full);
    }
}
