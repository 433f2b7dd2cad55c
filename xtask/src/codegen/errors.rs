//! Error tables.

use std::fmt::Write;

use anyhow::Result;

use super::model::Model;
use super::text::static_name;
use crate::facts::Shape;

pub(super) fn errors(model: &Model) -> Result<String> {
    let mut text = "//! The errors that the model names.\n\nuse crate::ErrorShape;\n\n".to_owned();
    for (name, shape) in &model.facts.shapes {
        let Shape::Structure(structure) = shape else { continue };
        let Some(error) = &structure.error else { continue };
        writeln!(
            text,
            "/// `{code}`, {status}.\npub static {}: ErrorShape = ErrorShape {{ name: {name:?}, code: {code:?}, status: {status} }};\n",
            error_name(name),
            code = error.code,
            status = error.status
        )?;
    }
    Ok(text)
}

/// The name of an error's static.
pub(super) fn error_name(shape: &str) -> String {
    static_name(shape.strip_suffix("Exception").unwrap_or(shape))
}
