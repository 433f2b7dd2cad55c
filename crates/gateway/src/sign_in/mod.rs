//! AWS's sign-in host: [`federation`] for who has temporary credentials, [`saml`] for whom an identity
//! provider vouches, [`password`] for users.
//!
//! There is no console behind it. Who signs in is shown who they are; no cookie is set, nothing is
//! kept, and nobody is sent anywhere.

mod federation;
mod page;
mod password;
mod password_form;
mod roles;
mod saml;
mod token;

use aws_smithy_types::DateTime;
use daypass_ident::Principal;
use daypass_state::{Caller, Session};
use http::{Method, Uri};

use crate::request::incoming::Incoming;
use crate::request::respond::Response;

/// Whether the sign-in host has something at a path.
pub(crate) fn is_here(path: &str) -> bool {
    path == FEDERATION || path == CONSOLE || path == SAML || path.starts_with(SAML_OF)
}

/// Answers a request that is read or posted there; `None` for every other.
pub(crate) async fn answer(incoming: &Incoming) -> Option<Response> {
    let (method, path) = (&incoming.head.method, incoming.head.uri.path());
    if !matches!(*method, Method::GET | Method::HEAD | Method::POST) {
        return None;
    }
    if path == FEDERATION {
        return Some(federation::answer(incoming));
    }
    // On the heap, so that no other request is as large as those that sign in.
    if path == CONSOLE {
        return Some(Box::pin(password::answer(incoming)).await);
    }
    Some(Box::pin(saml::answer(incoming, path.strip_prefix(SAML_OF))).await)
}

/// Somebody who has signed in.
struct SignedIn<'p> {
    caller: Caller,
    until: DateTime,
    issuer: Option<&'p str>,
    destination: Option<&'p str>,
}

/// The session, if it is of a kind that signs in: of a role, or of `GetFederationToken`.
fn signing_in(caller: &Caller) -> Option<&Session> {
    caller.session().filter(|session| {
        let principal = &session.claims.principal;
        matches!(principal, Principal::AssumedRole { .. } | Principal::FederatedUser { .. })
    })
}

/// Nothing but the web is linked: a `javascript:` link would run in daypass's own page.
fn is_web_address(url: &str) -> bool {
    let Ok(uri) = url.parse::<Uri>() else { return false };
    matches!(uri.scheme_str(), Some("http" | "https"))
        && uri.host().is_some_and(|it| !it.is_empty())
}

/// The paths of AWS's sign-in host. What follows the last is the id of a provider.
const FEDERATION: &str = "/federation";
const CONSOLE: &str = "/console";
const SAML: &str = "/saml";
const SAML_OF: &str = "/saml/acs/";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_web_is_linked() {
        for good in [
            "https://console.aws.amazon.com/s3/home?region=us-east-1#x",
            "HTTP://localhost:3000",
            "http://[::1]/",
        ] {
            assert!(is_web_address(good), "{good}");
        }
        let bad =
            ["", "/console", "//x.example", "javascript:alert(1)", "javascript://x/%0aalert(1)"];
        let more =
            ["data:text/html,x", "ftp://x.example/", "https://", "https://a b/", "x.example:80"];
        for bad in bad.iter().chain(&more) {
            assert!(!is_web_address(bad), "{bad}");
        }
    }
}
