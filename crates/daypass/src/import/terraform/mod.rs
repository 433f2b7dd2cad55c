//! The IAM resources of a Terraform plan, as `terraform show -json` prints it
//! (<https://developer.hashicorp.com/terraform/internals/json-format>), with the names that Terraform's
//! provider for AWS has.

mod plan;
mod reference;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use daypass_ident::{AccountId, Arn};

use self::plan::{Attribute, Plan, Resource};
use super::draft::{Draft, Entity};
use super::source::{Cursor, Sources};
use super::value;
use crate::seed::tree::Node;

/// Reads the plans into the draft. What is known only after it is applied is noted and left out.
pub(super) fn read(sources: &Sources, account: AccountId, draft: &mut Draft) {
    for value in sources.values() {
        match Plan::of(&value) {
            Some(plan) => Reader::new(&plan, account, draft).read(),
            None => draft.report(&value, NO_PLAN),
        }
    }
}

/// Users, groups and roles: who holds policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Holder {
    User,
    Group,
    Role,
}

impl Holder {
    const ALL: [Self; 3] = [Self::User, Self::Group, Self::Role];

    fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Group => "group",
            Self::Role => "role",
        }
    }

    /// The seed's list of them.
    fn list(self) -> &'static str {
        match self {
            Self::User => "users",
            Self::Group => "groups",
            Self::Role => "roles",
        }
    }
}

type Held<T> = HashMap<(Holder, String), Vec<T>>;

struct Reader<'d, 'p, 'a> {
    plan: &'p Plan<'a>,
    account: AccountId,
    draft: &'d mut Draft,
    /// The names of those that are made.
    made: HashSet<(Holder, String)>,
    /// Whether one of a kind is left out, which others may then be for.
    left_out: HashSet<Holder>,
    /// The ARNs of policies that are left out, since their documents are not known.
    left_out_policies: HashSet<String>,
    attached: Held<(String, Cursor<'a>)>,
    inline: Held<(String, Node, Cursor<'a>)>,
    /// The groups of each user.
    groups: HashMap<String, Vec<(String, Cursor<'a>)>>,
}

impl<'d, 'p, 'a> Reader<'d, 'p, 'a> {
    fn new(plan: &'p Plan<'a>, account: AccountId, draft: &'d mut Draft) -> Self {
        Self {
            plan,
            account,
            draft,
            made: HashSet::new(),
            left_out: HashSet::new(),
            left_out_policies: HashSet::new(),
            attached: HashMap::new(),
            inline: HashMap::new(),
            groups: HashMap::new(),
        }
    }

    fn read(mut self) {
        let plan = self.plan;
        // What is held is gathered before its holders are made.
        for holder in Holder::ALL {
            for resource in plan.of_type(&format!("aws_iam_{}", holder.name())) {
                match self.text(resource, "name") {
                    Some((name, _)) if self.is_whole(holder, resource) => {
                        self.made.insert((holder, name));
                    }
                    _ => {
                        self.left_out.insert(holder);
                    }
                }
            }
        }
        for policy in plan.of_type("aws_iam_policy") {
            if !matches!(plan.attribute(policy, "policy"), Attribute::Known(_)) {
                self.left_out_policies.extend(identity(policy, "arn", self.account));
            }
        }
        for resource in &plan.resources {
            self.gather(resource);
        }
        for resource in &plan.resources {
            self.make(resource);
        }
        let (attached, inline) =
            (std::mem::take(&mut self.attached), std::mem::take(&mut self.inline));
        let unused = attached
            .into_iter()
            .flat_map(|(of, held)| held.into_iter().map(move |(_, at)| (of.clone(), at)));
        let unused_inline = inline
            .into_iter()
            .flat_map(|(of, held)| held.into_iter().map(move |(_, _, at)| (of.clone(), at)));
        let unused: Vec<_> = unused.chain(unused_inline).collect();
        for ((holder, name), at) in unused {
            self.miss(holder, &name, &at);
        }
        for (user, groups) in std::mem::take(&mut self.groups) {
            for (_, at) in groups {
                self.miss(Holder::User, &user, &at);
            }
        }
    }

    /// Somebody is not in the plan, or left out of it.
    fn miss(&mut self, holder: Holder, name: &str, at: &Cursor<'a>) {
        if self.left_out.contains(&holder) {
            let message = format!("the {} {name} is left out, and this with it", holder.name());
            self.draft.note_left_out(at, message);
        } else {
            self.draft.report(at, format!("the {} {name} is not in the plan", holder.name()));
        }
    }

    fn is_whole(&self, holder: Holder, resource: &Resource<'a>) -> bool {
        let trust = || self.plan.attribute(resource, "assume_role_policy");
        holder != Holder::Role || matches!(trust(), Attribute::Known(..))
    }

    /// What a resource gives to a user, group or role.
    fn gather(&mut self, resource: &Resource<'a>) {
        for holder in Holder::ALL {
            let kind = holder.name();
            if resource.kind == format!("aws_iam_{kind}_policy") {
                let (holder_name, name) =
                    (self.wanted(resource, kind), self.wanted(resource, "name"));
                let document = self.document(resource, "policy");
                if let (Some((of, _)), Some((name, _)), Some((text, at))) =
                    (holder_name, name, document)
                {
                    self.inline.entry((holder, of)).or_default().push((name, text, at));
                }
            } else if resource.kind == format!("aws_iam_{kind}_policy_attachment") {
                let (holder_name, arn) =
                    (self.wanted(resource, kind), self.wanted(resource, "policy_arn"));
                if let (Some((of, _)), Some(arn)) = (holder_name, arn) {
                    self.attach((holder, of), arn);
                }
            }
        }
        match resource.kind {
            "aws_iam_policy_attachment" => {
                let Some((arn, at)) = self.wanted(resource, "policy_arn") else { return };
                for holder in Holder::ALL {
                    for (of, _) in self.texts(resource, holder.list()) {
                        self.attach((holder, of), (arn.clone(), at.clone()));
                    }
                }
            }
            "aws_iam_group_membership" => {
                let Some((group, _)) = self.wanted(resource, "group") else { return };
                for (user, at) in self.texts(resource, "users") {
                    self.groups.entry(user).or_default().push((group.clone(), at));
                }
            }
            "aws_iam_user_group_membership" => {
                let Some((user, _)) = self.wanted(resource, "user") else { return };
                let groups = self.texts(resource, "groups");
                self.groups.entry(user).or_default().extend(groups);
            }
            _ => {}
        }
    }

    /// Attaches a policy, unless that is left out.
    fn attach(&mut self, to: (Holder, String), (arn, at): (String, Cursor<'a>)) {
        if self.is_left_out(&arn, &at) {
            return;
        }
        let held = self.attached.entry(to).or_default();
        if !held.iter().any(|(present, _)| *present == arn) {
            held.push((arn, at));
        }
    }

    /// Whether a policy is left out; that is noted.
    fn is_left_out(&mut self, arn: &str, at: &Cursor<'a>) -> bool {
        let is_left_out = self.left_out_policies.contains(arn);
        if is_left_out {
            let message = format!("the policy {arn} is left out, and this with it");
            self.draft.note_left_out(at, message);
        }
        is_left_out
    }

    fn make(&mut self, resource: &Resource<'a>) {
        match resource.kind {
            "aws_iam_user" => self.holder(Holder::User, resource),
            "aws_iam_group" => self.holder(Holder::Group, resource),
            "aws_iam_role" => self.holder(Holder::Role, resource),
            "aws_iam_policy" => self.policy(resource),
            "aws_iam_instance_profile" => self.instance_profile(resource),
            "aws_iam_openid_connect_provider" => self.oidc_provider(resource),
            "aws_iam_saml_provider" => self.saml_provider(resource),
            kind if GATHERED.contains(&kind) => {}
            kind if kind.starts_with("aws_iam_") => {
                let message = format!("{}: {kind} is not imported", resource.address);
                self.draft.note_left_out(&resource.at, message);
            }
            _ => {}
        }
    }

    fn holder(&mut self, holder: Holder, resource: &Resource<'a>) {
        if holder == Holder::Role && !self.is_whole(holder, resource) {
            self.wanted(resource, "assume_role_policy");
            return;
        }
        let list = holder.list();
        let Some((name, mut entity)) = self.begin(list, "name", resource) else { return };
        let key = (holder, name);
        if holder == Holder::Role {
            if let Some((trust, at)) = self.document(resource, "assume_role_policy") {
                self.draft.set(&mut entity, "trust_policy", trust, &at);
            }
            self.optional(&mut entity, "description", resource, "description");
            if let Some(seconds) = resource.values.member("max_session_duration") {
                let node = seconds.node().clone();
                self.draft.set(&mut entity, "max_session_duration", node, &seconds);
            }
            for arn in self.texts(resource, "managed_policy_arns") {
                self.attach(key.clone(), arn);
            }
            self.inline_blocks(&key, resource);
        }
        if holder == Holder::User {
            let mut groups = self.groups.remove(&key.1).unwrap_or_default();
            groups.dedup_by(|(a, _), (b, _)| a == b);
            self.draft.set_list(&mut entity, "groups", groups);
        }
        if holder != Holder::Group {
            let boundary = self.text(resource, "permissions_boundary");
            if !boundary.is_some_and(|(arn, at)| self.is_left_out(&arn, &at)) {
                let name = "permissions_boundary";
                self.optional(&mut entity, name, resource, name);
            }
            self.tags(&mut entity, resource);
        }
        let attached = self.attached.remove(&key).unwrap_or_default();
        self.draft.set_list(&mut entity, "attached_policies", attached);
        let inline = self.inline.remove(&key).unwrap_or_default();
        self.draft.set_table(&mut entity, "inline_policies", inline);
        self.draft.push(self.account, list, entity);
    }

    /// Inline policies within a role.
    fn inline_blocks(&mut self, key: &(Holder, String), resource: &Resource<'a>) {
        let blocks = resource.values.member("inline_policy");
        for block in blocks.map(|blocks| blocks.elements()).unwrap_or_default() {
            let name = block.member("name").and_then(|name| name.text());
            let policy = block.member("policy");
            let text = policy.as_ref().and_then(|policy| value::document(policy.node()));
            if let (Some(name), Some(policy), Some(text)) = (name, policy, text) {
                let inline = (name.to_owned(), Node::text(text), policy);
                self.inline.entry(key.clone()).or_default().push(inline);
            } else if block.member("name").is_some() || block.member("policy").is_some() {
                let message =
                    format!("{}: an inline_policy is {KNOWN_AFTER_APPLY}", resource.address);
                self.draft.note_left_out(&block, message);
            }
        }
    }

    fn policy(&mut self, resource: &Resource<'a>) {
        let Some((document, at)) = self.document(resource, "policy") else { return };
        let Some((_, mut policy)) = self.begin("policies", "name", resource) else { return };
        self.optional(&mut policy, "description", resource, "description");
        self.draft.set(&mut policy, "document", document, &at);
        self.tags(&mut policy, resource);
        self.draft.push(self.account, "policies", policy);
    }

    fn instance_profile(&mut self, resource: &Resource<'a>) {
        let list = "instance_profiles";
        let Some((_, mut profile)) = self.begin(list, "name", resource) else { return };
        if let Some((role, at)) = self.text(resource, "role") {
            if self.made.contains(&(Holder::Role, role.clone())) {
                self.draft.set(&mut profile, "role", Node::text(role), &at);
            } else {
                self.miss(Holder::Role, &role, &at);
            }
        }
        self.tags(&mut profile, resource);
        self.draft.push(self.account, list, profile);
    }

    fn oidc_provider(&mut self, resource: &Resource<'a>) {
        let list = "oidc_providers";
        let Some((_, mut provider)) = self.begin(list, "url", resource) else { return };
        let client_ids = self.texts(resource, "client_id_list");
        self.draft.set_list(&mut provider, "client_ids", client_ids);
        let thumbprints = self.known_texts(resource, "thumbprint_list");
        self.draft.set_list(&mut provider, "thumbprints", thumbprints);
        self.tags(&mut provider, resource);
        self.draft.push(self.account, list, provider);
    }

    fn saml_provider(&mut self, resource: &Resource<'a>) {
        let list = "saml_providers";
        let Some((metadata, at)) = self.wanted(resource, "saml_metadata_document") else { return };
        let Some((_, mut provider)) = self.begin(list, "name", resource) else { return };
        self.draft.set(&mut provider, "metadata", Node::text(metadata), &at);
        self.tags(&mut provider, resource);
        self.draft.push(self.account, list, provider);
    }

    /// Begins an entity that is known by this member, the name of most.
    fn begin(
        &mut self,
        list: &'static str,
        member: &'static str,
        resource: &Resource<'a>,
    ) -> Option<(String, Entity)> {
        let (name, at) = self.wanted(resource, member)?;
        let key = format!("{} {name}", resource.kind);
        let mut entity = self.draft.entity(self.account, false, list, &key, &resource.at)?;
        self.draft.set(&mut entity, member, Node::text(name.clone()), &at);
        if list != "oidc_providers" && list != "saml_providers" {
            self.optional(&mut entity, "path", resource, "path");
        }
        Some((name, entity))
    }

    /// A member that must be there; what is known only after the plan is applied is noted.
    fn wanted(&mut self, resource: &Resource<'a>, name: &str) -> Option<(String, Cursor<'a>)> {
        let known = self.text(resource, name);
        if known.is_none() {
            let what = match self.plan.attribute(resource, name) {
                Attribute::Unknown => KNOWN_AFTER_APPLY,
                _ => "missing",
            };
            let message = format!("{}: {name} is {what}; it is left out", resource.address);
            self.draft.note_left_out(&resource.at, message);
        }
        known
    }

    fn text(&self, resource: &Resource<'a>, name: &str) -> Option<(String, Cursor<'a>)> {
        match self.plan.attribute(resource, name) {
            Attribute::Known(value) => {
                let text = value.text().filter(|text| !text.is_empty())?;
                Some((text.to_owned(), value))
            }
            Attribute::Unknown => {
                let text = self.plan.resolve(resource, name, self.account).into_iter().next()?;
                Some((text, resource.at.clone()))
            }
            Attribute::Absent => None,
        }
    }

    /// A policy document that must be there.
    fn document(&mut self, resource: &Resource<'a>, name: &str) -> Option<(Node, Cursor<'a>)> {
        let Attribute::Known(value) = self.plan.attribute(resource, name) else {
            self.wanted(resource, name);
            return None;
        };
        match value::document(value.node()) {
            Some(text) => Some((Node::text(text), value)),
            None => {
                self.draft.report(&value, "it is no policy document: an object, or its text");
                None
            }
        }
    }

    fn optional(&mut self, entity: &mut Entity, member: &str, resource: &Resource<'a>, name: &str) {
        match self.text(resource, name) {
            Some((text, at)) => self.draft.set(entity, member, Node::text(text), &at),
            None => {
                if matches!(self.plan.attribute(resource, name), Attribute::Unknown) {
                    self.wanted(resource, name);
                }
            }
        }
    }

    fn known_texts(&self, resource: &Resource<'a>, name: &str) -> Vec<(String, Cursor<'a>)> {
        let Attribute::Known(list) = self.plan.attribute(resource, name) else { return Vec::new() };
        let texts = list.elements().into_iter();
        texts.filter_map(|element| Some((element.text()?.to_owned(), element))).collect()
    }

    /// A list of texts, some of which may be names or ARNs of others in the plan.
    fn texts(&mut self, resource: &Resource<'a>, name: &str) -> Vec<(String, Cursor<'a>)> {
        let mut texts = self.known_texts(resource, name);
        if !self.plan.is_all_known(resource, name) {
            let resolved = self.plan.resolve(resource, name, self.account);
            if resolved.is_empty() && self.plan.is_given(resource, name) {
                self.note_unknown(resource, name);
            }
            for text in resolved {
                if !texts.iter().any(|(present, _)| *present == text) {
                    texts.push((text, resource.at.clone()));
                }
            }
        }
        texts
    }

    fn note_unknown(&mut self, resource: &Resource<'a>, name: &str) {
        let message =
            format!("{}: {name} is {KNOWN_AFTER_APPLY}; it is left out", resource.address);
        self.draft.note_left_out(&resource.at, message);
    }

    /// The tags with the provider's default tags, or those of the resource alone.
    fn tags(&mut self, entity: &mut Entity, resource: &Resource<'a>) {
        let tags = match self.plan.attribute(resource, "tags_all") {
            Attribute::Known(tags) => Some(tags),
            _ => resource.values.member("tags"),
        };
        let Some(tags) = tags else { return };
        let tags = tags.members().into_iter();
        let tags = tags.filter_map(|(key, value)| {
            let text = Node::text(value.text()?);
            Some((key.to_owned(), text, value))
        });
        self.draft.set_table(entity, "tags", tags.collect());
    }
}

/// The name or ARN of a resource, as the attributes of Terraform's resources have them.
fn identity(resource: &Resource<'_>, attribute: &str, account: AccountId) -> Option<String> {
    let text = |name| resource.values.member(name).and_then(|text| text.text());
    let name = text("name");
    let path = text("path").unwrap_or("/");
    let arn = || {
        let name = name?;
        Some(String::from(match resource.kind {
            "aws_iam_user" => Arn::user(account, path, name),
            "aws_iam_group" => Arn::group(account, path, name),
            "aws_iam_role" => Arn::role(account, path, name),
            "aws_iam_policy" => Arn::policy(account, path, name),
            "aws_iam_instance_profile" => Arn::instance_profile(account, path, name),
            _ => return None,
        }))
    };
    match (attribute, resource.kind) {
        ("arn", _) | ("id", "aws_iam_policy") => text("arn").map(str::to_owned).or_else(arn),
        ("name" | "id", _) => name.map(str::to_owned),
        _ => None,
    }
}

/// Resources that say what others hold.
const GATHERED: [&str; 9] = [
    "aws_iam_user_policy",
    "aws_iam_group_policy",
    "aws_iam_role_policy",
    "aws_iam_user_policy_attachment",
    "aws_iam_group_policy_attachment",
    "aws_iam_role_policy_attachment",
    "aws_iam_policy_attachment",
    "aws_iam_group_membership",
    "aws_iam_user_group_membership",
];
const KNOWN_AFTER_APPLY: &str = "known only after apply";
const NO_PLAN: &str =
    "it is no plan: terraform plan -out plan.tfplan && terraform show -json plan.tfplan prints one";
