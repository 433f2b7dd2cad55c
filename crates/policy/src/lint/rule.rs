/// A rule, by which CI, dashboards and people speak of a kind of finding.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rule {
    /// The name, in kebab-case. It does not change.
    pub id: &'static str,
    /// How bad its findings are.
    pub severity: Severity,
    /// What it is about.
    pub category: Category,
    /// What it finds, in one line.
    pub summary: &'static str,
}

/// How bad a finding is, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The document could say the same better.
    Suggestion,
    /// The document probably does not do what it was written for, or gives away too much.
    Warning,
    /// AWS refuses the document, or a part of it can never have an effect.
    Error,
}

impl Severity {
    /// `suggestion`, `warning`, `error`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Suggestion => "suggestion",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// What a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Category {
    /// The form of the document.
    Grammar,
    /// What its names and values mean.
    Meaning,
    /// What it gives away.
    Security,
    /// What could be left out.
    Redundancy,
}

impl Category {
    /// `grammar`, `meaning`, `security`, `redundancy`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Grammar => "grammar",
            Self::Meaning => "meaning",
            Self::Security => "security",
            Self::Redundancy => "redundancy",
        }
    }
}

macro_rules! rules {
    ($($name:ident: $severity:ident $category:ident $id:literal, $summary:literal;)*) => {
        $(pub(super) static $name: Rule = Rule {
            id: $id,
            severity: Severity::$severity,
            category: Category::$category,
            summary: $summary,
        };)*

        /// Every rule, the ones about grammar first.
        pub static RULES: &[&Rule] = &[$(&$name),*];
    };
}

rules! {
    NOT_JSON: Error Grammar "not-json", "The document is not JSON.";
    WRONG_TYPE: Error Grammar "wrong-type", "An element has a value of the wrong type.";
    UNKNOWN_ELEMENT: Error Grammar "unknown-element", "The policy language has no such element.";
    MISSING_ELEMENT: Error Grammar "missing-element", "A statement or the document lacks an element.";
    CONFLICTING_ELEMENTS: Error Grammar "conflicting-elements", "Two elements exclude each other.";
    MISPLACED_ELEMENT: Error Grammar "misplaced-element", "Policies of this kind do not have this element.";
    EMPTY_ELEMENT: Warning Grammar "empty-element", "An element lists nothing.";
    INVALID_VERSION: Error Grammar "invalid-version", "The policy language has no such version.";
    MISSING_VERSION: Warning Grammar "missing-version", "Without a version the document is one of 2008.";
    OLD_VERSION: Warning Grammar "old-version", "The document is of 2008, before policy variables.";
    INVALID_EFFECT: Error Grammar "invalid-effect", "The effect is neither Allow nor Deny.";
    INVALID_SID: Error Grammar "invalid-sid", "A statement's id has other characters than letters and digits.";
    DUPLICATE_SID: Error Grammar "duplicate-sid", "Two statements share an id.";
    INVALID_ACTION: Error Grammar "invalid-action", "An action is not of the form service:Name.";
    INVALID_RESOURCE: Error Grammar "invalid-resource", "A resource is neither an ARN nor *.";
    INVALID_PRINCIPAL: Error Grammar "invalid-principal", "A principal is of no form that AWS knows.";
    UNKNOWN_OPERATOR: Error Grammar "unknown-operator", "There is no such condition operator.";
    SIZE_OVER_QUOTA: Error Grammar "size-over-quota", "The document is longer than AWS allows.";
    REFUSED: Error Grammar "refused", "AWS refuses the document.";

    UNKNOWN_SERVICE: Error Meaning "unknown-service", "AWS has no service of this prefix.";
    UNKNOWN_ACTION: Error Meaning "unknown-action", "The service has no such action.";
    UNMATCHED_ACTION_PATTERN: Error Meaning "unmatched-action-pattern", "No action of the service matches the pattern.";
    RESOURCE_MISMATCH: Warning Meaning "resource-mismatch", "None of the statement's actions is done to such a resource.";
    ACTION_WITHOUT_RESOURCE: Warning Meaning "action-without-resource", "No resource of the statement is one that the action is done to.";
    UNKNOWN_CONDITION_KEY: Error Meaning "unknown-condition-key", "There is no such condition key.";
    INAPPLICABLE_CONDITION_KEY: Warning Meaning "inapplicable-condition-key", "No request for the statement's actions brings the condition key.";
    OPERATOR_TYPE_MISMATCH: Warning Meaning "operator-type-mismatch", "The operator is not one for the values of the key.";
    INVALID_VALUE: Error Meaning "invalid-value", "The value is not one of the operator's, so that it never matches.";
    WILDCARD_WITHOUT_LIKE: Warning Meaning "wildcard-without-like", "The operator compares wildcards as plain characters.";
    MISSING_SET_OPERATOR: Warning Meaning "missing-set-operator", "A key that may have several values is compared without a set operator, so that the condition never matches.";
    SET_OPERATOR_ON_SINGLE_VALUE: Warning Meaning "set-operator-on-single-value", "A set operator is used on a key with one value.";
    UNKNOWN_VARIABLE: Warning Meaning "unknown-variable", "No condition key of this name can be a variable.";
    MULTIVALUED_VARIABLE: Warning Meaning "multivalued-variable", "A key with several values cannot be a variable.";
    VARIABLE_IN_OLD_VERSION: Warning Meaning "variable-in-old-version", "In a document of 2008 a variable is plain text.";
    VARIABLE_OUT_OF_PLACE: Warning Meaning "variable-out-of-place", "A variable stands where it is plain text.";
    UNREACHABLE_STATEMENT: Warning Meaning "unreachable-statement", "Another statement denies all that this one allows.";

    ALLOW_ALL: Warning Security "allow-all", "The statement allows every action on every resource.";
    ALLOW_NOT_ACTION: Warning Security "allow-not-action", "The statement allows all actions but a few, of every service there will be.";
    ALLOW_NOT_RESOURCE: Warning Security "allow-not-resource", "The statement allows its actions on all resources but a few.";
    ALLOW_NOT_PRINCIPAL: Warning Security "allow-not-principal", "The statement allows everybody but a few.";
    PASS_ANY_ROLE: Warning Security "pass-any-role", "Any role may be passed to any service.";
    FOR_ALL_VALUES_WITHOUT_NULL: Warning Security "for-all-values-without-null", "ForAllValues also holds when the key is missing.";
    PUBLIC_PRINCIPAL: Warning Security "public-principal", "Everybody is allowed, without a condition.";
    OIDC_WITHOUT_SUBJECT: Warning Security "oidc-without-subject", "Everybody whom the identity provider knows may assume the role.";

    REDUNDANT_STATEMENT: Suggestion Redundancy "redundant-statement", "Another statement says the same or more.";
    REDUNDANT_ACTION: Suggestion Redundancy "redundant-action", "Another action of the list covers this one.";
    REDUNDANT_RESOURCE: Suggestion Redundancy "redundant-resource", "Another resource of the list covers this one.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_in_kebab_case() {
        let mut ids: Vec<_> = RULES.iter().map(|rule| rule.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), RULES.len());
        assert!(ids.iter().all(|id| id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')));
    }
}
