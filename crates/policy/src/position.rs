use std::fmt;

use serde::Serialize;

/// A place in a policy's text, as AWS's policy simulator gives it (IAM API, `Position`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl Position {
    /// The place of a byte of a text; beyond the text, the place after its last character.
    #[must_use]
    pub fn of(text: &str, byte: usize) -> Self {
        let before = text.get(..text.floor_char_boundary(byte)).unwrap_or(text);
        let (earlier, line) = before.rsplit_once('\n').unwrap_or(("", before));
        let breaks = before.len() - line.len();
        Self {
            line: 1 + if breaks == 0 { 0 } else { 1 + earlier.matches('\n').count() },
            column: 1 + line.chars().count(),
        }
    }
}

/// `3:17`
impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one() {
        let text = "{\n  \"é\": 1\r\n}\n";
        let cases = [(0, 1, 1), (1, 1, 2), (2, 2, 1), (5, 2, 4), (7, 2, 5), (6, 2, 4)];
        for (byte, line, column) in cases {
            assert_eq!(Position::of(text, byte), Position { line, column }, "{byte}");
        }
        assert_eq!(Position::of(text, text.len()), Position { line: 4, column: 1 });
        assert_eq!(Position::of(text, 1000), Position { line: 4, column: 1 });
        assert_eq!(Position::of("", 0).to_string(), "1:1");
    }
}
