//! The sealing core: bytes in, opaque bytes out, for any purpose.
//!
//! A [`MasterKey`] is never used itself. Each purpose has its own key, derived under its own label
//! (HKDF-Expand, RFC 5869), so that what was sealed for one purpose never opens as another. A
//! sealed blob is
//!
//! ```text
//! header ‖ version (1) ‖ key id (4) ‖ nonce (12) ‖ ciphertext ‖ tag (16)
//! ```
//!
//! under AES-256-GCM-SIV (RFC 8452), with which a repeated nonce reveals no more than whether two
//! messages are equal. Header, version and key id are authenticated with the message.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use daypass_ident::{IdGen, Secret};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::{Zeroize as _, Zeroizing};

/// Random material from which every key of one generation is derived.
#[derive(Clone)]
pub(crate) struct MasterKey(Secret<[u8; 32]>);

impl MasterKey {
    pub(crate) fn generate(ids: &dyn IdGen) -> Self {
        let mut material = [0; 32];
        ids.fill(&mut material);
        let key = Self(Secret::new(material));
        material.zeroize();
        key
    }

    pub(crate) fn of(material: &[u8; 32]) -> Self {
        Self(Secret::new(*material))
    }

    /// The key itself, to be written down.
    pub(crate) fn material(&self) -> &[u8; 32] {
        self.0.expose()
    }

    /// Names the key without telling anything of it.
    pub(crate) fn id(&self) -> KeyId {
        let [a, b, c, d, ..] = finish(self.mac("daypass key id"));
        [a, b, c, d]
    }

    /// The key that signs under `label`.
    pub(crate) fn mac(&self, label: &str) -> HmacSha256 {
        keyed(&self.derive(label))
    }

    /// The first block of HKDF-Expand (RFC 5869, 2.3), which is all that a key needs. The material
    /// is already uniform, so HKDF's extraction is left out (3.3).
    fn derive(&self, label: &str) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(finish(keyed(self.0.expose()).chain_update(label).chain_update([1])))
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(..)")
    }
}

/// What is sealed: each purpose has its label and its blobs begin with its header.
#[derive(Debug)]
pub(crate) struct Purpose {
    /// Names the purpose's key; never seen outside.
    pub(crate) label: &'static str,
    /// The bytes that every blob begins with.
    pub(crate) header: &'static [u8],
}

/// Seals and opens for one purpose under one master key.
pub(crate) struct Sealer {
    purpose: &'static Purpose,
    key_id: KeyId,
    key: LessSafeKey,
}

impl Sealer {
    pub(crate) fn new(master: &MasterKey, purpose: &'static Purpose) -> Self {
        let derived = master.derive(purpose.label);
        #[expect(clippy::expect_used, reason = "AES-256 has keys of 32 bytes")]
        let key = UnboundKey::new(&AES_256_GCM_SIV, &*derived).expect("a key of 32 bytes");
        Self { purpose, key_id: master.id(), key: LessSafeKey::new(key) }
    }

    /// Seals a message. The nonce, which [`open`](Self::open) gives back, is the caller's to make:
    /// random, and new for each message.
    pub(crate) fn seal(&self, nonce: SealNonce, message: &[u8]) -> Result<Vec<u8>, CannotSeal> {
        let Purpose { header, .. } = self.purpose;
        let overhead = overhead(self.purpose) + self.key.algorithm().tag_len();
        let mut blob = Vec::with_capacity(overhead + message.len());
        blob.extend_from_slice(header);
        blob.push(VERSION);
        blob.extend_from_slice(&self.key_id);
        let context = blob.len();
        blob.extend_from_slice(&nonce);
        blob.extend_from_slice(message);
        let (context, rest) = blob.split_at_mut_checked(context).ok_or(CannotSeal)?;
        let (_, sealed) = rest.split_at_mut_checked(NONCE_LEN).ok_or(CannotSeal)?;
        let nonce = Nonce::assume_unique_for_key(nonce);
        let tag = self.key.seal_in_place_separate_tag(nonce, Aad::from(context), sealed);
        blob.extend_from_slice(tag.map_err(|_| CannotSeal)?.as_ref());
        Ok(blob)
    }

    /// Opens a blob in its own memory. `None` when it is not, to the last bit, what this sealer
    /// once made.
    pub(crate) fn open<'b>(&self, blob: &'b mut [u8]) -> Option<(SealNonce, &'b [u8])> {
        let (prefix, sealed) = blob.split_at_mut_checked(overhead(self.purpose))?;
        let (context, nonce) = prefix.split_last_chunk::<NONCE_LEN>()?;
        let aad = Aad::from(context);
        let message = self.key.open_in_place(Nonce::assume_unique_for_key(*nonce), aad, sealed);
        message.ok().map(|message| (*nonce, &*message))
    }

    /// How long a message must be for its blob to have at least so many bytes.
    pub(crate) fn message_length(&self, blob: usize) -> usize {
        blob.saturating_sub(overhead(self.purpose) + self.key.algorithm().tag_len())
    }

    /// The key that a blob of the purpose names; `None` when header or version is another's.
    pub(crate) fn named_key(&self, blob: &[u8]) -> Option<KeyId> {
        let (version, rest) = blob.strip_prefix(self.purpose.header)?.split_first()?;
        rest.first_chunk().copied().filter(|_| *version == VERSION)
    }

    /// The id that this sealer's blobs name.
    pub(crate) fn key_id(&self) -> KeyId {
        self.key_id
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealer").field("purpose", &self.purpose.label).finish_non_exhaustive()
    }
}

/// The cipher refused, which it does only for want of memory or beyond 64 GiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CannotSeal;

/// An HMAC that has hashed its key. Wipes itself: the features `zeroize` of `hmac` and `sha2` are on.
pub(crate) type HmacSha256 = Hmac<Sha256>;

/// The HMAC of what was fed in.
pub(crate) fn finish(mac: HmacSha256) -> [u8; 32] {
    mac.finalize().into_bytes().into()
}

fn keyed(key: &[u8; 32]) -> HmacSha256 {
    #[expect(clippy::expect_used, reason = "RFC 2104 lets an HMAC key have any length")]
    HmacSha256::new_from_slice(key).expect("a key of any length")
}

/// Names a master key inside a blob without telling anything of it.
pub type KeyId = [u8; 4];

/// A nonce of AES-GCM-SIV.
pub(crate) type SealNonce = [u8; NONCE_LEN];

/// The bytes before the ciphertext.
fn overhead(purpose: &Purpose) -> usize {
    purpose.header.len() + size_of_val(&VERSION) + size_of::<KeyId>() + NONCE_LEN
}

/// The form of the blob; another form takes another number.
const VERSION: u8 = 1;

#[cfg(test)]
mod tests {
    use daypass_ident::SystemIds;

    use super::*;

    static LETTERS: Purpose = Purpose { label: "letters", header: b"A" };
    /// The same header under another label.
    static PARCELS: Purpose = Purpose { label: "parcels", header: b"A" };

    #[test]
    fn opens_only_what_was_sealed_under_key_and_purpose() {
        let master = MasterKey::generate(&SystemIds);
        let letters = Sealer::new(&master, &LETTERS);
        let blob = letters.seal([7; NONCE_LEN], b"hello").unwrap();
        assert_eq!(letters.open(&mut blob.clone()), Some(([7; NONCE_LEN], &b"hello"[..])));

        let parcels = Sealer::new(&master, &PARCELS);
        assert_eq!(parcels.named_key(&blob), Some(parcels.key_id()));
        assert_eq!(parcels.open(&mut blob.clone()), None, "another purpose");

        let other = Sealer::new(&MasterKey::generate(&SystemIds), &LETTERS);
        assert_ne!(letters.named_key(&blob), Some(other.key_id()));
        assert_eq!(other.open(&mut blob.clone()), None, "another key");
    }

    #[test]
    fn every_bit_counts() {
        let letters = Sealer::new(&MasterKey::generate(&SystemIds), &LETTERS);
        let blob = letters.seal([7; NONCE_LEN], b"hello").unwrap();
        for bit in 0..blob.len() * 8 {
            let mut forged = blob.clone();
            forged[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(letters.open(&mut forged), None, "bit {bit}");
        }
        for length in 0..blob.len() {
            assert_eq!(letters.open(&mut blob[..length].to_vec()), None, "{length} bytes");
        }
    }

    #[test]
    fn keys_are_derived_as_hkdf_expand_does() {
        // RFC 5869, A.3: PRK, and the first block of OKM, without info.
        let prk = "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04";
        let okm = "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d";
        let prk = hex::decode(prk).unwrap().try_into().unwrap();
        assert_eq!(hex::encode(*MasterKey::of(&prk).derive("")), okm);
    }

    #[test]
    fn debug_shows_no_key() {
        let master = MasterKey(Secret::new([0xAB; 32]));
        assert_eq!(format!("{master:?}"), "MasterKey(..)");
        let shown = format!("{:?}", Sealer::new(&master, &LETTERS));
        assert_eq!(shown, r#"Sealer { purpose: "letters", .. }"#);
    }
}
