//! What others need to verify the web identities of this deployment's principals: for each account
//! that has given any, a discovery document and the keys (OpenID Connect Discovery 1.0). They are
//! for everybody, as on AWS.

use daypass_federation::{AWS_DOMAIN, DISCOVERY_PATH, KEY_SET_PATH};
use http::{Method, StatusCode};

use crate::request::host::name_of;
use crate::request::incoming::Incoming;
use crate::request::respond::{Response, json};

/// Answers who reads a document of an issuer; `None` if that is not what is asked.
pub(crate) async fn answer(incoming: &Incoming) -> Option<Response> {
    if !matches!(incoming.head.method, Method::GET | Method::HEAD) {
        return None;
    }
    let (id, document) = named(incoming.host(), incoming.head.uri.path())?;
    let env = &incoming.connection.config.env;
    let (status, body) = if env.state.view().account_of_issuer(&id).is_none() {
        (StatusCode::NOT_FOUND, NO_ISSUER.to_owned())
    } else {
        match document {
            Document::Discovery => (StatusCode::OK, env.issuer.discovery(&id)),
            Document::KeySet => {
                let issuer = env.issuer.clone();
                // Whoever is first may have to wait until the keys are made.
                let keys = tokio::task::spawn_blocking(move || issuer.key_set());
                match keys.await {
                    Ok(Ok(keys)) => (StatusCode::OK, keys),
                    _ => (StatusCode::INTERNAL_SERVER_ERROR, NO_KEYS.to_owned()),
                }
            }
        }
    };
    Some(json(status, body, &incoming.head.method))
}

/// Which document of which issuer is asked for: by AWS's host name, or below daypass's own path.
fn named(host: &str, path: &str) -> Option<(String, Document)> {
    let document = |path: &str| match path {
        DISCOVERY_PATH => Some(Document::Discovery),
        KEY_SET_PATH => Some(Document::KeySet),
        _ => None,
    };
    if let Some(rest) = path.strip_prefix(ISSUERS_PATH).and_then(|rest| rest.strip_prefix('/')) {
        let (id, path) = rest.split_at_checked(rest.find('/')?)?;
        return Some((id.to_owned(), document(path)?));
    }
    let document = document(path)?;
    let host = name_of(host).to_ascii_lowercase();
    Some((host.strip_suffix(AWS_DOMAIN)?.to_owned(), document))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Document {
    Discovery,
    KeySet,
}

/// Below this path are the issuers whose URLs are not of AWS's form.
pub const ISSUERS_PATH: &str = "/_daypass/issuers";

const NO_ISSUER: &str = "{\"message\": \"no account is this issuer\"}\n";
const NO_KEYS: &str = "{\"message\": \"the keys could not be made\"}\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_named_by_host_or_path() {
        let found = |host, path| named(host, path);
        let discovery = Some(("a1-b2".to_owned(), Document::Discovery));
        let keys = Some(("a1-b2".to_owned(), Document::KeySet));
        let cases = [
            ("localhost", "/_daypass/issuers/a1-b2/.well-known/openid-configuration", &discovery),
            ("localhost", "/_daypass/issuers/a1-b2/.well-known/jwks.json", &keys),
            ("a1-b2.tokens.sts.global.api.aws", "/.well-known/openid-configuration", &discovery),
            ("A1-B2.Tokens.STS.global.api.aws:443", "/.well-known/jwks.json", &keys),
            ("localhost", "/.well-known/jwks.json", &None),
            ("a1-b2.tokens.sts.global.api.aws", "/", &None),
            ("localhost", "/_daypass/issuers/a1-b2", &None),
            ("localhost", "/_daypass/issuers/a1-b2/", &None),
            ("localhost", "/_daypass/issuers/a1-b2/x/.well-known/jwks.json", &None),
            ("localhost", "/_daypass/issuersa1-b2/.well-known/jwks.json", &None),
        ];
        for (host, path, expected) in cases {
            assert_eq!(&found(host, path), expected, "{host} {path}");
        }
    }
}
