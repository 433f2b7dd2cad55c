//! Codes of MFA devices: given in a call, at a prompt, and to a provider that asks for one.

use anyhow::Result;
use serde_json::{Value, json};
use totp_rs::{Secret, Totp};

use super::{INVALID, Walk};
use crate::conformance::call::{Keys, Maker, Outcome, Who};
use crate::conformance::expect;

impl Walk {
    /// A session of Dora's with a code, and one without.
    pub(super) fn session_with_code(&mut self) -> Result<()> {
        let dora = dora();
        let plain = self.answered(&dora, "sts", "GetSessionToken", json!({}))?;
        let plain = expect::keys(&plain, "/Credentials", "ASIA")?;
        let refused = self.call(Who::Keys(&plain), "iam", "ListMFADevices", json!({}))?;
        expect::refusal(refused, "InvalidClientTokenId", 403, INVALID)?;

        let code = code(PHONE_SEED, self.now()?)?;
        let with_code = json!({"SerialNumber": PHONE, "TokenCode": code});
        let session = self.answered(&dora, "sts", "GetSessionToken", with_code.clone())?;
        let session = expect::keys(&session, "/Credentials", "ASIA")?;
        let listed = self.answered(&session, "iam", "ListMFADevices", json!({}))?;
        expect::names(&listed, "/MFADevices", "SerialNumber", &[PHONE, TABLET])?;

        self.refused_code(&dora, with_code)?;
        let not_hers = "arn:aws:iam::222233334444:mfa/nobody";
        let unknown = json!({"SerialNumber": not_hers, "TokenCode": code});
        let refused = self.call(Who::Keys(&dora), "sts", "GetSessionToken", unknown)?;
        expect::refusal(refused, "AccessDenied", 403, UNKNOWN)
    }

    /// A profile with `mfa_serial`: the client asks for the code.
    pub(super) fn prompted(&mut self) -> Result<()> {
        let dora = dora();
        self.with.sandbox.write_profiles(&[
            ("dora", &[("aws_access_key_id", &dora.id), ("aws_secret_access_key", &dora.secret)]),
            (
                "break-glass",
                &[
                    ("role_arn", BREAK_GLASS),
                    ("source_profile", "dora"),
                    ("role_session_name", "fire"),
                    ("mfa_serial", TABLET),
                ],
            ),
        ])?;
        let answer = code(TABLET_SEED, self.now()?)?;
        let prompt = format!("Enter MFA code for {TABLET}: ");
        let who = Who::Prompted { profile: "break-glass", prompt: &prompt, answer: &answer };
        let told = expect::answer(self.identity_of(who)?)?;
        expect::equal("Arn", expect::text(&told, "/Arn")?, &session("fire"))
    }

    /// Providers without a profile, that a program sets up: one shows a token, one asks it for a code.
    pub(super) fn providers_in_code(&mut self) -> Result<()> {
        self.token_in_code()?;
        self.code_in_code()
    }

    fn code_in_code(&mut self) -> Result<()> {
        let dora = dora();
        // By then the tablet shows another code than at the prompt.
        self.clock("advance?seconds=60")?;
        let answer = code(TABLET_SEED, self.now()?)?;
        let input =
            json!({"RoleArn": BREAK_GLASS, "RoleSessionName": "flood", "SerialNumber": TABLET});
        let (maker, keys) = (Maker::AssumeRole, Some(&dora));
        let who = Who::Made { maker, input: &input, keys, answer: Some(&answer) };
        let outcome = self.identity_of(who)?;
        self.clock("release")?;
        let told = expect::answer(outcome)?;
        expect::equal("Arn", expect::text(&told, "/Arn")?, &session("flood"))
    }

    /// AWS ends the sentence with a space, which not every client keeps.
    pub(super) fn refused_code(&mut self, keys: &Keys, input: Value) -> Result<()> {
        let mut outcome = self.call(Who::Keys(keys), "sts", "GetSessionToken", input)?;
        if let Outcome::Refusal(refusal) = &mut outcome {
            refusal.message.truncate(refusal.message.trim_end().len());
        }
        expect::refusal(outcome, "AccessDenied", 403, REFUSED)
    }
}

/// What an authenticator shows at a time.
pub(super) fn code(seed: &str, now: u64) -> Result<String> {
    let secret = Secret::try_from_base32(seed).map_err(|error| anyhow::anyhow!("{error}"))?;
    let totp: Totp = totp_rs::Builder::new().with_secret(secret).build_noncompliant();
    Ok(totp.generate(now).to_string())
}

/// A user of the [`SEED`](super::SEED).
fn dora() -> Keys {
    Keys::long_term("AKIADORA000000000000", "a-secret-of-doras")
}

fn session(name: &str) -> String {
    format!("arn:aws:sts::222233334444:assumed-role/break-glass/{name}")
}

const BREAK_GLASS: &str = "arn:aws:iam::222233334444:role/break-glass";
const PHONE: &str = "arn:aws:iam::222233334444:mfa/phone";
const PHONE_SEED: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
const TABLET: &str = "arn:aws:iam::222233334444:mfa/tablet";
const TABLET_SEED: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const REFUSED: &str = "MultiFactorAuthentication failed with invalid MFA one time pass code.";
const UNKNOWN: &str = "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial \
                       number is valid and associated with this user.";
