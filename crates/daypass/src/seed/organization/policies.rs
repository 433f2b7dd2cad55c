use std::collections::{BTreeMap, HashMap, HashSet};

use daypass_ident::IdGen;
use daypass_policy::PolicyKind;
use daypass_policy::lint::{self, NoVocabulary};
use daypass_state::record::{ControlPolicyId, ControlPolicyRecord, ControlPolicyType};

use super::targets::{Target, Targets};
use super::{LONGEST_NAME, Mistakes};
use crate::seed::file::{ControlPolicySeed, OrganizationSeed};
use crate::seed::listed::Listed;
use crate::seed::place::Path;

/// An organisation's policies and where they are attached.
#[derive(Debug)]
pub(super) struct Policies {
    pub(super) records: BTreeMap<ControlPolicyId, ControlPolicyRecord>,
    pub(super) attached: HashMap<Target, Vec<ControlPolicyId>>,
}

impl Policies {
    pub(super) fn attach(
        seed: &OrganizationSeed,
        path: &Path,
        targets: &Targets,
        ids: &dyn IdGen,
        mistakes: &mut Mistakes,
    ) -> Self {
        let full = || vec![ControlPolicyId::full_aws_access()];
        let mut attaching = Attaching {
            targets,
            ids,
            mistakes,
            policies: Self {
                records: BTreeMap::new(),
                attached: targets.iter().map(|target| (target.clone(), full())).collect(),
            },
        };
        let detached = attaching.detach(&seed.without_full_aws_access, path);
        for family in &FAMILIES {
            attaching.family(family, (family.of)(seed), path);
        }
        attaching.leave_none_bare(&detached);
        attaching.policies
    }
}

/// The policies of one type, and the rules that are their own.
struct Family {
    member: &'static str,
    of: fn(&OrganizationSeed) -> &Listed<ControlPolicySeed>,
    policy_type: ControlPolicyType,
    kind: PolicyKind,
    /// The name of AWS's own.
    of_aws: &'static str,
    /// How many may be attached to one target, AWS's own counted.
    per_target: usize,
}

const FAMILIES: [Family; 2] = [
    Family {
        member: "service_control_policies",
        of: |seed| &seed.service_control_policies,
        policy_type: ControlPolicyType::ServiceControl,
        kind: PolicyKind::ServiceControl,
        of_aws: "FullAWSAccess",
        // Five until May 2026.
        per_target: 10,
    },
    Family {
        member: "resource_control_policies",
        of: |seed| &seed.resource_control_policies,
        policy_type: ControlPolicyType::ResourceControl,
        kind: PolicyKind::ResourceControl,
        of_aws: "RCPFullAWSAccess",
        per_target: 5,
    },
];

struct Attaching<'a> {
    targets: &'a Targets,
    ids: &'a dyn IdGen,
    mistakes: &'a mut Mistakes,
    policies: Policies,
}

impl Attaching<'_> {
    /// Takes `FullAWSAccess` away.
    fn detach(&mut self, from: &Listed<String>, path: &Path) -> Vec<(Path, Target)> {
        let mut detached = Vec::new();
        for (number, text) in from.iter() {
            let path = path.element("without_full_aws_access", number);
            if let Some(target) = self.target(text, &path) {
                self.policies.attached.insert(target.clone(), Vec::new());
                detached.push((path, target));
            }
        }
        detached
    }

    fn family(&mut self, family: &Family, seeds: &Listed<ControlPolicySeed>, path: &Path) {
        let mut names = HashSet::from([family.of_aws]);
        for (number, seed) in seeds.iter() {
            let path = path.element(family.member, number);
            if !(1..=LONGEST_NAME).contains(&seed.name.chars().count()) {
                let message = format!("a policy's name has 1 to {LONGEST_NAME} characters");
                self.mistakes.push((path.member("name"), message));
            }
            if !names.insert(&seed.name) {
                let message = "another policy has this name".to_owned();
                self.mistakes.push((path.member("name"), message));
            }
            let id = self.id(seed, &path);
            let record = ControlPolicyRecord {
                name: seed.name.clone(),
                policy_type: family.policy_type,
                document: self.document(family, seed, &path.member("document")),
            };
            self.policies.records.insert(id.clone(), record);
            for (number, text) in seed.targets.iter() {
                self.attach(family, &id, text, path.element("targets", number));
            }
        }
    }

    fn id(&mut self, seed: &ControlPolicySeed, path: &Path) -> ControlPolicyId {
        let taken = |id: &ControlPolicyId| {
            id.is_full_aws_access() || self.policies.records.contains_key(id)
        };
        match &seed.id {
            Some(id) if !taken(id) => return id.clone(),
            Some(_) => {
                let message = "another policy has this id".to_owned();
                self.mistakes.push((path.member("id"), message));
            }
            None => {}
        }
        ControlPolicyId::generate(self.ids)
    }

    fn document(&mut self, family: &Family, seed: &ControlPolicySeed, path: &Path) -> String {
        let document = seed.document.text();
        let size = family.kind.size_of(&document);
        if let Some(limit) = family.kind.max_size().filter(|limit| size > *limit) {
            let message = format!("the document has {size} characters; {limit} are the most");
            self.mistakes.push((path.clone(), message));
        }
        // AWS has one sentence for all that may be wrong; the finding says what it is.
        let findings = lint::check(family.kind, &document, &NoVocabulary);
        let refused =
            findings.iter().find_map(|finding| Some((finding, finding.refusal.as_ref()?)));
        if let Some((finding, malformed)) = refused {
            let message =
                format!("MalformedPolicyDocumentException: {malformed} ({})", finding.message);
            self.mistakes.push((path.clone(), message));
        }
        document
    }

    fn attach(&mut self, family: &Family, id: &ControlPolicyId, text: &str, path: Path) {
        let Some(target) = self.target(text, &path) else { return };
        let attached = self.policies.attached.entry(target).or_default();
        if attached.contains(id) {
            let message = format!("the policy is attached to {text} already");
            self.mistakes.push((path, message));
            return;
        }
        attached.push(id.clone());
        let records = &self.policies.records;
        let policy_type = |id: &ControlPolicyId| {
            records.get(id).map_or(ControlPolicyType::ServiceControl, |record| record.policy_type)
        };
        let own = attached.iter().filter(|id| policy_type(id) == family.policy_type).count();
        // AWS's resource control policy is attached everywhere, and counts.
        let count = match family.policy_type {
            ControlPolicyType::ServiceControl => own,
            ControlPolicyType::ResourceControl => own + 1,
        };
        if count > family.per_target {
            let Family { per_target, of_aws, .. } = family;
            let message = format!(
                "no more than {per_target} such policies are attached to one target, {of_aws} \
                 counted"
            );
            self.mistakes.push((path, message));
        }
    }

    /// Where `FullAWSAccess` was detached, another service control policy must take its place.
    fn leave_none_bare(&mut self, detached: &[(Path, Target)]) {
        for (path, target) in detached {
            let attached = self.policies.attached.get(target);
            let mut types = attached
                .into_iter()
                .flatten()
                .filter_map(|id| self.policies.records.get(id).map(|record| record.policy_type));
            if !types.any(|policy_type| policy_type == ControlPolicyType::ServiceControl) {
                let message = "without FullAWSAccess, another service control policy must be \
                               attached here";
                self.mistakes.push((path.clone(), message.to_owned()));
            }
        }
    }

    fn target(&mut self, text: &str, path: &Path) -> Option<Target> {
        let target = self.targets.named(text);
        if target.is_none() {
            let message = format!(
                "the organization has no {text}: a target is \"root\", a unit by its path of names \
                 or its id, or an account"
            );
            self.mistakes.push((path.clone(), message));
        }
        target
    }
}
