//! Corrections of the models: data with reasons, in `fixtures/models/overlay/`.

use std::fs;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use crate::facts::{Facts, Range, Shape};
use crate::paths;

/// The corrections of one service's model.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Overlay {
    /// The order in which the service really writes a structure's members.
    #[serde(default)]
    order: Vec<Order>,
    /// The lengths of texts and the sizes of lists that the service really enforces.
    #[serde(default)]
    length: Vec<Length>,
    /// Members that the model requires and the service leaves out.
    #[serde(default)]
    optional: Vec<Optional>,
    /// The words that the service really writes for an enumeration.
    #[serde(default)]
    words: Vec<Words>,
    /// Patterns that our regular expressions cannot express as they stand.
    #[serde(default)]
    matcher: Vec<Matcher>,
    /// Sentences that the service says in place of a pattern.
    #[serde(default)]
    advice: Vec<Advice>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    shape: String,
    /// Those that are not named follow in the model's order.
    members: Vec<String>,
    reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Length {
    shape: String,
    min: Option<i64>,
    max: Option<i64>,
    reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Optional {
    shape: String,
    members: Vec<String>,
    reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    shape: String,
    words: Vec<String>,
    reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Matcher {
    pattern: String,
    regex: String,
    /// The least length that the pattern allows, where the expression cannot say it.
    min: Option<i64>,
    /// The greatest, likewise.
    max: Option<i64>,
    reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Advice {
    pattern: String,
    text: String,
    reason: String,
}

impl Overlay {
    pub(crate) fn read(service: &str) -> Result<Self> {
        let path = paths::models().join(format!("overlay/{service}.toml"));
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let overlay: Self = toml::from_str(&text).with_context(|| path.display().to_string())?;
        let reasons = (overlay.order.iter().map(|it| &it.reason))
            .chain(overlay.length.iter().map(|it| &it.reason))
            .chain(overlay.optional.iter().map(|it| &it.reason))
            .chain(overlay.words.iter().map(|it| &it.reason))
            .chain(overlay.matcher.iter().map(|it| &it.reason))
            .chain(overlay.advice.iter().map(|it| &it.reason));
        for reason in reasons {
            ensure!(!reason.trim().is_empty(), "{}: a correction needs a reason", path.display());
        }
        Ok(overlay)
    }

    /// Corrects the facts. A correction of something that the model does not have is an error, so
    /// that none outlives what it corrects.
    pub(crate) fn apply(&self, facts: &mut Facts) -> Result<()> {
        for pattern in self.patterns() {
            let used = facts.shapes.values().any(|shape| {
                matches!(shape, Shape::String(text) if text.pattern.as_deref() == Some(pattern))
            });
            ensure!(used, "no shape has the pattern `{pattern}`");
        }
        for length in &self.length {
            let range = match facts.shapes.get_mut(&length.shape) {
                Some(Shape::String(text)) => &mut text.length,
                Some(Shape::List(list)) => &mut list.size,
                _ => bail!("length: no text or list `{}`", length.shape),
            };
            range.min = length.min.or(range.min);
            range.max = length.max.or(range.max);
        }
        for optional in &self.optional {
            let Some(Shape::Structure(structure)) = facts.shapes.get_mut(&optional.shape) else {
                bail!("optional: no structure `{}`", optional.shape);
            };
            for name in &optional.members {
                let member =
                    structure.members.iter_mut().find(|it| it.name == *name && it.required);
                let shape = &optional.shape;
                member
                    .with_context(|| format!("optional: `{shape}` requires no `{name}`"))?
                    .required = false;
            }
        }
        for words in &self.words {
            let text = match facts.shapes.get_mut(&words.shape) {
                Some(Shape::String(text)) if !text.words.is_empty() => text,
                _ => bail!("words: no enumeration `{}`", words.shape),
            };
            text.words.clone_from(&words.words);
        }
        for order in &self.order {
            let Some(Shape::Structure(structure)) = facts.shapes.get_mut(&order.shape) else {
                bail!("order: no structure `{}`", order.shape);
            };
            for name in &order.members {
                let known = structure.members.iter().any(|member| member.name == *name);
                ensure!(known, "order: `{}` has no `{name}`", order.shape);
            }
            let place = |name: &str| order.members.iter().position(|it| it == name);
            structure.members.sort_by_key(|member| place(&member.name).unwrap_or(usize::MAX));
        }
        Ok(())
    }

    /// The regular expression to use for a pattern, where it is not the pattern itself.
    pub(crate) fn regex<'a>(&'a self, pattern: &'a str) -> &'a str {
        self.matcher(pattern).map_or(pattern, |matcher| &matcher.regex)
    }

    /// What a pattern says of the length beside that regular expression.
    pub(crate) fn regex_length(&self, pattern: &str) -> Range {
        let matcher = self.matcher(pattern);
        matcher.map_or_else(Range::default, |matcher| Range { min: matcher.min, max: matcher.max })
    }

    fn matcher(&self, pattern: &str) -> Option<&Matcher> {
        self.matcher.iter().find(|matcher| matcher.pattern == pattern)
    }

    /// The sentence that the service says about a pattern.
    pub(crate) fn advice(&self, pattern: &str) -> Option<&str> {
        let advice = self.advice.iter().find(|advice| advice.pattern == pattern)?;
        Some(&advice.text)
    }

    fn patterns(&self) -> impl Iterator<Item = &str> {
        let matchers = self.matcher.iter().map(|it| it.pattern.as_str());
        matchers.chain(self.advice.iter().map(|it| it.pattern.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        let text = r#"{
            "source": "s", "name": "n", "signing_name": "n", "api_version": "v",
            "namespace": "x", "operations": {}, "shapes": {
                "Answer": {"type": "structure", "members": [
                    {"name": "A", "shape": "T"}, {"name": "B", "shape": "T"}, {"name": "C", "shape": "T"}
                ]},
                "T": {"type": "string", "min": 1, "max": 2, "pattern": "p"}
            }
        }"#;
        serde_json::from_str(text).unwrap()
    }

    fn applied(overlay: &str) -> Result<Facts> {
        let overlay: Overlay = toml::from_str(overlay).unwrap();
        let mut facts = facts();
        overlay.apply(&mut facts)?;
        Ok(facts)
    }

    #[test]
    fn what_is_named_comes_first() {
        let facts =
            applied("[[order]]\nshape = 'Answer'\nmembers = ['C', 'A']\nreason = 'r'").unwrap();
        let members = &facts.structure("Answer").unwrap().members;
        let names: Vec<&str> = members.iter().map(|member| member.name.as_str()).collect();
        assert_eq!(names, ["C", "A", "B"]);
    }

    #[test]
    fn one_bound_can_be_corrected_alone() {
        let facts = applied("[[length]]\nshape = 'T'\nmax = 9\nreason = 'r'").unwrap();
        let Shape::String(text) = facts.shape("T").unwrap() else { panic!("T is a text") };
        assert_eq!((text.length.min, text.length.max), (Some(1), Some(9)));
    }

    #[test]
    fn corrections_of_nothing_are_refused() {
        for overlay in [
            "[[order]]\nshape = 'Answer'\nmembers = ['D']\nreason = 'r'",
            "[[order]]\nshape = 'T'\nmembers = []\nreason = 'r'",
            "[[length]]\nshape = 'Answer'\nmax = 1\nreason = 'r'",
            "[[advice]]\npattern = 'q'\ntext = 't'\nreason = 'r'",
            "[[matcher]]\npattern = 'q'\nregex = 't'\nreason = 'r'",
        ] {
            assert!(applied(overlay).is_err(), "{overlay}");
        }
    }
}
