//! Names that no service of AWS has: with one, a request is denied whatever its policies say, so that a
//! test of a denial passes for the wrong reason.

use std::collections::BTreeSet;
use std::ops::Range;

use daypass_ident::fold_case;
use daypass_policy::lint::{Vocabulary as _, nearest};

use super::file::{Context, File};
use super::load::Text;
use crate::policy::catalog::Catalog;

/// Looks each service, action and condition key of the requests up in the catalogue.
///
/// # Errors
/// All that are unknown, each once, shown with their places.
pub(super) fn check(file: &File, source: Text<'_>) -> Result<(), String> {
    let mut unknown = Unknown { source, said: BTreeSet::new(), shown: String::new() };
    for request in &file.requests {
        unknown.action(&request.action);
    }
    let services = file.requests.iter().filter_map(|request| prefix(&request.action));
    unknown.keys(&file.context, &services.collect::<Vec<_>>());
    for request in &file.requests {
        unknown.keys(&request.context, prefix(&request.action).as_slice());
    }
    if unknown.shown.is_empty() { Ok(()) } else { Err(unknown.shown) }
}

struct Unknown<'a> {
    source: Text<'a>,
    said: BTreeSet<String>,
    shown: String,
}

impl Unknown<'_> {
    fn action(&mut self, action: &str) {
        let Some((service, name)) = action.split_once(':') else {
            let message = format!("`{action}` is no action: it is written SERVICE:NAME");
            return self.say(action, &message, None);
        };
        let Some(known) = Catalog.actions(service) else {
            let meant = nearest(service, Catalog.services());
            let meant = meant.map(|service| format!("{service}:{name}"));
            return self.say(action, &format!("AWS has no service `{service}`"), meant);
        };
        // Some of the newest are not in the reference yet.
        let operations = match &*fold_case(service) {
            "iam" => daypass_iam_core::generated::OPERATIONS,
            "sts" => daypass_sts_core::OPERATIONS,
            _ => &[],
        };
        let mut all = known.iter().chain(operations);
        if !all.any(|known| fold_case(known) == fold_case(name)) {
            let meant = nearest(name, known).map(|name| format!("{service}:{name}"));
            self.say(action, &format!("`{service}` has no action `{name}`"), meant);
        }
    }

    fn keys(&mut self, context: &Context, services: &[&str]) {
        for key in context.keys() {
            let own = prefix(key).unwrap_or_default();
            // A key of an identity provider begins with its host. STS has those of well-known ones.
            let is_providers = own.contains(['.', '/']);
            let services = || services.iter().copied().chain([own, "sts"]);
            let is_known = Catalog.global_key(key).is_some()
                || services().any(|service| Catalog.service_key(service, key).is_some());
            if is_providers || is_known {
                continue;
            }
            let of_services =
                services().filter(|name| Catalog.actions(name).is_some()).collect::<BTreeSet<_>>();
            let of_services = of_services.into_iter().flat_map(|name| Catalog.key_names(name));
            let candidates = Catalog.key_names("").into_iter().chain(of_services);
            let meant = nearest_key(key, candidates);
            self.say(key, &format!("no request has the condition key `{key}`"), meant);
        }
    }

    fn say(&mut self, name: &str, message: &str, meant: Option<String>) {
        if !self.said.insert(name.to_owned()) {
            return;
        }
        let help = meant.map(|meant| format!("did you mean `{meant}`?"));
        let help =
            help.unwrap_or_else(|| "--allow-unknown decides with it all the same".to_owned());
        self.shown += &self.source.with_help(message, place(self.source, name), Some(&help));
    }
}

/// The key that was meant. Where its last part is of its writer's choice, as in `aws:RequestTag/team`, the
/// part before is compared and the last kept.
fn nearest_key<'n>(key: &str, known: impl Iterator<Item = &'n str>) -> Option<String> {
    let (patterns, names): (Vec<_>, Vec<_>) = known.partition(|name| name.contains("/${"));
    if let Some(name) = nearest(key, names) {
        return Some(name.to_owned());
    }
    let (begin, chosen) = key.split_once('/')?;
    let begins = patterns.iter().filter_map(|name| name.split_once('/')).map(|(begin, _)| begin);
    nearest(begin, begins).map(|begin| format!("{begin}/{chosen}"))
}

/// What stands before the first colon.
fn prefix(name: &str) -> Option<&str> {
    name.split_once(':').map(|(prefix, _)| prefix)
}

/// Where a name stands: rather among the requests than in a policy before them.
fn place(source: Text<'_>, name: &str) -> Option<Range<usize>> {
    let from = source.find("requests").map_or(0, |at| at.start);
    let requests = source.text.get(from..).unwrap_or_default();
    let among = Text { text: requests, ..source }.find(name);
    let among = among.map(|at| at.start + from..at.end + from);
    among.or_else(|| source.find(name))
}
