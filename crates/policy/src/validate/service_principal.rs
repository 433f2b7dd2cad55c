//! The services that a trust policy names.

use crate::document::Document;
use crate::json::{self, Node};
use crate::{Malformed, Policy};

impl Policy {
    /// Checks what IAM asks of a trust policy in the moment when it is saved, and never of one that
    /// stands: that each service which it names is one. `is_service` says which are.
    ///
    /// # Errors
    /// [`Malformed::InvalidPrincipal`] with the first name that no service has.
    pub fn check_services(&self, is_service: impl Fn(&str) -> bool) -> Result<(), Malformed> {
        // INVARIANT: the text was parsed once already.
        let Ok(root) = json::parse(self.text()) else { return Ok(()) };
        let statements = Document::of(&root).and_then(|document| document.statements());
        let unknown = statements
            .unwrap_or_default()
            .iter()
            .flat_map(|elements| [elements.principal, elements.not_principal])
            .flatten()
            .flat_map(|principal| principal.as_object().unwrap_or_default())
            .filter(|member| member.key == "Service")
            .flat_map(|member| member.value.as_list())
            .filter_map(Node::as_str)
            .find(|name| !is_service(name))
            .map(Box::from);
        match unknown {
            Some(value) => Err(Malformed::InvalidPrincipal { kind: "SERVICE".into(), value }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Policy, PolicyKind};

    #[test]
    fn the_first_unknown_service_is_named() {
        let text = r#"{"Statement": [
            {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"},
            {"Effect": "Deny", "Principal": {"Service": ["a.amazonaws.com", "b.amazonaws.com"]},
             "Action": "sts:AssumeRole"},
            {"Effect": "Allow", "Principal": {"Service": "c.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ]}"#;
        let policy = Policy::parse(PolicyKind::Trust, text).unwrap();
        let checked = |known: &[&str]| {
            policy.check_services(|name| known.contains(&name)).map_err(|error| error.to_string())
        };
        let refusal = |name| Err(format!("Invalid principal in policy: \"SERVICE\":\"{name}\""));
        assert_eq!(checked(&["a.amazonaws.com"]), refusal("b.amazonaws.com"));
        assert_eq!(checked(&["a.amazonaws.com", "b.amazonaws.com"]), refusal("c.amazonaws.com"));
        assert_eq!(checked(&["a.amazonaws.com", "b.amazonaws.com", "c.amazonaws.com"]), Ok(()));
    }
}
