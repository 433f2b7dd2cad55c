use daypass_ident::strip_prefix_ignore_case;

use super::statement::Statement;
use crate::PolicyKind;
use crate::json;

/// What a document is for, by its elements: a policy with principals is a resource's, one with
/// principals, without resources and with actions of STS alone is a role's trust policy, and any
/// other an identity's. Control policies and session policies look like those.
#[must_use]
pub fn guess_kind(text: &str) -> PolicyKind {
    let Ok(root) = json::parse(text) else { return PolicyKind::Identity };
    let members = root.as_object().unwrap_or_default();
    let statements = members
        .iter()
        .filter(|member| member.key == "Statement")
        .flat_map(|member| member.value.as_list())
        .filter_map(|node| Statement::of(1, node));
    let mut trust = false;
    for statement in statements {
        if statement.principals().is_none() {
            continue;
        }
        if statement.resources().is_some() {
            return PolicyKind::Resource;
        }
        let of_sts = |text: &str| strip_prefix_ignore_case(text, "sts:").is_some();
        let actions = statement.actions();
        trust = actions.is_none_or(|actions| actions.texts().all(|(text, _)| of_sts(text)));
        if !trust {
            return PolicyKind::Resource;
        }
    }
    if trust { PolicyKind::Trust } else { PolicyKind::Identity }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_its_elements() {
        let cases = [
            ("", PolicyKind::Identity),
            ("[]", PolicyKind::Identity),
            (r#"{"Statement":{"Action":"s3:*","Resource":"*"}}"#, PolicyKind::Identity),
            (
                r#"{"Statement":{"Principal":"*","Action":"s3:*","Resource":"*"}}"#,
                PolicyKind::Resource,
            ),
            (r#"{"Statement":[{"Principal":{},"Action":"STS:AssumeRole"}]}"#, PolicyKind::Trust),
            (r#"{"Statement":[{"Principal":{},"Action":"sns:Publish"}]}"#, PolicyKind::Resource),
            (r#"{"Statement":[{"NotPrincipal":{},"Action":["sts:*"]}]}"#, PolicyKind::Trust),
        ];
        for (text, expected) in cases {
            assert_eq!(guess_kind(text), expected, "{text}");
        }
    }
}
