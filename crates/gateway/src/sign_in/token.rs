use daypass_authz::Env;
use daypass_ident::{AccountId, Secret};
use daypass_state::Caller;
use daypass_token::MessagePurpose;
use serde::{Deserialize, Serialize};

/// Temporary credentials that somebody has shown, on their way through a URL. The secret access key
/// is not among them: it has been checked.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SigninToken {
    pub(super) access_key_id: String,
    pub(super) session_token: Secret<String>,
    /// When they were shown, in Unix seconds of the service clock.
    pub(super) issued_at: i64,
    /// How long the sign-in shall last; without it, as long as the credentials.
    pub(super) seconds: Option<u32>,
}

impl SigninToken {
    /// As sealed text that is safe in URLs; `None` if it would be longer than a sealed message may.
    pub(super) fn seal(&self, env: &Env, account: AccountId) -> Option<String> {
        let message = serde_json::to_vec(self).ok()?;
        let ring = env.directory.ring();
        ring.seal_message(MessagePurpose::SignIn, account, &message, &*env.ids).ok()
    }

    /// Reads what [`seal`](Self::seal) has made, and nothing else.
    pub(super) fn open(text: &str, env: &Env) -> Option<Self> {
        let opened = env.directory.ring().open_message(MessagePurpose::SignIn, text).ok()?;
        serde_json::from_slice(&opened.message).ok()
    }

    /// Whose credentials they are, if they are good now.
    pub(super) fn caller(&self, env: &Env) -> Option<Caller> {
        let token = Some(self.session_token.expose().as_str());
        let (view, now) = (env.state.view(), env.clock.now().secs());
        env.directory.identify(&view, &self.access_key_id, token, now).ok()
    }
}
