//! The moment a request says it was signed at.

use std::fmt;

/// A moment in UTC with the resolution of a second, as signatures write it: `YYYYMMDDTHHMMSSZ`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp {
    unix_seconds: i64,
}

impl Timestamp {
    /// The moment this many seconds after 1970. Moments outside the years 0001 to 9999 are moved to the nearest inside.
    pub fn from_unix_seconds(seconds: i64) -> Self {
        Self { unix_seconds: seconds.clamp(FIRST, LAST) }
    }

    /// Reads a moment in any form that AWS takes in a header: ISO 8601's basic (`20150830T123600Z`) or extended form
    /// (`2015-08-30T12:36:00Z`), or RFC 1123's (`Sun, 30 Aug 2015 12:36:00 GMT`).
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.as_bytes();
        Self::parse_basic(text)
            .or_else(|| Self::parse_extended(text))
            .or_else(|| Self::parse_rfc1123(text))
    }

    /// Seconds since 1970.
    pub fn unix_seconds(self) -> i64 {
        self.unix_seconds
    }

    /// The day, as the credential scope writes it: `YYYYMMDD`.
    pub fn date(self) -> String {
        let mut text = self.to_string();
        text.truncate(DATE_LENGTH);
        text
    }

    /// Whether the moment is of the day `YYYYMMDD`.
    pub(crate) fn is_on(self, date: &str) -> bool {
        date.len() == DATE_LENGTH && self.basic().starts_with(date.as_bytes())
    }

    /// ISO 8601's basic form, `20150830T123600Z`.
    pub(crate) fn basic(self) -> [u8; 16] {
        let (year, month, day) = civil_from_days(self.unix_seconds.div_euclid(DAY));
        let second = self.unix_seconds.rem_euclid(DAY);
        let [[a, b], [c, d]] = [year / 100, year].map(two_digits);
        let [[e, f], [g, h]] = [month, day].map(two_digits);
        let [[i, j], [k, l], [m, n]] =
            [second / 3600, second / 60 % 60, second % 60].map(two_digits);
        [a, b, c, d, e, f, g, h, b'T', i, j, k, l, m, n, b'Z']
    }

    /// ISO 8601's extended form, `2015-08-30T12:36:00Z`.
    pub(crate) fn extended(self) -> String {
        let [a, b, c, d, e, f, g, h, t, i, j, k, l, m, n, z] = self.basic().map(char::from);
        [a, b, c, d, '-', e, f, '-', g, h, t, i, j, ':', k, l, ':', m, n, z].into_iter().collect()
    }

    /// The same moment, this much earlier or later.
    pub(crate) fn offset(self, seconds: i64) -> Self {
        Self::from_unix_seconds(self.unix_seconds.saturating_add(seconds))
    }

    /// Reads ISO 8601's basic form, `20150830T123600Z`.
    pub(crate) fn parse_basic(text: &[u8]) -> Option<Self> {
        let (date, time) = text.split_at_checked(8)?;
        let (year, month_and_day) = date.split_at_checked(4)?;
        let (month, day) = month_and_day.split_at_checked(2)?;
        let [b'T', time @ .., b'Z'] = time else {
            return None;
        };
        let (hour, minute_and_second) = time.split_at_checked(2)?;
        let (minute, second) = minute_and_second.split_at_checked(2)?;
        Self::from_texts([year, month, day, hour, minute, second])
    }

    /// Reads ISO 8601's extended form, `2015-08-30T12:36:00Z`.
    pub(crate) fn parse_extended(text: &[u8]) -> Option<Self> {
        let (date, time) = text.split_at_checked(10)?;
        let [b'T', time @ .., b'Z'] = time else {
            return None;
        };
        let [year, month, day] = split3(date, b'-')?;
        let [hour, minute, second] = split3(time, b':')?;
        Self::from_texts([year, month, day, hour, minute, second])
    }

    /// Reads RFC 1123's form, `Sun, 30 Aug 2015 12:36:00 GMT`.
    pub(crate) fn parse_rfc1123(text: &[u8]) -> Option<Self> {
        let mut words = text.split(|byte| *byte == b' ');
        let mut word = || words.next();
        let (weekday, day, month, year, time, zone) =
            (word()?, word()?, word()?, word()?, word()?, word()?);
        if word().is_some() || zone != b"GMT" {
            return None;
        }
        let month = (1..).zip(MONTHS).find(|(_, name)| *name == month)?.0;
        let [hour, minute, second] = split3(time, b':')?;
        let moment = Self::from_fields(
            number(year, 4)?,
            month,
            number(day, 2)?,
            [number(hour, 2)?, number(minute, 2)?, number(second, 2)?],
        )?;
        // 1970 began on a Thursday.
        let days = moment.unix_seconds.div_euclid(DAY);
        let expected = (0..).zip(WEEKDAYS).find(|(index, _)| *index == days.rem_euclid(7))?;
        (weekday.strip_suffix(b",") == Some(expected.1)).then_some(moment)
    }

    fn from_texts([year, month, day, hour, minute, second]: [&[u8]; 6]) -> Option<Self> {
        Self::from_fields(
            number(year, 4)?,
            number(month, 2)?,
            number(day, 2)?,
            [number(hour, 2)?, number(minute, 2)?, number(second, 2)?],
        )
    }

    fn from_fields(
        year: i64,
        month: i64,
        day: i64,
        [hour, minute, second]: [i64; 3],
    ) -> Option<Self> {
        let in_range = year >= 1
            && (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day)
            && hour < 24
            && minute < 60
            && second < 60;
        in_range.then(|| Self {
            unix_seconds: days_from_civil(year, month, day) * DAY
                + hour * 3600
                + minute * 60
                + second,
        })
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.basic()))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A number of exactly `digits` decimal digits.
fn number(text: &[u8], digits: usize) -> Option<i64> {
    (text.len() == digits && text.iter().all(u8::is_ascii_digit))
        .then(|| text.iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0')))
}

/// The last two decimal digits of a number that is not negative.
fn two_digits(number: i64) -> [u8; 2] {
    let digit = |value: i64| b'0' + (value % 10).unsigned_abs() as u8;
    [digit(number / 10), digit(number)]
}

fn split3(text: &[u8], separator: u8) -> Option<[&[u8]; 3]> {
    let mut parts = text.split(|byte| *byte == separator);
    let three = [parts.next()?, parts.next()?, parts.next()?];
    parts.next().is_none().then_some(three)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970 of a day of the proleptic Gregorian calendar. Years run from March, so that the leap day is
/// their last; 400 of them make an era of 146,097 days.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - DAYS_TO_1970
}

/// The inverse of [`days_from_civil`].
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + DAYS_TO_1970;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = (shifted_month + 2) % 12 + 1;
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day)
}

const DAY: i64 = 86_400;
/// `YYYYMMDD`.
const DATE_LENGTH: usize = 8;
/// Days from the first of March of year 0 to 1970.
const DAYS_TO_1970: i64 = 719_468;
/// 0001-01-01T00:00:00Z.
const FIRST: i64 = -62_135_596_800;
/// 9999-12-31T23:59:59Z.
const LAST: i64 = 253_402_300_799;
const WEEKDAYS: [&[u8]; 7] = [b"Thu", b"Fri", b"Sat", b"Sun", b"Mon", b"Tue", b"Wed"];
const MONTHS: [&[u8]; 12] = [
    b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_one_moment() {
        let moment = Timestamp::from_unix_seconds(1_440_938_160);
        assert_eq!(moment.to_string(), "20150830T123600Z");
        assert_eq!(moment.date(), "20150830");
        assert!(moment.is_on("20150830"));
        for other in ["20150831", "2015083", "20150830T", ""] {
            assert!(!moment.is_on(other), "{other}");
        }
        assert_eq!(Timestamp::parse_basic(b"20150830T123600Z"), Some(moment));
        assert_eq!(Timestamp::parse_extended(b"2015-08-30T12:36:00Z"), Some(moment));
        assert_eq!(Timestamp::parse_rfc1123(b"Sun, 30 Aug 2015 12:36:00 GMT"), Some(moment));
    }

    #[test]
    fn refused_forms() {
        for text in [
            "",
            "201",
            "20150830",
            "20150830T123600",
            "20150830t123600z",
            "20150830T123600Z ",
            "20150832T123600Z",
            "20150229T123600Z",
            "20151330T123600Z",
            "20150830T243600Z",
            "20150830T126000Z",
            "20150830T123660Z",
            "00000101T000000Z",
            "+0150830T123600Z",
            "2015-08-30T12:36:00",
            "2015-08-30 12:36:00Z",
            "2015-08-30T12:36:00+00:00",
            "2015-08-30T12:36:00.000Z",
            "15-008-30T12:36:00Z",
            "Mon, 30 Aug 2015 12:36:00 GMT",
            "Sun, 30 Aug 2015 12:36:00 UTC",
            "Sun, 30 aug 2015 12:36:00 GMT",
            "Sun,  30 Aug 2015 12:36:00 GMT",
            "Sun, 30 Aug 2015 12:36:00 GMT ",
        ] {
            let text = text.as_bytes();
            assert_eq!(Timestamp::parse_basic(text), None);
            assert_eq!(Timestamp::parse_extended(text), None);
            assert_eq!(Timestamp::parse_rfc1123(text), None);
        }
    }

    #[test]
    fn every_day_and_the_ends() {
        let mut expected = days_from_civil(1999, 1, 1);
        for year in 1999..2105 {
            for month in 1..=12 {
                for day in 1..=days_in_month(year, month) {
                    assert_eq!(days_from_civil(year, month, day), expected);
                    assert_eq!(civil_from_days(expected), (year, month, day));
                    expected += 1;
                }
            }
        }
        assert_eq!(Timestamp::from_unix_seconds(i64::MIN).to_string(), "00010101T000000Z");
        assert_eq!(Timestamp::from_unix_seconds(i64::MAX).to_string(), "99991231T235959Z");
        assert_eq!(Timestamp::parse_basic(b"99991231T235959Z").unwrap().unix_seconds(), LAST);
        assert_eq!(Timestamp::parse_basic(b"00010101T000000Z").unwrap().unix_seconds(), FIRST);
    }
}
