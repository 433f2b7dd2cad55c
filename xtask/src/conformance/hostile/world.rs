//! The servers that are attacked, and who is known to them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::conformance::call::Keys;
use crate::conformance::http::{self, Answer};
use crate::conformance::request::Request;
use crate::server::Server;

/// How a server is started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Mode {
    WellKnown,
    OwnKeys,
    Strict,
}

impl Mode {
    pub(crate) const ALL: [Self; 3] = [Self::WellKnown, Self::OwnKeys, Self::Strict];

    /// As the table names it.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::WellKnown => "well-known keys",
            Self::OwnKeys => "own keys",
            Self::Strict => "--strict",
        }
    }

    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::WellKnown => &[],
            Self::OwnKeys => &["--no-well-known-keys"],
            Self::Strict => &["--strict"],
        }
    }
}

/// A running server with the accounts of the seed.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) mode: Mode,
    server: Server,
    keys: BTreeMap<String, Keys>,
    /// Makes names that were never used.
    fresh: AtomicU32,
}

impl World {
    /// Starts a server below `folder`.
    pub(crate) fn start(binary: &Path, folder: &Path, mode: Mode) -> Result<Self> {
        Self::start_with(binary, folder, mode, SEED, mode.arguments())
    }

    /// Starts a server with a seed and arguments.
    pub(crate) fn start_with(
        binary: &Path,
        folder: &Path,
        mode: Mode,
        seed: &str,
        arguments: &[&str],
    ) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let file: PathBuf = folder.join("seed.toml");
        fs::write(&file, seed)?;
        let mut command = Command::new(binary);
        command.env_clear().args(["--listen", "127.0.0.1:0", "--seed"]).arg(file).args(arguments);
        let server = Server::start(&mut command, &folder.join("daypass.log"))?;
        let mut world = Self { mode, server, keys: BTreeMap::new(), fresh: AtomicU32::new(0) };
        for (name, id, secret) in LONG_TERM {
            world.keys.insert((*name).to_owned(), keys(id, secret, None));
        }
        world.keys.insert("session".to_owned(), world.session()?);
        Ok(world)
    }

    /// A session of a role of the attacker's account.
    fn session(&self) -> Result<Keys> {
        let params =
            [("RoleArn", "arn:aws:iam::111111111111:role/helper"), ("RoleSessionName", "hostile")];
        let answer = self.call("mallory", "sts", "AssumeRole", &params)?;
        credentials(&answer.accepted()?)
    }

    /// A well-behaved call.
    pub(crate) fn call(
        &self,
        by: &str,
        service: &str,
        action: &str,
        params: &[(&str, &str)],
    ) -> Result<Answer> {
        let params = params.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        self.send(&Request {
            by: Some(by.to_owned()),
            service: Some(service.to_owned()),
            action: Some(action.to_owned()),
            params,
            ..Request::default()
        })
    }

    /// Sends a request of the tables.
    pub(crate) fn send(&self, request: &Request) -> Result<Answer> {
        self.send_numbered(request, &self.number())
    }

    /// A number that was not given before.
    pub(crate) fn number(&self) -> String {
        self.fresh.fetch_add(1, Ordering::Relaxed).to_string()
    }

    /// Sends a request in which `{n}` is this number.
    pub(crate) fn send_numbered(&self, request: &Request, number: &str) -> Result<Answer> {
        self.send_by(&self.filled(request, number), self.keys_of(request)?)
    }

    /// The keys that sign a request.
    pub(crate) fn keys_of(&self, request: &Request) -> Result<Option<&Keys>> {
        let named = request
            .by
            .as_ref()
            .map(|name| self.keys.get(name).with_context(|| format!("who is {name}?")));
        named.transpose()
    }

    /// Sends a request that is signed with these keys. A server that closes the connection without an
    /// answer has refused, too: that has status 0.
    pub(crate) fn send_by(&self, request: &Request, keys: Option<&Keys>) -> Result<Answer> {
        let bytes = request.bytes(self.address(), keys)?;
        Ok(http::exchange(self.address(), &bytes).unwrap_or_else(|_| Answer::none()))
    }

    /// Host and port.
    pub(crate) fn address(&self) -> &str {
        self.server.address()
    }

    /// A request with the names in braces replaced by what they stand for.
    fn filled(&self, request: &Request, number: &str) -> Request {
        let port = self.address().rsplit(':').next().unwrap_or_default();
        request.map(|text| {
            text.replace("{address}", self.address())
                .replace("{port}", port)
                .replace("{n}", number)
                .replace("{long}", &"x".repeat(20 << 10))
                .replace("{large}", &"x".repeat(100 << 10))
        })
    }

    /// What the accounts keep, as well-behaved callers see it. Two are equal if nothing was changed in
    /// between.
    ///
    /// # Errors
    ///
    /// Well-behaved callers are refused.
    pub(crate) fn snapshot(&self) -> Result<String> {
        let mut all = Sha256::new();
        let deployment = (self.mode != Mode::OwnKeys).then_some("test");
        let roots = ["root-a", "root-b"].into_iter().chain(deployment);
        let of_roots =
            roots.flat_map(|by| OF_ACCOUNTS.iter().map(move |action| (by, *action, NONE)));
        for (by, action, params) in of_roots.chain(OF_ENTITIES.iter().copied()) {
            let answer = self.call(by, "iam", action, params)?;
            let body = answer.accepted().with_context(|| format!("{action} by {by}"))?;
            let lasting = VARIABLE.iter().fold(body, |body, element| without(element, &body));
            all.update(lasting);
        }
        Ok(hex::encode(all.finalize()))
    }
}

/// A text without the contents of an XML element.
pub(crate) fn without(element: &str, xml: &str) -> String {
    let (open, close) = (format!("<{element}>"), format!("</{element}>"));
    let mut kept = String::new();
    let mut rest = xml;
    while let Some((before, after)) = rest.split_once(&open) {
        kept += before;
        rest = after.split_once(&close).map_or("", |(_, after)| after);
    }
    kept + rest
}

/// The text of an element that needs no unescaping.
pub(crate) fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    Some(rest.split_once('<')?.0)
}

/// The credentials in an answer.
pub(crate) fn credentials(xml: &str) -> Result<Keys> {
    let text = |name| element(xml, name).with_context(|| format!("no {name} in {xml}"));
    let token = element(xml, "SessionToken");
    ensure!(token.is_none_or(|token| !token.is_empty()), "an empty session token");
    Ok(keys(text("AccessKeyId")?, text("SecretAccessKey")?, token))
}

fn keys(id: &str, secret: &str, token: Option<&str>) -> Keys {
    Keys { id: id.to_owned(), secret: secret.to_owned(), token: token.map(str::to_owned) }
}

/// Who is known, by the name in the tables.
const LONG_TERM: &[(&str, &str, &str)] = &[
    ("root-a", "AKIAROOTA00000000000", "the-secret-of-root-a"),
    ("mallory", "AKIAMALLORY000000000", "the-secret-of-mallory"),
    ("reader", "AKIAREADER0000000000", "the-secret-of-reader"),
    ("kelvin", "AKIAKELVIN0000000000", "the-secret-of-kelvin"),
    ("root-b", "AKIAROOTB00000000000", "the-secret-of-root-b"),
    ("victim", "AKIAVICTIM0000000000", "the-secret-of-victim"),
    ("test", "test", "test"),
    ("test-of-b", "222222222222", "test"),
    ("stranger", "AKIASTRANGER00000000", "the-secret-of-nobody"),
];

/// The accounts that there are.
pub(crate) const SEED: &str = include_str!("seed.toml");

const NONE: &[(&str, &str)] = &[];

/// What tells what there is in an account.
const OF_ACCOUNTS: &[&str] = &[
    "ListUsers",
    "ListRoles",
    "ListGroups",
    "ListVirtualMFADevices",
    "ListOpenIDConnectProviders",
    "ListSAMLProviders",
    "ListAccountAliases",
    "ListAccessKeys",
    "GetAccountSummary",
];

/// Who asks, for which operation, with which parameters.
type Question = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// What tells of what the tables are about.
const OF_ENTITIES: &[Question] = &[
    ("root-a", "ListPolicies", &[("Scope", "Local")]),
    ("root-b", "ListPolicies", &[("Scope", "Local")]),
    ("root-a", "ListAccessKeys", &[("UserName", "mallory")]),
    ("root-b", "ListAccessKeys", &[("UserName", "victim")]),
    ("root-a", "GetUser", &[("UserName", "pawn")]),
    ("root-a", "ListAttachedUserPolicies", &[("UserName", "pawn")]),
    ("root-a", "ListAttachedRolePolicies", &[("RoleName", "helper")]),
    ("root-a", "GetRole", &[("RoleName", "helper")]),
    ("root-b", "GetRole", &[("RoleName", "target")]),
    ("root-b", "ListPolicyVersions", &[("PolicyArn", "arn:aws:iam::222222222222:policy/kept")]),
    ("root-b", "ListPolicyTags", &[("PolicyArn", "arn:aws:iam::222222222222:policy/kept")]),
    ("root-b", "ListMFADevices", &[("UserName", "victim")]),
    (
        "root-b",
        "GetOpenIDConnectProvider",
        &[(
            "OpenIDConnectProviderArn",
            "arn:aws:iam::222222222222:oidc-provider/oidc.kept.example",
        )],
    ),
];

/// Elements that change without anybody changing anything.
const VARIABLE: &[&str] = &["RequestId", "RoleLastUsed", "PasswordLastUsed"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_left_out() {
        assert_eq!(without("A", "<x/><A>1</A><B>2</B><A>3</A>"), "<x/><B>2</B>");
        assert_eq!(element("<x><A>1</A></x>", "A"), Some("1"));
    }
}
