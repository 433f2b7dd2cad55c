//! Constraints of texts.

use std::fmt::Write;

use anyhow::Result;

use super::model::Model;
use super::pattern;
use super::text::static_name;
use crate::facts::{Range, Shape, Text};

pub(super) fn rules(model: &Model) -> Result<String> {
    let patterns = pattern::names(model);
    let mut text = String::new();
    for name in &model.requested {
        let Some(Shape::String(rule)) = model.facts.shapes.get(name) else { continue };
        if !is_constrained(rule) {
            continue;
        }
        let pattern = rule.pattern.as_deref().and_then(|pattern| patterns.get(pattern));
        let pattern = match pattern {
            Some(name) => format!("Some(&patterns::{name})"),
            None => "None".to_owned(),
        };
        writeln!(
            text,
            "pub(super) static {}: TextRule = TextRule {{ length: {}, pattern: {pattern}, sensitive: {} }};",
            static_name(name),
            bounds(rule.length),
            rule.sensitive
        )?;
    }
    Ok(format!(
        "//! What the model asks of texts in requests.\n\nuse daypass_wire::{{Bounds, TextRule}};\n\nuse super::patterns;\n\n{text}"
    ))
}

/// The rule of a text, as an expression.
pub(super) fn rule(name: &str, text: &Text) -> String {
    match (is_constrained(text), text.sensitive) {
        (true, _) => format!("&rules::{}", static_name(name)),
        (false, true) => "&TextRule::SENSITIVE".to_owned(),
        (false, false) => "&TextRule::ANY".to_owned(),
    }
}

/// Bounds, as an expression.
pub(super) fn bounds(Range { min, max }: Range) -> String {
    match (min, max) {
        (None, None) => "Bounds::ANY".to_owned(),
        _ => format!("Bounds::new({min:?}, {max:?})"),
    }
}

fn is_constrained(text: &Text) -> bool {
    text.words.is_empty() && (text.pattern.is_some() || text.length != Range::default())
}
