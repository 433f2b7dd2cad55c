//! What can be seen without computing a signature: dates, scopes, and the form of what was sent.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{
    mistake::{
        Mistake,
        MistakeKind::{
            Clock, HeaderChanged, LocalTime, Region, ScopeDate, Service, SignatureForm,
            SignedHeadersOrder, UpperCaseHex,
        },
    },
    scope::zone,
    seen::{Seen, trimmed},
};
use crate::{ExpectedScope, Regions, Timestamp, error::MAX_SKEW, scope::TERMINATOR};

/// The mistakes that show by themselves, and the signature as bytes if it can be read at all.
pub(super) fn look(
    seen: &Seen<'_>,
    sent_signature: &[u8],
    expected: &ExpectedScope<'_>,
    now: i64,
) -> (Vec<Mistake>, Option<[u8; 32]>) {
    let mut found = Vec::new();
    found.extend(date(seen.signed_at, now));
    scope(seen, expected, &mut found);
    if seen.list != seen.sent_list {
        found.push(Mistake::new(
            SignedHeadersOrder,
            "`SignedHeaders` must be in lower case, sorted, and name each header once",
        ));
    }
    for name in seen.list.iter().filter(|name| seen.value(name, trimmed).is_none()) {
        found.push(Mistake::new(
            HeaderChanged,
            format!("`SignedHeaders` names `{name}`, which the request does not have; something took it out, or it was never sent"),
        ));
    }
    let (signature, mistake) = signature(sent_signature);
    found.extend(mistake);
    (found, signature)
}

/// A date that is too far from now. Local time is off by whole hours, or half ones.
fn date(signed: Timestamp, now: i64) -> Option<Mistake> {
    let ahead = signed.unix_seconds().saturating_sub(now);
    if ahead.abs() <= MAX_SKEW {
        return None;
    }
    let zone_offset = (ahead + HALF_HOUR.div_euclid(2)).div_euclid(HALF_HOUR) * HALF_HOUR;
    let (amount, side) = (amount(ahead.abs()), if ahead < 0 { "behind" } else { "ahead of" });
    let is_zone = EARTH.contains(&zone_offset) && (ahead - zone_offset).abs() <= ZONE_TOLERANCE;
    Some(if is_zone {
        Mistake::new(
            LocalTime,
            format!(
                "the signature's date is {amount} {side} now, as local time is in {}; write dates in UTC",
                zone(zone_offset)
            ),
        )
    } else {
        Mistake::new(
            Clock,
            format!(
                "the signature's date is {amount} {side} now, and AWS accepts 15 minutes; set the client's clock, and \
                 sign each request anew"
            ),
        )
    })
}

fn amount(seconds: i64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours) {
        (0, 0) => format!("{minutes} min"),
        (0, _) => format!("{hours} h {minutes} min"),
        _ => format!("{days} d {hours} h"),
    }
}

fn scope(seen: &Seen<'_>, expected: &ExpectedScope<'_>, found: &mut Vec<Mistake>) {
    let [date, region, service, terminator] = seen.scope;
    let (here, right_region) = match expected.regions {
        Regions::Only(only) => (format!("only `{only}` is right here"), only == region),
        Regions::AnyOf(some) => ("there is no such region here".to_owned(), some.contains(&region)),
    };
    if !right_region {
        let advice = format!("the credential is scoped to the region `{region}`; {here}");
        found.push(Mistake::new(Region, advice));
    }
    if service != expected.service {
        let advice = format!(
            "the credential is scoped to the service `{service}` instead of `{}`",
            expected.service
        );
        found.push(Mistake::new(Service, advice));
    }
    if terminator != TERMINATOR {
        found.push(Mistake::new(
            super::mistake::MistakeKind::KeyDerivation,
            format!("the credential ends in `{terminator}` instead of `{TERMINATOR}`"),
        ));
    }
    if date != seen.signed_at.date() {
        let advice = format!(
            "the credential is scoped to the day {date}, and the request's time is of {}; take both from one UTC time",
            seen.signed_at.date()
        );
        found.push(Mistake::new(ScopeDate, advice));
    }
}

/// Reads a signature in whichever form it has.
fn signature(sent: &[u8]) -> (Option<[u8; 32]>, Option<Mistake>) {
    let form = |advice| Some(Mistake::new(SignatureForm, advice));
    let text = sent.trim_ascii();
    if let Some(bytes) = from_hex(text) {
        let mistake = if text.iter().any(u8::is_ascii_uppercase) {
            Some(Mistake::new(
                UpperCaseHex,
                "the signature is in upper-case hexadecimal; write it in lower case",
            ))
        } else if text != sent {
            form("the signature has white space around it")
        } else {
            None
        };
        return (Some(bytes), mistake);
    }
    match STANDARD.decode(text).map(<[u8; 32]>::try_from) {
        Ok(Ok(bytes)) => {
            (Some(bytes), form("the signature is in base64; write it in lower-case hexadecimal"))
        }
        _ => (None, form("the signature is not 64 hexadecimal digits, so no request can have it")),
    }
}

fn from_hex(text: &[u8]) -> Option<[u8; 32]> {
    let digit =
        |digit: u8| char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, []) = text.as_chunks::<2>() else { return None };
    let bytes: Option<Vec<u8>> =
        pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect();
    bytes?.try_into().ok()
}

const HALF_HOUR: i64 = 1_800;
/// What clocks are off by besides their time zone.
const ZONE_TOLERANCE: i64 = 300;
/// The time zones of the earth: UTC-12 to UTC+14.
const EARTH: std::ops::RangeInclusive<i64> = -43_200..=50_400;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_far_from_now() {
        for (ahead, expected) in [
            (900, None),
            (-900, None),
            (7_200, Some((LocalTime, "UTC+2:00"))),
            (-18_100, Some((LocalTime, "UTC-5:00"))),
            (19_800, Some((LocalTime, "UTC+5:30"))),
            (-12 * 3_600, Some((LocalTime, "UTC-12:00"))),
            (-2_700, Some((Clock, "45 min behind"))),
            (30 * 3_600, Some((Clock, "1 d 6 h ahead"))),
            (901, Some((Clock, "15 min ahead"))),
        ] {
            let found = date(Timestamp::from_unix_seconds(1_000_000_000 + ahead), 1_000_000_000);
            let matches = match (&found, expected) {
                (None, None) => true,
                (Some(found), Some((kind, text))) => {
                    found.kind == kind && found.advice.contains(text)
                }
                _ => false,
            };
            assert!(matches, "{ahead} {found:?}");
        }
    }

    #[test]
    fn signatures_in_every_form() {
        let lower = "ab".repeat(32);
        let base64 = STANDARD.encode([0xab; 32]);
        for (text, readable, kind) in [
            (lower.clone(), true, None),
            (lower.to_uppercase(), true, Some(UpperCaseHex)),
            (format!("{lower} "), true, Some(SignatureForm)),
            (base64, true, Some(SignatureForm)),
            ("ab".repeat(31), false, Some(SignatureForm)),
            (String::new(), false, Some(SignatureForm)),
        ] {
            let (bytes, mistake) = signature(text.as_bytes());
            assert_eq!(bytes, readable.then_some([0xab; 32]), "{text}");
            assert_eq!(mistake.map(|mistake| mistake.kind), kind, "{text}");
        }
    }
}
