//! How much the log tells of refused requests: requests that are alike within a second make two lines, and however
//! many differ, only so many lines are written. What is left out is counted.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use daypass_ident::RequestId;

use super::{RefusedRequest, TARGET};
use crate::shared::Shared;

/// Writes the line of a request, or counts it.
pub(super) fn write(shared: &Shared, id: RequestId, request: RefusedRequest) {
    let log = &shared.refusals;
    let RefusedRequest { what, hint } = request;
    let seen = log.lock().see(what, shared.config.wall_clock.now().secs());
    if let Some(what) = &seen.written {
        let end = hint.map(|hint| format!("; {hint}")).unwrap_or_default();
        tracing::info!(target: TARGET, request_id = %id, "{what}{end}");
    }
    if seen.is_first && tokio::runtime::Handle::try_current().is_ok() {
        let log = Arc::clone(log);
        tokio::spawn(async move {
            tokio::time::sleep(MOMENT).await;
            log.end_moment();
        });
    }
}

/// What the log has told of refused requests in this moment.
#[derive(Debug, Default)]
pub(crate) struct RefusalLog(Mutex<Moment>);

impl RefusalLog {
    /// Writes how many requests were left out, and begins anew.
    pub(crate) fn end_moment(&self) {
        let lines = self.lock().end();
        for line in lines {
            tracing::info!(target: TARGET, "{line}");
        }
    }

    fn lock(&self) -> MutexGuard<'_, Moment> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// It begins with a refused request, and lasts for [`MOMENT`].
#[derive(Debug)]
struct Moment {
    /// The requests that were told, and how many more there were of each.
    told: BTreeMap<Arc<str>, u64>,
    /// Those of which there was no room to tell.
    untold: u64,
    /// How many lines may be written.
    room: u64,
    /// When `room` was last reckoned, in Unix seconds.
    reckoned: i64,
}

impl Default for Moment {
    fn default() -> Self {
        Self { told: BTreeMap::new(), untold: 0, room: MOST_ROOM, reckoned: 0 }
    }
}

/// What becomes of the line of a request.
struct Seen {
    /// The line, if it is to be written.
    written: Option<Arc<str>>,
    /// Whether the moment begins with it.
    is_first: bool,
}

impl Moment {
    fn see(&mut self, what: String, now: i64) -> Seen {
        let is_first = self.told.is_empty() && self.untold == 0;
        if let Some(more) = self.told.get_mut(&*what) {
            *more = more.saturating_add(1);
            return Seen { written: None, is_first };
        }
        let passed = u64::try_from(now.saturating_sub(self.reckoned)).unwrap_or_default();
        self.room = self.room.saturating_add(passed.saturating_mul(ROOM_PER_SECOND)).min(MOST_ROOM);
        self.reckoned = now;
        if self.room == 0 {
            self.untold = self.untold.saturating_add(1);
            return Seen { written: None, is_first };
        }
        self.room -= 1;
        let what: Arc<str> = what.into();
        self.told.insert(Arc::clone(&what), 0);
        Seen { written: Some(what), is_first }
    }

    fn end(&mut self) -> Vec<String> {
        let told = std::mem::take(&mut self.told);
        let repeated = told.into_iter().filter(|(_, more)| *more > 0);
        let mut lines: Vec<String> =
            repeated.map(|(what, more)| format!("… and {more} more like this: {what}")).collect();
        let untold = std::mem::take(&mut self.untold);
        if untold > 0 {
            lines.push(format!("… and {untold} more refused requests, too many to tell of each"));
        }
        lines
    }
}

/// How long requests that are alike are one.
const MOMENT: Duration = Duration::from_secs(1);

/// In lines. A test suite that is refused a lot, in a short time, finds each of its requests.
const MOST_ROOM: u64 = 500;

/// In lines: some hundred megabytes a day, whatever clients send. Each may be followed by one that counts.
const ROOM_PER_SECOND: u64 = 5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_that_are_alike_are_counted() {
        let mut moment = Moment::default();
        let mut see = |what: &str| {
            let seen = moment.see(what.to_owned(), 0);
            (seen.written.is_some(), seen.is_first)
        };
        assert_eq!(see("a"), (true, true));
        assert_eq!(see("b"), (true, false));
        for _ in 0..57 {
            assert_eq!(see("a"), (false, false));
        }
        assert_eq!(moment.end(), ["… and 57 more like this: a"]);
        assert_eq!(moment.end(), Vec::<String>::new());
        let seen = moment.see("a".to_owned(), 0);
        assert!(seen.written.is_some() && seen.is_first, "another moment has begun");
    }

    #[test]
    fn requests_that_differ_are_bounded() {
        let mut moment = Moment::default();
        let mut written = |range: std::ops::Range<u64>, now| {
            let told = range.filter(|number| moment.see(number.to_string(), now).written.is_some());
            let told = told.count() as u64;
            (told, moment.end())
        };
        let more =
            |count| vec![format!("… and {count} more refused requests, too many to tell of each")];
        assert_eq!(written(0..10_000, 1_800_000_000), (MOST_ROOM, more(10_000 - MOST_ROOM)));
        assert_eq!(written(0..100, 1_800_000_000), (0, more(100)));
        // A clock that goes back makes no room.
        assert_eq!(written(0..100, 1_799_999_999), (0, more(100)));
        assert_eq!(
            written(0..100, 1_800_000_001),
            (2 * ROOM_PER_SECOND, more(100 - 2 * ROOM_PER_SECOND))
        );
        assert_eq!(written(0..10_000, i64::MAX), (MOST_ROOM, more(10_000 - MOST_ROOM)));
    }
}
