use crate::decide::PolicyType;
use crate::json;
use crate::statement::Effect;

/// Edits that turn a decision when all of them are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The edits; never none.
    pub edits: Vec<Edit>,
}

/// One edit. Policies and statements are meant by their indices in
/// [`Explanation::policies`](crate::Explanation::policies) and in the document, from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Ask with other values of a condition key.
    SetContext {
        /// The key as the policy writes it.
        key: String,
        /// Values that do; `None`: without the key.
        values: Option<Vec<String>>,
        /// The policy whose condition asks for it.
        policy: usize,
        /// The statement.
        statement: usize,
        /// The condition: its place in
        /// [`StatementExplanation::conditions`](crate::StatementExplanation::conditions).
        condition: usize,
        /// Whether the condition must hold then; it must not where its statement denies.
        holds: bool,
    },
    /// Add a value to an element of a statement that applies but for this element.
    Extend {
        /// The policy.
        policy: usize,
        /// The statement.
        statement: usize,
        /// `Principal`, `Action` or `Resource`.
        element: &'static str,
        /// The value to add; a principal's stands among those of the `AWS` kind.
        value: String,
        /// The value that was probably meant to be this one, where one is nearly the same.
        instead_of: Option<String>,
    },
    /// Put a set operator before the operator of a condition whose key may have several values.
    AddSetOperator {
        /// The policy.
        policy: usize,
        /// The statement.
        statement: usize,
        /// The operator as written, of this key alone.
        operator: String,
        /// The key as written.
        key: String,
        /// `ForAllValues` or `ForAnyValue`.
        set_operator: &'static str,
    },
    /// Add a statement: to the only policy of a boundary or a resource, else to any policy of that
    /// type, be it a new one.
    Add {
        /// The type of policy that lacks it.
        policy_type: PolicyType,
        /// For control policies the level, from 0, the root.
        level: Option<usize>,
        /// The statement.
        statement: NewStatement,
    },
    /// Remove a statement, or exempt the request from it.
    Remove {
        /// The policy.
        policy: usize,
        /// The statement.
        statement: usize,
    },
    /// Detach a policy of AWS's own, which cannot be edited.
    Detach {
        /// The policy.
        policy: usize,
    },
}

/// A statement that speaks of one request only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStatement {
    /// Whether it allows or denies.
    pub effect: Effect,
    /// Whom it speaks of, in policies that say so.
    pub principal: Option<NewPrincipal>,
    /// The action.
    pub action: String,
    /// The resource; `None` in trust policies.
    pub resource: Option<String>,
}

/// The principal of such a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPrincipal {
    /// `AWS`, `Service` or `Federated`; `None` for a bare `*`.
    pub kind: Option<&'static str>,
    /// The principal.
    pub value: String,
}

impl NewStatement {
    /// The statement as it stands in a document.
    #[must_use]
    pub fn to_json(&self) -> String {
        let effect = match self.effect {
            Effect::Allow => "Allow",
            Effect::Deny => "Deny",
        };
        let mut text = format!(r#"{{"Effect":"{effect}","#);
        if let Some(NewPrincipal { kind, value }) = &self.principal {
            text.push_str(r#""Principal":"#);
            if let Some(kind) = kind {
                text.push_str("{\"");
                text.push_str(kind);
                text.push_str("\":");
            }
            json::write_string(value, &mut text);
            text.push_str(if kind.is_some() { "}," } else { "," });
        }
        text.push_str(r#""Action":"#);
        json::write_string(&self.action, &mut text);
        if let Some(resource) = &self.resource {
            text.push_str(r#","Resource":"#);
            json::write_string(resource, &mut text);
        }
        text.push('}');
        text
    }
}
