//! Sign-on by SAML (SAML 2.0 profiles, section 4.1): a request comes in, or none does; a signed response
//! goes out through the browser.

use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use flate2::read::DeflateDecoder;
use http::{Response, StatusCode};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::authorize::{NOT_SIGNED_IN, carried, signed_in};
use super::fields::Fields;
use super::origin::REFUSED;
use super::{SIGN_ON, page, respond};
use crate::{AssertionWish, Provider};

/// The metadata document.
pub(super) fn metadata(provider: &Provider) -> Response<Bytes> {
    respond(StatusCode::OK, "application/samlmetadata+xml", provider.metadata())
}

/// Shows the sign-in page, and when that comes back, the response to post. `form`: of a form, whether it is
/// from a page of this provider; of a query, nothing.
pub(super) fn sign_on(provider: &Provider, sent: &[u8], form: Option<bool>) -> Response<Bytes> {
    let is_form = form.is_some();
    let problem = |why| page::problem(StatusCode::BAD_REQUEST, why);
    let Some(fields) = Fields::parse(sent) else { return problem("A parameter comes twice.") };
    // A form that comes from the sign-in page may carry what came in a query before it.
    let request = match fields.get("SAMLRequest") {
        Some(request) => AuthnRequest::read(request, is_form),
        None => Some(AuthnRequest::default()),
    };
    let Some(request) = request else { return problem("The SAMLRequest is no AuthnRequest.") };
    if let Some(why) = request.unanswerable {
        return problem(why);
    }
    let Ok(acs_url) = provider.acs_url(request.acs_url.as_deref()) else {
        return problem("The request's AssertionConsumerServiceURL is not one of acs_urls.");
    };
    if !is_form || fields.get("user").is_none() {
        return page::sign_in(provider, SIGN_ON, carried(&fields), None);
    }
    if form != Some(true) {
        return page::problem(StatusCode::FORBIDDEN, REFUSED);
    }
    let Some(user) = signed_in(provider, &fields) else {
        return page::sign_in(provider, SIGN_ON, carried(&fields), Some(NOT_SIGNED_IN));
    };
    let in_response_to = request.id.as_deref();
    let wish = AssertionWish { acs_url: Some(acs_url), in_response_to, ..AssertionWish::default() };
    let Ok(response) = provider.assertion(&user.name, &wish) else {
        return page::problem(StatusCode::INTERNAL_SERVER_ERROR, "The response cannot be signed.");
    };
    let relay_state = fields.get("RelayState").map(|state| ("RelayState", state));
    let posted = [("SAMLResponse", response.expose().as_str())].into_iter().chain(relay_state);
    page::pass_on(acs_url, &user.name, &posted.collect::<Vec<_>>())
}

/// What a service provider asks (SAML 2.0 core, section 3.4.1), as far as it is of interest here. It is
/// not signed: what it may choose is chosen from the settings.
#[derive(Debug, Default, PartialEq, Eq)]
struct AuthnRequest {
    id: Option<String>,
    acs_url: Option<String>,
    /// Why it asks for what is not done here.
    unanswerable: Option<&'static str>,
}

impl AuthnRequest {
    /// Reads a request, which is deflated if it came in a query (SAML 2.0 bindings, section 3.4.4.1) and
    /// may be, carried by the sign-in page, if it came in a form.
    fn read(encoded: &str, may_be_plain: bool) -> Option<Self> {
        let bytes = STANDARD.decode(encoded).ok()?;
        let plain = || may_be_plain.then(|| std::str::from_utf8(&bytes).ok()).flatten();
        match plain().and_then(Self::parse) {
            Some(request) => Some(request),
            None => Self::parse(&inflate(&bytes)?),
        }
    }

    /// Nothing but the root element's attributes; with a document type it is no request.
    fn parse(xml: &str) -> Option<Self> {
        let mut reader = Reader::from_str(xml);
        loop {
            match reader.read_event().ok()? {
                Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
                Event::Text(text) if text.trim_ascii().is_empty() => {}
                Event::Start(root) | Event::Empty(root) => return Self::of(&root),
                _ => return None,
            }
        }
    }

    fn of(root: &BytesStart<'_>) -> Option<Self> {
        if root.local_name().as_ref() != "AuthnRequest" {
            return None;
        }
        let attribute = |name: &str| {
            let attribute = root.try_get_attribute(name).ok()?;
            Some(attribute?.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned())
        };
        let is = |name: &str, values: &[&str]| {
            attribute(name).is_none_or(|value| values.contains(&value.as_str()))
        };
        let unanswerable = if !is("Version", &["2.0"]) {
            Some("The AuthnRequest is not of version 2.0.")
        } else if !is("ProtocolBinding", &[HTTP_POST]) {
            Some("Responses are sent by the binding HTTP-POST only.")
        } else if !is("IsPassive", &["false", "0"]) {
            Some("Nobody is signed in without being asked, as IsPassive would have it.")
        } else {
            None
        };
        let (id, acs_url) = (attribute("ID"), attribute("AssertionConsumerServiceURL"));
        Some(Self { id: Some(id?), acs_url, unanswerable })
    }
}

/// A deflated text, up to what a request may weigh.
fn inflate(bytes: &[u8]) -> Option<String> {
    let mut xml = String::new();
    let mut inflated = DeflateDecoder::new(bytes).take(LONGEST_REQUEST + 1);
    let length = inflated.read_to_string(&mut xml).ok()?;
    (u64::try_from(length).ok()? <= LONGEST_REQUEST).then_some(xml)
}

const HTTP_POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

/// In bytes.
const LONGEST_REQUEST: u64 = 64 * 1024;

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::DeflateEncoder;

    use super::*;
    use crate::testing::{get, post, provider, text};

    fn request(acs_url: &str) -> String {
        format!(
            "<?xml version=\"1.0\"?><samlp:AuthnRequest \
             xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_q1\" Version=\"2.0\" \
             AssertionConsumerServiceURL=\"{acs_url}\"/>"
        )
    }

    fn deflated(xml: &str) -> String {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(xml.as_bytes()).unwrap();
        STANDARD.encode(encoder.finish().unwrap())
    }

    fn response_in(page: &str) -> String {
        let (_, rest) = page.split_once("name=\"SAMLResponse\" value=\"").unwrap();
        let (response, _) = rest.split_once('"').unwrap();
        String::from_utf8(STANDARD.decode(response).unwrap()).unwrap()
    }

    #[test]
    fn a_request_is_answered_where_it_wants_and_only_where_it_may() {
        let provider = provider();
        let sent = deflated(&request("https://signin.aws.amazon.com/saml"));
        let query = form_urlencoded::Serializer::new("/saml/sso?".to_owned())
            .append_pair("SAMLRequest", &sent)
            .finish();
        let page = text(&get(&provider, &query.replacen("?&", "?", 1)));
        assert!(page.contains("<option>ana</option>") && page.contains("SAMLRequest"), "{page}");

        let form =
            [("SAMLRequest", &*sent), ("RelayState", "r<"), ("user", "ana"), ("password", "ana's")];
        let page = text(&post(&provider, "/saml/sso", &form));
        assert!(page.contains("action=\"https://signin.aws.amazon.com/saml\""), "{page}");
        assert!(page.contains("name=\"RelayState\" value=\"r&lt;\""), "{page}");
        let response = response_in(&page);
        assert!(response.contains("InResponseTo=\"_q1\""), "{response}");
        assert!(response.contains("Ana &amp; Co"), "{response}");

        let wrong = [("user", "ana"), ("password", "x")];
        assert_eq!(post(&provider, "/saml/sso", &wrong).status(), 403);
        let evil = STANDARD.encode(request("https://evil.example/"));
        let evil = post(&provider, "/saml/sso", &[("SAMLRequest", &*evil), ("user", "bob")]);
        assert_eq!(evil.status(), 400);
    }

    #[test]
    fn without_a_request_the_response_goes_to_the_first_address() {
        let provider = provider();
        assert_eq!(get(&provider, "/saml/sso").status(), 200);
        // Nobody is signed in by a link.
        assert!(text(&get(&provider, "/saml/sso?user=bob")).contains("<select"));
        let page = text(&post(&provider, "/saml/sso", &[("user", "bob")]));
        assert!(!response_in(&page).contains("InResponseTo"));
    }

    #[test]
    fn a_request_in_a_form_may_be_plain() {
        let xml = request("a&amp;b");
        let acs_url = Some("a&b".to_owned());
        let expected = AuthnRequest { id: Some("_q1".to_owned()), acs_url, unanswerable: None };
        assert_eq!(AuthnRequest::read(&STANDARD.encode(&xml), true), Some(expected));
        assert_eq!(AuthnRequest::read(&STANDARD.encode(&xml), false), None);
    }

    #[test]
    fn what_a_request_wants_is_done_or_refused() {
        let provider = provider();
        let post = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
        let artifact = post.replace("POST", "Artifact");
        for (name, value, status) in [
            ("Version", "2.0", 200),
            ("Version", "1.1", 400),
            ("ProtocolBinding", post, 200),
            ("ProtocolBinding", &*artifact, 400),
            ("IsPassive", "false", 200),
            ("IsPassive", "true", 400),
            ("IsPassive", "1", 400),
            ("ForceAuthn", "true", 200),
        ] {
            let xml = format!(
                "<p:AuthnRequest xmlns:p=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_q1\" \
                 {name}=\"{value}\"/>"
            );
            let query = form_urlencoded::Serializer::new(String::new())
                .append_pair("SAMLRequest", &deflated(&xml))
                .finish();
            let answer = get(&provider, &format!("/saml/sso?{query}"));
            assert_eq!(answer.status(), status, "{name} {value}");
        }
    }

    #[test]
    fn what_is_no_request_is_refused() {
        let long = format!("<!--{}-->{}", "x".repeat(70_000), request("a"));
        let refused = [
            String::new(),
            "not base64".to_owned(),
            deflated("<AuthnRequest/>"),
            deflated("<Response ID='a'/>"),
            deflated("<!DOCTYPE a><AuthnRequest ID='a'/>"),
            deflated(&long),
            STANDARD.encode([0xff; 10]),
        ];
        for request in refused {
            assert_eq!(AuthnRequest::read(&request, true), None, "{request}");
        }
    }
}
