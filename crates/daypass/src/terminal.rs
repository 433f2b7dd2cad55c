//! The one way to standard output and standard error.
//!
//! What is printed holds values that others wrote: names, policies, requests, answers of servers. Here
//! whatever steers a terminal in them is escaped ([`printable`]), so that no command can forget it.

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};

use anyhow::Context as _;
use daypass_ident::{printable, printable_line};

/// Prints to standard output.
///
/// # Errors
/// When it cannot be written. Whoever reads no further has seen enough: that is no error.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    write(stdout(), &printable(text))
}

/// Prints a text with colours, which are taken away where they are not wanted: where standard output is
/// no terminal that has them, or `NO_COLOR` is set. Values have to be escaped before they are coloured;
/// all that is let through are colours.
///
/// # Errors
/// As [`print`].
pub(crate) fn print_styled(text: &str) -> anyhow::Result<()> {
    write(anstream::AutoStream::auto(stdout()), &printable_with_colours(text))
}

/// Prints to standard error, likewise with colours.
///
/// # Errors
/// As [`print`].
pub(crate) fn complain(text: &str) -> anyhow::Result<()> {
    write(anstream::AutoStream::auto(stderr()), &printable_with_colours(text))
}

/// Says how far long work has come, in one line, to whoever sits at a terminal and to nobody else.
pub(crate) fn progress(text: &str) {
    if stderr().is_terminal() {
        let _ = complain(&format!("{}\n", printable_line(text)));
    }
}

/// Where the lines of the log go: to standard error, each on one line.
#[derive(Debug)]
pub(crate) struct Log;

impl Write for Log {
    /// Takes all of a line, which the log writes at once.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        stderr().write_all(log_line(&text).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        stderr().flush()
    }
}

/// Whether the log has colours: where standard error is a terminal that has them, and by `NO_COLOR`,
/// `CLICOLOR` and `CLICOLOR_FORCE` as everything that is printed.
pub(crate) fn log_has_colours() -> bool {
    anstream::AutoStream::choice(&stderr()) != anstream::ColorChoice::Never
}

fn log_line(text: &str) -> String {
    match text.strip_suffix('\n') {
        Some(line) => outside_colours(line, printable_line) + "\n",
        None => outside_colours(text, printable_line),
    }
}

fn write(mut out: impl Write, text: &str) -> anyhow::Result<()> {
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => done.context("cannot print"),
    }
}

fn printable_with_colours(text: &str) -> String {
    outside_colours(text, printable)
}

/// Escapes everything but sequences that set colours (ECMA-48, SGR).
fn outside_colours(mut text: &str, escape: impl Fn(&str) -> Cow<'_, str>) -> String {
    let mut escaped = String::with_capacity(text.len());
    while let Some((before, after)) = text.split_once(BEGIN) {
        let length =
            after.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b';').count();
        escaped.push_str(&escape(before));
        match after.split_at_checked(length) {
            Some((parameters, rest)) if rest.starts_with('m') => {
                escaped.push_str(BEGIN);
                escaped.push_str(parameters);
                text = rest;
            }
            _ => {
                escaped.push_str(&escape(BEGIN));
                text = after;
            }
        }
    }
    escaped.push_str(&escape(text));
    escaped
}

/// How a control sequence begins.
const BEGIN: &str = "\u{1b}[";

#[expect(clippy::disallowed_methods, reason = "what it is given is escaped")]
fn stdout() -> io::StdoutLock<'static> {
    io::stdout().lock()
}

#[expect(clippy::disallowed_methods, reason = "what it is given is escaped")]
fn stderr() -> io::StderrLock<'static> {
    io::stderr().lock()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_pass_and_nothing_else() {
        for (text, expected) in [
            (
                "\u{1b}[1m\u{1b}[38;5;9merror\u{1b}[0m: x\n",
                "\u{1b}[1m\u{1b}[38;5;9merror\u{1b}[0m: x\n",
            ),
            ("\u{1b}[m", "\u{1b}[m"),
            ("\u{1b}[2J\u{1b}[31m", "\\u001b[2J\u{1b}[31m"),
            ("\u{1b}[31", "\\u001b[31"),
            ("\u{1b}[\u{1b}[0m", "\\u001b[\u{1b}[0m"),
            ("\u{1b}]0;x\u{7}", "\\u001b]0;x\\u0007"),
            ("\u{1b}[?25l\u{9b}1m", "\\u001b[?25l\\u009b1m"),
        ] {
            assert_eq!(printable_with_colours(text), expected);
        }
    }

    #[test]
    fn an_event_of_the_log_is_one_line() {
        assert_eq!(
            log_line("\u{1b}[2mINFO\u{1b}[0m a\nINFO b\r\n"),
            "\u{1b}[2mINFO\u{1b}[0m a\\nINFO b\\r\n"
        );
        assert_eq!(log_line("{\"name\":\"\u{202e}\"}\n"), "{\"name\":\"\\u202e\"}\n");
    }
}
