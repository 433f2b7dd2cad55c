//! The pool for work that takes too long for a thread that serves others.

use std::collections::HashMap;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::available_parallelism;

use daypass_ident::AccountId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Threads for long work, a fixed share of the processor's, and a bounded queue for them.
#[derive(Debug)]
pub(crate) struct Workers {
    /// What is left of the threads.
    threads: Arc<Semaphore>,
    places: Arc<Mutex<Places>>,
}

/// The work that is running or waiting.
#[derive(Debug, Default)]
struct Places {
    taken: usize,
    by_account: HashMap<AccountId, usize>,
}

/// There is no room for more work, or none for more of this account's.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Busy;

impl Default for Workers {
    /// Half of the processor, so that the other half serves whoever wants less.
    fn default() -> Self {
        let processors = available_parallelism().map_or(1, usize::from);
        Self::new((processors / 2).max(1))
    }
}

impl Workers {
    fn new(threads: usize) -> Self {
        Self { threads: Arc::new(Semaphore::new(threads)), places: Arc::default() }
    }

    /// Does an account's work once there is a thread for it. Work that has begun goes on when the
    /// future is dropped, and keeps its place until it ends.
    ///
    /// # Errors
    /// As [`wait`](Self::wait).
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        account: AccountId,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Busy> {
        self.wait(account).await?.run(work).await
    }

    /// Waits until there is a thread for an account's work.
    ///
    /// # Errors
    /// [`Busy`], at once, when as much work is running or waiting as may.
    pub(crate) async fn wait(&self, account: AccountId) -> Result<Worker, Busy> {
        let place = Place::take(&self.places, account)?;
        let thread = Arc::clone(&self.threads).acquire_owned().await.map_err(|_| Busy)?;
        Ok(Worker { _held: Arc::new((place, thread)) })
    }
}

/// A thread of the pool, for one piece of work.
#[derive(Debug, Clone)]
pub(crate) struct Worker {
    _held: Arc<(Place, OwnedSemaphorePermit)>,
}

impl Worker {
    /// Does the work. The thread is held until it ends.
    ///
    /// # Errors
    /// [`Busy`] when the process is about to end.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Busy> {
        let held = self.clone();
        let work = tokio::task::spawn_blocking(move || {
            let _held = held;
            work()
        });
        // A panic is the request's, as it would be on any other thread.
        work.await.map_err(|error| match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            Err(_) => Busy,
        })
    }
}

/// One piece of work's place among those that are running or waiting.
#[derive(Debug)]
struct Place {
    places: Arc<Mutex<Places>>,
    account: AccountId,
}

impl Place {
    fn take(places: &Arc<Mutex<Places>>, account: AccountId) -> Result<Self, Busy> {
        let mut all = lock(places);
        let own = all.by_account.get(&account).copied().unwrap_or_default();
        if all.taken >= MOST || own >= MOST_OF_ONE_ACCOUNT {
            return Err(Busy);
        }
        all.taken += 1;
        all.by_account.insert(account, own + 1);
        Ok(Self { places: Arc::clone(places), account })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut all = lock(&self.places);
        all.taken -= 1;
        let own = all.by_account.remove(&self.account).unwrap_or_default();
        if own > 1 {
            all.by_account.insert(self.account, own - 1);
        }
    }
}

fn lock(places: &Mutex<Places>) -> MutexGuard<'_, Places> {
    places.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The most work that is running or waiting at one time. Each piece keeps its request in memory.
const MOST: usize = 32;
/// The most of it that is one account's.
const MOST_OF_ONE_ACCOUNT: usize = 16;

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::task::Poll;

    use super::*;

    fn yes() -> bool {
        true
    }

    fn account(number: u64) -> AccountId {
        AccountId::from_number(number).unwrap()
    }

    #[tokio::test]
    async fn work_is_done() {
        assert_eq!(Workers::default().run(account(1), || 7).await, Ok(7));
    }

    #[tokio::test]
    async fn no_more_waits_than_may_and_no_account_takes_all_places() {
        let workers = Workers::new(1);
        let (end, ended) = mpsc::channel::<()>();
        let mut running = Box::pin(workers.run(account(1), move || ended.recv().is_err()));
        assert!(poll_once(&mut running).await.is_none());
        let mut waiting = Vec::new();
        for _ in 1..MOST_OF_ONE_ACCOUNT {
            let mut one = Box::pin(workers.run(account(1), yes));
            assert!(poll_once(&mut one).await.is_none());
            waiting.push(one);
        }
        assert_eq!(workers.run(account(1), yes).await, Err(Busy));
        for number in 2..=(MOST - MOST_OF_ONE_ACCOUNT + 1) {
            let mut one = Box::pin(workers.run(account(number as u64), yes));
            assert!(poll_once(&mut one).await.is_none());
            waiting.push(one);
        }
        assert_eq!(workers.run(account(99), yes).await, Err(Busy));

        // Whoever goes leaves their place; work that has begun keeps its own.
        waiting.clear();
        drop(running);
        assert_eq!(lock(&workers.places).taken, 1);
        drop(end);
        assert_eq!(workers.run(account(1), yes).await, Ok(true));
        assert!(lock(&workers.places).by_account.is_empty());
    }

    #[tokio::test]
    async fn a_panic_frees_the_thread() {
        let workers = Arc::new(Workers::new(1));
        let panicking = Arc::clone(&workers);
        let work = async move { panicking.run(account(1), || panic!("as it may")).await };
        let ended: Result<Result<(), Busy>, _> = tokio::spawn(work).await;
        assert!(ended.unwrap_err().is_panic());
        assert_eq!(workers.run(account(1), yes).await, Ok(true));
    }

    /// Polls a future once: its output, if it is there.
    async fn poll_once<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
        std::future::poll_fn(|context| {
            Poll::Ready(match std::pin::Pin::new(&mut *future).poll(context) {
                Poll::Ready(output) => Some(output),
                Poll::Pending => None,
            })
        })
        .await
    }
}
