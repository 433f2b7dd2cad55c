//! Places in a text, shown with their lines and underlined.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use anyhow::Context as _;

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

/// The diagnostic with the lines that it is about. It has colours, which [`print()`] takes away
/// where they are not wanted.
pub(super) fn render(name: &str, text: &str, diagnostic: &Diagnostic<'_>) -> String {
    let level = match diagnostic.level {
        Tone::Error => Level::ERROR,
        Tone::Warning => Level::WARNING,
        Tone::Suggestion => Level::INFO.with_name("suggestion"),
    };
    let mut title = level.primary_title(diagnostic.message);
    if let Some(id) = diagnostic.id {
        title = title.id(id);
    }
    let place = AnnotationKind::Primary.span(diagnostic.span.clone());
    let mut group = title.element(Snippet::source(text).path(name).annotation(place));
    if let Some(help) = diagnostic.help {
        group = group.element(Level::HELP.message(help));
    }
    if let Some(note) = &diagnostic.note {
        group = group.element(Level::NOTE.message(note));
    }
    Renderer::styled().render(&[group])
}

/// Prints for people: in colours if standard output is a terminal that has them and `NO_COLOR` is
/// not set.
pub(super) fn print(text: &str) -> anyhow::Result<()> {
    write(anstream::AutoStream::auto(std::io::stdout().lock()), text)
}

/// Prints likewise what keeps from answering.
pub(super) fn complain(text: &str) -> anyhow::Result<()> {
    write(anstream::AutoStream::auto(std::io::stderr().lock()), text)
}

fn write(mut out: impl std::io::Write, text: &str) -> anyhow::Result<()> {
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        // Whoever reads has seen enough.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        done => done.context("cannot print"),
    }
}
