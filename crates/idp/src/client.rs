use daypass_ident::Secret;
use serde::Deserialize;

use crate::Claims;

/// A program that may ask for tokens (RFC 6749, section 2).
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Client {
    /// Its id: the audience of ID tokens that it gets.
    pub id: String,
    /// Its secret. A client without one is public: it must prove with PKCE that a code is its own, and
    /// gets no tokens for itself.
    pub secret: Option<Secret<String>>,
    /// Where browsers may be sent with a code, compared character by character.
    pub redirect_uris: Vec<String>,
    /// Claims of the tokens that it gets, for itself and for users.
    pub claims: Claims,
}

impl Client {
    /// Whether the client shows what it must show: its secret if it has one, else none.
    pub(crate) fn is_proven_by(&self, secret: Option<&str>) -> bool {
        match (&self.secret, secret) {
            (Some(own), Some(shown)) => *own == Secret::new(shown.to_owned()),
            (None, None) => true,
            _ => false,
        }
    }

    pub(crate) fn is_public(&self) -> bool {
        self.secret.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_needed_where_there_is_one_and_only_there() {
        let confidential = Client { secret: Some("s".to_owned().into()), ..Client::default() };
        let public = Client::default();
        for (client, shown, proven) in [
            (&confidential, Some("s"), true),
            (&confidential, Some("t"), false),
            (&confidential, Some(""), false),
            (&confidential, None, false),
            (&public, None, true),
            (&public, Some("s"), false),
        ] {
            assert_eq!(client.is_proven_by(shown), proven, "{client:?} {shown:?}");
        }
    }
}
