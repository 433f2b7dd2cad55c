use std::collections::BTreeSet;

use anyhow::{Context, Result, bail, ensure};

use super::text::{field_name, type_name};
use crate::facts::{Facts, Member, Range, Shape, Text};
use crate::overlay::Overlay;

/// A service's facts, corrected, with what generation wants to know about them.
pub(crate) struct Model {
    pub(crate) facts: Facts,
    pub(super) overlay: Overlay,
    /// The shapes that requests can hold.
    pub(super) requested: BTreeSet<String>,
    /// The shapes that answers can hold.
    pub(super) answered: BTreeSet<String>,
}

impl Model {
    pub(crate) fn read(service: &str) -> Result<Self> {
        let mut facts = Facts::read(service)?;
        let overlay = Overlay::read(service)?;
        overlay.apply(&mut facts).with_context(|| format!("the overlay of {service}"))?;
        for (name, operation) in &facts.operations {
            // The envelope is written from the operation's name alone.
            if let Some(wrapper) = &operation.result_wrapper {
                ensure!(*wrapper == format!("{name}Result"), "`{name}` is wrapped in `{wrapper}`");
            }
        }
        let inputs = facts.operations.values().filter_map(|operation| operation.input.as_deref());
        let requested = reachable(&facts, inputs)?;
        let outputs = facts.operations.values().filter_map(|operation| operation.output.as_deref());
        let answered = reachable(&facts, outputs)?;
        Ok(Self { facts, overlay, requested, answered })
    }

    /// The members of an operation's input.
    pub(super) fn input(&self, operation: &str) -> Result<&[Member]> {
        let input = self.facts.operations.get(operation).and_then(|it| it.input.as_deref());
        self.members(input)
    }

    /// The members of an operation's output.
    pub(super) fn output(&self, operation: &str) -> Result<&[Member]> {
        let output = self.facts.operations.get(operation).and_then(|it| it.output.as_deref());
        self.members(output)
    }

    fn members(&self, shape: Option<&str>) -> Result<&[Member]> {
        shape.map_or(Ok(&[]), |shape| Ok(&self.facts.structure(shape)?.members))
    }

    /// The output shape that an operation shares with others, if it does.
    pub(super) fn shared_output(&self, operation: &str) -> Option<&str> {
        let output = self.facts.operations.get(operation)?.output.as_deref();
        let users = self.facts.operations.values().filter(|it| it.output.as_deref() == output);
        output.filter(|_| users.count() > 1)
    }

    /// The structures below inputs and outputs, and outputs that operations share.
    pub(super) fn nested(&self) -> impl Iterator<Item = (&str, &[Member])> {
        let operations = &self.facts.operations;
        let own: BTreeSet<&str> = operations
            .iter()
            .flat_map(|(name, operation)| {
                let output = operation.output.as_deref();
                [operation.input.as_deref(), output.filter(|_| self.shared_output(name).is_none())]
            })
            .flatten()
            .collect();
        self.facts.shapes.iter().filter_map(move |(name, shape)| match shape {
            Shape::Structure(structure)
                if structure.error.is_none() && !own.contains(name.as_str()) =>
            {
                Some((name.as_str(), structure.members.as_slice()))
            }
            _ => None,
        })
    }

    /// The enumerations.
    pub(super) fn enums(&self) -> impl Iterator<Item = (&str, &Text)> {
        self.facts.shapes.iter().filter_map(|(name, shape)| match shape {
            Shape::String(text) if !text.words.is_empty() && self.is_used(name) => {
                Some((name.as_str(), text))
            }
            _ => None,
        })
    }

    fn is_used(&self, shape: &str) -> bool {
        self.requested.contains(shape) || self.answered.contains(shape)
    }

    /// The Rust type of a shape.
    pub(super) fn rust_type(&self, shape: &str) -> Result<String> {
        Ok(match self.facts.shape(shape)? {
            Shape::Structure(_) => type_name(shape),
            Shape::String(text) if !text.words.is_empty() => type_name(shape),
            Shape::String(text) if text.sensitive => "Secret<String>".to_owned(),
            Shape::String(_) => "String".to_owned(),
            Shape::Integer(_) => "i32".to_owned(),
            Shape::Boolean => "bool".to_owned(),
            Shape::Timestamp => "DateTime".to_owned(),
            Shape::Blob(text) if text.sensitive => "Secret<Vec<u8>>".to_owned(),
            Shape::Blob(_) => "Vec<u8>".to_owned(),
            Shape::List(list) => format!("Vec<{}>", self.rust_type(&list.member)?),
            Shape::Map(map) => format!("BTreeMap<String, {}>", self.rust_type(&map.value)?),
        })
    }

    /// Whether the Rust type of a shape has a default.
    pub(super) fn has_default(&self, shape: &str) -> Result<bool> {
        Ok(match self.facts.shape(shape)? {
            Shape::Structure(structure) => self.all_default(&structure.members)?,
            Shape::String(text) => text.words.is_empty(),
            Shape::Timestamp => false,
            _ => true,
        })
    }

    /// Whether a structure of these members has a default.
    pub(super) fn all_default(&self, members: &[Member]) -> Result<bool> {
        for member in members {
            if member.required && !self.has_default(&member.shape)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What the model says about the values of a shape, in words.
    pub(super) fn constraints(&self, shape: &str) -> Result<String> {
        let parts = match self.facts.shape(shape)? {
            Shape::String(text) => vec![
                in_words(text.length, " character"),
                text.pattern.as_ref().map(|pattern| format!("pattern `{pattern}`")),
                text.sensitive.then(|| "sensitive".to_owned()),
            ],
            Shape::Integer(bounds) => vec![in_words(*bounds, "")],
            Shape::List(list) => vec![
                in_words(list.size, " element"),
                Some(self.constraints(&list.member)?)
                    .filter(|text| !text.is_empty())
                    .map(|text| format!("each {text}")),
            ],
            Shape::Map(map) => vec![in_words(map.size, " key")],
            _ => Vec::new(),
        };
        Ok(parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
    }
}

/// A range in words; the unit comes in the singular.
fn in_words(Range { min, max }: Range, unit: &str) -> Option<String> {
    let plural = if max.or(min) == Some(1) || unit.is_empty() { "" } else { "s" };
    match (min, max) {
        (Some(min), Some(max)) if min == max => Some(format!("{min}{unit}{plural}")),
        (Some(min), Some(max)) => Some(format!("{min} to {max}{unit}{plural}")),
        (Some(min), None) => Some(format!("at least {min}{unit}{plural}")),
        (None, Some(max)) => Some(format!("at most {max}{unit}{plural}")),
        (None, None) => None,
    }
}

fn reachable<'f>(
    facts: &'f Facts,
    roots: impl Iterator<Item = &'f str>,
) -> Result<BTreeSet<String>> {
    let mut seen = BTreeSet::new();
    for root in roots {
        visit(facts, root, &mut Vec::new(), &mut seen)?;
    }
    Ok(seen)
}

/// Walks down from a shape. Recursive shapes are refused: decoders rely on a fixed depth.
fn visit<'f>(
    facts: &'f Facts,
    shape: &'f str,
    above: &mut Vec<&'f str>,
    seen: &mut BTreeSet<String>,
) -> Result<()> {
    ensure!(!above.contains(&shape), "`{shape}` contains itself");
    above.push(shape);
    seen.insert(shape.to_owned());
    match facts.shape(shape)? {
        Shape::Structure(structure) => {
            let mut fields = BTreeSet::new();
            for member in &structure.members {
                if !fields.insert(field_name(&member.name)) {
                    bail!("`{shape}` has two members that would be `{}`", member.name);
                }
                visit(facts, &member.shape, above, seen)?;
            }
        }
        Shape::List(list) => visit(facts, &list.member, above, seen)?,
        Shape::Map(map) => {
            visit(facts, &map.key, above, seen)?;
            visit(facts, &map.value, above, seen)?;
        }
        _ => {}
    }
    above.pop();
    Ok(())
}
