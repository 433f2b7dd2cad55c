//! Nothing but what a ring has sealed opens with it, whatever is sealed, and however little is changed.

use daypass_ident::SystemIds;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use super::*;
use crate::claims::tests::{any_claims, largest_claims, sample};
use crate::{KeyId, SealingKeys};

/// A session's token and its bytes.
fn sealed(ring: &KeyRing, claims: &SessionClaims) -> (String, Vec<u8>) {
    let token = String::from(ring.seal(claims, &SystemIds).unwrap().token);
    let blob = STANDARD.decode(&token).unwrap();
    (token, blob)
}

fn refused(ring: &KeyRing, blob: &[u8]) -> bool {
    ring.open(&STANDARD.encode(blob)).is_err()
}

#[test]
fn every_bit_of_a_token_counts() {
    let ring = KeyRing::generate(&SystemIds);
    let (_, blob) = sealed(&ring, &sample(&SystemIds));
    for bit in 0..blob.len() * 8 {
        let mut forged = blob.clone();
        forged[bit / 8] ^= 1 << (bit % 8);
        assert!(refused(&ring, &forged), "bit {bit}");
    }
}

#[test]
fn a_token_has_one_length() {
    let ring = KeyRing::generate(&SystemIds);
    let (token, blob) = sealed(&ring, &sample(&SystemIds));
    for length in 0..blob.len() {
        assert!(refused(&ring, &blob[..length]), "the first {length} bytes");
        assert!(refused(&ring, &blob[blob.len() - length..]), "the last {length} bytes");
    }
    for length in 0..token.len() {
        let (first, _) = token.split_at(length);
        assert!(ring.open(first).is_err(), "the first {length} characters");
    }
    for byte in 0..=u8::MAX {
        assert!(refused(&ring, &[&blob[..], &[byte]].concat()), "{byte} behind it");
        assert!(refused(&ring, &[&[byte], &blob[..]].concat()), "{byte} before it");
    }
    assert!(refused(&ring, &[&blob[..], &blob[..]].concat()), "twice");
}

proptest! {
    #[test]
    fn a_flipped_bit_of_any_token_is_refused(claims in any_claims(), bits in vec(any::<Index>(), 1..9)) {
        let ring = KeyRing::generate(&SystemIds);
        let (_, blob) = sealed(&ring, &claims);
        let mut forged = blob.clone();
        for bit in bits {
            let bit = bit.index(blob.len() * 8);
            forged[bit / 8] ^= 1 << (bit % 8);
        }
        prop_assert!(forged == blob || refused(&ring, &forged));
    }

    #[test]
    fn a_cut_or_a_longer_token_is_refused(claims in any_claims(), at: Index, more in vec(any::<u8>(), 1..40)) {
        let ring = KeyRing::generate(&SystemIds);
        let (token, blob) = sealed(&ring, &claims);
        let at = at.index(blob.len());
        prop_assert!(refused(&ring, &blob[..at]));
        prop_assert!(refused(&ring, &[&blob[..], &more].concat()));
        prop_assert!(refused(&ring, &[&blob[..at], &more, &blob[at..]].concat()));
        prop_assert!(ring.open(&[&token, STANDARD.encode(&more).as_str()].concat()).is_err());
    }

    #[test]
    fn parts_of_two_tokens_make_none(one in any_claims(), other in any_claims(), at: Index) {
        let ring = KeyRing::generate(&SystemIds);
        let ((_, one), (_, other)) = (sealed(&ring, &one), sealed(&ring, &other));
        // From behind the key's id on, the two have nothing in common.
        let shared = SESSIONS.header.len() + size_of::<u8>() + size_of::<KeyId>();
        let at = shared + 1 + at.index(one.len().min(other.len()) - shared - 1);
        let spliced = [&one[..at], &other[at..]].concat();
        // A byte or two may be the same by chance.
        prop_assert!(spliced == one || spliced == other || refused(&ring, &spliced));
    }

    #[test]
    fn no_token_opens_under_another_deployments_keys(claims in any_claims()) {
        let (ours, theirs) = (KeyRing::generate(&SystemIds), KeyRing::generate(&SystemIds));
        let (token, mut blob) = sealed(&theirs, &claims);
        prop_assert_eq!(ours.open(&token).unwrap_err(), OpenError::UnknownKey);
        // Nor if it says that it is of ours.
        let id = SESSIONS.header.len() + size_of::<u8>()..;
        blob[id][..size_of::<KeyId>()].copy_from_slice(&ours.newest.sessions.key_id());
        prop_assert_eq!(ours.open(&STANDARD.encode(&blob)).unwrap_err(), OpenError::Forged);
    }

    #[test]
    fn no_token_opens_after_its_key_was_retired(claims in any_claims(), rotations in 1..SealingKeys::MAX) {
        let mut keys = SealingKeys::generate(&SystemIds, 0);
        let (token, _) = sealed(&keys.ring(), &claims);
        for rotation in 1..=rotations {
            keys = keys.rotated(Some(rotations), &SystemIds, 0).unwrap();
            prop_assert!(keys.ring().open(&token).is_ok(), "after {rotation} rotations");
        }
        let retired = keys.rotated(Some(rotations), &SystemIds, 0).unwrap();
        prop_assert_eq!(retired.ring().open(&token).unwrap_err(), OpenError::UnknownKey);
        // Written down and read again, the ring is the same.
        let read = SealingKeys::parse(keys.to_text().expose()).unwrap();
        prop_assert_eq!(read.ring().open(&token).unwrap().claims, claims);
    }
}

proptest! {
    // Texts of this length take a while to make up.
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// As long as AWS lets anything be, and longer than a request could carry.
    #[test]
    fn the_largest_claims_are_sealed_or_refused_whole(claims in largest_claims()) {
        let ring = KeyRing::generate(&SystemIds);
        let length = postcard::to_extend(&claims, Vec::new()).unwrap().len();
        match ring.seal(&claims, &SystemIds) {
            Ok(sealed) => {
                prop_assert!(length < MAX_TOKEN);
                prop_assert_eq!(ring.open(sealed.token.as_str()).unwrap().claims, claims);
            }
            Err(error) => {
                prop_assert_eq!(error, SealError::TooLong);
                prop_assert!(length > MAX_TOKEN / 4 * 3 - 64, "{length}");
            }
        }
    }
}
