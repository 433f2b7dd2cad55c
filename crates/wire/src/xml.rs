use std::borrow::Cow;

use quick_xml::escape::partial_escape;

/// XML as AWS lays it out: no declaration, two spaces for each depth, a line end after each element.
#[derive(Debug)]
pub(crate) struct Xml {
    out: Vec<u8>,
    depth: usize,
    /// Whether the last thing written is an opening tag whose line is still open.
    childless: bool,
}

impl Default for Xml {
    fn default() -> Self {
        Self { out: Vec::with_capacity(USUAL_SIZE), depth: 0, childless: false }
    }
}

impl Xml {
    pub(crate) fn open_root(&mut self, stem: &str, end: &str, namespace: &str) {
        self.put(&["<", stem, end, " xmlns=\"", namespace, "\">"]);
        self.depth += 1;
        self.childless = true;
    }

    pub(crate) fn open(&mut self, stem: &str, end: &str) {
        self.start_line();
        self.put(&["<", stem, end, ">"]);
        self.depth += 1;
        self.childless = true;
    }

    pub(crate) fn close(&mut self, stem: &str, end: &str) {
        self.depth = self.depth.saturating_sub(1);
        if self.childless {
            self.out.pop();
            self.put(&["/>\n"]);
            self.childless = false;
        } else {
            self.start_line();
            self.put(&["</", stem, end, ">\n"]);
        }
    }

    pub(crate) fn leaf(&mut self, name: &str, text: &str) {
        self.start_line();
        self.put(&["<", name, ">", &escape(text), "</", name, ">\n"]);
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    fn start_line(&mut self) {
        if std::mem::take(&mut self.childless) {
            self.out.push(b'\n');
        }
        self.out.resize(self.out.len() + 2 * self.depth, b' ');
    }

    fn put(&mut self, pieces: &[&str]) {
        for piece in pieces {
            self.out.extend_from_slice(piece.as_bytes());
        }
    }
}

/// Holds the answers of the hot path without growing.
const USUAL_SIZE: usize = 2048;

/// Text as element content. What XML 1.0 cannot hold at all (section 2.2) becomes U+FFFD, so that
/// every answer is well formed.
fn escape(text: &str) -> Cow<'_, str> {
    // Without an early exit, so that the compiler can look at many bytes at once.
    if text.bytes().fold(true, |plain, byte| plain & needs_nothing(byte)) {
        return Cow::Borrowed(text);
    }
    let escaped = partial_escape(text);
    if escaped.chars().all(is_xml_char) {
        return escaped;
    }
    let replaced = |c| if is_xml_char(c) { c } else { char::REPLACEMENT_CHARACTER };
    Cow::Owned(escaped.chars().map(replaced).collect())
}

fn needs_nothing(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\n' | b'\t') && !matches!(byte, b'<' | b'>' | b'&')
}

fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}
