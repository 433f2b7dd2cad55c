//! Policy templates: policies with parameters in their strings, `@{name}` (IAM User Guide, "Policy
//! templates").

use daypass_model::ServiceError;
use daypass_model::iam::{DelegationPermission, PolicyParameter, PolicyParameterTypeEnum};
use daypass_policy::{Policy, PolicyKind};
use daypass_state::Account;
use daypass_state::record::DelegationParameter;

use crate::errors::InvalidInput;

/// The template that is named, what goes into it, and the policy that this makes.
///
/// A template is a customer managed policy of the requestor's own account, its version in force.
///
/// # Errors
/// `InvalidInput` where there is no such template, where it and the parameters do not fit, and where
/// what they make is no policy, or is too long.
pub(super) fn fill_in(
    asked: &DelegationPermission,
    requestor: &Account,
) -> Result<(String, Vec<DelegationParameter>, String), ServiceError> {
    let arn = asked.policy_template_arn.as_deref().ok_or(InvalidInput::NoTemplate)?;
    let record = &requestor.policy_by_arn(arn).ok_or(InvalidInput::UnknownTemplate(arn))?.record;
    let version = record.versions.get(&record.default_version);
    let text = &version.ok_or(InvalidInput::UnknownTemplate(arn))?.document;

    let given = asked.parameters.as_deref().unwrap_or_default();
    let parameters = given.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let filled = Filler { parameters: &parameters }.fill(text)?;
    if filled.chars().count() > LONGEST {
        return Err(InvalidInput::LongTemplate.into());
    }
    Policy::parse(PolicyKind::Session, &filled).map_err(InvalidInput::TemplateDocument)?;
    Ok((arn.to_owned(), parameters, filled))
}

fn read(parameter: &PolicyParameter) -> Result<DelegationParameter, InvalidInput<'_>> {
    let name = parameter.name.as_deref().ok_or(InvalidInput::TemplateParameter(""))?;
    let values = parameter.values.clone().unwrap_or_default();
    let is_list = parameter.r#type == Some(PolicyParameterTypeEnum::StringList);
    if values.is_empty() || (!is_list && values.len() > 1) {
        return Err(InvalidInput::TemplateParameter(name));
    }
    Ok(DelegationParameter { name: name.to_owned(), values, is_list })
}

struct Filler<'a> {
    parameters: &'a [DelegationParameter],
}

impl Filler<'_> {
    /// Puts the values in place of the names, once: what a value looks like does not matter. The
    /// text is JSON, where `@{` is in strings only.
    fn fill(&self, text: &str) -> Result<String, ServiceError> {
        let mut filled = String::with_capacity(text.len());
        let mut used = vec![false; self.parameters.len()];
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("@{") {
            let named = after.split_once('}');
            let (name, after) = named.ok_or(InvalidInput::TemplateParameter(""))?;
            let mut known = self.parameters.iter().zip(&mut used);
            let found = known.find(|(parameter, _)| parameter.name == name);
            let (parameter, used) = found.ok_or(InvalidInput::TemplateParameter(name))?;
            *used = true;
            filled.push_str(before);
            rest = match (parameter.values.as_slice(), parameter.is_list) {
                ([value], false) => {
                    push_escaped(&mut filled, value);
                    after
                }
                // A list takes the place of a whole string.
                (values, _) => {
                    let whole = after.strip_prefix('"').filter(|_| filled.ends_with('"'));
                    let after = whole.ok_or(InvalidInput::TemplateParameter(name))?;
                    filled.pop();
                    push_list(&mut filled, values);
                    after
                }
            };
        }
        filled.push_str(rest);
        let unused = self.parameters.iter().zip(used).find(|(_, used)| !used);
        match unused {
            Some((parameter, _)) => Err(InvalidInput::TemplateParameter(&parameter.name).into()),
            None => Ok(filled),
        }
    }
}

/// As elements of the array that the text is in, else as an array.
fn push_list(text: &mut String, values: &[String]) {
    let in_array = text.trim_end().ends_with(['[', ',']);
    let (open, close) = if in_array { ("", "") } else { ("[", "]") };
    text.push_str(open);
    for (index, value) in values.iter().enumerate() {
        text.push_str(if index == 0 { "\"" } else { ",\"" });
        push_escaped(text, value);
        text.push('"');
    }
    text.push_str(close);
}

/// Values have printable ASCII only.
fn push_escaped(text: &mut String, value: &str) {
    for character in value.chars() {
        if matches!(character, '"' | '\\') {
            text.push('\\');
        }
        text.push(character);
    }
}

/// The most characters that a policy may have once it is filled in.
const LONGEST: usize = 2_048;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_filled_in() {
        let one = |name: &str, value: &str| DelegationParameter {
            name: name.to_owned(),
            values: vec![value.to_owned()],
            is_list: false,
        };
        let list = |name: &str, values: &[&str]| DelegationParameter {
            name: name.to_owned(),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
            is_list: true,
        };
        let bad = Err(());
        let cases = [
            (r#"{"a":"b"}"#, vec![], Ok(r#"{"a":"b"}"#)),
            (r#"["x@{name}y@{name}"]"#, vec![one("name", "-")], Ok(r#"["x-y-"]"#)),
            (r#"["@{name}"]"#, vec![one("name", r#"a"\"#)], Ok(r#"["a\"\\"]"#)),
            (r#"["@{name}"]"#, vec![one("name", "@{name}")], Ok(r#"["@{name}"]"#)),
            (r#"{"a": "@{all}"}"#, vec![list("all", &["b", "c"])], Ok(r#"{"a": ["b","c"]}"#)),
            (r#"["a", "@{all}"]"#, vec![list("all", &["b", "c"])], Ok(r#"["a", "b","c"]"#)),
            (r#"["a-@{all}"]"#, vec![list("all", &["b"])], bad),
            (r#"["@{name}"]"#, vec![], bad),
            (r#"["@{name"]"#, vec![one("name", "a")], bad),
            (r#"["a"]"#, vec![one("name", "a")], bad),
        ];
        for (text, parameters, expected) in cases {
            let filled = Filler { parameters: &parameters }.fill(text);
            assert_eq!(filled.map_err(|_| ()).as_deref(), expected.as_ref().copied(), "{text}");
        }
    }
}
