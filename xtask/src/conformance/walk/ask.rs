//! How a walk makes its calls.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{ACCOUNT, DEPLOYER, User, Walk};
use crate::conformance::call::{Call, Keys, Outcome, Who};
use crate::conformance::{expect, http};

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
        self.identity_of(Who::Keys(keys))
    }

    pub(super) fn identity_of(&mut self, who: Who<'_>) -> Result<Outcome> {
        self.call(who, "sts", "GetCallerIdentity", json!({}))
    }

    pub(super) fn as_root(
        &mut self,
        service: &str,
        operation: &str,
        input: Value,
    ) -> Result<Value> {
        let root = self.root.clone();
        self.answered(&root, service, operation, input)
    }

    /// The answer to whoever holds the keys.
    pub(super) fn answered(
        &mut self,
        keys: &Keys,
        service: &str,
        operation: &str,
        input: Value,
    ) -> Result<Value> {
        let outcome = self.call(Who::Keys(keys), service, operation, input)?;
        expect::answer(outcome).with_context(|| operation.to_owned())
    }

    pub(super) fn call(
        &mut self,
        who: Who<'_>,
        service: &str,
        operation: &str,
        input: Value,
    ) -> Result<Outcome> {
        let outcome = self.with.client.call(&Call { service, operation, input, who })?;
        if matches!(outcome, Outcome::Answer(_)) {
            self.answered.insert(operation.to_owned());
        }
        Ok(outcome)
    }

    /// Changes the service clock.
    pub(super) fn clock(&self, change: &str) -> Result<()> {
        let target = format!("/_daypass/clock/{change}");
        http::post_form(self.address(), &target, "")?.accepted().map(drop)
    }

    /// The time of the service clock, in seconds since 1970.
    pub(super) fn now(&self) -> Result<u64> {
        let told = http::get(self.address(), "/_daypass/clock")?.accepted()?;
        let told: Value = serde_json::from_str(&told)?;
        told.get("epochSeconds").and_then(Value::as_u64).context("the clock tells no time")
    }

    /// Host and port of daypass.
    pub(super) fn address(&self) -> &str {
        self.with.sandbox.endpoint().trim_start_matches("http://")
    }
}
