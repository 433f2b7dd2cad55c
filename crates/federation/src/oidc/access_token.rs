//! Access tokens of Amazon and Facebook, which say nothing by themselves: whoever gets one asks the
//! provider about it.

use std::sync::atomic::{AtomicI64, Ordering};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::json::{Json, Object};
use super::store::COOLDOWN;
use super::{FetchError, KeyStore, WebIdentity};

/// A provider of access tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessTokenIssuer {
    /// `www.amazon.com`.
    Amazon,
    /// `graph.facebook.com`.
    Facebook,
}

impl AccessTokenIssuer {
    /// The provider of this name (`ProviderId`).
    #[must_use]
    pub fn of(provider: &str) -> Option<Self> {
        match provider {
            "www.amazon.com" => Some(Self::Amazon),
            "graph.facebook.com" => Some(Self::Facebook),
            _ => None,
        }
    }
}

impl KeyStore {
    /// Asks a provider whom an access token of its own is for, and of which application. No answer is
    /// kept: the provider may revoke the token at any time. A provider that does not answer is not
    /// asked for another ten seconds.
    ///
    /// # Errors
    /// When the provider does not answer, or not with these two.
    pub async fn ask_about(
        &self,
        issuer: AccessTokenIssuer,
        access_token: &str,
    ) -> Result<WebIdentity, AccessTokenError> {
        let token = utf8_percent_encode(access_token, NON_ALPHANUMERIC);
        match issuer {
            AccessTokenIssuer::Amazon => {
                // Login with Amazon, "Access token verification".
                let url = format!("https://api.amazon.com/auth/o2/tokeninfo?access_token={token}");
                let told = self.told(issuer, &url).await?;
                let (app, user) = (member(&told, "app_id")?, member(&told, "user_id")?);
                Ok(WebIdentity::login_with_amazon(app, user))
            }
            AccessTokenIssuer::Facebook => {
                // Graph API, "App" and "User": who an access token's are.
                let of = |node: &str| {
                    format!("https://graph.facebook.com/{node}?fields=id&access_token={token}")
                };
                let app = self.told(issuer, &of("app")).await?;
                let user = self.told(issuer, &of("me")).await?;
                Ok(WebIdentity::facebook(member(&app, "id")?, member(&user, "id")?))
            }
        }
    }

    /// Only a known authority vouches for these servers; nobody registers thumbprints for them.
    async fn told(&self, issuer: AccessTokenIssuer, url: &str) -> Result<Object, AccessTokenError> {
        let outage = self.outages.of(issuer);
        if outage.lasts(self.clock.now().secs()) {
            return Err(AccessTokenError::Unreachable);
        }
        let fetched = self.questions.get(url, LONGEST_ANSWER).await;
        let failed = matches!(fetched, Err(FetchError::Unreachable | FetchError::TimedOut));
        // Else a token could be made so long that the server hangs up, and nobody else got through.
        if failed && url.len() <= LONGEST_ADDRESS {
            outage.begins(self.clock.now().secs());
        }
        let fetched = fetched.map_err(|error| match error {
            FetchError::Status(status) => AccessTokenError::Rejected(status),
            FetchError::Busy => AccessTokenError::Busy,
            _ => AccessTokenError::Unreachable,
        })?;
        if fetched.chain.is_some_and(|chain| !chain.trusted) {
            return Err(AccessTokenError::Unreachable);
        }
        Json::parse_object(&fetched.body).ok_or(AccessTokenError::Unreachable)
    }
}

/// Which providers of access tokens do not answer.
#[derive(Debug, Default)]
pub(super) struct Outages {
    amazon: Outage,
    facebook: Outage,
}

impl Outages {
    fn of(&self, issuer: AccessTokenIssuer) -> &Outage {
        match issuer {
            AccessTokenIssuer::Amazon => &self.amazon,
            AccessTokenIssuer::Facebook => &self.facebook,
        }
    }
}

/// When a question was left without an answer, in seconds since 1970.
#[derive(Debug)]
struct Outage(AtomicI64);

impl Outage {
    fn begins(&self, now: i64) {
        self.0.store(now, Ordering::Relaxed);
    }

    fn lasts(&self, now: i64) -> bool {
        (0..COOLDOWN).contains(&now.saturating_sub(self.0.load(Ordering::Relaxed)))
    }
}

impl Default for Outage {
    fn default() -> Self {
        Self(AtomicI64::new(i64::MIN))
    }
}

fn member<'a>(told: &'a Object, name: &str) -> Result<&'a str, AccessTokenError> {
    told.get(name).and_then(Json::as_text).ok_or(AccessTokenError::Unreachable)
}

/// Why an access token does not vouch for anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AccessTokenError {
    /// The provider does not know the token, with this HTTP status.
    #[error("the provider answers with status {0}")]
    Rejected(u16),
    /// The provider was not asked: too many questions are on their way.
    #[error("too many questions are on their way")]
    Busy,
    /// The provider does not answer, or with something else.
    #[error("the provider does not answer")]
    Unreachable,
}

/// In bytes; answers have a few hundred.
const LONGEST_ANSWER: usize = 64 * 1024;

/// In bytes: as long as the address of a request may be that every server should take (RFC 9110,
/// section 4.1).
const LONGEST_ADDRESS: usize = 8000;

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::AtomicUsize;

    use aws_smithy_types::DateTime;
    use daypass_ident::{ManualClock, SystemClock};

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
        store.ask_about(AccessTokenIssuer::of(provider).unwrap(), token).await
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
        ];
        for (provider, token, error) in cases {
            assert_eq!(ask(provider, token).await, Err(error), "{provider} {token}");
        }
    }

    #[test]
    fn two_providers_have_access_tokens() {
        for other in ["accounts.google.com", "api.amazon.com", "WWW.AMAZON.COM", ""] {
            assert_eq!(AccessTokenIssuer::of(other), None, "{other}");
        }
    }

    /// Counts the questions, and answers with this error.
    #[derive(Debug)]
    struct Down(FetchError, AtomicUsize);

    impl Fetch for Down {
        fn get<'a>(&'a self, _: &'a str, _: usize) -> Fetching<'a> {
            self.1.fetch_add(1, Ordering::Relaxed);
            Box::pin(std::future::ready(Err(self.0)))
        }
    }

    #[tokio::test]
    async fn who_does_not_answer_is_left_alone_for_a_while() {
        use AccessTokenError::{Rejected, Unreachable};
        let long = "x".repeat(LONGEST_ADDRESS);
        let cases = [
            (FetchError::TimedOut, "t", Unreachable, 1),
            (FetchError::Unreachable, "t", Unreachable, 1),
            (FetchError::Unreachable, &*long, Unreachable, 3),
            (FetchError::Status(400), "t", Rejected(400), 3),
            (FetchError::TooLong, "t", Unreachable, 3),
        ];
        for (error, token, refusal, questions) in cases {
            let down = Arc::new(Down(error, AtomicUsize::new(0)));
            let clock = Arc::new(ManualClock::new(SystemClock));
            clock.freeze(DateTime::from_secs(1_800_000_000));
            let fetch = Arc::clone(&down) as Arc<dyn Fetch>;
            let store = KeyStore::new(fetch, Arc::clone(&clock) as _, Rules::default());
            let ask = async || store.ask_about(AccessTokenIssuer::Amazon, token).await;
            for _ in 0..3 {
                assert_eq!(ask().await, Err(refusal), "{error}");
            }
            let asked = || down.1.load(Ordering::Relaxed);
            assert_eq!(asked(), questions, "{error}");
            assert_eq!(store.ask_about(AccessTokenIssuer::Facebook, token).await, Err(refusal));
            assert_eq!(asked(), questions + 1, "of the other it says nothing: {error}");
            clock.advance(COOLDOWN);
            assert_eq!(ask().await, Err(refusal), "{error}");
            assert_eq!(asked(), questions + 2, "{error}");
        }
    }
}
