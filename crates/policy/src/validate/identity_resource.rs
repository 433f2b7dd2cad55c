//! The resources of identity policies.

use crate::Malformed;
use crate::document::Elements;
use crate::json::Node;

/// The first resource that is not of AWS's form; within a statement in reverse order of text, as
/// IAM reports them.
pub(super) fn format(elements: &Elements<'_>) -> Result<(), Malformed> {
    let mut resources: Vec<_> = texts(elements).collect();
    resources.sort_unstable_by(|a, b| b.cmp(a));
    resources.into_iter().try_for_each(one)
}

/// Whether the older parser finds the fields it needs.
pub(super) fn legacy_parses(elements: &Elements<'_>) -> bool {
    texts(elements).filter(|resource| *resource != "*").all(|resource| {
        let whole = resource.matches(':').count() >= 5 || !resource.contains("::");
        whole && resource.split(':').nth(2).is_some_and(|service| !service.is_empty())
    })
}

fn one(resource: &str) -> Result<(), Malformed> {
    if resource == "*" {
        return Ok(());
    }
    let not_arn = || Malformed::ResourceNotArn(resource.into());
    let (scheme, rest) = resource.split_once(':').ok_or_else(not_arn)?;
    let (partition, rest) = match rest.split_once(':') {
        Some((partition, rest)) => (partition, Some(rest)),
        None => (rest, None),
    };
    if !is_partition(partition) {
        return Err(unknown_partition(partition, rest.unwrap_or_default()));
    }
    if scheme != "arn" {
        return Err(not_arn());
    }
    let mut fields = rest.ok_or(Malformed::ResourceVendor)?.splitn(4, ':');
    let service = fields.next().unwrap_or_default();
    if service.contains(['*', '?']) {
        return Err(Malformed::ResourceVendor);
    }
    let region = fields.next();
    let _account = fields.next();
    let name = fields.next().unwrap_or_default();
    match service {
        "iam" if region != Some("") => Err(Malformed::IamRegion(resource.into())),
        "iam" if !is_iam_name(name) => Err(Malformed::IamPath),
        "s3" if region != Some("") && !S3_REGIONAL.iter().any(|kind| name.starts_with(kind)) => {
            Err(Malformed::S3Region(resource.into()))
        }
        _ => Ok(()),
    }
}

fn unknown_partition(partition: &str, rest: &str) -> Malformed {
    let mut fields = rest.splitn(4, ':');
    let first = fields.next().unwrap_or_default();
    let mut field = || fields.next().unwrap_or("*").into();
    let (region, account, resource): (Box<str>, Box<str>, Box<str>) = (field(), field(), field());
    // An empty service is printed as it is when more follows, and as missing when nothing does.
    let service = if first.is_empty() && !rest.contains(':') { "*" } else { first };
    Malformed::Partition {
        partition: partition.into(),
        service: service.into(),
        region,
        account,
        resource,
    }
}

fn is_partition(partition: &str) -> bool {
    matches!(partition, "aws" | "aws-cn" | "aws-us-gov" | "aws-eusc" | "*")
        || partition.starts_with("aws-iso")
}

fn is_iam_name(name: &str) -> bool {
    // The root user is the resource of sts:AssumeRoot.
    name == "*" || name == "root" || IAM_KINDS.iter().any(|kind| name.starts_with(kind))
}

fn texts<'d>(elements: &Elements<'d>) -> impl Iterator<Item = &'d str> + use<'d> {
    elements.resources().unwrap_or_default().0.iter().filter_map(Node::as_str)
}

/// What S3 keeps in a region (Service Authorization Reference, "Amazon S3": resource types).
const S3_REGIONAL: [&str; 6] = [
    "accesspoint/",
    "access-grants/",
    "async-request/",
    "job/",
    "storage-lens/",
    "storage-lens-group/",
];

const IAM_KINDS: [&str; 13] = [
    "user/",
    "federated-user/",
    "role/",
    "group/",
    "instance-profile/",
    "mfa/",
    "server-certificate/",
    "policy/",
    "sms-mfa/",
    "saml-provider/",
    "oidc-provider/",
    "report/",
    "access-report/",
];
