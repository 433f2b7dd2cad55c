//! A round trip of every operation of IAM that is built, from a table.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Walk, trust};
use crate::conformance::call::Keys;
use crate::conformance::expect;

/// A call of the table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    operation: String,
    #[serde(default = "nothing")]
    input: Value,
    /// Where in the answer the texts are that later calls need.
    #[serde(default)]
    keep: BTreeMap<String, String>,
    /// Who calls, if not root.
    by: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    call: Vec<Row>,
}

impl Walk {
    pub(super) fn all_of_iam(&mut self) -> Result<()> {
        self.is_complete = true;
        let mut texts: BTreeMap<String, String> = known();
        for row in rows()? {
            let input = filled(&row.input, &texts)
                .with_context(|| format!("{}: {}", row.operation, row.input))?;
            let text =
                |name: &str| texts.get(name).with_context(|| format!("there is no {name} yet"));
            let caller = match row.by {
                None => self.root.clone(),
                Some(_) => Keys::long_term(text("id")?, text("secret")?),
            };
            let answer = self.answered(&caller, "iam", &row.operation, input)?;
            for (name, path) in row.keep {
                texts.insert(name, expect::text(&answer, &path)?.to_owned());
            }
        }
        Ok(())
    }
}

fn rows() -> Result<Vec<Row>> {
    Ok(toml::from_str::<Table>(include_str!("all_of_iam/calls.toml"))?.call)
}

/// The texts that are there at the start.
fn known() -> BTreeMap<String, String> {
    let allow =
        |statement: Value| json!({"Version": "2012-10-17", "Statement": statement}).to_string();
    let conditional = json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
        "Condition": {"StringEquals": {"aws:PrincipalTag/team": "red"}}});
    [
        ("document", allow(json!({"Effect": "Allow", "Action": "iam:List*", "Resource": "*"}))),
        ("conditional", allow(conditional)),
        ("trust", trust("arn:aws:iam::000000000000:root")),
        ("certificate", include_str!("all_of_iam/certificate.pem").to_owned()),
        ("private_key", include_str!("all_of_iam/key.pem").to_owned()),
        ("ssh_key", include_str!("all_of_iam/ssh_key.pub").trim_end().to_owned()),
    ]
    .map(|(name, text)| (name.to_owned(), text))
    .into()
}

fn nothing() -> Value {
    json!({})
}

/// The input with its texts filled in.
fn filled(input: &Value, texts: &BTreeMap<String, String>) -> Result<Value> {
    Ok(match input {
        Value::String(text) => match text.strip_prefix("${").and_then(|it| it.strip_suffix('}')) {
            None => input.clone(),
            Some(name) => {
                let text = texts.get(name).with_context(|| format!("there is no {name} yet"))?;
                Value::String(text.clone())
            }
        },
        Value::Array(values) => {
            values.iter().map(|value| filled(value, texts)).collect::<Result<Vec<_>>>()?.into()
        }
        Value::Object(members) => {
            let members =
                members.iter().map(|(name, value)| Ok((name.clone(), filled(value, texts)?)));
            Value::Object(members.collect::<Result<_>>()?)
        }
        other => {
            ensure!(!other.is_null(), "a null in the table");
            other.clone()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_filled_in_wherever_they_are() {
        let texts = BTreeMap::from([("a".to_owned(), "1".to_owned())]);
        let got = filled(&json!({"X": ["${a}", {"Y": "${a}"}], "Z": 2}), &texts).unwrap();
        assert_eq!(got, json!({"X": ["1", {"Y": "1"}], "Z": 2}));
        assert!(filled(&json!("${b}"), &texts).is_err());
    }

    #[test]
    fn the_table_is_read() {
        let mut names = known();
        for row in rows().unwrap() {
            assert!(filled(&row.input, &names).is_ok(), "{}", row.operation);
            names.extend(row.keep.into_keys().map(|name| (name, String::new())));
        }
    }
}
