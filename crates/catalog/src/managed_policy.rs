use std::sync::{LazyLock, OnceLock};

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use daypass_ident::UniqueId;

use crate::documents;

/// The AWS managed policy of this ARN. The first look-up reads the index, in about a millisecond.
#[must_use]
pub fn managed_policy(arn: &str) -> Option<&'static ManagedPolicy> {
    if !arn.starts_with(PREFIX) {
        return None;
    }
    let policies = managed_policies();
    let at = policies.binary_search_by(|policy| policy.arn.cmp(arn)).ok()?;
    policies.get(at)
}

/// All AWS managed policies, in the order of their ARNs.
#[must_use]
pub fn managed_policies() -> &'static [ManagedPolicy] {
    &POLICIES
}

/// A policy that AWS keeps and every account may attach (IAM User Guide, "AWS managed policies").
#[derive(Debug)]
pub struct ManagedPolicy {
    /// `arn:aws:iam::aws:policy{path}{name}`.
    pub arn: &'static str,
    /// The path, with both slashes: `/`, `/service-role/`, `/job-function/`, …
    pub path: &'static str,
    /// The name, which no two AWS managed policies share.
    pub name: &'static str,
    /// `ANPA…`, stable but not AWS's own: the ids are not published with the policies.
    pub id: UniqueId,
    /// The version in force, such as `v7`. It is the only one whose document is known.
    pub default_version_id: &'static str,
    /// When AWS made the policy.
    pub create_date: DateTime,
    /// When AWS last changed the policy, that is, made its default version.
    pub update_date: DateTime,
    /// The place of the document: a gzip member's beginning, and the line in it.
    offset: usize,
    line: usize,
    document: OnceLock<Box<str>>,
}

impl ManagedPolicy {
    /// The document of the default version, as compact JSON. The first call inflates it, in some
    /// hundred microseconds, and keeps it.
    #[must_use]
    #[expect(clippy::expect_used, reason = "embedded data, all of which a test reads")]
    pub fn document(&self) -> &str {
        self.document.get_or_init(|| {
            documents::read(self.offset, self.line).expect("the index points at documents")
        })
    }

    fn parse(row: &'static str, line: usize) -> Option<Self> {
        let mut columns = row.split('\t');
        let arn = columns.next()?;
        let name_at = arn.rfind('/')? + 1;
        let (_, name) = arn.split_at_checked(name_at)?;
        Some(Self {
            arn,
            path: arn.strip_prefix(PREFIX_BEFORE_PATH)?.strip_suffix(name)?,
            name,
            id: columns.next()?.parse().ok()?,
            default_version_id: columns.next()?,
            create_date: DateTime::from_str(columns.next()?, Format::DateTime).ok()?,
            update_date: DateTime::from_str(columns.next()?, Format::DateTime).ok()?,
            offset: columns.next()?.parse().ok()?,
            line,
            document: OnceLock::new(),
        })
    }
}

static POLICIES: LazyLock<Vec<ManagedPolicy>> = LazyLock::new(read_index);

#[expect(clippy::expect_used, reason = "embedded data, all of which a test reads")]
fn read_index() -> Vec<ManagedPolicy> {
    let mut policies: Vec<ManagedPolicy> = Vec::with_capacity(INDEX.lines().count());
    for row in INDEX.lines() {
        let mut policy = ManagedPolicy::parse(row, 0).expect("a well-formed index");
        // Rows that follow each other in one gzip member are its lines.
        if let Some(before) = policies.last().filter(|before| before.offset == policy.offset) {
            policy.line = before.line + 1;
        }
        policies.push(policy);
    }
    policies
}

static INDEX: &str = include_str!("../data/managed-policies.tsv");

/// What every ARN begins with.
const PREFIX: &str = "arn:aws:iam::aws:policy/";
/// The same without the path's first slash.
const PREFIX_BEFORE_PATH: &str = "arn:aws:iam::aws:policy";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_is_whole_and_sorted() {
        let policies = managed_policies();
        assert_eq!(policies.len(), 1_582);
        assert!(policies.is_sorted_by(|a, b| a.arn < b.arn));
        for policy in policies {
            assert_eq!(policy.arn, format!("{PREFIX_BEFORE_PATH}{}{}", policy.path, policy.name));
            assert!(policy.path.starts_with('/') && policy.path.ends_with('/'), "{}", policy.arn);
            assert!(policy.default_version_id.starts_with('v'), "{}", policy.arn);
            assert!(policy.create_date <= policy.update_date, "{}", policy.arn);
            assert!(policy.id.as_str().starts_with("ANPA"), "{}", policy.arn);
        }
    }

    #[test]
    fn ids_are_unique() {
        let ids = managed_policies().iter().map(|policy| policy.id.as_str());
        let ids: std::collections::BTreeSet<_> = ids.collect();
        assert_eq!(ids.len(), managed_policies().len());
    }

    #[test]
    fn every_document_is_a_policy() {
        for policy in managed_policies() {
            let document: serde_json::Value = serde_json::from_str(policy.document()).unwrap();
            assert_eq!(document["Version"], "2012-10-17", "{}", policy.arn);
            let statement = &document["Statement"];
            let first = statement.get(0).unwrap_or(statement);
            assert!(first["Effect"].is_string(), "{}", policy.arn);
        }
    }

    #[test]
    fn well_known_policies_are_themselves() {
        let cases = [
            ("AdministratorAccess", "/", "AdministratorAccess", r#""Action":"*""#),
            ("ReadOnlyAccess", "/", "ReadOnlyAccess", "s3:Get*"),
            (
                "service-role/AWSLambdaBasicExecutionRole",
                "/service-role/",
                "AWSLambdaBasicExecutionRole",
                "logs:PutLogEvents",
            ),
            (
                "job-function/ViewOnlyAccess",
                "/job-function/",
                "ViewOnlyAccess",
                "ec2:DescribeInstance*",
            ),
        ];
        for (tail, path, name, part) in cases {
            let policy = managed_policy(&format!("{PREFIX}{tail}")).unwrap();
            assert_eq!((policy.path, policy.name), (path, name));
            assert!(policy.document().contains(part), "{tail} lacks {part}");
        }
        let administrator = managed_policy("arn:aws:iam::aws:policy/AdministratorAccess").unwrap();
        assert_eq!(
            administrator.document(),
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#
        );
        let created = DateTime::from_str("2015-02-06T18:39:46Z", Format::DateTime).unwrap();
        assert_eq!(administrator.create_date, created);
    }

    #[test]
    fn others_arns_name_nothing() {
        for arn in [
            "",
            "AdministratorAccess",
            "arn:aws:iam::aws:policy/",
            "arn:aws:iam::aws:policy/administratoraccess",
            "arn:aws:iam::aws:policy/AdministratorAccess ",
            "arn:aws:iam::123456789012:policy/AdministratorAccess",
            "arn:aws:iam::aws:policy/service-role/AdministratorAccess",
        ] {
            assert!(managed_policy(arn).is_none(), "{arn}");
        }
    }
}
