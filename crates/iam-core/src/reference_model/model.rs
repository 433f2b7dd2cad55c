//! IAM's rules as its documentation has them, over plain maps: what the handlers are measured against. It shares no
//! code with them, and its texts are AWS's.

mod state;

use std::collections::{BTreeMap, BTreeSet};

use super::operation::{
    ACCOUNT, BAD_PASSWORD, BoundedKind, DOCUMENTS, Kind, Operation, PolicyRef, Tagged, Tags, Trust,
    user_arn,
};

/// An account. Names are kept under their upper case.
#[derive(Debug, Default)]
pub(super) struct Model {
    users: BTreeMap<String, User>,
    groups: BTreeMap<String, Group>,
    roles: BTreeMap<String, Role>,
    policies: BTreeMap<String, Policy>,
    profiles: BTreeMap<String, Profile>,
    keys_made: Vec<String>,
}

/// What every entity has. Another of the same name has another id.
#[derive(Debug)]
struct Entity {
    name: String,
    path: String,
    id: String,
}

#[derive(Debug)]
struct User {
    is: Entity,
    held: Held,
    tags: TagMap,
    /// The ids of groups.
    groups: BTreeSet<String>,
    /// Whether keys are active, by their ids.
    keys: BTreeMap<String, bool>,
    /// Whether there is a password, and whether it must be changed.
    password: Option<bool>,
}

#[derive(Debug)]
struct Group {
    is: Entity,
    held: Held,
}

#[derive(Debug)]
struct Role {
    is: Entity,
    held: Held,
    tags: TagMap,
    /// A service, or the id of a user.
    trusts: String,
    description: Option<String>,
    seconds: i32,
}

#[derive(Debug)]
struct Policy {
    is: Entity,
    tags: TagMap,
    /// Documents by the numbers of versions.
    versions: BTreeMap<u32, usize>,
    default: u32,
    /// Numbers are given once.
    next: u32,
}

#[derive(Debug)]
struct Profile {
    is: Entity,
    tags: TagMap,
    /// The id of a role.
    role: Option<String>,
}

/// The policies of a user, group or role.
#[derive(Debug, Default)]
struct Held {
    inline: BTreeMap<String, usize>,
    attached: BTreeSet<String>,
    boundary: Option<String>,
}

/// Keys as they are compared, with the tags.
type TagMap = BTreeMap<String, (String, String)>;

/// `Code: text`.
type Refusal = String;

impl Model {
    /// The ids of all access keys ever made.
    pub(super) fn keys(&self) -> &[String] {
        &self.keys_made
    }

    /// Carries an operation out. What it makes has this id.
    pub(super) fn apply(&mut self, operation: &Operation, id: &str) -> Result<(), Refusal> {
        use Operation as O;
        match operation.clone() {
            O::CreateUser { name, path, boundary, tags } => {
                let tags = with_tags(&TagMap::new(), &tags, CaseOfKeys::Ignored)?;
                let boundary = boundary.map(|policy| self.boundary(&policy)).transpose()?;
                if self.users.contains_key(&upper(name)) {
                    return Err(format!(
                        "EntityAlreadyExists: User with name {name} already exists."
                    ));
                }
                let user = User {
                    is: Entity::new(name, path, id),
                    held: Held { boundary, ..Held::default() },
                    tags,
                    groups: BTreeSet::new(),
                    keys: BTreeMap::new(),
                    password: None,
                };
                self.users.insert(upper(name), user);
            }
            O::UpdateUser { name, new_name, new_path } => {
                let user = self.user(name)?;
                let is = user.is.changed(new_name, new_path);
                if upper(&is.name) != upper(name) && self.users.contains_key(&upper(&is.name)) {
                    let taken = is.name;
                    return Err(format!(
                        "EntityAlreadyExists: User with name {taken} already exists."
                    ));
                }
                let user = self.users.remove(&upper(name)).unwrap();
                self.users.insert(upper(&is.name), User { is, ..user });
            }
            O::DeleteUser { name } => {
                let user = self.user(name)?;
                must_go_first(&[
                    ("delete policies", !user.held.inline.is_empty()),
                    ("delete access keys", !user.keys.is_empty()),
                    ("detach all policies", !user.held.attached.is_empty()),
                    ("remove users from group", !user.groups.is_empty()),
                    ("delete login profile", user.password.is_some()),
                ])?;
                self.users.remove(&upper(name));
            }
            O::CreateGroup { name, path } => {
                if self.groups.contains_key(&upper(name)) {
                    return Err(format!(
                        "EntityAlreadyExists: Group with name {name} already exists."
                    ));
                }
                let group = Group { is: Entity::new(name, path, id), held: Held::default() };
                self.groups.insert(upper(name), group);
            }
            O::UpdateGroup { name, new_name, new_path } => {
                let group = self.group(name)?;
                let is = group.is.changed(new_name, new_path);
                if upper(&is.name) != upper(name) && self.groups.contains_key(&upper(&is.name)) {
                    let taken = is.name;
                    return Err(format!(
                        "EntityAlreadyExists: Group with name {taken} already exists."
                    ));
                }
                let group = self.groups.remove(&upper(name)).unwrap();
                self.groups.insert(upper(&is.name), Group { is, ..group });
            }
            O::DeleteGroup { name } => {
                let id = self.group(name)?.is.id.clone();
                let has_members = self.users.values().any(|user| user.groups.contains(&id));
                let group = self.group(name)?;
                must_go_first(&[
                    ("remove users from group", has_members),
                    ("delete policies", !group.held.inline.is_empty()),
                    ("detach all policies", !group.held.attached.is_empty()),
                ])?;
                self.groups.remove(&upper(name));
            }
            O::AddUserToGroup { group, user } => {
                self.user(user)?;
                let group = self.group(group)?.is.id.clone();
                let groups = &mut self.users.get_mut(&upper(user)).unwrap().groups;
                if !groups.contains(&group) {
                    quota("GroupsPerUser", groups.len() + 1, 10)?;
                    groups.insert(group);
                }
            }
            O::RemoveUserFromGroup { group, user } => {
                self.user(user)?;
                let group = self.group(group)?.is.id.clone();
                self.users.get_mut(&upper(user)).unwrap().groups.remove(&group);
            }
            O::CreateRole { name, path, trust, boundary, tags } => {
                let tags = with_tags(&TagMap::new(), &tags, CaseOfKeys::Ignored)?;
                let trusts = self.trusted(&trust)?;
                let boundary = boundary.map(|policy| self.boundary(&policy)).transpose()?;
                if self.roles.contains_key(&upper(name)) {
                    return Err(format!(
                        "EntityAlreadyExists: Role with name {name} already exists."
                    ));
                }
                let role = Role {
                    is: Entity::new(name, path, id),
                    held: Held { boundary, ..Held::default() },
                    tags,
                    trusts,
                    description: None,
                    seconds: 3600,
                };
                self.roles.insert(upper(name), role);
            }
            O::UpdateRole { name, description, seconds } => {
                let role = self.role(name)?;
                role.seconds = seconds.unwrap_or(role.seconds);
                role.description = description.map(str::to_owned).or(role.description.take());
            }
            O::UpdateAssumeRolePolicy { name, trust } => {
                self.role(name)?;
                let trusts = self.trusted(&trust)?;
                self.role(name)?.trusts = trusts;
            }
            O::DeleteRole { name } => {
                let role = self.role(name)?;
                let (inline, attached) = (role.held.inline.len(), role.held.attached.len());
                let id = Some(role.is.id.clone());
                must_go_first(&[
                    (FROM_PROFILE, self.profiles.values().any(|profile| profile.role == id)),
                    ("detach all policies", attached > 0),
                    ("delete policies", inline > 0),
                ])?;
                self.roles.remove(&upper(name));
            }
            O::PutInline { kind, name, policy, document } => {
                let holder = self.holder(kind, name)?;
                let others = holder.held.inline.iter().filter(|(other, _)| *other != policy);
                let size = others.map(|(_, document)| DOCUMENTS[*document].len()).sum::<usize>();
                let (word, most) = match kind {
                    Kind::User => ("user", 2048),
                    Kind::Group => ("group", 5120),
                    Kind::Role => ("role", 10_240),
                };
                if size + DOCUMENTS[document].len() > most {
                    return Err(format!(
                        "LimitExceeded: Maximum policy size of {most} bytes exceeded for {word} {}",
                        holder.name
                    ));
                }
                holder.held.inline.insert(policy.to_owned(), document);
            }
            O::DeleteInline { kind, name, policy } => {
                let word = match kind {
                    Kind::User => "user",
                    Kind::Group => "group",
                    Kind::Role => "role",
                };
                self.holder(kind, name)?.held.inline.remove(policy).ok_or_else(|| {
                    no_such(format!("The {word} policy with name {policy} cannot be found."))
                })?;
            }
            O::Attach { kind, name, policy } => {
                self.holder(kind, name)?;
                let arn = policy.arn();
                if !self.has_policy(&policy) {
                    return Err(no_such(format!(
                        "Policy {arn} does not exist or is not attachable."
                    )));
                }
                if matches!(policy, PolicyRef::ServiceLinked) {
                    return Err("PolicyNotAttachable: Cannot attach a Service Role Policy to a Customer Role.".to_owned());
                }
                let attached = &mut self.holder(kind, name)?.held.attached;
                if !attached.contains(&arn) {
                    let (name, most) = match kind {
                        Kind::User => ("PoliciesPerUser", 10),
                        Kind::Group => ("PoliciesPerGroup", 10),
                        Kind::Role => ("PoliciesPerRole", 20),
                    };
                    quota(name, attached.len() + 1, most)?;
                    attached.insert(arn);
                }
            }
            O::Detach { kind, name, policy } => {
                let arn = policy.arn();
                if !self.holder(kind, name)?.held.attached.remove(&arn) {
                    return Err(no_such(format!("Policy {arn} was not found.")));
                }
            }
            O::PutBoundary { kind, name, policy } => {
                self.holder(kind.into(), name)?;
                let arn = self.boundary(&policy)?;
                self.holder(kind.into(), name)?.held.boundary = Some(arn);
            }
            O::DeleteBoundary { kind, name } => {
                self.holder(kind.into(), name)?.held.boundary = None;
            }
            O::CreatePolicy { name, path, document, tags } => {
                let tags = with_tags(&TagMap::new(), &tags, CaseOfKeys::Significant)?;
                if self.policies.contains_key(&upper(name)) {
                    return Err(format!(
                        "EntityAlreadyExists: A policy called {name} already exists. Duplicate names are not allowed."
                    ));
                }
                let policy = Policy {
                    is: Entity::new(name, path, id),
                    tags,
                    versions: BTreeMap::from([(1, document)]),
                    default: 1,
                    next: 2,
                };
                self.policies.insert(upper(name), policy);
            }
            O::CreatePolicyVersion { policy, document, default } => {
                let policy = self.policy(&policy, UPDATE)?;
                if policy.versions.len() == 5 {
                    return Err(
                        "LimitExceeded: A managed policy can have up to 5 versions. Before you create a new version, \
                         you must delete an existing version."
                            .to_owned(),
                    );
                }
                policy.versions.insert(policy.next, document);
                if default {
                    policy.default = policy.next;
                }
                policy.next += 1;
            }
            O::SetDefaultPolicyVersion { policy, version } => {
                let absent = no_version(&policy, version);
                // Of a policy that is not there AWS says the same.
                let policy = match self.policy(&policy, UPDATE) {
                    Err(refusal) if refusal.starts_with("NoSuchEntity") => return Err(absent),
                    found => found?,
                };
                if !policy.versions.contains_key(&version) {
                    return Err(absent);
                }
                policy.default = version;
            }
            O::DeletePolicyVersion { policy, version } => {
                let absent = no_version(&policy, version);
                let denial = "Cannot delete policy versions for policies outside your own account.";
                let policy = self.policy(&policy, denial)?;
                if !policy.versions.contains_key(&version) {
                    return Err(absent);
                }
                if version == policy.default {
                    return Err(
                        "DeleteConflict: Cannot delete the default version of a policy.".to_owned()
                    );
                }
                policy.versions.remove(&version);
            }
            O::DeletePolicy { policy } => {
                let denial = "Cannot delete policies outside your own account.";
                let (key, versions) = {
                    let policy = self.policy(&policy, denial)?;
                    (upper(&policy.is.name), policy.versions.len())
                };
                let arn = policy.arn();
                if self.attached_to(&arn).count() + self.bounded_by(&arn).count() > 0 {
                    return Err(
                        "DeleteConflict: Cannot delete a policy attached to entities.".to_owned()
                    );
                }
                if versions > 1 {
                    return Err(
                        "DeleteConflict: This policy has more than one version. Before you delete a policy, you must \
                         delete the policy's versions. The default version is deleted with the policy."
                            .to_owned(),
                    );
                }
                self.policies.remove(&key);
            }
            O::CreateInstanceProfile { name, path, tags } => {
                let tags = with_tags(&TagMap::new(), &tags, CaseOfKeys::Significant)?;
                if self.profiles.contains_key(&upper(name)) {
                    return Err(format!(
                        "EntityAlreadyExists: Instance Profile {name} already exists."
                    ));
                }
                let profile = Profile { is: Entity::new(name, path, id), tags, role: None };
                self.profiles.insert(upper(name), profile);
            }
            O::DeleteInstanceProfile { name } => {
                let has_role = self.profile(name)?.role.is_some();
                must_go_first(&[(FROM_PROFILE, has_role)])?;
                self.profiles.remove(&upper(name));
            }
            O::AddRoleToInstanceProfile { profile, role } => {
                self.profile(profile)?;
                let role = self.role(role)?.is.id.clone();
                let profile = self.profile(profile)?;
                quota(
                    "InstanceSessionsPerInstanceProfile",
                    1 + usize::from(profile.role.is_some()),
                    1,
                )?;
                profile.role = Some(role);
            }
            O::RemoveRoleFromInstanceProfile { profile, role } => {
                self.profile(profile)?;
                let id = Some(self.role(role)?.is.id.clone());
                let profile = self.profile(profile)?;
                if profile.role != id {
                    return Err(no_such(format!("The role with name {role} cannot be found.")));
                }
                profile.role = None;
            }
            O::Tag { what, tags } => {
                let (mine, case) = self.tags(&what)?;
                *mine = with_tags(mine, &tags, case)?;
            }
            O::Untag { what, keys } => {
                let (mine, case) = self.tags(&what)?;
                for key in keys {
                    mine.remove(&case.key(&key));
                }
            }
            O::CreateAccessKey { user } => {
                let keys = &mut self.user(user)?.keys;
                quota("AccessKeysPerUser", keys.len() + 1, 2)?;
                keys.insert(id.to_owned(), true);
                self.keys_made.push(id.to_owned());
            }
            O::UpdateAccessKey { user, key, active } => {
                let id = self.key_made(key);
                *self.key(user, &id)? = active;
            }
            O::DeleteAccessKey { user, key } => {
                let id = self.key_made(key);
                self.key(user, &id)?;
                self.user(user)?.keys.remove(&id);
            }
            O::CreateLoginProfile { user, password, reset } => {
                let user = self.user(user)?;
                if user.password.is_some() {
                    let name = &user.is.name;
                    return Err(format!(
                        "EntityAlreadyExists: Login Profile for user {name} already exists."
                    ));
                }
                check_password(password)?;
                user.password = Some(reset.unwrap_or(false));
            }
            O::UpdateLoginProfile { user, password, reset } => {
                let user = self.user(user)?;
                let Some(old) = user.password else {
                    let name = &user.is.name;
                    return Err(no_such(format!("Login Profile for User {name} cannot be found.")));
                };
                password.map(check_password).transpose()?;
                user.password = Some(reset.unwrap_or(old));
            }
            O::DeleteLoginProfile { user } => {
                let user = self.user(user)?;
                if user.password.take().is_none() {
                    let name = &user.is.name;
                    return Err(no_such(format!("Cannot find Login Profile for User {name}")));
                }
            }
        }
        Ok(())
    }

    fn user(&mut self, name: &str) -> Result<&mut User, Refusal> {
        let absent = || no_such(format!("The user with name {name} cannot be found."));
        self.users.get_mut(&upper(name)).ok_or_else(absent)
    }

    fn group(&mut self, name: &str) -> Result<&mut Group, Refusal> {
        let absent = || no_such(format!("The group with name {name} cannot be found."));
        self.groups.get_mut(&upper(name)).ok_or_else(absent)
    }

    fn role(&mut self, name: &str) -> Result<&mut Role, Refusal> {
        let absent = || no_such(format!("The role with name {name} cannot be found."));
        self.roles.get_mut(&upper(name)).ok_or_else(absent)
    }

    fn profile(&mut self, name: &str) -> Result<&mut Profile, Refusal> {
        let absent = || no_such(format!("Instance Profile {name} cannot be found."));
        self.profiles.get_mut(&upper(name)).ok_or_else(absent)
    }

    /// A policy to change; AWS's are refused with `denial`.
    fn policy(&mut self, policy: &PolicyRef, denial: &str) -> Result<&mut Policy, Refusal> {
        if policy.is_aws() {
            return Err(format!("AccessDenied: {denial}"));
        }
        let arn = policy.arn();
        let found = self.policies.values_mut().find(|policy| policy.arn() == arn);
        found.ok_or_else(|| no_such(format!("Policy {arn} was not found.")))
    }

    fn has_policy(&self, policy: &PolicyRef) -> bool {
        let arn = policy.arn();
        policy.is_aws() || self.policies.values().any(|policy| policy.arn() == arn)
    }

    fn boundary(&self, policy: &PolicyRef) -> Result<String, Refusal> {
        let arn = policy.arn();
        if self.has_policy(policy) {
            return Ok(arn);
        }
        Err(no_such(format!("Scope ARN: {arn} does not exist or is not attachable.")))
    }

    /// A user is trusted as it is now, under whatever name, and not a namesake made later.
    fn trusted(&self, trust: &Trust) -> Result<String, Refusal> {
        let Trust::User { name, path } = trust else { return Ok("ec2.amazonaws.com".to_owned()) };
        let arn = user_arn(path, name);
        let user = self.users.values().find(|user| user.arn() == arn);
        user.map(|user| user.is.id.clone()).ok_or_else(|| {
            format!(r#"MalformedPolicyDocument: Invalid principal in policy: "AWS":"{arn}""#)
        })
    }

    fn holder(&mut self, kind: Kind, name: &str) -> Result<Holder<'_>, Refusal> {
        let (is, held) = match kind {
            Kind::User => self.user(name).map(|user| (&user.is, &mut user.held))?,
            Kind::Group => self.group(name).map(|group| (&group.is, &mut group.held))?,
            Kind::Role => self.role(name).map(|role| (&role.is, &mut role.held))?,
        };
        Ok(Holder { name: &is.name, held })
    }

    fn tags(&mut self, what: &Tagged) -> Result<(&mut TagMap, CaseOfKeys), Refusal> {
        Ok(match what {
            Tagged::User(name) => (&mut self.user(name)?.tags, CaseOfKeys::Ignored),
            Tagged::Role(name) => (&mut self.role(name)?.tags, CaseOfKeys::Ignored),
            Tagged::Policy(policy) => {
                (&mut self.policy(policy, UPDATE)?.tags, CaseOfKeys::Significant)
            }
            Tagged::InstanceProfile(name) => {
                (&mut self.profile(name)?.tags, CaseOfKeys::Significant)
            }
        })
    }

    fn key_made(&self, index: usize) -> String {
        match self.keys_made.len() {
            0 => "AKIAIOSFODNN7EXAMPLE".to_owned(),
            made => self.keys_made[index % made].clone(),
        }
    }

    fn key(&mut self, user: &str, id: &str) -> Result<&mut bool, Refusal> {
        let absent = || no_such(format!("The Access Key with id {id} cannot be found."));
        self.user(user)?.keys.get_mut(id).ok_or_else(absent)
    }

    /// Who holds policies: what it is called, and which.
    fn holders(&self) -> impl Iterator<Item = (String, &Held)> {
        let users = self.users.values().map(|user| (format!("user {}", user.is.name), &user.held));
        let groups =
            self.groups.values().map(|group| (format!("group {}", group.is.name), &group.held));
        let roles = self.roles.values().map(|role| (format!("role {}", role.is.name), &role.held));
        users.chain(groups).chain(roles)
    }

    fn attached_to(&self, arn: &str) -> impl Iterator<Item = String> {
        self.holders().filter(move |(_, held)| held.attached.contains(arn)).map(|(who, _)| who)
    }

    fn bounded_by(&self, arn: &str) -> impl Iterator<Item = String> {
        let is_bounded = move |held: &Held| held.boundary.as_deref() == Some(arn);
        self.holders().filter(move |(_, held)| is_bounded(held)).map(|(who, _)| who)
    }
}

impl Entity {
    fn new(name: &str, path: &str, id: &str) -> Self {
        Self { name: name.to_owned(), path: path.to_owned(), id: id.to_owned() }
    }

    fn changed(&self, name: Option<&str>, path: Option<&str>) -> Self {
        Self::new(name.unwrap_or(&self.name), path.unwrap_or(&self.path), &self.id)
    }

    /// Says where it is, and answers what it is called.
    fn state(&self, kind: &str, facts: &mut Vec<String>) -> String {
        let who = format!("{kind} {}", self.name);
        facts.push(format!("{who} at {} is {}", self.path, self.id));
        who
    }
}

impl User {
    fn arn(&self) -> String {
        user_arn(&self.is.path, &self.is.name)
    }
}

impl Policy {
    fn arn(&self) -> String {
        format!("arn:aws:iam::{ACCOUNT}:policy{}{}", self.is.path, self.is.name)
    }
}

struct Holder<'a> {
    name: &'a str,
    held: &'a mut Held,
}

impl From<BoundedKind> for Kind {
    fn from(kind: BoundedKind) -> Self {
        match kind {
            BoundedKind::User => Self::User,
            BoundedKind::Role => Self::Role,
        }
    }
}

#[derive(Clone, Copy)]
enum CaseOfKeys {
    Ignored,
    Significant,
}

impl CaseOfKeys {
    fn key(self, key: &str) -> String {
        match self {
            Self::Ignored => upper(key),
            Self::Significant => key.to_owned(),
        }
    }
}

fn with_tags(tags: &TagMap, given: &Tags, case: CaseOfKeys) -> Result<TagMap, Refusal> {
    let mut tags = tags.clone();
    for (index, (key, value)) in given.iter().enumerate() {
        if given[..index].iter().any(|(other, _)| case.key(other) == case.key(key)) {
            let more = match case {
                CaseOfKeys::Ignored => " Please note that Tag keys are case insensitive.",
                CaseOfKeys::Significant => "",
            };
            return Err(format!("InvalidInput: Duplicate tag keys found.{more}"));
        }
        if upper(key).starts_with("AWS:") {
            return Err(format!(
                "InvalidInput: The tag key {key} is not valid. Tag keys starting with 'aws:' are reserved."
            ));
        }
        tags.insert(case.key(key), (key.clone(), value.clone()));
    }
    if tags.len() > 50 {
        return Err("LimitExceeded: The number of tags has reached the maximum limit.".to_owned());
    }
    Ok(tags)
}

fn say_tags(facts: &mut Vec<String>, who: &str, tags: &TagMap) {
    facts.extend(tags.values().map(|(key, value)| format!("{who} has tag {key}={value}")));
}

fn must_go_first(reasons: &[(&str, bool)]) -> Result<(), Refusal> {
    match reasons.iter().find(|(_, is_so)| *is_so) {
        Some((what, _)) => Err(format!("DeleteConflict: Cannot delete entity, must {what} first.")),
        None => Ok(()),
    }
}

fn quota(name: &str, count: usize, most: usize) -> Result<(), Refusal> {
    if count <= most {
        return Ok(());
    }
    Err(format!("LimitExceeded: Cannot exceed quota for {name}: {most}"))
}

fn check_password(password: &str) -> Result<(), Refusal> {
    if password != BAD_PASSWORD {
        return Ok(());
    }
    Err("PasswordPolicyViolation: Password should meet 2 more of the following requirements: Password should have \
         at least one uppercase letter, Password should have at least one number, Password should have at least one \
         symbol"
        .to_owned())
}

fn no_version(policy: &PolicyRef, version: u32) -> Refusal {
    let arn = policy.arn();
    no_such(format!("Policy {arn} version v{version} does not exist or is not attachable."))
}

fn no_such(text: String) -> Refusal {
    format!("NoSuchEntity: {text}")
}

fn upper(name: &str) -> String {
    name.to_ascii_uppercase()
}

const UPDATE: &str = "Cannot update policies outside your own account.";
const FROM_PROFILE: &str = "remove roles from instance profile";
