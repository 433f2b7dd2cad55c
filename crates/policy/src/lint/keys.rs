//! What a condition key is, for a statement.

use daypass_ident::fold_case;

use super::actions::Actions;
use super::report::Report;
use super::vocabulary::KeyFacts;

/// What became of a search for a key.
pub(super) enum Found<'a> {
    Known(KeyFacts<'a>),
    /// There is none of this name; those that it may have been meant for.
    Unknown {
        service: Option<&'a str>,
        candidates: Vec<&'a str>,
    },
    /// The vocabulary does not reach so far: a key of an identity provider, or no vocabulary.
    Beyond,
}

/// Looks for a key among the global ones and those of the services that the statement speaks of,
/// then among those of the service that its name begins with.
pub(super) fn find<'a>(key: &str, actions: &Actions<'_>, report: &Report<'a>) -> Found<'a> {
    let vocabulary = report.vocabulary;
    if !report.knows_services {
        return Found::Beyond;
    }
    if let Some(facts) = vocabulary.global_key(key) {
        return Found::Known(facts);
    }
    let services = actions.services();
    let of_services = services.iter().find_map(|service| vocabulary.service_key(service, key));
    if let Some(facts) = of_services {
        return Found::Known(facts);
    }
    // The keys of identity providers are STS's, whichever action a later request is for.
    if let Some(facts) = vocabulary.service_key("sts", key) {
        return Found::Known(facts);
    }
    let prefix = key.split_once(':').map_or("", |(prefix, _)| prefix);
    if prefix.contains(['.', '/']) {
        return Found::Beyond;
    }
    if let Some(facts) = vocabulary.service_key(prefix, key) {
        return Found::Known(facts);
    }
    let lower = fold_case(prefix);
    let service = vocabulary.services().into_iter().find(|service| *service == lower);
    let mut candidates = vocabulary.key_names("");
    for service in services.into_iter().chain(service) {
        candidates.extend(vocabulary.key_names(service));
    }
    Found::Unknown { service, candidates }
}
