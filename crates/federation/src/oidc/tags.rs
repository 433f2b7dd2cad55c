use super::OidcError;
use super::json::{Json, Object};

/// The session tags of a token (IAM User Guide, "Pass session tags in AWS STS": "using
/// `AssumeRoleWithWebIdentity`"). A provider writes them nested, in the claim
/// `https://aws.amazon.com/tags`, or flattened, in claims whose names begin so.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct SessionTags {
    pub(super) tags: Vec<(String, String)>,
    pub(super) transitive: Vec<String>,
}

impl SessionTags {
    pub(super) fn of(claims: &Object) -> Result<Self, OidcError> {
        let mut found = Self::default();
        for (name, claim) in claims {
            let Some(member) = name.strip_prefix(TAGS) else { continue };
            if member.is_empty() {
                let Json::Object(members) = claim else { return Err(REJECTED) };
                found.add_nested(members)?;
            } else if member == "/transitive_tag_keys" {
                found.add_transitive(claim)?;
            } else if let Some(key) = member.strip_prefix("/principal_tags/") {
                found.add_tag(key, claim)?;
            }
        }
        Ok(found)
    }

    fn add_nested(&mut self, members: &Object) -> Result<(), OidcError> {
        match members.get("principal_tags") {
            None => {}
            Some(Json::Object(tags)) => {
                tags.iter().try_for_each(|(key, value)| self.add_tag(key, value))?;
            }
            Some(_) => return Err(REJECTED),
        }
        members.get("transitive_tag_keys").map_or(Ok(()), |keys| self.add_transitive(keys))
    }

    /// A tag has one value, with or without a list around it.
    fn add_tag(&mut self, key: &str, value: &Json) -> Result<(), OidcError> {
        match value.one_or_many().as_deref() {
            Some([value]) => self.tags.push((key.to_owned(), (*value).to_owned())),
            _ => return Err(REJECTED),
        }
        Ok(())
    }

    fn add_transitive(&mut self, keys: &Json) -> Result<(), OidcError> {
        let keys = keys.one_or_many().ok_or(REJECTED)?;
        self.transitive.extend(keys.into_iter().map(str::to_owned));
        Ok(())
    }
}

/// The source identity of a token (IAM User Guide, "Monitor and control actions taken with assumed
/// roles").
pub(super) fn source_identity(claims: &Object) -> Result<Option<String>, OidcError> {
    match claims.get(SOURCE_IDENTITY) {
        None => Ok(None),
        Some(Json::Text(identity)) => Ok(Some(identity.clone())),
        Some(_) => {
            Err(OidcError::RejectedClaim { claim: SOURCE_IDENTITY, problem: "is not a text" })
        }
    }
}

const TAGS: &str = "https://aws.amazon.com/tags";
const SOURCE_IDENTITY: &str = "https://aws.amazon.com/source_identity";

const REJECTED: OidcError =
    OidcError::RejectedClaim { claim: TAGS, problem: "is not of the form of session tags" };

#[cfg(test)]
mod tests {
    use super::*;

    fn tags_of(claims: &str) -> Result<SessionTags, OidcError> {
        SessionTags::of(&Json::parse_object(claims.as_bytes()).unwrap())
    }

    #[test]
    fn nested_and_flattened_tags_are_the_same() {
        let nested = r#"{"https://aws.amazon.com/tags": {
            "principal_tags": {"CostCenter": ["987654"], "Project": ["Automation"]},
            "transitive_tag_keys": ["Project"]}}"#;
        let flattened = r#"{
            "https://aws.amazon.com/tags/principal_tags/CostCenter": "987654",
            "https://aws.amazon.com/tags/principal_tags/Project": ["Automation"],
            "https://aws.amazon.com/tags/transitive_tag_keys": ["Project"]}"#;
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        let expected = SessionTags {
            tags: vec![pair("CostCenter", "987654"), pair("Project", "Automation")],
            transitive: vec!["Project".to_owned()],
        };
        assert_eq!(tags_of(nested), Ok(expected));
        assert_eq!(tags_of(flattened), tags_of(nested));
    }

    #[test]
    fn what_is_not_of_this_form_is_rejected() {
        let cases = [
            ("{}", true),
            (r#"{"https://aws.amazon.com/tagsx": 1}"#, true),
            (r#"{"https://aws.amazon.com/tags": {}}"#, true),
            (r#"{"https://aws.amazon.com/tags": {"principal_tags": {}}}"#, true),
            (r#"{"https://aws.amazon.com/tags": {"principal_tags": {"a": ""}}}"#, true),
            (r#"{"https://aws.amazon.com/tags": []}"#, false),
            (r#"{"https://aws.amazon.com/tags": {"principal_tags": []}}"#, false),
            (r#"{"https://aws.amazon.com/tags": {"principal_tags": {"a": []}}}"#, false),
            (r#"{"https://aws.amazon.com/tags": {"principal_tags": {"a": ["b", "c"]}}}"#, false),
            (r#"{"https://aws.amazon.com/tags": {"principal_tags": {"a": 1}}}"#, false),
            (r#"{"https://aws.amazon.com/tags": {"transitive_tag_keys": [1]}}"#, false),
            (r#"{"https://aws.amazon.com/tags/principal_tags/a": {"b": "c"}}"#, false),
            (r#"{"https://aws.amazon.com/tags/transitive_tag_keys": {}}"#, false),
        ];
        for (claims, accepted) in cases {
            assert_eq!(tags_of(claims).is_ok(), accepted, "{claims}");
        }
    }

    #[test]
    fn a_source_identity_is_a_text() {
        let of = |claims: &str| source_identity(&Json::parse_object(claims.as_bytes()).unwrap());
        assert_eq!(of("{}"), Ok(None));
        let given = of(r#"{"https://aws.amazon.com/source_identity": "Ana"}"#);
        assert_eq!(given, Ok(Some("Ana".to_owned())));
        assert!(of(r#"{"https://aws.amazon.com/source_identity": ["Ana"]}"#).is_err());
    }
}
