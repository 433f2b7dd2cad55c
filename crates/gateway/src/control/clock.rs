//! The service clock over HTTP, so that a test in any language sees a session expire without
//! waiting for it.
//!
//! It moves whatever expires, and the time that policies see; signatures keep to the world's time.
//! Moving it needs no signature, so it is there only where everybody knows the keys anyway.

use std::borrow::Cow;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use daypass_ident::{ManualClock, Reading};
use daypass_sigv4::Plus;
use http::StatusCode;
use percent_encoding::percent_decode_str;
use serde_json::json;

use crate::control::guard::Operator;
use crate::control::reply;
use crate::request::incoming::Incoming;
use crate::request::respond::Response;

/// Reads the clock, or changes it as the rest of the path and the query say.
pub(crate) fn answer(operator: &Operator, change: Option<&str>, incoming: &Incoming) -> Response {
    match read_or_change(operator, incoming, change) {
        Ok(reading) => reply::json(StatusCode::OK, &shown(reading), incoming),
        Err(refusal) => {
            reply::json(refusal.status(), &json!({"message": refusal.to_string()}), incoming)
        }
    }
}

fn read_or_change(
    operator: &Operator,
    incoming: &Incoming,
    change: Option<&str>,
) -> Result<Reading, Refusal> {
    let clock = incoming.connection.config.clock.as_deref().ok_or(Refusal::NotOffered)?;
    let Some(change) = change else { return Ok(clock.reading()) };
    let query = incoming.head.uri.query().unwrap_or_default();
    let query = match operator.plus() {
        Plus::Literal => Cow::Borrowed(query),
        Plus::Space => Cow::Owned(query.replace('+', "%20")),
    };
    let change = Change::named(change, &query, clock)?;
    change.make(clock);
    let reading = clock.reading();
    tracing::info!(?change, frozen = reading.is_frozen, "the service clock shows {}", reading.now);
    Ok(reading)
}

/// How the clock is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    Freeze,
    Set(DateTime),
    Advance(i64),
    Release,
}

impl Change {
    fn named(name: &str, query: &str, clock: &ManualClock) -> Result<Self, Refusal> {
        let change = match name {
            "freeze" => Self::Freeze,
            "release" => Self::Release,
            "set" => Self::Set(time(&only("to", query).ok_or(Refusal::NoTime)?)?),
            "advance" => {
                let seconds = only("seconds", query).and_then(|seconds| seconds.parse().ok());
                Self::Advance(seconds.ok_or(Refusal::NoSeconds)?)
            }
            _ => return Err(Refusal::Unknown),
        };
        let shown = match change {
            Self::Set(to) => Some(to.secs()),
            Self::Advance(seconds) => clock.reading().now.secs().checked_add(seconds),
            Self::Freeze | Self::Release => return Ok(change),
        };
        let can_be = shown.is_some_and(|seconds| clock.can_show(seconds));
        if can_be { Ok(change) } else { Err(Refusal::OutOfRange) }
    }

    fn make(self, clock: &ManualClock) {
        match self {
            Self::Freeze => {
                clock.freeze_now();
            }
            Self::Set(to) => clock.set(to),
            Self::Advance(seconds) => clock.advance(seconds),
            Self::Release => clock.release(),
        }
    }
}

/// The value of the query's one parameter, if it has this name. A `+` is itself: it separates a time from its offset.
fn only(name: &str, query: &str) -> Option<String> {
    let value = query.strip_prefix(name)?.strip_prefix('=')?;
    if value.contains('&') {
        return None;
    }
    Some(percent_decode_str(value).decode_utf8().ok()?.into_owned())
}

fn time(text: &str) -> Result<DateTime, Refusal> {
    match text.parse() {
        Ok(seconds) => Ok(DateTime::from_secs(seconds)),
        Err(_) => DateTime::from_str(text, Format::DateTimeWithOffset).map_err(|_| Refusal::NoTime),
    }
}

fn shown(reading: Reading) -> serde_json::Value {
    let seconds = reading.now.secs();
    // INVARIANT: the clock shows only times that can be written.
    let time = DateTime::from_secs(seconds).fmt(Format::DateTime).unwrap_or_default();
    json!({
        "time": time,
        "epochSeconds": seconds,
        "frozen": reading.is_frozen,
        "offsetSeconds": reading.offset_seconds,
    })
}

/// Why the clock is neither read nor moved. Each says what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum Refusal {
    #[error("this daypass does not offer its clock")]
    NotOffered,
    #[error("the clock knows POST /freeze, /set?to=TIME, /advance?seconds=N and /release")]
    Unknown,
    #[error(
        "say ?to= and a time, as in ?to=2027-01-15T08:00:00Z or, in seconds since 1970, \
         ?to=1800000000"
    )]
    NoTime,
    #[error("say ?seconds= and a whole number, as in ?seconds=3600 or, to go back, ?seconds=-60")]
    NoSeconds,
    #[error("the clock shows the years from 1970 to 9999")]
    OutOfRange,
}

impl Refusal {
    fn status(self) -> StatusCode {
        match self {
            Self::NotOffered | Self::Unknown => StatusCode::NOT_FOUND,
            Self::NoTime | Self::NoSeconds | Self::OutOfRange => StatusCode::BAD_REQUEST,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_read() {
        let clock = ManualClock::default();
        let at = |seconds| Ok(Change::Set(DateTime::from_secs(seconds)));
        let cases = [
            ("freeze", "", Ok(Change::Freeze)),
            ("release", "", Ok(Change::Release)),
            ("set", "to=1800000000", at(1_800_000_000)),
            ("set", "to=0", at(0)),
            ("set", "to=253402300799", at(253_402_300_799)),
            ("set", "to=2027-01-15T08:00:00Z", at(1_800_000_000)),
            ("set", "to=2027-01-15T09:00:00+01:00", at(1_800_000_000)),
            ("set", "to=2027-01-15T09%3A00%3A00%2B01%3A00", at(1_800_000_000)),
            ("advance", "seconds=60", Ok(Change::Advance(60))),
            ("advance", "seconds=-60", Ok(Change::Advance(-60))),
            ("set", "", Err(Refusal::NoTime)),
            ("set", "to=", Err(Refusal::NoTime)),
            ("set", "to=tomorrow", Err(Refusal::NoTime)),
            ("set", "to=2027-01-15", Err(Refusal::NoTime)),
            ("set", "to=%FF", Err(Refusal::NoTime)),
            ("set", "to=1&to=2", Err(Refusal::NoTime)),
            ("set", "seconds=1", Err(Refusal::NoTime)),
            ("set", "to=-1", Err(Refusal::OutOfRange)),
            ("set", "to=253402300800", Err(Refusal::OutOfRange)),
            ("set", "to=1969-12-31T23:59:59Z", Err(Refusal::OutOfRange)),
            ("advance", "", Err(Refusal::NoSeconds)),
            ("advance", "seconds=1h", Err(Refusal::NoSeconds)),
            ("advance", "seconds=1.5", Err(Refusal::NoSeconds)),
            ("advance", "seconds=9223372036854775808", Err(Refusal::NoSeconds)),
            ("advance", "seconds=9223372036854775807", Err(Refusal::OutOfRange)),
            ("advance", "seconds=-9223372036854775808", Err(Refusal::OutOfRange)),
            ("", "", Err(Refusal::Unknown)),
            ("stop", "", Err(Refusal::Unknown)),
            ("freeze/", "", Err(Refusal::Unknown)),
        ];
        for (name, query, expected) in cases {
            assert_eq!(Change::named(name, query, &clock), expected, "{name} {query}");
        }
    }
}
