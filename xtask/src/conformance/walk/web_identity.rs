//! A token that says who its caller is, shown to somebody who verifies it with PyJWT.

use std::io::Write;
use std::process::{Output, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::{ACCOUNT, Walk};
use crate::conformance::expect;

impl Walk {
    /// Makes a token with each algorithm, and shows each to its audience and to another.
    pub(super) fn web_identity(&mut self) -> Result<()> {
        let enabled = self.as_root("iam", "EnableOutboundWebIdentityFederation", json!({}))?;
        let issuer = expect::text(&enabled, "/IssuerIdentifier")?;
        let info = self.as_root("iam", "GetOutboundWebIdentityFederationInfo", json!({}))?;
        expect::equal("issuer", expect::text(&info, "/IssuerIdentifier")?, issuer)?;
        for algorithm in ["RS256", "ES384"] {
            let input = json!({
                "Audience": ["https://api.example.com"],
                "SigningAlgorithm": algorithm,
                "Tags": [{"Key": "job", "Value": "42"}],
            });
            let made = self.as_root("sts", "GetWebIdentityToken", input)?;
            let token = expect::text(&made, "/WebIdentityToken")?;

            let verified = self.verify(token, issuer, "https://api.example.com")?;
            let complaint = String::from_utf8_lossy(&verified.stderr);
            ensure!(verified.status.success(), "{algorithm} is not verified: {complaint}");
            let claims: Value = serde_json::from_slice(&verified.stdout)?;
            expect::equal("sub", expect::text(&claims, "/sub")?, ROOT)?;
            let of_aws = claims.get("https://sts.amazonaws.com/").context("no claims of AWS's")?;
            expect::equal("account", expect::text(of_aws, "/aws_account")?, ACCOUNT)?;
            expect::equal("tag", expect::text(of_aws, "/request_tags/job")?, "42")?;

            let refused = self.verify(token, issuer, "https://other.example.com")?;
            let complaint = String::from_utf8_lossy(&refused.stderr);
            ensure!(complaint.contains("InvalidAudienceError"), "not refused: {complaint}");
        }
        self.as_root("iam", "DisableOutboundWebIdentityFederation", json!({}))?;
        Ok(())
    }

    fn verify(&self, token: &str, issuer: &str, audience: &str) -> Result<Output> {
        let verifier = self.with.assistant.as_ref().context("there is no Python with PyJWT")?;
        let mut command = verifier.script("verify_web_identity.py", &self.with.sandbox);
        command.args([issuer, audience]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().context("the verifier cannot be started")?;
        let mut input = process.stdin.take().context("the verifier has no standard input")?;
        input.write_all(token.as_bytes())?;
        drop(input);
        Ok(process.wait_with_output()?)
    }
}

const ROOT: &str = "arn:aws:iam::000000000000:root";
