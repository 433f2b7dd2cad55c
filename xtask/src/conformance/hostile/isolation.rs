//! No answer to a caller of one account depends on the state of another.
//!
//! Two servers have the same account of the attacker's; the other account differs, and in one of them goes
//! on changing at random. The same random calls of the attacker's account must be answered alike, but for ids,
//! secrets and times, which are random or of the moment.
//!
//! Left out is where AWS itself tells: resource policies that name the caller's account (so none of the
//! other account does), trust policies that name the other account's principals (AWS refuses those
//! that are not there), names that are unique among all accounts (account aliases), and whose an access
//! key is (`GetAccessKeyInfo`).

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};

use super::world::{self, Mode, World};
use crate::conformance::http::Answer;
use crate::conformance::random::Random;
use crate::conformance::request::Request;
use crate::facts::{Facts, SERVICES, Shape};

/// Makes so many calls in both worlds.
///
/// # Errors
///
/// An answer differs, or hardly any call succeeds.
pub(super) fn run(binary: &Path, folder: &Path, calls: usize, random: &mut Random) -> Result<()> {
    let (of_attacker, of_other) =
        world::SEED.split_once(OTHER_ACCOUNT).context("the seed has two accounts")?;
    // Its trust must not name the attacker.
    let of_other = of_other.replace("\"AWS\": \"111111111111\"", "\"AWS\": \"222222222222\"");
    let start = |name: &str, of_other: &str| {
        let seed = format!("{of_attacker}{OTHER_ACCOUNT}{of_other}");
        World::start_with(binary, &folder.join(name), Mode::WellKnown, &seed, &[])
    };
    let (full, empty) = (start("full", &of_other)?, start("empty", EMPTY)?);
    let facts: Vec<Facts> =
        SERVICES.iter().map(|(service, _)| Facts::read(service)).collect::<Result<_>>()?;
    let mut successes = 0;
    for number in 0..calls {
        if random.once_in(3) {
            let mut call = call(&facts, random, &["root-b", "victim"])?;
            call.params.values_mut().for_each(|value| *value = value.replace(ATTACKERS, OTHERS));
            let action = call.action.as_deref().unwrap_or_default();
            if !action.contains("Delegat") && !action.contains("AccountAlias") {
                full.send(&call)?;
            }
        }
        let call = call(&facts, random, &["root-a", "mallory", "reader", "session"])?;
        if matches!(call.action.as_deref(), Some("CreateAccountAlias" | "GetAccessKeyInfo")) {
            continue;
        }
        let (one, other) = (full.send(&call)?, empty.send(&call)?);
        successes += usize::from(one.status == 200);
        let (one, other) = (plain(&full, &one), plain(&empty, &other));
        ensure!(
            one == other,
            "call {number}, {:?} by {:?} with {:?}, is answered by what another account has:\n    {one}\n    {other}",
            call.action,
            call.by,
            call.params,
        );
    }
    ensure!(successes * 20 >= calls, "only {successes} of {calls} calls succeed");
    Ok(())
}

/// A random call of any operation.
fn call(facts: &[Facts], random: &mut Random, callers: &[&str]) -> Result<Request> {
    // A tenth are of STS, which has few operations.
    let facts = facts.get(usize::from(random.once_in(10))).context("two services")?;
    let names: Vec<&str> = facts.operations.keys().map(String::as_str).collect();
    let action = random.pick(&names);
    let mut params = BTreeMap::new();
    let input = facts.operations.get(action).and_then(|operation| operation.input.as_deref());
    if let Some(input) = input {
        structure(facts, random, input, "", &mut params)?;
    }
    Ok(Request {
        by: Some(random.pick(callers).to_owned()),
        service: Some(facts.name.clone()),
        action: Some(action.to_owned()),
        params,
        ..Request::default()
    })
}

fn structure(
    facts: &Facts,
    random: &mut Random,
    shape: &str,
    prefix: &str,
    params: &mut BTreeMap<String, String>,
) -> Result<()> {
    for member in &facts.structure(shape)?.members {
        if member.required || random.once_in(4) {
            let name = format!("{prefix}{}", member.wire_name());
            value(facts, random, (&member.name, &member.shape), &name, params)?;
        }
    }
    Ok(())
}

fn value(
    facts: &Facts,
    random: &mut Random,
    (member, shape): (&str, &str),
    name: &str,
    params: &mut BTreeMap<String, String>,
) -> Result<()> {
    let text = match facts.shape(shape)? {
        Shape::Structure(_) => return structure(facts, random, shape, &format!("{name}."), params),
        Shape::List(list) => {
            for at in 1..=1 + random.below(2) {
                let name = format!("{name}.member.{at}");
                value(facts, random, (member, &list.member), &name, params)?;
            }
            return Ok(());
        }
        Shape::Map(_) => return Ok(()),
        Shape::String(text) if !text.words.is_empty() => {
            let words: Vec<&str> = text.words.iter().map(String::as_str).collect();
            random.pick(&words).to_owned()
        }
        Shape::String(_) => text(member, random).to_owned(),
        Shape::Integer(range) => {
            let least = usize::try_from(range.min.unwrap_or(1)).unwrap_or_default();
            (least + random.below(3)).to_string()
        }
        Shape::Boolean => random.pick(&["true", "false"]).to_owned(),
        Shape::Timestamp => "2026-01-01T00:00:00Z".to_owned(),
        Shape::Blob(_) => "AAAA".to_owned(),
    };
    params.insert(name.to_owned(), text);
    Ok(())
}

/// A text for a member of this name, of either account.
fn text(member: &str, random: &mut Random) -> &'static str {
    let lower = member.to_ascii_lowercase();
    let pool: &[&str] =
        if lower.contains("document") || lower == "policy" || lower.contains("policyinput") {
            DOCUMENTS
        } else if lower.contains("arn") || lower.contains("boundary") || lower.contains("serial") {
            ARNS
        } else if lower.contains("accesskeyid") {
            &["AKIAVICTIM0000000000", "AKIANOBODY0000000000", "AKIAROOTB00000000000"]
        } else if lower.contains("action") {
            &["iam:GetUser", "sts:AssumeRole", "s3:DeleteBucket"]
        } else if lower.contains("rolename") {
            &["helper", "target", "made"]
        } else if lower.contains("marker") || lower.contains("jobid") {
            &["00000000-0000-0000-0000-000000000000"]
        } else if lower.contains("path") {
            &["/", "/x/"]
        } else if lower.contains("versionid") {
            &["v1", "v2"]
        } else if lower.contains("namespace") {
            &["iam", "s3"]
        } else if lower.contains("account") || lower.contains("targetprincipal") {
            &["222222222222", "111111111111"]
        } else {
            &["pawn", "victim", "made", "own", "kept", "victims", "reader"]
        };
    random.pick(pool)
}

/// An answer without what is random or of the moment.
fn plain(world: &World, answer: &Answer) -> String {
    let mut body = answer.body.replace(world.address(), "(address)");
    for element in RANDOM {
        body = world::without(element, &body);
    }
    format!("{} {:?} {}", answer.status, answer.header_names(), without_ids(&body))
}

/// A text without its unique ids and times.
fn without_ids(text: &str) -> String {
    let mut plain = String::new();
    let mut word = String::new();
    for char in text.chars().chain(['\n']) {
        if char.is_ascii_alphanumeric() || char == '-' || char == ':' {
            word.push(char);
            continue;
        }
        let parts: Vec<&str> = match is_time(&word) {
            true => vec!["(time)"],
            false => word.split(':').map(|part| if is_id(part) { "(id)" } else { part }).collect(),
        };
        plain += &parts.join(":");
        plain.push(char);
        word.clear();
    }
    plain
}

/// Such as `AIDA` and seventeen more, or a UUID.
fn is_id(word: &str) -> bool {
    let is_unique = word.len() >= 16
        && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    is_unique || (word.len() == 36 && word.bytes().filter(|byte| *byte == b'-').count() == 4)
}

fn is_time(word: &str) -> bool {
    word.len() >= 20 && word.starts_with("20") && word.ends_with('Z')
}

const ATTACKERS: &str = "111111111111";
const OTHERS: &str = "222222222222";
const OTHER_ACCOUNT: &str = "[[accounts]]\nid = \"222222222222\"\n";
const EMPTY: &str =
    "root_access_keys = [{ id = \"AKIAOTHERB0000000000\", secret = \"another-secret\" }]\n";

/// Elements whose texts are random, or hold what is.
const RANDOM: &[&str] = &[
    "RequestId",
    "SecretAccessKey",
    "SessionToken",
    "Base32StringSeed",
    "QRCodePNG",
    "ServicePassword",
    "WebIdentityToken",
    "Content",
    "SessionTokenSize",
    "SessionTokenUtilization",
];

const ARNS: &[&str] = &[
    "arn:aws:iam::111111111111:user/pawn",
    "arn:aws:iam::111111111111:role/helper",
    "arn:aws:iam::111111111111:policy/own",
    "arn:aws:iam::111111111111:policy/made",
    "arn:aws:iam::111111111111:oidc-provider/oidc.own.example",
    "arn:aws:iam::222222222222:user/victim",
    "arn:aws:iam::222222222222:role/target",
    "arn:aws:iam::222222222222:group/victims",
    "arn:aws:iam::222222222222:policy/kept",
    "arn:aws:iam::222222222222:mfa/victims",
    "arn:aws:iam::222222222222:oidc-provider/oidc.kept.example",
    "arn:aws:iam::222222222222:saml-provider/made",
    "arn:aws:iam::222222222222:instance-profile/made",
    "arn:aws:iam::222222222222:server-certificate/made",
    "arn:aws:iam::222222222222:root",
    "arn:aws:iam::aws:policy/AdministratorAccess",
    "arn:aws:iam::aws:policy/IAMReadOnlyAccess",
];

const DOCUMENTS: &[&str] = &[
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#,
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["iam:Get*","iam:List*","sts:*"],"Resource":"*"}}"#,
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"111111111111"},"Action":"sts:AssumeRole"}}"#,
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}"#,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_times_are_left_out() {
        let text =
            "<Id>AROAXXXXXXXXXXXXXXXXX:x</Id> 2026-01-01T00:00:00Z victim arn:aws:iam::1:user/x";
        assert_eq!(without_ids(text), "<Id>(id):x</Id> (time) victim arn:aws:iam::1:user/x\n");
    }

    #[test]
    fn every_operation_can_be_called() {
        let facts: Vec<Facts> =
            SERVICES.iter().map(|(name, _)| Facts::read(name).unwrap()).collect();
        let mut random = Random::new(1);
        let mut actions = std::collections::BTreeSet::new();
        for _ in 0..20_000 {
            actions.insert(call(&facts, &mut random, &["reader"]).unwrap().action);
        }
        let all: usize = facts.iter().map(|facts| facts.operations.len()).sum();
        assert_eq!(actions.len(), all);
    }
}
