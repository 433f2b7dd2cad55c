//! Whether two patterns have a text in common.

/// A pattern in elements.
pub(super) struct Shape(Vec<Element>);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Element {
    Byte(u8),
    /// Exactly one character.
    One,
    /// Any run of characters.
    Many,
    /// Any run without a slash.
    Segment,
}

impl Shape {
    /// A field of a policy's pattern: `*`, `?`, and variables, which can be anything.
    pub(super) fn of_policy(text: &str) -> Self {
        Self::read(text, |_| Element::Many)
    }

    /// A field of a pattern of AWS's documentation. Its variable parts are paths as often as not;
    /// the names of buckets never are.
    pub(super) fn of_documentation(text: &str) -> Self {
        Self::read(text, |name| if name == "BucketName" { Element::Segment } else { Element::Many })
    }

    fn read(text: &str, variable: fn(&str) -> Element) -> Self {
        let mut elements = Vec::with_capacity(text.len());
        let mut rest = text;
        while let Some(byte) = rest.bytes().next() {
            if let Some((name, after)) =
                rest.strip_prefix("${").and_then(|inside| inside.split_once('}'))
            {
                elements.push(variable(name));
                rest = after;
                continue;
            }
            elements.push(match byte {
                b'*' => Element::Many,
                b'?' => Element::One,
                _ => Element::Byte(byte),
            });
            // Bytes beyond ASCII come one by one too: what is left is only compared as bytes.
            let Some((at, _)) = rest.char_indices().nth(1) else { break };
            let (character, after) = rest.split_at_checked(at).unwrap_or_default();
            elements.extend(character.bytes().skip(1).map(Element::Byte));
            rest = after;
        }
        Self(elements)
    }

    /// Whether some text matches both. Takes the product of the lengths in time, and the other's
    /// length in memory.
    pub(super) fn meets(&self, other: &Self) -> bool {
        let mut reached = vec![false; other.0.len() + 1];
        if let Some(first) = reached.first_mut() {
            *first = true;
        }
        skip_runs(&mut reached, &other.0);
        for element in &self.0 {
            reached = step(*element, &reached, &other.0);
        }
        reached.last().copied().unwrap_or_default()
    }
}

/// The places in `other` that are reached after one more element of the first pattern.
fn step(element: Element, before: &[bool], other: &[Element]) -> Vec<bool> {
    // A run may be empty.
    let mut after = if element.is_run() { before.to_vec() } else { vec![false; before.len()] };
    for (at, theirs) in other.iter().enumerate() {
        // Within a run of the first pattern, any number of theirs can be passed.
        let from_here = if element.is_run() {
            after.get(at).copied().unwrap_or_default()
        } else {
            before.get(at).copied().unwrap_or_default()
        };
        if from_here && element.shares_character(*theirs) {
            // Their run goes on, or is left by `skip_runs`.
            let target = if theirs.is_run() { at } else { at + 1 };
            if let Some(place) = after.get_mut(target) {
                *place = true;
            }
        }
        if theirs.is_run()
            && after.get(at) == Some(&true)
            && let Some(place) = after.get_mut(at + 1)
        {
            *place = true;
        }
    }
    after
}

/// Runs at the beginning may be empty.
fn skip_runs(reached: &mut [bool], elements: &[Element]) {
    for (at, element) in elements.iter().enumerate() {
        if element.is_run()
            && reached.get(at) == Some(&true)
            && let Some(place) = reached.get_mut(at + 1)
        {
            *place = true;
        }
    }
}

impl Element {
    fn is_run(self) -> bool {
        matches!(self, Self::Many | Self::Segment)
    }

    /// Whether one character can be of both.
    fn shares_character(self, other: Self) -> bool {
        match (self, other) {
            (Self::Byte(a), Self::Byte(b)) => a == b,
            (Self::Byte(b'/'), Self::Segment) | (Self::Segment, Self::Byte(b'/')) => false,
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::pattern::Glob;

    #[test]
    fn texts_in_common() {
        let cases = [
            ("user/*", "user/${UserNameWithPath}", true),
            ("user/", "user/${UserNameWithPath}", true),
            ("role/*", "user/${UserNameWithPath}", false),
            ("*", "user/${UserNameWithPath}", true),
            ("u*/b", "user/${UserNameWithPath}", true),
            ("us?r/b", "user/${UserNameWithPath}", true),
            ("use/b", "user/${UserNameWithPath}", false),
            ("${aws:username}/b", "user/${Name}", true),
            ("bucket/*", "${BucketName}", false),
            ("bucket*", "${BucketName}", true),
            ("bucket/*", "${BucketName}/${ObjectName}", true),
            ("bucket", "${BucketName}/${ObjectName}", false),
            ("buck*", "${BucketName}/${ObjectName}", true),
            ("", "", true),
            ("", "x", false),
            ("x", "", false),
            ("é", "${Name}", true),
            ("${unterminated", "${Name}", true),
        ];
        for (policy, documentation, expected) in cases {
            let (a, b) = (Shape::of_policy(policy), Shape::of_documentation(documentation));
            assert_eq!(a.meets(&b), expected, "{policy} {documentation}");
            assert_eq!(b.meets(&a), expected, "{documentation} {policy}");
        }
    }

    proptest! {
        #[test]
        fn a_text_meets_what_it_matches(pattern in "[ab*?]{0,8}", text in "[ab]{0,8}") {
            let (a, b) = (Shape::of_policy(&pattern), Shape::of_policy(&text));
            prop_assert_eq!(a.meets(&b), Glob::new(&pattern).matches(&text));
            prop_assert_eq!(b.meets(&a), a.meets(&b));
        }

        #[test]
        fn patterns_that_match_one_text_meet(
            a in "[ab*?]{0,6}", b in "[ab*?]{0,6}", text in "[ab]{0,6}",
        ) {
            if Glob::new(&a).matches(&text) && Glob::new(&b).matches(&text) {
                prop_assert!(Shape::of_policy(&a).meets(&Shape::of_policy(&b)));
            }
        }

        #[test]
        fn never_panics(a in any::<String>(), b in any::<String>()) {
            let _ = Shape::of_policy(&a).meets(&Shape::of_documentation(&b));
        }
    }
}
