//! Messages that travel through the hands of others, and that only the deployment which made them
//! can read.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use daypass_ident::{AccountId, IdGen};

use super::{Key, KeyRing, OpenError, SealError};
use crate::seal::{Purpose, Sealer};

/// What a message is for. What was sealed for one purpose does not open for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessagePurpose {
    /// Why a call was denied (STS API Reference, "DecodeAuthorizationMessage").
    Denial,
    /// A sign-in token (IAM User Guide, "Enable custom identity broker access to the AWS console").
    SignIn,
}

impl KeyRing {
    /// Seals a message for an account, as text that is safe in URLs and headers. Nothing is
    /// compressed, so that its length tells only how long the message is.
    ///
    /// # Errors
    /// When it would be longer than the 10 240 characters that STS reads.
    pub fn seal_message(
        &self,
        purpose: MessagePurpose,
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
        let (_, blob) = self.seal_blob(|key| purpose.sealer(key), &plain, ids)?;
        let text = URL_SAFE_NO_PAD.encode(blob);
        if text.len() > MAX_TEXT { Err(SealError::TooLong) } else { Ok(text) }
    }

    /// Reads a message back. Whether whoever asks may see it is the caller's question.
    ///
    /// # Errors
    /// When no key of this ring made the message, exactly as it is and for this purpose.
    pub fn open_message(
        &self,
        purpose: MessagePurpose,
        text: &str,
    ) -> Result<OpenedMessage, OpenError> {
        if text.len() > MAX_TEXT {
            return Err(OpenError::TooLong);
        }
        let mut blob = URL_SAFE_NO_PAD.decode(text).map_err(|_| OpenError::Malformed)?;
        let (_, _, plain) = self.open_blob(|key| purpose.sealer(key), &mut blob)?;
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

impl MessagePurpose {
    fn sealer(self, key: &Key) -> &Sealer {
        match self {
            Self::Denial => &key.messages,
            Self::SignIn => &key.sign_ins,
        }
    }
}

pub(super) static MESSAGES: Purpose =
    Purpose { label: "daypass authorization message", header: b"" };

pub(super) static SIGN_INS: Purpose = Purpose { label: "daypass sign-in token", header: b"" };

/// What `EncodedMessage` may have, in characters.
const MAX_TEXT: usize = 10_240;

#[cfg(test)]
mod tests {
    use daypass_ident::SystemIds;
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::MessagePurpose::{Denial, SignIn};
    use super::*;
    use crate::SealingKeys;

    proptest! {
        #[test]
        fn opening_gives_back_what_was_sealed(
            account in 0..1_000_000_000_000_u64,
            message in vec(any::<u8>(), 0..7_000),
        ) {
            let ring = KeyRing::generate(&SystemIds);
            let account = AccountId::from_number(account).unwrap();
            let text = ring.seal_message(Denial, account, &message, &SystemIds).unwrap();
            prop_assert!(text.len() <= MAX_TEXT);
            let url_safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
            prop_assert!(text.bytes().all(url_safe), "{text}");
            prop_assert_eq!(ring.open_message(Denial, &text), Ok(OpenedMessage { account, message }));
        }

        #[test]
        fn no_text_panics(text in ".*") {
            prop_assert!(KeyRing::generate(&SystemIds).open_message(Denial, &text).is_err());
        }
    }

    #[test]
    fn what_is_for_one_purpose_does_not_open_for_another() {
        let ring = KeyRing::generate(&SystemIds);
        for (purpose, other) in [(Denial, SignIn), (SignIn, Denial)] {
            let text = ring.seal_message(purpose, AccountId::ZERO, b"who", &SystemIds).unwrap();
            assert_eq!(ring.open_message(purpose, &text).unwrap().message, b"who");
            assert_eq!(ring.open_message(other, &text), Err(OpenError::Forged), "{other:?}");
        }
    }

    #[test]
    fn every_flipped_bit_is_refused() {
        let ring = KeyRing::generate(&SystemIds);
        let text = ring.seal_message(Denial, AccountId::ZERO, b"why", &SystemIds).unwrap();
        for bit in 0..text.len() * 8 {
            let mut forged = text.as_bytes().to_vec();
            forged[bit / 8] ^= 1 << (bit % 8);
            // What is no longer text never gets this far.
            if let Ok(forged) = String::from_utf8(forged) {
                assert!(ring.open_message(Denial, &forged).is_err(), "bit {bit}");
            }
        }
        for other in [format!("{text}="), format!("{text}A"), format!(" {text}")] {
            assert!(ring.open_message(Denial, &other).is_err(), "{other:?}");
        }
    }

    #[test]
    fn a_message_outlives_rotations_as_sessions_do() {
        let first = SealingKeys::generate(&SystemIds, 0);
        let text = first.ring().seal_message(Denial, AccountId::ZERO, b"why", &SystemIds).unwrap();
        let second = first.rotated(None, &SystemIds, 1).unwrap();
        assert_eq!(second.ring().open_message(Denial, &text).unwrap().message, b"why");
        let third = second.rotated(None, &SystemIds, 1 + SealingKeys::OVERLAP).unwrap();
        assert_eq!(third.ring().open_message(Denial, &text), Err(OpenError::UnknownKey));
    }

    #[test]
    fn what_sts_would_not_read_is_not_sealed() {
        let ring = KeyRing::generate(&SystemIds);
        let seal =
            |length| ring.seal_message(Denial, AccountId::ZERO, &vec![b'a'; length], &SystemIds);
        let longest = (0..).take_while(|length| seal(*length).is_ok()).last().unwrap();
        assert_eq!(seal(longest).unwrap().len(), MAX_TEXT);
        for length in [longest + 1, 100_000] {
            assert_eq!(seal(length), Err(SealError::TooLong), "{length}");
        }
        assert_eq!(ring.open_message(Denial, &"A".repeat(MAX_TEXT + 1)), Err(OpenError::TooLong));
    }
}
