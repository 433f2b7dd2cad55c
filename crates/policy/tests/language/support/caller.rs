use daypass_ident::{AccountId, Principal};
use serde::{Deserialize, Serialize};

/// Who calls. Account 111111111111 has the user `/team/bob`, the role `/svc/deploy` with a session
/// `s1`, and a federated session `fed` that bob asked for; account 222222222222 has a user and a
/// role of the same names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Caller {
    Root,
    User,
    Session,
    Federated,
    OtherRoot,
    OtherUser,
    OtherSession,
    /// `lambda.amazonaws.com`
    Service,
    /// `arn:aws:iam::111111111111:oidc-provider/idp.example.com`
    WebIdentity,
    Anonymous,
}

impl Caller {
    pub(crate) const ALL: [Self; 10] = [
        Self::Root,
        Self::User,
        Self::Session,
        Self::Federated,
        Self::OtherRoot,
        Self::OtherUser,
        Self::OtherSession,
        Self::Service,
        Self::WebIdentity,
        Self::Anonymous,
    ];

    /// Whether an account knows the caller.
    pub(crate) fn has_account(self) -> bool {
        !matches!(self, Self::Service | Self::WebIdentity | Self::Anonymous)
    }

    pub(crate) fn is_root(self) -> bool {
        matches!(self, Self::Root | Self::OtherRoot)
    }

    /// Shows the caller as the crate sees it.
    pub(crate) fn with<T>(self, run: impl FnOnce(daypass_policy::Caller<'_>) -> T) -> T {
        use daypass_policy::Caller as View;
        match self {
            Self::Root => run(View::Principal(&Principal::Root { account: here() })),
            Self::User => run(View::Principal(&user(here(), "AIDA00000000000000BOB"))),
            Self::Session => run(View::Principal(&session(here(), "AROA0000000000DEPLOY0"))),
            Self::Federated => {
                let user = user(here(), "AIDA00000000000000BOB");
                let session = Principal::FederatedUser { account: here(), name: "fed".into() };
                run(View::FederationToken { session: &session, user: &user })
            }
            Self::OtherRoot => run(View::Principal(&Principal::Root { account: there() })),
            Self::OtherUser => run(View::Principal(&user(there(), "AIDA0000000OTHERBOB00"))),
            Self::OtherSession => run(View::Principal(&session(there(), "AROA00000000OTHERDEP0"))),
            Self::Service => run(View::Service("lambda.amazonaws.com")),
            Self::WebIdentity => {
                run(View::Federated("arn:aws:iam::111111111111:oidc-provider/idp.example.com"))
            }
            Self::Anonymous => run(View::Anonymous),
        }
    }
}

fn here() -> AccountId {
    "111111111111".parse().unwrap()
}

fn there() -> AccountId {
    "222222222222".parse().unwrap()
}

fn user(account: AccountId, id: &str) -> Principal {
    Principal::User { account, path: "/team/".into(), name: "bob".into(), id: id.parse().unwrap() }
}

fn session(account: AccountId, id: &str) -> Principal {
    Principal::AssumedRole {
        account,
        path: "/svc/".into(),
        role: "deploy".into(),
        id: id.parse().unwrap(),
        session: "s1".into(),
    }
}
