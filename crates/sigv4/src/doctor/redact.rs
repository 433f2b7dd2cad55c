//! Texts for people: without session tokens and the like, and without what would confuse a terminal.

use super::query::lower_case_escapes;

/// The text with the values of sensitive headers and parameters left out. `plain` says that parameters may stand in
/// it without percent encoding, so that nobody can tell where a value ends.
pub(super) fn redacted(text: &[u8], plain: bool) -> String {
    let text = String::from_utf8_lossy(text);
    if plain && text.split(['&', '\n']).any(|piece| is_sensitive_pair(piece, '=')) {
        return "(redacted: it holds a secret without its encoding)".to_owned();
    }
    let lines: Vec<String> = text.split('\n').map(line).collect();
    lines.join("\n")
}

fn line(line: &str) -> String {
    if is_sensitive_pair(line, ':') {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        return printable(&format!("{name}:{}", stand_in(value)));
    }
    let pieces: Vec<String> = line
        .split('&')
        .map(|piece| match piece.split_once('=') {
            Some((name, value)) if is_sensitive_pair(piece, '=') => {
                format!("{name}={}", stand_in(value))
            }
            _ => piece.to_owned(),
        })
        .collect();
    printable(&pieces.join("&"))
}

/// The length is told, so that texts that differ in a secret differ still.
fn stand_in(value: &str) -> String {
    format!("(redacted, {} bytes)", value.len())
}

fn is_sensitive_pair(pair: &str, separator: char) -> bool {
    let Some((name, value)) = pair.split_once(separator) else { return false };
    // However its hyphens are encoded.
    let name = lower_case_escapes(name.as_bytes()).to_ascii_lowercase();
    let name: Vec<u8> = name.into_iter().filter(u8::is_ascii_alphabetic).collect();
    let holds = |word: &&str| name.windows(word.len()).any(|part| part == word.as_bytes());
    !value.is_empty() && SENSITIVE.iter().any(holds)
}

/// The text with its control characters escaped.
pub(super) fn printable(text: &str) -> String {
    let escape = |char: char| {
        let shown = if char.is_control() { None } else { Some(char) };
        shown.into_iter().chain(char.escape_default().filter(move |_| shown.is_none()))
    };
    text.chars().flat_map(escape).collect()
}

/// What the names of secret headers and parameters hold.
const SENSITIVE: [&str; 9] = [
    "token",
    "password",
    "secret",
    "assertion",
    "privatekey",
    "authenticationcode",
    "authorization",
    "cookie",
    "seed",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_left_out() {
        let text = "GET\n/\nAction=X&Password=hunter2&X-Amz-Security-Token=hunter2&x=1\nhost:a\u{1b}[31m\n\
                    x-amz-security-token:hunter2\n\nhost;x-amz-security-token\nUNSIGNED";
        assert_eq!(
            redacted(text.as_bytes(), false),
            "GET\n/\nAction=X&Password=(redacted, 7 bytes)&X-Amz-Security-Token=(redacted, 7 bytes)&x=1\n\
             host:a\\u{1b}[31m\nx-amz-security-token:(redacted, 7 bytes)\n\nhost;x-amz-security-token\nUNSIGNED"
        );
        assert!(!redacted(b"Password=hunter&2\n", true).contains("hunter"));
    }
}
