use std::collections::BTreeMap;

use super::Glob;

/// The actions of a statement, sorted by service: some of AWS's own policies name more than a
/// thousand, and a request is of one service.
#[derive(Debug)]
pub(crate) struct ActionPatterns {
    /// Patterns for the whole action, `*` above all.
    any_service: Box<[Glob]>,
    /// In the order of their names.
    services: Box<[Service]>,
}

#[derive(Debug)]
struct Service {
    /// In lower case.
    name: Box<str>,
    /// Patterns for what follows the colon.
    actions: Box<[Glob]>,
}

impl ActionPatterns {
    pub(crate) fn new<'p>(patterns: impl IntoIterator<Item = &'p str>) -> Self {
        let mut any_service = Vec::new();
        let mut services = BTreeMap::<String, Vec<Glob>>::new();
        for pattern in patterns {
            match pattern.split_once(':') {
                Some((service, name)) if !service.contains(['*', '?']) => {
                    let names = services.entry(service.to_ascii_lowercase()).or_default();
                    names.push(Glob::ignoring_case(name));
                }
                _ => any_service.push(Glob::ignoring_case(pattern)),
            }
        }
        Self {
            any_service: any_service.into(),
            services: services
                .into_iter()
                .map(|(name, actions)| Service { name: name.into(), actions: actions.into() })
                .collect(),
        }
    }

    /// Whether any of the patterns matches; case means nothing.
    pub(crate) fn matches(&self, action: &str) -> bool {
        self.any_service.iter().any(|pattern| pattern.matches(action))
            || action.split_once(':').is_some_and(|(service, name)| {
                self.of_service(service).iter().any(|pattern| pattern.matches(name))
            })
    }

    fn of_service(&self, service: &str) -> &[Glob] {
        let lower = || service.bytes().map(|byte| byte.to_ascii_lowercase());
        self.services
            .binary_search_by(|known| known.name.bytes().cmp(lower()))
            .ok()
            .and_then(|at| self.services.get(at))
            .map_or(&[], |service| &service.actions)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn agrees_with_matching_each_pattern_whole(
            patterns in proptest::collection::vec(r"([abAB*]{1,2}:)?[xyXY*?]{0,4}", 0..6),
            action in r"[abAB]{1,2}:[xyXY]{0,4}",
        ) {
            let expected =
                patterns.iter().any(|pattern| Glob::ignoring_case(pattern).matches(&action));
            let found = ActionPatterns::new(patterns.iter().map(String::as_str));
            prop_assert_eq!(found.matches(&action), expected);
        }
    }
}
