//! The markers of operations and the dispatch, which live where the operations are given meaning.

use std::fmt::Write;

use anyhow::Result;

use super::errors::error_name;
use super::model::Model;
use super::text::type_name;

pub(super) fn module() -> String {
    "//! The operations of the service and the way from their names to their types.\n\nmod dispatch;\nmod operations;\n\npub use dispatch::{OPERATIONS, dispatch};\npub use operations::*;\n".to_owned()
}

pub(super) fn operations(model: &Model) -> Result<String> {
    let service = &model.facts.name;
    let mut text = format!(
        "//! One type for each operation.\n\nuse daypass_model::{service} as model;\nuse daypass_model::{service}::errors;\nuse daypass_model::{{ErrorShape, Operation, Service}};\n\n"
    );
    for (name, operation) in &model.facts.operations {
        let marker = type_name(name);
        let errors: Vec<String> = operation
            .errors
            .iter()
            .map(|shape| format!("&errors::{}", error_name(shape)))
            .collect();
        writeln!(
            text,
            "/// The operation `{name}`.\n#[derive(Debug, Clone, Copy)]\npub struct {marker};\n\nimpl Operation for {marker} {{\nconst NAME: &'static str = {name:?};\nconst SERVICE: Service = Service::{service};\nconst HAS_RESULT: bool = {has_result};\nconst SIGNED: bool = {signed};\nconst ERRORS: &'static [&'static ErrorShape] = &[{errors}];\ntype Input = model::{marker}Input;\ntype Output = model::{marker}Output;\n}}\n",
            service = type_name(service),
            has_result = operation.result_wrapper.is_some(),
            signed = !operation.unsigned,
            errors = errors.join(", "),
        )?;
    }
    Ok(text)
}

pub(super) fn dispatch(model: &Model) -> Result<String> {
    let mut text = "//! From the name of an operation to its type.\n\nuse daypass_authz::Visit;\n\nuse super::operations::*;\n\n".to_owned();
    text += "/// The names of all operations, in order.\npub const OPERATIONS: &[&str] = &[\n";
    for name in model.facts.operations.keys() {
        writeln!(text, "{name:?},")?;
    }
    text += "];\n\n/// Shows the visitor the operation of this name.\n///\n/// # Errors\n/// Gives the visitor back where no operation has the name.\npub async fn dispatch<V: Visit>(action: &str, visitor: V) -> Result<V::Out, V> {\nOk(match action {\n";
    for (name, operation) in &model.facts.operations {
        let marker = type_name(name);
        let way = if operation.unsigned { "vouched" } else { "built" };
        writeln!(text, "{name:?} => visitor.{way}::<{marker}>().await,")?;
    }
    text += "_ => return Err(visitor),\n})\n}\n";
    Ok(text)
}
