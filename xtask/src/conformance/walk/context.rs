//! A session on behalf of a user of IAM Identity Center.

use anyhow::Result;
use serde_json::{Value, json};

use super::policies::{document, joined};
use super::{ACCOUNT, Walk};
use crate::conformance::call::{Keys, Outcome, Who};
use crate::conformance::{expect, http};

impl Walk {
    /// The role is for one user. Whoever has a session on their behalf may do what AWS lets such sessions do.
    pub(super) fn provided_contexts(&mut self) -> Result<()> {
        let carol = self.carol()?;
        let user = json!({"StringEquals": {"sts:RequestContext/identitystore:UserId": USER}});
        let trust = json!({"Effect": "Allow", "Principal": {"AWS": ACCOUNT},
            "Action": ["sts:AssumeRole", "sts:SetContext"], "Condition": user});
        let role = json!({"RoleName": "on-behalf", "AssumeRolePolicyDocument": document(trust)});
        self.as_root("iam", "CreateRole", role)?;

        let refused = self.on_behalf(&carol, STRANGER)?;
        let message = "User: arn:aws:iam::000000000000:user/carol is not authorized to perform: sts:SetContext on \
                       resource: arn:aws:iam::000000000000:role/on-behalf";
        expect::refusal(refused, "AccessDenied", 403, message)?;
        let given = expect::answer(self.on_behalf(&carol, USER)?)?;
        let session = expect::keys(&given, "/Credentials", "ASIA")?;
        let told = expect::answer(self.identity(&session)?)?;
        let arn = "arn:aws:sts::000000000000:assumed-role/on-behalf/app";
        expect::equal("Arn", expect::text(&told, "/Arn")?, arn)?;

        let refused = self.call(Who::Keys(&session), "iam", "ListUsers", json!({}))?;
        let message = format!(
            "User: {arn} is not authorized to perform: iam:ListUsers on resource: arn:aws:iam::000000000000:user/ \
             with an explicit deny in a session policy: {ALLOW_LIST}"
        );
        expect::refusal(refused, "AccessDenied", 403, &message)
    }

    /// Assumes the role with what IAM Identity Center would assert of a user.
    fn on_behalf(&mut self, caller: &Keys, user: &str) -> Result<Outcome> {
        let wish = json!({"userId": user}).to_string();
        let headers = [("Host", self.address()), ("Content-Type", "application/json")];
        let target = "/_daypass/context-assertions";
        let told = http::send(self.address(), "POST", target, &headers, &wish)?.accepted()?;
        let told: Value = serde_json::from_str(&told)?;
        let context = json!({"ProviderArn": expect::text(&told, "/providerArn")?,
            "ContextAssertion": expect::text(&told, "/contextAssertion")?});
        let role = json!({"RoleArn": "arn:aws:iam::000000000000:role/on-behalf", "RoleSessionName": "app"});
        let input = joined(&role, &json!({"ProvidedContexts": [context]}));
        self.call(Who::Keys(caller), "sts", "AssumeRole", input)
    }
}

const USER: &str = "544894e8-80c1-707f-60e3-3ba6510dfac1";
const STRANGER: &str = "90677c6b-3f41-4b7d-9d0a-2f6c1e5a7b30";
/// What AWS bounds such sessions by.
const ALLOW_LIST: &str = "arn:aws:iam::aws:policy/AWSIAMIdentityCenterAllowListForIdentityContext";
