//! Who asks.

use std::fmt;

use daypass_ident::{ArnParts, Principal, UniqueId};
use daypass_policy::{Caller, ContextMap};
use serde::de::{Error, MapAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer};

/// The principal of a request, as a file names it.
#[derive(Debug)]
pub(super) enum Asker {
    Principal(Principal),
    FederationToken { session: Principal, user: Principal },
    Service(String),
    Federated(String),
    Anonymous,
}

impl Asker {
    pub(super) fn as_caller(&self) -> Caller<'_> {
        match self {
            Self::Principal(principal) => Caller::Principal(principal),
            Self::FederationToken { session, user } => Caller::FederationToken { session, user },
            Self::Service(name) => Caller::Service(name),
            Self::Federated(provider) => Caller::Federated(provider),
            Self::Anonymous => Caller::Anonymous,
        }
    }

    /// The condition keys that follow from who asks.
    pub(super) fn keys(&self, context: &mut ContextMap) {
        let principal = self.as_caller().principal();
        if let Some(principal) = principal {
            if let Some(kind) = principal.principal_type() {
                context.insert("aws:PrincipalType", kind.as_str());
            }
            context.insert("aws:PrincipalArn", principal.principal_arn().to_string());
            context.insert("aws:PrincipalAccount", principal.account().to_string());
        }
        if let Some(Principal::User { name, .. }) = principal {
            context.insert("aws:username", String::from(name.clone()));
        }
        match self {
            Self::Anonymous => {
                context.insert("aws:PrincipalType", "Anonymous");
                context.insert("aws:PrincipalAccount", "anonymous");
            }
            Self::Service(name) => {
                context.insert("aws:PrincipalIsAWSService", true);
                context.insert("aws:PrincipalServiceName", name.clone());
            }
            Self::Federated(provider) => {
                context.insert("aws:FederatedProvider", provider.clone());
            }
            Self::Principal(_) | Self::FederationToken { .. } => {}
        }
    }

    fn parse(text: &str) -> Option<Self> {
        if text == "anonymous" {
            return Some(Self::Anonymous);
        }
        let Some(arn) = ArnParts::parse(text) else {
            let is_host = text.contains('.') && !text.contains(['/', ':', ' ', '*']);
            let is_service =
                text.ends_with(".amazonaws.com") && !text.starts_with("cognito-identity.");
            return match (is_host, is_service) {
                (true, true) => Some(Self::Service(text.to_owned())),
                (true, false) => Some(Self::Federated(text.to_owned())),
                (false, _) => None,
            };
        };
        let is_provider = ["oidc-provider/", "saml-provider/"]
            .iter()
            .any(|kind| arn.service == "iam" && arn.resource.starts_with(kind));
        if is_provider {
            return Some(Self::Federated(text.to_owned()));
        }
        principal(&arn).map(Self::Principal)
    }
}

/// A role stands for a session of it.
fn principal(arn: &ArnParts<'_>) -> Option<Principal> {
    let account = arn.account_id()?;
    if arn.service == "sts" {
        return match arn.resource.split_once('/')? {
            ("assumed-role", session) => {
                let (role, session) = session.split_once('/')?;
                session_of(arn, "/", role, session)
            }
            ("federated-user", name) if !name.is_empty() => {
                Some(Principal::FederatedUser { account, name: name.into() })
            }
            _ => None,
        };
    }
    if arn.service != "iam" {
        return None;
    }
    if arn.resource == "root" {
        return Some(Principal::Root { account });
    }
    if let Some((path, name)) = arn.path_and_name("user") {
        let id = made_up("AIDA")?;
        return Some(Principal::User { account, path: path.into(), name: name.into(), id });
    }
    let (path, role) = arn.path_and_name("role")?;
    session_of(arn, path, role, "session")
}

fn session_of(arn: &ArnParts<'_>, path: &str, role: &str, session: &str) -> Option<Principal> {
    (!role.is_empty() && !session.is_empty()).then_some(Principal::AssumedRole {
        account: arn.account_id()?,
        path: path.into(),
        role: role.into(),
        id: made_up("AROA")?,
        session: session.into(),
    })
}

/// Files name principals by ARN; no policy names these ids.
fn made_up(prefix: &str) -> Option<UniqueId> {
    format!("{prefix}EVALUATEDBYDAYPAS").parse().ok()
}

impl<'de> Deserialize<'de> for Asker {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AskerVisitor)
    }
}

struct AskerVisitor;

impl<'de> Visitor<'de> for AskerVisitor {
    type Value = Asker;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "the ARN of a user, role, session, federated user, root or identity provider, a service, anonymous, \
             { role, session } or { federated_user, user }",
        )
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Asker, E> {
        Asker::parse(text).ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Asker, A::Error> {
        let table = Table::deserialize(MapAccessDeserializer::new(map))?;
        let parse = |text: &str| ArnParts::parse(text).as_ref().and_then(principal);
        let asker = match &table {
            Table { role: Some(arn), session: Some(name), federated_user: None, user: None } => {
                ArnParts::parse(arn).and_then(|arn| {
                    let (path, role) = arn.path_and_name("role")?;
                    session_of(&arn, path, role, name).map(Asker::Principal)
                })
            }
            Table {
                role: None,
                session: None,
                federated_user: Some(session),
                user: Some(user),
            } => match (parse(session), parse(user)) {
                (
                    Some(session @ Principal::FederatedUser { .. }),
                    Some(user @ Principal::User { .. }),
                ) => Some(Asker::FederationToken { session, user }),
                _ => None,
            },
            _ => None,
        };
        asker.ok_or_else(|| {
            A::Error::custom(
                "a principal of two parts is { role = ARN, session = NAME } or { federated_user = ARN, user = ARN }",
            )
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    role: Option<String>,
    session: Option<String>,
    federated_user: Option<String>,
    user: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_principal() {
        let cases = [
            ("arn:aws:iam::111122223333:root", Some("arn:aws:iam::111122223333:root")),
            ("arn:aws:iam::111122223333:user/a/bob", Some("arn:aws:iam::111122223333:user/a/bob")),
            (
                "arn:aws:iam::111122223333:role/svc/r",
                Some("arn:aws:sts::111122223333:assumed-role/r/session"),
            ),
            (
                "arn:aws:sts::111122223333:assumed-role/r/s",
                Some("arn:aws:sts::111122223333:assumed-role/r/s"),
            ),
            (
                "arn:aws:sts::111122223333:federated-user/f",
                Some("arn:aws:sts::111122223333:federated-user/f"),
            ),
            ("lambda.amazonaws.com", Some("service")),
            ("accounts.google.com", Some("federated")),
            ("cognito-identity.amazonaws.com", Some("federated")),
            ("arn:aws:iam::111122223333:oidc-provider/idp.example.com", Some("federated")),
            ("anonymous", Some("anonymous")),
            ("bob", None),
            ("", None),
            ("arn:aws:iam::111122223333:group/g", None),
            ("arn:aws:iam::1:user/bob", None),
            ("arn:aws:sts::111122223333:assumed-role/r", None),
            ("arn:aws:s3:::bucket", None),
        ];
        for (text, expected) in cases {
            let told = Asker::parse(text).map(|asker| match &asker {
                Asker::Principal(principal) => principal.arn().to_string(),
                Asker::FederationToken { .. } => "token".to_owned(),
                Asker::Service(_) => "service".to_owned(),
                Asker::Federated(_) => "federated".to_owned(),
                Asker::Anonymous => "anonymous".to_owned(),
            });
            assert_eq!(told.as_deref(), expected, "{text}");
        }
    }
}
