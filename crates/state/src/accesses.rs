use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use arc_swap::ArcSwapOption;

/// What a user or a role has asked of services, with the last time of each: of what it was refused,
/// too. Kept beside the store, as [`LastUsed`](crate::LastUsed) is. As many entries as services have
/// operations, at most.
#[derive(Default)]
pub struct Accesses(ArcSwapOption<Vec<Access>>);

/// The last time that something was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// The prefix of the service's actions, such as `iam`.
    pub service: &'static str,
    /// The operation, such as `GetUser`.
    pub action: &'static str,
    /// The beginning of the minute, in Unix seconds.
    pub at: i64,
    /// The region of the request's credential scope.
    pub region: Box<str>,
}

impl Accesses {
    /// Notes a request. Within one minute only the first of each operation is written, so that a busy
    /// role costs a search in a short list.
    pub fn note(&self, at: i64, region: &str, service: &'static str, action: &'static str) {
        let at = at - at.rem_euclid(60);
        let known = self.0.load();
        let place = known.as_deref().map_or(Err(0), |known| find(known, service, action));
        let newest = known.as_deref().zip(place.ok()).and_then(|(known, place)| known.get(place));
        if newest.is_some_and(|newest| newest.at >= at) {
            return;
        }
        self.0.rcu(|known| {
            let mut all = known.as_deref().cloned().unwrap_or_default();
            let access = Access { service, action, at, region: region.into() };
            match find(&all, service, action) {
                Ok(place) => {
                    if let Some(old) = all.get_mut(place) {
                        *old = access;
                    }
                }
                Err(place) => all.insert(place, access),
            }
            Some(Arc::new(all))
        });
    }

    /// What was asked, in the order of services and operations.
    #[must_use]
    pub fn all(&self) -> impl Deref<Target = [Access]> + use<> {
        All(self.0.load_full())
    }
}

/// Nothing is allocated for who never asked: of many users most never do.
struct All(Option<Arc<Vec<Access>>>);

impl Deref for All {
    type Target = [Access];

    fn deref(&self) -> &[Access] {
        self.0.as_deref().map_or(&[], Vec::as_slice)
    }
}

fn find(all: &[Access], service: &str, action: &str) -> Result<usize, usize> {
    all.binary_search_by(|one| (one.service, one.action).cmp(&(service, action)))
}

impl fmt::Debug for Accesses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Accesses").field(&&*self.all()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_operation_has_its_last_minute() {
        let accesses = Accesses::default();
        assert!(accesses.all().is_empty());
        accesses.note(125, "eu-west-1", "sts", "GetCallerIdentity");
        accesses.note(130, "us-east-1", "sts", "GetCallerIdentity");
        accesses.note(130, "us-east-1", "iam", "ListUsers");
        accesses.note(130, "us-east-1", "iam", "GetUser");
        accesses.note(180, "us-west-2", "iam", "GetUser");
        accesses.note(100, "us-west-2", "iam", "GetUser");
        let all: Vec<_> =
            accesses.all().iter().map(|one| (one.action, one.at, one.region.to_string())).collect();
        let expected = [
            ("GetUser", 180, "us-west-2".to_owned()),
            ("ListUsers", 120, "us-east-1".to_owned()),
            ("GetCallerIdentity", 120, "eu-west-1".to_owned()),
        ];
        assert_eq!(all, expected);
    }
}
