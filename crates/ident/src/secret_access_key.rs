use crate::{IdGen, Secret};

/// A fresh secret access key: 40 characters of the base 64 alphabet, as AWS's have, which is 240
/// bits.
#[must_use]
pub fn generate_secret_access_key(ids: &dyn IdGen) -> Secret<String> {
    let mut random = [0_u8; 40];
    ids.fill(&mut random);
    let random = Secret::new(random);
    let character = |byte: &u8| ALPHABET.get(usize::from(byte % 64)).copied().map(char::from);
    Secret::new(random.expose().iter().filter_map(character).collect())
}

/// RFC 4648's. Each character stands for exactly four of a byte's 256 values.
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemIds;

    #[test]
    fn forty_characters_and_never_the_same() {
        let (one, other) =
            (generate_secret_access_key(&SystemIds), generate_secret_access_key(&SystemIds));
        assert_eq!(one.expose().len(), 40);
        assert!(one.expose().bytes().all(|byte| ALPHABET.contains(&byte)));
        assert_ne!(one, other);
    }
}
