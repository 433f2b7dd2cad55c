use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::AccountId;

/// An Amazon Resource Name (IAM User Guide, "Identify AWS resources with ARNs"):
/// `arn:partition:service:region:account:resource`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Arn(Box<str>);

impl Arn {
    /// The ARN of an IAM resource, `arn:aws:iam::{account}:{resource}`; the resource in pieces.
    #[must_use]
    pub fn iam(account: AccountId, resource: &[&str]) -> Self {
        Self::join("arn:aws:iam::", account, resource)
    }

    /// The ARN of an STS session, `arn:aws:sts::{account}:{resource}`; the resource in pieces.
    #[must_use]
    pub fn sts(account: AccountId, resource: &[&str]) -> Self {
        Self::join("arn:aws:sts::", account, resource)
    }

    /// The account's root user, which in a policy also stands for the whole account.
    #[must_use]
    pub fn root(account: AccountId) -> Self {
        Self::iam(account, &["root"])
    }

    /// A user; `path` begins and ends with `/`.
    #[must_use]
    pub fn user(account: AccountId, path: &str, name: &str) -> Self {
        Self::iam(account, &["user", path, name])
    }

    /// A group; `path` begins and ends with `/`.
    #[must_use]
    pub fn group(account: AccountId, path: &str, name: &str) -> Self {
        Self::iam(account, &["group", path, name])
    }

    /// A role; `path` begins and ends with `/`.
    #[must_use]
    pub fn role(account: AccountId, path: &str, name: &str) -> Self {
        Self::iam(account, &["role", path, name])
    }

    /// An instance profile; `path` begins and ends with `/`.
    #[must_use]
    pub fn instance_profile(account: AccountId, path: &str, name: &str) -> Self {
        Self::iam(account, &["instance-profile", path, name])
    }

    /// A server certificate; `path` begins and ends with `/`.
    #[must_use]
    pub fn server_certificate(account: AccountId, path: &str, name: &str) -> Self {
        Self::iam(account, &["server-certificate", path, name])
    }

    /// A customer managed policy; `path` begins and ends with `/`.
    #[must_use]
    pub fn policy(account: AccountId, path: &str, name: &str) -> Self {
        Self::iam(account, &["policy", path, name])
    }

    /// An OIDC provider; `url` is its issuer's URL without the scheme.
    #[must_use]
    pub fn oidc_provider(account: AccountId, url: &str) -> Self {
        Self::iam(account, &["oidc-provider/", url])
    }

    /// A SAML provider.
    #[must_use]
    pub fn saml_provider(account: AccountId, name: &str) -> Self {
        Self::iam(account, &["saml-provider/", name])
    }

    /// A session of a role. It carries the role's name without its path.
    #[must_use]
    pub fn assumed_role(account: AccountId, role_name: &str, session_name: &str) -> Self {
        Self::sts(account, &["assumed-role/", role_name, "/", session_name])
    }

    /// A federated session (`GetFederationToken`).
    #[must_use]
    pub fn federated_user(account: AccountId, name: &str) -> Self {
        Self::sts(account, &["federated-user/", name])
    }

    /// The whole text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The six fields.
    #[must_use]
    pub fn parts(&self) -> ArnParts<'_> {
        // INVARIANT: every constructor builds or checks six fields.
        ArnParts::parse(&self.0).unwrap_or_default()
    }

    fn join(service: &str, account: AccountId, resource: &[&str]) -> Self {
        let mut digits = [0; 12];
        let account = account.encode(&mut digits);
        let length =
            service.len() + account.len() + 1 + resource.iter().map(|p| p.len()).sum::<usize>();
        let mut text = String::with_capacity(length);
        text.push_str(service);
        text.push_str(account);
        text.push(':');
        resource.iter().for_each(|piece| text.push_str(piece));
        Self(text.into())
    }
}

impl FromStr for Arn {
    type Err = InvalidArn;

    fn from_str(text: &str) -> Result<Self, InvalidArn> {
        ArnParts::parse(text).map(|_| Self(text.into())).ok_or(InvalidArn)
    }
}

impl TryFrom<String> for Arn {
    type Error = InvalidArn;

    fn try_from(text: String) -> Result<Self, InvalidArn> {
        text.parse()
    }
}

impl From<Arn> for String {
    fn from(arn: Arn) -> Self {
        arn.0.into()
    }
}

impl std::borrow::Borrow<str> for Arn {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Arn {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The six fields of an ARN, borrowed from its text. The resource keeps its own colons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ArnParts<'a> {
    /// `aws`, `aws-cn`, `aws-us-gov`, …
    pub partition: &'a str,
    /// The service's namespace, such as `iam`.
    pub service: &'a str,
    /// The region; empty for IAM and STS.
    pub region: &'a str,
    /// The account that owns the resource, `aws` for AWS's own, or empty.
    pub account: &'a str,
    /// All that follows the fifth colon.
    pub resource: &'a str,
}

impl<'a> ArnParts<'a> {
    /// Splits an ARN at its first five colons. `None` when the text does not begin with `arn:`
    /// or has fewer fields.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let (partition, rest) = split_field(text.strip_prefix("arn:")?)?;
        let (service, rest) = split_field(rest)?;
        let (region, rest) = split_field(rest)?;
        let (account, resource) = split_field(rest)?;
        Some(Self { partition, service, region, account, resource })
    }

    /// Whether it is of IAM and of the partition whose accounts these are: `arn:aws:iam::…`.
    #[must_use]
    pub fn is_iam(&self) -> bool {
        [self.partition, self.service, self.region] == ["aws", "iam", ""]
    }

    /// The account field as an account id, when it is one.
    #[must_use]
    pub fn account_id(&self) -> Option<AccountId> {
        self.account.parse().ok()
    }

    /// For a resource `kind/path/name`, as IAM's are: the path with both its slashes, and the name.
    ///
    /// ```
    /// # use daypass_ident::ArnParts;
    /// let parts = ArnParts::parse("arn:aws:iam::123456789012:role/ops/deploy").unwrap();
    /// assert_eq!(parts.path_and_name("role"), Some(("/ops/", "deploy")));
    /// ```
    #[must_use]
    pub fn path_and_name(&self, kind: &str) -> Option<(&'a str, &'a str)> {
        let rest = self.resource.strip_prefix(kind)?;
        if !rest.starts_with('/') {
            return None;
        }
        let name_at = rest.rfind('/')? + 1;
        let (path, name) = rest.split_at_checked(name_at)?;
        (!name.is_empty()).then_some((path, name))
    }
}

/// What stands before the first colon and after it. By bytes: fields are a few of them.
fn split_field(text: &str) -> Option<(&str, &str)> {
    let colon = text.bytes().position(|byte| byte == b':')?;
    let (field, rest) = text.split_at_checked(colon)?;
    Some((field, rest.get(1..)?))
}

/// The text is not an ARN of six fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an ARN has the form arn:partition:service:region:account:resource")]
pub struct InvalidArn;

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> AccountId {
        "123456789012".parse().unwrap()
    }

    #[test]
    fn constructors_give_awss_forms() {
        let cases = [
            (Arn::root(account()), "arn:aws:iam::123456789012:root"),
            (Arn::user(account(), "/", "bob"), "arn:aws:iam::123456789012:user/bob"),
            (Arn::group(account(), "/a/", "dev"), "arn:aws:iam::123456789012:group/a/dev"),
            (Arn::role(account(), "/a/b/", "r"), "arn:aws:iam::123456789012:role/a/b/r"),
            (Arn::policy(account(), "/", "p"), "arn:aws:iam::123456789012:policy/p"),
            (
                Arn::oidc_provider(account(), "example.com/id"),
                "arn:aws:iam::123456789012:oidc-provider/example.com/id",
            ),
            (Arn::saml_provider(account(), "Okta"), "arn:aws:iam::123456789012:saml-provider/Okta"),
            (Arn::assumed_role(account(), "r", "s"), "arn:aws:sts::123456789012:assumed-role/r/s"),
            (Arn::federated_user(account(), "f"), "arn:aws:sts::123456789012:federated-user/f"),
        ];
        for (arn, text) in cases {
            assert_eq!(arn.as_str(), text);
            assert_eq!(text.parse::<Arn>().unwrap(), arn);
            assert_eq!(arn.parts().account_id(), Some(account()));
        }
    }

    #[test]
    fn splits_at_the_first_five_colons_only() {
        let parts =
            ArnParts::parse("arn:aws:sns:eu-west-1:123456789012:topic:with:colons").unwrap();
        assert_eq!(parts.resource, "topic:with:colons");
        for text in ["", "arn", "arn:aws:iam::1", "urn:aws:iam::1:x"] {
            assert_eq!(text.parse::<Arn>(), Err(InvalidArn), "{text}");
        }
    }

    #[test]
    fn iam_has_one_partition_and_no_region() {
        let is_iam = |text| ArnParts::parse(text).unwrap().is_iam();
        assert!(is_iam("arn:aws:iam::123456789012:role/r"));
        for text in [
            "arn:aws-cn:iam::123456789012:role/r",
            "arn:aws:sts::123456789012:role/r",
            "arn:aws:iam:us-east-1:123456789012:role/r",
            "arn::iam::123456789012:role/r",
        ] {
            assert!(!is_iam(text), "{text}");
        }
    }

    #[test]
    fn path_and_name_split_at_the_last_slash() {
        let of = |resource| ArnParts { resource, ..ArnParts::default() }.path_and_name("user");
        assert_eq!(of("user/bob"), Some(("/", "bob")));
        assert_eq!(of("user/a/b/bob"), Some(("/a/b/", "bob")));
        assert_eq!(of("user/"), None);
        assert_eq!(of("users/bob"), None);
        assert_eq!(of("role/bob"), None);
    }
}
