//! How a walk makes its calls.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{ACCOUNT, DEPLOYER, User, Walk};
use crate::conformance::call::{Call, Keys, Outcome, Who};
use crate::conformance::expect;

impl Walk {
    /// A user with an access key.
    pub(super) fn new_user(&mut self, name: &str) -> Result<User> {
        let user = self.as_root("iam", "CreateUser", json!({"UserName": name}))?;
        let arn = format!("arn:aws:iam::{ACCOUNT}:user/{name}");
        expect::equal("Arn", expect::text(&user, "/User/Arn")?, &arn)?;
        expect::equal("Path", expect::text(&user, "/User/Path")?, "/")?;
        let id = expect::unique_id(&user, "/User/UserId", "AIDA")?;

        let key = self.as_root("iam", "CreateAccessKey", json!({"UserName": name}))?;
        expect::equal("Status", expect::text(&key, "/AccessKey/Status")?, "Active")?;
        expect::equal("UserName", expect::text(&key, "/AccessKey/UserName")?, name)?;
        Ok(User { id, keys: expect::keys(&key, "/AccessKey", "AKIA")? })
    }

    pub(super) fn assume(&mut self, keys: &Keys, session_name: &str) -> Result<Outcome> {
        let input = json!({"RoleArn": DEPLOYER, "RoleSessionName": session_name});
        self.call(Who::Keys(keys), "sts", "AssumeRole", input)
    }

    pub(super) fn identity(&mut self, keys: &Keys) -> Result<Outcome> {
        self.call(Who::Keys(keys), "sts", "GetCallerIdentity", json!({}))
    }

    pub(super) fn as_root(
        &mut self,
        service: &str,
        operation: &str,
        input: Value,
    ) -> Result<Value> {
        let root = self.root.clone();
        let outcome = self.call(Who::Keys(&root), service, operation, input)?;
        expect::answer(outcome).with_context(|| operation.to_owned())
    }

    pub(super) fn call(
        &mut self,
        who: Who<'_>,
        service: &str,
        operation: &str,
        input: Value,
    ) -> Result<Outcome> {
        self.with.client.call(&Call { service, operation, input, who })
    }
}
