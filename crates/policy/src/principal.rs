//! Who a resource's policy names, and who calls.

use daypass_ident::{AccountId, ArnParts, IdKind, Principal, UniqueId, eq_ignore_case};

use crate::PolicyKind;
use crate::document::Elements;
use crate::json::Node;
use crate::statement::Effect;

/// The caller of a request, as the policies of a resource see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller<'a> {
    /// A principal of an account.
    Principal(&'a Principal),
    /// A `GetFederationToken` session together with the user who asked for it: a policy that
    /// names the user reaches the session too.
    FederationToken {
        /// The session.
        session: &'a Principal,
        /// The user.
        user: &'a Principal,
    },
    /// An AWS service, such as `lambda.amazonaws.com`.
    Service(&'a str),
    /// Somebody whom an identity provider vouches for: the provider's ARN, or a host such as
    /// `accounts.google.com`.
    Federated(&'a str),
    /// Nobody: the request is not signed.
    Anonymous,
}

impl<'a> Caller<'a> {
    /// The principal that the account of the caller knows; `None` for callers from outside every
    /// account.
    #[must_use]
    pub fn principal(self) -> Option<&'a Principal> {
        match self {
            Self::Principal(principal) | Self::FederationToken { session: principal, .. } => {
                Some(principal)
            }
            Self::Service(_) | Self::Federated(_) | Self::Anonymous => None,
        }
    }

    /// Whose identity policies the caller acts by: of a `GetFederationToken` session the user.
    pub(crate) fn holder(self) -> Option<&'a Principal> {
        match self {
            Self::FederationToken { user, .. } => Some(user),
            _ => self.principal(),
        }
    }
}

impl<'a> From<&'a Principal> for Caller<'a> {
    fn from(principal: &'a Principal) -> Self {
        Self::Principal(principal)
    }
}

/// How far an `Allow` of a resource's policy carries within the account, by how it names the
/// caller (IAM User Guide, "AWS JSON policy elements: Principal" and "Policy evaluation logic").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// The account is named: its own policies decide.
    Delegated,
    /// The caller needs no identity policy, but boundary and session policies still limit it.
    PastIdentity,
    /// Only an explicit deny stands against it.
    PastEverything,
}

/// Whom a statement speaks of.
#[derive(Debug)]
pub(crate) enum Principals {
    /// Whoever bears the policy: identity and session policies name nobody.
    Bearer,
    /// `Principal`.
    Among(Box<[PrincipalPattern]>),
    /// `NotPrincipal`.
    AllBut(Box<[PrincipalPattern]>),
}

impl Principals {
    /// `None` when they are not understood, or are not what this kind of policy has.
    pub(crate) fn new(kind: PolicyKind, elements: &Elements<'_>, effect: Effect) -> Option<Self> {
        let named =
            matches!(kind, PolicyKind::Trust | PolicyKind::Resource | PolicyKind::ResourceControl);
        match (elements.principal, elements.not_principal) {
            (None, None) if !named => Some(Self::Bearer),
            // A role that trusts everyone trusts whoever signs, and nobody whom an identity provider
            // vouches for: it must name the provider.
            (Some(node), None) if kind == PolicyKind::Trust && effect == Effect::Allow => {
                let signed = |pattern| match pattern {
                    PrincipalPattern::Anyone => PrincipalPattern::AnyoneSigned,
                    other => other,
                };
                Some(Self::Among(patterns(node)?.into_iter().map(signed).collect()))
            }
            (Some(node), None) if named => patterns(node).map(Self::Among),
            // An Allow for all but a few is nothing that AWS lets anybody save.
            (None, Some(node)) if named && effect == Effect::Deny => {
                patterns(node).map(Self::AllBut)
            }
            _ => None,
        }
    }

    /// How far the statement reaches, or `None` when it does not speak of the caller.
    pub(crate) fn reach(&self, caller: Caller<'_>) -> Option<Reach> {
        let patterns = match self {
            Self::Bearer => return Some(Reach::Delegated),
            Self::Among(patterns) => patterns,
            Self::AllBut(patterns) => {
                return (!spares(patterns, caller)).then_some(Reach::PastEverything);
            }
        };
        patterns.iter().filter_map(|pattern| pattern.reach(caller)).max()
    }
}

/// `NotPrincipal` spares a caller only when everything that the caller is stands in the list: for a
/// role's session the account, the role and the session.
fn spares(patterns: &[PrincipalPattern], caller: Caller<'_>) -> bool {
    let lists = |named: &dyn Fn(&PrincipalPattern) -> bool| patterns.iter().any(named);
    if lists(&|pattern| *pattern == PrincipalPattern::Anyone) {
        return true;
    }
    let Some(principal) = caller.principal() else {
        return lists(&|pattern| pattern.reach(caller).is_some());
    };
    let identity = || lists(&|pattern| pattern.is_identity_of(principal));
    lists(&|pattern| pattern.is_account_of(principal))
        && match principal {
            Principal::Root { .. } => true,
            Principal::User { .. }
            | Principal::FederatedUser { .. }
            | Principal::WebIdentityUser { .. }
            | Principal::SamlUser { .. }
            | Principal::Service { .. } => identity(),
            Principal::AssumedRole { .. } => {
                lists(&|pattern| pattern.is_role_of(principal)) && identity()
            }
        }
}

/// `"*"`, or an object of kinds and values.
fn patterns(node: &Node<'_>) -> Option<Box<[PrincipalPattern]>> {
    if node.as_str() == Some("*") {
        return Some([PrincipalPattern::Anyone].into());
    }
    let mut patterns = Vec::new();
    for member in node.as_object()? {
        for value in member.value.as_list() {
            patterns.push(PrincipalPattern::new(&member.key, value.as_str()?)?);
        }
    }
    Some(patterns.into())
}

/// One principal of a policy.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum PrincipalPattern {
    Anyone,
    /// Everyone whom AWS itself knows.
    AnyoneSigned,
    Account(AccountId),
    User {
        account: AccountId,
        path: Box<str>,
        name: Box<str>,
    },
    Role {
        account: AccountId,
        path: Box<str>,
        name: Box<str>,
    },
    Session {
        account: AccountId,
        role: Box<str>,
        session: Box<str>,
    },
    FederatedUser {
        account: AccountId,
        name: Box<str>,
    },
    /// A user or role by the id that never passes to a namesake; what user and role ARNs become
    /// when a policy is saved.
    Id(UniqueId),
    Service(Box<str>),
    Federated(Box<str>),
    CanonicalUser(Box<str>),
}

impl PrincipalPattern {
    fn new(kind: &str, value: &str) -> Option<Self> {
        match kind {
            "AWS" => Self::aws(value),
            "Service" => Some(Self::Service(value.into())),
            "Federated" => Some(Self::Federated(value.into())),
            "CanonicalUser" => Some(Self::CanonicalUser(value.into())),
            _ => None,
        }
    }

    /// A value of the `AWS` kind, or `None` when it is of no form that AWS knows: groups, instance
    /// profiles and partial wildcards among them.
    pub(crate) fn aws(text: &str) -> Option<Self> {
        if text == "*" {
            return Some(Self::Anyone);
        }
        if let Ok(account) = text.parse() {
            return Some(Self::Account(account));
        }
        if let Ok(id) = text.parse::<UniqueId>() {
            let principal = matches!(id.kind(), Some(IdKind::User | IdKind::Role));
            return principal.then_some(Self::Id(id));
        }
        if text.contains(['*', '?']) {
            return None;
        }
        let arn = ArnParts::parse(text)?;
        let account = arn.account_id()?;
        if arn.partition != "aws" || !arn.region.is_empty() {
            return None;
        }
        match arn.service {
            "iam" if arn.resource == "root" => Some(Self::Account(account)),
            "iam" => {
                if let Some((path, name)) = arn.path_and_name("user") {
                    return Some(Self::User { account, path: path.into(), name: name.into() });
                }
                let (path, name) = arn.path_and_name("role")?;
                Some(Self::Role { account, path: path.into(), name: name.into() })
            }
            "sts" => {
                let (kind, name) = arn.resource.split_once('/')?;
                match kind {
                    "assumed-role" => {
                        let (role, session) = name.split_once('/')?;
                        let whole = !role.is_empty() && !session.is_empty();
                        whole.then(|| Self::Session {
                            account,
                            role: role.into(),
                            session: session.into(),
                        })
                    }
                    "federated-user" if !name.is_empty() => {
                        Some(Self::FederatedUser { account, name: name.into() })
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn reach(&self, caller: Caller<'_>) -> Option<Reach> {
        match (self, caller) {
            (Self::Anyone, _) => Some(Reach::PastEverything),
            (Self::AnyoneSigned, caller) => {
                let signed = !matches!(caller, Caller::Federated(_) | Caller::Anonymous);
                signed.then_some(Reach::PastEverything)
            }
            (Self::Service(named), Caller::Service(service)) => {
                (**named == *service).then_some(Reach::PastEverything)
            }
            (Self::Federated(named), Caller::Federated(provider)) => {
                (**named == *provider).then_some(Reach::PastEverything)
            }
            (_, Caller::Principal(principal)) => self.reach_of(principal),
            (_, Caller::FederationToken { session, user }) => {
                let by_user = self.is_identity_of(user).then_some(Reach::PastIdentity);
                self.reach_of(session).max(by_user)
            }
            _ => None,
        }
    }

    fn reach_of(&self, principal: &Principal) -> Option<Reach> {
        if self.is_identity_of(principal) {
            Some(Reach::PastEverything)
        } else if self.is_role_of(principal) {
            Some(Reach::PastIdentity)
        } else if self.is_account_of(principal) {
            Some(Reach::Delegated)
        } else {
            None
        }
    }

    /// Names exactly this user, role session or federated session.
    fn is_identity_of(&self, principal: &Principal) -> bool {
        match (self, principal) {
            (
                Self::User { account, path, name },
                Principal::User { account: a, path: p, name: n, .. },
            ) => account == a && path == p && name == n,
            (Self::Id(named), Principal::User { id, .. }) => named == id,
            (
                Self::Session { account, role, session },
                Principal::AssumedRole { account: a, role: r, session: s, .. },
            ) => account == a && eq_ignore_case(role, r) && session == s,
            (
                Self::FederatedUser { account, name },
                Principal::FederatedUser { account: a, name: n },
            ) => account == a && name == n,
            _ => false,
        }
    }

    /// Names the role of this session.
    fn is_role_of(&self, principal: &Principal) -> bool {
        match (self, principal) {
            (
                Self::Role { account, path, name },
                Principal::AssumedRole { account: a, path: p, role: r, .. },
            ) => account == a && path == p && name == r,
            (Self::Id(named), Principal::AssumedRole { id, .. }) => named == id,
            _ => false,
        }
    }

    fn is_account_of(&self, principal: &Principal) -> bool {
        matches!(self, Self::Account(account) if *account == principal.account())
    }
}
