//! The secrets of credentials for a single service.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use daypass_ident::{IdGen, Secret};
use sha2::{Digest, Sha256};

use super::service::{BEDROCK, Form, form};

/// A secret that has just been made.
pub(super) struct NewSecret {
    pub(super) text: Secret<String>,
    /// The SHA-256 of it, in lower-case hexadecimal. It is random and long, so that no slower hash is needed.
    pub(super) hash: String,
}

impl NewSecret {
    /// A secret for a credential of this name. A password is 32 random bytes in base 64; an API key of Bedrock is
    /// `ABSK` and the base 64 of its alias and secret, as recorded from AWS. What API keys of other services look
    /// like is not on record: they lack the prefix here.
    pub(super) fn generate(service: &str, name: &str, ids: &dyn IdGen) -> Self {
        let text = match form(service) {
            Some(Form::ApiKey) => {
                let mut random = [0; 48];
                ids.fill(&mut random);
                let inner = Secret::from(format!("{name}:{}", STANDARD.encode(random)));
                let prefix = if service == BEDROCK { "ABSK" } else { "" };
                format!("{prefix}{}", STANDARD.encode(inner.expose()))
            }
            Some(Form::Password) | None => {
                let mut random = [0; 32];
                ids.fill(&mut random);
                STANDARD.encode(random)
            }
        };
        let hash = Sha256::digest(text.as_bytes());
        let hash = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        Self { text: text.into(), hash }
    }
}
