//! What `GetAccountAuthorizationDetails` answers, in the forms in which tools keep it.

use std::collections::HashMap;

use daypass_ident::{AccountId, ArnParts, IdKind, UniqueId};

use super::draft::{Draft, Entity};
use super::source::{Cursor, Sources};
use super::value;
use crate::seed::tree::Node;

/// Reads all pages into the draft, without what has one of the ARNs that are left out.
pub(super) fn read(sources: &Sources, left_out: &[String], draft: &mut Draft) {
    let mut pages = Vec::new();
    for value in sources.values() {
        for page in value.one_or_many() {
            match details(&page) {
                Some(page) => pages.push(page),
                None => draft.report(&page, NO_DETAILS),
            }
        }
    }
    let ids = Ids::of(&pages);
    let mut reader = Reader { draft, left_out, ids };
    // Roles and policies are told apart by their members: some tools put both into one list.
    for page in &pages {
        for user in list(page, "UserDetailList") {
            reader.user(&user);
        }
        for group in list(page, "GroupDetailList") {
            reader.group(&group);
        }
        for role in list(page, "RoleDetailList") {
            match role.member("RoleName") {
                Some(_) => reader.role(&role),
                None => reader.policy(&role),
            }
        }
        for policy in list(page, "Policies") {
            reader.policy(&policy);
        }
    }
}

/// The lists of a page, without what AWS's own JSON wraps them in.
fn details<'a>(page: &Cursor<'a>) -> Option<Cursor<'a>> {
    let page =
        page.member("GetAccountAuthorizationDetailsResponse").unwrap_or_else(|| page.clone());
    let page = page.member("GetAccountAuthorizationDetailsResult").unwrap_or(page);
    LISTS.iter().any(|name| page.member(name).is_some()).then_some(page)
}

fn list<'a>(page: &Cursor<'a>, name: &str) -> Vec<Cursor<'a>> {
    page.member(name).map(|list| list.one_or_many()).unwrap_or_default()
}

/// How often each id is there. Whoever made a file fit to be shown may have given all entities the same.
struct Ids<'a>(HashMap<&'a str, usize>);

impl<'a> Ids<'a> {
    fn of(pages: &[Cursor<'a>]) -> Self {
        let mut counts = HashMap::new();
        let mut count = |entity: &Cursor<'a>, member: &str| {
            if let Some(id) = entity.member(member).and_then(|id| id.text()) {
                *counts.entry(id).or_insert(0) += 1;
            }
        };
        for page in pages {
            for (name, member) in LISTS.into_iter().zip(["UserId", "GroupId", "RoleId", "PolicyId"])
            {
                for entity in list(page, name) {
                    count(&entity, member);
                    for profile in list(&entity, "InstanceProfileList") {
                        count(&profile, "InstanceProfileId");
                    }
                }
            }
        }
        Self(counts)
    }

    /// The id, if it is one, and of one entity alone. Any other says nothing: a new one is made.
    fn of_one(&self, id: &str, kind: IdKind) -> bool {
        let is_of_kind = id.parse::<UniqueId>().is_ok_and(|id| id.kind() == Some(kind));
        is_of_kind && self.0.get(id) == Some(&1)
    }
}

/// What an entity is called in the details and in a seed.
struct Kind {
    list: &'static str,
    /// As in ARNs.
    arn: &'static str,
    name: &'static str,
    id: &'static str,
    id_kind: IdKind,
}

const USER: Kind =
    Kind { list: "users", arn: "user", name: "UserName", id: "UserId", id_kind: IdKind::User };
const GROUP: Kind =
    Kind { list: "groups", arn: "group", name: "GroupName", id: "GroupId", id_kind: IdKind::Group };
const ROLE: Kind =
    Kind { list: "roles", arn: "role", name: "RoleName", id: "RoleId", id_kind: IdKind::Role };
const POLICY: Kind = Kind {
    list: "policies",
    arn: "policy",
    name: "PolicyName",
    id: "PolicyId",
    id_kind: IdKind::Policy,
};
const INSTANCE_PROFILE: Kind = Kind {
    list: "instance_profiles",
    arn: "instance-profile",
    name: "InstanceProfileName",
    id: "InstanceProfileId",
    id_kind: IdKind::InstanceProfile,
};

struct Reader<'d, 'a> {
    draft: &'d mut Draft,
    left_out: &'d [String],
    ids: Ids<'a>,
}

impl<'a> Reader<'_, 'a> {
    fn user(&mut self, at: &Cursor<'a>) {
        let Some((account, mut user)) = self.begin(&USER, at) else { return };
        let groups = self.texts(at, "GroupList");
        self.draft.set_list(&mut user, "groups", groups);
        self.boundary(&mut user, at);
        self.held(&mut user, at, "UserPolicyList");
        self.tags(&mut user, at);
        self.draft.push(account, USER.list, user);
    }

    fn group(&mut self, at: &Cursor<'a>) {
        let Some((account, mut group)) = self.begin(&GROUP, at) else { return };
        self.held(&mut group, at, "GroupPolicyList");
        self.draft.push(account, GROUP.list, group);
    }

    fn role(&mut self, at: &Cursor<'a>) {
        let Some((account, mut role)) = self.begin(&ROLE, at) else { return };
        match at.member("AssumeRolePolicyDocument") {
            Some(document) => {
                if let Some(text) = self.document(&document) {
                    self.draft.set(&mut role, "trust_policy", Node::text(text), &document);
                }
            }
            None => self.draft.report(at, "the AssumeRolePolicyDocument is missing"),
        }
        self.description(&mut role, at);
        if let Some(seconds) = at.member("MaxSessionDuration") {
            self.draft.set(&mut role, "max_session_duration", seconds.node().clone(), &seconds);
        }
        self.boundary(&mut role, at);
        self.held(&mut role, at, "RolePolicyList");
        self.tags(&mut role, at);
        self.draft.push(account, ROLE.list, role);
        for profile in list(at, "InstanceProfileList") {
            let Some((account, mut entity)) = self.begin(&INSTANCE_PROFILE, &profile) else {
                continue;
            };
            // The profile stands below the role that is in it.
            if let Some(name) = at.member("RoleName") {
                self.draft.set(&mut entity, "role", name.node().clone(), &name);
            }
            self.tags(&mut entity, &profile);
            self.draft.push(account, INSTANCE_PROFILE.list, entity);
        }
    }

    /// A customer managed policy. Those of AWS are in the catalogue.
    fn policy(&mut self, at: &Cursor<'a>) {
        let arn = at.member("Arn").and_then(|arn| arn.text()).unwrap_or_default();
        if arn.starts_with("arn:aws:iam::aws:") {
            return;
        }
        let Some((account, mut policy)) = self.begin(&POLICY, at) else { return };
        self.time(&mut policy, "update_date", at, "UpdateDate");
        self.description(&mut policy, at);
        let mut versions = Vec::new();
        let mut default = at.member("DefaultVersionId");
        for version in list(at, "PolicyVersionList") {
            let (Some(id), Some(document)) =
                (version.member("VersionId"), version.member("Document"))
            else {
                self.draft.report(&version, "the VersionId or the Document is missing");
                continue;
            };
            let Some(text) = self.document(&document) else { continue };
            let mut members = vec![("document".to_owned(), Node::text(text))];
            if let Some(date) = version.member("CreateDate")
                && let Some(time) = self.readable_time(&date)
            {
                members.push(("create_date".to_owned(), Node::text(time)));
            }
            if version.member("IsDefaultVersion").is_some_and(|it| it.is_true()) {
                default.get_or_insert(id.clone());
            }
            let name = id.text().unwrap_or_default().to_owned();
            self.draft.note(&policy, ["versions", &name, "document"], &document);
            versions.push((name, Node::Table(members), version));
        }
        if versions.is_empty() {
            self.draft.report(at, "the PolicyVersionList is missing, or has no version");
        }
        self.draft.set_table(&mut policy, "versions", versions);
        if let Some(default) = default {
            self.draft.set(&mut policy, "default_version", default.node().clone(), &default);
        }
        self.tags(&mut policy, at);
        self.draft.push(account, POLICY.list, policy);
    }

    /// What all entities have: an ARN, which tells the account, a name, a path, an id and a date.
    fn begin(&mut self, kind: &Kind, at: &Cursor<'a>) -> Option<(AccountId, Entity)> {
        if !at.is_table() {
            self.draft.report(at, "an object is expected here");
            return None;
        }
        let Some(arn) = at.member("Arn") else {
            self.draft.report(at, "the Arn is missing, which tells the account");
            return None;
        };
        let text = arn.text().unwrap_or_default();
        let parts = ArnParts::parse(text).filter(ArnParts::is_iam);
        let parsed = parts.as_ref().and_then(|parts| {
            let (path, name) = parts.path_and_name(kind.arn)?;
            Some((parts.account_id()?, path, name))
        });
        let Some((account, path, name)) = parsed else {
            let message =
                format!("{text:?} is no ARN of the form arn:aws:iam::ACCOUNT:{}/…", kind.arn);
            self.draft.report(&arn, message);
            return None;
        };
        if self.is_left_out(text, at) {
            return None;
        }
        let mut entity = self.draft.entity(account, true, kind.list, text, at)?;
        match at.member(kind.name) {
            Some(name) => self.draft.set(&mut entity, "name", name.node().clone(), &name),
            None => self.draft.set(&mut entity, "name", Node::text(name), &arn),
        }
        match at.member("Path") {
            Some(path) => self.draft.set(&mut entity, "path", path.node().clone(), &path),
            None => self.draft.set(&mut entity, "path", Node::text(path), &arn),
        }
        if let Some(id) = at.member(kind.id)
            && id.text().is_some_and(|text| self.ids.of_one(text, kind.id_kind))
        {
            self.draft.set(&mut entity, "id", id.node().clone(), &id);
        }
        self.time(&mut entity, "create_date", at, "CreateDate");
        Some((account, entity))
    }

    /// Whether somebody wants no part of what has this ARN; that is noted.
    fn is_left_out(&mut self, arn: &str, at: &Cursor<'a>) -> bool {
        let is_left_out = self.left_out.iter().any(|left_out| left_out == arn);
        if is_left_out {
            self.draft.note_left_out(at, format!("{arn} is left out"));
        }
        is_left_out
    }

    fn time(&mut self, entity: &mut Entity, name: &str, at: &Cursor<'a>, member: &str) {
        if let Some(date) = at.member(member)
            && let Some(time) = self.readable_time(&date)
        {
            self.draft.set(entity, name, Node::text(time), &date);
        }
    }

    fn readable_time(&mut self, at: &Cursor<'a>) -> Option<String> {
        let time = value::time(at.node());
        if time.is_none() {
            self.draft.report(at, "it is no time such as 2019-11-13T17:30:00Z");
        }
        time
    }

    fn document(&mut self, at: &Cursor<'a>) -> Option<String> {
        let document = value::document(at.node());
        if document.is_none() {
            self.draft.report(at, "it is no policy document: an object, or its text");
        }
        document
    }

    fn description(&mut self, entity: &mut Entity, at: &Cursor<'a>) {
        if let Some(description) = at.member("Description") {
            self.draft.set(entity, "description", description.node().clone(), &description);
        }
    }

    fn boundary(&mut self, entity: &mut Entity, at: &Cursor<'a>) {
        let Some(boundary) = at.member("PermissionsBoundary") else { return };
        let arn = boundary.member("PermissionsBoundaryArn").unwrap_or_else(|| boundary.clone());
        match arn.text() {
            Some(text) => self.draft.set(entity, "permissions_boundary", Node::text(text), &arn),
            None => self.draft.report(&arn, "the PermissionsBoundaryArn is missing"),
        }
    }

    /// Inline and attached policies.
    fn held(&mut self, entity: &mut Entity, at: &Cursor<'a>, inline: &str) {
        let mut attached = Vec::new();
        for policy in list(at, "AttachedManagedPolicies") {
            let arn = policy.member("PolicyArn").unwrap_or_else(|| policy.clone());
            match arn.text() {
                Some(text) if self.is_left_out(text, &arn) => {}
                Some(text) => attached.push((text.to_owned(), arn)),
                None => self.draft.report(&arn, "the PolicyArn is missing"),
            }
        }
        self.draft.set_list(entity, "attached_policies", attached);
        let mut documents = Vec::new();
        for policy in list(at, inline) {
            let name = policy.member("PolicyName").and_then(|name| name.text());
            let (Some(name), Some(document)) = (name, policy.member("PolicyDocument")) else {
                self.draft.report(&policy, "the PolicyName or the PolicyDocument is missing");
                continue;
            };
            if let Some(text) = self.document(&document) {
                documents.push((name.to_owned(), Node::text(text), document));
            }
        }
        self.draft.set_table(entity, "inline_policies", documents);
    }

    fn texts(&mut self, at: &Cursor<'a>, name: &str) -> Vec<(String, Cursor<'a>)> {
        let mut texts = Vec::new();
        for element in list(at, name) {
            match element.text() {
                Some(text) => texts.push((text.to_owned(), element)),
                None => self.draft.report(&element, "a text is expected here"),
            }
        }
        texts
    }

    fn tags(&mut self, entity: &mut Entity, at: &Cursor<'a>) {
        let mut tags = Vec::new();
        for tag in list(at, "Tags") {
            let text = |name| tag.member(name).and_then(|text: Cursor<'a>| text.text());
            match (text("Key"), text("Value")) {
                (Some(key), value) => {
                    let value = Node::text(value.unwrap_or_default());
                    tags.push((key.to_owned(), value, tag));
                }
                (None, _) => self.draft.report(&tag, "the Key is missing"),
            }
        }
        self.draft.set_table(entity, "tags", tags);
    }
}

const LISTS: [&str; 4] = ["UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"];
const NO_DETAILS: &str = "these are no authorization details: UserDetailList, GroupDetailList, RoleDetailList \
                          and Policies are missing";
