//! The others.

use std::{collections::HashMap, str::FromStr};

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid,
    PolicySet, Request, RestrictedExpression,
};
use scratchstack_arn::Arn;
use scratchstack_aws_principal::{Principal, SessionData, SessionValue, User};

use crate::task::{ACCOUNT, Task, USER};

/// The crate `scratchstack-aspen`, with the same documents.
pub struct Aspen {
    policies: scratchstack_aspen::PolicySet,
    context: scratchstack_aspen::Context,
}

impl Aspen {
    /// `None` when it cannot read one of the documents.
    pub fn new(task: &Task) -> Option<Self> {
        let mut policies = scratchstack_aspen::PolicySet::new();
        for document in &task.documents {
            let source =
                scratchstack_aspen::PolicySource::new_entity_attached_policy("arn", "id", "v1");
            policies.add_policy(source, scratchstack_aspen::Policy::from_str(document).ok()?);
        }
        let mut session_data = SessionData::new();
        for (key, value) in task.all_keys() {
            session_data.insert(&key, SessionValue::String(value));
        }
        let (service, api) = task.action.split_once(':').expect("a service");
        let context = scratchstack_aspen::Context::builder()
            .api(api)
            .service(service)
            .actor(Principal::from(User::new("aws", ACCOUNT, "/", USER).expect("a user")))
            .resources(vec![Arn::from_str(&task.resource).expect("an ARN")])
            .session_data(session_data)
            .build()
            .expect("a context");
        Some(Self { policies, context })
    }

    pub fn decide(&self) -> bool {
        let (decision, _) = self.policies.evaluate(&self.context).expect("a decision");
        decision == scratchstack_aspen::Decision::Allow
    }
}

/// The crate `cedar-policy`, with a policy for each statement.
pub struct Cedar {
    authorizer: Authorizer,
    policies: PolicySet,
    entities: Entities,
    request: Request,
}

impl Cedar {
    pub fn new(task: &Task) -> Self {
        let text = |value: &str| RestrictedExpression::new_string(value.to_owned());
        let (user, resource) = (uid("User", USER), uid("Resource", &task.resource));
        let attributes = |own: (&str, &str), tags: &[(&str, &str)]| {
            let pairs = tags.iter().chain([&own]);
            pairs.map(|(key, value)| ((*key).to_owned(), text(value))).collect::<HashMap<_, _>>()
        };
        let entity = |uid: &EntityUid, attributes| {
            Entity::new(uid.clone(), attributes, [].into()).expect("an entity")
        };
        let entities = Entities::from_entities(
            [
                entity(&user, attributes(("name", USER), task.tags.principal)),
                entity(&resource, attributes(("arn", &task.resource), task.tags.resource)),
            ],
            None,
        );
        let keys = task.keys.iter().map(|(key, value)| {
            (key.strip_prefix("aws:").expect("a global key").to_owned(), text(value))
        });
        let context = Context::from_pairs(keys).expect("a context");
        Self {
            authorizer: Authorizer::new(),
            policies: task.cedar.parse().expect("policies"),
            entities: entities.expect("entities"),
            request: Request::new(user, uid("Action", &task.action), resource, context, None)
                .expect("a request"),
        }
    }

    pub fn decide(&self) -> bool {
        let response = self.authorizer.is_authorized(&self.request, &self.policies, &self.entities);
        assert_eq!(response.diagnostics().errors().count(), 0);
        response.decision() == Decision::Allow
    }
}

fn uid(kind: &str, id: &str) -> EntityUid {
    let kind = EntityTypeName::from_str(kind).expect("a type");
    EntityUid::from_type_name_and_id(kind, EntityId::new(id))
}
