//! Who signs in with the password of a user (IAM User Guide, "Sign in to the AWS Management Console as an
//! IAM user").
//!
//! Account, name, password and, where the user has devices, a code of one of them are checked here as nowhere
//! else. A password that must be changed is changed by a call of `ChangePassword`, with the decision and the
//! event of any such call.

use aws_smithy_types::DateTime;
use daypass_iam_core::generated::ChangePassword;
use daypass_iam_core::{PasswordStanding, verify_password};
use daypass_ident::{AccessKeyId, AccessKeyKind, AccountId, Secret};
use daypass_state::record::KeyOwner;
use daypass_state::{Account, Caller, MfaDevice, User};
use daypass_token::{Mfa, SessionClaims};
use daypass_wire::Params;
use http::{Method, StatusCode};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::password_form::{Asks, Form};
use super::{SignedIn, page};
use crate::control::explanations::{self, Entry};
use crate::pipeline;
use crate::refusal_log::RefusedRequest;
use crate::request::incoming::{Incoming, QueryRequest, is_form};
use crate::request::respond::Response;
use crate::trail::{SignIn, SignInEvent};

/// Answers a request to `/console`.
pub(super) async fn answer(incoming: &Incoming) -> Response {
    let method = &incoming.head.method;
    if *method != Method::POST {
        return Form::empty().page(StatusCode::OK, method);
    }
    let params = is_form(incoming).then(|| Params::from_form(&incoming.body).ok()).flatten();
    let Some(params) = params else {
        return page::refusal(StatusCode::BAD_REQUEST, &["What was posted is no form."], method);
    };
    let attempt = Attempt::read(&params);
    let mut explicable = None;
    let outcome = attempt.follow(incoming, &mut explicable).await;
    let form = Form { account: attempt.account, user: attempt.user, ..Form::empty() };
    let mut response = match &outcome {
        Ok(who) => page::signed_in(who, method),
        // Nothing has failed yet: the page asks for more.
        Err(Refusal::More(asks)) => {
            return Form { asks: *asks, ..form }.page(StatusCode::OK, method);
        }
        Err(refusal) => {
            RefusedRequest::log_sign_in(incoming, SignIn::ConsoleLogin, &refusal.to_string());
            let text = refusal.to_string();
            Form { refusal: Some(&text), asks: refusal.asks(), ..form }
                .page(refusal.status(), method)
        }
    };
    let caller = outcome.as_ref().ok().map(|who| &who.caller);
    SignInEvent { step: SignIn::ConsoleLogin, caller, destination: None }.record(incoming);
    if let Some(entry) = explicable {
        explanations::keep(incoming, entry, &mut response);
    }
    response
}

/// What somebody sends to sign in.
struct Attempt<'p> {
    /// A number or an alias.
    account: &'p str,
    user: &'p str,
    password: Secret<String>,
    code: Option<&'p str>,
    /// Another password, given twice.
    new_password: Option<(&'p str, &'p str)>,
}

impl<'p> Attempt<'p> {
    fn read(params: &'p Params<'_>) -> Self {
        let given = |name| params.get(name).filter(|text: &&str| !text.is_empty());
        let new = given("new_password");
        Self {
            account: given("account").unwrap_or_default().trim(),
            user: given("username").unwrap_or_default(),
            password: Secret::from(given("password").unwrap_or_default().to_owned()),
            code: given("mfacode").map(str::trim),
            new_password: new.map(|new| (new, given("confirm_password").unwrap_or_default())),
        }
    }

    async fn follow(
        &self,
        incoming: &Incoming,
        explicable: &mut Option<Entry>,
    ) -> Result<SignedIn<'_>, Refusal> {
        let env = &*incoming.connection.config.env;
        let (view, now) = (env.state.view(), env.clock.now().secs());
        let known = self.account.parse().ok().or_else(|| view.account_of_alias(self.account));
        // Whoever names nobody waits as long as who names somebody.
        let id = known.unwrap_or(AccountId::ZERO);
        let account = view.account(id);
        let user = known.and_then(|_| account.user(self.user));
        let profile = user.and_then(|user| account.login_profile(user.record.id)).cloned();
        let is_early = profile.as_ref().is_some_and(|profile| !profile.begin_attempt(now));
        let (known, password) = (profile.clone(), self.password.clone());
        let work = move || verify_password(known.as_deref(), &password);
        let is_right = incoming.connection.workers.run(id, work).await;
        let is_right = is_right.map_err(|_| Refusal::Busy)?;
        let (Some(user), Some(profile), true) = (user, profile, is_right && !is_early) else {
            return Err(Refusal::Wrong);
        };
        profile.forget_attempts();

        let device = self.device(account, user, now)?;
        match PasswordStanding::of(&profile, account.password_policy(), now) {
            PasswordStanding::Expired => return Err(Refusal::Expired),
            PasswordStanding::MustChange if self.new_password.is_none() => {
                let asks = Asks { code: device.is_some(), new_password: true };
                return Err(Refusal::More(asks));
            }
            PasswordStanding::MustChange | PasswordStanding::Good => {}
        }
        if self.new_password.is_some_and(|(new, again)| new != again) {
            return Err(Refusal::Different);
        }
        // The code is spent when everything else is known to be right.
        let mfa = device.map(|(device, step)| spend(device, step, now)).transpose()?;
        let caller = caller(incoming, id, user, mfa, now);
        if let Some((new, _)) = self.new_password {
            self.change(incoming, new, &caller, explicable).await?;
        }
        profile.note_sign_in(now);
        let until = DateTime::from_secs(now.saturating_add(TWELVE_HOURS));
        Ok(SignedIn { caller, until, issuer: None, destination: None })
    }

    /// The device whose code is given, if the user has devices. One of them must be shown.
    fn device<'a>(
        &self,
        account: &'a Account,
        user: &User,
        now: i64,
    ) -> Result<Option<(&'a MfaDevice, i64)>, Refusal> {
        let mut devices = account.mfa_devices_of(KeyOwner::User(user.record.id)).peekable();
        if devices.peek().is_none() {
            return Ok(None);
        }
        let Some(code) = self.code else {
            return Err(Refusal::More(Asks { code: true, new_password: false }));
        };
        let code = code.parse().map_err(|_| Refusal::Wrong)?;
        // The code does not say which device shows it: to the others it is no guess.
        let mut others = Vec::new();
        let shown = devices.find_map(|device| {
            let step = device.verify(code, now);
            if step.is_none() {
                others.push(device);
            }
            Some((&**device, step?))
        });
        if shown.is_some() {
            others.into_iter().for_each(|other| other.forget_attempts());
        }
        shown.map(Some).ok_or(Refusal::Wrong)
    }

    /// Changes the password as its user may, or may not.
    async fn change(
        &self,
        incoming: &Incoming,
        new: &str,
        caller: &Caller,
        explicable: &mut Option<Entry>,
    ) -> Result<(), Refusal> {
        let form = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
        let query = Secret::from(format!(
            "Action=ChangePassword&Version=2010-05-08&OldPassword={}&NewPassword={}",
            form(self.password.expose()),
            form(new),
        ));
        let query = QueryRequest::of_form(query.expose().as_bytes());
        let call = pipeline::call_by::<ChangePassword>(incoming, &query, caller.clone());
        let (outcome, entry) = Box::pin(call).await;
        *explicable = entry;
        let refused = |refusal: crate::request::refusal::Refusal| {
            let fault = refusal.fault();
            Refusal::Change(fault.map_or_else(String::new, |fault| fault.to_string()))
        };
        outcome.map(drop).map_err(refused)
    }
}

fn spend(device: &MfaDevice, step: i64, now: i64) -> Result<Mfa, Refusal> {
    if !device.spend(step) {
        return Err(Refusal::Wrong);
    }
    Ok(Mfa { serial: device.serial_number().to_string(), authenticated_at: now })
}

/// The user as who has signed in: what they call then has `aws:MultiFactorAuthPresent` by whether a code was
/// given.
fn caller(
    incoming: &Incoming,
    account: AccountId,
    user: &User,
    mfa: Option<Mfa>,
    now: i64,
) -> Caller {
    let env = &*incoming.connection.config.env;
    let id = AccessKeyId::generate(AccessKeyKind::Temporary, account, &*env.ids);
    let until = now.saturating_add(TWELVE_HOURS);
    let plain = SessionClaims::plain(id, (**user.principal()).clone(), now, until);
    Caller::signed_in(user, SessionClaims { mfa, ..plain })
}

/// Why nobody signs in.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    /// The page must ask for something that it did not ask for before.
    #[error("more is needed")]
    More(Asks),
    /// AWS's words. They do not say what is wrong.
    #[error("Your authentication information is incorrect. Please try again.")]
    Wrong,
    #[error("Your password has expired. Ask an administrator of the account to set another.")]
    Expired,
    #[error("The new passwords are not the same.")]
    Different,
    #[error("The password was not changed: {0}")]
    Change(String),
    #[error("Too many are signing in. Please try again.")]
    Busy,
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::More(_) => StatusCode::OK,
            Self::Wrong => StatusCode::UNAUTHORIZED,
            Self::Expired | Self::Change(_) => StatusCode::FORBIDDEN,
            Self::Different => StatusCode::BAD_REQUEST,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// What the page asks for the next time. A code is asked for of nobody who may have none, so that whoever
    /// guesses does not learn who has devices.
    fn asks(&self) -> Asks {
        match self {
            Self::Different | Self::Change(_) => Asks { code: true, new_password: true },
            _ => Asks::default(),
        }
    }
}

/// How long somebody stays signed in to AWS's console, in seconds.
const TWELVE_HOURS: i64 = 12 * 3600;
