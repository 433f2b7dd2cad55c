use std::collections::BTreeMap;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use daypass_ident::Secret;

use crate::violation::{Constraint, Shown, Violations};
use crate::{Bounds, Choice, ConstraintTexts, Fault, Node, Params, TextRule};

/// A shape that can be read from a request. Implementations are generated.
///
/// `None` means that the decoder has recorded why not. The shapes of a model nest to a fixed depth
/// (the generator refuses recursive ones), so decoding does too.
pub trait Decode: Sized {
    /// Reads the shape at a place of the request.
    fn decode(node: Node<'_>, decoder: &mut Decoder) -> Option<Self>;
}

/// Reads the input of an operation; `texts` is how its service words refusals.
///
/// # Errors
/// `MalformedInput` for the first value that cannot be read as its type; else `ValidationError`
/// naming every broken constraint.
pub fn decode<T: Decode>(params: &Params<'_>, texts: ConstraintTexts) -> Result<T, Fault> {
    let mut decoder = Decoder { violations: Violations::new(texts), malformed: None };
    let input = T::decode(params.root(), &mut decoder);
    let refusal = decoder.malformed.or_else(|| decoder.violations.into_fault());
    match (input, refusal) {
        (Some(input), None) => Ok(input),
        (_, refusal) => Err(refusal.unwrap_or_else(Fault::malformed_input)),
    }
}

/// Turns text into values, applies the model's constraints and remembers what broke them.
///
/// Its methods return `None` where something was recorded.
#[derive(Debug)]
pub struct Decoder {
    violations: Violations,
    malformed: Option<Fault>,
}

impl Decoder {
    /// A member that must be there.
    pub fn required<T>(
        &mut self,
        node: Node<'_>,
        name: &'static str,
        read: impl FnOnce(Node<'_>, &mut Self) -> Option<T>,
    ) -> Option<T> {
        self.member(node, name, |node, decoder| {
            if node.is_present() {
                return read(node, decoder);
            }
            decoder.violations.add(Shown::Null, Constraint::NotNull);
            None
        })
    }

    /// A member that may be left out.
    pub fn optional<T>(
        &mut self,
        node: Node<'_>,
        name: &'static str,
        read: impl FnOnce(Node<'_>, &mut Self) -> Option<T>,
    ) -> Option<Option<T>> {
        self.member(node, name, |node, decoder| match node.is_present() {
            true => read(node, decoder).map(Some),
            false => Some(None),
        })
    }

    /// A text.
    pub fn text(&mut self, node: Node<'_>, rule: &TextRule) -> Option<String> {
        let text = node.value().unwrap_or_default();
        self.judge(|violations| violations.judge(text, rule))?;
        Some(text.to_owned())
    }

    /// A text that must not be seen.
    pub fn secret(&mut self, node: Node<'_>, rule: &TextRule) -> Option<Secret<String>> {
        self.text(node, rule).map(Secret::new)
    }

    /// One word of a fixed set.
    pub fn choice<C: Choice>(&mut self, node: Node<'_>) -> Option<C> {
        let word = node.value().unwrap_or_default();
        let choice = C::from_word(word);
        if choice.is_none() {
            self.violations.add(Shown::Text(word), Constraint::OneOf(self.words::<C>()));
        }
        choice
    }

    /// A number of 32 bits; `+900` and `0900` are numbers too.
    pub fn integer(&mut self, node: Node<'_>, bounds: Bounds) -> Option<i32> {
        let text = node.value().unwrap_or_default();
        if text.is_empty() {
            return self.malformed(Fault::missing_number());
        }
        let Ok(number) = text.parse() else {
            return self.malformed(Fault::malformed_input());
        };
        let value = i64::from(number);
        self.judge(|violations| {
            if let Some(min) = bounds.too_small(value) {
                violations.add(Shown::Number(number), Constraint::MinValue(min));
            }
            if let Some(max) = bounds.too_great(value) {
                violations.add(Shown::Number(number), Constraint::MaxValue(max));
            }
        })?;
        Some(number)
    }

    /// `true` or `false`, in any case of letters.
    pub fn boolean(&mut self, node: Node<'_>) -> Option<bool> {
        match node.value().unwrap_or_default() {
            word if word.eq_ignore_ascii_case("true") => Some(true),
            word if word.eq_ignore_ascii_case("false") => Some(false),
            _ => self.malformed(Fault::malformed_input()),
        }
    }

    /// A time of RFC 3339.
    pub fn timestamp(&mut self, node: Node<'_>) -> Option<DateTime> {
        let text = node.value().unwrap_or_default();
        let time = DateTime::from_str(text, Format::DateTimeWithOffset);
        time.ok().or_else(|| self.malformed(Fault::malformed_input()))
    }

    /// Bytes in Base64 (RFC 4648 section 4).
    pub fn blob(&mut self, node: Node<'_>, length: Bounds) -> Option<Vec<u8>> {
        let Ok(bytes) = STANDARD.decode(node.value().unwrap_or_default()) else {
            return self.malformed(Fault::malformed_input());
        };
        self.size(bytes.len(), length)?;
        Some(bytes)
    }

    /// A list of structures; `step` as for [`Node::elements`].
    ///
    /// All elements are read even after a refusal, so that each is heard; but none of a list that is
    /// too long.
    pub fn list<T>(
        &mut self,
        node: Node<'_>,
        step: Option<&str>,
        size: Bounds,
        read: impl Fn(Node<'_>, &mut Self) -> Option<T>,
    ) -> Option<Vec<T>> {
        let elements = node.elements(step);
        self.size(elements.len(), size)?;
        let count = elements.len();
        let mut values = Vec::with_capacity(count);
        for (index, element) in elements.into_iter().enumerate() {
            self.violations.enter_element(index + 1);
            values.extend(read(element, self));
            self.violations.leave();
        }
        (values.len() == count).then_some(values)
    }

    /// A list of texts.
    pub fn texts(
        &mut self,
        node: Node<'_>,
        step: Option<&str>,
        size: Bounds,
        rule: &TextRule,
    ) -> Option<Vec<String>> {
        let texts = self.elements_as_texts(node, step, size)?;
        self.judge(|violations| {
            if !texts.iter().all(|text| rule.accepts(text)) {
                let shown = if rule.sensitive { Shown::Hidden } else { Shown::Texts(&texts) };
                violations.add(shown, Constraint::EachElement(rule));
            }
        })?;
        Some(texts.into_iter().map(str::to_owned).collect())
    }

    /// A list of words of a fixed set.
    pub fn choices<C: Choice>(
        &mut self,
        node: Node<'_>,
        step: Option<&str>,
        size: Bounds,
    ) -> Option<Vec<C>> {
        let texts = self.elements_as_texts(node, step, size)?;
        let choices: Option<Vec<C>> = texts.iter().map(|word| C::from_word(word)).collect();
        if choices.is_none() {
            let constraint = Constraint::EachElementOneOf(self.words::<C>());
            self.violations.add(Shown::Texts(&texts), constraint);
        }
        choices
    }

    /// A map from texts to structures; its entries are `entry.N.key` and `entry.N.value`.
    ///
    /// The first of several equal keys wins.
    pub fn map<T>(
        &mut self,
        node: Node<'_>,
        size: Bounds,
        keys: &TextRule,
        read: impl Fn(Node<'_>, &mut Self) -> Option<T>,
    ) -> Option<BTreeMap<String, T>> {
        let entries = node.elements(Some("entry"));
        self.size(entries.len(), size)?;
        let texts: Vec<&str> =
            entries.iter().map(|entry| entry.child("key").value().unwrap_or_default()).collect();
        self.judge(|violations| {
            if !texts.iter().all(|text| keys.accepts(text)) {
                violations.add(Shown::Hidden, Constraint::EachKey(keys));
            }
        })?;
        let mut complete = true;
        let mut map = BTreeMap::new();
        for (key, entry) in texts.into_iter().zip(entries) {
            self.violations.enter_entry(key);
            let value = read(entry.child("value"), self);
            self.violations.leave();
            match value {
                Some(value) => drop(map.entry(key.to_owned()).or_insert(value)),
                None => complete = false,
            }
        }
        complete.then_some(map)
    }

    /// A map from texts to texts.
    pub fn text_map(
        &mut self,
        node: Node<'_>,
        size: Bounds,
        keys: &TextRule,
        values: &TextRule,
    ) -> Option<BTreeMap<String, String>> {
        let read = |node: Node<'_>, _: &mut Self| Some(node.value().unwrap_or_default().to_owned());
        let map = self.map(node, size, keys, read)?;
        self.judge(|violations| {
            if !map.values().all(|text| values.accepts(text)) {
                violations.add(Shown::Hidden, Constraint::EachValue(values));
            }
        })?;
        Some(map)
    }

    fn member<T>(
        &mut self,
        node: Node<'_>,
        name: &'static str,
        read: impl FnOnce(Node<'_>, &mut Self) -> Option<T>,
    ) -> Option<T> {
        self.violations.enter(name);
        let value = read(node.child(name), self);
        self.violations.leave();
        value
    }

    /// Runs a check; `None` when it found something.
    fn judge(&mut self, check: impl FnOnce(&mut Violations)) -> Option<()> {
        let before = self.violations.count();
        check(&mut self.violations);
        (self.violations.count() == before).then_some(())
    }

    fn size(&mut self, size: usize, bounds: Bounds) -> Option<()> {
        let size = i64::try_from(size).unwrap_or(i64::MAX);
        self.judge(|violations| violations.judge_length(Shown::Hidden, size, bounds))
    }

    fn elements_as_texts<'p>(
        &mut self,
        node: Node<'p>,
        step: Option<&str>,
        size: Bounds,
    ) -> Option<Vec<&'p str>> {
        let elements = node.elements(step);
        self.size(elements.len(), size)?;
        Some(elements.into_iter().map(|element| element.value().unwrap_or_default()).collect())
    }

    /// The words of an enumeration, where refusals name them.
    fn words<C: Choice>(&self) -> Option<Vec<&'static str>> {
        let named = self.violations.texts() == ConstraintTexts::WithValues;
        named.then(|| C::ALL.iter().map(|choice| choice.as_str()).collect())
    }

    /// Records that a value is not of its type; the first such refusal stands.
    fn malformed<T>(&mut self, fault: Fault) -> Option<T> {
        self.malformed.get_or_insert(fault);
        None
    }
}

#[cfg(test)]
mod tests;
