use crate::encoder::Bracket;

/// Compact JSON; names are ignored inside arrays.
#[derive(Debug)]
pub(crate) struct Json {
    out: Vec<u8>,
    open: Vec<Bracket>,
    /// Whether the open object or array already holds something.
    filled: bool,
}

impl Json {
    /// Begins a document, which is an object.
    pub(crate) fn document() -> Self {
        Self { out: vec![b'{'], open: vec![Bracket::Object], filled: false }
    }

    pub(crate) fn open(&mut self, stem: &str, end: &str, bracket: Bracket) {
        self.name(stem, end);
        self.enter(bracket);
    }

    pub(crate) fn close(&mut self, bracket: Bracket) {
        self.open.pop();
        self.filled = true;
        self.out.push(if bracket == Bracket::Array { b']' } else { b'}' });
    }

    pub(crate) fn text(&mut self, name: &str, text: &str) {
        self.name(name, "");
        self.string(text);
    }

    pub(crate) fn literal(&mut self, name: &str, literal: &str) {
        self.name(name, "");
        self.out.extend_from_slice(literal.as_bytes());
    }

    pub(crate) fn into_bytes(mut self) -> Vec<u8> {
        self.close(Bracket::Object);
        self.out
    }

    fn enter(&mut self, bracket: Bracket) {
        self.open.push(bracket);
        self.filled = false;
        self.out.push(if bracket == Bracket::Array { b'[' } else { b'{' });
    }

    fn name(&mut self, stem: &str, end: &str) {
        if std::mem::replace(&mut self.filled, true) {
            self.out.push(b',');
        }
        if self.open.last() == Some(&Bracket::Object) {
            match end {
                "" => self.string(stem),
                end => self.string(&[stem, end].concat()),
            }
            self.out.push(b':');
        }
    }

    fn string(&mut self, text: &str) {
        self.out.extend_from_slice(serde_json::Value::from(text).to_string().as_bytes());
    }
}
