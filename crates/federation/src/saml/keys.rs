use daypass_ident::Arn;

use super::assertion::Assertion;
use super::attributes::Attributes;
use crate::oidc::ProviderKey;

/// The condition keys of an assertion (IAM User Guide, "IAM and AWS STS condition context keys",
/// "SAML-based federation").
pub(super) fn of(
    assertion: &Assertion,
    attributes: &Attributes,
    provider: &Arn,
) -> Vec<ProviderKey> {
    let (account, name) = account_and_name(provider);
    let of_assertion = [
        ("saml:aud", assertion.audience.clone(), false),
        ("saml:doc", [account, "/", name].concat(), false),
        ("saml:iss", assertion.issuer.clone(), false),
        ("saml:namequalifier", assertion.name_qualifier.clone(), true),
        ("saml:sub", assertion.subject.clone(), true),
        ("saml:sub_type", assertion.subject_type.clone(), true),
    ];
    let of_assertion = of_assertion.into_iter().map(|(key, value, persists)| ProviderKey {
        key: key.to_owned(),
        values: vec![value],
        persists,
    });
    let of_attributes = KEYS.iter().filter_map(|(key, names)| {
        let values = names.iter().flat_map(|name| attributes.values(name));
        let values: Vec<_> = values.map(str::to_owned).collect();
        (!values.is_empty()).then(|| ProviderKey {
            key: (*key).to_owned(),
            values,
            persists: false,
        })
    });
    of_assertion.chain(of_attributes).collect()
}

/// The account and the name of a SAML provider.
pub(super) fn account_and_name(provider: &Arn) -> (&str, &str) {
    let parts = provider.parts();
    (parts.account, parts.resource.strip_prefix("saml-provider/").unwrap_or_default())
}

/// Which attributes are whose key (the same page, "Mapping SAML attributes to AWS trust policy context
/// keys"); keys in lower case.
static KEYS: [(&str, &[&str]); 26] = [
    ("saml:edupersonaffiliation", &["urn:oid:1.3.6.1.4.1.5923.1.1.1.1"]),
    ("saml:edupersonnickname", &["urn:oid:1.3.6.1.4.1.5923.1.1.1.2"]),
    ("saml:edupersonorgdn", &["urn:oid:1.3.6.1.4.1.5923.1.1.1.3"]),
    ("saml:edupersonorgunitdn", &["urn:oid:1.3.6.1.4.1.5923.1.1.1.4"]),
    ("saml:edupersonprimaryaffiliation", &["urn:oid:1.3.6.1.4.1.5923.1.1.1.5"]),
    ("saml:edupersonprincipalname", &["urn:oid:1.3.6.1.4.1.5923.1.1.1.6"]),
    ("saml:edupersonentitlement", &["urn:oid:1.3.6.1.4.1.5923.1.1.1.7"]),
    ("saml:edupersonprimaryorgunitdn", &["urn:oid:1.3.6.1.4.1.5923.1.1.1.8"]),
    ("saml:edupersonscopedaffiliation", &["urn:oid:1.3.6.1.4.1.5923.1.1.1.9"]),
    ("saml:edupersontargetedid", &["urn:oid:1.3.6.1.4.1.5923.1.1.1.10"]),
    ("saml:edupersonassurance", &["urn:oid:1.3.6.1.4.1.5923.1.1.1.11"]),
    ("saml:eduorghomepageuri", &["urn:oid:1.3.6.1.4.1.5923.1.2.1.2"]),
    ("saml:eduorgidentityauthnpolicyuri", &["urn:oid:1.3.6.1.4.1.5923.1.2.1.3"]),
    ("saml:eduorglegalname", &["urn:oid:1.3.6.1.4.1.5923.1.2.1.4"]),
    ("saml:eduorgsuperioruri", &["urn:oid:1.3.6.1.4.1.5923.1.2.1.5"]),
    ("saml:eduorgwhitepagesuri", &["urn:oid:1.3.6.1.4.1.5923.1.2.1.6"]),
    ("saml:cn", &["urn:oid:2.5.4.3"]),
    ("saml:name", &["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name"]),
    ("saml:commonname", &["http://schemas.xmlsoap.org/claims/CommonName", "2.5.4.3"]),
    (
        "saml:givenname",
        &["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname", "2.5.4.42"],
    ),
    ("saml:surname", &["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname", "2.5.4.4"]),
    (
        "saml:mail",
        &[
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
            "0.9.2342.19200300.100.1.3",
        ],
    ),
    (
        "saml:primarygroupsid",
        &["http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid"],
    ),
    ("saml:x500uniqueidentifier", &["2.5.4.45"]),
    ("saml:uid", &["0.9.2342.19200300.100.1.1"]),
    ("saml:organizationstatus", &["0.9.2342.19200300.100.1.45"]),
];
