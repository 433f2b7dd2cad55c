//! Numbers, dates and addresses, read by simple means.

/// A decimal number in billionths, exactly.
pub(super) fn number(text: &str) -> Option<i128> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    if whole.is_empty() || fraction.is_empty() || fraction.len() > 9 {
        return None;
    }
    let billionths = format!("{fraction:0<9}");
    Some(sign * (all_digits(whole)? * 1_000_000_000 + all_digits(&billionths)?))
}

/// A date in milliseconds since 1970: seconds since 1970 in digits, or of ISO 8601 as the W3C has it
/// (a year and month, a day, or a day and a time with its zone).
pub(super) fn date(text: &str) -> Option<i128> {
    if let Some(seconds) = all_digits(text) {
        return Some(seconds * 1000);
    }
    let (day, time) = text.split_once('T').unwrap_or((text, "00:00Z"));
    let (sign, day) = day.strip_prefix('-').map_or((1, day), |day| (-1, day));
    let mut fields = day.split('-');
    let year = sign * all_digits(fields.next().filter(|year| year.len() >= 4)?)?;
    let month = fixed(fields.next()?, 2)?;
    let day = fields.next().map_or(Some(1), |day| fixed(day, 2))?;
    // The years of 64 bits of milliseconds.
    let known = (-292_275_054..=292_278_993).contains(&year)
        && (1..=12).contains(&month)
        && (1..=days_of(year, month)).contains(&day);
    if !known || fields.next().is_some() {
        return None;
    }
    Some((days_before(year, month) + day - 1) * 86_400_000 + time_of_day(time)?)
}

/// `hh:mm`, `hh:mm:ss` or `hh:mm:ss.fff` with `Z` or `±hh:mm`, in milliseconds of UTC.
fn time_of_day(text: &str) -> Option<i128> {
    let (local, offset) = match text.strip_suffix('Z') {
        Some(local) => (local, 0),
        None => {
            let (local, offset) = text.split_at(text.rfind(['+', '-'])?);
            let sign = if offset.starts_with('+') { 1 } else { -1 };
            let (hours, minutes) = offset.split_at(1).1.split_once(':')?;
            (local, sign * (below(hours, 24)? * 60 + below(minutes, 60)?) * 60_000)
        }
    };
    let (clock, fraction) = local.split_once('.').unwrap_or((local, "0"));
    let mut fields = clock.split(':');
    let (hours, minutes) = (below(fields.next()?, 24)?, below(fields.next()?, 60)?);
    let seconds = fields.next().map_or(Some(0), |seconds| below(seconds, 60))?;
    if fields.next().is_some() || fraction.len() > 9 {
        return None;
    }
    let milliseconds = all_digits(&format!("{fraction:0<9}"))? / 1_000_000;
    Some(((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds - offset)
}

/// The days between 1970 and the first of the month, counted one month at a time within the 400
/// years after which the calendar begins again.
fn days_before(year: i128, month: i128) -> i128 {
    let (cycles, year) = ((year - 1970).div_euclid(400), 1970 + (year - 1970).rem_euclid(400));
    let months = |from: (i128, i128), to: (i128, i128)| {
        (from.0..=to.0)
            .flat_map(|year| (1..=12).map(move |month| (year, month)))
            .filter(|month| from <= *month && *month < to)
            .map(|(year, month)| days_of(year, month))
            .sum::<i128>()
    };
    cycles * 146_097 + months((1970, 1), (year, month))
}

fn days_of(year: i128, month: i128) -> i128 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Whether an address is in a range in CIDR notation; an address alone is a range of one.
pub(super) fn in_range(address: &str, range: &str) -> bool {
    let (network, length) = match range.split_once('/') {
        Some((network, length)) => (network, Some(length)),
        None => (range, None),
    };
    let (Some(address), Some(network)) = (bits(address), bits(network)) else { return false };
    let length = match length.map(all_digits) {
        None => Some(network.len()),
        Some(length) => length.and_then(|length| usize::try_from(length).ok()),
    };
    // An address of one family is in no range of the other.
    length.is_some_and(|length| {
        length <= network.len()
            && address.len() == network.len()
            && address[..length] == network[..length]
    })
}

/// The 32 or 128 bits of an address.
fn bits(text: &str) -> Option<Vec<bool>> {
    if !text.contains(':') {
        let fields: Vec<u32> = text.split('.').map(octet).collect::<Option<_>>()?;
        return (fields.len() == 4).then(|| fields.iter().flat_map(|byte| of(*byte, 8)).collect());
    }
    let groups = |text: &str| -> Option<Vec<u32>> {
        if text.is_empty() { Some(Vec::new()) } else { text.split(':').map(group).collect() }
    };
    let groups = match text.split_once("::") {
        None => groups(text)?,
        Some((before, after)) => {
            let (mut before, after) = (groups(before)?, groups(after)?);
            // `::` stands for one group at least.
            before.extend(vec![
                0;
                8_usize
                    .checked_sub(before.len() + after.len())
                    .filter(|gap| *gap > 0)?
            ]);
            before.extend(after);
            before
        }
    };
    (groups.len() == 8).then(|| groups.iter().flat_map(|group| of(*group, 16)).collect())
}

fn of(number: u32, bits: u32) -> impl Iterator<Item = bool> {
    (0..bits).rev().map(move |bit| number >> bit & 1 == 1)
}

fn octet(text: &str) -> Option<u32> {
    let plain = text == "0" || !text.starts_with('0');
    u32::try_from(all_digits(text)?).ok().filter(|byte| plain && *byte < 256)
}

fn group(text: &str) -> Option<u32> {
    let hex = (1..=4).contains(&text.len()) && text.chars().all(|c| c.is_ascii_hexdigit());
    if hex { u32::from_str_radix(text, 16).ok() } else { None }
}

/// The bytes in base64 (RFC 4648), so that the policy's text can be compared with it.
pub(super) fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits: Vec<bool> = chunk.iter().flat_map(|byte| of(u32::from(*byte), 8)).collect();
        for six in bits.chunks(6) {
            let index = (0..6).fold(0, |sum, at| sum * 2 + usize::from(six.get(at) == Some(&true)));
            text.push(char::from(ALPHABET[index]));
        }
        text.push_str(&"=".repeat(3 - chunk.len()));
    }
    text
}

fn below(text: &str, limit: i128) -> Option<i128> {
    fixed(text, 2).filter(|number| *number < limit)
}

fn fixed(text: &str, digits: usize) -> Option<i128> {
    if text.len() == digits { all_digits(text) } else { None }
}

fn all_digits(text: &str) -> Option<i128> {
    let digits = !text.is_empty() && text.chars().all(|character| character.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

#[test]
fn values_are_read() {
    assert_eq!(number("-1.5"), Some(-1_500_000_000));
    assert_eq!(number("10."), None);
    assert_eq!(date("1970-01"), Some(0));
    assert_eq!(date("2013-06-30T14:00:00.5+02:00"), Some(1_372_593_600_500));
    assert_eq!(date("1969-12-31T23:59Z"), Some(-60_000));
    assert_eq!(date("2013-02-29"), None);
    assert_eq!(date("0001-01-01"), Some(-62_135_596_800_000));
    assert_eq!(date("-0001-01-01"), Some(-62_198_755_200_000));
    assert_eq!(date("292278994-01-01"), None);
    assert_eq!(date("1372593600"), Some(1_372_593_600_000));
    assert!(in_range("203.0.113.9", "203.0.113.128/24"));
    assert!(!in_range("203.0.113.9", "203.0.113.128/25"));
    assert!(in_range("2001:db8::1", "2001:DB8:0::/33"));
    assert!(!in_range("203.0.113.9", "::/0"));
    assert_eq!(base64(b"Binary"), "QmluYXJ5");
    assert_eq!(base64(b"Bin1"), "QmluMQ==");
}
