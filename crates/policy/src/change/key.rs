use daypass_ident::{eq_ignore_case, fold_case};

/// What a condition key tells of, and so what it takes for a request to have another value (IAM
/// User Guide, "AWS global condition context keys").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeySource {
    /// The call: its parameters, its token, what it was sent with. Whoever calls chooses.
    Call,
    /// Whether, and how long ago, the caller showed a second factor.
    Mfa,
    /// From where, and over what, the call comes.
    Network,
    /// A tag of the caller.
    CallerTag,
    /// A tag of the resource.
    ResourceTag,
    /// When the call is made.
    Time,
    /// Who calls or what is called: with another value it would be another request.
    Fixed,
}

/// What a condition key tells of; case means nothing.
#[must_use]
pub fn key_source(key: &str) -> KeySource {
    let key = fold_case(key);
    let (service, name) = key.split_once(':').unwrap_or(("", &key));
    match name {
        "multifactorauthpresent" | "multifactorauthage" => KeySource::Mfa,
        "currenttime" | "epochtime" => KeySource::Time,
        "sourceip" | "securetransport" | "vpcsourceip" | "sourcevpc" | "sourcevpce"
        | "sourcevpcarn" => KeySource::Network,
        _ if name.starts_with("principaltag/") => KeySource::CallerTag,
        _ if name.starts_with("resourcetag/") || name.starts_with("existingobjecttag/") => {
            KeySource::ResourceTag
        }
        _ if service == "aws" && FIXED.contains(&name) => KeySource::Fixed,
        _ => KeySource::Call,
    }
}

/// Whether every request has the key.
pub(super) fn is_always_there(key: &str) -> bool {
    matches!(key_source(key), KeySource::Network | KeySource::Time)
        || ["aws:requestedregion", "aws:useragent"].iter().any(|known| eq_ignore_case(key, known))
}

/// Names after `aws:`.
const FIXED: [&str; 23] = [
    "assumedroot",
    "calledvia",
    "calledviafirst",
    "calledvialast",
    "federatedprovider",
    "principalaccount",
    "principalarn",
    "principalisawsservice",
    "principalorgid",
    "principalorgpaths",
    "principalservicename",
    "principalservicenameslist",
    "principaltype",
    "resourceaccount",
    "resourceorgid",
    "resourceorgpaths",
    "sourceaccount",
    "sourcearn",
    "sourceorgid",
    "sourceorgpaths",
    "userid",
    "username",
    "viaawsservice",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_keys_tell_of() {
        let cases = [
            ("aws:MultiFactorAuthPresent", KeySource::Mfa),
            ("AWS:SOURCEIP", KeySource::Network),
            ("aws:PrincipalTag/Team", KeySource::CallerTag),
            ("iam:ResourceTag/Team", KeySource::ResourceTag),
            ("aws:RequestTag/Team", KeySource::Call),
            ("sts:ExternalId", KeySource::Call),
            ("aws:PrincipalArn", KeySource::Fixed),
            ("token.actions.githubusercontent.com:sub", KeySource::Call),
            ("aws:CurrentTime", KeySource::Time),
            ("none", KeySource::Call),
        ];
        for (key, source) in cases {
            assert_eq!(key_source(key), source, "{key}");
        }
        assert!(FIXED.is_sorted());
        assert!(is_always_there("aws:SecureTransport") && !is_always_there("sts:ExternalId"));
    }
}
