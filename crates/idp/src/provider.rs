use std::fmt;
use std::sync::Arc;

use daypass_ident::{Clock, IdGen};

use crate::codes::Codes;
use crate::{Client, InvalidSettings, Keys, Settings, User};

/// A provider with its users, its key and its clock: whatever it vouches for is made here.
pub struct Provider {
    pub(crate) settings: Settings,
    pub(crate) issuer: String,
    pub(crate) keys: Keys,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdGen>,
    pub(crate) codes: Codes,
}

impl Provider {
    /// A provider that is reached at `endpoint`, such as `http://127.0.0.1:4580`: that is its issuer
    /// unless the settings name another.
    ///
    /// # Errors
    /// When it cannot be as the settings say.
    pub fn new(
        settings: Settings,
        endpoint: &str,
        keys: Keys,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdGen>,
    ) -> Result<Self, InvalidSettings> {
        settings.check()?;
        let issuer = settings.issuer.clone().unwrap_or_else(|| endpoint.to_owned());
        Ok(Self { settings, issuer, keys, clock, ids, codes: Codes::default() })
    }

    /// The issuer's URL: what is registered with `CreateOpenIDConnectProvider`.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    pub(crate) fn user(&self, name: &str) -> Option<&User> {
        self.settings.users.iter().find(|user| user.name == name)
    }

    pub(crate) fn client(&self, id: &str) -> Option<&Client> {
        self.settings.clients.iter().find(|client| client.id == id)
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { issuer, keys, .. } = self;
        f.debug_struct("Provider")
            .field("issuer", issuer)
            .field("keys", keys)
            .finish_non_exhaustive()
    }
}
