//! Principals (IAM User Guide, "AWS JSON policy elements: Principal" and "NotPrincipal").

use super::folded;
use serde_json::Value;

use crate::support::Caller;

/// A way in which a policy can name a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Way {
    /// `*`
    Everyone,
    /// The account, by id or root ARN.
    Account,
    /// The user, by ARN or unique id.
    User,
    /// The role of a session, by ARN or unique id.
    Role,
    /// The session of a role.
    Session,
    /// The federated session.
    FederatedUser,
    /// The user who asked for the federated session.
    UserOfFederation,
    Service,
    Provider,
}

/// A caller as policies name them: the ways, each with the kind and the values of principal.
pub(crate) struct Who {
    pub(crate) caller: Caller,
    pub(crate) account: Option<&'static str>,
    named: Vec<(Way, &'static str, &'static str)>,
}

impl Who {
    pub(crate) fn of(caller: Caller) -> Self {
        use Way::{
            Account, FederatedUser, Provider, Role, Service, Session, User, UserOfFederation,
        };
        let account = match caller {
            Caller::Root | Caller::User | Caller::Session | Caller::Federated => {
                Some("111111111111")
            }
            Caller::OtherRoot | Caller::OtherUser | Caller::OtherSession => Some("222222222222"),
            Caller::Service | Caller::WebIdentity | Caller::Anonymous => None,
        };
        let mut named = match caller {
            Caller::Root | Caller::OtherRoot | Caller::Anonymous => vec![],
            Caller::User => vec![
                (User, "AWS", "arn:aws:iam::111111111111:user/team/bob"),
                (User, "AWS", "AIDA00000000000000BOB"),
            ],
            Caller::Session => vec![
                (Role, "AWS", "arn:aws:iam::111111111111:role/svc/deploy"),
                (Role, "AWS", "AROA0000000000DEPLOY0"),
                (Session, "AWS", "arn:aws:sts::111111111111:assumed-role/deploy/s1"),
            ],
            Caller::Federated => vec![
                (FederatedUser, "AWS", "arn:aws:sts::111111111111:federated-user/fed"),
                (UserOfFederation, "AWS", "arn:aws:iam::111111111111:user/team/bob"),
                (UserOfFederation, "AWS", "AIDA00000000000000BOB"),
            ],
            Caller::OtherUser => vec![
                (User, "AWS", "arn:aws:iam::222222222222:user/team/bob"),
                (User, "AWS", "AIDA0000000OTHERBOB00"),
            ],
            Caller::OtherSession => vec![
                (Role, "AWS", "arn:aws:iam::222222222222:role/svc/deploy"),
                (Role, "AWS", "AROA00000000OTHERDEP0"),
                (Session, "AWS", "arn:aws:sts::222222222222:assumed-role/deploy/s1"),
            ],
            Caller::Service => vec![(Service, "Service", "lambda.amazonaws.com")],
            Caller::WebIdentity => vec![(
                Provider,
                "Federated",
                "arn:aws:iam::111111111111:oidc-provider/idp.example.com",
            )],
        };
        match account {
            Some("111111111111") => named.extend([
                (Account, "AWS", "111111111111"),
                (Account, "AWS", "arn:aws:iam::111111111111:root"),
            ]),
            Some(_) => named.extend([
                (Account, "AWS", "222222222222"),
                (Account, "AWS", "arn:aws:iam::222222222222:root"),
            ]),
            None => {}
        }
        Self { caller, account, named }
    }

    /// What `NotPrincipal` must list, all of it, to spare the caller: account, role and session,
    /// or whatever the caller has of these.
    fn whole(&self) -> Vec<Way> {
        let mut ways: Vec<Way> = self.named.iter().map(|(way, ..)| *way).collect();
        ways.retain(|way| *way != Way::UserOfFederation);
        ways.sort_unstable();
        ways.dedup();
        ways
    }
}

/// In which ways the principals of an element name the caller.
pub(crate) fn ways(principals: &Value, who: &Who) -> Vec<Way> {
    if principals == "*" {
        return vec![Way::Everyone];
    }
    let mut ways = Vec::new();
    for (kind, values) in principals.as_object().into_iter().flatten() {
        let one = std::slice::from_ref(values);
        for value in values.as_array().map_or(one, Vec::as_slice) {
            if kind == "AWS" && value == "*" {
                ways.push(Way::Everyone);
            }
            let value = value.as_str().unwrap_or_default();
            let same = |named: &str| value == named || is_same_session(value, named);
            let named = who.named.iter().filter(|(_, of, named)| of == kind && same(named));
            ways.extend(named.map(|(way, ..)| *way));
        }
    }
    ways
}

/// Whether `NotPrincipal` spares the caller.
pub(super) fn spares(principals: &Value, who: &Who) -> bool {
    let listed = ways(principals, who);
    let whole = who.whole();
    listed.contains(&Way::Everyone)
        || (!whole.is_empty() && whole.iter().all(|way| listed.contains(way)))
}

/// The role's name in the ARN of a session ignores case; the session's own does not.
fn is_same_session(value: &str, named: &str) -> bool {
    let parts = |text: &str| -> Option<(String, String, String)> {
        let (account, names) = text.split_once(":assumed-role/")?;
        let (role, session) = names.split_once('/')?;
        Some((account.to_owned(), folded(role), session.to_owned()))
    };
    parts(value).is_some() && parts(value) == parts(named)
}
