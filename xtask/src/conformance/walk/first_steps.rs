//! Users, roles and their sessions: where a newcomer begins, and how they tidy up.

use anyhow::{Context, Result};
use serde_json::json;

use super::{
    ACCOUNT, ADMINISTRATOR, ALICE, DEPLOYER, DEPLOYER_SESSION, EARLIER, INVALID, User, Walk, trust,
};
use crate::conformance::call::{Keys, Outcome, Who};
use crate::conformance::expect;

impl Walk {
    pub(super) fn root_is_root(&mut self) -> Result<()> {
        let outcome = self.identity(&self.root.clone())?;
        expect::identity(outcome, "arn:aws:iam::000000000000:root", ACCOUNT)
    }

    pub(super) fn wrong_secret(&mut self) -> Result<()> {
        let outcome = self.identity(&Keys::long_term("test", "tset"))?;
        expect::refusal(outcome, "SignatureDoesNotMatch", 403, MISMATCH)
    }

    pub(super) fn create_user(&mut self) -> Result<()> {
        self.made.alice = Some(self.new_user("alice")?);
        let users = self.as_root("iam", "ListUsers", json!({}))?;
        expect::names(&users, "/Users", "UserName", &["alice"])
    }

    pub(super) fn user_is_user(&mut self) -> Result<()> {
        let User { id, keys } = self.made.alice()?;
        let (id, keys) = (id.clone(), keys.clone());
        expect::identity(self.identity(&keys)?, ALICE, &id)
    }

    pub(super) fn user_may_nothing(&mut self) -> Result<()> {
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

    pub(super) fn get_session_token(&mut self) -> Result<()> {
        let User { id, keys } = self.made.alice()?;
        let (id, keys) = (id.clone(), keys.clone());
        let outcome =
            self.call(Who::Keys(&keys), "sts", "GetSessionToken", json!({"DurationSeconds": 900}))?;
        let session = expect::keys(&expect::answer(outcome)?, "/Credentials", "ASIA")?;
        expect::identity(self.identity(&session)?, ALICE, &id)?;
        self.made.alice_session = Some(session);
        Ok(())
    }

    pub(super) fn session_needs_its_token(&mut self) -> Result<()> {
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

    pub(super) fn create_role(&mut self) -> Result<()> {
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

    pub(super) fn assume_role(&mut self) -> Result<()> {
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

    pub(super) fn session_is_role(&mut self) -> Result<()> {
        let session = self.made.role_session.clone().context(EARLIER)?;
        let user_id = format!("{}:walk", self.made.role_id.as_deref().context(EARLIER)?);
        expect::identity(self.identity(&session)?, DEPLOYER_SESSION, &user_id)
    }

    pub(super) fn session_may(&mut self) -> Result<()> {
        let session = self.made.role_session.clone().context(EARLIER)?;
        let outcome =
            self.call(Who::Keys(&session), "iam", "GetUser", json!({"UserName": "alice"}))?;
        let user = expect::answer(outcome)?;
        expect::equal("Arn", expect::text(&user, "/User/Arn")?, ALICE)?;
        expect::equal("UserId", expect::text(&user, "/User/UserId")?, &self.made.alice()?.id)
    }

    pub(super) fn denied_before(&mut self) -> Result<()> {
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

    pub(super) fn allowed_after(&mut self) -> Result<()> {
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

    pub(super) fn profile(&mut self) -> Result<()> {
        let keys = self.made.bob.as_ref().context(EARLIER)?.keys.clone();
        self.with.sandbox.write_profiles(&[
            ("bob", &[("aws_access_key_id", &keys.id), ("aws_secret_access_key", &keys.secret)]),
            (
                "deploy",
                &[
                    ("role_arn", DEPLOYER),
                    ("source_profile", "bob"),
                    ("role_session_name", "from-profile"),
                ],
            ),
        ])?;
        let outcome = self.identity_of(Who::Profile("deploy"))?;
        let user_id = format!("{}:from-profile", self.made.role_id.as_deref().context(EARLIER)?);
        expect::identity(
            outcome,
            "arn:aws:sts::000000000000:assumed-role/deployer/from-profile",
            &user_id,
        )
    }

    pub(super) fn delete_role(&mut self) -> Result<()> {
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

    pub(super) fn delete_users(&mut self) -> Result<()> {
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

const MISMATCH: &str = "The request signature we calculated does not match the signature you provided. Check your \
                        AWS Secret Access Key and signing method. Consult the service documentation for details.";
