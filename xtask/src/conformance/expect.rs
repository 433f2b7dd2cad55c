//! What a call must come to, read from its outcome.

use anyhow::{Context, Result, bail, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

use super::call::{Keys, Outcome};

/// The answer, or a failure that tells what was said instead.
pub(crate) fn answer(outcome: Outcome) -> Result<Value> {
    match outcome {
        Outcome::Answer(answer) => Ok(answer),
        Outcome::Refusal(refusal) => bail!("refused: {}: {}", refusal.code, refusal.message),
        Outcome::Broken(text) => bail!("the client gave up: {text}"),
    }
}

/// The same, or nothing if the client, a command line, knows of no such operation.
pub(crate) fn answer_if_known(outcome: Outcome) -> Result<Option<Value>> {
    match outcome {
        Outcome::Broken(text) if text.contains("nvalid choice") => Ok(None),
        outcome => answer(outcome).map(Some),
    }
}

/// Fails unless it is this very refusal. The status counts where the client shows one.
pub(crate) fn refusal(outcome: Outcome, code: &str, status: u16, message: &str) -> Result<()> {
    match outcome {
        Outcome::Answer(answer) => bail!("answered, but {code} was expected: {answer}"),
        Outcome::Broken(text) => bail!("the client gave up: {text}"),
        Outcome::Refusal(refusal) => {
            equal("error code", &refusal.code, code)?;
            equal("message", &refusal.message, message)?;
            ensure!(
                refusal.status.is_none_or(|got| got == status),
                "status {:?}, but {status} was expected",
                refusal.status
            );
            Ok(())
        }
    }
}

/// Fails unless both are equal.
pub(crate) fn equal(what: &str, got: &str, expected: &str) -> Result<()> {
    ensure!(got == expected, "{what} {got:?}, but {expected:?} was expected");
    Ok(())
}

/// The text at a path such as `/User/Arn`.
pub(crate) fn text<'a>(answer: &'a Value, path: &str) -> Result<&'a str> {
    let value = answer.pointer(path).and_then(Value::as_str);
    value.with_context(|| format!("there is no text at {path} in {answer}"))
}

/// The text at a path, if it is a unique id of the kind that the prefix tells.
pub(crate) fn unique_id(answer: &Value, path: &str, prefix: &str) -> Result<String> {
    let id = text(answer, path)?;
    let wellformed = id.len() == 21
        && id.starts_with(prefix)
        && id.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    ensure!(wellformed, "{path} is {id:?}, which is no unique id that starts with {prefix}");
    Ok(id.to_owned())
}

/// The keys of a structure, if they are like AWS's and their id has the prefix. Those of a session have a token.
pub(crate) fn keys(answer: &Value, path: &str, prefix: &str) -> Result<Keys> {
    let id = text(answer, &format!("{path}/AccessKeyId"))?;
    let secret = text(answer, &format!("{path}/SecretAccessKey"))?;
    let token = answer.pointer(&format!("{path}/SessionToken")).and_then(Value::as_str);
    ensure!(
        id.len() == 20 && id.starts_with(prefix),
        "the access key id is {id:?}, not {prefix} and more"
    );
    ensure!(secret.len() == 40, "the secret has {} characters instead of 40", secret.len());
    let is_session = prefix == "ASIA";
    ensure!(
        token.is_some_and(|token| token.len() >= 100) == is_session,
        "the session token is {token:?}"
    );
    if is_session {
        ensure!(
            text(answer, &format!("{path}/Expiration"))?.starts_with("20"),
            "the expiration is odd"
        );
    }
    Ok(Keys { id: id.to_owned(), secret: secret.to_owned(), token: token.map(str::to_owned) })
}

/// The bytes at a path.
pub(crate) fn bytes(answer: &Value, path: &str) -> Result<Vec<u8>> {
    Ok(STANDARD.decode(text(answer, path)?)?)
}

/// Fails unless `GetCallerIdentity` answered this identity.
pub(crate) fn identity(outcome: Outcome, arn: &str, user_id: &str) -> Result<()> {
    let answer = answer(outcome)?;
    equal("Arn", text(&answer, "/Arn")?, arn)?;
    equal("UserId", text(&answer, "/UserId")?, user_id)?;
    equal("Account", text(&answer, "/Account")?, super::walk::ACCOUNT)
}

/// Fails unless the names at `field` of the list at `path` are these, in this order.
pub(crate) fn names(answer: &Value, path: &str, field: &str, expected: &[&str]) -> Result<()> {
    let list = answer.pointer(path).and_then(Value::as_array);
    let list = list.with_context(|| format!("there is no list at {path} in {answer}"))?;
    let names: Vec<&str> = list.iter().filter_map(|item| item.get(field)?.as_str()).collect();
    ensure!(names == expected, "{path} holds {names:?}, but {expected:?} was expected");
    Ok(())
}
