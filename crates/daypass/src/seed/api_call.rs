use std::collections::BTreeMap;
use std::sync::Arc;

use daypass_authz::{Call, Called, Handle, Visit, Vouch, authorise};
use daypass_model::ServiceError;
use daypass_state::Committed;
use daypass_wire::{ConstraintTexts, Fault, Params, decode};

/// A request to IAM, as a client would put it.
pub(super) struct ApiCall {
    action: String,
    params: Vec<(String, String)>,
}

impl ApiCall {
    pub(super) fn new(action: impl Into<String>) -> Self {
        Self { action: action.into(), params: Vec::new() }
    }

    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.params.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The parameters of a list alone.
    pub(super) fn list<'v>(name: &str, values: impl Iterator<Item = &'v String>) -> Self {
        (1..).zip(values).fold(Self::new(""), |call, (number, value)| {
            call.with(&format!("{name}.member.{number}"), value)
        })
    }

    /// The parameters of tags alone.
    pub(super) fn tags(tags: &BTreeMap<String, String>) -> Self {
        (1..).zip(tags).fold(Self::new(""), |call, (number, (key, value))| {
            call.with(&format!("Tags.member.{number}.Key"), key)
                .with(&format!("Tags.member.{number}.Value"), value)
        })
    }

    pub(super) fn into_params(self) -> Vec<(String, String)> {
        self.params
    }

    /// Carries the request out.
    ///
    /// # Errors
    /// AWS's code and text, in one line.
    pub(super) async fn run(self, call: Call) -> Result<(), String> {
        self.dispatch(call, true).await
    }

    /// Says what would become of the request, and changes nothing.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub(super) async fn rehearse(self, call: Call) -> Result<(), String> {
        self.dispatch(call, false).await
    }

    async fn dispatch(self, call: Call, commits: bool) -> Result<(), String> {
        let form = self.form();
        let params = Params::from_form(form.as_bytes()).map_err(|fault| text(&fault))?;
        let run = Run { call, params, commits };
        let dispatched = daypass_iam_core::dispatch(&self.action, run).await;
        dispatched.unwrap_or_else(|_| Err("no such operation".to_owned()))
    }

    fn form(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.params).finish()
    }
}

/// Decodes, authorises and runs the operation that its name stands for.
struct Run<'a> {
    call: Call,
    params: Params<'a>,
    commits: bool,
}

impl Visit for Run<'_> {
    type Out = Result<(), String>;

    async fn built<Op: Handle>(self) -> Result<(), String> {
        // Whoever wrote the seed is helped by the value, whichever service it is.
        let input: Op::Input =
            decode(&self.params, ConstraintTexts::WithValues).map_err(|fault| text(&fault))?;
        let env = Arc::clone(&self.call.env);
        let called = Called::<Op>::new(self.call, input);
        let permitted = authorise(called).map_err(|refused| message(refused.error))?;
        let mut tx = permitted.begin();
        Op::run(&permitted, &mut tx).map_err(message)?;
        if !self.commits {
            return Ok(());
        }
        match env.state.commit(tx).await {
            Ok(Committed::Done) => Ok(()),
            Ok(Committed::Conflict) => Err("the state changed while the seed went in".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    async fn vouched<Op: Vouch>(self) -> Result<(), String> {
        self.built::<Op>().await
    }
}

fn message(error: ServiceError) -> String {
    text(&Fault::from(error))
}

fn text(fault: &Fault) -> String {
    match &fault.message {
        Some(message) => format!("{}: {message}", fault.code),
        None => fault.code.to_string(),
    }
}
