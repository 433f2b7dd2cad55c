//! The rest of STS: whom a broker names, the root user of a member, and what is told about keys and denials.

use anyhow::{Context, Result, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::{ACCOUNT, ALICE, INVALID, Walk, policies};
use crate::conformance::call::{Keys, Who};
use crate::conformance::generate::{Algorithm, Form, Unsigned};
use crate::conformance::{expect, http, rust_signer};

impl Walk {
    pub(super) fn federation_token(&mut self) -> Result<()> {
        let carol = self.carol()?;
        let policy = json!({"Effect": "Allow", "Action": "iam:ListUsers", "Resource": "*"});
        let input =
            json!({"Name": "guest", "Policy": policies::document(policy), "DurationSeconds": 900});
        let given = self.answered(&carol, "sts", "GetFederationToken", input.clone())?;
        expect::equal("Arn", expect::text(&given, "/FederatedUser/Arn")?, GUEST)?;
        let size = given.pointer("/PackedPolicySize").and_then(Value::as_u64);
        ensure!(size.is_some_and(|size| (1..=100).contains(&size)), "packed size {size:?}");
        let guest = expect::keys(&given, "/Credentials", "ASIA")?;
        expect::identity(self.identity(&guest)?, GUEST, "000000000000:guest")?;

        // Whatever its policy says, IAM is not for such sessions.
        let refused = self.call(Who::Keys(&guest), "iam", "ListUsers", json!({}))?;
        expect::refusal(refused, "InvalidClientTokenId", 403, INVALID)?;
        let refused = self.call(Who::Keys(&guest), "sts", "GetFederationToken", input)?;
        let message = "Cannot call GetFederationToken with session credentials";
        expect::refusal(refused, "AccessDenied", 403, message)
    }

    pub(super) fn access_key_info(&mut self) -> Result<()> {
        let alice = self.made.alice_session.clone().context(super::EARLIER)?;
        for (id, account) in [("AKIADORA000000000000", "222233334444"), (&alice.id, ACCOUNT)] {
            let told = self.as_root("sts", "GetAccessKeyInfo", json!({"AccessKeyId": id}))?;
            expect::equal("Account", expect::text(&told, "/Account")?, account)?;
        }
        Ok(())
    }

    /// The message comes with a denial, in a header that clients keep to themselves.
    pub(super) fn decode_message(&mut self) -> Result<()> {
        let alice = self.made.alice()?.keys.clone();
        let message = self.denial_of(&alice)?;
        let encoded = json!({"EncodedMessage": message});
        let told = self.as_root("sts", "DecodeAuthorizationMessage", encoded)?;
        let told: Value = serde_json::from_str(expect::text(&told, "/DecodedMessage")?)?;
        ensure!(told.get("allowed") == Some(&json!(false)), "{told}");
        expect::equal("principal", expect::text(&told, "/context/principal/arn")?, ALICE)?;
        expect::equal("action", expect::text(&told, "/context/action")?, "iam:ListUsers")?;

        let root = self.root.clone();
        let garbled = json!({"EncodedMessage": message.chars().rev().collect::<String>()});
        let refused = self.call(Who::Keys(&root), "sts", "DecodeAuthorizationMessage", garbled)?;
        expect::refusal(
            refused,
            "InvalidAuthorizationMessageException",
            400,
            "Message is not valid",
        )
    }

    /// The management account audits a member as that one's root user.
    pub(super) fn assume_root(&mut self) -> Result<()> {
        let carol = self.carol()?;
        let enabled = self.as_root("iam", "EnableOrganizationsRootSessions", json!({}))?;
        let features = enabled.pointer("/EnabledFeatures");
        ensure!(features == Some(&json!(["RootSessions"])), "{enabled}");
        let input = json!({"TargetPrincipal": policies::OTHER, "TaskPolicyArn": {"arn": AUDIT}});
        let given = self.answered(&carol, "sts", "AssumeRoot", input)?;
        let auditor = expect::keys(&given, "/Credentials", "ASIA")?;
        let told = expect::answer(self.identity(&auditor)?)?;
        let root = format!("arn:aws:iam::{}:root", policies::OTHER);
        expect::equal("Arn", expect::text(&told, "/Arn")?, &root)?;
        expect::equal("Account", expect::text(&told, "/Account")?, policies::OTHER)?;

        let keys = self.answered(&auditor, "iam", "ListAccessKeys", json!({}))?;
        expect::names(&keys, "/AccessKeyMetadata", "AccessKeyId", &[])?;
        let refused = self.call(Who::Keys(&auditor), "iam", "ListUsers", json!({}))?;
        let message = format!(
            "User: {root} is not authorized to perform: iam:ListUsers on resource: \
             arn:aws:iam::111122223333:user/ with an explicit deny in a session policy: {AUDIT}"
        );
        expect::refusal(refused, "AccessDenied", 403, &message)?;
        self.as_root("iam", "DisableOrganizationsRootSessions", json!({})).map(drop)
    }

    /// The encoded message of a denial of `iam:ListUsers`.
    fn denial_of(&self, keys: &Keys) -> Result<String> {
        let body = "Action=ListUsers&Version=2010-05-08";
        let content_type = "application/x-www-form-urlencoded; charset=utf-8";
        let headers = [("Host", self.address()), ("Content-Type", content_type)];
        let signed = rust_signer::signed(&Unsigned {
            algorithm: Algorithm::V4,
            form: Form::Header,
            method: "POST",
            path: "/".to_owned(),
            query: Vec::new(),
            headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
            body_b64: STANDARD.encode(body),
            akid: keys.id.clone(),
            secret: keys.secret.clone(),
            token: keys.token.clone(),
            region: "us-east-1",
            service: "iam",
            time: self.now()?,
        })?;
        let headers = signed.get("headers").context("no headers")?.clone();
        let headers: Vec<(String, String)> = serde_json::from_value(headers)?;
        let denied = http::send(self.address(), "POST", "/", &headers, body)?;
        ensure!(denied.status == 403, "not denied: {denied:?}");
        let message = denied.header("x-daypass-authorization-message");
        Ok(message.with_context(|| format!("no message in {denied:?}"))?.to_owned())
    }
}

const GUEST: &str = "arn:aws:sts::000000000000:federated-user/guest";
const AUDIT: &str = "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials";
