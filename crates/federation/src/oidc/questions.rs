use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Fetch, FetchError, Fetched};

/// The questions that are on their way to providers. There are so many at most, and so many to one
/// host: whoever sends tokens can make daypass ask, and need not even sign for it.
///
/// A question too many is refused at once and not put in a queue: an SDK tries again by itself, and
/// somebody who sends many such requests gets no memory for it.
pub(super) struct Questions {
    fetch: Arc<dyn Fetch>,
    /// How many are on their way, by host. A host without any is not in it.
    open: Mutex<HashMap<Box<str>, usize>>,
}

impl Questions {
    pub(super) fn new(fetch: Arc<dyn Fetch>) -> Self {
        Self { fetch, open: Mutex::default() }
    }

    /// Gets a document, as [`Fetch::get`] does.
    ///
    /// # Errors
    /// As [`Fetch::get`], and [`FetchError::Busy`].
    pub(super) async fn get(&self, url: &str, limit: usize) -> Result<Fetched, FetchError> {
        let _open = self.begin(url).ok_or(FetchError::Busy)?;
        self.fetch.get(url, limit).await
    }

    fn begin(&self, url: &str) -> Option<Open<'_>> {
        let host = host(url);
        let mut open = self.lock();
        let to_host = open.get(host).copied().unwrap_or_default();
        if to_host >= MOST_TO_ONE_HOST || open.values().sum::<usize>() >= MOST {
            return None;
        }
        open.insert(host.into(), to_host + 1);
        Some(Open { questions: self, host: host.into() })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Box<str>, usize>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Questions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Questions").field("open", &*self.lock()).finish_non_exhaustive()
    }
}

/// A question that is on its way, until it is answered or nobody wants the answer.
struct Open<'q> {
    questions: &'q Questions,
    host: Box<str>,
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        let mut open = self.questions.lock();
        match open.get_mut(&self.host) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(open.remove(&self.host)),
        }
    }
}

/// The host and port of a URL.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

/// As many questions may be on their way to all hosts together. It bounds the connections and the
/// memory for answers, of which each has a megabyte at most.
pub(super) const MOST: usize = 64;

/// As many to one host, so that one that does not answer leaves room for the others.
pub(super) const MOST_TO_ONE_HOST: usize = 16;

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::sync::Semaphore;

    use super::*;
    use crate::oidc::Fetching;

    /// Nobody answers before the semaphore is closed.
    #[derive(Debug)]
    struct Slow {
        asked: AtomicUsize,
        gate: Semaphore,
    }

    impl Fetch for Slow {
        fn get<'a>(&'a self, _: &'a str, _: usize) -> Fetching<'a> {
            Box::pin(async move {
                self.asked.fetch_add(1, Ordering::Relaxed);
                let _ = self.gate.acquire().await;
                Err(FetchError::Status(404))
            })
        }
    }

    #[tokio::test]
    async fn so_many_questions_are_on_their_way_to_a_host_and_to_all() {
        let slow = Arc::new(Slow { asked: AtomicUsize::new(0), gate: Semaphore::new(0) });
        let questions = Arc::new(Questions::new(Arc::clone(&slow) as Arc<dyn Fetch>));
        let ask = |number: usize, host: &str| {
            let (questions, url) = (Arc::clone(&questions), format!("https://{host}/{number}"));
            tokio::spawn(async move { questions.get(&url, 9).await })
        };
        let mut asked: Vec<_> = (0..100).map(|number| ask(number, "a.example:8443")).collect();
        settle().await;
        assert_eq!(slow.asked.load(Ordering::Relaxed), MOST_TO_ONE_HOST);
        asked.extend((0..100).map(|number| ask(number, &format!("b{number}.example"))));
        settle().await;
        assert_eq!(slow.asked.load(Ordering::Relaxed), MOST);

        // Who does not want the answer any more makes room.
        asked[0].abort();
        settle().await;
        asked.push(ask(0, "c.example"));
        settle().await;
        assert_eq!(slow.asked.load(Ordering::Relaxed), MOST + 1);

        slow.gate.close();
        let mut busy = 0;
        for answer in asked.drain(1..) {
            busy += usize::from(answer.await.unwrap() == Err(FetchError::Busy));
        }
        assert_eq!(busy, 200 - MOST);
        assert!(questions.lock().is_empty());
        let answer = ask(0, "a.example:8443").await.unwrap();
        assert_eq!(answer, Err(FetchError::Status(404)));
    }

    async fn settle() {
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
    }

    #[test]
    fn a_host_ends_where_the_path_begins() {
        for (url, expected) in [
            ("https://a.example/b", "a.example"),
            ("https://a.example:1?x", "a.example:1"),
            ("http://[::1]:80#x/", "[::1]:80"),
            ("https://a.example", "a.example"),
            ("a", "a"),
        ] {
            assert_eq!(host(url), expected, "{url}");
        }
    }
}
