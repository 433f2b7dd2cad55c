//! AWS's service authorization facts as the vocabulary of policies.

use daypass_catalog::{ConditionKey, KeyType, Service, global_condition_key, service, services};
use daypass_policy::lint::{self, KeyFacts, Vocabulary};

/// The catalogue that daypass carries.
#[derive(Debug, Clone, Copy)]
pub(super) struct Catalog;

impl Vocabulary for Catalog {
    fn services(&self) -> Vec<&str> {
        services().iter().map(|service| service.prefix).collect()
    }

    fn actions(&self, prefix: &str) -> Option<Vec<&str>> {
        let service = service(prefix)?;
        Some(service.actions().iter().map(|action| action.name).collect())
    }

    fn resource_arns(&self, prefix: &str, action: &str) -> Vec<&str> {
        let Some(service) = service(prefix) else { return Vec::new() };
        let uses = service.action(action).map(|action| &*action.resource_types);
        let types = uses.unwrap_or_default().iter();
        let types = types.filter_map(|resource| service.resource_type(resource.name));
        types.flat_map(|resource| resource.arns.iter().copied()).collect()
    }

    fn carries(&self, prefix: &str, action: &str, key: &str) -> bool {
        service(prefix).is_some_and(|service| carries(service, action, key).unwrap_or_default())
    }

    fn service_key(&self, prefix: &str, key: &str) -> Option<KeyFacts<'_>> {
        service(prefix)?.condition_key(key).map(facts)
    }

    fn global_key(&self, key: &str) -> Option<KeyFacts<'_>> {
        global_condition_key(key).map(facts)
    }

    fn key_names(&self, prefix: &str) -> Vec<&str> {
        let keys = match service(prefix) {
            Some(service) => service.condition_keys(),
            None => daypass_catalog::global_condition_keys(),
        };
        keys.iter().map(|key| key.name).collect()
    }

    fn is_multivalued(&self, key: &str) -> bool {
        daypass_catalog::is_multivalued(key)
    }

    fn is_service_principal(&self, name: &str) -> bool {
        daypass_catalog::is_service_principal(name)
    }

    fn service_principals(&self) -> Vec<&str> {
        daypass_catalog::service_principals().collect()
    }
}

/// Whether an action has the key itself, or has it with one of its resources.
fn carries(service: &Service, action: &str, key: &str) -> Option<bool> {
    let action = service.action(action)?;
    let name = service.condition_key(key)?.name;
    let of_resources = action.resource_types.iter().any(|resource| {
        let of_type = service.resource_type(resource.name).map(|kind| &*kind.condition_keys);
        resource.condition_keys.contains(&name) || of_type.unwrap_or_default().contains(&name)
    });
    Some(of_resources || action.condition_keys.contains(&name))
}

fn facts(key: &ConditionKey) -> KeyFacts<'_> {
    let value_type = match key.value_type {
        KeyType::Text => lint::KeyType::Text,
        KeyType::Arn => lint::KeyType::Arn,
        KeyType::Bool => lint::KeyType::Bool,
        KeyType::Numeric => lint::KeyType::Numeric,
        KeyType::Date => lint::KeyType::Date,
        KeyType::IpAddress => lint::KeyType::Ip,
    };
    KeyFacts { name: key.name, value_type, multivalued: is_multivalued(key) }
}

/// Cognito's `amr` is multivalued, though the reference does not say so.
fn is_multivalued(key: &ConditionKey) -> bool {
    key.multivalued || daypass_catalog::is_multivalued(key.name)
}

#[cfg(test)]
mod tests;
