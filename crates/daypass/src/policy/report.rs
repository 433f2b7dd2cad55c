//! Places in a text, shown with their lines and underlined.

use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use daypass_ident::{printable, printable_line};

/// Something to be said about a place in a text.
#[derive(Debug)]
pub(super) struct Diagnostic<'a> {
    pub(super) level: Tone,
    /// The stable name of what is said, for those who look it up.
    pub(super) id: Option<&'a str>,
    pub(super) message: &'a str,
    /// In bytes of the text.
    pub(super) span: Range<usize>,
    /// Said below the lines.
    pub(super) help: Option<&'a str>,
    pub(super) note: Option<String>,
}

/// How it is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Error,
    Warning,
    Suggestion,
}

/// The diagnostic with the lines that it is about, in colours.
pub(super) fn render(name: &str, text: &str, diagnostic: &Diagnostic<'_>) -> String {
    let level = match diagnostic.level {
        Tone::Error => Level::ERROR,
        Tone::Warning => Level::WARNING,
        Tone::Suggestion => Level::INFO.with_name("suggestion"),
    };
    let (name, text) = (printable_line(name), drawable(text));
    let (message, help) = (printable_line(diagnostic.message), diagnostic.help.map(printable));
    let note = diagnostic.note.as_deref().map(printable);
    let mut title = level.primary_title(&*message);
    if let Some(id) = diagnostic.id {
        title = title.id(id);
    }
    let place = AnnotationKind::Primary.span(diagnostic.span.clone());
    let mut group = title.element(Snippet::source(&*text).path(&*name).annotation(place));
    if let Some(help) = &help {
        group = group.element(Level::HELP.message(&**help));
    }
    if let Some(note) = &note {
        group = group.element(Level::NOTE.message(&**note));
    }
    Renderer::styled().render(&[group])
}

/// A text in which each character that steers a terminal is another of the same length, so that places
/// in it stay where they are. The renderer replaces tabs itself.
fn drawable(text: &str) -> String {
    let drawn = |(at, character): (usize, char)| {
        let ends_line =
            character == '\r' && text.get(at + 1..).is_some_and(|rest| rest.starts_with('\n'));
        match character {
            '\n' | '\t' => character,
            _ if ends_line
                || matches!(
                    printable_line(character.encode_utf8(&mut [0; 4])),
                    Cow::Borrowed(_)
                ) =>
            {
                character
            }
            _ => match character.len_utf8() {
                1 => '?',
                2 => '\u{bf}',
                _ => char::REPLACEMENT_CHARACTER,
            },
        }
    };
    text.char_indices().map(drawn).collect()
}
