//! Structures and enumerations.

use std::fmt::Write;

use anyhow::Result;

use super::model::Model;
use super::text::{field_name, imports, literal, type_name};
use crate::facts::Member;

pub(super) fn module(model: &Model) -> Result<String> {
    let mut text = format!(
        "//! The shapes of {} {}.\n\n",
        model.facts.name.to_uppercase(),
        model.facts.api_version
    );
    text += "mod decode;\nmod encode;\nmod enums;\npub mod errors;\nmod inputs;\nmod outputs;\nmod patterns;\nmod rules;\nmod structures;\n\n";
    if model.enums().next().is_some() {
        text += "pub use enums::*;\n";
    }
    text += "pub use inputs::*;\npub use outputs::*;\npub use structures::*;\n";
    Ok(text)
}

pub(super) fn enums(model: &Model) -> Result<String> {
    let mut text = String::new();
    for (name, shape) in model.enums() {
        writeln!(text, "\nchoice! {{\n    /// Enumeration `{name}`.\n    {} {{", type_name(name))?;
        for word in &shape.words {
            writeln!(text, "        {} = {},", type_name(word), literal(word))?;
        }
        text += "    }\n}\n";
    }
    Ok(match text.is_empty() {
        true => "//! This service has no enumerations.\n".to_owned(),
        false => format!("//! Enumerations.\n\nuse crate::choice::choice;\n{text}"),
    })
}

pub(super) fn structures(model: &Model) -> Result<String> {
    let mut text = String::new();
    for (name, members) in model.nested() {
        text += &structure(model, &type_name(name), &format!("Structure `{name}`."), members)?;
    }
    finish(model, "Structures inside inputs and outputs.", text)
}

pub(super) fn inputs(model: &Model) -> Result<String> {
    let mut text = String::new();
    for name in model.facts.operations.keys() {
        let doc = format!("The input of `{name}`.");
        text += &structure(model, &format!("{}Input", type_name(name)), &doc, model.input(name)?)?;
    }
    finish(model, "The inputs of operations.", text)
}

pub(super) fn outputs(model: &Model) -> Result<String> {
    let mut text = String::new();
    for name in model.facts.operations.keys() {
        let doc = format!("The output of `{name}`.");
        let rust_name = format!("{}Output", type_name(name));
        match model.shared_output(name) {
            Some(shared) => {
                writeln!(text, "/// {doc}\npub type {rust_name} = {};\n", type_name(shared))?;
            }
            None => text += &structure(model, &rust_name, &doc, model.output(name)?)?,
        }
    }
    finish(model, "The outputs of operations.", text)
}

fn structure(model: &Model, rust_name: &str, doc: &str, members: &[Member]) -> Result<String> {
    let default = if model.all_default(members)? { ", Default" } else { "" };
    let mut text = format!("/// {doc}\n#[derive(Debug, Clone, PartialEq{default})]\n");
    if members.is_empty() {
        writeln!(text, "pub struct {rust_name} {{}}\n")?;
        return Ok(text);
    }
    writeln!(text, "pub struct {rust_name} {{")?;
    for member in members {
        let constraints = model.constraints(&member.shape)?;
        let colon = if constraints.is_empty() { "" } else { ": " };
        let rust_type = model.rust_type(&member.shape)?;
        let rust_type = match member.required {
            true => rust_type,
            false => format!("Option<{rust_type}>"),
        };
        writeln!(text, "/// `{}`{colon}{constraints}.", member.name)?;
        writeln!(text, "pub {}: {rust_type},", field_name(&member.name))?;
    }
    text += "}\n\n";
    Ok(text)
}

fn finish(model: &Model, doc: &str, text: String) -> Result<String> {
    let mut candidates = vec![
        ("BTreeMap", "std::collections::BTreeMap".to_owned()),
        ("DateTime", "aws_smithy_types::DateTime".to_owned()),
        ("Secret", "daypass_ident::Secret".to_owned()),
    ];
    let own: Vec<String> = model
        .enums()
        .map(|(name, _)| type_name(name))
        .chain(model.nested().map(|(name, _)| type_name(name)))
        .filter(|name| !text.contains(&format!("pub struct {name} ")))
        .collect();
    candidates.extend(own.iter().map(|name| (name.as_str(), format!("super::{name}"))));
    let candidates: Vec<(&str, &str)> =
        candidates.iter().map(|(word, path)| (*word, path.as_str())).collect();
    // Only code counts, not the names in doc comments.
    let code: String = text.lines().filter(|line| !line.starts_with("///")).collect();
    Ok(format!("//! {doc}\n\n{}\n{text}", imports(&code, &candidates)))
}
