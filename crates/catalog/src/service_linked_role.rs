use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What a service's own role is like (IAM User Guide, "Service-linked roles").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServiceLinkedRole {
    /// The service that assumes the role, such as `ecs.amazonaws.com`.
    pub service: &'static str,
    /// `AWSServiceRoleForECS`.
    pub role_name: &'static str,
    /// The name of the AWS managed policy below `aws-service-role/` that the role has, if it is known.
    pub policy: Option<&'static str>,
    /// Whether `CreateServiceLinkedRole` takes a suffix for it. Of 76 services for which it is on record 68
    /// refuse it; those for which it is not are taken to refuse it, too.
    pub takes_suffix: bool,
}

/// The role of a service; `None` for a service that has none, or whose role is not known.
#[must_use]
pub fn service_linked_role(service: &str) -> Option<ServiceLinkedRole> {
    ROLES.get(service).copied()
}

/// All that are known, in the order of their services.
pub fn service_linked_roles() -> impl Iterator<Item = ServiceLinkedRole> {
    ROLES.values().copied()
}

static ROLES: LazyLock<BTreeMap<&str, ServiceLinkedRole>> = LazyLock::new(|| {
    let rows = ROWS.lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(parse).map(|role| (role.service, role)).collect()
});

fn parse(row: &'static str) -> Option<ServiceLinkedRole> {
    let mut columns = row.split('\t');
    Some(ServiceLinkedRole {
        service: columns.next()?,
        role_name: columns.next()?,
        policy: columns.next().filter(|name| !name.is_empty()),
        takes_suffix: columns.next()? == "yes",
    })
}

/// Kept by hand.
static ROWS: &str = include_str!("../data/service-linked-roles.tsv");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{is_service_principal, managed_policy};

    #[test]
    fn roles_are_found_by_their_service() {
        let scaling = service_linked_role("autoscaling.amazonaws.com").unwrap();
        assert_eq!(scaling.role_name, "AWSServiceRoleForAutoScaling");
        assert_eq!(scaling.policy, Some("AutoScalingServiceRolePolicy"));
        assert!(scaling.takes_suffix);
        assert!(!service_linked_role("acm.amazonaws.com").unwrap().takes_suffix);
        assert_eq!(service_linked_role("lamda.amazonaws.com"), None);
    }

    #[test]
    fn every_row_is_whole() {
        let rows: Vec<_> = ROWS.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(rows.is_sorted());
        assert_eq!(service_linked_roles().count(), rows.len());
        for role in service_linked_roles() {
            assert!(is_service_principal(role.service), "{}", role.service);
            assert!(role.role_name.starts_with("AWSServiceRoleFor"), "{}", role.role_name);
            assert!(role.role_name.len() <= 64, "{}", role.role_name);
        }
    }

    #[test]
    fn their_policies_are_aws_managed_ones() {
        let missing = service_linked_roles().filter_map(|role| {
            let arn = format!("arn:aws:iam::aws:policy/aws-service-role/{}", role.policy?);
            managed_policy(&arn).is_none().then_some(arn)
        });
        let missing: Vec<_> = missing.collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
