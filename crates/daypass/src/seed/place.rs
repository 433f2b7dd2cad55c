//! Where in a file a value stands.

use std::fmt;

use toml::de::{DeTable, DeValue};

/// The text of a seed, in the language it is written in. There are secrets in it, so that `Debug` does
/// not show it.
#[derive(Clone)]
pub(crate) enum Source {
    Toml(String),
    Json(String),
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Toml(_) => "Toml(..)",
            Self::Json(_) => "Json(..)",
        })
    }
}

/// One step from a value to a part of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Step {
    Member(String),
    Element(usize),
}

impl Step {
    /// As JSON Path and others count: members by name, elements from 0.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Member(name) => name.as_str().into(),
            Self::Element(number) => (*number).into(),
        }
    }

    /// The step that [`to_json`](Self::to_json) wrote.
    pub(crate) fn of_json(value: &serde_json::Value) -> Option<Self> {
        match value {
            serde_json::Value::String(name) => Some(Self::Member(name.clone())),
            number => Some(Self::Element(usize::try_from(number.as_u64()?).ok()?)),
        }
    }

    pub(crate) fn is_member_of(&self, names: &[&str]) -> bool {
        matches!(self, Self::Member(name) if names.contains(&&**name))
    }
}

/// The way from the whole file to a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Path(Vec<Step>);

/// What is wrong: a value, or the name of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    Value(Path),
    Key(Path),
}

impl Path {
    /// The whole file.
    pub(crate) fn root() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn of(steps: Vec<Step>) -> Self {
        Self(steps)
    }

    pub(crate) fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// What the value is a part of; of the whole file, itself.
    pub(crate) fn parent(&self) -> Self {
        let above = self.0.split_last().map(|(_, above)| above.to_vec());
        Self(above.unwrap_or_default())
    }

    pub(crate) fn last(&self) -> Option<&Step> {
        self.0.last()
    }

    /// Whether it is one step further than the other.
    pub(crate) fn is_part_of(&self, whole: &Self) -> bool {
        self.0.split_last().is_some_and(|(_, above)| above == whole.0)
    }

    /// The way to an element of this list.
    pub(crate) fn numbered(&self, number: usize) -> Self {
        let mut steps = self.0.clone();
        steps.push(Step::Element(number));
        Self(steps)
    }

    /// The way to an element of one of the file's lists.
    pub(crate) fn to(list: &str, number: usize) -> Self {
        Self(Vec::new()).element(list, number)
    }

    pub(crate) fn member(&self, name: &str) -> Self {
        let mut steps = self.0.clone();
        steps.push(Step::Member(name.to_owned()));
        Self(steps)
    }

    pub(crate) fn element(&self, list: &str, number: usize) -> Self {
        let mut path = self.member(list);
        path.0.push(Step::Element(number));
        path
    }

    pub(crate) fn steps(&self) -> &[Step] {
        &self.0
    }
}

/// A place as an editor counts it: both from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl Position {
    /// The place of a byte of a text.
    pub(crate) fn of(text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let (lines, last) = before
            .rsplit_once('\n')
            .map_or((0, before), |(above, last)| (above.matches('\n').count() + 1, last));
        Self { line: lines + 1, column: last.chars().count() + 1 }
    }
}

/// Where in well-formed JSON a value begins, in bytes: as much of the path as the text has.
pub(crate) fn locate_json(text: &str, path: &[Step]) -> usize {
    Scanner::of(text).locate(path)
}

impl Source {
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Toml(text) | Self::Json(text) => text,
        }
    }

    /// The place of a byte of the text.
    pub(crate) fn position(&self, offset: usize) -> Position {
        Position::of(self.text(), offset)
    }

    /// The place of a value: as much of the path as the text has.
    pub(crate) fn locate(&self, path: &[Step]) -> Option<Position> {
        let offset = match self {
            Self::Toml(text) => locate_toml(text, path)?,
            Self::Json(text) => Scanner::of(text).locate(path),
        };
        Some(self.position(offset))
    }

    /// The place of a member's name.
    pub(crate) fn locate_key(&self, path: &[Step]) -> Option<Position> {
        let offset = match self {
            Self::Toml(text) => locate_toml_key(text, path)?,
            Self::Json(text) => Scanner::of(text).locate_key(path),
        };
        Some(self.position(offset))
    }
}

fn locate_toml_key(text: &str, path: &[Step]) -> Option<usize> {
    let (Step::Member(name), above) = path.split_last()? else { return None };
    let document = DeTable::parse(text).ok()?;
    let mut table = document.get_ref();
    let mut steps = above.iter();
    while let Some(Step::Member(name)) = steps.next() {
        let mut value = table.get(name.as_str())?.get_ref();
        // What lies in lists is a table after as many numbers.
        while let DeValue::Array(elements) = value {
            let Some(Step::Element(number)) = steps.next() else { return None };
            value = elements.get(*number)?.get_ref();
        }
        table = value.as_table()?;
    }
    table.get_key_value(name.as_str()).map(|(key, _)| key.span().start)
}

fn locate_toml(text: &str, path: &[Step]) -> Option<usize> {
    let document = DeTable::parse(text).ok()?;
    if path.is_empty() {
        return Some(0);
    }
    let (first, rest) = path.split_first()?;
    let Step::Member(name) = first else { return None };
    let mut value = document.get_ref().get(name.as_str())?;
    for step in rest {
        let part = match (step, value.get_ref()) {
            (Step::Member(name), DeValue::Table(table)) => table.get(name.as_str()),
            (Step::Element(number), DeValue::Array(elements)) => elements.get(*number),
            _ => None,
        };
        match part {
            Some(part) => value = part,
            None => break,
        }
    }
    Some(value.span().start)
}

/// Walks through JSON that is known to be well formed.
struct Scanner<'a> {
    text: &'a str,
    at: usize,
    /// Where the name of the member stands that was entered last.
    key: Option<usize>,
}

impl<'a> Scanner<'a> {
    fn of(text: &'a str) -> Self {
        Self { text, at: 0, key: None }
    }

    fn locate(&mut self, path: &[Step]) -> usize {
        self.white_space();
        let start = self.at;
        let Some((step, rest)) = path.split_first() else { return start };
        let found = match (step, self.peek()) {
            (Step::Member(name), Some(b'{')) => self.enter_member(name),
            (Step::Element(number), Some(b'[')) => self.enter_element(*number),
            _ => false,
        };
        if found { self.locate(rest) } else { start }
    }

    /// The member of that name must be there.
    fn locate_key(&mut self, path: &[Step]) -> usize {
        let Some((Step::Member(name), above)) = path.split_last() else { return self.locate(path) };
        self.at = self.locate(above);
        self.key = None;
        let is_table = self.peek() == Some(b'{');
        if is_table && self.enter_member(name) { self.key.unwrap_or(self.at) } else { self.at }
    }

    fn enter_member(&mut self, name: &str) -> bool {
        self.at += 1;
        loop {
            self.white_space();
            if self.peek() != Some(b'"') {
                return false;
            }
            let start = self.at;
            self.skip();
            let key = self.text.get(start..self.at).unwrap_or_default();
            self.white_space();
            self.at += 1; // the colon
            if serde_json::from_str::<String>(key).is_ok_and(|key| key == name) {
                self.key = Some(start);
                return true;
            }
            self.skip();
            self.comma();
        }
    }

    fn enter_element(&mut self, number: usize) -> bool {
        self.at += 1;
        for _ in 0..number {
            self.white_space();
            if self.peek() == Some(b']') {
                return false;
            }
            self.skip();
            self.comma();
        }
        self.white_space();
        self.peek() != Some(b']')
    }

    /// Passes one value.
    fn skip(&mut self) {
        let mut depth = 0_usize;
        self.white_space();
        while let Some(byte) = self.peek() {
            match byte {
                b'{' | b'[' => depth += 1,
                b'}' | b']' if depth == 0 => return,
                b'}' | b']' => depth -= 1,
                b',' if depth == 0 => return,
                b'"' => self.text_end(),
                _ => {}
            }
            self.at += 1;
            if depth == 0 && matches!(byte, b'}' | b']' | b'"') {
                return;
            }
        }
    }

    /// From a string's opening quote to its closing one.
    fn text_end(&mut self) {
        self.at += 1;
        while let Some(byte) = self.peek() {
            match byte {
                b'\\' => self.at += 2,
                b'"' => return,
                _ => self.at += 1,
            }
        }
    }

    fn comma(&mut self) {
        self.white_space();
        if self.peek() == Some(b',') {
            self.at += 1;
        }
    }

    fn white_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Vec<Step> {
        text.split('.')
            .map(|step| step.parse().map_or_else(|_| Step::Member(step.to_owned()), Step::Element))
            .collect()
    }

    #[test]
    fn finds_values_in_json() {
        let text =
            "{ \"a\": [1, {\"b, ]\": \"x\\\"}\",\n  \"c\": [[], {}, true]}],\n \"d\": null }";
        let source = Source::Json(text.to_owned());
        let cases = [
            ("a", (1, 8)),
            ("a.0", (1, 9)),
            ("a.1", (1, 12)),
            ("a.1.b, ]", (1, 21)),
            ("a.1.c", (2, 8)),
            ("a.1.c.2", (2, 17)),
            ("d", (3, 7)),
            // As far as the text goes.
            ("a.1.c.9", (2, 8)),
            ("a.1.z", (1, 12)),
        ];
        for (at, (line, column)) in cases {
            assert_eq!(source.locate(&path(at)), Some(Position { line, column }), "{at}");
        }
    }

    #[test]
    fn finds_values_in_toml() {
        let text = "x = 1\n[[a]]\nb = \"one\"\n[[a]]\nb = \"two\"\nc = { d = [ 1, 2 ] }\n";
        let source = Source::Toml(text.to_owned());
        let cases = [("x", (1, 5)), ("a.1.b", (5, 5)), ("a.1.c.d.1", (6, 16)), ("a.1.z", (4, 1))];
        for (at, (line, column)) in cases {
            assert_eq!(source.locate(&path(at)), Some(Position { line, column }), "{at}");
        }
    }
}
