//! Parameters and answers as CloudTrail writes them: JSON with names in camel case.

use daypass_model::{Operation, Service};
use daypass_state::VouchedClaims;
use daypass_wire::{Format, Params, response};
use serde_json::{Map, Value};

/// The parameters of a request, or `None` when it has none beside action and version. What signs a
/// URL is left out: with it, whoever reads the event could send the request once more.
pub(super) fn of_request(params: &Params<'_>) -> Option<Value> {
    let mut root = Map::new();
    for (name, value) in params.iter().filter(|(name, _)| is_parameter(name)) {
        if name.split('.').count() <= MAX_DEPTH {
            insert(&mut root, name, value);
        }
    }
    (!root.is_empty()).then(|| lists_in(Value::Object(root)))
}

fn is_parameter(name: &str) -> bool {
    !matches!(name, "Action" | "Version") && !name.starts_with("X-Amz-")
}

/// Adds what the identity provider says of whom it vouches for, which is no parameter and yet stands
/// among them.
pub(super) fn add_claims(parameters: &mut Option<Value>, claims: &VouchedClaims) {
    let Value::Object(map) = parameters.get_or_insert_with(|| Value::Object(Map::new())) else {
        return;
    };
    let texts = [
        ("sAMLAssertionID", &claims.assertion_id),
        ("roleSessionName", &claims.session_name),
        ("sourceIdentity", &claims.source_identity),
    ];
    for (name, value) in texts {
        if let Some(value) = value {
            map.insert(name.to_owned(), value.as_str().into());
        }
    }
    if !claims.tags.is_empty() {
        let tags = claims.tags.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        map.insert("principalTags".to_owned(), tags.collect());
    }
    if !claims.transitive_tag_keys.is_empty() {
        let keys = claims.transitive_tag_keys.iter().map(String::as_str);
        map.insert("transitiveTagKeys".to_owned(), keys.collect());
    }
}

/// What a call changed or issued, or `None` when it only read.
pub(super) fn of_response<Op: Operation>(output: &Op::Output) -> Option<Value> {
    let json = response::success(Format::Json, Op::ENVELOPE, output, "");
    let mut json: Value = serde_json::from_slice(&json).ok()?;
    let result = json
        .get_mut(format!("{}Response", Op::NAME))?
        .get_mut(format!("{}Result", Op::NAME))?
        .take();
    let tells = match Op::SERVICE {
        Service::Iam => !is_read(Op::NAME),
        Service::Sts => result.get("Credentials").is_some(),
    };
    tells.then(|| camel_case(result))
}

/// Whether an operation of IAM changes nothing, which its name tells.
pub(super) fn is_read(action: &str) -> bool {
    ["Get", "List", "Simulate", "Generate"].iter().any(|verb| action.starts_with(verb))
}

/// Puts a value where the dots in its name lead. What contradicts an earlier name is left out.
fn insert(root: &mut Map<String, Value>, name: &str, value: &str) {
    let mut node = root;
    let mut steps = name.split('.').peekable();
    while let Some(step) = steps.next() {
        let key = lower_first(step);
        if steps.peek().is_none() {
            node.entry(key).or_insert_with(|| value.into());
            return;
        }
        match node.entry(key).or_insert_with(|| Value::Object(Map::new())) {
            Value::Object(below) => node = below,
            _ => return,
        }
    }
}

/// Turns every object whose only key is `member` into the list that it stands for.
fn lists_in(value: Value) -> Value {
    let Value::Object(mut members) = value else {
        return value;
    };
    if members.len() == 1
        && let Some(Value::Object(elements)) = members.remove("member").filter(Value::is_object)
    {
        let mut elements: Vec<_> = elements
            .into_iter()
            .map(|(number, element)| (number.parse().unwrap_or(u32::MAX), lists_in(element)))
            .collect();
        elements.sort_by_key(|(number, _)| *number);
        return elements.into_iter().map(|(_, element)| element).collect();
    }
    Value::Object(members.into_iter().map(|(key, value)| (key, lists_in(value))).collect())
}

fn camel_case(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.into_iter();
            members.map(|(key, value)| (lower_first(&key), camel_case(value))).collect()
        }
        Value::Array(elements) => elements.into_iter().map(camel_case).collect(),
        scalar => scalar,
    }
}

fn lower_first(name: &str) -> String {
    let mut rest = name.chars();
    let first = rest.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(rest).collect()
}

/// Deeper than any parameter of IAM or STS. Whoever nests deeper means no good.
const MAX_DEPTH: usize = 12;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_become_trees_and_lists() {
        let form = "Action=AssumeRole&Version=2011-06-15&RoleArn=arn&Tags.member.10.Key=j\
                    &Tags.member.2.Key=b&Tags.member.2.Value=2&PolicyArns.member.1.arn=p";
        check(
            form,
            Some(json!({
                "roleArn": "arn",
                "policyArns": [{"arn": "p"}],
                "tags": [{"key": "b", "value": "2"}, {"key": "j"}],
            })),
        );
        check("Action=GetCallerIdentity&Version=2011-06-15", None);
    }

    #[test]
    fn what_a_provider_says_stands_among_the_parameters() {
        let mut parameters = Some(json!({"roleArn": "arn"}));
        let claims = VouchedClaims {
            assertion_id: Some("_a".to_owned()),
            session_name: Some("ana".to_owned()),
            tags: vec![("team".to_owned(), "red".to_owned())],
            transitive_tag_keys: vec!["team".to_owned()],
            ..VouchedClaims::default()
        };
        add_claims(&mut parameters, &claims);
        let expected = json!({
            "roleArn": "arn",
            "sAMLAssertionID": "_a",
            "roleSessionName": "ana",
            "principalTags": {"team": "red"},
            "transitiveTagKeys": ["team"],
        });
        assert_eq!(parameters, Some(expected));
    }

    #[test]
    fn odd_names_do_no_harm() {
        check("A=1&A.b=2", Some(json!({"a": "1"})));
        check("A=1&A=2", Some(json!({"a": "1"})));
        check("member=1", Some(json!({})));
        check(".=1", Some(json!({"": {"": "1"}})));
        check(&format!("{}=1&B=2", "a.".repeat(100_000)), Some(json!({"b": "2"})));
    }

    fn check(form: &str, expected: Option<Value>) {
        let params = Params::from_form(form.as_bytes()).unwrap();
        assert_eq!(of_request(&params), expected, "{form}");
    }
}
