//! What a provider answers over HTTP: a request in, an answer out.

mod authorize;
mod fields;
mod origin;
mod page;
mod saml;
mod token;

use bytes::Bytes;
use daypass_federation::{DISCOVERY_PATH, is_loopback};
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, HeaderMap, HeaderValue,
    LOCATION, PRAGMA, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::request::Parts;
use http::uri::Authority;
use http::{Method, Response, StatusCode};
use serde::Serialize;
use serde_json::json;

use crate::Provider;

impl Provider {
    /// Answers a request whose body has arrived: what [`Server`](crate::Server) does for each, for
    /// whoever has a server already.
    #[must_use]
    pub fn answer(&self, head: &Parts, body: &Bytes) -> Response<Bytes> {
        if !self.is_meant(&head.headers) {
            let why = "This provider has another name: call it by its issuer's, or as localhost.";
            return page::problem(StatusCode::MISDIRECTED_REQUEST, why);
        }
        let is_read = matches!(head.method, Method::GET | Method::HEAD);
        let is_post = head.method == Method::POST;
        let Some(path) = head.uri.path().strip_prefix(self.base_path()) else {
            return page::problem(StatusCode::NOT_FOUND, "There is nothing here.");
        };
        let sent = if is_post { body } else { head.uri.query().unwrap_or_default().as_bytes() };
        let is_own = self.is_own_origin(&head.headers);
        match path {
            "" | "/" if is_read => page::welcome(self),
            DISCOVERY_PATH if is_read => json(StatusCode::OK, &discovery(self)),
            KEYS if is_read => json(StatusCode::OK, &self.key_set()),
            AUTHORIZE if is_read => authorize::show(self, sent),
            AUTHORIZE if is_post => authorize::sign_in(self, sent, is_own),
            // A client's server sends no origin, and to another origin's page nothing here is readable.
            TOKEN if is_post && !is_own => page::problem(StatusCode::FORBIDDEN, origin::REFUSED),
            TOKEN if is_post => token::answer(self, &head.headers, sent),
            METADATA if is_read => saml::metadata(self),
            // A request comes in the query or in a form; only the form of the sign-in page has a user.
            SIGN_ON if is_read => saml::sign_on(self, sent, None),
            SIGN_ON if is_post => saml::sign_on(self, sent, Some(is_own)),
            "" | "/" | DISCOVERY_PATH | KEYS | METADATA => takes_only("GET, HEAD"),
            AUTHORIZE | SIGN_ON => takes_only("GET, HEAD, POST"),
            TOKEN => takes_only("POST"),
            _ => page::problem(StatusCode::NOT_FOUND, "There is nothing here."),
        }
    }

    /// Where SAML metadata are, and the entity id by default.
    pub(crate) fn metadata_url(&self) -> String {
        [&self.issuer, METADATA].concat()
    }

    /// Where people sign in by SAML.
    pub(crate) fn sign_on_url(&self) -> String {
        [&self.issuer, SIGN_ON].concat()
    }

    /// Whether a request is for this provider. One that is for this machine alone is not called by a name
    /// that somebody else has made to lead here (DNS rebinding): their page could sign in as whoever has
    /// no password, and read what is vouched for them.
    fn is_meant(&self, headers: &HeaderMap) -> bool {
        let name = |text: &str| Some(text.parse::<Authority>().ok()?.host().to_ascii_lowercase());
        let own = name(self.place().0);
        let is_own = |host: &HeaderValue| {
            let host = host.to_str().ok().and_then(name);
            host.is_some_and(|host| own.as_ref() == Some(&host) || is_loopback(&host))
        };
        self.settings.beyond_loopback || headers.get_all(HOST).iter().all(is_own)
    }

    /// The path of the issuer, below which everything is.
    fn base_path(&self) -> &str {
        self.place().1
    }

    /// The issuer's host, perhaps with a port, and its path.
    fn place(&self) -> (&str, &str) {
        let rest = self.issuer.split_once("://").map_or("", |(_, rest)| rest);
        let slash = rest.find('/').unwrap_or(rest.len());
        rest.split_at_checked(slash).unwrap_or((rest, ""))
    }
}

/// OpenID Connect Discovery 1.0, section 3.
fn discovery(provider: &Provider) -> impl Serialize {
    let url = |path| [provider.issuer(), path].concat();
    json!({
        "issuer": provider.issuer(),
        "authorization_endpoint": url(AUTHORIZE),
        "token_endpoint": url(TOKEN),
        "jwks_uri": url(KEYS),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "client_credentials", "password"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported":
            ["client_secret_basic", "client_secret_post", "none"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        // What a client may send by reference it would send, unless it is told otherwise.
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "claims_parameter_supported": false,
        "scopes_supported": ["openid"],
        "claims_supported": ["iss", "sub", "aud", "iat", "exp", "jti", "auth_time", "nonce"],
    })
}

fn json(status: StatusCode, value: &impl Serialize) -> Response<Bytes> {
    match serde_json::to_vec(value) {
        Ok(body) => respond(status, "application/json", body),
        Err(_) => page::problem(StatusCode::INTERNAL_SERVER_ERROR, "The answer cannot be written."),
    }
}

/// Which methods an address takes (RFC 9110, section 15.5.6).
fn takes_only(methods: &'static str) -> Response<Bytes> {
    let why = "This address takes another method.";
    let mut response = page::problem(StatusCode::METHOD_NOT_ALLOWED, why);
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(methods));
    response
}

/// Sends a browser on, with a `GET`.
fn redirect(url: &str) -> Response<Bytes> {
    let Ok(url) = HeaderValue::try_from(url) else {
        return page::problem(StatusCode::BAD_REQUEST, "A browser cannot be sent there.");
    };
    let mut response = respond(StatusCode::SEE_OTHER, "text/plain", Bytes::new());
    response.headers_mut().insert(LOCATION, url);
    response
}

/// What is told here is told once, to nobody in between, and shown in nobody else's page.
fn respond(status: StatusCode, kind: &'static str, body: impl Into<Bytes>) -> Response<Bytes> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let headers = [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, "no-store"),
        // RFC 6749, section 5.1, asks for both.
        (PRAGMA, "no-cache"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Without `form-action`: Chromium holds to it the redirects, too, by which a client takes over
        // from a form, and these lead wherever the client has them go.
        (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"),
        (X_FRAME_OPTIONS, "DENY"),
        // With `no-referrer` a browser would send `Origin: null` with the sign-in page's own form (the
        // Fetch Standard, "append a request `Origin` header").
        (REFERRER_POLICY, "same-origin"),
    ];
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

const KEYS: &str = "/.well-known/jwks.json";
const AUTHORIZE: &str = "/authorize";
const TOKEN: &str = "/token";
const METADATA: &str = "/saml/metadata";
const SIGN_ON: &str = "/saml/sso";

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;
    use crate::testing::{ask, get, provider, text};

    #[test]
    fn what_is_discovered_is_there() {
        let provider = provider();
        let document = text(&get(&provider, "/.well-known/openid-configuration"));
        let document: serde_json::Value = serde_json::from_str(&document).unwrap();
        assert_eq!(document["issuer"], "http://127.0.0.1:4580");
        // Of these, the last is supported by who does not say that it is not.
        for by_reference in ["request", "claims", "request_uri"] {
            let member = format!("{by_reference}_parameter_supported");
            assert_eq!(document[&*member], false, "{member}");
        }
        let path = |member: &str| {
            document[member]
                .as_str()
                .unwrap()
                .strip_prefix("http://127.0.0.1:4580")
                .unwrap()
                .to_owned()
        };
        assert!(text(&get(&provider, &path("jwks_uri"))).contains(r#""kty":"RSA""#));
        assert_eq!(get(&provider, &path("token_endpoint")).status(), 405);
        assert_eq!(get(&provider, &path("authorization_endpoint")).status(), 400);
        assert_eq!(get(&provider, "/elsewhere").status(), 404);
        assert!(text(&get(&provider, "/")).contains("/saml/metadata"));
        for (path, methods) in [
            ("/", "GET, HEAD"),
            ("/.well-known/jwks.json", "GET, HEAD"),
            ("/authorize", "GET, HEAD, POST"),
            ("/saml/sso", "GET, HEAD, POST"),
            ("/token", "POST"),
        ] {
            let put = ask(&provider, Request::put(path).body(Bytes::new()).unwrap());
            assert_eq!(
                (put.status().as_u16(), put.headers()["allow"].to_str().unwrap()),
                (405, methods)
            );
        }
    }

    #[test]
    fn answers_are_for_whoever_asked_and_are_what_they_say() {
        let provider = provider();
        for path in ["/", "/.well-known/openid-configuration", "/saml/metadata", "/nowhere"] {
            let answer = get(&provider, path);
            for (name, value) in [
                ("cache-control", "no-store"),
                ("pragma", "no-cache"),
                ("x-content-type-options", "nosniff"),
                ("x-frame-options", "DENY"),
                ("referrer-policy", "same-origin"),
            ] {
                assert_eq!(answer.headers()[name], value, "{path}");
            }
            let policy = answer.headers()["content-security-policy"].to_str().unwrap();
            assert_eq!(policy, "default-src 'none'; frame-ancestors 'none'; base-uri 'none'");
        }
    }

    #[test]
    fn a_name_that_was_made_to_lead_here_finds_nothing() {
        let mut provider = provider();
        provider.issuer = "https://idp.example:8443/realms/a".to_owned();
        let status = |provider: &Provider, host: &str| {
            let request = Request::get("/realms/a/saml/sso").header("host", host);
            ask(provider, request.body(Bytes::new()).unwrap()).status().as_u16()
        };
        for (host, expected) in [
            ("127.0.0.1:4580", 200),
            ("localhost:4580", 200),
            ("[::1]:4580", 200),
            ("IDP.example:8443", 200),
            ("idp.example", 200),
            ("rebound.example:4580", 421),
            ("localhost.rebound.example:4580", 421),
            ("", 421),
        ] {
            assert_eq!(status(&provider, host), expected, "{host}");
        }
        provider.settings.beyond_loopback = true;
        assert_eq!(status(&provider, "rebound.example:4580"), 200);
    }

    #[test]
    fn an_issuer_may_have_a_path() {
        let mut provider = provider();
        provider.issuer = "http://127.0.0.1:4580/realms/a".to_owned();
        assert_eq!(get(&provider, "/.well-known/openid-configuration").status(), 404);
        let found = get(&provider, "/realms/a/.well-known/openid-configuration");
        assert_eq!(found.status(), 200);
    }
}
