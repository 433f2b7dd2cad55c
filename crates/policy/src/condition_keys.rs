use std::collections::HashSet;

use daypass_ident::fold_case;

use crate::condition::{Family, Operator};
use crate::document::Document;
use crate::json::{self, Member, Node};
use crate::{Policy, Version};

impl Policy {
    /// The names of the condition keys that the policy asks for, in its conditions and in its
    /// variables: in the case in which they are written, in the document's order, each once.
    #[must_use]
    pub fn condition_keys(&self) -> Vec<String> {
        // INVARIANT: the text was parsed once already.
        let Ok(root) = json::parse(self.text()) else { return Vec::new() };
        let mut names = Names { version: self.version(), found: Vec::new(), seen: HashSet::new() };
        let statement = Document::of(&root).and_then(|document| document.statement);
        let statements = statement.map(Node::as_list).unwrap_or_default();
        for member in statements.iter().flat_map(|node| node.as_object().unwrap_or_default()) {
            names.of_element(member);
        }
        names.found
    }
}

struct Names {
    version: Version,
    found: Vec<String>,
    /// Folded, since the case of a key means nothing.
    seen: HashSet<String>,
}

impl Names {
    fn of_element(&mut self, Member { key, value, .. }: &Member<'_>) {
        match key.as_ref() {
            "Resource" | "NotResource" => {
                // Before the fifth colon there are no variables.
                let rests =
                    value.as_list().iter().filter_map(|node| node.as_str()?.splitn(6, ':').nth(5));
                rests.for_each(|rest| self.of_variables(rest));
            }
            "Condition" => {
                let operators = value.as_object().unwrap_or_default();
                operators.iter().for_each(|operator| self.of_operator(operator));
            }
            _ => {}
        }
    }

    fn of_operator(&mut self, Member { key: operator, value, .. }: &Member<'_>) {
        let takes_variables = Operator::parse(operator)
            .is_some_and(|operator| matches!(operator.family, Family::String(_) | Family::Arn));
        for Member { key, value, .. } in value.as_object().unwrap_or_default() {
            self.add(key);
            if takes_variables {
                let texts = value.as_list().iter().filter_map(Node::as_str);
                texts.for_each(|text| self.of_variables(text));
            }
        }
    }

    fn of_variables(&mut self, mut text: &str) {
        if self.version == Version::V2008 {
            return;
        }
        while let Some((_, rest)) = text.split_once("${")
            && let Some((variable, rest)) = rest.split_once('}')
        {
            let is_character = matches!(variable, "*" | "?" | "$");
            let (name, _default) = variable.split_once(", '").unwrap_or((variable, ""));
            if !is_character {
                self.add(name);
            }
            text = rest;
        }
    }

    fn add(&mut self, name: &str) {
        if self.seen.insert(fold_case(name).into_owned()) {
            self.found.push(name.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Policy, PolicyKind};

    const STATEMENTS: &str = r#"[
        {"Effect": "Allow", "Action": "s3:*${aws:NotHere}",
         "Condition": {
            "StringLike": {"aws:PrincipalTag/Team": ["${aws:RequestTag/team, 'none'}", "${*}${?}${$}", "${aws:Open"]},
            "NumericLessThan": {"aws:MultiFactorAuthAge": "${aws:NotAVariable}"},
            "ForAnyValue:ArnLike": {"aws:PrincipalArn": "arn:aws:iam::${aws:PrincipalAccount}:*"},
            "Null": {"AWS:principaltag/TEAM": "true"}},
         "Resource": ["*", "arn:aws:s3:::${aws:username}/${aws:userid}/*", "arn:aws:${aws:Service}"]},
        {"NotResource": "arn:aws:s3:::${aws:UserName}/${saml:sub}", "Effect": "Deny", "Action": "*"}
    ]"#;

    fn keys(version: &str) -> Vec<String> {
        let text = format!(r#"{{"Version": "{version}", "Statement": {STATEMENTS}}}"#);
        Policy::parse(PolicyKind::Managed, &text).unwrap().condition_keys()
    }

    #[test]
    fn conditions_and_variables_name_keys() {
        assert_eq!(
            keys("2012-10-17"),
            [
                "aws:PrincipalTag/Team",
                "aws:RequestTag/team",
                "aws:MultiFactorAuthAge",
                "aws:PrincipalArn",
                "aws:PrincipalAccount",
                "aws:username",
                "aws:userid",
                "saml:sub",
            ]
        );
    }

    #[test]
    fn in_2008_there_were_no_variables() {
        assert_eq!(
            keys("2008-10-17"),
            ["aws:PrincipalTag/Team", "aws:MultiFactorAuthAge", "aws:PrincipalArn"]
        );
    }
}
