use serde_json::{Map, Value, json};

use super::Random;
use super::vocabulary::{ACTIONS, PRINCIPALS, RESOURCES};

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

impl Random {
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
                // In a trust policy they are written out.
                Kind::Trust => return ACTIONS[random.below(2)].to_owned(),
                Kind::ResourceControl => ACTIONS[random.below(3)],
                _ if random.once_in(3) => return "*".to_owned(),
                _ => random.among(&ACTIONS),
            };
            // The service may hold no wildcards.
            let (service, name) = action.split_once(':').unwrap();
            let pattern = format!("{service}:{}", random.wild(name));
            random.case(&pattern)
        };
        let mut actions = self.list(2, action);
        if self.once_in(12) {
            actions.extend((0..12).map(|_| action(self)));
        }
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
