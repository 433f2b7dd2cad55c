//! Access tokens of Amazon and Facebook, which say nothing by themselves: whoever gets one asks the
//! provider about it.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::json::{Json, Object};
use super::{FetchError, KeyStore, WebIdentity};

impl KeyStore {
    /// Asks `www.amazon.com` or `graph.facebook.com` whom an access token of theirs is for, and of
    /// which application. Nothing is kept: the provider may revoke the token at any time.
    ///
    /// # Errors
    /// When the provider is another, does not answer, or not with these two.
    pub async fn ask_about(
        &self,
        provider: &str,
        access_token: &str,
    ) -> Result<WebIdentity, AccessTokenError> {
        let token = utf8_percent_encode(access_token, NON_ALPHANUMERIC);
        match provider {
            "www.amazon.com" => {
                // Login with Amazon, "Access token verification".
                let url = format!("https://api.amazon.com/auth/o2/tokeninfo?access_token={token}");
                let told = self.told(&url).await?;
                let (app, user) = (member(&told, "app_id")?, member(&told, "user_id")?);
                Ok(WebIdentity::login_with_amazon(app, user))
            }
            "graph.facebook.com" => {
                // Graph API, "App" and "User": who an access token's are.
                let of = |node: &str| {
                    format!("https://{provider}/{node}?fields=id&access_token={token}")
                };
                let (app, user) = (self.told(&of("app")).await?, self.told(&of("me")).await?);
                Ok(WebIdentity::facebook(member(&app, "id")?, member(&user, "id")?))
            }
            _ => Err(AccessTokenError::UnknownProvider),
        }
    }

    /// Only a known authority vouches for these servers; nobody registers thumbprints for them.
    async fn told(&self, url: &str) -> Result<Object, AccessTokenError> {
        let fetched = self.fetch.get(url, LONGEST_ANSWER).await.map_err(|error| match error {
            FetchError::Status(status) => AccessTokenError::Rejected(status),
            _ => AccessTokenError::Unreachable,
        })?;
        if fetched.chain.is_some_and(|chain| !chain.trusted) {
            return Err(AccessTokenError::Unreachable);
        }
        Json::parse_object(&fetched.body).ok_or(AccessTokenError::Unreachable)
    }
}

fn member<'a>(told: &'a Object, name: &str) -> Result<&'a str, AccessTokenError> {
    told.get(name).and_then(Json::as_text).ok_or(AccessTokenError::Unreachable)
}

/// Why an access token does not vouch for anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AccessTokenError {
    /// The provider is neither Amazon nor Facebook.
    #[error("the provider's access tokens cannot be verified")]
    UnknownProvider,
    /// The provider does not know the token, with this HTTP status.
    #[error("the provider answers with status {0}")]
    Rejected(u16),
    /// The provider does not answer, or with something else.
    #[error("the provider does not answer")]
    Unreachable,
}

/// In bytes; answers have a few hundred.
const LONGEST_ANSWER: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use daypass_ident::SystemClock;

    use super::*;
    use crate::oidc::{Chain, Fetch, Fetched, Fetching, Rules, Thumbprint};

    /// Answers these, and 400 to everything else.
    #[derive(Debug)]
    struct Answers(Vec<(&'static str, &'static str)>);

    impl Fetch for Answers {
        fn get<'a>(&'a self, url: &'a str, _: usize) -> Fetching<'a> {
            let answer = self.0.iter().find(|(known, _)| *known == url);
            let trusted = url.contains("=trusted");
            Box::pin(async move {
                let (_, body) = answer.ok_or(FetchError::Status(400))?;
                let chain = Chain { trusted, top: Thumbprint::of_certificate(b"top") };
                Ok(Fetched { body: body.as_bytes().to_vec(), chain: Some(chain) })
            })
        }
    }

    const AMAZON: &str = "https://api.amazon.com/auth/o2/tokeninfo?access_token=";

    async fn ask(provider: &str, token: &str) -> Result<WebIdentity, AccessTokenError> {
        let tokeninfo = r#"{"app_id": "amzn1.application.a", "user_id": "amzn1.account.u"}"#;
        let answers = Answers(vec![
            (&*[AMAZON, "trusted%7C%26x%3D"].concat().leak(), tokeninfo),
            (&*[AMAZON, "trusted1"].concat().leak(), r#"{"app_id": 7, "user_id": "u"}"#),
            (&*[AMAZON, "strange"].concat().leak(), tokeninfo),
            ("https://graph.facebook.com/app?fields=id&access_token=trusted", r#"{"id": "123"}"#),
            ("https://graph.facebook.com/me?fields=id&access_token=trusted", r#"{"id": "456"}"#),
        ]);
        let store = KeyStore::new(Arc::new(answers), Arc::new(SystemClock), Rules::default());
        store.ask_about(provider, token).await
    }

    #[tokio::test]
    async fn the_provider_says_whom_a_token_is_for() {
        let amazon = WebIdentity::login_with_amazon("amzn1.application.a", "amzn1.account.u");
        assert_eq!(ask("www.amazon.com", "trusted|&x=").await, Ok(amazon));
        let facebook = WebIdentity::facebook("123", "456");
        assert_eq!(ask("graph.facebook.com", "trusted").await, Ok(facebook));
    }

    #[tokio::test]
    async fn what_the_provider_does_not_say_is_not_believed() {
        let cases = [
            ("www.amazon.com", "unknown", AccessTokenError::Rejected(400)),
            ("www.amazon.com", "trusted1", AccessTokenError::Unreachable),
            ("www.amazon.com", "strange", AccessTokenError::Unreachable),
            ("graph.facebook.com", "unknown", AccessTokenError::Rejected(400)),
            ("accounts.google.com", "trusted", AccessTokenError::UnknownProvider),
        ];
        for (provider, token, error) in cases {
            assert_eq!(ask(provider, token).await, Err(error), "{provider} {token}");
        }
    }
}
