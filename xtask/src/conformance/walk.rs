//! The walk-through: what a newcomer does with AWS, and what AWS answers to each of it.

mod ask;
mod eks_token;
mod identity_providers;
mod mfa;
mod policies;
mod web_identity;

use anyhow::{Context, Result};
use serde_json::json;

use super::call::{Keys, Outcome, Who};
use super::expect;
use super::roster::Started;
use super::sandbox::Profiles;

/// One client's way through all steps.
pub(crate) struct Walk {
    with: Started,
    root: Keys,
    made: Made,
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
    ("create-role, attach-role-policy", Walk::create_role),
    ("assume-role as root", Walk::assume_role),
    ("the session is the role", Walk::session_is_role),
    ("the session may what the role may", Walk::session_may),
    ("another user is denied the role", Walk::denied_before),
    ("named in the trust policy: allowed", Walk::allowed_after),
    (PROFILE_STEP, Walk::profile),
    (EKS_STEP, Walk::eks_token),
    (WEB_IDENTITY_STEP, Walk::web_identity),
    ("a code of an MFA device", Walk::session_with_code),
    (PROMPT_STEP, Walk::prompted),
    ("an OIDC provider comes and goes", Walk::oidc_provider),
    ("a SAML provider comes and goes", Walk::saml_provider),
    ("each kind of policy gives", Walk::policies_give),
    ("the simulator foretells a boundary", Walk::simulate),
    ("a boundary cuts", Walk::boundary_cuts),
    ("a session policy cuts", Walk::session_policy_cuts),
    ("external id, across accounts", Walk::external_id),
    ("session tags decide", Walk::session_tags),
    ("a service control policy cuts", Walk::control_policy_cuts),
    ("the policies go as they came", Walk::delete_policies),
    ("delete-role ends its sessions", Walk::delete_role),
    ("delete-user ends its keys", Walk::delete_users),
];

/// The step that needs a client which knows profiles and takes its endpoint from the environment.
pub(crate) const PROFILE_STEP: &str = "role_arn + source_profile";

/// The step that needs a client which asks for codes at its terminal.
pub(crate) const PROMPT_STEP: &str = "mfa_serial: the prompt answered";

/// The step that needs the AWS CLI.
pub(crate) const EKS_STEP: &str = "eks get-token, replayed";

/// The step that needs a client of 2025 or later.
pub(crate) const WEB_IDENTITY_STEP: &str = "get-web-identity-token, verified";

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
    /// At the start, with the well-known keys.
    pub(crate) fn new(with: Started) -> Self {
        Self { with, root: Keys::long_term("test", "test"), made: Made::default() }
    }

    fn root_is_root(&mut self) -> Result<()> {
        let outcome = self.identity(&self.root.clone())?;
        expect::identity(outcome, "arn:aws:iam::000000000000:root", ACCOUNT)
    }

    fn wrong_secret(&mut self) -> Result<()> {
        let outcome = self.identity(&Keys::long_term("test", "tset"))?;
        expect::refusal(outcome, "SignatureDoesNotMatch", 403, MISMATCH)
    }

    fn create_user(&mut self) -> Result<()> {
        self.made.alice = Some(self.new_user("alice")?);
        let users = self.as_root("iam", "ListUsers", json!({}))?;
        expect::names(&users, "/Users", "UserName", &["alice"])
    }

    fn user_is_user(&mut self) -> Result<()> {
        let User { id, keys } = self.made.alice()?;
        let (id, keys) = (id.clone(), keys.clone());
        expect::identity(self.identity(&keys)?, ALICE, &id)
    }

    fn user_may_nothing(&mut self) -> Result<()> {
        let keys = self.made.alice()?.keys.clone();
        let outcome = self.call(Who::Keys(&keys), "iam", "ListUsers", json!({}))?;
        expect::refusal(
            outcome,
            "AccessDenied",
            403,
            "User: arn:aws:iam::000000000000:user/alice is not authorized to perform: iam:ListUsers on resource: \
             arn:aws:iam::000000000000:user/ because no identity-based policy allows the iam:ListUsers action",
        )
    }

    fn get_session_token(&mut self) -> Result<()> {
        let User { id, keys } = self.made.alice()?;
        let (id, keys) = (id.clone(), keys.clone());
        let outcome =
            self.call(Who::Keys(&keys), "sts", "GetSessionToken", json!({"DurationSeconds": 900}))?;
        let session = expect::keys(&expect::answer(outcome)?, "/Credentials", "ASIA")?;
        expect::identity(self.identity(&session)?, ALICE, &id)?;
        self.made.alice_session = Some(session);
        Ok(())
    }

    fn session_needs_its_token(&mut self) -> Result<()> {
        let session = self.made.alice_session.clone().context(EARLIER)?;
        let without = Keys { token: None, ..session.clone() };
        expect::refusal(self.identity(&without)?, "InvalidClientTokenId", 403, INVALID)?;

        let token = session.token.as_deref().map(|token| token.chars().rev().collect());
        expect::answer(self.identity(&session)?)?;
        match self.identity(&Keys { token, ..session })? {
            // AWS leaves out the full stop where it cannot read the token at all.
            Outcome::Refusal(refusal) => {
                expect::equal("error code", &refusal.code, "InvalidClientTokenId")?;
                expect::equal(
                    "message",
                    refusal.message.trim_end_matches('.'),
                    INVALID.trim_end_matches('.'),
                )
            }
            outcome => expect::refusal(outcome, "InvalidClientTokenId", 403, INVALID),
        }
    }

    fn create_role(&mut self) -> Result<()> {
        let trust = trust("arn:aws:iam::000000000000:root");
        let made = json!({"RoleName": "deployer", "AssumeRolePolicyDocument": trust});
        let role = self.as_root("iam", "CreateRole", made)?;
        expect::equal("Arn", expect::text(&role, "/Role/Arn")?, DEPLOYER)?;
        self.made.role_id = Some(expect::unique_id(&role, "/Role/RoleId", "AROA")?);

        self.as_root(
            "iam",
            "AttachRolePolicy",
            json!({"RoleName": "deployer", "PolicyArn": ADMINISTRATOR}),
        )?;
        let attached =
            self.as_root("iam", "ListAttachedRolePolicies", json!({"RoleName": "deployer"}))?;
        expect::names(&attached, "/AttachedPolicies", "PolicyArn", &[ADMINISTRATOR])
    }

    fn assume_role(&mut self) -> Result<()> {
        let root = self.root.clone();
        let answer = expect::answer(self.assume(&root, "walk")?)?;
        let role_id = self.made.role_id.as_deref().context(EARLIER)?;
        let user = |field| expect::text(&answer, field);
        expect::equal("Arn", user("/AssumedRoleUser/Arn")?, DEPLOYER_SESSION)?;
        expect::equal(
            "AssumedRoleId",
            user("/AssumedRoleUser/AssumedRoleId")?,
            &format!("{role_id}:walk"),
        )?;
        self.made.role_session = Some(expect::keys(&answer, "/Credentials", "ASIA")?);
        Ok(())
    }

    fn session_is_role(&mut self) -> Result<()> {
        let session = self.made.role_session.clone().context(EARLIER)?;
        let user_id = format!("{}:walk", self.made.role_id.as_deref().context(EARLIER)?);
        expect::identity(self.identity(&session)?, DEPLOYER_SESSION, &user_id)
    }

    fn session_may(&mut self) -> Result<()> {
        let session = self.made.role_session.clone().context(EARLIER)?;
        let outcome =
            self.call(Who::Keys(&session), "iam", "GetUser", json!({"UserName": "alice"}))?;
        let user = expect::answer(outcome)?;
        expect::equal("Arn", expect::text(&user, "/User/Arn")?, ALICE)?;
        expect::equal("UserId", expect::text(&user, "/User/UserId")?, &self.made.alice()?.id)
    }

    fn denied_before(&mut self) -> Result<()> {
        let bob = self.new_user("bob")?;
        let outcome = self.assume(&bob.keys, "bob")?;
        self.made.bob = Some(bob);
        expect::refusal(
            outcome,
            "AccessDenied",
            403,
            "User: arn:aws:iam::000000000000:user/bob is not authorized to perform: sts:AssumeRole on resource: \
             arn:aws:iam::000000000000:role/deployer",
        )
    }

    fn allowed_after(&mut self) -> Result<()> {
        let keys = self.made.bob.as_ref().context(EARLIER)?.keys.clone();
        let document = trust("arn:aws:iam::000000000000:user/bob");
        self.as_root(
            "iam",
            "UpdateAssumeRolePolicy",
            json!({"RoleName": "deployer", "PolicyDocument": document}),
        )?;
        let allow = json!({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": DEPLOYER}]});
        let put = json!({"UserName": "bob", "PolicyName": "may-deploy", "PolicyDocument": allow.to_string()});
        self.as_root("iam", "PutUserPolicy", put)?;

        let answer = expect::answer(self.assume(&keys, "walk")?)?;
        let session = expect::keys(&answer, "/Credentials", "ASIA")?;
        let user_id = format!("{}:walk", self.made.role_id.as_deref().context(EARLIER)?);
        expect::identity(self.identity(&session)?, DEPLOYER_SESSION, &user_id)
    }

    fn profile(&mut self) -> Result<()> {
        let keys = self.made.bob.as_ref().context(EARLIER)?.keys.clone();
        self.with.sandbox.write_profiles(&Profiles {
            source: "bob",
            keys: &keys,
            profile: "deploy",
            role_arn: DEPLOYER,
            session_name: "from-profile",
            mfa_serial: None,
        })?;
        let outcome = self.call(Who::Profile("deploy"), "sts", "GetCallerIdentity", json!({}))?;
        let user_id = format!("{}:from-profile", self.made.role_id.as_deref().context(EARLIER)?);
        expect::identity(
            outcome,
            "arn:aws:sts::000000000000:assumed-role/deployer/from-profile",
            &user_id,
        )
    }

    fn delete_role(&mut self) -> Result<()> {
        let session = self.made.role_session.clone().context(EARLIER)?;
        self.as_root(
            "iam",
            "DetachRolePolicy",
            json!({"RoleName": "deployer", "PolicyArn": ADMINISTRATOR}),
        )?;
        expect::answer(self.identity(&session)?)?;
        self.as_root("iam", "DeleteRole", json!({"RoleName": "deployer"}))?;
        expect::refusal(self.identity(&session)?, "InvalidClientTokenId", 403, INVALID)
    }

    fn delete_users(&mut self) -> Result<()> {
        let alice = self.made.alice()?.keys.clone();
        let bob = self.made.bob.as_ref().context(EARLIER)?.keys.clone();
        let root = self.root.clone();
        let early =
            self.call(Who::Keys(&root), "iam", "DeleteUser", json!({"UserName": "alice"}))?;
        expect::refusal(
            early,
            "DeleteConflict",
            409,
            "Cannot delete entity, must delete access keys first.",
        )?;

        self.as_root(
            "iam",
            "DeleteUserPolicy",
            json!({"UserName": "bob", "PolicyName": "may-deploy"}),
        )?;
        for (name, keys) in [("alice", &alice), ("bob", &bob)] {
            self.as_root(
                "iam",
                "DeleteAccessKey",
                json!({"UserName": name, "AccessKeyId": keys.id}),
            )?;
            self.as_root("iam", "DeleteUser", json!({"UserName": name}))?;
            expect::refusal(self.identity(keys)?, "InvalidClientTokenId", 403, INVALID)?;
        }
        let gone = self.call(Who::Keys(&root), "iam", "GetUser", json!({"UserName": "alice"}))?;
        expect::refusal(gone, "NoSuchEntity", 404, "The user with name alice cannot be found.")?;
        let users = self.as_root("iam", "ListUsers", json!({}))?;
        expect::names(&users, "/Users", "UserName", &[])
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
const MISMATCH: &str = "The request signature we calculated does not match the signature you provided. Check your \
                        AWS Secret Access Key and signing method. Consult the service documentation for details.";
const EARLIER: &str = "an earlier step did not make what this one needs";
