use std::fmt;
use std::sync::Arc;

use arc_swap::ArcSwapOption;

/// When and where a key or a role was last used. Kept beside the store, never in it: a request
/// that only reads must not write.
#[derive(Default)]
pub struct LastUsed(ArcSwapOption<LastUse>);

/// One use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastUse {
    /// Unix seconds.
    pub at: i64,
    /// The region of the request's credential scope.
    pub region: Box<str>,
    /// The service's signing name, such as `sts`.
    pub service: &'static str,
}

impl LastUsed {
    /// Notes a use. Within one second only the first is written, so that a busy key costs a
    /// comparison a request.
    pub fn note(&self, at: i64, region: &str, service: &'static str) {
        let seen = self.0.load();
        let known = seen.as_ref().is_some_and(|last| {
            last.at == at && last.service == service && *last.region == *region
        });
        if !known {
            self.0.store(Some(Arc::new(LastUse { at, region: region.into(), service })));
        }
    }

    /// The last use, if there was one.
    #[must_use]
    pub fn get(&self) -> Option<Arc<LastUse>> {
        self.0.load_full()
    }
}

impl fmt::Debug for LastUsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LastUsed").field(&self.get()).finish()
    }
}
