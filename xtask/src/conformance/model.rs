//! `cargo xtask conformance --model`: inputs at and just past every constraint of the service models.
//!
//! Past a constraint the answer must be a `ValidationError` in AWS's words, which are made here from the model and not
//! by the code under test. At the constraint the answer may be anything that does not complain of the model's
//! constraints: most inputs name what is not there. Nothing may be answered as a failure of the server; that an
//! operation is not built yet (501) comes after its constraints.

mod beyond;
mod cases;
mod patterns;
mod texts;
mod words;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context as _, Result, anyhow, bail, ensure};

use self::beyond::Beyond;
use self::cases::{Case, Cases, Expect, Service};
use super::Folders;
use super::call::Keys;
use super::http::{self, Answer};
use super::request::Request;
use crate::cargo;
use crate::facts::SERVICES;
use crate::server::{self, Server};
use crate::table::{Align, columns};

/// What an input is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Required,
    MinLength,
    MaxLength,
    Pattern,
    Enumeration,
    MinValue,
    MaxValue,
    MinSize,
    MaxSize,
    Type,
    Several,
}

impl Kind {
    fn title(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::MinLength => "least length",
            Self::MaxLength => "greatest length",
            Self::Pattern => "pattern",
            Self::Enumeration => "enumeration",
            Self::MinValue => "least value",
            Self::MaxValue => "greatest value",
            Self::MinSize => "least size",
            Self::MaxSize => "greatest size",
            Self::Type => "type",
            Self::Several => "several at once",
        }
    }
}

/// Sends all inputs to a server, and prints what became of them.
///
/// # Errors
///
/// The server cannot be started, or an answer is not as it must be.
pub(crate) fn run(folders: &Folders) -> Result<()> {
    cargo::build(&["-p", "daypass"])?;
    let binary = server::binary(&folders.target, "debug");
    let tally = ask(&binary, &folders.work.join("model"))?;
    print!("{}", tally.report());
    let failures = tally.failures.len();
    ensure!(failures == 0, "{failures} inputs were not answered as they must be");
    Ok(())
}

fn ask(binary: &Path, folder: &Path) -> Result<Tally> {
    let server = Server::daypass(binary, &folder.join("daypass.log"))?;
    let beyond = Beyond::read()?;
    let services: Vec<Service> =
        SERVICES.iter().map(|(name, _)| Service::read(name, &beyond)).collect::<Result<_>>()?;
    let operations: Vec<(&Service, &str)> = services
        .iter()
        .flat_map(|service| {
            service.facts.operations.keys().map(move |name| (service, name.as_str()))
        })
        .collect();
    let tally = Mutex::new(Tally::default());
    let next = AtomicUsize::new(0);
    let work = || -> Result<()> {
        while let Some((service, operation)) = operations.get(next.fetch_add(1, Ordering::Relaxed))
        {
            let cases = service.cases(operation).with_context(|| (*operation).to_owned())?;
            let outcomes: Vec<Result<()>> = cases
                .cases
                .iter()
                .map(|case| check(server.address(), service, operation, case))
                .collect();
            let mut tally = tally.lock().map_err(|_| anyhow!("a thread broke off"))?;
            tally.add(operation, &cases, outcomes);
        }
        Ok(())
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(work)).collect();
        threads
            .into_iter()
            .try_for_each(|thread| thread.join().unwrap_or_else(|_| bail!("a thread broke off")))
    })?;
    let unused = beyond.unused();
    ensure!(unused.is_empty(), "beyond.toml: nothing is allowed by the rules for {unused:?}");
    tally.into_inner().map_err(|_| anyhow!("a thread broke off"))
}

/// Sends an input and judges its answer.
fn check(address: &str, service: &Service<'_>, operation: &str, case: &Case) -> Result<()> {
    let request = Request {
        service: Some(service.facts.name.clone()),
        action: Some(operation.to_owned()),
        params: case.params.clone(),
        ..Request::default()
    };
    let bytes = request.bytes(address, Some(&Keys::long_term("test", "test")))?;
    let answer = http::exchange(address, &bytes);
    if bytes.len() > MAX_BODY {
        // The server need not read it to its end, so its answer may be lost with the connection.
        let is_refused = answer.as_ref().map_or(true, |answer| answer.status == 413);
        ensure!(is_refused, "not 413: {answer:?}");
        return Ok(());
    }
    case.expect.check(&answer?, |message| service.beyond.allows(operation, message))
}

impl Expect {
    /// Fails unless the answer is so; `is_beyond` tells of complaints that are not of the model's constraints.
    fn check(&self, answer: &Answer, is_beyond: impl Fn(&str) -> bool) -> Result<()> {
        let code = element(&answer.body, "Code").unwrap_or_default();
        let message = element(&answer.body, "Message").unwrap_or_default();
        ensure!(answer.status < 500 || answer.status == 501, "the server fails: {}", shown(answer));
        match self {
            Self::Accepted => {
                let complains =
                    code == "ValidationError" && words::complains(&message) && !is_beyond(&message);
                ensure!(!complains && code != "MalformedInput", "refused: {}", shown(answer));
            }
            Self::Refused(wrong) => {
                ensure!(
                    answer.status == 400
                        && code == "ValidationError"
                        && words::says(&message, wrong),
                    "not ValidationError {}, but: {}",
                    words::shown(wrong),
                    shown(answer),
                );
            }
            Self::Malformed => {
                ensure!(
                    answer.status == 400 && code == "MalformedInput",
                    "not MalformedInput: {}",
                    shown(answer)
                );
            }
        }
        Ok(())
    }
}

/// The text of an element.
fn element(xml: &str, name: &str) -> Option<String> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    let (text, _) = rest.split_once(&format!("</{name}>"))?;
    let unescaped = ESCAPES.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    Some(unescaped)
}

fn shown(answer: &Answer) -> String {
    let words: Vec<&str> = answer.body.split_whitespace().collect();
    format!("{} {}", answer.status, words.join(" "))
}

/// What became of the inputs.
#[derive(Debug, Default)]
struct Tally {
    operations: usize,
    members: usize,
    kinds: BTreeMap<Kind, Counts>,
    failures: Vec<String>,
}

/// The numbers of one kind.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    constraints: usize,
    at: usize,
    past: usize,
    failed: usize,
}

impl Tally {
    fn add(&mut self, operation: &str, cases: &Cases, outcomes: Vec<Result<()>>) {
        self.operations += 1;
        self.members += cases.members;
        for (kind, _) in &cases.constraints {
            self.kinds.entry(*kind).or_default().constraints += 1;
        }
        for (case, outcome) in cases.cases.iter().zip(outcomes) {
            let counts = self.kinds.entry(case.kind).or_default();
            match case.expect {
                Expect::Accepted => counts.at += 1,
                Expect::Refused(_) | Expect::Malformed => counts.past += 1,
            }
            if let Err(error) = outcome {
                counts.failed += 1;
                self.failures.push(failure(operation, case, &error));
            }
        }
    }

    fn report(&self) -> String {
        let head = ["", "constraints", "inputs at", "inputs past", "failed"];
        let mut rows = vec![head.map(str::to_owned).to_vec()];
        let row = |title: &str, counts: Counts| {
            let Counts { constraints, at, past, failed } = counts;
            let numbers = [constraints, at, past, failed].map(|number| number.to_string());
            [vec![title.to_owned()], numbers.to_vec()].concat()
        };
        rows.extend(self.kinds.iter().map(|(kind, counts)| row(kind.title(), *counts)));
        let all = self.kinds.values().fold(Counts::default(), |all, one| Counts {
            constraints: all.constraints + one.constraints,
            at: all.at + one.at,
            past: all.past + one.past,
            failed: all.failed + one.failed,
        });
        rows.push(row("all", all));
        let failures: String =
            self.failures.iter().map(|failure| format!("✗ {failure}\n")).collect();
        let (operations, members, inputs) = (self.operations, self.members, all.at + all.past);
        failures
            + &columns(&rows, Align::Right)
            + &format!("{operations} operations, {members} members, {inputs} inputs\n")
    }
}

/// What failed, in one line.
fn failure(operation: &str, case: &Case, error: &anyhow::Error) -> String {
    let params: Vec<String> =
        case.params.iter().map(|(name, value)| format!("{name}={:?}", cut(value, 30))).collect();
    let error = cut(&format!("{error:#}"), 700);
    let (kind, path) = (case.kind.title(), &case.path);
    format!("{operation}, {path}: {kind}: {error} ({})", cut(&params.join(" "), 300))
}

/// The first characters of a text.
fn cut(text: &str, length: usize) -> String {
    let count = text.chars().count();
    let start: String = text.chars().take(length).collect();
    if count > length { format!("{start}… ({count})") } else { start }
}

/// The greatest body that AWS reads; a greater one is answered with 413.
const MAX_BODY: usize = 10_000_000;

const THREADS: usize = 4;

const ESCAPES: &[(&str, &str)] = &[
    ("&#13;", "\r"),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", "\""),
    ("&apos;", "'"),
    ("&#39;", "'"),
    ("&amp;", "&"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, code: &str, message: &str) -> Answer {
        let body = format!("<Code>{code}</Code><Message>{message}</Message>");
        Answer::parse(&format!("HTTP/1.1 {status} X\r\na: b\r\n\r\n{body}")).unwrap()
    }

    #[test]
    fn what_is_at_a_constraint_is_no_reason_to_complain() {
        let accepted = |status, code, message| {
            Expect::Accepted
                .check(&answer(status, code, message), |message| message.ends_with("too"))
        };
        assert!(accepted(200, "", "").is_ok() && accepted(404, "NoSuchEntity", "x").is_ok());
        assert!(accepted(501, "NotImplemented", "x").is_ok());
        assert!(accepted(500, "InternalFailure", "").is_err());
        assert!(accepted(400, "ValidationError", "ARN x is not valid.").is_ok());
        assert!(accepted(400, "ValidationError", "1 validation error detected: x").is_err());
        assert!(accepted(400, "ValidationError", "1 validation error detected: x, too").is_ok());
        assert!(accepted(400, "ValidationError", "The specified value for x is").is_err());
    }

    #[test]
    fn what_is_past_a_constraint_is_refused_in_aws_words() {
        let wrong = vec![words::Wrong::Clause("a > b".to_owned())];
        let refused = |status, code, message| {
            Expect::Refused(wrong.clone()).check(&answer(status, code, message), |_| true)
        };
        let message = "1 validation error detected: a &gt; b";
        assert!(refused(400, "ValidationError", message).is_ok());
        assert!(refused(403, "ValidationError", message).is_err());
        assert!(refused(400, "InvalidInput", message).is_err());
        assert!(refused(200, "", "").is_err());
        assert!(refused(501, "NotImplemented", "").is_err());
    }

    #[test]
    fn failures_are_counted_and_listed() {
        let case = Case {
            kind: Kind::Pattern,
            path: "userName".to_owned(),
            params: [("UserName".to_owned(), "a".repeat(40))].into(),
            expect: Expect::Accepted,
        };
        let cases = Cases { cases: vec![case], members: 1, ..Cases::default() };
        let mut tally = Tally::default();
        tally.add("GetUser", &cases, vec![Err(anyhow!("refused"))]);
        let report = tally.report();
        assert!(report.starts_with("✗ GetUser, userName: pattern: refused (UserName="), "{report}");
        assert!(report.ends_with("1 operations, 1 members, 1 inputs\n"), "{report}");
    }
}
