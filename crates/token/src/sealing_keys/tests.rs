use daypass_ident::SystemIds;
use proptest::prelude::*;

use super::*;
use crate::OpenError;
use crate::claims::tests::sample;

const NOW: i64 = 1_800_000_000;
const HOUR: i64 = 3_600;

#[test]
fn what_is_written_is_read_again_and_opens_the_same_tokens() {
    let mut keys = SealingKeys::generate(&SystemIds, NOW);
    for hour in 0..5 {
        let token = keys.ring().seal(&sample(&SystemIds), &SystemIds).unwrap().token;
        let read = SealingKeys::parse(keys.to_text().expose()).unwrap();
        assert!(keys.list().eq(read.list()));
        assert!(read.ring().open(token.as_str()).is_ok());
        let back = read.ring().seal(&sample(&SystemIds), &SystemIds).unwrap().token;
        assert!(keys.ring().open(back.as_str()).is_ok());
        keys = keys.rotated(None, &SystemIds, NOW + hour * HOUR).unwrap();
    }
}

#[test]
fn a_key_opens_for_as_long_as_its_sessions_may_last() {
    let first = SealingKeys::generate(&SystemIds, NOW);
    let token = first.ring().seal(&sample(&SystemIds), &SystemIds).unwrap().token;
    // It sealed until here, however long before it was made.
    let until = NOW + 1_000 * HOUR;
    let second = first.rotated(None, &SystemIds, until).unwrap();
    assert!(second.ring().open(token.as_str()).is_ok());

    let fresh = second.ring().seal(&sample(&SystemIds), &SystemIds).unwrap().token;
    assert_eq!(first.ring().open(fresh.as_str()).unwrap_err(), OpenError::UnknownKey);

    for (after, stays) in [(SealingKeys::OVERLAP - 1, true), (SealingKeys::OVERLAP, false)] {
        let third = second.rotated(None, &SystemIds, until + after).unwrap();
        assert!(third.ring().open(fresh.as_str()).is_ok(), "the key before it always opens");
        assert_eq!(third.ring().open(token.as_str()).is_ok(), stays, "{after}");
    }
}

#[test]
fn a_number_of_keys_to_keep_goes_before_their_age() {
    let mut keys = SealingKeys::generate(&SystemIds, NOW);
    for year in 1..=3 {
        keys = keys.rotated(Some(7), &SystemIds, NOW + year * 365 * 24 * HOUR).unwrap();
    }
    assert_eq!(keys.list().count(), 4);
    let none = keys.rotated(Some(0), &SystemIds, NOW).unwrap();
    assert_eq!(none.list().count(), 1);
    assert_eq!(none.newest.since, keys.newest.since, "a clock that was put back");
    assert_ne!(none.newest.master.id(), keys.newest.master.id());
}

#[test]
fn keys_do_not_pile_up() {
    let mut keys = SealingKeys::generate(&SystemIds, NOW);
    for _ in 1..SealingKeys::MAX {
        keys = keys.rotated(None, &SystemIds, NOW).unwrap();
    }
    assert_eq!(keys.rotated(None, &SystemIds, NOW).unwrap_err(), TooManyKeys);
    assert_eq!(keys.rotated(Some(8), &SystemIds, NOW).unwrap_err(), TooManyKeys);
    let fewer = keys.rotated(Some(7), &SystemIds, NOW).unwrap();
    assert_eq!(fewer.list().count(), SealingKeys::MAX);
    assert_eq!(fewer.list().nth(1), keys.list().next(), "the oldest goes");
    let later = keys.rotated(None, &SystemIds, NOW + SealingKeys::OVERLAP).unwrap();
    assert_eq!(later.list().count(), 2);
}

#[test]
fn what_are_no_keys() {
    let key = STANDARD.encode([7; 32]);
    let cases = [
        (String::new(), ParseKeysError::Form),
        ("daypass sealing keys, version 2\n".to_owned(), ParseKeysError::Form),
        (format!("{FORM}\n# 1 {key}\n\n"), ParseKeysError::None),
        (format!("{FORM}\n\n{key}\n"), ParseKeysError::Line(3)),
        (format!("{FORM}\n1 {key}\n-1 {key}\n"), ParseKeysError::Line(3)),
        (format!("{FORM}\n1  {key}\n"), ParseKeysError::Line(2)),
        (format!("{FORM}\n1 {}\n", STANDARD.encode([7; 31])), ParseKeysError::Line(2)),
        (format!("{FORM}\n1 {}\n", STANDARD.encode([7; 33])), ParseKeysError::Line(2)),
        (format!("{FORM}\n1 {}\n", STANDARD.encode([7; 300])), ParseKeysError::Line(2)),
        (format!("{FORM}\n1 {key}\n2 {key}\n"), ParseKeysError::Order(3)),
        (format!("{FORM}\n{}", format!("1 {key}\n").repeat(9)), ParseKeysError::TooMany),
    ];
    for (text, error) in cases {
        assert_eq!(SealingKeys::parse(&text).unwrap_err(), error, "{text}");
    }
    let eight = format!("{FORM}\r\n{}", format!("1 {key}\r\n").repeat(8));
    assert_eq!(SealingKeys::parse(&eight).unwrap().list().count(), 8);
}

#[test]
fn the_text_has_room_from_the_start_and_debug_shows_no_key() {
    let mut keys = SealingKeys::generate(&SystemIds, i64::MAX);
    for _ in 1..SealingKeys::MAX {
        keys = keys.rotated(Some(8), &SystemIds, 0).unwrap();
    }
    let room = FORM.len() + NOTE.len() + (SealingKeys::MAX + 1) * LINE;
    assert!(keys.to_text().expose().len() <= room);
    assert_eq!(
        format!("{:?}", SealingKeys::generate(&SystemIds, NOW)),
        "SealingKeys { newest: SealingKey { since: 1800000000, master: MasterKey(..) }, older: [] }"
    );
}

proptest! {
    #[test]
    fn no_text_panics(text in ".*") {
        prop_assert!(SealingKeys::parse(&text).is_err());
        let headed = format!("{FORM}\n1 {text}");
        prop_assert!(SealingKeys::parse(&headed).is_err());
    }
}
