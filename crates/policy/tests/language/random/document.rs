use serde_json::{Map, Value, json};

use super::Random;
use super::vocabulary::{ACTIONS, PRINCIPALS, RESOURCES};
use crate::support::{Caller, Decision};

/// What stands in a document.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    Identity,
    Managed,
    Trust,
    Resource,
    ServiceControl,
    ResourceControl,
}

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

    pub(crate) fn documents(&mut self, kind: Kind, limit: usize) -> Vec<Value> {
        let count = if self.once_in(5) { 0 } else { 1 + self.below(limit) };
        (0..count).map(|_| self.document(kind, 3)).collect()
    }

    pub(crate) fn document(&mut self, kind: Kind, limit: usize) -> Value {
        let count = 1 + self.below(limit);
        let mut statements: Vec<Value> = (0..count).map(|_| self.statement(kind)).collect();
        let statement = match statements.len() {
            1 if self.once_in(2) => statements.remove(0),
            _ => json!(statements),
        };
        let old = matches!(kind, Kind::Managed | Kind::Trust | Kind::Resource) && self.once_in(4);
        match (old, self.once_in(2)) {
            (false, _) => json!({"Version": "2012-10-17", "Statement": statement}),
            (true, true) => json!({"Version": "2008-10-17", "Statement": statement}),
            (true, false) => json!({"Statement": statement}),
        }
    }

    pub(crate) fn statement(&mut self, kind: Kind) -> Value {
        // Nobody writes a resource control policy that allows.
        let denies = kind == Kind::ResourceControl || self.once_in(5);
        let mut statement = Map::new();
        let mut set = |element: &str, value| statement.insert(element.to_owned(), value);
        set("Effect", json!(if denies { "Deny" } else { "Allow" }));
        let others = kind != Kind::ResourceControl && self.once_in(6);
        let element = if others { "NotAction" } else { "Action" };
        set(element, self.actions(kind));
        if kind != Kind::Trust {
            let element = if self.once_in(5) { "NotResource" } else { "Resource" };
            set(element, self.resources());
        }
        match kind {
            Kind::Trust => _ = set("Principal", self.principals()),
            Kind::Resource if denies && self.once_in(3) => {
                _ = set("NotPrincipal", self.many_principals());
            }
            Kind::Resource if self.once_in(6) => _ = set("Principal", json!("*")),
            Kind::Resource => _ = set("Principal", self.principals()),
            Kind::ResourceControl => _ = set("Principal", json!("*")),
            Kind::Identity | Kind::Managed | Kind::ServiceControl => {}
        }
        if self.once_in(2) {
            set("Condition", self.condition());
        }
        if kind == Kind::Managed && self.once_in(8) {
            self.spoil(&mut statement);
        }
        Value::Object(statement)
    }

    fn actions(&mut self, kind: Kind) -> Value {
        let action = |random: &mut Self| {
            let action = match kind {
                Kind::Trust => ACTIONS[random.below(2)],
                Kind::ResourceControl => ACTIONS[random.below(3)],
                _ if random.once_in(3) => return "*".to_owned(),
                _ => random.among(&ACTIONS),
            };
            // The service may hold no wildcards.
            let (service, name) = action.split_once(':').unwrap();
            let pattern = format!("{service}:{}", random.wild(name));
            random.case(&pattern)
        };
        let actions = self.list(2, action);
        self.one_or_list(actions)
    }

    fn resources(&mut self) -> Value {
        let resource = |random: &mut Self| {
            let resource = random.among(&RESOURCES);
            if resource == "*" || random.once_in(3) {
                return "*".to_owned();
            }
            if random.once_in(8) {
                return random
                    .among(&["arn:aws:s3:::*", "arn:aws:sns:*", "arn:aws:s3:::bucket/*"])
                    .to_owned();
            }
            let fields: Vec<&str> = resource.splitn(6, ':').collect();
            let (partition, account) = (
                random.among(&[fields[1], fields[1], "*"]),
                random.among(&[fields[4], fields[4], "*"]),
            );
            let (kind, name) = fields[5].split_once('/').unwrap_or(("", fields[5]));
            let name = random.wild(name);
            let name = if random.once_in(3) { random.variable(&name) } else { name };
            let slash = if kind.is_empty() { "" } else { "/" };
            format!("arn:{partition}:{}:{}:{account}:{kind}{slash}{name}", fields[2], fields[3])
        };
        let resources = self.list(3, resource);
        self.one_or_list(resources)
    }

    fn principals(&mut self) -> Value {
        let principals = self.list(2, |random| PRINCIPALS[random.below(PRINCIPALS.len())]);
        self.by_kind(&principals)
    }

    /// Enough of them that `NotPrincipal` spares somebody now and then.
    fn many_principals(&mut self) -> Value {
        let principals: Vec<_> =
            PRINCIPALS.into_iter().filter(|(_, value)| *value != "*" && !self.once_in(3)).collect();
        if principals.is_empty() || self.once_in(8) {
            return json!({"AWS": "*"});
        }
        self.by_kind(&principals)
    }

    fn by_kind(&mut self, principals: &[(&str, &str)]) -> Value {
        let mut kinds = Map::new();
        for kind in ["AWS", "Service", "Federated"] {
            let of_kind = principals.iter().filter(|(of, _)| *of == kind);
            let values: Vec<String> = of_kind.map(|(_, value)| (*value).to_owned()).collect();
            if !values.is_empty() {
                kinds.insert(kind.to_owned(), self.one_or_list(values));
            }
        }
        Value::Object(kinds)
    }

    /// Makes a statement one that is not understood.
    fn spoil(&mut self, statement: &mut Map<String, Value>) {
        match self.below(5) {
            0 => _ = statement.insert("Purpose".to_owned(), json!("x")),
            1 => _ = statement.insert("Principal".to_owned(), json!("*")),
            2 => {
                statement.remove("Resource");
            }
            3 => _ = statement.insert("NotAction".to_owned(), json!([])),
            _ => {
                let operator = self.among(&["RegexMatches", "NullIfExists", "ForSome:Bool"]);
                let block = json!({operator: {"aws:username": "bob"}});
                statement.insert("Condition".to_owned(), block);
            }
        }
    }

    fn one_or_list(&mut self, mut values: Vec<String>) -> Value {
        match values.len() {
            1 if self.once_in(2) => json!(values.remove(0)),
            _ => json!(values),
        }
    }
}
