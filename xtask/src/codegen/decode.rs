//! Decoders: thin calls into `daypass_wire::Decoder`.

use std::fmt::Write;

use anyhow::{Result, bail};

use super::model::Model;
use super::rules::{bounds, rule};
use super::text::{field_name, imports, literal, type_name};
use crate::facts::{List, Map, Member, Shape};

pub(super) fn decoders(model: &Model) -> Result<String> {
    let mut text = String::new();
    for name in model.facts.operations.keys() {
        text += &decoder(model, &format!("{}Input", type_name(name)), model.input(name)?)?;
    }
    for (name, members) in model.nested() {
        if model.requested.contains(name) {
            text += &decoder(model, &type_name(name), members)?;
        }
    }
    let wire: &[&str] = &["Bounds", "Decode", "Decoder", "Node", "TextRule"];
    let imports = imports(&text, &[("daypass_wire", wire)]);
    Ok(format!("//! How requests are read.\n\n{imports}\nuse super::*;\n\n{text}"))
}

fn decoder(model: &Model, rust_name: &str, members: &[Member]) -> Result<String> {
    let mut text = format!("impl Decode for {rust_name} {{\n");
    if members.is_empty() {
        text +=
            "fn decode(_: Node<'_>, _: &mut Decoder) -> Option<Self> {\nSome(Self {})\n}\n}\n\n";
        return Ok(text);
    }
    text += "fn decode(node: Node<'_>, decoder: &mut Decoder) -> Option<Self> {\n";
    for member in members {
        let field = field_name(&member.name);
        let need = if member.required { "required" } else { "optional" };
        let name = literal(member.wire_name());
        let read = reader(model, &member.shape)?;
        writeln!(text, "let {field} = decoder.{need}(node, {name}, {read});")?;
    }
    text += "Some(Self {\n";
    for member in members {
        let field = field_name(&member.name);
        writeln!(text, "{field}: {field}?,")?;
    }
    text += "})\n}\n}\n\n";
    Ok(text)
}

/// A function from a node and a decoder to a value of the shape.
fn reader(model: &Model, shape: &str) -> Result<String> {
    Ok(match model.facts.shape(shape)? {
        Shape::Structure(_) => format!("{}::decode", type_name(shape)),
        Shape::String(text) if !text.words.is_empty() => "|at, read| read.choice(at)".to_owned(),
        Shape::String(text) => {
            let method = if text.sensitive { "secret" } else { "text" };
            format!("|at, read| read.{method}(at, {})", rule(shape, text))
        }
        Shape::Integer(range) => format!("|at, read| read.integer(at, {})", bounds(*range)),
        Shape::Boolean => "|at, read| read.boolean(at)".to_owned(),
        Shape::Timestamp => "|at, read| read.timestamp(at)".to_owned(),
        Shape::Blob(text) if !text.sensitive => {
            format!("|at, read| read.blob(at, {})", bounds(text.length))
        }
        Shape::Blob(_) => bail!("`{shape}`: sensitive blobs in requests are not supported"),
        Shape::List(list) => list_reader(model, list)?,
        Shape::Map(map) => map_reader(model, map)?,
    })
}

fn list_reader(model: &Model, list: &List) -> Result<String> {
    let step = match list.flattened {
        true => "None".to_owned(),
        false => format!("Some({})", literal(list.location_name.as_deref().unwrap_or("member"))),
    };
    let size = bounds(list.size);
    Ok(match model.facts.shape(&list.member)? {
        Shape::Structure(_) => {
            let element = type_name(&list.member);
            format!("|at, read| read.list(at, {step}, {size}, {element}::decode)")
        }
        Shape::String(text) if !text.words.is_empty() => {
            format!("|at, read| read.choices(at, {step}, {size})")
        }
        Shape::String(text) if !text.sensitive => {
            format!("|at, read| read.texts(at, {step}, {size}, {})", rule(&list.member, text))
        }
        _ => bail!("lists of `{}` in requests are not supported", list.member),
    })
}

fn map_reader(model: &Model, map: &Map) -> Result<String> {
    let Shape::String(key) = model.facts.shape(&map.key)? else {
        bail!("`{}` is not a text", map.key);
    };
    let (size, keys) = (bounds(map.size), rule(&map.key, key));
    Ok(match model.facts.shape(&map.value)? {
        Shape::Structure(_) => {
            let value = type_name(&map.value);
            format!("|at, read| read.map(at, {size}, {keys}, {value}::decode)")
        }
        Shape::String(text) if text.words.is_empty() && !text.sensitive => {
            format!("|at, read| read.text_map(at, {size}, {keys}, {})", rule(&map.value, text))
        }
        _ => bail!("maps of `{}` in requests are not supported", map.value),
    })
}
