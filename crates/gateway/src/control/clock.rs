//! The service clock over HTTP, so that a test in any language sees a session expire without
//! waiting for it.
//!
//! It moves whatever expires, and the time that policies see; signatures keep to the world's time.
//! Moving it needs no signature, so it is there only where everybody knows the keys anyway.

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use daypass_ident::{ManualClock, Reading};
use http::header::{ALLOW, HeaderValue};
use http::{Method, StatusCode};
use percent_encoding::percent_decode_str;
use serde_json::json;

use crate::control::guard::is_from_another_site;
use crate::endpoints::{is_read, json};
use crate::request::incoming::Incoming;
use crate::request::respond::Response;

/// Answers who reads or moves the clock; `None` if that is not what is asked.
pub(crate) fn answer(incoming: &Incoming) -> Option<Response> {
    let rest = incoming.head.uri.path().strip_prefix(PATH)?;
    let change = match rest {
        "" => None,
        _ => Some(rest.strip_prefix('/')?),
    };
    let (status, body) = match follow(incoming, change) {
        Ok(reading) => (StatusCode::OK, reply(reading)),
        Err(refusal) => (refusal.status(), json!({"message": refusal.to_string()})),
    };
    let mut response = json(status, format!("{body}\n"), &incoming.head.method);
    if status == StatusCode::METHOD_NOT_ALLOWED {
        let methods = if change.is_some() { "POST" } else { "GET, HEAD" };
        response.headers_mut().insert(ALLOW, HeaderValue::from_static(methods));
    }
    Some(response)
}

fn follow(incoming: &Incoming, change: Option<&str>) -> Result<Reading, Refusal> {
    let config = &incoming.connection.config;
    let clock = config.clock.as_deref().ok_or(Refusal::NotOffered)?;
    if config.env.directory.well_known_keys().is_none() {
        return Err(Refusal::OwnKeys);
    }
    if is_from_another_site(incoming) {
        return Err(Refusal::FromElsewhere);
    }
    let Some(change) = change else {
        return if is_read(&incoming.head.method) {
            Ok(clock.reading())
        } else {
            Err(Refusal::NotGet)
        };
    };
    let change = Change::named(change, incoming.head.uri.query().unwrap_or_default(), clock)?;
    if incoming.head.method != Method::POST {
        return Err(Refusal::NotPost);
    }
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

/// The value of the query's one parameter, if it has this name. A `+` stands for itself: it
/// separates a time from its offset.
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

fn reply(reading: Reading) -> serde_json::Value {
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
    #[error("the clock is read and moved over HTTP only while the well-known keys are in force")]
    OwnKeys,
    #[error("the clock is not for a page of another origin")]
    FromElsewhere,
    #[error("read the clock with GET; what moves it is /freeze, /set, /advance and /release below")]
    NotGet,
    #[error("the clock is moved with POST")]
    NotPost,
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
            Self::OwnKeys | Self::FromElsewhere => StatusCode::FORBIDDEN,
            Self::NotGet | Self::NotPost => StatusCode::METHOD_NOT_ALLOWED,
            Self::NoTime | Self::NoSeconds | Self::OutOfRange => StatusCode::BAD_REQUEST,
        }
    }
}

const PATH: &str = "/_daypass/clock";

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
