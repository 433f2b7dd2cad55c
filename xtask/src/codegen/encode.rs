//! Encoders: thin calls into `daypass_wire::Encoder`.

use std::fmt::Write;

use anyhow::{Result, bail};

use super::model::Model;
use super::text::{field_name, literal, type_name};
use crate::facts::{Member, Shape};

pub(super) fn encoders(model: &Model) -> Result<String> {
    let mut text = String::new();
    for name in model.facts.operations.keys() {
        if model.shared_output(name).is_none() {
            text += &encoder(model, &format!("{}Output", type_name(name)), model.output(name)?)?;
        }
    }
    for (name, members) in model.nested() {
        if model.answered.contains(name) {
            text += &encoder(model, &type_name(name), members)?;
        }
    }
    Ok(format!(
        "//! How answers are written.\n\nuse daypass_wire::{{Encode, Encoder}};\n\nuse super::*;\n\n{text}"
    ))
}

fn encoder(model: &Model, rust_name: &str, members: &[Member]) -> Result<String> {
    let mut text = format!("impl Encode for {rust_name} {{\n");
    if members.is_empty() {
        text += "fn encode(&self, _: &mut Encoder) {}\n}\n\n";
        return Ok(text);
    }
    text += "fn encode(&self, encoder: &mut Encoder) {\n";
    for member in members {
        let field = field_name(&member.name);
        let name = literal(member.wire_name());
        if member.required {
            let write =
                writer(model, &member.shape, &name, Place::Field(&format!("self.{field}")))?;
            writeln!(text, "{write};")?;
        } else {
            let write = writer(model, &member.shape, &name, Place::Borrowed("value"))?;
            writeln!(text, "if let Some(value) = &self.{field} {{ {write}; }}")?;
        }
    }
    text += "}\n}\n\n";
    Ok(text)
}

/// How the value to write is reached.
#[derive(Clone, Copy)]
enum Place<'a> {
    Field(&'a str),
    Borrowed(&'a str),
}

impl Place<'_> {
    fn name(&self) -> &str {
        match self {
            Self::Field(name) | Self::Borrowed(name) => name,
        }
    }

    fn borrowed(&self) -> String {
        match self {
            Self::Field(name) => format!("&{name}"),
            Self::Borrowed(name) => (*name).to_owned(),
        }
    }

    fn copied(&self) -> String {
        match self {
            Self::Field(name) => (*name).to_owned(),
            Self::Borrowed(name) => format!("*{name}"),
        }
    }
}

/// A call that writes a value of the shape under a name, which is an expression too.
fn writer(model: &Model, shape: &str, name: &str, place: Place<'_>) -> Result<String> {
    let (value, borrowed) = (place.name(), place.borrowed());
    Ok(match model.facts.shape(shape)? {
        Shape::Structure(_) => format!("encoder.structure({name}, {borrowed})"),
        Shape::String(text) if !text.words.is_empty() => {
            format!("encoder.text({name}, {value}.as_str())")
        }
        Shape::String(text) if text.sensitive => {
            format!("encoder.text({name}, {value}.expose())")
        }
        Shape::String(_) => format!("encoder.text({name}, {borrowed})"),
        Shape::Integer(_) => format!("encoder.integer({name}, i64::from({}))", place.copied()),
        Shape::Boolean => format!("encoder.boolean({name}, {})", place.copied()),
        Shape::Timestamp => format!("encoder.timestamp({name}, {borrowed})"),
        Shape::Blob(text) if text.sensitive => {
            format!("encoder.blob({name}, {value}.expose())")
        }
        Shape::Blob(_) => format!("encoder.blob({name}, {borrowed})"),
        Shape::List(list) => {
            if list.flattened {
                bail!("`{shape}`: flattened lists in answers are not supported");
            }
            let element = literal(list.location_name.as_deref().unwrap_or("member"));
            let write = writer(model, &list.member, "name", Place::Borrowed("value"))?;
            format!("encoder.list({name}, {element}, {borrowed}, |encoder, name, value| {write})")
        }
        Shape::Map(map) => {
            let write = writer(model, &map.value, "name", Place::Borrowed("value"))?;
            format!("encoder.map({name}, {borrowed}, |encoder, name, value| {write})")
        }
    })
}
