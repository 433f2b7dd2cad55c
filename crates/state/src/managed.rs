use std::sync::{LazyLock, OnceLock};

use daypass_policy::{Policy, PolicyKind};

/// AWS's managed policy of this ARN, compiled when somebody first asks for it and then kept for as
/// long as the process runs. `None` when there is no such policy.
pub(crate) fn aws_managed_policy(arn: &str) -> Option<&'static Policy> {
    let policies = daypass_catalog::managed_policies();
    let at = policies.binary_search_by(|policy| policy.arn.cmp(arn)).ok()?;
    let compile = || {
        let document = policies.get(at)?.document();
        Policy::parse(PolicyKind::Managed, document).ok().map(Box::new)
    };
    COMPILED.get(at)?.get_or_init(compile).as_deref()
}

/// A place for each policy of the catalogue, in its order.
static COMPILED: LazyLock<Box<[OnceLock<Compiled>]>> =
    LazyLock::new(|| daypass_catalog::managed_policies().iter().map(|_| OnceLock::new()).collect());

type Compiled = Option<Box<Policy>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_policy_of_the_catalogue_is_understood() {
        for entry in daypass_catalog::managed_policies() {
            let policy = aws_managed_policy(entry.arn);
            let policy = policy.unwrap_or_else(|| panic!("{} is lost", entry.arn));
            assert_eq!(policy.text(), entry.document());
            for statement in policy.statements() {
                assert!(statement.is_understood(), "{}: {:?}", entry.arn, statement.sid());
            }
        }
        for other in ["", "AdministratorAccess", "arn:aws:iam::aws:policy/NoSuchPolicy"] {
            assert!(aws_managed_policy(other).is_none(), "{other}");
        }
    }
}
