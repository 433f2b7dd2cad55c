use std::fmt;

use crate::Policy;
use crate::json::{self, Node, Value};

/// The document in one form for all: `{}` prints it without white space, `{:#}` over several lines.
/// Elements, statements and keys keep their order, numbers stand as they were written, and to parse
/// what is printed gives the same policy again.
impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // INVARIANT: the text was parsed once already.
        let Ok(root) = json::parse(self.text()) else { return f.write_str(self.text()) };
        let mut printer = Printer {
            text: String::with_capacity(self.text().len()),
            indent: f.alternate().then_some(0),
        };
        printer.node(&root);
        f.write_str(&printer.text)
    }
}

struct Printer {
    text: String,
    /// How deep the current line is; `None` prints all in one.
    indent: Option<usize>,
}

impl Printer {
    fn node(&mut self, node: &Node<'_>) {
        match &node.value {
            Value::Null => self.text.push_str("null"),
            Value::Bool(value) => self.text.push_str(if *value { "true" } else { "false" }),
            Value::Number(number) => self.text.push_str(number),
            Value::String(text) => json::write_string(text, &mut self.text),
            Value::Array(nodes) => self.list(['[', ']'], nodes, Self::node),
            Value::Object(members) => self.list(['{', '}'], members, |printer, member| {
                json::write_string(&member.key, &mut printer.text);
                printer.text.push_str(if printer.indent.is_some() { ": " } else { ":" });
                printer.node(&member.value);
            }),
        }
    }

    fn list<T>(&mut self, [open, close]: [char; 2], items: &[T], print: fn(&mut Self, &T)) {
        self.text.push(open);
        self.indent = self.indent.map(|indent| indent + 1);
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.text.push(',');
            }
            self.new_line();
            print(self, item);
        }
        self.indent = self.indent.map(|indent| indent - 1);
        if !items.is_empty() {
            self.new_line();
        }
        self.text.push(close);
    }

    fn new_line(&mut self) {
        if let Some(indent) = self.indent {
            self.text.push('\n');
            self.text.extend(std::iter::repeat_n("  ", indent));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::{PolicyKind, Statement};

    const POLICY: &str = r#" {"Statement" : [ { "Resource":[ "*" ],"Action":"s3:\u002a", "Effect":"Deny",
        "Condition": {"NumericLessThan": {"s3:max-keys": [1.50, 1e1, -0, "x\"\\\u0007"]}, "Bool": {}}} ],
        "Version": "2012-10-17"} "#;

    #[test]
    fn on_one_line_and_on_several() {
        let policy = Policy::parse(PolicyKind::Managed, POLICY).unwrap();
        assert_eq!(
            policy.to_string(),
            r#"{"Statement":[{"Resource":["*"],"Action":"s3:*","Effect":"Deny","Condition":{"NumericLessThan":{"s3:max-keys":[1.50,1e1,-0,"x\"\\\u0007"]},"Bool":{}}}],"Version":"2012-10-17"}"#
        );
        let lines = r#"{
  "Statement": [
    {
      "Resource": [
        "*"
      ],
      "Action": "s3:*",
      "Effect": "Deny",
      "Condition": {
        "NumericLessThan": {
          "s3:max-keys": [
            1.50,
            1e1,
            -0,
            "x\"\\\u0007"
          ]
        },
        "Bool": {}
      }
    }
  ],
  "Version": "2012-10-17"
}"#;
        assert_eq!(format!("{policy:#}"), lines);
    }

    /// A document's text with white space and element order of its own.
    fn document() -> impl Strategy<Value = String> {
        let number = select(vec!["1", "1.50", "-0", "1e3", "2E-1", "18446744073709551616"]);
        let values = prop_oneof![
            "[ -~é]{0,6}".prop_map(|text| serde_json::to_string(&text).unwrap()),
            number.prop_map(str::to_owned),
            select(vec!["true", "false"]).prop_map(str::to_owned),
        ];
        let list = proptest::collection::vec(values.clone(), 0..4)
            .prop_map(|values| format!("[{}]", values.join(" , ")));
        let condition =
            (select(vec!["StringLike", "NumericEquals"]), "[a-z:]{1,5}", prop_oneof![values, list])
                .prop_map(|(operator, key, values)| {
                    format!(r#""Condition":{{"{operator}" :{{"{key}":{values}}}}}"#)
                });
        let statement = condition.prop_flat_map(|condition| {
            let elements = vec![
                r#""Effect": "Allow""#.to_owned(),
                r#""NotAction": ["iam:*", "\u0073ts:Get*"]"#.to_owned(),
                "\"Resource\":\t\"arn:aws:s3:::b/${aws:username}\"".to_owned(),
                condition,
            ];
            Just(elements)
                .prop_shuffle()
                .prop_map(|elements| format!("{{{}}}", elements.join(",\n")))
        });
        let statements = proptest::collection::vec(statement, 1..4)
            .prop_map(|statements| format!(r#""Statement": [ {} ]"#, statements.join(", ")));
        statements.prop_flat_map(|statements| {
            let elements = vec![
                r#""Version" : "2012-10-17""#.to_owned(),
                r#""Id":"é/""#.to_owned(),
                statements,
            ];
            Just(elements)
                .prop_shuffle()
                .prop_map(|elements| format!("{{ {} }}", elements.join(",")))
        })
    }

    /// The same values, wherever they stand.
    fn same(a: &Node<'_>, b: &Node<'_>) -> bool {
        match (&a.value, &b.value) {
            (Value::Array(a), Value::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
            }
            (Value::Object(a), Value::Object(b)) => {
                a.len() == b.len()
                    && a.iter().zip(b).all(|(a, b)| a.key == b.key && same(&a.value, &b.value))
            }
            (a, b) => a == b,
        }
    }

    proptest! {
        #[test]
        fn what_is_printed_is_the_same_policy(text in document()) {
            let policy = Policy::parse(PolicyKind::Managed, &text).unwrap();
            for printed in [format!("{policy}"), format!("{policy:#}")] {
                let again = Policy::parse(PolicyKind::Managed, &printed).unwrap();
                prop_assert!(same(&json::parse(&text).unwrap(), &json::parse(&printed).unwrap()));
                prop_assert_eq!(policy.version(), again.version());
                let effects = |policy: &Policy| policy.statements().iter().map(Statement::effect).collect::<Vec<_>>();
                prop_assert_eq!(effects(&policy), effects(&again));
                prop_assert_eq!(again.to_string(), policy.to_string());
            }
        }
    }
}
