//! Codes of MFA devices, given in a call and at the AWS CLI's prompt.

use anyhow::Result;
use serde_json::{Value, json};
use totp_rs::{Secret, Totp};

use super::{INVALID, Walk};
use crate::conformance::call::{Keys, Outcome, Who};
use crate::conformance::expect;
use crate::conformance::sandbox::Profiles;

impl Walk {
    /// A session of Dora's with a code, and one without.
    pub(super) fn session_with_code(&mut self) -> Result<()> {
        let dora = dora();
        let plain = self.call(Who::Keys(&dora), "sts", "GetSessionToken", json!({}))?;
        let plain = expect::keys(&expect::answer(plain)?, "/Credentials", "ASIA")?;
        let refused = self.call(Who::Keys(&plain), "iam", "ListMFADevices", json!({}))?;
        expect::refusal(refused, "InvalidClientTokenId", 403, INVALID)?;

        let with_code = json!({"SerialNumber": PHONE, "TokenCode": code(PHONE_SEED)?});
        let session = self.call(Who::Keys(&dora), "sts", "GetSessionToken", with_code.clone())?;
        let session = expect::keys(&expect::answer(session)?, "/Credentials", "ASIA")?;
        let listed = self.call(Who::Keys(&session), "iam", "ListMFADevices", json!({}))?;
        expect::names(&expect::answer(listed)?, "/MFADevices", "SerialNumber", &[PHONE, TABLET])?;

        self.refused_code(&dora, with_code)?;
        let not_hers = "arn:aws:iam::222233334444:mfa/nobody";
        let unknown = json!({"SerialNumber": not_hers, "TokenCode": code(PHONE_SEED)?});
        let refused = self.call(Who::Keys(&dora), "sts", "GetSessionToken", unknown)?;
        expect::refusal(refused, "AccessDenied", 403, UNKNOWN)
    }

    /// A profile with `mfa_serial`: the client asks for the code.
    pub(super) fn prompted(&mut self) -> Result<()> {
        self.with.sandbox.write_profiles(&Profiles {
            source: "dora",
            keys: &dora(),
            profile: "break-glass",
            role_arn: "arn:aws:iam::222233334444:role/break-glass",
            session_name: "fire",
            mfa_serial: Some(TABLET),
        })?;
        let code = code(TABLET_SEED)?;
        let who = Who::Prompted { profile: "break-glass", answer: &code };
        let identity = expect::answer(self.call(who, "sts", "GetCallerIdentity", json!({}))?)?;
        let session = "arn:aws:sts::222233334444:assumed-role/break-glass/fire";
        expect::equal("Arn", expect::text(&identity, "/Arn")?, session)
    }

    /// AWS ends the sentence with a space, which not every client keeps.
    fn refused_code(&mut self, keys: &Keys, input: Value) -> Result<()> {
        let mut outcome = self.call(Who::Keys(keys), "sts", "GetSessionToken", input)?;
        if let Outcome::Refusal(refusal) = &mut outcome {
            refusal.message.truncate(refusal.message.trim_end().len());
        }
        expect::refusal(outcome, "AccessDenied", 403, SPENT)
    }
}

/// What an authenticator shows now.
fn code(seed: &str) -> Result<String> {
    let secret = Secret::try_from_base32(seed).map_err(|error| anyhow::anyhow!("{error}"))?;
    let totp: Totp = totp_rs::Builder::new().with_secret(secret).build_noncompliant();
    Ok(totp.generate_current().to_string())
}

/// A user of the [`SEED`](super::SEED).
fn dora() -> Keys {
    Keys::long_term("AKIADORA000000000000", "a-secret-of-doras")
}

const PHONE: &str = "arn:aws:iam::222233334444:mfa/phone";
const PHONE_SEED: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
const TABLET: &str = "arn:aws:iam::222233334444:mfa/tablet";
const TABLET_SEED: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const SPENT: &str = "MultiFactorAuthentication failed with invalid MFA one time pass code.";
const UNKNOWN: &str = "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial \
                       number is valid and associated with this user.";
