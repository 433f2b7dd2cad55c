//! Pages for people: few words, no script.

use std::fmt::Write as _;

use bytes::Bytes;
use daypass_federation::DISCOVERY_PATH;
use http::{Response, StatusCode};
use quick_xml::escape::escape;

use super::{METADATA, SIGN_ON, respond};
use crate::Provider;

/// What is here.
pub(super) fn welcome(provider: &Provider) -> Response<Bytes> {
    let issuer = escape(provider.issuer());
    let link = |path, text| format!("<li><a href=\"{issuer}{path}\">{text}</a></li>");
    let links = [
        link(DISCOVERY_PATH, "OpenID Connect discovery"),
        link(METADATA, "SAML metadata"),
        link(SIGN_ON, "Sign in to AWS by SAML"),
    ];
    let about = "<p>An identity provider for tests. Whoever it vouches for is made up.</p>";
    page(StatusCode::OK, "Test identity provider", &format!("{about}<ul>{}</ul>", links.concat()))
}

/// Asks who signs in. The fields are sent along with the answer; none of them is `user` or `password`.
pub(super) fn sign_in<'a>(
    provider: &Provider,
    action: &str,
    fields: impl Iterator<Item = (&'a str, &'a str)>,
    problem: Option<&str>,
) -> Response<Bytes> {
    let mut body = String::new();
    if let Some(problem) = problem {
        let _ = write!(body, "<p role=\"alert\">{}</p>", escape(problem));
    }
    // To wherever the page itself is from, by whatever name that was called.
    body.push_str(&form_start(&[provider.base_path(), action].concat()));
    fields.for_each(|(name, value)| body.push_str(&hidden(name, value)));
    body.push_str("<p><label>User <select name=\"user\">");
    for user in &provider.settings.users {
        let _ = write!(body, "<option>{}</option>", escape(&user.name));
    }
    body.push_str(
        "</select></label></p><p><label>Password, if there is one <input type=\"password\" \
         name=\"password\" autocomplete=\"off\"></label></p><p><button>Sign in</button></p></form>",
    );
    let status = if problem.is_some() { StatusCode::FORBIDDEN } else { StatusCode::OK };
    page(status, "Sign in", &body)
}

/// A form that somebody sends on by a click.
pub(super) fn pass_on(url: &str, who: &str, fields: &[(&str, &str)]) -> Response<Bytes> {
    let fields: String = fields.iter().map(|(name, value)| hidden(name, value)).collect();
    let (start, url, who) = (form_start(url), escape(url), escape(who));
    let button = "<p><button autofocus>Continue</button></p></form>";
    let body = format!("<p>{who} is on the way to {url}.</p>{start}{fields}{button}");
    page(StatusCode::OK, "Signed in", &body)
}

/// Says what is wrong.
pub(super) fn problem(status: StatusCode, what: &str) -> Response<Bytes> {
    page(status, "This does not work", &format!("<p>{}</p>", escape(what)))
}

fn page(status: StatusCode, title: &str, body: &str) -> Response<Bytes> {
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title></head>\
         <body><h1>{title}</h1>{body}</body></html>\n"
    );
    respond(status, "text/html; charset=utf-8", html)
}

fn form_start(url: &str) -> String {
    format!("<form method=\"post\" action=\"{}\">", escape(url))
}

fn hidden(name: &str, value: &str) -> String {
    let (name, value) = (escape(name), escape(value));
    format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{provider, text};

    #[test]
    fn nothing_that_is_sent_becomes_markup() {
        let evil = "\"><script>'&";
        let page = sign_in(&provider(), "/a", [(evil, evil)].into_iter(), Some(evil));
        assert_eq!(page.status(), 403);
        let page = text(&page) + &text(&pass_on(evil, evil, &[(evil, evil)]));
        assert!(!page.contains("<script") && !page.contains(evil), "{page}");
        assert!(page.contains("&quot;&gt;&lt;script&gt;&apos;&amp;"), "{page}");
    }
}
