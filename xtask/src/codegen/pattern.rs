//! Patterns: from Java's regular expressions, as the models write them, to ours.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::iter::Peekable;
use std::str::Chars;

use anyhow::{Context, Result, bail};

use super::model::Model;
use super::rules::bounds;
use super::text::{imports, literal, static_name};
use crate::facts::{Range, Shape};

/// The patterns that requests can meet, and the names of their statics.
///
/// A pattern is named for the first shape that has it.
pub(super) fn names(model: &Model) -> BTreeMap<&str, String> {
    let mut names = BTreeMap::new();
    for name in &model.requested {
        if let Some(Shape::String(text)) = model.facts.shapes.get(name)
            && let Some(pattern) = &text.pattern
        {
            names.entry(pattern.as_str()).or_insert_with(|| static_name(name));
        }
    }
    names
}

pub(super) fn patterns(model: &Model) -> Result<String> {
    let by_name: BTreeMap<String, &str> =
        names(model).into_iter().map(|(pattern, name)| (name, pattern)).collect();
    let mut text = String::new();
    for (name, pattern) in &by_name {
        let shown = literal(pattern);
        let advice = match model.overlay.advice(pattern) {
            Some(advice) => format!("Some({})", literal(advice)),
            None => "None".to_owned(),
        };
        let regex = model.overlay.regex(pattern);
        match character_class(regex)? {
            Some((at_least, ranges)) => {
                let test = predicate(&ranges);
                writeln!(
                    text,
                    "pub(super) static {name}: Pattern = Pattern::characters({shown}, {advice}, {at_least}, {test});\n"
                )?;
            }
            None => {
                let regex = literal(&translate(regex)?);
                let (maker, length) = match model.overlay.regex_length(pattern) {
                    Range { min: None, max: None } => ("regex", String::new()),
                    length => ("regex_of_length", format!(", {}", bounds(length))),
                };
                writeln!(
                    text,
                    "pub(super) static {name}: Pattern = Pattern::{maker}({shown}, {advice}, {regex}{length});\n"
                )?;
            }
        }
    }
    let all: Vec<String> = by_name.keys().map(|name| format!("&{name}")).collect();
    writeln!(text, "#[cfg(test)]\npub(super) static ALL: &[&Pattern] = &[{}];", all.join(", "))?;
    text += SOUND;
    let imports = imports(&text, &[("daypass_wire", &["Bounds", "Pattern"])]);
    Ok(format!("//! The patterns of texts in requests.\n\n{imports}\n{text}"))
}

const SOUND: &str = "
#[cfg(test)]
mod tests {
    #[test]
    fn every_pattern_is_sound() {
        for pattern in super::ALL {
            assert!(pattern.is_sound(), \"{}\", pattern.shown());
        }
    }
}
";

type Ranges = Vec<(char, char)>;

/// Reads a pattern of the form `[class]*` or `[class]+`: how many characters it asks for, and
/// which. `None` for other forms.
fn character_class(pattern: &str) -> Result<Option<(usize, Ranges)>> {
    let pattern = pattern.strip_prefix('^').unwrap_or(pattern);
    let pattern = pattern.strip_suffix('$').unwrap_or(pattern);
    let Some(class) = pattern.strip_prefix('[') else { return Ok(None) };
    let (at_least, class) = match (class.strip_suffix("]*"), class.strip_suffix("]+")) {
        (Some(class), _) => (0, class),
        (_, Some(class)) => (1, class),
        _ => return Ok(None),
    };
    if class.starts_with('^')
        || class.contains(r"\p")
        || class.contains(r"\]")
        || class.contains([']', '['])
    {
        return Ok(None);
    }
    let mut ranges = Ranges::new();
    let mut chars = class.chars().peekable();
    while let Some(item) = class_item(&mut chars)? {
        let ClassItem::One(first) = item else {
            ranges.extend(item.ranges());
            continue;
        };
        let mut ahead = chars.clone();
        if ahead.next() == Some('-')
            && let Some(ClassItem::One(last)) = class_item(&mut ahead)?
        {
            ranges.push((first, last));
            chars = ahead;
        } else {
            ranges.push((first, first));
        }
    }
    Ok(Some((at_least, merge(ranges))))
}

enum ClassItem {
    One(char),
    Digit,
    Word,
}

impl ClassItem {
    /// Java's `\d` and `\w` are about ASCII only.
    fn ranges(&self) -> Ranges {
        match self {
            Self::One(c) => vec![(*c, *c)],
            Self::Digit => vec![('0', '9')],
            Self::Word => vec![('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
        }
    }
}

fn class_item(chars: &mut Peekable<Chars<'_>>) -> Result<Option<ClassItem>> {
    let Some(c) = chars.next() else { return Ok(None) };
    if c != '\\' {
        return Ok(Some(ClassItem::One(c)));
    }
    Ok(Some(match chars.next().context("a lone backslash")? {
        'd' => ClassItem::Digit,
        'w' => ClassItem::Word,
        'u' => ClassItem::One(char::from_u32(code_point(chars)?).context("a surrogate")?),
        c if c.is_ascii_punctuation() => ClassItem::One(c),
        c => bail!("unknown escape \\{c}"),
    }))
}

/// The four digits after `\u`. Java reads no more than four, so `\u10000` is U+1000 and a zero:
/// characters beyond U+FFFF fail such patterns on AWS too.
fn code_point(chars: &mut Peekable<Chars<'_>>) -> Result<u32> {
    let digits: String = chars.by_ref().take(4).collect();
    u32::from_str_radix(&digits, 16).with_context(|| format!("\\u{digits}"))
}

fn merge(mut ranges: Ranges) -> Ranges {
    ranges.sort_unstable();
    let mut merged = Ranges::new();
    for (first, last) in ranges {
        match merged.last_mut() {
            Some((_, end)) if u32::from(first) <= u32::from(*end) + 1 => *end = (*end).max(last),
            _ => merged.push((first, last)),
        }
    }
    merged
}

/// The test of one character, as an expression.
fn predicate(ranges: &[(char, char)]) -> String {
    match ranges {
        [('0', '9')] => "|c| c.is_ascii_digit()".to_owned(),
        _ => {
            let ranges: Vec<String> = ranges.iter().map(range_pattern).collect();
            format!("|c| matches!(c, {})", ranges.join(" | "))
        }
    }
}

fn range_pattern((first, last): &(char, char)) -> String {
    match first == last {
        true => format!("{first:?}"),
        false => format!("{first:?}..={last:?}"),
    }
}

/// A Java pattern as one of the regex crate, which differs in what `\w`, `\d` and `\u` mean.
fn translate(pattern: &str) -> Result<String> {
    let mut out = String::new();
    let mut in_class = false;
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '[' => in_class = true,
            ']' => in_class = false,
            '\\' => {
                let escaped = chars.next().context("a lone backslash")?;
                match (escaped, in_class) {
                    ('w', true) => out += "0-9A-Za-z_",
                    ('w', false) => out += "[0-9A-Za-z_]",
                    ('d', true) => out += "0-9",
                    ('d', false) => out += "[0-9]",
                    ('u', _) => write!(out, r"\x{{{:X}}}", code_point(&mut chars)?)?,
                    (other, _) => out.extend(['\\', other]),
                }
                continue;
            }
            _ => {}
        }
        out.push(c);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(pattern: &str) -> Option<(usize, String)> {
        let (at_least, ranges) = character_class(pattern).unwrap()?;
        Some((at_least, ranges.iter().map(range_pattern).collect::<Vec<_>>().join(" ")))
    }

    #[test]
    fn simple_classes_need_no_regex() {
        let cases = [
            (r"[\w]*", 0, "'0'..='9' 'A'..='Z' '_' 'a'..='z'"),
            (r"[\d]+", 1, "'0'..='9'"),
            (r"[\w+=,.@-]+", 1, r"'+'..='.' '0'..='9' '=' '@'..='Z' '_' 'a'..='z'"),
            (r"[ -~]+", 1, "' '..='~'"),
            (r"[\u0009\u000A\u000D\u0020-\u00FF]+", 1, r"'\t'..='\n' '\r' ' '..='ÿ'"),
            (r"^[a-z0-9:_.-]+$", 1, "'-'..='.' '0'..=':' '_' 'a'..='z'"),
        ];
        for (pattern, at_least, ranges) in cases {
            assert_eq!(class(pattern), Some((at_least, ranges.to_owned())), "{pattern}");
        }
        for pattern in [r"[\p{L}]+", r"\d{12}", r"[a][b]+", r"v[1-9][0-9]*", r"[^a]*"] {
            assert_eq!(class(pattern), None, "{pattern}");
        }
    }

    #[test]
    fn unicode_escapes_have_four_digits() {
        let (_, ranges) = class(r"[\u10000-\u10FFFF]+").unwrap();
        assert_eq!(ranges, "'0'..='\u{10ff}'");
    }

    #[test]
    fn java_escapes_become_ours() {
        assert_eq!(translate(r"(\u002F)|[\w\-]\d\.").unwrap(), r"(\x{2F})|[0-9A-Za-z_\-][0-9]\.");
    }
}
