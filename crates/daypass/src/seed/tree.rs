//! A seed file's values, whichever language it is written in.

use std::fmt;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use toml::de::{DeTable, DeValue};

/// A value. Tables keep the order of the file, and members of the same name.
#[derive(Debug, Clone)]
pub(crate) enum Node {
    Table(Vec<(String, Node)>),
    List(Vec<Node>),
    /// Neither an array nor an object.
    Scalar(Value),
}

impl Node {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Scalar(Value::String(text.into()))
    }

    pub(crate) fn of_toml(table: &DeTable<'_>) -> Self {
        let mut members: Vec<_> = table.iter().collect();
        members.sort_by_key(|(key, _)| key.span().start);
        let members = members.into_iter();
        let members = members
            .map(|(key, value)| (key.get_ref().to_string(), Self::of_value(value.get_ref())));
        Self::Table(members.collect())
    }

    fn of_value(value: &DeValue<'_>) -> Self {
        match value {
            DeValue::Table(table) => Self::of_toml(table),
            DeValue::Array(list) => {
                Self::List(list.iter().map(|value| Self::of_value(value.get_ref())).collect())
            }
            DeValue::String(text) => Self::text(&**text),
            DeValue::Boolean(value) => Self::Scalar((*value).into()),
            DeValue::Integer(number) => {
                let parsed = i64::from_str_radix(number.as_str(), number.radix());
                parsed.map_or_else(|_| Self::text(number.as_str()), |it| Self::Scalar(it.into()))
            }
            DeValue::Float(number) => {
                let parsed = number.as_str().parse::<f64>();
                parsed.map_or_else(|_| Self::text(number.as_str()), |it| Self::Scalar(it.into()))
            }
            // `Version = 2012-10-17` without quotes is a date in TOML, and means its text.
            DeValue::Datetime(time) => Self::text(time.to_string()),
        }
    }
}

/// Compact JSON; with `#`, indented as AWS's CLI does.
impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, f.alternate().then_some(0))
    }
}

impl Node {
    /// `indent`: how many levels there are around the value, where each has its lines.
    fn write(&self, f: &mut fmt::Formatter<'_>, indent: Option<usize>) -> fmt::Result {
        let inner = indent.map(|levels| levels + 1);
        let line = |f: &mut fmt::Formatter<'_>, levels: Option<usize>| match levels {
            Some(levels) => write!(f, "\n{:1$}", "", levels * 4),
            None => Ok(()),
        };
        match self {
            Self::Scalar(value) => write!(f, "{value}"),
            Self::List(elements) if elements.is_empty() => f.write_str("[]"),
            Self::Table(members) if members.is_empty() => f.write_str("{}"),
            Self::List(elements) => {
                f.write_str("[")?;
                for (number, element) in elements.iter().enumerate() {
                    f.write_str(if number > 0 { "," } else { "" })?;
                    line(f, inner)?;
                    element.write(f, inner)?;
                }
                line(f, indent)?;
                f.write_str("]")
            }
            Self::Table(members) => {
                f.write_str("{")?;
                for (number, (name, value)) in members.iter().enumerate() {
                    f.write_str(if number > 0 { "," } else { "" })?;
                    line(f, inner)?;
                    let space = if indent.is_some() { " " } else { "" };
                    write!(f, "{}:{space}", Value::from(name.as_str()))?;
                    value.write(f, inner)?;
                }
                line(f, indent)?;
                f.write_str("}")
            }
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Scalar(value.into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Node, E> {
        Ok(Node::Scalar(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Node, E> {
        Ok(Node::Scalar(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Node, E> {
        Ok(Node::Scalar(number.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::text(text))
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Scalar(Value::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = list.next_element()? {
            elements.push(element);
        }
        Ok(Node::List(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut table: A) -> Result<Node, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = table.next_entry()? {
            members.push(member);
        }
        Ok(Node::Table(members))
    }
}
