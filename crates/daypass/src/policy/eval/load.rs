//! A file read, and all that it names.

use std::io::Read as _;
use std::ops::Range;
use std::path::Path;

use anyhow::Context as _;
use daypass_ident::ArnParts;
use daypass_policy::{ConditionContext, ContextMap, ContextValue};

use super::file::{File, Request};
use super::names;
use super::policies::Documents;
use super::principal::Asker;
use crate::policy::report::{self, Diagnostic, Tone};

/// All that is needed to decide the requests of a file.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) principal: Asker,
    pub(super) policies: Documents,
    pub(super) requests: Vec<Request>,
    context: super::file::Context,
}

/// A text with a name to show mistakes in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Text<'a> {
    pub(super) name: &'a str,
    pub(super) text: &'a str,
}

impl Loaded {
    /// The file, or what is wrong with it, shown.
    ///
    /// # Errors
    /// When it cannot be read at all.
    pub(super) fn read(path: &Path, allow_unknown: bool) -> anyhow::Result<Result<Self, String>> {
        let name =
            if path == Path::new("-") { "stdin".to_owned() } else { path.display().to_string() };
        let mut text = String::new();
        if path == Path::new("-") {
            std::io::stdin().read_to_string(&mut text).context("cannot read standard input")?;
        } else {
            text = std::fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
        }
        let folder = path.parent().unwrap_or(Path::new(""));
        Ok(Self::parse(Text { name: &name, text: &text }, folder, allow_unknown))
    }

    fn parse(source: Text<'_>, folder: &Path, allow_unknown: bool) -> Result<Self, String> {
        let file: File = if source.text.trim_start().starts_with('{') {
            serde_json::from_str(source.text).map_err(|error| source.json_trouble(&error))?
        } else {
            toml::from_str(source.text)
                .map_err(|error| source.trouble(error.message(), error.span()))?
        };
        if file.requests.is_empty() {
            return Err(source.trouble("there is no request to decide", source.find("requests")));
        }
        if !allow_unknown {
            names::check(&file, source)?;
        }
        let everyone_named = file.requests.iter().all(|request| request.principal.is_some());
        let policies = Documents::load(&file, source, folder)?;
        let principal = match file.principal {
            Some(principal) => principal,
            None if everyone_named => Asker::Anonymous,
            None => return Err(source.trouble("nobody asks: the file has no principal", None)),
        };
        Ok(Self { principal, policies, requests: file.requests, context: file.context })
    }

    /// The condition keys of a request: those that follow from it, those of all requests, its own.
    pub(super) fn context(&self, request: &Request) -> Keys {
        let mut context = ContextMap::new();
        let principal = request.principal.as_ref().unwrap_or(&self.principal);
        principal.keys(&mut context);
        let of_arn = ArnParts::parse(&request.resource).and_then(|arn| arn.account_id());
        let caller = principal.as_caller().principal().map(|principal| principal.account());
        if let Some(account) = self.policies.resource_account().or(of_arn).or(caller) {
            context.insert("aws:ResourceAccount", account.to_string());
        }
        for (key, value) in self.context.iter().chain(&request.context) {
            context.insert(key, of_key(key, &value.0));
        }
        Keys(context)
    }
}

/// The condition keys of a request, of which it is known which may have several values.
pub(super) struct Keys(ContextMap);

impl ConditionContext for Keys {
    fn get(&self, key: &str) -> Option<ContextValue<'_>> {
        self.0.get(key)
    }

    fn is_multivalued(&self, key: &str) -> bool {
        match self.0.get(key) {
            Some(value) => matches!(value, ContextValue::Many(_)),
            None => daypass_catalog::is_multivalued(key),
        }
    }
}

/// A value in the form that the key has in requests: one value of a multivalued key is a list of one,
/// for which conditions need a set operator. A list is a list, whatever the key.
fn of_key(key: &str, value: &ContextValue<'static>) -> ContextValue<'static> {
    match value {
        ContextValue::Text(text) if daypass_catalog::is_multivalued(key) => {
            ContextValue::many([text.clone()])
        }
        other => other.clone(),
    }
}

impl<'a> Text<'a> {
    /// What is wrong, with the place underlined; the first line where the place is not known.
    pub(super) fn trouble(self, message: &str, span: Option<Range<usize>>) -> String {
        self.shown(message, span, None, None)
    }

    pub(super) fn with_help(
        self,
        message: &str,
        span: Option<Range<usize>>,
        help: Option<&str>,
    ) -> String {
        self.shown(message, span, help, None)
    }

    pub(super) fn with_note(
        self,
        message: &str,
        span: Option<Range<usize>>,
        note: Option<String>,
    ) -> String {
        self.shown(message, span, None, note)
    }

    fn shown(
        self,
        message: &str,
        span: Option<Range<usize>>,
        help: Option<&str>,
        note: Option<String>,
    ) -> String {
        let diagnostic = Diagnostic {
            level: Tone::Error,
            id: None,
            message,
            span: span.unwrap_or(0..self.text.lines().next().map_or(0, str::len)),
            help,
            note,
        };
        let mut shown = report::render(self.name, self.text, &diagnostic);
        shown.push('\n');
        shown
    }

    /// Where a text stands between quotes, or else at all.
    pub(super) fn find(self, wanted: &str) -> Option<Range<usize>> {
        let quoted = ['"', '\'']
            .iter()
            .find_map(|quote| self.text.find(&format!("{quote}{wanted}{quote}")).map(|at| at + 1));
        let at = quoted.or_else(|| self.text.find(wanted))?;
        Some(at..at + wanted.len())
    }

    fn json_trouble(self, error: &serde_json::Error) -> String {
        let lines = self.text.split_inclusive('\n').take(error.line().saturating_sub(1));
        let at = lines.map(str::len).sum::<usize>() + error.column().saturating_sub(1);
        let at = self.text.floor_char_boundary(at);
        let message = error.to_string();
        let place = format!(" at line {} column {}", error.line(), error.column());
        let message = message.strip_suffix(&place).unwrap_or(&message);
        let end = self.text.len().min(at + 1);
        self.trouble(message, Some(at..self.text.ceil_char_boundary(end)))
    }
}
