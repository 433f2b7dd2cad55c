//! The form with which a user signs in.

use std::fmt::Write as _;

use http::{Method, StatusCode};
use quick_xml::escape::escape;

use super::page::{Forms, html};
use crate::request::respond::Response;

/// What the form shows. A password or a code is never shown again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form<'a> {
    pub(super) account: &'a str,
    pub(super) user: &'a str,
    pub(super) refusal: Option<&'a str>,
    pub(super) asks: Asks,
}

/// What it asks for beside account, name and password.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Asks {
    /// A code of an MFA device.
    pub(super) code: bool,
    /// Another password.
    pub(super) new_password: bool,
}

impl Form<'_> {
    pub(super) fn empty() -> Self {
        Self { account: "", user: "", refusal: None, asks: Asks::default() }
    }

    pub(super) fn page(&self, status: StatusCode, method: &Method) -> Response {
        let mut body = String::new();
        if let Some(refusal) = self.refusal {
            let _ = write!(body, "<p role=\"alert\">{}</p>", escape(refusal));
        }
        if self.asks.new_password {
            body.push_str("<p>You must choose another password before you can sign in.</p>");
        }
        body.push_str("<form action=\"/console\" method=\"post\">");
        let mut field = |name: &str, label: &str, kind: &str, value: &str| {
            let value = escape(value);
            let _ = write!(
                body,
                "<p><label for=\"{name}\">{label}</label> \
                 <input id=\"{name}\" name=\"{name}\" type=\"{kind}\" value=\"{value}\"/></p>"
            );
        };
        field("account", "Account ID or account alias", "text", self.account);
        field("username", "IAM username", "text", self.user);
        field("password", "Password", "password", "");
        if self.asks.code {
            field("mfacode", "MFA code, if you have a device", "text", "");
        }
        if self.asks.new_password {
            field("new_password", "New password", "password", "");
            field("confirm_password", "New password, once more", "password", "");
        }
        body.push_str("<p><button>Sign in</button></p></form>");
        html(status, "Sign in as IAM user", &body, Forms::ToHere, method)
    }
}
