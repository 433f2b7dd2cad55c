use daypass_ident::Arn;

/// What a response lets its bearer choose from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    /// The roles, in their order.
    pub offers: Vec<Offer>,
    /// How long who signs in to the console stays so, in seconds, if the provider says so
    /// (`SessionDuration`).
    pub session_duration: Option<u32>,
}

/// A role, and the SAML provider that it is offered with: a value of the attribute `Role` (IAM User Guide,
/// "Configure SAML assertions for the authentication response").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The role (`RoleArn`).
    pub role: Arn,
    /// The provider (`PrincipalArn`).
    pub provider: Arn,
}

impl Offer {
    /// Reads a value: both ARNs, in either order. `None` for anything else.
    pub(super) fn parse(value: &str) -> Option<Self> {
        // The name of a role may have commas in it, that of a provider has none.
        let provider_first = value.split_once(',').map(|(provider, role)| (role, provider));
        [provider_first, value.rsplit_once(',')]
            .into_iter()
            .flatten()
            .find_map(|(role, provider)| Self::of(role.trim(), provider.trim()))
    }

    fn of(role: &str, provider: &str) -> Option<Self> {
        let (role, provider): (Arn, Arn) = (role.parse().ok()?, provider.parse().ok()?);
        let is_role = name(&role, "role/").is_some_and(|name| !name.contains(':'));
        let is_provider =
            name(&provider, "saml-provider/").is_some_and(|name| !name.contains([':', ',']));
        (is_role && is_provider).then_some(Self { role, provider })
    }
}

fn name<'a>(arn: &'a Arn, kind: &str) -> Option<&'a str> {
    let parts = arn.parts();
    parts.resource.strip_prefix(kind).filter(|_| parts.service == "iam")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_is_a_role_and_a_provider() {
        let (role, provider) = (
            "arn:aws:iam::123456789012:role/team/Dev",
            "arn:aws:iam::123456789012:saml-provider/Idp",
        );
        let offer = Offer { role: role.parse().unwrap(), provider: provider.parse().unwrap() };
        for value in [format!("{role},{provider}"), format!(" {provider}\n, {role} ")] {
            assert_eq!(Offer::parse(&value), Some(offer.clone()), "{value}");
        }
        let commas = Offer::parse(&format!("{provider},{role},a,b"));
        assert_eq!(commas.map(|it| it.role.to_string()), Some(format!("{role},a,b")));
        let commas = Offer::parse(&format!("{role},a,b,{provider}"));
        assert_eq!(commas.map(|it| it.role.to_string()), Some(format!("{role},a,b")));
        let wrong = [
            String::new(),
            role.to_owned(),
            format!("{role},{role}"),
            format!("{provider},{provider}"),
            format!("{role},{provider},{role}"),
            format!("{role};{provider}"),
            format!("{role},arn:aws:iam::123456789012:oidc-provider/idp.example"),
            format!("arn:aws:s3:::role/x,{provider}"),
            "<script>,x".to_owned(),
        ];
        for value in wrong {
            assert_eq!(Offer::parse(&value), None, "{value}");
        }
    }
}
