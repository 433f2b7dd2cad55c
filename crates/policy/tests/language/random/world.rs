use serde_json::{Value, json};

use super::Random;
use super::document::Kind;
use crate::support::{Caller, Decision};

/// A caller and all the policies that could bear on a request of theirs. Half of the time one
/// identity policy of one statement, to look at the language; else everything at once, to look at
/// the decision.
pub(crate) fn world(random: &mut Random) -> Decision {
    let mut world = Decision {
        caller: Caller::User,
        action: String::new(),
        resource: String::new(),
        with: json!({}),
        service_control: Vec::new(),
        resource_control: Vec::new(),
        identity: Vec::new(),
        managed: Vec::new(),
        boundary: None,
        session: None,
        trust: None,
        resource_policy: None,
        resource_account: "111111111111".to_owned(),
        expect: String::new(),
    };
    if random.once_in(2) {
        let kind = if random.once_in(3) { Kind::Managed } else { Kind::Identity };
        let document = random.document(kind, 1);
        if kind == Kind::Managed { &mut world.managed } else { &mut world.identity }.push(document);
        return world;
    }
    world.caller = Caller::ALL[random.below(Caller::ALL.len())];
    let there =
        matches!(world.caller, Caller::OtherRoot | Caller::OtherUser | Caller::OtherSession);
    if random.once_in(4) != there {
        world.resource_account = "222222222222".to_owned();
    }
    random.own_policies(&mut world);
    random.resource_policies(&mut world);
    world
}

/// Every document of a case, with its kind.
pub(crate) fn documents(case: &mut Decision) -> Vec<(Kind, &mut Value)> {
    fn of<'a>(
        kind: Kind,
        documents: impl IntoIterator<Item = &'a mut Value>,
    ) -> impl Iterator<Item = (Kind, &'a mut Value)> {
        documents.into_iter().map(move |document| (kind, document))
    }
    of(Kind::ServiceControl, case.service_control.iter_mut().flatten())
        .chain(of(Kind::ResourceControl, case.resource_control.iter_mut().flatten()))
        .chain(of(Kind::Identity, &mut case.identity))
        .chain(of(Kind::Managed, &mut case.managed))
        .chain(of(Kind::Identity, &mut case.boundary))
        .chain(of(Kind::Identity, case.session.iter_mut().flatten()))
        .chain(of(Kind::Trust, &mut case.trust))
        .chain(of(Kind::Resource, &mut case.resource_policy))
        .collect()
}

/// The statements of a document, as a list also where there is only one.
pub(crate) fn statements(document: &mut Value) -> &mut Vec<Value> {
    let statement = &mut document["Statement"];
    if !statement.is_array() {
        *statement = json!([statement.take()]);
    }
    statement.as_array_mut().unwrap()
}

impl Random {
    /// Only what can be: root has no identity policies, who has no account has none of anything.
    fn own_policies(&mut self, world: &mut Decision) {
        let caller = world.caller;
        if !caller.has_account() {
            return;
        }
        if self.once_in(3) {
            world.service_control = self.levels(Kind::ServiceControl);
        }
        let session = matches!(caller, Caller::Session | Caller::OtherSession | Caller::Root);
        if caller == Caller::Federated || (session && self.once_in(2)) {
            world.session = Some(self.documents(Kind::Identity, 2));
        }
        if !caller.is_root() {
            world.identity = self.documents(Kind::Identity, 2);
            if self.once_in(4) {
                world.managed = self.documents(Kind::Managed, 1);
            }
            if self.once_in(3) {
                world.boundary = Some(self.document(Kind::Identity, 3));
            }
        }
    }

    fn resource_policies(&mut self, world: &mut Decision) {
        if self.once_in(4) {
            world.resource_control = self.levels(Kind::ResourceControl);
        }
        if self.once_in(3) && world.caller.has_account() {
            return;
        }
        // Nobody assumes a role without having signed, and an identity provider vouches for
        // nothing else.
        let trust = match world.caller {
            Caller::Anonymous => false,
            Caller::WebIdentity => true,
            _ => self.once_in(2),
        };
        if trust {
            world.trust = Some(self.document(Kind::Trust, 3));
        } else {
            world.resource_policy = Some(self.document(Kind::Resource, 3));
        }
    }

    fn levels(&mut self, kind: Kind) -> Vec<Vec<Value>> {
        (0..=self.below(3)).map(|_| self.level(kind)).collect()
    }

    /// A level of an organisation; most hold the policy that lets everything through.
    pub(crate) fn level(&mut self, kind: Kind) -> Vec<Value> {
        let mut level = self.documents(kind, 1);
        if !self.once_in(6) {
            let mut everything = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
            if kind == Kind::ResourceControl {
                everything["Principal"] = json!("*");
            }
            level.push(json!({"Version": "2012-10-17", "Statement": everything}));
        }
        level
    }
}
