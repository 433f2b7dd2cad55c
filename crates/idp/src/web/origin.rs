//! Which pages may sign in: this provider's own. Another site's form must not sign a browser in as the user
//! whom the form names (login CSRF; RFC 6749, section 10.12, is the client's side of it).

use daypass_federation::is_loopback;
use http::header::{HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN};

use crate::Provider;

impl Provider {
    /// Whether a request comes from a page of this provider, or from no page.
    ///
    /// Every browser since 2020 sends `Origin` with a form, and with `https` or on loopback
    /// `Sec-Fetch-Site` too. What has neither is a program, which sends whatever it wants to.
    pub(super) fn is_own_origin(&self, headers: &HeaderMap) -> bool {
        let sites = headers.get_all(SEC_FETCH_SITE);
        // `none`: the user repeats a request of their own, such as by reloading the page.
        let is_same_site = |site: &HeaderValue| site == "same-origin" || site == "none";
        sites.iter().all(is_same_site)
            && headers.get_all(ORIGIN).iter().all(|origin| self.is_own(origin, headers))
    }

    /// The issuer's origin is this provider's. On loopback any of its names is, with the port that the
    /// request itself is for: `is_meant` has seen that the name is one of this machine.
    fn is_own(&self, origin: &HeaderValue, headers: &HeaderMap) -> bool {
        let Some((scheme, authority)) =
            origin.to_str().ok().and_then(|text| text.split_once("://"))
        else {
            return false;
        };
        let (own_scheme, _) = self.issuer.split_once("://").unwrap_or_default();
        let is_issuer =
            scheme == own_scheme && without_default_port(scheme, self.place().0) == authority;
        let host = headers.get(HOST).and_then(|host| host.to_str().ok());
        is_issuer || scheme == "http" && is_loopback(authority) && host == Some(authority)
    }
}

/// An authority as a browser writes it in an origin: in lower case, without its scheme's own port.
fn without_default_port(scheme: &str, authority: &str) -> String {
    let default = if scheme == "https" { ":443" } else { ":80" };
    authority.strip_suffix(default).unwrap_or(authority).to_ascii_lowercase()
}

/// What is said to a browser that another site has sent.
pub(super) const REFUSED: &str = "Another site has sent this form. Only this provider's own page signs \
    in: open the sign-in page, and sign in there.";

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{Request, Response};

    use super::*;
    use crate::testing::{ask, form_request, get, provider, text};

    const SIGN_IN: [(&str, &str); 7] = [
        ("response_type", "code"),
        ("client_id", "spa"),
        ("redirect_uri", "http://localhost:3000/"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
        ("user", "bob"),
        ("state", "s"),
    ];

    fn from(headers: &[(&'static str, &'static str)], request: Request<Bytes>) -> Request<Bytes> {
        let (mut head, body) = request.into_parts();
        for (name, value) in headers {
            head.headers.append(*name, HeaderValue::from_static(value));
        }
        Request::from_parts(head, body)
    }

    /// Signs in by OpenID Connect and by SAML, and asks for tokens.
    fn sign_in(provider: &Provider, headers: &[(&'static str, &'static str)]) -> [u16; 3] {
        let by_password = [("grant_type", "password"), ("client_id", "spa")];
        let forms: [(&str, &[(&str, &str)]); 3] =
            [("/authorize", &SIGN_IN), ("/saml/sso", &[("user", "bob")]), ("/token", &by_password)];
        forms.map(|(path, form)| {
            ask(provider, from(headers, form_request(path, form))).status().as_u16()
        })
    }

    #[test]
    fn only_the_providers_own_pages_sign_in() {
        let provider = provider();
        let (taken, refused) = ([303, 200, 400], [403, 403, 403]);
        let cases: [(&[(&str, &str)], _); 16] = [
            (&[], taken),
            (&[("origin", "http://127.0.0.1:4580")], taken),
            (&[("origin", "http://127.0.0.1:4580"), ("sec-fetch-site", "same-origin")], taken),
            (&[("sec-fetch-site", "same-origin")], taken),
            (&[("sec-fetch-site", "none")], taken),
            (&[("origin", "http://localhost:4580"), ("host", "localhost:4580")], taken),
            (&[("origin", "http://localhost:3000"), ("host", "localhost:4580")], refused),
            (&[("origin", "http://localhost:4580"), ("host", "127.0.0.1:4580")], refused),
            (&[("origin", "http://127.0.0.1:3000")], refused),
            (&[("origin", "https://127.0.0.1:4580")], refused),
            (&[("origin", "https://evil.example")], refused),
            (&[("origin", "null")], refused),
            (&[("origin", "")], refused),
            (&[("sec-fetch-site", "cross-site")], refused),
            (&[("sec-fetch-site", "same-site")], refused),
            (&[("origin", "http://127.0.0.1:4580"), ("origin", "https://evil.example")], refused),
        ];
        for (headers, expected) in cases {
            assert_eq!(sign_in(&provider, headers), expected, "{headers:?}");
        }
    }

    #[test]
    fn beyond_loopback_the_issuers_origin_alone_is_its_own() {
        let mut provider = provider();
        provider.settings.beyond_loopback = true;
        provider.issuer = "https://IdP.example:443".to_owned();
        for (origin, host, own) in [
            ("https://idp.example", "idp.example", true),
            ("https://idp.example", "10.0.0.7:4580", true),
            ("http://idp.example", "idp.example", false),
            ("https://idp.example:8443", "idp.example:8443", false),
            ("https://rebound.example", "rebound.example", false),
            ("http://rebound.example", "rebound.example", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ORIGIN, HeaderValue::from_static(origin));
            headers.insert(HOST, HeaderValue::from_static(host));
            assert_eq!(provider.is_own_origin(&headers), own, "{origin} {host}");
        }
    }

    /// A client or a service provider may send its request by a form of its own pages; whoever comes so
    /// has not yet signed in.
    #[test]
    fn another_origins_form_may_ask_for_the_sign_in_page() {
        let provider = provider();
        let foreign = [("origin", "http://localhost:3000"), ("sec-fetch-site", "cross-site")];
        let asks: Vec<_> = SIGN_IN.into_iter().filter(|(name, _)| *name != "user").collect();
        for (path, form) in [("/authorize", asks), ("/saml/sso", vec![("RelayState", "r")])] {
            let page = ask(&provider, from(&foreign, form_request(path, &form)));
            assert_eq!(page.status(), 200, "{path}");
            assert!(text(&page).contains("<select name=\"user\">"), "{path}");
        }
    }

    /// What browsers send without asking anybody: a link, an image, a frame.
    #[test]
    fn no_link_signs_in() {
        let provider = provider();
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(SIGN_IN).finish();
        for target in [
            format!("/authorize?{query}"),
            format!("/authorize?{query}&prompt=none"),
            "/saml/sso?user=bob".to_owned(),
        ] {
            let answer: Response<Bytes> = get(&provider, &target);
            let sent_to = answer.headers().get("location").map(|url| url.to_str().unwrap());
            assert!(sent_to.is_none_or(|url| url.contains("error=login_required")), "{target}");
            assert!(!text(&answer).contains("SAMLResponse"), "{target}");
            assert_eq!(answer.headers()["x-frame-options"], "DENY");
        }
    }
}
