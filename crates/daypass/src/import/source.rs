//! Files of JSON, and where in them values stand.

use std::path::PathBuf;

use super::ImportError;
use crate::seed::place::{Path, Position, locate_json};
use crate::seed::tree::Node;

/// The files, each with the values in it, which may follow one another.
#[derive(Debug)]
pub(super) struct Sources {
    files: Vec<File>,
}

#[derive(Debug)]
struct File {
    name: String,
    text: String,
    values: Vec<Value>,
}

#[derive(Debug)]
struct Value {
    /// Where it begins in the text, in bytes, white space before it included.
    start: usize,
    node: Node,
}

/// Where a value stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Origin {
    file: usize,
    value: usize,
    path: Path,
}

/// A value, and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Cursor<'a> {
    node: &'a Node,
    origin: Origin,
}

impl Sources {
    /// Reads the files.
    ///
    /// # Errors
    /// When one cannot be read, or is not JSON.
    pub(super) fn read(files: &[PathBuf]) -> Result<Self, ImportError> {
        let files = files.iter().map(|path| {
            let name = path.display().to_string();
            let unreadable = |error: &dyn std::fmt::Display| {
                ImportError::of_file(&name, None, format!("cannot be read: {error}"))
            };
            let bytes = match name.as_str() {
                "-" => {
                    let mut bytes = Vec::new();
                    let read = std::io::Read::read_to_end(&mut std::io::stdin(), &mut bytes);
                    read.map_err(|error| unreadable(&error))?;
                    bytes
                }
                _ => std::fs::read(path).map_err(|error| unreadable(&error))?,
            };
            let text = text(bytes).map_err(|error| unreadable(&error))?;
            File::of(&name, text)
        });
        Ok(Self { files: files.collect::<Result<_, _>>()? })
    }

    #[cfg(test)]
    pub(super) fn of_text(name: &str, text: &str) -> Result<Self, ImportError> {
        Ok(Self { files: vec![File::of(name, text.to_owned())?] })
    }

    /// The values of all files.
    pub(super) fn values(&self) -> impl Iterator<Item = Cursor<'_>> {
        self.files.iter().enumerate().flat_map(|(file, contents)| {
            contents.values.iter().enumerate().map(move |(value, contents)| {
                let origin = Origin { file, value, path: Path::root() };
                Cursor { node: &contents.node, origin }
            })
        })
    }

    /// The name of the file, and the place in it.
    pub(super) fn locate(&self, origin: &Origin) -> (&str, Position) {
        let beginning = Position { line: 1, column: 1 };
        let Some(file) = self.files.get(origin.file) else { return ("", beginning) };
        let start = file.values.get(origin.value).map_or(0, |value| value.start);
        let text = file.text.get(start..).unwrap_or_default();
        let offset = start + locate_json(text, origin.path.steps());
        (&file.name, Position::of(&file.text, offset))
    }
}

impl File {
    fn of(name: &str, text: String) -> Result<Self, ImportError> {
        let mut values = Vec::new();
        let mut stream = serde_json::Deserializer::from_str(&text).into_iter::<Node>();
        let mut start = 0;
        while let Some(node) = stream.next() {
            let node = node.map_err(|error| {
                let at = Position { line: error.line(), column: error.column() };
                // serde_json ends its messages with the place, which stands in front here.
                let message = error.to_string();
                let message = message.rsplit_once(" at line ").map_or(&*message, |(text, _)| text);
                ImportError::of_file(name, Some(at), message.to_owned())
            })?;
            values.push(Value { start, node });
            start = stream.byte_offset();
        }
        if values.is_empty() {
            return Err(ImportError::of_file(name, None, "there is nothing in it".to_owned()));
        }
        Ok(Self { name: name.to_owned(), text, values })
    }
}

/// JSON is UTF-8; what PowerShell writes with `>` is UTF-16 with a mark at its beginning.
fn text(bytes: Vec<u8>) -> Result<String, &'static str> {
    const NEITHER: &str = "it is neither UTF-8 nor UTF-16";
    if let Some(units) = bytes.strip_prefix(b"\xff\xfe") {
        let units = units.chunks(2).map(|unit| match unit {
            [low, high] => u16::from_le_bytes([*low, *high]),
            // Half of a character is none.
            _ => 0xd800,
        });
        let text: Result<String, _> = char::decode_utf16(units).collect();
        return text.map_err(|_| NEITHER);
    }
    let text = String::from_utf8(bytes).map_err(|_| NEITHER)?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

impl<'a> Cursor<'a> {
    pub(super) fn origin(&self) -> Origin {
        self.origin.clone()
    }

    pub(super) fn node(&self) -> &'a Node {
        self.node
    }

    /// A member of an object; null is as if it were not there.
    pub(super) fn member(&self, name: &str) -> Option<Self> {
        let Node::Table(members) = self.node else { return None };
        let (_, node) = members.iter().find(|(present, _)| present == name)?;
        if matches!(node, Node::Scalar(serde_json::Value::Null)) {
            return None;
        }
        let path = self.origin.path.member(name);
        Some(Self { node, origin: Origin { path, ..self.origin.clone() } })
    }

    /// The members of an object, nulls left out; of anything else none.
    pub(super) fn members(&self) -> Vec<(&'a str, Self)> {
        let Node::Table(members) = self.node else { return Vec::new() };
        let is_null = |node: &Node| matches!(node, Node::Scalar(serde_json::Value::Null));
        let members = members.iter().filter(|(_, node)| !is_null(node)).map(|(name, node)| {
            let path = self.origin.path.member(name);
            (name.as_str(), Self { node, origin: Origin { path, ..self.origin.clone() } })
        });
        members.collect()
    }

    /// The elements of a list; of anything else none.
    pub(super) fn elements(&self) -> Vec<Self> {
        let Node::List(elements) = self.node else { return Vec::new() };
        let elements = elements.iter().enumerate().map(|(number, node)| {
            let path = self.origin.path.numbered(number);
            Self { node, origin: Origin { path, ..self.origin.clone() } }
        });
        elements.collect()
    }

    /// The elements of a list, or the value itself: some tools write one element without its list.
    pub(super) fn one_or_many(&self) -> Vec<Self> {
        if self.is_list() { self.elements() } else { vec![self.clone()] }
    }

    pub(super) fn is_list(&self) -> bool {
        matches!(self.node, Node::List(_))
    }

    pub(super) fn is_table(&self) -> bool {
        matches!(self.node, Node::Table(_))
    }

    pub(super) fn text(&self) -> Option<&'a str> {
        match self.node {
            Node::Scalar(value) => value.as_str(),
            _ => None,
        }
    }

    pub(super) fn is_true(&self) -> bool {
        matches!(self.node, Node::Scalar(serde_json::Value::Bool(true)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_utf_8_or_what_powershell_writes() {
        let utf16: Vec<u8> =
            "\u{feff}{\"a\": \"ü\"}".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(text(utf16).as_deref(), Ok("{\"a\": \"ü\"}"));
        assert_eq!(text(b"\xef\xbb\xbf{}".to_vec()).as_deref(), Ok("{}"));
        assert_eq!(text(b"{}".to_vec()).as_deref(), Ok("{}"));
        for bytes in [&b"\xff\xfe{"[..], b"\xff\xfe\x00\xd8", b"\xc3("] {
            assert!(text(bytes.to_vec()).is_err(), "{bytes:?}");
        }
    }

    #[test]
    fn values_may_follow_one_another() {
        let sources = Sources::of_text("x", "{\"a\": [1]}\n\n {\"a\":\n  [2]}").unwrap();
        let places: Vec<_> = sources
            .values()
            .map(|value| sources.locate(&value.member("a").unwrap().elements()[0].origin()).1)
            .map(|at| (at.line, at.column))
            .collect();
        assert_eq!(places, [(1, 8), (4, 4)]);
    }
}
