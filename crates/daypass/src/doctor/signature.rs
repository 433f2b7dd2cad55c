use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};
use daypass::Secret;
use daypass_sigv4::doctor::{Case, diagnose};
use daypass_sigv4::{ExpectedScope, Presented, Profile, Regions, Request, Timestamp};

use super::message::Message;
use crate::cli::SignatureOptions;
use crate::terminal::print;

/// Says what is wrong with the signature of a request. The exit code is 0 for nothing, 1 for
/// something.
///
/// # Errors
/// When there is no request to look at, or no secret to look at it with.
pub(crate) fn signature(options: &SignatureOptions) -> anyhow::Result<ExitCode> {
    let message = message(options)?;
    let (path, query) = message.target();
    let request = Request::new(&message.method, path, query, &message.headers);
    let presented = match Presented::parse(&request) {
        Ok(presented) => presented,
        Err(error) => {
            print(&format!("There is no signature to be verified: {error}.\n"))?;
            return Ok(ExitCode::FAILURE);
        }
    };
    let claimed = presented.credential();
    let service = options.service.as_deref().unwrap_or(claimed.service);
    let region = options.region.as_deref().unwrap_or(claimed.region);
    if let Some(wanted) = options.access_key_id.as_deref().filter(|id| *id != claimed.access_key_id)
    {
        let text = format!(
            "The request is signed with the access key {}, and not with {wanted}.\n",
            claimed.access_key_id
        );
        print(&text)?;
        return Ok(ExitCode::FAILURE);
    }
    let secret = secret(options)?;
    let others: Vec<(&str, &[u8])> = options
        .other_secret
        .iter()
        .map(|other| other.expose().split_once(':').unwrap_or(("(the other one)", other.expose())))
        .map(|(id, secret)| (id, secret.as_bytes()))
        .collect();
    let profile = if S3.contains(&service) { Profile::S3 } else { Profile::QUERY };
    let case = Case {
        request: request.profile(profile),
        body: &message.body,
        secret: secret.expose().as_bytes(),
        other_secrets: &others,
        session_token: options.session_token.as_ref().map(|token| token.expose().as_str()),
        expected: ExpectedScope { service, regions: Regions::Only(region) },
        now: received_at(options, &message)?.unwrap_or(presented.signed_at()).unix_seconds(),
    };
    match diagnose(&case) {
        Ok(diagnosis) => {
            print(&diagnosis.to_string())?;
            Ok(if diagnosis.is_right() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Err(error) => {
            print(&format!("There is no signature to be verified: {error}.\n"))?;
            Ok(ExitCode::FAILURE)
        }
    }
}

fn message(options: &SignatureOptions) -> anyhow::Result<Message> {
    let shown = options.request.display();
    let text =
        read(&options.request).with_context(|| format!("the request {shown} cannot be read"))?;
    let mut message = Message::read(&text).with_context(|| format!("{shown} holds no request"))?;
    if let Some(body) = &options.body {
        message.body = match body.strip_prefix('@') {
            Some(path) => {
                read(Path::new(path)).with_context(|| format!("the body {path} cannot be read"))?
            }
            None => body.clone().into_bytes(),
        };
    }
    match message.missing_bytes() {
        Some(missing) if options.body.is_none() => bail!(
            "{shown} lacks {missing} bytes of the body (curl -v does not show it): give them with --body TEXT or \
             --body @FILE"
        ),
        _ => Ok(message),
    }
}

fn secret(options: &SignatureOptions) -> anyhow::Result<Secret<String>> {
    // What is said comes before what the environment happens to hold.
    if let Some(path) = &options.secret_file {
        let shown = path.display();
        let text = read(path).with_context(|| format!("the secret {shown} cannot be read"))?;
        let text = String::from_utf8(text).with_context(|| format!("{shown} is not text"))?;
        // Every editor ends a file with a line break, which is no part of the secret.
        return Ok(Secret::new(text.trim_end_matches(['\r', '\n']).to_owned()));
    }
    options.secret.clone().context(
        "no secret to look with: give --secret-file FILE, or set AWS_SECRET_ACCESS_KEY to the right one",
    )
}

/// When the server had the request: what was said, else what its answer in the trace says.
fn received_at(options: &SignatureOptions, message: &Message) -> anyhow::Result<Option<Timestamp>> {
    match &options.now {
        Some(text) => {
            let advice = || format!("{text:?} is no time: write it as 2027-01-15T08:00:00Z");
            Ok(Some(Timestamp::parse(text).with_context(advice)?))
        }
        None => Ok(message.answered_at.as_deref().and_then(Timestamp::parse)),
    }
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    if path == Path::new("-") {
        let mut text = Vec::new();
        io::stdin().lock().read_to_end(&mut text)?;
        return Ok(text);
    }
    fs::read(path)
}

/// The services that sign paths as S3 does.
const S3: [&str; 3] = ["s3", "s3express", "s3-object-lambda"];
