//! Context assertions: AWS's are sealed by STS itself, so that nobody else reads or makes one (STS
//! API Reference, "ProvidedContext").

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use daypass_ident::{IdGen, Secret};

use super::{KeyRing, OpenError, SealError};
use crate::ContextAssertion;
use crate::seal::Purpose;

impl KeyRing {
    /// Seals an assertion, as text for `ContextAssertion` of `AssumeRole`.
    ///
    /// # Errors
    /// When it would be longer than the 2048 characters that STS reads.
    pub fn seal_context(
        &self,
        assertion: &ContextAssertion,
        ids: &dyn IdGen,
    ) -> Result<Secret<String>, SealError> {
        let message = postcard::to_extend(assertion, vec![VERSION]);
        let message = message.map_err(|_| SealError::Cipher)?;
        let (_, blob) = self.seal_blob(|key| &key.contexts, &message, ids)?;
        let text = STANDARD.encode(blob);
        if text.len() > MAX_TEXT { Err(SealError::TooLong) } else { Ok(Secret::new(text)) }
    }

    /// Reads an assertion back. Whether it is still good is the caller's question.
    ///
    /// # Errors
    /// When no key of this ring made it, exactly as it is.
    pub fn open_context(&self, text: &str) -> Result<ContextAssertion, OpenError> {
        if text.len() > MAX_TEXT {
            return Err(OpenError::TooLong);
        }
        let mut blob = STANDARD.decode(text).map_err(|_| OpenError::Malformed)?;
        let (_, _, message) = self.open_blob(|key| &key.contexts, &mut blob)?;
        let (version, encoded) = message.split_first().ok_or(OpenError::Claims)?;
        let (assertion, rest) =
            postcard::take_from_bytes(encoded).map_err(|_| OpenError::Claims)?;
        if *version == VERSION && rest.is_empty() { Ok(assertion) } else { Err(OpenError::Claims) }
    }
}

/// Assertions begin as AWS's do: these twelve bytes are `AQoJb3JpZ2luX2Vj` in base64.
pub(super) static CONTEXTS: Purpose =
    Purpose { label: "daypass context assertion", header: b"\x01\x0a\x09origin_ec" };

/// The form of the sealed bytes. Postcard does not describe itself: any change of
/// [`ContextAssertion`] takes another number.
const VERSION: u8 = 2;

/// What `ContextAssertion` may have, in characters.
const MAX_TEXT: usize = 2_048;

#[cfg(test)]
mod tests {
    use daypass_ident::SystemIds;
    use proptest::prelude::*;

    use super::*;
    use crate::SealingKeys;
    use crate::context::tests::{any_assertion, sample};

    proptest! {
        #[test]
        fn opening_gives_back_what_was_sealed(assertion in any_assertion()) {
            let ring = KeyRing::generate(&SystemIds);
            let text = ring.seal_context(&assertion, &SystemIds).unwrap();
            prop_assert_eq!(ring.open_context(text.expose()), Ok(assertion));
        }

        #[test]
        fn no_text_panics(text in ".*") {
            let ring = KeyRing::generate(&SystemIds);
            prop_assert!(ring.open_context(&text).is_err());
            let headed = format!("AQoJb3JpZ2luX2Vj{text}");
            prop_assert!(ring.open_context(&headed).is_err());
        }

        #[test]
        fn a_flipped_bit_is_refused(assertion in any_assertion(), bit: prop::sample::Index) {
            let ring = KeyRing::generate(&SystemIds);
            let text = ring.seal_context(&assertion, &SystemIds).unwrap();
            let mut blob = STANDARD.decode(text.expose()).unwrap();
            let bit = bit.index(blob.len() * 8);
            blob[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(ring.open_context(&STANDARD.encode(blob)).is_err());
        }
    }

    #[test]
    fn assertions_look_like_awss() {
        let ring = KeyRing::generate(&SystemIds);
        let text = ring.seal_context(&sample(), &SystemIds).unwrap();
        assert!(text.expose().starts_with("AQoJb3JpZ2luX2Vj"), "{}", text.expose());
    }

    #[test]
    fn what_sts_would_not_read_is_not_sealed() {
        let ring = KeyRing::generate(&SystemIds);
        let of_length = |length| ContextAssertion { credential_id: "c".repeat(length), ..sample() };
        let seal = |length| ring.seal_context(&of_length(length), &SystemIds);
        let longest = (0..).take_while(|length| seal(*length).is_ok()).last().unwrap();
        assert!((MAX_TEXT - 3..=MAX_TEXT).contains(&seal(longest).unwrap().expose().len()));
        assert_eq!(seal(longest + 1).unwrap_err(), SealError::TooLong);
        assert_eq!(ring.open_context(&"A".repeat(MAX_TEXT + 1)), Err(OpenError::TooLong));
    }

    #[test]
    fn an_assertion_outlives_rotations_as_sessions_do_and_no_other_deployment_reads_it() {
        let first = SealingKeys::generate(&SystemIds, 0);
        let text = first.ring().seal_context(&sample(), &SystemIds).unwrap();
        let second = first.rotated(None, &SystemIds, 1).unwrap();
        assert_eq!(second.ring().open_context(text.expose()), Ok(sample()));
        let other = KeyRing::generate(&SystemIds);
        assert_eq!(other.open_context(text.expose()), Err(OpenError::UnknownKey));
    }
}
