use std::sync::Arc;

use daypass_ident::{AccountId, Arn, Principal, Secret};
use daypass_policy::Policy;
use daypass_token::{FederationFacts, SessionClaims};

use crate::view::{AccessKey, User};
use crate::{Accesses, LastUsed};

/// Who a request says it is from, with the secret that its signature must prove.
#[derive(Debug, Clone)]
pub struct Caller(pub(crate) Credentials);

#[derive(Debug, Clone)]
pub(crate) enum Credentials {
    User { key: Arc<AccessKey>, principal: Arc<Principal>, accesses: Arc<Accesses> },
    Root { key: Arc<AccessKey>, principal: Principal },
    Fixed(Arc<FixedKey>),
    Session { session: Arc<Session>, stamps: IssuerStamps },
    Vouched(Arc<Vouched>),
    Service(Arc<Service>),
}

/// Somebody who has no credentials, but an identity provider's word.
#[derive(Debug)]
pub(crate) struct Vouched {
    principal: Principal,
    claims: VouchedClaims,
    /// Empty.
    secret: Secret<String>,
}

/// An AWS service, which has none that anybody here could verify.
#[derive(Debug)]
pub(crate) struct Service {
    principal: Principal,
    call: ServiceCall,
    /// Empty.
    secret: Secret<String>,
}

/// Credentials of a root user that stand in no record.
#[derive(Debug)]
pub(crate) struct FixedKey {
    pub(crate) access_key_id: Box<str>,
    pub(crate) principal: Principal,
    pub(crate) secret: Secret<String>,
}

impl Caller {
    /// An account's root user who acts without credentials: daypass itself, when it carries out
    /// what its operator put into a file.
    #[must_use]
    pub fn operator(account: AccountId) -> Self {
        Self(Credentials::Fixed(Arc::new(FixedKey {
            access_key_id: Box::default(),
            principal: Principal::Root { account },
            secret: Secret::default(),
        })))
    }

    /// Somebody for whom an identity provider vouches, whose word has been verified. They have no
    /// credentials; a call of theirs asks for some.
    #[must_use]
    pub fn vouched(principal: Principal, claims: VouchedClaims) -> Self {
        Self(Credentials::Vouched(Arc::new(Vouched {
            principal,
            claims,
            secret: Secret::default(),
        })))
    }

    /// A user who has signed in with a password. The session lasts as long as the sign-in, and it is of no use to
    /// anybody else: it has no credentials.
    #[must_use]
    pub fn signed_in(user: &User, claims: SessionClaims) -> Self {
        let accesses = Some(Arc::clone(&user.accesses));
        let session = Session {
            claims,
            inline_policy: None,
            token: Secret::default(),
            secret: Secret::default(),
        };
        let stamps = IssuerStamps { role_last_used: None, accesses };
        Self(Credentials::Session { session: Arc::new(session), stamps })
    }

    /// An AWS service, such as `lambda.amazonaws.com`, that asks for a role of an account. It has no
    /// credentials.
    #[must_use]
    pub fn service(name: &str, account: AccountId, call: ServiceCall) -> Self {
        let principal = Principal::Service { account, name: name.into() };
        Self(Credentials::Service(Arc::new(Service { principal, call, secret: Secret::default() })))
    }

    /// Who it is.
    #[must_use]
    pub fn principal(&self) -> &Principal {
        match &self.0 {
            Credentials::User { principal, .. } => principal,
            Credentials::Root { principal, .. } => principal,
            Credentials::Fixed(key) => &key.principal,
            Credentials::Session { session, .. } => &session.claims.principal,
            Credentials::Vouched(vouched) => &vouched.principal,
            Credentials::Service(service) => &service.principal,
        }
    }

    /// The account of the caller.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.principal().account()
    }

    /// The id of the access key; empty for who has none.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        match &self.0 {
            Credentials::User { key, .. } | Credentials::Root { key, .. } => key.record.id.as_str(),
            Credentials::Fixed(key) => &key.access_key_id,
            Credentials::Session { session, .. } => session.claims.access_key_id.as_str(),
            Credentials::Vouched(_) | Credentials::Service(_) => "",
        }
    }

    /// The secret access key; empty for who has none.
    #[must_use]
    pub fn secret(&self) -> &Secret<String> {
        match &self.0 {
            Credentials::User { key, .. } | Credentials::Root { key, .. } => &key.record.secret,
            Credentials::Fixed(key) => &key.secret,
            Credentials::Session { session, .. } => &session.secret,
            Credentials::Vouched(vouched) => &vouched.secret,
            Credentials::Service(service) => &service.secret,
        }
    }

    /// Whether the access key is one that everybody knows.
    #[must_use]
    pub fn uses_well_known_key(&self) -> bool {
        // The operator's has no id, as nobody can name it in a request.
        matches!(&self.0, Credentials::Fixed(key) if !key.access_key_id.is_empty())
    }

    /// The session, for temporary credentials.
    #[must_use]
    pub fn session(&self) -> Option<&Session> {
        match &self.0 {
            Credentials::Session { session, .. } => Some(session),
            _ => None,
        }
    }

    /// What an identity provider says of a caller without credentials.
    #[must_use]
    pub fn vouched_claims(&self) -> Option<&VouchedClaims> {
        match &self.0 {
            Credentials::Vouched(vouched) => Some(&vouched.claims),
            _ => None,
        }
    }

    /// On whose behalf a service calls.
    #[must_use]
    pub fn service_call(&self) -> Option<&ServiceCall> {
        match &self.0 {
            Credentials::Service(service) => Some(&service.call),
            _ => None,
        }
    }

    /// How many bytes of memory it takes, at most: what its session was made with, what is vouched for it.
    #[must_use]
    pub fn size(&self) -> usize {
        let known = match &self.0 {
            Credentials::User { .. } | Credentials::Root { .. } | Credentials::Fixed(_) => 0,
            Credentials::Session { session, .. } => session.size(),
            Credentials::Vouched(vouched) => vouched.claims.size(),
            Credentials::Service(service) => service.call.size(),
        };
        // The key and the principal, whose names have 128 characters at most.
        known + 2_048
    }

    /// Notes that the credentials were used, now that their signature has been verified.
    pub fn note_use(&self, at: i64, region: &str, service: &'static str) {
        let stamp = match &self.0 {
            Credentials::User { key, .. } | Credentials::Root { key, .. } => Some(&key.last_used),
            Credentials::Fixed(_) | Credentials::Vouched(_) | Credentials::Service(_) => None,
            Credentials::Session { stamps, .. } => stamps.role_last_used.as_ref(),
        };
        if let Some(stamp) = stamp {
            stamp.note(at, region, service);
        }
    }

    /// Notes that an operation was asked for, whatever the answer will be.
    pub fn note_access(&self, at: i64, region: &str, service: &'static str, action: &'static str) {
        let accesses = match &self.0 {
            Credentials::User { accesses, .. } => Some(accesses),
            Credentials::Session { stamps, .. } => stamps.accesses.as_ref(),
            Credentials::Root { .. }
            | Credentials::Fixed(_)
            | Credentials::Vouched(_)
            | Credentials::Service(_) => None,
        };
        if let Some(accesses) = accesses {
            accesses.note(at, region, service, action);
        }
    }
}

/// Where the use of a session is noted: with its role or its user, who is there.
#[derive(Debug, Clone, Default)]
pub(crate) struct IssuerStamps {
    pub(crate) role_last_used: Option<Arc<LastUsed>>,
    pub(crate) accesses: Option<Arc<Accesses>>,
}

/// Temporary credentials, opened.
#[derive(Debug)]
pub struct Session {
    /// What the token says.
    pub claims: SessionClaims,
    /// The inline session policy, compiled. `None`: none was passed. `Some(None)`: one was passed
    /// that cannot be understood; then it must not allow.
    pub inline_policy: Option<Option<Arc<Policy>>>,
    /// As the request carries it, to be opened again.
    pub(crate) token: Secret<String>,
    pub(crate) secret: Secret<String>,
}

impl Session {
    /// Whether it is of a user who has signed in with a password, instead of one with credentials.
    #[must_use]
    pub fn is_sign_in(&self) -> bool {
        self.token.expose().is_empty()
    }

    fn size(&self) -> usize {
        let SessionClaims { tags, transitive_tag_keys, federation, session_policies, .. } =
            &self.claims;
        let pairs = tags.iter().map(|(key, value)| key.len() + value.len());
        let transitive = transitive_tag_keys.iter().map(String::len);
        let vouched = federation.iter().flat_map(|facts| &facts.keys);
        let vouched = vouched.map(|(key, values)| {
            key.len() + values.iter().map(|it| ENTRY + it.len()).sum::<usize>()
        });
        let texts = pairs.chain(transitive).chain(vouched).map(|length| ENTRY + length);
        let policies = session_policies.iter().map(|policies| {
            let arns = policies.arns.iter().map(|arn| ENTRY + arn.as_str().len());
            policies.inline.as_ref().map_or(0, String::len) + arns.sum::<usize>()
        });
        let compiled = self.inline_policy.iter().flatten().map(|policy| policy.size());
        size_of::<Self>() + texts.chain(policies).chain(compiled).sum::<usize>()
    }
}

/// What an element of a list takes beside its texts, in bytes.
const ENTRY: usize = 64;

/// For what an AWS service calls, as far as it says so (IAM User Guide, "The confused deputy problem").
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServiceCall {
    /// The resource on whose behalf it calls, such as a function (`aws:SourceArn`).
    pub source_arn: Option<Arn>,
    /// The account of that resource (`aws:SourceAccount`).
    pub source_account: Option<AccountId>,
}

impl ServiceCall {
    /// About how many bytes of memory it takes.
    fn size(&self) -> usize {
        size_of::<Self>() + self.source_arn.as_ref().map_or(0, |arn| arn.as_str().len())
    }
}

/// What an identity provider says of somebody, verified: who asks for a role with it is judged by
/// it, and the role's session carries what of it stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VouchedClaims {
    /// The condition keys that the role's trust policy may ask for, in lower case, with their
    /// values: `saml:…` or `{host}:aud`, `{host}:sub`, …
    pub keys: Vec<(String, Vec<String>)>,
    /// The provider, and those of the keys that the session keeps.
    pub lasting: FederationFacts,
    /// The session tags that the provider gives.
    pub tags: Vec<(String, String)>,
    /// The keys of those that chained sessions inherit.
    pub transitive_tag_keys: Vec<String>,
    /// The source identity that the provider sets.
    pub source_identity: Option<String>,
    /// The session's name, where the provider gives it: the attribute `RoleSessionName` of an
    /// assertion.
    pub session_name: Option<String>,
    /// The longest session that the provider lets begin, in seconds: the attribute
    /// `SessionDuration` of an assertion.
    pub session_seconds: Option<i32>,
    /// Until when the session may last, in Unix seconds: `SessionNotOnOrAfter` of an assertion.
    pub session_end: Option<i64>,
    /// The id of the assertion, for the record.
    pub assertion_id: Option<String>,
}

impl VouchedClaims {
    /// About how many bytes of memory they take.
    fn size(&self) -> usize {
        let keys = self.keys.iter().chain(&self.lasting.keys);
        let keys = keys.map(|(key, values)| {
            key.len() + values.iter().map(|value| ENTRY + value.len()).sum::<usize>()
        });
        let tags = self.tags.iter().map(|(key, value)| key.len() + value.len());
        let transitive = self.transitive_tag_keys.iter().map(String::len);
        let texts = keys.chain(tags).chain(transitive).map(|length| ENTRY + length);
        size_of::<Self>() + texts.sum::<usize>()
    }
}
