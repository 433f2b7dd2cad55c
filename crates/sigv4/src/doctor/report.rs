//! A diagnosis as text.

use std::fmt;

use super::{Diagnosis, draft::Draft, redact::redacted, seen::Seen};

/// What AWS computes beside what the client computed. Session tokens and the like are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    ours: String,
    theirs: Option<String>,
}

impl Comparison {
    /// What AWS computes.
    pub fn ours(&self) -> &str {
        &self.ours
    }

    /// What the client computed, if that is known.
    pub fn theirs(&self) -> Option<&str> {
        self.theirs.as_deref()
    }

    /// How many bytes both have in common at their beginning, if they differ.
    pub fn first_difference(&self) -> Option<usize> {
        difference(&self.ours, self.theirs.as_deref()?)
    }

    /// Whether both are the same but for their last line.
    fn differs_in_hash(&self) -> bool {
        let theirs = self.theirs.as_deref().unwrap_or_default();
        self.ours.rsplit_once('\n').map(|(start, _)| start)
            == theirs.rsplit_once('\n').map(|(start, _)| start)
    }
}

pub(super) fn compare(
    seen: &Seen<'_>,
    correct: &Draft<'_>,
    theirs: Option<&Draft<'_>>,
) -> (Comparison, Comparison) {
    let texts = |draft: &Draft<'_>| {
        let canonical = draft.canonical_request();
        let plain = draft.query.is_plain();
        let string = draft.string_to_sign(seen.access_key_id, &canonical);
        (redacted(&canonical, plain), redacted(&string, plain))
    };
    let (our_request, our_string) = texts(correct);
    let (their_request, their_string) = theirs.map(texts).unzip();
    (
        Comparison { ours: our_request, theirs: their_request },
        Comparison { ours: our_string, theirs: their_string },
    )
}

/// The whole finding for people, with both texts side by side where they differ.
impl fmt::Display for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.is_right(), self.explained, self.mistakes.is_empty()) {
            (true, _, _) => writeln!(f, "The signature is right.")?,
            (_, true, _) => writeln!(f, "The signature is right but for this:")?,
            (_, false, false) => writeln!(f, "This is wrong:")?,
            (_, false, true) => {}
        }
        for mistake in &self.mistakes {
            writeln!(f, "  * {}: {}", mistake.kind, mistake.advice)?;
        }
        if !self.explained {
            let beside = if self.mistakes.is_empty() {
                "The signature is wrong, and "
            } else {
                "Beside that, "
            };
            writeln!(f, "{beside}{} ({} were tried).", super::NO_FIT, self.tried)?;
        }
        if self.is_right() {
            return Ok(());
        }
        tell("canonical request", "canonical requests", &self.canonical_request, f)?;
        // Another canonical request has another hash, which is no news.
        if self.canonical_request.first_difference().is_none()
            || !self.string_to_sign.differs_in_hash()
        {
            tell("string to sign", "strings to sign", &self.string_to_sign, f)?;
        }
        Ok(())
    }
}

fn tell(one: &str, both: &str, texts: &Comparison, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if let (Some(theirs), Some(at)) = (&texts.theirs, texts.first_difference()) {
        writeln!(f, "\nThe {both} differ from byte {at} on:")?;
        return side_by_side(&texts.ours, theirs, f);
    }
    let whose = if texts.theirs.is_some() { "both sides compute" } else { "AWS computes" };
    writeln!(f, "\nThe {one} that {whose}:")?;
    for line in texts.ours.split('\n') {
        writeln!(f, "{}", format!("    {line}").trim_end())?;
    }
    Ok(())
}

/// Two columns, with the first byte that differs marked below.
fn side_by_side(ours: &str, theirs: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (ours, theirs): (Vec<&str>, Vec<&str>) =
        (ours.split('\n').collect(), theirs.split('\n').collect());
    let longest = ours.iter().map(|line| line.chars().count()).max().unwrap_or_default();
    let width = longest.clamp("AWS computes".len(), WIDEST);
    writeln!(f, "    {:width$}    the client signed", "AWS computes")?;
    let mut marked = false;
    for row in 0..ours.len().max(theirs.len()) {
        let (left, right) = (ours.get(row).copied(), theirs.get(row).copied());
        let at = difference(left.unwrap_or_default(), right.unwrap_or_default());
        let differs = left.is_none() || right.is_none() || at.is_some();
        let start = at.unwrap_or_default().saturating_sub(BEFORE_THE_MARK);
        let [left, right] =
            [left, right].map(|line| window(line.unwrap_or_default(), start, width));
        let sign = if differs { "≠" } else { " " };
        let row = format!("  {sign} {left:width$}    {right}");
        writeln!(f, "{}", row.trim_end())?;
        if differs && !marked {
            marked = true;
            let shown = at.unwrap_or_default();
            let mark = if start > 0 { BEFORE_THE_MARK } else { shown };
            let mark = format!("    {0}^{1:2$}{0}^", " ".repeat(mark), "", width + 3 - mark);
            writeln!(f, "{}", mark.trim_end())?;
        }
    }
    Ok(())
}

/// As much of a line as a column holds, from the character `start` on, with dots where there is more.
fn window(line: &str, start: usize, width: usize) -> String {
    let chars: Vec<char> = line.chars().collect();
    let mut shown: Vec<char> = chars.iter().copied().skip(start).take(width).collect();
    if start > 0
        && let Some(first) = shown.first_mut()
    {
        *first = '…';
    }
    if chars.len() > start + width
        && let Some(last) = shown.last_mut()
    {
        *last = '…';
    }
    shown.into_iter().collect()
}

/// Where two texts begin to differ, in bytes.
fn difference(left: &str, right: &str) -> Option<usize> {
    let common = left.bytes().zip(right.bytes()).take_while(|(left, right)| left == right).count();
    (left.len() != right.len() || common < left.len()).then_some(common)
}

/// Two columns of this width fit on a usual screen.
const WIDEST: usize = 56;
/// How much of a long line is shown before the first difference.
const BEFORE_THE_MARK: usize = 16;
