//! Messages about denials, which only the deployment that made them can read (STS API Reference,
//! "DecodeAuthorizationMessage").

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use daypass_ident::{AccountId, IdGen};

use super::{KeyRing, OpenError, SealError};
use crate::seal::{Purpose, SealNonce};

impl KeyRing {
    /// Seals a message for an account, as text that is safe in URLs and headers. Nothing is
    /// compressed, so that its length tells only how long the message is.
    ///
    /// # Errors
    /// When it would be longer than the 10 240 characters that STS reads.
    pub fn seal_message(
        &self,
        account: AccountId,
        message: &[u8],
        ids: &dyn IdGen,
    ) -> Result<String, SealError> {
        if message.len() > MAX_TEXT {
            return Err(SealError::TooLong);
        }
        let mut plain = Vec::with_capacity(size_of::<u64>() + message.len());
        plain.extend_from_slice(&account.number().to_be_bytes());
        plain.extend_from_slice(message);
        let mut nonce = SealNonce::default();
        ids.fill(&mut nonce);
        let blob = self.newest.messages.seal(nonce, &plain).map_err(|_| SealError::Cipher)?;
        let text = URL_SAFE_NO_PAD.encode(blob);
        if text.len() > MAX_TEXT { Err(SealError::TooLong) } else { Ok(text) }
    }

    /// Reads a message back. Whether whoever asks may see it is the caller's question.
    ///
    /// # Errors
    /// When no key of this ring made the message, exactly as it is.
    pub fn open_message(&self, text: &str) -> Result<OpenedMessage, OpenError> {
        if text.len() > MAX_TEXT {
            return Err(OpenError::TooLong);
        }
        let mut blob = URL_SAFE_NO_PAD.decode(text).map_err(|_| OpenError::Malformed)?;
        let key = self.key_of(&blob, &MESSAGES)?;
        let (_, plain) = key.messages.open(&mut blob).ok_or(OpenError::Forged)?;
        let (account, message) = plain.split_first_chunk().ok_or(OpenError::Claims)?;
        let account = AccountId::from_number(u64::from_be_bytes(*account));
        Ok(OpenedMessage { account: account.ok_or(OpenError::Claims)?, message: message.to_vec() })
    }
}

/// A message that was sealed here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedMessage {
    /// The account that it was sealed for.
    pub account: AccountId,
    /// What was sealed.
    pub message: Vec<u8>,
}

pub(super) static MESSAGES: Purpose =
    Purpose { label: "daypass authorization message", header: b"" };

/// What `EncodedMessage` may have, in characters.
const MAX_TEXT: usize = 10_240;

#[cfg(test)]
mod tests {
    use daypass_ident::SystemIds;
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::SealingKeys;
    use crate::claims::tests::any_claims;

    proptest! {
        #[test]
        fn opening_gives_back_what_was_sealed(
            account in 0..1_000_000_000_000_u64,
            message in vec(any::<u8>(), 0..7_000),
        ) {
            let ring = KeyRing::generate(&SystemIds);
            let account = AccountId::from_number(account).unwrap();
            let text = ring.seal_message(account, &message, &SystemIds).unwrap();
            prop_assert!(text.len() <= MAX_TEXT);
            let url_safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
            prop_assert!(text.bytes().all(url_safe), "{text}");
            prop_assert_eq!(ring.open_message(&text), Ok(OpenedMessage { account, message }));
        }

        #[test]
        fn a_session_token_is_no_message_and_a_message_no_token(
            claims in any_claims(),
            message: Vec<u8>,
        ) {
            let ring = KeyRing::generate(&SystemIds);
            let token = ring.seal(&claims, &SystemIds).unwrap().token;
            let text = ring.seal_message(AccountId::ZERO, &message, &SystemIds).unwrap();
            // As it is, with its base64 rewritten in the other's alphabet, and with its header.
            let bytes = base64::engine::general_purpose::STANDARD.decode(token.as_str()).unwrap();
            let bare = bytes.strip_prefix(b"\x21\x0a\x09origin_ec").unwrap();
            for text in [String::from(token), URL_SAFE_NO_PAD.encode(&bytes), URL_SAFE_NO_PAD.encode(bare)] {
                prop_assert!(ring.open_message(&text).is_err());
            }
            let bytes = URL_SAFE_NO_PAD.decode(&text).unwrap();
            let headed = [&b"\x21\x0a\x09origin_ec"[..], &bytes].concat();
            let standard = base64::engine::general_purpose::STANDARD;
            for text in [text, standard.encode(&bytes), standard.encode(&headed)] {
                prop_assert!(ring.open(&text).is_err());
            }
        }

        #[test]
        fn no_text_panics(text in ".*") {
            prop_assert!(KeyRing::generate(&SystemIds).open_message(&text).is_err());
        }
    }

    #[test]
    fn every_flipped_bit_is_refused() {
        let ring = KeyRing::generate(&SystemIds);
        let text = ring.seal_message(AccountId::ZERO, b"why", &SystemIds).unwrap();
        for bit in 0..text.len() * 8 {
            let mut forged = text.as_bytes().to_vec();
            forged[bit / 8] ^= 1 << (bit % 8);
            // What is no longer text never gets this far.
            if let Ok(forged) = String::from_utf8(forged) {
                assert!(ring.open_message(&forged).is_err(), "bit {bit}");
            }
        }
        for other in [format!("{text}="), format!("{text}A"), format!(" {text}")] {
            assert!(ring.open_message(&other).is_err(), "{other:?}");
        }
    }

    #[test]
    fn a_message_outlives_rotations_as_sessions_do() {
        let first = SealingKeys::generate(&SystemIds, 0);
        let text = first.ring().seal_message(AccountId::ZERO, b"why", &SystemIds).unwrap();
        let second = first.rotated(None, &SystemIds, 1).unwrap();
        assert_eq!(second.ring().open_message(&text).unwrap().message, b"why");
        let third = second.rotated(None, &SystemIds, 1 + SealingKeys::OVERLAP).unwrap();
        assert_eq!(third.ring().open_message(&text), Err(OpenError::UnknownKey));
    }

    #[test]
    fn what_sts_would_not_read_is_not_sealed() {
        let ring = KeyRing::generate(&SystemIds);
        let seal = |length| ring.seal_message(AccountId::ZERO, &vec![b'a'; length], &SystemIds);
        let longest = (0..).take_while(|length| seal(*length).is_ok()).last().unwrap();
        assert_eq!(seal(longest).unwrap().len(), MAX_TEXT);
        for length in [longest + 1, 100_000] {
            assert_eq!(seal(length), Err(SealError::TooLong), "{length}");
        }
        assert_eq!(ring.open_message(&"A".repeat(MAX_TEXT + 1)), Err(OpenError::TooLong));
    }
}
