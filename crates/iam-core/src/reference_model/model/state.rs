//! What the model says that an account is like.

use super::super::facts::counts;
use super::*;

impl Model {
    /// All that is so, as [`super::facts::shown`] has it.
    pub(in crate::reference_model) fn facts(&self) -> Vec<String> {
        let mut facts = Vec::new();
        self.orders(&mut facts);
        for user in self.users.values() {
            let who = user.is.state("user", &mut facts);
            say_tags(&mut facts, &who, &user.tags);
            facts.extend(user.groups.iter().map(|id| format!("{who} is in {}", self.group_of(id))));
            facts.extend(
                user.keys.iter().map(|(id, active)| format!("{who} has key {id}, {active}")),
            );
            facts.extend(user.password.map(|reset| format!("{who} has a password, {reset}")));
        }
        for group in self.groups.values() {
            let who = group.is.state("group", &mut facts);
            let members = self.users.values().filter(|user| user.groups.contains(&group.is.id));
            let names: Vec<_> = members.map(|user| &user.is.name).collect();
            facts.push(format!("{who} has {names:?}"));
        }
        for role in self.roles.values() {
            let who = role.is.state("role", &mut facts);
            say_tags(&mut facts, &who, &role.tags);
            let trusted = self.users.values().find(|user| user.is.id == role.trusts);
            let trusted = trusted.map_or(role.trusts.clone(), User::arn);
            facts.push(format!("{who} trusts {trusted}"));
            facts.push(format!("{who} lasts {}, {:?}", role.seconds, role.description));
        }
        for policy in self.policies.values() {
            let arn = policy.arn();
            say_tags(&mut facts, &arn, &policy.tags);
            facts.push(format!("{arn} is {}, v{}", policy.is.id, policy.default));
            let counts = (self.attached_to(&arn).count(), self.bounded_by(&arn).count());
            facts.push(format!("{arn} is used {counts:?}"));
            let versions = policy.versions.iter().rev();
            let versions: Vec<_> =
                versions.map(|(number, text)| (format!("v{number}"), text)).collect();
            facts.push(format!("{arn} has {versions:?}"));
        }
        for profile in self.profiles.values() {
            let who = profile.is.state("profile", &mut facts);
            say_tags(&mut facts, &who, &profile.tags);
            if let Some(id) = &profile.role {
                let role = &self.roles.values().find(|role| role.is.id == *id).unwrap().is.name;
                facts.push(format!("{who} has role {role}"));
                facts.push(format!("role {role} is in {who}"));
            }
        }
        for (who, held) in self.holders() {
            let inline = held.inline.iter();
            facts.extend(inline.map(|(name, document)| format!("{who} embeds {name}, {document}")));
            for arn in &held.attached {
                facts.push(format!("{who} has {arn}"));
                facts.push(format!("{arn} is attached to {who}"));
            }
            if let Some(arn) = &held.boundary {
                facts.push(format!("{who} is bounded by {arn}"));
                facts.push(format!("{arn} bounds {who}"));
            }
        }
        facts.sort_unstable();
        facts
    }

    fn orders(&self, facts: &mut Vec<String>) {
        let users: Vec<_> = self.users.values().map(|user| &user.is.name).collect();
        let groups: Vec<_> = self.groups.values().map(|group| &group.is.name).collect();
        let roles: Vec<_> = self.roles.values().map(|role| &role.is.name).collect();
        let policies: Vec<_> = self.policies.values().map(|policy| &policy.is.name).collect();
        let profiles: Vec<_> = self.profiles.values().map(|profile| &profile.is.name).collect();
        let versions = self.policies.values().map(|policy| policy.versions.len()).sum::<usize>();
        facts.push(counts(|key| {
            let count = match key {
                "Users" => users.len(),
                "Groups" => groups.len(),
                "Roles" => roles.len(),
                "Policies" => policies.len(),
                "PolicyVersionsInUse" => versions,
                "InstanceProfiles" => profiles.len(),
                other => panic!("{other}"),
            };
            i32::try_from(count).unwrap()
        }));
        facts.push(format!("users in order: {users:?}"));
        facts.push(format!("groups in order: {groups:?}"));
        facts.push(format!("roles in order: {roles:?}"));
        facts.push(format!("policies in order: {policies:?}"));
        facts.push(format!("profiles in order: {profiles:?}"));
    }

    fn group_of(&self, id: &str) -> &str {
        &self.groups.values().find(|group| group.is.id == id).unwrap().is.name
    }
}
