//! Who signs in with a SAML response (IAM User Guide, "Enabling SAML 2.0 federated principals to access
//! the AWS Management Console"): what a browser brings from an identity provider is taken to STS.
//!
//! Nothing is taken on trust here. Which roles there are to choose from is read from what the provider
//! has signed; the one that is chosen is assumed by a call of `AssumeRoleWithSAML`, with the proof, the
//! decision and the event of any such call. Its credentials are dropped at once: the page of AWS's gives
//! none either.

use daypass_federation::saml::{Choice, Offer};
use daypass_model::sts::AssumeRoleWithSamlOutput;
use daypass_sts_core::generated::AssumeRoleWithSaml;
use daypass_sts_core::offered_roles;
use daypass_wire::{Fault, Params};
use http::header::{ALLOW, HeaderValue};
use http::{Method, StatusCode};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{SignedIn, is_web_address, page, roles};
use crate::control::explanations::{self, Entry};
use crate::pipeline;
use crate::refusal_log::RefusedRequest;
use crate::request::incoming::{Incoming, QueryRequest, is_form};
use crate::request::respond::Response;
use crate::request::verify::arrival;
use crate::trail::{SignIn, SignInEvent};

/// Answers a request to `/saml`, or to the page of one provider below `/saml/acs/`.
pub(super) async fn answer(incoming: &Incoming, provider: Option<&str>) -> Response {
    if incoming.head.method != Method::POST {
        let mut response = Refusal::NOT_POSTED.page(incoming);
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
        return response;
    }
    let params = is_form(incoming).then(|| Params::from_form(&incoming.body).ok()).flatten();
    let Some(params) = params else { return Refusal::NO_FORM.page(incoming) };
    let Some(response) = params.get("SAMLResponse").filter(|it| !it.is_empty()) else {
        return Refusal::NO_PARAMETER.page(incoming);
    };
    let relay_state = params.get("RelayState").filter(|url| url.len() <= LONGEST_URL);
    let brought = Brought {
        // There may be line breaks in the base64 of a form (SAML 2.0 bindings, section 3.5.4).
        response: response.split_ascii_whitespace().collect(),
        provider,
        role: params.get("roleIndex").filter(|it| !it.is_empty()),
        // To AWS it is the address of a page of the console.
        destination: relay_state.filter(|url| is_web_address(url)),
    };
    brought.answer(incoming).await
}

/// What a browser brings.
pub(super) struct Brought<'p> {
    /// The response, in base64.
    pub(super) response: String,
    /// The id of the provider whose own page it is.
    provider: Option<&'p str>,
    /// The role that has been chosen.
    role: Option<&'p str>,
    /// Where to go then.
    pub(super) destination: Option<&'p str>,
}

/// What comes of it.
enum Step<'p> {
    Choose(Vec<Offer>),
    SignedIn(SignedIn<'p>),
}

impl Brought<'_> {
    async fn answer(&self, incoming: &Incoming) -> Response {
        let mut explicable = None;
        let outcome = self.follow(incoming, &mut explicable).await;
        let (caller, mut response) = match &outcome {
            Ok(Step::Choose(offers)) => return roles::page(incoming, offers, self),
            Ok(Step::SignedIn(who)) => {
                (Some(&who.caller), page::signed_in(who, &incoming.head.method))
            }
            Err(refusal) => (None, refusal.page(incoming)),
        };
        let destination = self.destination;
        SignInEvent { step: SignIn::ConsoleLogin, caller, destination }.record(incoming);
        if let Some(entry) = explicable {
            explanations::keep(incoming, entry, &mut response);
        }
        response
    }

    /// Who has one role needs not choose.
    async fn follow(
        &self,
        incoming: &Incoming,
        explicable: &mut Option<Entry>,
    ) -> Result<Step<'_>, Refusal> {
        let choice = offered_roles(&self.response, self.provider, &arrival(incoming, None));
        let Choice { offers, session_duration } = choice.map_err(|error| {
            let cause = error.cause.clone();
            Refusal::Sts(error.into()).logged(cause.as_deref(), incoming)
        })?;
        let chosen = match (offers.as_slice(), self.role) {
            ([], _) => return Err(Refusal::NO_ROLE.logged(None, incoming)),
            ([only], None) => only,
            (_, None) => return Ok(Step::Choose(offers)),
            (several, Some(role)) => {
                let chosen = several.iter().find(|offer| offer.role.as_str() == role);
                chosen.ok_or_else(|| Refusal::NOT_OFFERED.logged(None, incoming))?
            }
        };
        let seconds = session_duration.unwrap_or(HOUR);
        let assumed = self.assume(incoming, chosen, seconds, explicable).await?;
        self.signed_in(incoming, assumed).map(Step::SignedIn)
    }

    /// Asks STS as anybody may. Who signs in stays so for an hour, or for as long as `SessionDuration`
    /// says.
    async fn assume(
        &self,
        incoming: &Incoming,
        offer: &Offer,
        seconds: u32,
        explicable: &mut Option<Entry>,
    ) -> Result<AssumeRoleWithSamlOutput, Refusal> {
        let form = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
        let query = format!(
            "Action=AssumeRoleWithSAML&Version=2011-06-15&DurationSeconds={seconds}&RoleArn={}\
             &PrincipalArn={}&SAMLAssertion={}",
            form(offer.role.as_str()),
            form(offer.provider.as_str()),
            form(&self.response),
        );
        let query = QueryRequest::of_form(query.as_bytes());
        let (outcome, entry) = pipeline::call::<AssumeRoleWithSaml>(incoming, &query).await;
        *explicable = entry;
        outcome.map_err(|refusal| {
            Refusal::Sts(refusal.fault().unwrap_or_else(Fault::internal_failure))
        })
    }

    /// Who they are now. Whoever has signed in stays so until the credentials end.
    fn signed_in(
        &self,
        incoming: &Incoming,
        assumed: AssumeRoleWithSamlOutput,
    ) -> Result<SignedIn<'_>, Refusal> {
        let env = &*incoming.connection.config.env;
        let (view, now) = (env.state.view(), env.clock.now().secs());
        let who = assumed.credentials.and_then(|credentials| {
            let (key, token) = (&credentials.access_key_id, &credentials.session_token);
            let caller = env.directory.identify(&view, key, Some(token), now).ok()?;
            Some(SignedIn {
                caller,
                until: credentials.expiration,
                issuer: None,
                destination: self.destination,
            })
        });
        // The role may have gone in between.
        who.ok_or_else(|| Refusal::Sts(Fault::internal_failure()))
    }
}

/// Why nobody signs in, in AWS's words (IAM User Guide, "Troubleshoot SAML federation with IAM"), and what
/// these leave open.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("Your request did not include a SAML response.")]
    NoResponse(StatusCode, &'static str),
    #[error("Your request included an invalid SAML response.")]
    Invalid(&'static str),
    #[error(
        "{} (service: AWSSecurityTokenService; status code: {}; error code: {})",
        .0.message.as_deref().unwrap_or_default(), .0.status, .0.code
    )]
    Sts(Fault),
}

impl Refusal {
    const NOT_POSTED: Self = Self::NoResponse(
        StatusCode::METHOD_NOT_ALLOWED,
        "Identity providers send browsers here with a form that is posted.",
    );
    const NO_FORM: Self = Self::NoResponse(StatusCode::BAD_REQUEST, "What was posted is no form.");
    const NO_PARAMETER: Self =
        Self::NoResponse(StatusCode::BAD_REQUEST, "The form has no parameter SAMLResponse.");
    const NO_ROLE: Self = Self::Invalid(
        "Its attribute https://aws.amazon.com/SAML/Attributes/Role names no role together with the SAML \
         provider that has signed it. If its assertion is encrypted, it is posted to /saml/acs/ and the \
         provider's SAMLProviderUUID.",
    );
    const NOT_OFFERED: Self = Self::Invalid("It does not offer the role that was chosen.");

    /// Writes it to the log. A refusal of the call of STS is there already.
    fn logged(self, cause: Option<&str>, incoming: &Incoming) -> Self {
        let reason = match (&self, cause) {
            (Self::Sts(fault), Some(cause)) => format!("{fault} ({cause})"),
            (Self::Sts(fault), None) => fault.to_string(),
            (Self::NoResponse(_, why) | Self::Invalid(why), _) => format!("{self} {why}"),
        };
        RefusedRequest::log_sign_in(incoming, SignIn::ConsoleLogin, &reason);
        self
    }

    fn page(&self, incoming: &Incoming) -> Response {
        let (status, why) = match self {
            Self::NoResponse(status, why) => (*status, *why),
            Self::Invalid(why) => (StatusCode::BAD_REQUEST, *why),
            Self::Sts(fault) => {
                let status = StatusCode::from_u16(fault.status);
                (status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), "")
            }
        };
        page::refusal(status, &[&self.to_string(), why], &incoming.head.method)
    }
}

/// In seconds (IAM User Guide, "Configure SAML assertions for the authentication response").
const HOUR: u32 = 3600;
/// As long as a URL may be that a browser keeps.
const LONGEST_URL: usize = 2048;
