//! The walk-through: what a newcomer does with AWS, and what AWS answers to each of it.

mod all_of_iam;
mod ask;
mod chain;
mod context;
mod coverage;
mod delegation;
mod eks_token;
mod federated;
mod first_steps;
mod identity_providers;
mod mfa;
mod mfa_device;
mod policies;
mod sessions;
mod web_identity;

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::{Context, Result};
use serde_json::json;

use super::call::Keys;
use super::idp::Idp;
use super::roster::Started;

/// One client's way through all steps.
pub(crate) struct Walk {
    with: Started,
    idp: Arc<Idp>,
    root: Keys,
    made: Made,
    /// The operations that were answered, and not refused, to somebody.
    answered: BTreeSet<String>,
    /// Whether the client tries all of IAM.
    is_complete: bool,
}

/// A step, and its title in the table.
pub(crate) type Step = (&'static str, fn(&mut Walk) -> Result<()>);

/// The steps in order. Each may need what those before it made.
pub(crate) const STEPS: &[Step] = &[
    ("root is root", Walk::root_is_root),
    ("a wrong secret is refused", Walk::wrong_secret),
    ("create-user, create-access-key", Walk::create_user),
    ("the user is the user", Walk::user_is_user),
    ("a user without policies may nothing", Walk::user_may_nothing),
    ("get-session-token", Walk::get_session_token),
    ("a session needs its own token", Walk::session_needs_its_token),
    ("get-access-key-info", Walk::access_key_info),
    ("decode-authorization-message", Walk::decode_message),
    ("create-role, attach-role-policy", Walk::create_role),
    ("assume-role as root", Walk::assume_role),
    ("the session is the role", Walk::session_is_role),
    ("the session may what the role may", Walk::session_may),
    ("another user is denied the role", Walk::denied_before),
    ("named in the trust policy: allowed", Walk::allowed_after),
    (PROFILE_STEP, Walk::profile),
    (EKS_STEP, Walk::eks_token),
    (WEB_IDENTITY_STEP, Walk::web_identity),
    ("an OIDC provider comes and goes", Walk::oidc_provider),
    ("a SAML provider comes and goes", Walk::saml_provider),
    ("assume-role-with-web-identity", Walk::with_web_identity),
    (TOKEN_FILE_STEP, Walk::token_file),
    ("a SAML sign-in, kept in a profile", Walk::with_saml),
    ("a code of an MFA device", Walk::session_with_code),
    (PROMPT_STEP, Walk::prompted),
    (CODE_STEP, Walk::providers_in_code),
    ("an MFA device comes and goes", Walk::mfa_device),
    ("each kind of policy gives", Walk::policies_give),
    ("what is no policy is not saved", Walk::documents_refused),
    ("the simulator foretells a boundary", Walk::simulate),
    ("a boundary cuts", Walk::boundary_cuts),
    ("a session policy cuts", Walk::session_policy_cuts),
    ("external id, across accounts", Walk::external_id),
    ("session tags decide", Walk::session_tags),
    ("tags along a chain of three roles", Walk::tags_along_a_chain),
    (CHAIN_STEP, Walk::chain_of_profiles),
    (RENEWAL_STEP, Walk::renewal),
    ("get-federation-token", Walk::federation_token),
    (ASSUME_ROOT_STEP, Walk::assume_root),
    (DELEGATION_STEP, Walk::delegation),
    (CONTEXT_STEP, Walk::provided_contexts),
    ("a service control policy cuts", Walk::control_policy_cuts),
    ("the policies go as they came", Walk::delete_policies),
    ("delete-role ends its sessions", Walk::delete_role),
    ("delete-user ends its keys", Walk::delete_users),
    (IAM_STEP, Walk::all_of_iam),
    ("no operation was left out", Walk::nothing_left_out),
];

/// The steps that need a client which knows profiles and takes its endpoint from the environment.
pub(crate) const PROFILE_STEP: &str = "role_arn + source_profile";
pub(crate) const CHAIN_STEP: &str = "source_profile, three deep";
pub(crate) const RENEWAL_STEP: &str = "a session is renewed by its client";
pub(crate) const TOKEN_FILE_STEP: &str = "web_identity_token_file";

/// The step that needs a client which asks for codes, at its terminal or of its program.
pub(crate) const PROMPT_STEP: &str = "mfa_serial: the prompt answered";

/// The step that needs a client which is a library.
pub(crate) const CODE_STEP: &str = "credential providers set up in code";

/// The step that is for libraries: a command line would take minutes for it.
pub(crate) const IAM_STEP: &str = "a round trip of all of IAM";

/// The step that needs the AWS CLI.
pub(crate) const EKS_STEP: &str = "eks get-token, replayed";

/// The steps that need a client of 2025 or later.
pub(crate) const WEB_IDENTITY_STEP: &str = "get-web-identity-token, verified";
pub(crate) const ASSUME_ROOT_STEP: &str = "assume-root";
pub(crate) const DELEGATION_STEP: &str = "get-delegated-access-token";
pub(crate) const CONTEXT_STEP: &str = "on behalf of a user of Identity Center";

/// What the steps made for those after them.
#[derive(Default)]
struct Made {
    alice: Option<User>,
    bob: Option<User>,
    alice_session: Option<Keys>,
    role_id: Option<String>,
    role_session: Option<Keys>,
    carol: Option<Keys>,
}

struct User {
    id: String,
    keys: Keys,
}

impl Walk {
    /// How many operations were answered to somebody.
    pub(crate) fn count(&self) -> usize {
        self.answered.len()
    }

    /// At the start, with the well-known keys.
    pub(crate) fn new(with: Started, idp: Arc<Idp>) -> Self {
        let (root, made) = (Keys::long_term("test", "test"), Made::default());
        Self { with, idp, root, made, answered: BTreeSet::new(), is_complete: false }
    }
}

impl Made {
    fn alice(&self) -> Result<&User> {
        self.alice.as_ref().context(EARLIER)
    }
}

/// A trust policy for one principal.
fn trust(principal: &str) -> String {
    json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}]})
    .to_string()
}

/// What the walk starts with: an organization of the account of the well-known keys, and a member; in an
/// account of its own, a user with MFA devices.
pub(crate) const SEED: &str = r#"
[[organizations]]
management_account = "000000000000"
id = "o-a1b2c3d4e5"
root_id = "r-f6g7"
accounts = ["111122223333"]

[[organizations.service_control_policies]]
name = "no-users"
targets = ["111122223333"]
document = '{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "iam:CreateUser", "Resource": "*"}}'

[[accounts]]
id = "222233334444"

[[accounts.users]]
name = "dora"
access_keys = [{ id = "AKIADORA000000000000", secret = "a-secret-of-doras" }]
mfa_devices = [
    { name = "phone", seed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" },
    { name = "tablet", seed = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" },
]
[accounts.users.inline_policies]
with-code = '''{"Version": "2012-10-17", "Statement": {"Effect": "Allow",
    "Action": ["iam:ListMFADevices", "sts:AssumeRole"], "Resource": "*",
    "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}'''

[[accounts.roles]]
name = "break-glass"
trust_policy = '''{"Version": "2012-10-17", "Statement": {"Effect": "Allow",
    "Principal": {"AWS": "222233334444"}, "Action": "sts:AssumeRole",
    "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}'''
"#;

/// The account of the well-known keys.
pub(crate) const ACCOUNT: &str = "000000000000";

const ALICE: &str = "arn:aws:iam::000000000000:user/alice";
const DEPLOYER: &str = "arn:aws:iam::000000000000:role/deployer";
const DEPLOYER_SESSION: &str = "arn:aws:sts::000000000000:assumed-role/deployer/walk";
const ADMINISTRATOR: &str = "arn:aws:iam::aws:policy/AdministratorAccess";
const INVALID: &str = "The security token included in the request is invalid.";
const EARLIER: &str = "an earlier step did not make what this one needs";
