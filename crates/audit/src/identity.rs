use aws_smithy_types::DateTime;
use daypass_ident::{AccessKeyId, AccountId, Arn, Principal};
use serde::ser::Error as _;
use serde::{Serialize, Serializer};

use crate::event::time_text;

/// Who called (AWS CloudTrail User Guide, "CloudTrail userIdentity element").
#[derive(Debug, Clone)]
pub enum Identity<'a> {
    /// A principal whose signature was verified.
    Known {
        /// The principal.
        principal: &'a Principal,
        /// The access key that signed.
        access_key_id: Option<&'a AccessKeyId>,
        /// For temporary credentials, how they came to be.
        session: Option<SessionContext<'a>>,
    },
    /// Nobody that daypass could make out: the signature, the key or the token was no good.
    Unknown {
        /// The access key id that the request named, which proves nothing.
        access_key_id: Option<&'a str>,
    },
}

/// How temporary credentials came to be (`sessionContext`).
#[derive(Debug, Clone)]
pub struct SessionContext<'a> {
    /// For a federated session, who issued it. A role's session names its role itself.
    pub issuer: Option<&'a Principal>,
    /// When the credentials were issued.
    pub issued_at: DateTime,
    /// Whether they were issued on a multi-factor authentication.
    pub mfa_authenticated: bool,
    /// The source identity that the session carries.
    pub source_identity: Option<&'a str>,
    /// The OIDC provider that vouched for whom the session was made.
    pub web_identity_provider: Option<&'a str>,
    /// Whether `AssumeRoot` made the session.
    pub assumed_root: bool,
    /// On whose behalf the session acts, which is told beside the session context.
    pub on_behalf_of: Option<OnBehalfOf<'a>>,
    /// The account that acts as the principal for a while, which is told beside the session context
    /// (`invokedByDelegate`; IAM User Guide, "IAM temporary delegation").
    pub delegate: Option<AccountId>,
}

/// A user of IAM Identity Center (`onBehalfOf`; IAM Identity Center User Guide, "Identity-enhanced
/// IAM role session logging").
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OnBehalfOf<'a> {
    /// The user's id in the identity store.
    pub user_id: &'a str,
    /// The identity store.
    pub identity_store_arn: &'a Arn,
}

impl Serialize for Identity<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let element = match self {
            Self::Known { principal, access_key_id, session } => {
                let on_behalf_of = session.as_ref().and_then(|session| session.on_behalf_of);
                let delegate = session.as_ref().and_then(|session| session.delegate);
                let session = session.as_ref().map(|session| session_element(principal, session));
                UserIdentity {
                    access_key_id: access_key_id.map(AccessKeyId::as_str),
                    session_context: session.transpose().map_err(S::Error::custom)?,
                    on_behalf_of,
                    invoked_by_delegate: delegate.map(|account_id| Delegate { account_id }),
                    ..user_identity(principal)
                }
            }
            Self::Unknown { access_key_id } => UserIdentity {
                kind: "Unknown",
                access_key_id: *access_key_id,
                ..UserIdentity::default()
            },
        };
        element.serialize(serializer)
    }
}

fn user_identity(principal: &Principal) -> UserIdentity<'_> {
    let unnamed = |kind, user_name, identity_provider| UserIdentity {
        kind,
        principal_id: Some(principal.user_id()),
        user_name: Some(user_name),
        identity_provider: Some(identity_provider),
        ..UserIdentity::default()
    };
    let (kind, user_name) = match principal {
        Principal::WebIdentityUser { provider, subject, .. } => {
            return unnamed("WebIdentityUser", subject, provider);
        }
        Principal::SamlUser { name_qualifier, subject, .. } => {
            return unnamed("SAMLUser", subject, name_qualifier);
        }
        Principal::Service { name, .. } => {
            return UserIdentity {
                kind: "AWSService",
                invoked_by: Some(name),
                ..UserIdentity::default()
            };
        }
        Principal::Root { .. } => ("Root", None),
        Principal::User { name, .. } => ("IAMUser", Some(&**name)),
        Principal::AssumedRole { .. } => ("AssumedRole", None),
        Principal::FederatedUser { .. } => ("FederatedUser", None),
    };
    UserIdentity {
        kind,
        principal_id: Some(principal.user_id()),
        arn: Some(principal.arn()),
        account_id: Some(principal.account()),
        user_name,
        ..UserIdentity::default()
    }
}

fn session_element<'a>(
    principal: &'a Principal,
    session: &SessionContext<'a>,
) -> Result<SessionElement<'a>, aws_smithy_types::date_time::DateTimeFormatError> {
    Ok(SessionElement {
        session_issuer: match principal {
            Principal::AssumedRole { account, role, id, .. } => Some(Box::new(UserIdentity {
                kind: "Role",
                principal_id: Some(id.to_string()),
                arn: Some(principal.principal_arn()),
                account_id: Some(*account),
                user_name: Some(role),
                ..UserIdentity::default()
            })),
            _ => session.issuer.map(|issuer| Box::new(user_identity(issuer))),
        },
        attributes: Attributes {
            creation_date: time_text(session.issued_at)?,
            mfa_authenticated: if session.mfa_authenticated { "true" } else { "false" },
        },
        web_id_federation_data: session.web_identity_provider.map(|federated_provider| {
            WebIdFederationData { federated_provider, attributes: WebIdAttributes {} }
        }),
        source_identity: session.source_identity,
        assumed_root: session.assumed_root.then_some("true"),
    })
}

/// The element `userIdentity`, and `sessionIssuer`, which has the same members.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct UserIdentity<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    arn: Option<Arn>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<AccountId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_key_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_context: Option<SessionElement<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    on_behalf_of: Option<OnBehalfOf<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invoked_by_delegate: Option<Delegate>,
    /// Of who has no session yet: who vouches for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    identity_provider: Option<&'a str>,
    /// Of a service: its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    invoked_by: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Delegate {
    account_id: AccountId,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SessionElement<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    session_issuer: Option<Box<UserIdentity<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    web_id_federation_data: Option<WebIdFederationData<'a>>,
    attributes: Attributes,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_identity: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assumed_root: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WebIdFederationData<'a> {
    federated_provider: &'a str,
    attributes: WebIdAttributes,
}

/// Empty, as AWS's are for providers that an account has registered.
#[derive(Serialize)]
struct WebIdAttributes {}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Attributes {
    creation_date: String,
    mfa_authenticated: &'static str,
}

#[cfg(test)]
mod tests {
    use daypass_ident::UniqueId;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn root() {
        let principal = Principal::Root { account: account() };
        check(
            &known(&principal, None),
            &json!({
                "type": "Root",
                "principalId": "123456789012",
                "arn": "arn:aws:iam::123456789012:root",
                "accountId": "123456789012",
                "accessKeyId": "ASIAIOSFODNN7EXAMPLE",
            }),
        );
    }

    #[test]
    fn a_user_with_a_long_term_key() {
        check(
            &known(&user(), None),
            &json!({
                "type": "IAMUser",
                "principalId": "AIDACKCEVSQ6C2EXAMPLE",
                "arn": "arn:aws:iam::123456789012:user/a/bob",
                "accountId": "123456789012",
                "accessKeyId": "ASIAIOSFODNN7EXAMPLE",
                "userName": "bob",
            }),
        );
    }

    #[test]
    fn a_user_with_a_session_token() {
        let session = SessionContext { mfa_authenticated: true, ..session() };
        let shown = serde_json::to_value(known(&user(), Some(session))).unwrap();
        assert_eq!(
            shown["sessionContext"],
            json!({"attributes": {"creationDate": "2027-01-15T08:00:00Z", "mfaAuthenticated": "true"}})
        );
    }

    #[test]
    fn a_roles_session() {
        let principal = Principal::AssumedRole {
            account: account(),
            path: "/a/".into(),
            role: "deploy".into(),
            id: id("AROAIOSFODNN7EXAMPLE1"),
            session: "s1".into(),
        };
        let session = SessionContext { source_identity: Some("alice"), ..session() };
        check(
            &known(&principal, Some(session)),
            &json!({
                "type": "AssumedRole",
                "principalId": "AROAIOSFODNN7EXAMPLE1:s1",
                "arn": "arn:aws:sts::123456789012:assumed-role/deploy/s1",
                "accountId": "123456789012",
                "accessKeyId": "ASIAIOSFODNN7EXAMPLE",
                "sessionContext": {
                    "sessionIssuer": {
                        "type": "Role",
                        "principalId": "AROAIOSFODNN7EXAMPLE1",
                        "arn": "arn:aws:iam::123456789012:role/a/deploy",
                        "accountId": "123456789012",
                        "userName": "deploy",
                    },
                    "attributes": {
                        "creationDate": "2027-01-15T08:00:00Z",
                        "mfaAuthenticated": "false",
                    },
                    "sourceIdentity": "alice",
                },
            }),
        );
    }

    #[test]
    fn a_federated_session_names_its_issuer() {
        let principal = Principal::FederatedUser { account: account(), name: "f".into() };
        let issuer = user();
        let session = SessionContext { issuer: Some(&issuer), ..session() };
        let shown = serde_json::to_value(known(&principal, Some(session))).unwrap();
        assert_eq!(shown["type"], "FederatedUser");
        assert_eq!(shown["principalId"], "123456789012:f");
        assert_eq!(
            shown["sessionContext"]["sessionIssuer"],
            json!({
                "type": "IAMUser",
                "principalId": "AIDACKCEVSQ6C2EXAMPLE",
                "arn": "arn:aws:iam::123456789012:user/a/bob",
                "accountId": "123456789012",
                "userName": "bob",
            })
        );
    }

    #[test]
    fn sessions_of_special_kinds_say_so() {
        let root = Principal::Root { account: account() };
        let session = SessionContext { assumed_root: true, ..session() };
        let shown = serde_json::to_value(known(&root, Some(session))).unwrap();
        assert_eq!(shown["sessionContext"]["assumedRoot"], "true");

        let provider = "arn:aws:iam::123456789012:oidc-provider/example.com";
        let session = SessionContext { web_identity_provider: Some(provider), ..self::session() };
        let shown = serde_json::to_value(known(&user(), Some(session))).unwrap();
        assert_eq!(
            shown["sessionContext"]["webIdFederationData"],
            json!({"federatedProvider": provider, "attributes": {}})
        );
        assert_eq!(shown["sessionContext"].get("assumedRoot"), None);
    }

    #[test]
    fn a_session_on_a_users_behalf_names_the_user_beside_its_context() {
        let store = "arn:aws:identitystore::123456789012:identitystore/d-9067642ac7";
        let identity_store_arn = store.parse().unwrap();
        let user = OnBehalfOf { user_id: "u-1", identity_store_arn: &identity_store_arn };
        let session = SessionContext { on_behalf_of: Some(user), ..session() };
        let shown = serde_json::to_value(known(&self::user(), Some(session))).unwrap();
        assert_eq!(shown["onBehalfOf"], json!({"userId": "u-1", "identityStoreArn": store}));
        assert_eq!(shown["sessionContext"].get("onBehalfOf"), None);
    }

    #[test]
    fn a_delegated_session_names_the_account_that_acts() {
        let delegate = Some("444455556666".parse().unwrap());
        let session = SessionContext { delegate, ..session() };
        let shown = serde_json::to_value(known(&user(), Some(session))).unwrap();
        assert_eq!(shown["invokedByDelegate"], json!({"accountId": "444455556666"}));
        assert_eq!(shown["accountId"], "123456789012");
    }

    #[test]
    fn whom_an_identity_provider_vouches_for() {
        let provider = "arn:aws:iam::123456789012:oidc-provider/example.com";
        let principal = Principal::WebIdentityUser {
            account: account(),
            provider: provider.into(),
            audience: "app".into(),
            subject: "me".into(),
        };
        let shown = Identity::Known { principal: &principal, access_key_id: None, session: None };
        check(
            &shown,
            &json!({
                "type": "WebIdentityUser",
                "principalId": format!("{provider}:app:me"),
                "userName": "me",
                "identityProvider": provider,
            }),
        );
        let principal = Principal::SamlUser {
            account: account(),
            provider: Arn::saml_provider(account(), "Okta"),
            name_qualifier: "q=".into(),
            subject: "me".into(),
        };
        let shown = Identity::Known { principal: &principal, access_key_id: None, session: None };
        check(
            &shown,
            &json!({
                "type": "SAMLUser",
                "principalId": "q=:me",
                "userName": "me",
                "identityProvider": "q=",
            }),
        );
    }

    #[test]
    fn a_service_is_its_name() {
        let principal =
            Principal::Service { account: account(), name: "lambda.amazonaws.com".into() };
        let shown = Identity::Known { principal: &principal, access_key_id: None, session: None };
        check(&shown, &json!({"type": "AWSService", "invokedBy": "lambda.amazonaws.com"}));
    }

    #[test]
    fn nobody() {
        check(&Identity::Unknown { access_key_id: None }, &json!({"type": "Unknown"}));
        check(
            &Identity::Unknown { access_key_id: Some("AKIAX") },
            &json!({"type": "Unknown", "accessKeyId": "AKIAX"}),
        );
    }

    fn check(identity: &Identity<'_>, expected: &Value) {
        assert_eq!(serde_json::to_value(identity).unwrap(), *expected);
    }

    fn known<'a>(principal: &'a Principal, session: Option<SessionContext<'a>>) -> Identity<'a> {
        static KEY: std::sync::LazyLock<AccessKeyId> =
            std::sync::LazyLock::new(|| "ASIAIOSFODNN7EXAMPLE".parse().unwrap());
        Identity::Known { principal, access_key_id: Some(&KEY), session }
    }

    fn session<'a>() -> SessionContext<'a> {
        SessionContext {
            issuer: None,
            issued_at: DateTime::from_secs(1_800_000_000),
            mfa_authenticated: false,
            source_identity: None,
            web_identity_provider: None,
            assumed_root: false,
            on_behalf_of: None,
            delegate: None,
        }
    }

    fn user() -> Principal {
        Principal::User {
            account: account(),
            path: "/a/".into(),
            name: "bob".into(),
            id: id("AIDACKCEVSQ6C2EXAMPLE"),
        }
    }

    fn account() -> AccountId {
        "123456789012".parse().unwrap()
    }

    fn id(text: &str) -> UniqueId {
        text.parse().unwrap()
    }
}
