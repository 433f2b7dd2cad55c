//! The resources of identity policies.

use crate::Malformed;
use crate::document::Elements;
use crate::json::Node;

/// The first resource, in the order of text, that is not of AWS's form, whichever statement it is in.
/// `partition` is the account's.
pub(super) fn format(statements: &[Elements<'_>], partition: &str) -> Result<(), Malformed> {
    let refused = statements.iter().flat_map(texts).filter_map(|text| {
        let refusal = one(text, partition).err()?;
        Some((text, refusal))
    });
    match refused.min_by_key(|(text, _)| *text) {
        Some((_, refusal)) => Err(refusal),
        None => Ok(()),
    }
}

/// Whether the older parser finds the fields it needs, and in them what may be there.
pub(super) fn legacy_parses(elements: &Elements<'_>) -> bool {
    texts(elements).all(legacy_parses_one)
}

/// Whether the older parser reads a resource.
pub(crate) fn legacy_parses_one(resource: &str) -> bool {
    let whole = resource.matches(':').count() >= 5 || !resource.contains("::");
    let arn = Fields::of(resource);
    let fields = || {
        !arn.service.is_empty()
            && arn.region.is_none_or(is_region)
            && arn.account.is_none_or(is_account)
    };
    resource == "*" || (whole && fields())
}

/// The fields of an ARN, of which the last ones may be missing. A variable is part of the field that it
/// begins in, with its colon.
struct Fields<'t> {
    partition: &'t str,
    service: &'t str,
    region: Option<&'t str>,
    account: Option<&'t str>,
    resource: Option<&'t str>,
}

impl<'t> Fields<'t> {
    fn of(text: &'t str) -> Self {
        let (_, rest) = text.split_once(':').unwrap_or((text, ""));
        let (partition, rest) = split_field(Some(rest));
        let (service, rest) = split_field(rest);
        let (region, rest) = split_field(rest);
        let (account, resource) = split_field(rest);
        Self {
            partition: partition.unwrap_or_default(),
            service: service.unwrap_or_default(),
            region,
            account,
            resource,
        }
    }

    /// The ARN as AWS prints it: `*` for each field that is missing.
    fn filled(&self) -> Box<str> {
        let [region, account, resource] =
            [self.region, self.account, self.resource].map(|field| field.unwrap_or("*"));
        let (partition, service) = (self.partition, self.service);
        format!("arn:{partition}:{service}:{region}:{account}:{resource}").into()
    }
}

/// What stands before the first colon that is in no variable, and what stands after it.
fn split_field(text: Option<&str>) -> (Option<&str>, Option<&str>) {
    let Some(text) = text else { return (None, None) };
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at) {
        match byte {
            b':' => return (text.get(..at), text.get(at + 1..)),
            b'$' => at += variable_len(text.get(at..).unwrap_or_default()).max(1),
            _ => at += 1,
        }
    }
    (Some(text), None)
}

/// The length of the variable that `text` begins with, or 0: `${aws:username}` is one, and
/// `${AWS::AccountId}` is a parameter that CloudFormation would have replaced.
fn variable_len(text: &str) -> usize {
    let word = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_./".contains(byte);
    let Some(name) = text.strip_prefix("${") else { return 0 };
    let prefix = name.bytes().take_while(word).count();
    let Some(key) = name.get(prefix..).and_then(|rest| rest.strip_prefix(':')) else { return 0 };
    let key_name = key.bytes().take_while(word).count();
    let is_closed = key.get(key_name..).is_some_and(|rest| rest.starts_with('}'));
    if prefix > 0 && key_name > 0 && is_closed { "${:}".len() + prefix + key_name } else { 0 }
}

/// Empty, with wildcards, with a variable as in AWS's own policies, or letters, digits and hyphens: which
/// regions there are, AWS does not ask.
fn is_region(field: &str) -> bool {
    is_open(field) || field.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// As [`is_region`], or the number of an account, or whose the resources are that AWS gives to all:
/// `aws`, and `partner` of those that partners bring in.
fn is_account(field: &str) -> bool {
    let is_number = field.len() == 12 && field.bytes().all(|byte| byte.is_ascii_digit());
    field.is_empty() || is_open(field) || is_number || matches!(field, "aws" | "partner")
}

/// Whether a field stands for more than it says. A placeholder, such as `<ACCOUNT_ID>*`, has characters
/// that neither patterns nor variables have.
fn is_open(field: &str) -> bool {
    let (mut at, mut open) = (0, false);
    while let Some(byte) = field.as_bytes().get(at) {
        match byte {
            b'*' | b'?' => open = true,
            b'$' => match variable_len(field.get(at..).unwrap_or_default()) {
                0 => return false,
                length => {
                    open = true;
                    at += length - 1;
                }
            },
            b'-' => {}
            byte if byte.is_ascii_alphanumeric() => {}
            _ => return false,
        }
        at += 1;
    }
    open
}

fn one(resource: &str, own: &str) -> Result<(), Malformed> {
    if resource == "*" {
        return Ok(());
    }
    let not_arn = || Malformed::ResourceNotArn(resource.into());
    let (scheme, rest) = resource.split_once(':').ok_or_else(not_arn)?;
    let (partition, rest) = match rest.split_once(':') {
        Some((partition, rest)) => (partition, Some(rest)),
        None => (rest, None),
    };
    if partition != own && partition != "*" {
        return Err(other_partition(partition, rest.unwrap_or_default()));
    }
    if scheme != "arn" {
        return Err(not_arn());
    }
    if rest.is_none() {
        return Err(Malformed::ResourceVendor);
    }
    let arn = Fields::of(resource);
    if arn.service.contains(['*', '?']) {
        return Err(Malformed::ResourceVendor);
    }
    let name = arn.resource.unwrap_or_default();
    let has_region = arn.region != Some("");
    match arn.service {
        "iam" if has_region => Err(Malformed::IamRegion(arn.filled())),
        "iam" if !is_iam_name(name) => Err(Malformed::IamPath),
        "route53" if has_region => Err(Malformed::ResourceRegion(arn.filled())),
        "s3" if S3_REGIONAL.iter().any(|kind| name.starts_with(kind)) => Ok(()),
        "s3" if has_region => Err(Malformed::ResourceRegion(arn.filled())),
        // AWS's own policies have wildcards here, `arn:aws:s3::*:codepipeline-*`, which it reads.
        "s3" if arn.resource.is_some()
            && !arn.account.is_none_or(|it| it.is_empty() || is_open(it)) =>
        {
            Err(Malformed::ResourceAccount(arn.filled()))
        }
        _ => Ok(()),
    }
}

fn other_partition(partition: &str, rest: &str) -> Malformed {
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
