use std::sync::LazyLock;

use daypass_ident::fold_case;

use crate::condition_key::covers;

/// Whether a condition key is one that may have several values, which policies match with a set
/// operator only: by its name, whose case means nothing, not by what a request has of it.
///
/// The names are those of the global keys and of the keys of all services (Service Authorization
/// Reference). Not among them is `identitystore:UserId`, of which the sessions of users have one
/// and the requests of its service several. The claim `amr` of every OIDC identity provider is a
/// list by its standard (OpenID Connect Core 1.0, section 2) and "multivalued" in the IAM User
/// Guide ("Available keys for AWS OIDC federation"), though the reference calls Cognito's a
/// `String`.
#[must_use]
pub fn is_multivalued(key: &str) -> bool {
    let key = fold_case(key);
    let names = &*NAMES;
    key.ends_with(AMR)
        || names.plain.binary_search(&&*key).is_ok()
        || names.patterns.iter().any(|pattern| covers(pattern, &key))
}

struct Names {
    /// In order.
    plain: Box<[&'static str]>,
    /// With `${…}`.
    patterns: Box<[&'static str]>,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let (patterns, plain): (Vec<_>, Vec<_>) = DATA.lines().partition(|name| name.contains("${"));
    Names { plain: plain.into(), patterns: patterns.into() }
});

/// What follows the name of an identity provider.
const AMR: &str = ":amr";

static DATA: &str = include_str!("../data/multivalued-condition-keys.txt");

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{global_condition_keys, services};

    #[test]
    fn the_arity_is_of_the_name() {
        let cases = [
            ("aws:TagKeys", true),
            ("AWS:TAGKEYS", true),
            ("aws:CalledVia", true),
            ("aws:CalledViaFirst", false),
            ("aws:PrincipalOrgPaths", true),
            ("aws:PrincipalServiceNamesList", true),
            ("aws:ResourceOrgPaths", true),
            ("aws:SourceOrgPaths", true),
            ("aws:PrincipalTag/team", false),
            ("iam:AccountPropertyNamespaces", true),
            ("sts:TransitiveTagKeys", true),
            ("sts:RequestContextProviders", true),
            ("sts:IdentityTokenAudience", true),
            ("saml:edupersonaffiliation", true),
            ("saml:sub", false),
            ("idp.example/realm:amr", true),
            ("cognito-identity.amazonaws.com:AMR", true),
            ("idp.example/realm:aud", false),
            ("events:metadata/any", true),
            ("events:metadata/", false),
            ("identitystore:UserId", false),
            ("my:key", false),
            ("", false),
        ];
        for (key, expected) in cases {
            assert_eq!(is_multivalued(key), expected, "{key}");
        }
    }

    #[test]
    fn the_names_are_those_of_the_catalogue() {
        let of_services = services().iter().flat_map(|service| service.condition_keys());
        let (several, single): (Vec<_>, Vec<_>) =
            global_condition_keys().iter().chain(of_services).partition(|key| key.multivalued);
        let names = |keys: Vec<&crate::ConditionKey>| -> BTreeSet<String> {
            keys.iter().map(|key| fold_case(key.name).into_owned()).collect()
        };
        let (several, single) = (names(several), names(single));
        let expected: Vec<&str> = several.difference(&single).map(String::as_str).collect();
        assert_eq!(DATA.lines().collect::<Vec<_>>(), expected, "run `cargo xtask catalog`");
    }
}
