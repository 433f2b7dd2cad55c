//! The policies and tags that a call packs into a session.

use daypass_ident::Arn;
use daypass_model::sts::PolicyDescriptorType;
use daypass_policy::{Policy, PolicyKind, packed_len};
use daypass_state::Account;
use daypass_token::SessionPolicies;

use crate::arns;
use crate::errors::StsError;
use crate::tags::SessionTags;

/// The session policies of a call; `None` when it passes none.
///
/// Managed policies must be the role's account's own or AWS's.
pub(crate) fn parse<'a>(
    inline: Option<&str>,
    arns: Option<&'a [PolicyDescriptorType]>,
    account: &Account,
) -> Result<Option<SessionPolicies>, StsError<'a>> {
    let arns = arns.unwrap_or_default().iter().enumerate().map(|(index, policy)| {
        // The model lets one be without its ARN. It cannot be left out: it was to bound the session.
        let arn = policy.arn.as_deref().ok_or(StsError::NoPolicyArn(index + 1))?;
        managed(arn, account)
    });
    let arns = arns.collect::<Result<Vec<_>, _>>()?;
    if let Some(text) = inline {
        Policy::parse(PolicyKind::Session, text).map_err(StsError::MalformedPolicy)?;
    }
    if inline.is_none() && arns.is_empty() {
        return Ok(None);
    }
    Ok(Some(SessionPolicies { inline: inline.map(str::to_owned), arns }))
}

/// How much of the room for policies and tags a session takes, in percent; `None` when it packs
/// nothing.
///
/// Inherited tags count like those passed.
///
/// # Errors
/// `PackedPolicyTooLarge` for more than 100 %.
pub(crate) fn packed_size(
    policies: Option<&SessionPolicies>,
    tags: &SessionTags,
) -> Result<Option<i32>, StsError<'static>> {
    if policies.is_none() && tags.is_empty() {
        return Ok(None);
    }
    let percent = percent(policies, tags);
    match policies {
        _ if percent <= 100 => Ok(Some(percent)),
        Some(_) => Err(StsError::PackedPolicyTooLarge(percent)),
        None => Err(StsError::PackedTagsTooLarge(percent)),
    }
}

/// An estimate: AWS says only that it packs policies and tags into a binary form, and how full its room is.
///
/// The model is the simplest one under which the recorded sizes come out (see the tests): a tag takes the bytes of its
/// key and value and one more, and [`OF_TAGS`] of these fill the room; an inline policy takes [`packed_len`], and
/// [`OF_POLICIES`] of these fill it; parts of a percent count as a whole one. Tags are not compressed: 250 times the same
/// letter takes as much as other letters do.
///
/// Its doubt: three recorded inputs of tags with 6, 215 and 2,277 bytes leave [`OF_TAGS`] between 457.4 and 458.1, if
/// a tag takes one byte beside its texts, but nothing says that AWS counts so. Of policies the recorded inputs are few and
/// short. So a session near the limit may be accepted here and refused on AWS, or the other way round.
fn percent(policies: Option<&SessionPolicies>, tags: &SessionTags) -> i32 {
    let of_policies = policies.map_or(0, |policies| {
        let inline = policies.inline.as_deref().and_then(packed_len);
        inline.unwrap_or_default() + policies.arns.len() * OF_MANAGED_POLICY
    });
    let of_tags: usize = tags.iter().map(|(key, value)| key.len() + value.len() + 1).sum();
    let parts = of_policies * OF_TAGS + of_tags * OF_POLICIES;
    i32::try_from((parts * 100).div_ceil(OF_POLICIES * OF_TAGS)).unwrap_or(i32::MAX)
}

fn managed<'a>(arn: &'a str, account: &Account) -> Result<Arn, StsError<'a>> {
    let parsed = arns::complete(arn)?;
    if account.managed_policy(arn).is_none() {
        return Err(StsError::NoSuchPolicy);
    }
    Ok(parsed)
}

/// How many bytes of packed policies fill the room.
const OF_POLICIES: usize = 512;

/// How many bytes of tags fill it.
const OF_TAGS: usize = 458;

/// What a managed policy takes, however long its ARN: as much as its unique id.
const OF_MANAGED_POLICY: usize = 22;

#[cfg(test)]
mod tests {
    use super::*;

    /// An answer of AWS's to a known input.
    struct Point {
        what: &'static str,
        inline: String,
        tags: Vec<(String, String)>,
        /// What AWS answered, in percent.
        aws: i32,
        /// How far the estimate may be off, in percent of the room.
        tolerance: i32,
    }

    impl Point {
        fn estimate(&self) -> i32 {
            let policies = (!self.inline.is_empty())
                .then(|| SessionPolicies { inline: Some(self.inline.clone()), arns: Vec::new() });
            percent(policies.as_ref(), &SessionTags::of(self.tags.clone()))
        }
    }

    fn owned(tags: &[(&str, &str)]) -> Vec<(String, String)> {
        tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    /// Every recorded size whose input is known, wholly or nearly. Prints how far the estimate is off
    /// (`cargo test -p daypass-sts-core recorded_sizes -- --nocapture`).
    #[test]
    fn recorded_sizes_are_met() {
        let exact = |what, inline: &str, tags: &[(&str, &str)], aws| Point {
            what,
            inline: inline.to_owned(),
            tags: owned(tags),
            aws,
            tolerance: 0,
        };
        let nine = (1..=9).map(|number| (format!("T{number}"), "a".repeat(250))).collect();
        let points = [
            exact(
                "the policy of the STS API Reference, GetFederationToken",
                r#"{"Version":"2012-10-17","Statement":[{"Sid":"Stmt1","Effect":"Allow",
                    "Action":"s3:*","Resource":"*"}]}"#,
                &[],
                6,
            ),
            exact(
                "a policy for one bucket",
                r#"{"Version": "2012-10-17", "Statement": [{"Sid": "RestrictedAccess",
                    "Effect": "Allow", "Action": ["s3:GetObject"],
                    "Resource": ["arn:aws:s3:::example-bucket/*"]}]}"#,
                &[],
                16,
            ),
            exact("two tags of two letters", "", &[("c", "c"), ("b", "c")], 2),
            exact(
                "seven tags that Cognito makes of the claims of GitHub Actions",
                "",
                &[
                    ("actor", "octocat"),
                    (
                        "job_workflow_ref",
                        "exampleorg/example-repo/.github/workflows/test.yaml@refs/heads/main",
                    ),
                    ("repository", "exampleorg/example-repo"),
                    ("run_number", "4"),
                    ("environment", "dev"),
                    ("run_attempt", "1"),
                    ("sha", "abcdef1234abcdef1234abcdef1234abcdef1234"),
                ],
                47,
            ),
            Point {
                what: "nine tags of 250 letters",
                inline: String::new(),
                tags: nine,
                aws: 498,
                tolerance: 0,
            },
            Point {
                what: "the six tags of EKS Pod Identity; the report has no values, these are usual ones",
                inline: String::new(),
                tags: owned(&[
                    (
                        "eks-cluster-arn",
                        "arn:aws:eks:eu-central-1:123456789012:cluster/production-platform",
                    ),
                    ("eks-cluster-name", "production-platform"),
                    ("kubernetes-namespace", "monitoring"),
                    ("kubernetes-service-account", "metrics-collector"),
                    ("kubernetes-pod-name", "metrics-collector-7d9c6b5f4b-x2x7k"),
                    ("kubernetes-pod-uid", "0f5c6b1e-7f0a-4d0e-9c39-5a1c3f2f8f11"),
                ]),
                aws: 74,
                tolerance: 12,
            },
        ];
        for point in points {
            let estimate = point.estimate();
            let off = estimate - point.aws;
            println!(
                "AWS {:>3} %, estimate {estimate:>3} %, off {off:>+3}: {}",
                point.aws, point.what
            );
            assert!(off.abs() <= point.tolerance, "{}: {estimate} for {}", point.what, point.aws);
            assert_eq!(estimate > 100, point.aws > 100, "{}", point.what);
        }
    }

    #[test]
    fn one_tag_of_250_letters_is_accepted_and_two_are_refused() {
        let tags = |count: usize| {
            let tag = |number| (format!("T{number}"), "a".repeat(250));
            packed_size(None, &SessionTags::of((1..=count).map(tag).collect()))
        };
        assert_eq!(tags(1).unwrap(), Some(56));
        assert!(matches!(tags(2), Err(StsError::PackedTagsTooLarge(111))));
        let nine = tags(9).unwrap_err().to_string();
        assert_eq!(nine, "Packed size of session tags consumes 498% of allotted space.");
    }
}
