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
    let enums = if has_enums(model) { "enums" } else { "" };
    let modules =
        ["decode", "encode", enums, "inputs", "outputs", "patterns", "rules", "structures"];
    for module in modules.iter().filter(|module| !module.is_empty()) {
        writeln!(text, "mod {module};")?;
    }
    text += "pub mod errors;\n\n";
    let public = [enums, "inputs", "outputs", "structures"];
    for module in public.iter().filter(|module| !module.is_empty()) {
        writeln!(text, "pub use {module}::*;")?;
    }
    let facts = &model.facts;
    let constants = [
        ("SIGNING_NAME", "The name of the service in credential scopes.", &facts.signing_name),
        ("API_VERSION", "The version of the API, which requests name.", &facts.api_version),
        ("NAMESPACE", "The XML namespace of answers.", &facts.namespace),
    ];
    for (name, doc, value) in constants {
        writeln!(text, "\n/// {doc}\npub const {name}: &str = {value:?};")?;
    }
    Ok(text)
}

pub(super) fn has_enums(model: &Model) -> bool {
    model.enums().next().is_some()
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
    Ok(format!("//! Enumerations.\n\nuse crate::choice::choice;\n{text}"))
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
    let own: Vec<String> = model
        .enums()
        .map(|(name, _)| type_name(name))
        .chain(model.nested().map(|(name, _)| type_name(name)))
        .filter(|name| !text.contains(&format!("pub struct {name} ")))
        .collect();
    let own: Vec<&str> = own.iter().map(String::as_str).collect();
    let candidates: [(&str, &[&str]); 4] = [
        ("std::collections", &["BTreeMap"]),
        ("aws_smithy_types", &["DateTime"]),
        ("daypass_ident", &["Secret"]),
        ("super", &own),
    ];
    // Only code counts, not the names in doc comments.
    let code: String = text.lines().filter(|line| !line.starts_with("///")).collect();
    Ok(format!("//! {doc}\n\n{}\n{text}", imports(&code, &candidates)))
}
