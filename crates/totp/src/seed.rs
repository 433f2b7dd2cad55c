use std::ops::RangeInclusive;

use data_encoding::BASE32_NOPAD;
use daypass_ident::{IdGen, Secret};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha1::Sha1;
use subtle::ConstantTimeEq;

use crate::Code;

/// What a device and its verifier share, and from which every code comes. Wiped from memory on
/// drop; stored as base 32 text, which is how devices take it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seed(Secret<Vec<u8>>);

/// The text is not a seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a seed is 16 to 103 characters of base 32: A to Z and 2 to 7, without padding")]
pub struct InvalidSeed;

impl Seed {
    /// A fresh one, as long as AWS's: 40 bytes, 64 characters.
    #[must_use]
    pub fn generate(ids: &dyn IdGen) -> Self {
        let mut bytes = vec![0; GENERATED_BYTES];
        ids.fill(&mut bytes);
        Self(Secret::new(bytes))
    }

    /// Reads base 32 text (RFC 4648), in either case.
    ///
    /// # Errors
    /// When it is none, or of fewer than 80 bits, which is what the shortest seeds in use have, or
    /// longer than a block of SHA-1.
    pub fn from_base32(text: &str) -> Result<Self, InvalidSeed> {
        let upper = Secret::new(text.to_ascii_uppercase());
        let bytes = BASE32_NOPAD.decode(upper.expose().as_bytes()).map_err(|_| InvalidSeed)?;
        let seed = Self(Secret::new(bytes));
        if !ACCEPTED_BYTES.contains(&seed.0.expose().len()) {
            return Err(InvalidSeed);
        }
        Ok(seed)
    }

    /// The text that is typed into a device.
    #[must_use]
    pub fn to_base32(&self) -> Secret<String> {
        Secret::new(BASE32_NOPAD.encode(self.0.expose()))
    }

    /// The code that a device shows during a step (RFC 4226, section 5.3).
    #[must_use]
    pub fn code_at(&self, step: i64) -> Code {
        // A key of HMAC may have any length, so that the second arm is never taken.
        let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(self.0.expose()) else {
            return Code::of(0);
        };
        mac.update(&step.to_be_bytes());
        let hash = mac.finalize().into_bytes();
        let offset = hash.last().map_or(0, |byte| usize::from(byte & 0x0f));
        let window = hash.iter().skip(offset).take(4);
        let number = window.fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
        Code::of(number & 0x7fff_ffff)
    }

    /// The first of these steps in which a device shows `code`. All are tried, so that the time
    /// that it takes does not tell which one it was.
    #[must_use]
    pub(crate) fn find(&self, code: Code, steps: RangeInclusive<i64>) -> Option<i64> {
        let matching = |step: &i64| bool::from(self.code_at(*step).ct_eq(&code));
        steps.filter(matching).fold(None, |first, step| first.or(Some(step)))
    }

    /// The first of these steps in which a device shows `code`, having shown `before` in the step
    /// before it.
    #[must_use]
    pub(crate) fn find_pair(
        &self,
        before: Code,
        code: Code,
        steps: RangeInclusive<i64>,
    ) -> Option<i64> {
        let matching = |step: &i64| {
            let earlier = self.code_at(step.saturating_sub(1)).ct_eq(&before);
            bool::from(earlier & self.code_at(*step).ct_eq(&code))
        };
        steps.filter(matching).fold(None, |first, step| first.or(Some(step)))
    }
}

impl Serialize for Seed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.to_base32().expose())
    }
}

impl<'de> Deserialize<'de> for Seed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Secret::<String>::deserialize(deserializer)?;
        Self::from_base32(text.expose()).map_err(serde::de::Error::custom)
    }
}

const GENERATED_BYTES: usize = 40;
const ACCEPTED_BYTES: RangeInclusive<usize> = 10..=64;

#[cfg(test)]
mod tests {
    use daypass_ident::SystemIds;
    use proptest::prelude::*;

    use super::*;
    use crate::step_at;

    fn seed(ascii: &str) -> Seed {
        Seed(Secret::new(ascii.as_bytes().to_vec()))
    }

    #[test]
    fn codes_are_those_of_rfc_6238_appendix_b() {
        let seed = seed("12345678901234567890");
        let cases = [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ];
        for (at, code) in cases {
            assert_eq!(seed.code_at(step_at(at)).to_string(), code, "{at}");
        }
    }

    #[test]
    fn codes_are_those_of_rfc_4226_appendix_d() {
        let seed = seed("12345678901234567890");
        let codes: Vec<_> = (0..4).map(|step| seed.code_at(step).to_string()).collect();
        assert_eq!(codes, ["755224", "287082", "359152", "969429"]);
    }

    #[test]
    fn a_code_is_found_in_its_step_only() {
        let seed = seed("12345678901234567890");
        let (one, two, three) = (seed.code_at(1), seed.code_at(2), seed.code_at(3));
        assert_eq!(seed.find(two, 1..=3), Some(2));
        assert_eq!(seed.find(two, 3..=9), None);
        assert_eq!(seed.find_pair(one, two, 0..=9), Some(2));
        assert_eq!(seed.find_pair(two, one, 0..=9), None);
        assert_eq!(seed.find_pair(one, three, 0..=9), None);
        assert_eq!(seed.find_pair(two, two, 0..=9), None);
    }

    #[test]
    fn a_fresh_seed_is_64_characters_and_never_the_same() {
        let (one, other) = (Seed::generate(&SystemIds), Seed::generate(&SystemIds));
        assert_eq!(one.to_base32().expose().len(), 64);
        assert_ne!(one, other);
        assert_eq!(format!("{one:?}"), "Seed(Secret(..))");
    }

    #[test]
    fn what_is_no_seed_is_refused() {
        assert!(Seed::from_base32("jbswy3dpehpk3pxp").is_ok());
        let long = "A".repeat(104);
        for text in [
            "",
            "JBSWY3DPEHPK3PX",
            "JBSWY3DPEHPK3PX=",
            "JBSWY3DPEHPK3PX1",
            "ÄBSWY3DPEHPK3PXP",
            &long,
        ] {
            assert_eq!(Seed::from_base32(text), Err(InvalidSeed), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn text_comes_back(bytes in proptest::collection::vec(any::<u8>(), 10..=64)) {
            let seed = Seed(Secret::new(bytes));
            prop_assert_eq!(Seed::from_base32(seed.to_base32().expose()), Ok(seed));
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in ".{0,80}") {
            let _ = Seed::from_base32(&text);
            let _ = text.parse::<Code>();
        }
    }
}
