use super::json::Json;
use crate::loopback::is_loopback;

/// Which URLs a provider may have, beside those that AWS allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rules {
    /// Plain `http`, on loopback only: a provider that is being tried out on this machine.
    pub loopback_http: bool,
}

impl Rules {
    /// The name under which the provider with this issuer is registered: the URL without its scheme,
    /// everything else as it is, a slash at the end too.
    #[must_use]
    pub fn provider_of(self, issuer: &str) -> Option<&str> {
        // Google's tokens once had no scheme, and AWS still takes them.
        if issuer == GOOGLE {
            return Some(issuer);
        }
        let provider = self.without_scheme(issuer)?;
        (!provider.contains(['?', '#'])).then_some(provider)
    }

    /// Whether the keys of the provider with this issuer may be fetched from there. What is on loopback
    /// is this machine's own: only an issuer that is, too, has its keys there.
    fn may_fetch(self, url: &str, issuer: &str) -> bool {
        let is_local =
            |url| self.without_scheme(url).is_some_and(|rest| is_loopback(authority(rest)));
        self.without_scheme(url).is_some_and(|rest| !rest.contains('#'))
            && (!is_local(url) || is_local(issuer))
    }

    /// What follows the scheme in a URL whose scheme and host are allowed.
    fn without_scheme(self, url: &str) -> Option<&str> {
        let secure = url.strip_prefix("https://");
        let rest = secure.or_else(|| url.strip_prefix("http://"))?;
        let authority = authority(rest);
        let printable = rest.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        // No user information: what looks like the host might be a user's name.
        let known = |byte: u8| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b':' | b'[' | b']')
        };
        if authority.is_empty() || !printable || !authority.bytes().all(known) {
            return None;
        }
        let allowed = secure.is_some() || (self.loopback_http && is_loopback(authority));
        allowed.then_some(rest)
    }
}

/// The authority of a URL without its scheme.
fn authority(rest: &str) -> &str {
    rest.split_once(['/', '?', '#']).map_or(rest, |(authority, _)| authority)
}

/// What daypass needs of a provider's metadata (OpenID Connect Discovery 1.0, section 3).
///
/// AWS's documentation asks for more members than these; documents of Kubernetes clusters, which
/// lack some of them, are accepted all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discovery {
    /// Where the provider publishes its keys.
    pub jwks_uri: String,
}

impl Discovery {
    /// Where a provider's metadata are, by its issuer.
    #[must_use]
    pub fn url(issuer: &str) -> String {
        // Section 4.1: a slash at the end goes first.
        let issuer = issuer.strip_suffix('/').unwrap_or(issuer);
        format!("{issuer}/.well-known/openid-configuration")
    }

    /// Reads the metadata of the provider with this issuer.
    ///
    /// # Errors
    /// When they are somebody else's, or do not say where the keys are.
    pub fn parse(document: &[u8], issuer: &str, rules: Rules) -> Result<Self, InvalidDiscovery> {
        let document = Json::parse_object(document).ok_or(InvalidDiscovery::Json)?;
        // Section 4.3: exactly the same, so that nobody's metadata pass for another's.
        if document.get("issuer").and_then(Json::as_text) != Some(issuer) {
            return Err(InvalidDiscovery::Issuer);
        }
        let jwks_uri = document.get("jwks_uri").and_then(Json::as_text);
        match jwks_uri {
            Some(url) if url.len() <= LONGEST_URL && rules.may_fetch(url, issuer) => {
                Ok(Self { jwks_uri: url.to_owned() })
            }
            _ => Err(InvalidDiscovery::JwksUri),
        }
    }
}

/// Why a document is not a provider's metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDiscovery {
    /// It is not a JSON object without duplicate members.
    #[error("the provider's metadata are not a JSON object without duplicate members")]
    Json,
    /// `issuer` is not the provider's.
    #[error("the provider's metadata are of another issuer")]
    Issuer,
    /// `jwks_uri` is missing or no URL that may be fetched.
    #[error("the provider's metadata have no acceptable `jwks_uri`")]
    JwksUri,
}

const GOOGLE: &str = "accounts.google.com";

/// As long as a provider's own URL may be, and some.
const LONGEST_URL: usize = 2048;

#[cfg(test)]
mod tests {
    use super::*;

    const STRICT: Rules = Rules { loopback_http: false };
    const LOOPBACK: Rules = Rules { loopback_http: true };

    #[test]
    fn providers_are_issuers_without_their_scheme() {
        let cases = [
            (
                "https://token.actions.githubusercontent.com",
                Some("token.actions.githubusercontent.com"),
            ),
            ("https://idp.example/a/b", Some("idp.example/a/b")),
            ("https://tenant.auth0.example/", Some("tenant.auth0.example/")),
            ("https://accounts.google.com", Some("accounts.google.com")),
            ("accounts.google.com", Some("accounts.google.com")),
            ("accounts.google.com/", None),
            ("idp.example", None),
            ("HTTPS://idp.example", None),
            ("ftp://idp.example", None),
            ("https://", None),
            ("https:///path", None),
            ("https://user@idp.example", None),
            ("https://idp.example\\@evil.example", None),
            ("https://idp.example?x", None),
            ("https://idp.example/#x", None),
            ("https://idp .example", None),
            ("https://bücher.example", None),
            ("http://idp.example", None),
            ("http://localhost:8080", None),
            ("", None),
        ];
        for (issuer, provider) in cases {
            assert_eq!(STRICT.provider_of(issuer), provider, "{issuer}");
        }
    }

    #[test]
    fn plain_http_stays_on_this_machine() {
        let cases = [
            ("http://localhost", true),
            ("http://LOCALHOST:8080/idp", true),
            ("http://127.0.0.1:4566", true),
            ("http://127.255.0.9", true),
            ("http://[::1]:80/x", true),
            ("https://idp.example", true),
            ("http://idp.example", false),
            ("http://localhost.example", false),
            ("http://127.0.0.1.example", false),
            ("http://127.1", false),
            ("http://0.0.0.0", false),
            ("http://[::2]", false),
            ("http://[::1]x", false),
            ("http://[::1", false),
            ("http://localhost:", false),
            ("http://localhost:99999", false),
            ("http://localhost:80:80", false),
            ("http://localhost@idp.example", false),
        ];
        for (issuer, allowed) in cases {
            assert_eq!(LOOPBACK.provider_of(issuer).is_some(), allowed, "{issuer}");
        }
    }

    #[test]
    fn metadata_are_the_issuers_own() {
        let parse =
            |text: &str, rules| Discovery::parse(text.as_bytes(), "https://a.example/", rules);
        let with = |jwks: &str| format!(r#"{{"issuer":"https://a.example/","jwks_uri":"{jwks}"}}"#);
        let found = |url: &str| Ok(Discovery { jwks_uri: url.to_owned() });

        for url in ["https://a.example/keys", "https://keys.example/a?v=2"] {
            assert_eq!(parse(&with(url), STRICT), found(url));
        }
        let local = "http://127.0.0.1:9000/keys";
        let uri = Err(InvalidDiscovery::JwksUri);
        assert_eq!(parse(&with(local), STRICT), uri);
        let long = format!("https://a.example/{}", "x".repeat(LONGEST_URL));
        for url in [local, "https://localhost/keys", "https://[::1]:8443/keys"] {
            assert_eq!(parse(&with(url), LOOPBACK), uri, "{url}, of an issuer that is elsewhere");
        }
        for url in
            ["http://a.example/keys", "file:///etc/passwd", "/keys", "https://a.example#k", &long]
        {
            assert_eq!(parse(&with(url), LOOPBACK), uri, "{url}");
        }
        assert_eq!(parse(r#"{"issuer":"https://a.example/"}"#, STRICT), uri);
        assert_eq!(parse(r#"{"issuer":"https://a.example/","jwks_uri":[]}"#, STRICT), uri);

        let other = Err(InvalidDiscovery::Issuer);
        for issuer in
            ["https://a.example", "https://A.example/", "https://b.example/", "a.example/"]
        {
            let text = format!(r#"{{"issuer":"{issuer}","jwks_uri":"https://a.example/keys"}}"#);
            assert_eq!(parse(&text, STRICT), other, "{issuer}");
        }
        assert_eq!(parse(r#"{"jwks_uri":"https://a.example/keys"}"#, STRICT), other);

        let twice = r#"{"issuer":"https://a.example/","jwks_uri":"https://b.example","jwks_uri":"https://a.example"}"#;
        for text in [twice, "", "[]", "<html>"] {
            assert_eq!(parse(text, STRICT), Err(InvalidDiscovery::Json), "{text}");
        }
    }

    #[test]
    fn a_loopback_issuer_may_have_its_keys_on_loopback() {
        for (issuer, jwks_uri, rules, allowed) in [
            ("http://localhost:8080", "http://127.0.0.1:9000/keys", LOOPBACK, true),
            ("https://localhost", "http://localhost:9000/keys", LOOPBACK, true),
            ("https://localhost", "http://localhost:9000/keys", STRICT, false),
            ("https://localhost", "https://localhost/keys", STRICT, true),
            ("http://localhost:8080", "https://keys.example/", LOOPBACK, true),
            ("https://localhost.example", "http://localhost/keys", LOOPBACK, false),
            ("accounts.google.com", "http://localhost/keys", LOOPBACK, false),
        ] {
            let text = format!(r#"{{"issuer":"{issuer}","jwks_uri":"{jwks_uri}"}}"#);
            let parsed = Discovery::parse(text.as_bytes(), issuer, rules);
            assert_eq!(parsed.is_ok(), allowed, "{issuer} {jwks_uri}");
        }
    }

    #[test]
    fn metadata_are_below_the_issuer() {
        let cases = [
            ("https://a.example", "https://a.example/.well-known/openid-configuration"),
            ("https://a.example/", "https://a.example/.well-known/openid-configuration"),
            ("https://a.example/b", "https://a.example/b/.well-known/openid-configuration"),
        ];
        for (issuer, url) in cases {
            assert_eq!(Discovery::url(issuer), url);
        }
    }
}
