use super::xml::{Element, Name, ns};
use super::{Malformed, Offer, SamlError};

/// The attributes of an assertion, among them AWS's (IAM User Guide, "Configure SAML assertions for the
/// authentication response"). Their names are case-sensitive.
#[derive(Debug, Default)]
pub(super) struct Attributes(Vec<(String, Vec<String>)>);

impl Attributes {
    pub(super) fn read(assertion: Element<'_>) -> Result<Self, Malformed> {
        let attributes = assertion.all(STATEMENT).flat_map(|it| it.all(ATTRIBUTE));
        let attributes = attributes.map(|attribute| {
            let name = attribute.attribute("Name").ok_or(Malformed::Part("Attribute"))?;
            // A value that is not a text, but has elements, is nothing that AWS compares with.
            let values = attribute.all(VALUE).filter_map(|value| value.text());
            Ok((name.to_owned(), values.map(|it| it.into_owned()).collect()))
        });
        attributes.collect::<Result<_, _>>().map(Self)
    }

    /// All values of an attribute, in however many pieces it stands there.
    pub(super) fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.all(move |found| found == name)
    }

    fn aws(&self, name: &str) -> impl Iterator<Item = &str> {
        self.all(move |found| found.strip_prefix(PREFIX) == Some(name))
    }

    fn all(&self, is_named: impl Fn(&str) -> bool) -> impl Iterator<Item = &str> {
        let named = self.0.iter().filter(move |(name, _)| is_named(name));
        named.flat_map(|(_, values)| values).map(String::as_str)
    }

    /// The roles to choose from, in their order.
    pub(super) fn offers(&self) -> Vec<Offer> {
        self.aws("Role").filter_map(Offer::parse).collect()
    }

    /// That a value of `Role` is this offer.
    pub(super) fn require(&self, offer: &Offer) -> Result<(), SamlError> {
        let offered = self.aws("Role").any(|value| Offer::parse(value).as_ref() == Some(offer));
        if offered { Ok(()) } else { Err(SamlError::Role) }
    }

    pub(super) fn role_session_name(&self) -> Result<String, SamlError> {
        match self.aws("RoleSessionName").collect::<Vec<_>>().as_slice() {
            [] => Err(SamlError::NoRoleSessionName),
            [name] if is_identity(name) => Ok((*name).to_owned()),
            _ => Err(SamlError::RoleSessionName),
        }
    }

    pub(super) fn source_identity(&self) -> Result<Option<String>, SamlError> {
        match self.aws("SourceIdentity").collect::<Vec<_>>().as_slice() {
            [] => Ok(None),
            [identity] if is_identity(identity) && !identity.starts_with("aws:") => {
                Ok(Some((*identity).to_owned()))
            }
            _ => Err(SamlError::SourceIdentity),
        }
    }

    /// From fifteen minutes to twelve hours, in seconds.
    pub(super) fn session_duration(&self) -> Result<Option<u32>, SamlError> {
        const NAME: &str = "SessionDuration";
        let given = match self.aws(NAME).collect::<Vec<_>>().as_slice() {
            [] => return Ok(None),
            [seconds] => seconds.trim().parse().ok(),
            _ => None,
        };
        match given {
            Some(seconds @ 900..=43200) => Ok(Some(seconds)),
            _ => Err(SamlError::Attribute { name: NAME, problem: "is not 900 to 43200 seconds" }),
        }
    }

    /// One attribute for each key, with one value.
    pub(super) fn tags(&self) -> Result<Vec<(String, String)>, SamlError> {
        let tags = self.0.iter().filter_map(|(name, values)| {
            let key = name.strip_prefix(PREFIX)?.strip_prefix("PrincipalTag:")?;
            Some(match values.as_slice() {
                [value] => Ok((key.to_owned(), value.clone())),
                _ => Err(SamlError::Attribute {
                    name: "PrincipalTag",
                    problem: "has not exactly one value",
                }),
            })
        });
        tags.collect()
    }

    pub(super) fn transitive_tag_keys(&self) -> Vec<String> {
        self.aws("TransitiveTagKeys").map(str::to_owned).collect()
    }
}

/// `[a-zA-Z_0-9+=,.@-]{2,64}`.
fn is_identity(text: &str) -> bool {
    (2..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_+=,.@-".contains(&b))
}

const PREFIX: &str = "https://aws.amazon.com/SAML/Attributes/";

const STATEMENT: Name = (ns::ASSERTION, "AttributeStatement");
const ATTRIBUTE: Name = (ns::ASSERTION, "Attribute");
const VALUE: Name = (ns::ASSERTION, "AttributeValue");

#[cfg(test)]
mod tests {
    use super::*;

    const ROLE: &str = "arn:aws:iam::123456789012:role/Dev";
    const PROVIDER: &str = "arn:aws:iam::123456789012:saml-provider/Idp";

    fn of(attributes: &[(&str, &[&str])]) -> Attributes {
        let owned = |(name, values): &(&str, &[&str])| {
            (format!("{PREFIX}{name}"), values.iter().map(|it| (*it).to_owned()).collect())
        };
        Attributes(attributes.iter().map(owned).collect())
    }

    #[test]
    fn a_role_is_offered_with_its_provider_in_either_order() {
        let offer = Offer { role: ROLE.parse().unwrap(), provider: PROVIDER.parse().unwrap() };
        let cases: [(&[&str], bool); 8] = [
            (
                &["arn:aws:iam::123456789012:role/Dev,arn:aws:iam::123456789012:saml-provider/Idp"],
                true,
            ),
            (
                &["arn:aws:iam::123456789012:saml-provider/Idp,arn:aws:iam::123456789012:role/Dev"],
                true,
            ),
            (
                &[
                    "x,y",
                    " arn:aws:iam::123456789012:role/Dev ,\narn:aws:iam::123456789012:saml-provider/Idp",
                ],
                true,
            ),
            (&[], false),
            (&[ROLE], false),
            (&[ROLE, PROVIDER], false),
            (
                &["arn:aws:iam::123456789012:role/dev,arn:aws:iam::123456789012:saml-provider/Idp"],
                false,
            ),
            (
                &[
                    "arn:aws:iam::123456789012:role/Dev,arn:aws:iam::123456789012:saml-provider/Idp,x",
                ],
                false,
            ),
        ];
        for (values, expected) in cases {
            let attributes = of(&[("Role", values)]);
            assert_eq!(attributes.require(&offer).is_ok(), expected, "{values:?}");
            assert_eq!(attributes.offers().contains(&offer), expected, "{values:?}");
        }
        assert!(of(&[("role", cases[0].0)]).require(&offer).is_err(), "case matters");
    }

    #[test]
    fn names_and_identities_have_their_pattern() {
        let long = "a".repeat(65);
        let name = |values| of(&[("RoleSessionName", values)]).role_session_name();
        assert_eq!(of(&[]).role_session_name(), Err(SamlError::NoRoleSessionName));
        assert_eq!(name(&["ana@example.com"]).as_deref(), Ok("ana@example.com"));
        for wrong in [&["a"][..], &[""], &[&long], &["a b"], &["ána"], &["ana", "bob"], &["ana\n"]]
        {
            assert_eq!(name(wrong), Err(SamlError::RoleSessionName), "{wrong:?}");
        }
        let identity = |values| of(&[("SourceIdentity", values)]).source_identity();
        assert_eq!(of(&[]).source_identity(), Ok(None));
        assert_eq!(identity(&["ana"]), Ok(Some("ana".to_owned())));
        for wrong in [&["aws:ana"][..], &["a"], &["ana", "bob"]] {
            assert_eq!(identity(wrong), Err(SamlError::SourceIdentity), "{wrong:?}");
        }
    }

    #[test]
    fn a_session_lasts_from_fifteen_minutes_to_twelve_hours() {
        let duration = |values| of(&[("SessionDuration", values)]).session_duration();
        assert_eq!(of(&[]).session_duration(), Ok(None));
        assert_eq!(duration(&["900"]), Ok(Some(900)));
        assert_eq!(duration(&["43200"]), Ok(Some(43200)));
        for wrong in [&["899"][..], &["43201"], &["-1"], &["1h"], &[""], &["900", "900"]] {
            assert!(duration(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_tag_has_one_value() {
        let tagged = of(&[
            ("PrincipalTag:Project", &["Automation"]),
            ("PrincipalTag:CostCenter", &[""]),
            ("TransitiveTagKeys", &["Project", "CostCenter"]),
        ]);
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(tagged.tags(), Ok(vec![pair("Project", "Automation"), pair("CostCenter", "")]));
        assert_eq!(tagged.transitive_tag_keys(), ["Project", "CostCenter"]);
        for wrong in [&[][..], &["a", "b"]] {
            assert!(of(&[("PrincipalTag:Project", wrong)]).tags().is_err(), "{wrong:?}");
        }
    }
}
