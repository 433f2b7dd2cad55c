use daypass_ident::fold_case;

use crate::document::{Document, Elements};
use crate::json::{self, Node};
use crate::pattern::Glob;
use crate::{Effect, Policy};

/// Of which services a policy speaks, seen from afar: resources and conditions do not count.
#[derive(Debug, Default)]
pub struct ServiceAccess {
    statements: Vec<ServiceStatement>,
}

#[derive(Debug)]
struct ServiceStatement {
    effect: Effect,
    /// What stands before the colon in each action, and whether all of the service's actions are meant.
    services: Vec<(Glob, bool)>,
    /// `NotAction`.
    negated: bool,
    /// Whether it covers every resource, and asks no condition.
    is_unconditional: bool,
}

impl Policy {
    /// Of which services the policy speaks.
    #[must_use]
    pub fn service_access(&self) -> ServiceAccess {
        // INVARIANT: the text was parsed once already.
        let Ok(root) = json::parse(self.text()) else { return ServiceAccess::default() };
        let statements = Document::of(&root).and_then(|document| document.statements());
        // One that is not understood allows nothing.
        let understood = statements.unwrap_or_default().into_iter().zip(self.statements());
        let understood = understood.filter(|(_, statement)| statement.is_understood());
        let statements = understood.filter_map(|(elements, statement)| {
            ServiceStatement::of(&elements, statement.effect())
        });
        ServiceAccess { statements: statements.collect() }
    }
}

impl ServiceAccess {
    /// Whether an action of the service is allowed, on some resource and under some condition, by a
    /// statement, whatever others deny. `service` is the prefix of the service's actions.
    #[must_use]
    pub fn may_allow(&self, service: &str) -> bool {
        let service = fold_case(service);
        let mut allowing = self.statements.iter().filter(|one| one.effect == Effect::Allow);
        allowing.any(|statement| match statement.negated {
            false => statement.services.iter().any(|(glob, _)| glob.matches(&service)),
            true => !statement.covers_all_of(&service),
        })
    }

    /// Whether all actions of the service are denied on everything, without a condition.
    #[must_use]
    pub fn denies_all(&self, service: &str) -> bool {
        let service = fold_case(service);
        let mut denying = self.statements.iter().filter(|one| one.effect == Effect::Deny);
        denying.any(|statement| {
            statement.is_unconditional
                && match statement.negated {
                    false => statement.covers_all_of(&service),
                    true => !statement.services.iter().any(|(glob, _)| glob.matches(&service)),
                }
        })
    }
}

impl ServiceStatement {
    fn of(elements: &Elements<'_>, effect: Effect) -> Option<Self> {
        let (actions, negated) = elements.actions()?;
        let services = actions.iter().filter_map(Node::as_str).map(|action| {
            let (service, rest) = action.split_once(':').unwrap_or((action, "*"));
            (Glob::new(&fold_case(service)), rest == "*")
        });
        let covers_everything = elements.resources().is_some_and(|(resources, negated)| {
            !negated && resources.iter().any(|resource| resource.as_str() == Some("*"))
        });
        Some(Self {
            effect,
            services: services.collect(),
            negated,
            is_unconditional: covers_everything && elements.condition.is_none(),
        })
    }

    fn covers_all_of(&self, service: &str) -> bool {
        self.services.iter().any(|(glob, whole)| *whole && glob.matches(service))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PolicyKind;

    fn access(statements: &str) -> ServiceAccess {
        let text = format!(r#"{{"Version": "2012-10-17", "Statement": {statements}}}"#);
        Policy::parse(PolicyKind::Identity, &text).unwrap().service_access()
    }

    #[test]
    fn a_service_is_allowed_where_an_action_of_it_may_be() {
        for (statement, s3, iam) in [
            (r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#, true, true),
            (r#"{"Effect":"Allow","Action":"S3:Get*","Resource":"arn:aws:s3:::a"}"#, true, false),
            (r#"{"Effect":"Allow","Action":["s3:*","iam:GetUser"],"Resource":"*"}"#, true, true),
            (r#"{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}"#, true, false),
            (r#"{"Effect":"Allow","NotAction":"iam:Get*","Resource":"*"}"#, true, true),
            (r#"{"Effect":"Allow","NotAction":"*","Resource":"*"}"#, false, false),
            (r#"{"Effect":"Deny","Action":"*","Resource":"*"}"#, false, false),
        ] {
            let access = access(statement);
            assert_eq!(access.may_allow("s3"), s3, "{statement}");
            assert_eq!(access.may_allow("iam"), iam, "{statement}");
        }
    }

    #[test]
    fn a_service_is_denied_where_nothing_of_it_is_left() {
        for (statement, s3, iam) in [
            (r#"{"Effect":"Deny","Action":"s3:*","Resource":"*"}"#, true, false),
            (r#"{"Effect":"Deny","Action":"s3:Get*","Resource":"*"}"#, false, false),
            (r#"{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::a"}"#, false, false),
            (r#"{"Effect":"Deny","NotAction":"s3:Get*","Resource":"*"}"#, false, true),
            (
                r#"{"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}"#,
                false,
                false,
            ),
            (r#"{"Effect":"Allow","Action":"s3:*","Resource":"*"}"#, false, false),
        ] {
            let access = access(statement);
            assert_eq!(access.denies_all("s3"), s3, "{statement}");
            assert_eq!(access.denies_all("iam"), iam, "{statement}");
        }
    }
}
