//! The policies of a file, parsed.

use std::path::Path;

use daypass_ident::{AccountId, ArnParts, Principal};
use daypass_policy::lint::check;
use daypass_policy::{
    Caller, Level, NamedPolicy, Policies, Policy, PolicyKind, PolicySource, ResourcePolicy,
};

use super::file::{File, PolicyEntry, Request};
use super::load::Text;
use super::principal::Asker;
use crate::policy::catalog::Catalog;

/// All the policies, by kind.
#[derive(Debug)]
pub(super) struct Documents {
    identity: Vec<Named>,
    bearer: Bearer,
    boundary: Option<Named>,
    session: Option<Vec<Named>>,
    trust: Option<Named>,
    resource: Option<Named>,
    resource_account: Option<AccountId>,
    service_control: Vec<Vec<Named>>,
    resource_control: Vec<Vec<Named>>,
}

#[derive(Debug)]
struct Named {
    name: String,
    /// Of AWS's own.
    arn: Option<String>,
    policy: Policy,
    /// For control policies: what the level is called.
    target: String,
}

/// Whose the identity policies are, to name them.
#[derive(Debug)]
enum Bearer {
    User(String),
    Role(String),
}

impl Documents {
    /// Parses them all, or shows what is wrong with the first that cannot be.
    pub(super) fn load(file: &File, source: Text<'_>, folder: &Path) -> Result<Self, String> {
        if file.trust.is_some() && file.resource_policy.is_some() {
            let message = "a resource has one policy: trust, or resource_policy";
            return Err(source.trouble(message, source.find("resource_policy")));
        }
        let one = |entry: &PolicyEntry, kind, what: &str| {
            Loader { source, folder, kind }.load(entry, what, String::new())
        };
        let list = |entries: &[PolicyEntry], kind, what: &str| {
            entries.iter().map(|entry| one(entry, kind, what)).collect::<Result<Vec<_>, _>>()
        };
        let levels = |levels: &[Vec<PolicyEntry>], kind, what: &str| {
            let level = |(index, entries): (usize, &Vec<PolicyEntry>)| {
                let target = match index {
                    0 => "the root".to_owned(),
                    _ if index + 1 == levels.len() => "the account".to_owned(),
                    _ => format!("the unit at level {index}"),
                };
                let loader = Loader { source, folder, kind };
                entries.iter().map(|entry| loader.load(entry, what, target.clone())).collect()
            };
            levels.iter().enumerate().map(level).collect::<Result<Vec<Vec<_>>, _>>()
        };
        let optional = |entry: &Option<PolicyEntry>, kind, what: &str| {
            entry.as_ref().map(|entry| one(entry, kind, what)).transpose()
        };
        let session = file.session.as_deref();
        Ok(Self {
            identity: list(&file.identity, PolicyKind::Inline, "identity policy")?,
            bearer: Bearer::of(file),
            boundary: optional(&file.boundary, PolicyKind::Identity, "permissions boundary")?,
            session: session
                .map(|entries| list(entries, PolicyKind::Session, "session policy"))
                .transpose()?,
            trust: optional(&file.trust, PolicyKind::Trust, "trust policy")?,
            resource: optional(&file.resource_policy, PolicyKind::Resource, "resource policy")?,
            resource_account: file.resource_account,
            service_control: levels(
                &file.service_control,
                PolicyKind::ServiceControl,
                "service control policy",
            )?,
            resource_control: levels(
                &file.resource_control,
                PolicyKind::ResourceControl,
                "resource control policy",
            )?,
        })
    }

    /// The account that was said to own the resources.
    pub(super) fn resource_account(&self) -> Option<AccountId> {
        self.resource_account
    }

    /// Lends the policies as they bear on a request.
    pub(super) fn with<T>(
        &self,
        caller: &Asker,
        request: &Request,
        run: impl FnOnce(&Policies<'_>) -> T,
    ) -> T {
        // Nobody attaches a policy to root.
        let is_root = caller.as_caller().principal().is_some_and(Principal::is_root);
        let identity = self.identity.iter().filter(|_| !is_root);
        let identity: Vec<_> = identity.map(|named| self.own(named)).collect();
        let session = self.session.as_ref().map(|list| {
            list.iter().map(|named| named.lend(PolicySource::SessionInline)).collect::<Vec<_>>()
        });
        let service_control = controls(&self.service_control);
        let resource_control = controls(&self.resource_control);
        let service_control: Vec<Level<'_>> = service_control.iter().map(Vec::as_slice).collect();
        let resource_control: Vec<Level<'_>> = resource_control.iter().map(Vec::as_slice).collect();
        let of_resource = PolicySource::OfResource { arn: &request.resource };
        let trust = self.trust.as_ref().map(|named| ResourcePolicy::trust(named.lend(of_resource)));
        let open =
            self.resource.as_ref().map(|named| ResourcePolicy::open(named.lend(of_resource)));
        let of_arn = ArnParts::parse(&request.resource).and_then(|arn| arn.account_id());
        run(&Policies {
            service_control: &service_control,
            resource_control: &resource_control,
            identity: &identity,
            boundary: self.boundary.as_ref().filter(|_| !is_root).map(|named| self.own(named)),
            session: session.as_deref(),
            resource: trust.or(open),
            resource_account: self.resource_account.or(of_arn),
        })
    }

    fn own<'a>(&'a self, named: &'a Named) -> NamedPolicy<'a> {
        named.lend(self.bearer.source(named))
    }
}

fn controls(levels: &[Vec<Named>]) -> Vec<Vec<NamedPolicy<'_>>> {
    levels.iter().map(|level| level.iter().map(Named::as_control).collect()).collect()
}

impl Named {
    fn as_control(&self) -> NamedPolicy<'_> {
        let Self { name, arn, target, .. } = self;
        let arn = arn.as_ref().unwrap_or(name);
        self.lend(PolicySource::Control { arn, name, target })
    }

    /// As AWS's own policies are called everywhere, or as is said.
    fn lend<'a>(&'a self, source: PolicySource<'a>) -> NamedPolicy<'a> {
        let source = match (&self.arn, source) {
            (_, PolicySource::Control { .. }) | (None, _) => source,
            (Some(arn), _) => PolicySource::Managed { arn },
        };
        NamedPolicy { source, policy: &self.policy }
    }
}

impl Bearer {
    fn of(file: &File) -> Self {
        let first = file.principal.as_ref();
        let first = first.or(file.requests.iter().find_map(|request| request.principal.as_ref()));
        match first.map(Asker::as_caller) {
            Some(Caller::Principal(Principal::AssumedRole { role, .. })) => {
                Self::Role(String::from(&**role))
            }
            Some(
                Caller::Principal(Principal::User { name, .. })
                | Caller::FederationToken { user: Principal::User { name, .. }, .. },
            ) => Self::User(String::from(&**name)),
            _ => Self::User("the caller".to_owned()),
        }
    }

    fn source<'a>(&'a self, named: &'a Named) -> PolicySource<'a> {
        let name = &named.name;
        match self {
            Self::User(user) => PolicySource::UserInline { user, name },
            Self::Role(role) => PolicySource::RoleInline { role, name },
        }
    }
}

/// Finds policies of one kind.
struct Loader<'a> {
    source: Text<'a>,
    folder: &'a Path,
    kind: PolicyKind,
}

impl Loader<'_> {
    fn load(&self, entry: &PolicyEntry, what: &str, target: String) -> Result<Named, String> {
        match entry {
            PolicyEntry::Reference(name) => match self.of_aws(name) {
                Some((arn, document)) => {
                    let kind =
                        if name.starts_with("arn:") { PolicyKind::Managed } else { self.kind };
                    let policy = parse(kind, Text { name, text: document })?;
                    Ok(Named { name: name.clone(), arn: Some(arn.to_owned()), policy, target })
                }
                None if name.starts_with("arn:") => Err(self.source.trouble(
                    "AWS has no managed policy of this ARN that daypass knows",
                    self.source.find(name),
                )),
                None => self.file(name, name.clone(), target),
            },
            PolicyEntry::File { name, file } => {
                self.file(file, name.clone().unwrap_or_else(|| file.clone()), target)
            }
            PolicyEntry::Document { name, document } => {
                let name = name.clone().unwrap_or_else(|| what.to_owned());
                let text = match document {
                    serde_json::Value::String(text) => text.clone(),
                    table => format!("{table:#}"),
                };
                let shown = format!("{name} in {}", self.source.name);
                let policy = parse(self.kind, Text { name: &shown, text: &text })?;
                Ok(Named { name, arn: None, policy, target })
            }
        }
    }

    fn file(&self, file: &str, name: String, target: String) -> Result<Named, String> {
        let path = self.folder.join(file);
        let text = std::fs::read_to_string(&path).map_err(|error| {
            let message = format!("cannot read {}: {error}", path.display());
            self.source.trouble(&message, self.source.find(file))
        })?;
        let shown = path.display().to_string();
        let policy = parse(self.kind, Text { name: &shown, text: &text })?;
        Ok(Named { name, arn: None, policy, target })
    }

    /// The ARN and the document of a policy that every account finds there.
    fn of_aws<'n>(&self, name: &'n str) -> Option<(&'n str, &'static str)> {
        match (self.kind, name) {
            (PolicyKind::ServiceControl, "FullAWSAccess") => Some((FULL_SCP_ARN, FULL_SCP)),
            (PolicyKind::ResourceControl, "RCPFullAWSAccess") => Some((FULL_RCP_ARN, FULL_RCP)),
            (PolicyKind::Identity | PolicyKind::Inline | PolicyKind::Session, arn) => {
                daypass_catalog::managed_policy(arn).map(|policy| (arn, policy.document()))
            }
            _ => None,
        }
    }
}

/// The policy, or its text with what AWS refuses in it.
fn parse(kind: PolicyKind, document: Text<'_>) -> Result<Policy, String> {
    Policy::parse(kind, document.text).map_err(|malformed| {
        let mut findings = check(kind, document.text, &Catalog).into_iter();
        let refused = findings.find(|finding| finding.refusal.is_some());
        let (message, span) = match refused {
            Some(finding) => (finding.message, Some(finding.span)),
            None => ("AWS refuses this document".to_owned(), None),
        };
        document.with_note(&message, span, Some(format!("AWS says: {malformed}")))
    })
}

const FULL_SCP_ARN: &str =
    "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess";
const FULL_SCP: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
const FULL_RCP_ARN: &str =
    "arn:aws:organizations::aws:policy/resource_control_policy/p-RCPFullAWSAccess";
const FULL_RCP: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}"#;
