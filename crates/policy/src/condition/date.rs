use jiff::civil;
use jiff::tz::TimeZone;

use super::comparison::Comparison;
use crate::context::Scalar;

#[derive(Debug)]
pub(super) struct DateTest {
    comparison: Comparison,
    /// Milliseconds since 1970.
    values: Box<[i64]>,
}

impl DateTest {
    pub(super) fn new(comparison: Comparison, values: &[&str]) -> Self {
        Self { comparison, values: values.iter().filter_map(|value| parse(value)).collect() }
    }

    pub(super) fn matches(&self, value: Scalar<'_>) -> bool {
        let date = match value {
            Scalar::Date(date) => Some(date.as_millisecond()),
            Scalar::Text(text) => parse(text),
            Scalar::Number(seconds) => Some(seconds.saturating_mul(1000)),
            Scalar::Bool(_) | Scalar::Ip(_) => None,
        };
        date.is_some_and(|date| self.values.iter().any(|value| self.comparison.holds(&date, value)))
    }
}

/// A date of ISO 8601 (the W3C's profile: a date alone, minutes, seconds, fractions, an offset)
/// or seconds since 1970; in milliseconds since 1970, the precision that AWS keeps.
pub(crate) fn parse(text: &str) -> Option<i64> {
    if text.contains(['T', 't', '-']) { parse_iso(text) } else { parse_epoch(text) }
}

fn parse_epoch(text: &str) -> Option<i64> {
    let seconds = number(text, 19)?;
    Some(seconds.saturating_mul(1000))
}

fn parse_iso(text: &str) -> Option<i64> {
    let (date, time) = match text.split_once(['T', 't']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let (year, month, day) = parse_date(date)?;
    let time = match time {
        None | Some("") => Time::default(),
        Some(time) => Time::parse(time)?,
    };
    if !YEARS.contains(&year) {
        return None;
    }
    let Ok(year) = i16::try_from(year).map_err(drop).and_then(in_calendar) else {
        // Further than any calendar here, and than any date that it is compared with.
        return Some(if year < 0 { i64::MIN } else { i64::MAX });
    };
    let date = civil::Date::new(year, month, day).ok()?;
    let midnight = date.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond();
    Some(midnight.saturating_add(time.milliseconds))
}

/// The year, and the month and day or 1.
fn parse_date(text: &str) -> Option<(i64, i8, i8)> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text),
    };
    let mut parts = digits.split('-');
    let year = sign * number(parts.next()?, 9)?;
    let mut small = || parts.next().map_or(Some(1), |text| i8::try_from(number(text, 2)?).ok());
    let (month, day) = (small()?, small()?);
    let whole = parts.next().is_none() && (1..=12).contains(&month) && (1..=31).contains(&day);
    whole.then_some((year, month, day))
}

/// A time of day less its offset.
#[derive(Debug, Default)]
struct Time {
    milliseconds: i64,
}

impl Time {
    fn parse(text: &str) -> Option<Self> {
        let (clock, offset) = match text.find(['Z', 'z', '+', '-']) {
            Some(at) => text.split_at_checked(at)?,
            None => (text, ""),
        };
        let (clock, fraction) = match clock.split_once('.') {
            Some((clock, fraction)) => (clock, parse_fraction(fraction)?),
            None => (clock, 0),
        };
        let mut parts = clock.split(':');
        let hours = below(parts.next()?, 24)?;
        let mut sixtieth = || parts.next().map_or(Some(0), |text| below(text, 60));
        let (minutes, seconds) = (sixtieth()?, sixtieth()?);
        if parts.next().is_some() {
            return None;
        }
        let local = ((hours * 60 + minutes) * 60 + seconds) * 1000 + fraction;
        Some(Self { milliseconds: local - parse_offset(offset)? })
    }
}

/// The milliseconds of up to nine digits after the point.
fn parse_fraction(text: &str) -> Option<i64> {
    number(text, 9)?;
    let digits = text.bytes().map(|byte| i64::from(byte - b'0')).chain(std::iter::repeat(0));
    Some(digits.take(3).fold(0, |sum, digit| sum * 10 + digit))
}

fn parse_offset(text: &str) -> Option<i64> {
    let (sign, text) = match text.split_at_checked(1) {
        None | Some(("Z" | "z", "")) => return Some(0),
        Some(("+", rest)) => (1, rest),
        Some(("-", rest)) => (-1, rest),
        Some(_) => return None,
    };
    let (hours, minutes) = text.split_once(':').unwrap_or((text, "00"));
    if hours.len() != 2 || minutes.len() != 2 {
        return None;
    }
    Some(sign * (below(hours, 24)? * 60 + below(minutes, 60)?) * 60_000)
}

fn below(text: &str, limit: i64) -> Option<i64> {
    number(text, 2).filter(|number| *number < limit)
}

/// 1 to `most` digits and nothing else.
fn number(text: &str, most: usize) -> Option<i64> {
    let digits = (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

fn in_calendar(year: i16) -> Result<i16, ()> {
    if (-9999..=9999).contains(&year) { Ok(year) } else { Err(()) }
}

/// The years that AWS's validator takes: those of 64 bits of milliseconds.
const YEARS: std::ops::RangeInclusive<i64> = -292_275_054..=292_278_993;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_form_of_a_date() {
        let noon = 1_372_593_600_000; // 2013-06-30T12:00:00Z
        let midnight = noon - 12 * 3_600_000;
        let cases = [
            ("2013-06-30", Some(midnight)),
            ("2013-06-30T12:00Z", Some(noon)),
            ("2013-06-30t12:00:00z", Some(noon)),
            ("2013-06-30T12:00:00.5Z", Some(noon + 500)),
            ("2013-06-30T12:00:00.123456789Z", Some(noon + 123)),
            ("2013-06-30T14:00:00+02:00", Some(noon)),
            ("2013-06-30T07:00-05", Some(noon)),
            ("2013-06-30T12", Some(noon)),
            ("1372593600", Some(noon)),
            ("0", Some(0)),
            ("9223372036854775807", Some(i64::MAX)),
            ("292278993-01-01", Some(i64::MAX)),
            ("-292275054-01-01", Some(i64::MIN)),
            ("1970", Some(1_970_000)),
            ("1970-01", Some(0)),
            ("9223372036854775808", None),
            ("292278994-01-01", None),
            ("2013-06-30T", Some(midnight)),
            ("01T", Some(-62_135_596_800_000)),
            ("-0001-01-01", Some(-62_198_755_200_000)),
            ("", None),
            ("T", None),
            ("2013-13-01", None),
            ("2013-02-30", None),
            ("2013-01-01-01", None),
            ("2013-01-01T24:00Z", None),
            ("2013-01-01T00:60Z", None),
            ("2013-01-01T00:00:00.Z", None),
            ("2013-01-01T00:00:00Zx", None),
            ("2013-01-01T00:00:00+24:00", None),
            ("2013-01-01T00:00:00+1", None),
            ("2013-*", None),
            ("yesterday", None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn reads_what_jiff_writes(milliseconds in -62_000_000_000_000_i64..250_000_000_000_000) {
            let written = jiff::Timestamp::from_millisecond(milliseconds).unwrap().to_string();
            prop_assert_eq!(parse(&written), Some(milliseconds));
        }

        #[test]
        fn never_panics(text in any::<String>(), near in "[0-9TZz:.+-]{0,30}") {
            let _ = (parse(&text), parse(&near));
        }
    }
}
