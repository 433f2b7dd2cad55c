use daypass_ident::{AccountId, Principal, Secret};
use serde::{Deserialize, Serialize};

/// What somebody asks to be let do for a while in another's account (IAM User Guide, "IAM temporary
/// delegation").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DelegationRequestRecord {
    /// Unique among all accounts.
    pub id: String,
    /// The account that asks.
    pub requestor: AccountId,
    /// What the requestor knows the request by; no two requests of an account have the same.
    pub workflow_id: String,
    /// What is asked for, to be read by those who decide.
    pub description: String,
    /// Why it is asked for this time.
    pub message: Option<String>,
    /// Where those who decide find their way back to.
    pub redirect_url: Option<String>,
    /// Where the requestor hears of the request.
    pub notification_channel: String,
    /// How long the delegated session lasts from when its token is sent, in seconds.
    pub session_seconds: i32,
    /// Whether nobody but the owner may send the token.
    pub only_send_by_owner: bool,
    /// The template of the permissions.
    pub template_arn: String,
    /// What was put into the template.
    pub parameters: Vec<DelegationParameter>,
    /// The template with the parameters in it: all that the session may do at most.
    pub permission_policy: String,
    /// The account that is asked; `None` while it may be any.
    pub owner_account: Option<AccountId>,
    /// The ARN of whoever has taken charge of the request.
    pub owner: Option<String>,
    /// How far it has come.
    pub stage: DelegationStage,
    /// Unix seconds.
    pub create_date: i64,
    /// When it last changed; unix seconds.
    pub update_date: i64,
    /// The owner's notes for those who decide.
    pub notes: Option<String>,
    /// Why it was rejected.
    pub rejection_reason: Option<String>,
    /// Who accepted it: as whom the delegated session acts.
    pub approver: Option<Principal>,
    /// What the requestor gets credentials for, once it is sent.
    pub trade_in_token: Option<Secret<String>>,
}

/// One parameter of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DelegationParameter {
    /// Its name, as in `@{name}`.
    pub name: String,
    /// Its values: of a string, one.
    pub values: Vec<String>,
    /// Whether it is a list.
    pub is_list: bool,
}

/// How far a request has come. That it has expired is a question of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DelegationStage {
    /// Nobody has taken charge of it.
    Unassigned,
    /// It has an owner.
    Assigned,
    /// Its owner leaves the decision to somebody else.
    PendingApproval,
    /// It is accepted, and the token is not sent.
    Accepted,
    /// The token is sent.
    Finalized,
    /// It is rejected.
    Rejected,
}

impl DelegationRequestRecord {
    /// When the request expires if nothing changes, in Unix seconds: a day after it was made as long
    /// as it has no owner, else seven days after its last change.
    #[must_use]
    pub fn expires_at(&self) -> i64 {
        let days = if self.stage == DelegationStage::Unassigned { 1 } else { 7 };
        self.update_date.saturating_add(days * DAY)
    }

    /// Whether it has expired at `now`, in Unix seconds.
    #[must_use]
    pub fn is_expired(&self, now: i64) -> bool {
        now >= self.expires_at()
    }

    /// When the delegated session ends, in Unix seconds; `None` until its token is sent.
    #[must_use]
    pub fn session_ends_at(&self) -> Option<i64> {
        let is_sent = self.stage == DelegationStage::Finalized;
        is_sent.then(|| self.update_date.saturating_add(i64::from(self.session_seconds)))
    }
}

const DAY: i64 = 86_400;
