//! What stands in for a value with a mistake, while further mistakes are looked for.

/// A name that nothing else has.
pub(super) fn name(number: usize) -> String {
    format!("stand-in-{number}")
}

/// The URL of an identity provider that nothing else has.
pub(super) fn url(number: usize) -> String {
    format!("https://stand-in-{number}.example")
}

/// A policy for a user, a group or a role, and a service control policy.
pub(super) const POLICY: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;

/// A resource control policy.
pub(super) const RCP: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole","Resource":"*"}]}"#;

/// A trust policy.
pub(super) const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}"#;
