//! The text form that access key ids and unique ids share: a prefix of four letters, then base 32
//! (RFC 4648) in which the first nine characters carry the account.

use crate::{AccountId, IdGen};

/// Writes prefix and random characters into `out`, with the account in characters 4 to 12.
///
/// AWS's ids made since about 2019 carry their account: forty bits of base 32 hold half the
/// account number with the top bit set, and the next character says whether the number is odd.
pub(crate) fn generate(prefix: &str, account: AccountId, ids: &dyn IdGen, out: &mut [u8]) {
    let mut random = [0_u8; 32];
    ids.fill(&mut random);
    let number = account.number() / 2 + MARK;
    let odd = account.number() % 2 == 1;
    let characters = out.iter_mut().zip(random).enumerate();
    for (at, (character, random)) in characters {
        *character = match at {
            0..4 => prefix.as_bytes().get(at).copied().unwrap_or(b'A'),
            4..12 => letter(number >> (5 * (11 - at))),
            12 if odd => letter(u64::from(random) % 16 + 16),
            12 => letter(u64::from(random) % 16),
            _ => letter(u64::from(random)),
        };
    }
}

/// The account that an id carries; `None` for an id of the old form or one that is not base 32.
pub(crate) fn account(id: &str) -> Option<AccountId> {
    let coded = id.as_bytes().get(4..13)?;
    let mut number = 0;
    let mut odd = false;
    for (at, byte) in coded.iter().enumerate() {
        let value = value(*byte)?;
        if at < 8 {
            number = number << 5 | value;
        } else {
            odd = value >= 16;
        }
    }
    let half = number.checked_sub(MARK)?;
    AccountId::from_number(half * 2 + u64::from(odd))
}

/// The base 32 character of the lowest five bits.
fn letter(value: u64) -> u8 {
    ALPHABET.get((value & 31) as usize).copied().unwrap_or(b'A')
}

fn value(letter: u8) -> Option<u64> {
    match letter {
        b'A'..=b'Z' => Some(u64::from(letter - b'A')),
        b'2'..=b'7' => Some(u64::from(letter - b'2') + 26),
        _ => None,
    }
}

const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The bit that marks an id as one that carries its account.
const MARK: u64 = 1 << 39;
