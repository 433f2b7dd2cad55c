//! The page on which somebody chooses one of several roles.
//!
//! Its elements, their names and classes are those of AWS's page: `saml2aws` and its like post a response
//! just to read the names of accounts and roles from the answer.

use std::fmt::Write as _;

use daypass_federation::saml::Offer;
use daypass_ident::AccountId;
use http::StatusCode;
use quick_xml::escape::escape;

use super::page::{self, Forms};
use super::saml::Brought;
use crate::request::incoming::Incoming;
use crate::request::respond::Response;

/// Lists what is offered, by account. The form brings the response once more: nothing of it is kept here.
pub(super) fn page(incoming: &Incoming, offers: &[Offer], brought: &Brought<'_>) -> Response {
    let action = escape(incoming.head.uri.path());
    let mut body =
        format!("<form id=\"saml_form\" name=\"saml_form\" action=\"{action}\" method=\"post\">");
    let hidden = [
        ("RelayState", brought.destination.unwrap_or_default()),
        ("SAMLResponse", &brought.response),
        ("name", ""),
        ("portal", ""),
    ];
    for (name, value) in hidden {
        let value = escape(value);
        let _ = write!(body, "<input type=\"hidden\" name=\"{name}\" value=\"{value}\"/>");
    }
    body.push_str("<p>Select a role:</p><fieldset>");
    for (number, (account, offers)) in by_account(offers).into_iter().enumerate() {
        let name = Name { alias: alias(incoming, account), account };
        let _ = write!(
            body,
            "<div class=\"saml-account\"><div class=\"expandable-container\">\
             <div class=\"saml-account-name\">Account: {name}</div></div><hr/>\
             <div id=\"{number}\" class=\"saml-account\">"
        );
        offers.into_iter().for_each(|offer| write_role(&mut body, offer));
        body.push_str("</div></div>");
    }
    body.push_str(
        "</fieldset><div class=\"buttoninput\" id=\"input_signin_button\">\
         <button id=\"signin_button\">Sign in</button></div></form>",
    );
    page::html(StatusCode::OK, TITLE, &body, Forms::ToHere, &incoming.head.method)
}

fn write_role(body: &mut String, offer: &Offer) {
    let arn = escape(offer.role.as_str());
    let name = offer.role.parts().resource;
    let name = escape(name.strip_prefix("role/").unwrap_or(name));
    let _ = write!(
        body,
        "<div class=\"saml-role\"><input type=\"radio\" name=\"roleIndex\" value=\"{arn}\" \
         class=\"saml-radio\" id=\"{arn}\" required=\"\"/>\
         <label for=\"{arn}\" class=\"saml-role-description\">{name}</label></div>"
    );
}

/// The offers of each account, accounts and offers in the order in which they came.
fn by_account(offers: &[Offer]) -> Vec<(&str, Vec<&Offer>)> {
    let mut accounts: Vec<(&str, Vec<&Offer>)> = Vec::new();
    for offer in offers {
        let account = offer.role.parts().account;
        match accounts.iter_mut().find(|(known, _)| *known == account) {
            Some((_, offers)) => offers.push(offer),
            None => accounts.push((account, vec![offer])),
        }
    }
    accounts
}

fn alias(incoming: &Incoming, account: &str) -> Option<String> {
    let account: AccountId = account.parse().ok()?;
    let view = incoming.connection.config.env.state.view();
    view.account(account).alias().map(str::to_owned)
}

/// `my-company (123456789012)`, or the number alone.
struct Name<'a> {
    alias: Option<String>,
    account: &'a str,
}

impl std::fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let account = escape(self.account);
        match &self.alias {
            Some(alias) => write!(f, "{} ({account})", escape(alias)),
            None => write!(f, "{account}"),
        }
    }
}

const TITLE: &str = "Amazon Web Services Sign In";
