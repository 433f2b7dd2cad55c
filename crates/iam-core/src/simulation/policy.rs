use daypass_ident::ArnParts;
use daypass_model::iam;
use daypass_policy::{Effect, NamedPolicy, Policy, PolicySource, Position, Request};

use super::bounds::MOST_NAMED;
use super::documents::Given;

/// A policy of a simulation, under the name that answers give it.
#[derive(Debug)]
pub(super) struct SimulatedPolicy<'a> {
    id: String,
    kind: iam::PolicySourceType,
    policy: &'a Policy,
    /// Where its statements begin and end.
    places: Vec<[Position; 2]>,
    /// The condition keys that it names.
    keys: Vec<String>,
}

impl<'a> SimulatedPolicy<'a> {
    /// A policy that somebody holds. Inline policies are named after their holder.
    pub(super) fn held(held: NamedPolicy<'a>) -> Self {
        let id = match held.source {
            PolicySource::UserInline { user, name } => format!("user_{user}_{name}"),
            PolicySource::GroupInline { group, name } => format!("group_{group}_{name}"),
            PolicySource::RoleInline { role, name } => format!("role_{role}_{name}"),
            PolicySource::Managed { arn } => managed_name(arn).to_owned(),
            PolicySource::Control { name, .. } => name.to_owned(),
            PolicySource::OfResource { arn } => arn.to_owned(),
            PolicySource::SessionInline => String::new(),
        };
        Self::new(id, iam::PolicySourceType::IamPolicy, held.policy)
    }

    /// A policy for identities that was given with the request.
    pub(super) fn given(given: &'a Given) -> Self {
        Self::new(given.name.clone(), iam::PolicySourceType::IamPolicy, &given.policy)
    }

    /// The policy of the resources that was given with the request.
    pub(super) fn of_resource(given: &'a Given) -> Self {
        Self::new(given.name.clone(), iam::PolicySourceType::ResourcePolicy, &given.policy)
    }

    /// The trust policy of a role.
    pub(super) fn trust(role: &str, policy: &'a Policy) -> Self {
        let id = format!("role_{role}_AssumeRolePolicyDocument");
        Self::new(id, iam::PolicySourceType::ResourcePolicy, policy)
    }

    fn new(id: String, kind: iam::PolicySourceType, policy: &'a Policy) -> Self {
        let places = (0..policy.statements().len()).map(|index| place(policy, index)).collect();
        Self { id, kind, policy, places, keys: policy.condition_keys() }
    }

    /// The condition keys that the policy names, in any of its statements.
    pub(super) fn keys(&self) -> &[String] {
        &self.keys
    }

    /// The length of the document, in bytes.
    pub(super) fn len(&self) -> usize {
        self.policy.text().len()
    }

    /// The policy as a decision takes it, to which its name means nothing.
    pub(super) fn named(&self) -> NamedPolicy<'_> {
        NamedPolicy { source: PolicySource::OfResource { arn: &self.id }, policy: self.policy }
    }

    /// The statements of an effect that apply to a request, as many as an answer can name.
    pub(super) fn matched(&self, request: &Request<'_>, effect: Effect) -> Vec<iam::Statement> {
        self.policy
            .matching(request)
            .filter(|(_, statement)| statement.effect() == effect)
            .filter_map(|(index, _)| self.places.get(index))
            .map(|[start, end]| iam::Statement {
                source_policy_id: Some(self.id.clone()),
                source_policy_type: Some(self.kind),
                start_position: Some(shape(*start)),
                end_position: Some(shape(*end)),
            })
            .take(MOST_NAMED)
            .collect()
    }
}

/// Where IAM says that a statement stands, by its samples and as recorded from AWS in 2026.
///
/// In a list it begins after the bracket or after the statement before it, so that the comma and the white space between
/// two statements count for the second. A statement that is no list begins after its brace. Either ends after its brace.
fn place(policy: &Policy, index: usize) -> [Position; 2] {
    let statements = policy.statements();
    let end_of = |index: usize| statements.get(index).map_or(0, |statement| statement.span().end);
    let own = statements.get(index).map_or(0, |statement| statement.span().start);
    let start = match index.checked_sub(1) {
        Some(before) => end_of(before),
        None => {
            let before = policy.text().get(..own).unwrap_or_default().trim_end();
            if before.ends_with('[') { before.len() } else { own + 1 }
        }
    };
    [policy.position(start), policy.position(end_of(index))]
}

fn shape(position: Position) -> iam::Position {
    let number = |number: usize| i32::try_from(number).ok();
    iam::Position { line: number(position.line), column: number(position.column) }
}

/// The name at the end of a managed policy's ARN.
fn managed_name(arn: &str) -> &str {
    let name = ArnParts::parse(arn).and_then(|arn| arn.path_and_name("policy"));
    name.map_or(arn, |(_, name)| name)
}
