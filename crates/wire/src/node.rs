use std::fmt;

use crate::params::Pair;

/// A place in the tree of parameters: `Tags.member.1` is reached by three steps from the root.
///
/// A node borrows the run of ordered parameters that lie below it, so a step costs a binary search
/// or three and no allocation, and whoever walks decides how deep to go.
#[derive(Clone, Copy)]
pub struct Node<'p> {
    value: Option<&'p str>,
    below: &'p [Pair<'p>],
    /// How many bytes of each name below are already spent, with their final dot.
    spent: usize,
}

impl<'p> Node<'p> {
    pub(crate) fn root(pairs: &'p [Pair<'p>]) -> Self {
        Self { value: None, below: pairs, spent: 0 }
    }

    /// The value given at this very place.
    pub fn value(self) -> Option<&'p str> {
        self.value
    }

    /// Whether the request says anything here or below.
    pub fn is_present(self) -> bool {
        self.value.is_some() || !self.below.is_empty()
    }

    /// The place one step below.
    pub fn child(self, step: &str) -> Self {
        let spent = self.spent + step.len() + 1;
        let start = self.below.partition_point(|pair| self.rest(pair) < step.as_bytes());
        // All names that begin with the step follow each other from here, if there are any.
        let below = self.below.get(start..).unwrap_or_default();
        let begins = |pair: &&Pair<'_>| self.rest(pair).starts_with(step.as_bytes());
        let Some(first) = below.first().filter(begins) else {
            return Self { value: None, below: &[], spent };
        };
        let value = (self.rest(first).len() == step.len()).then_some(&*first.value);
        // Of the names that are longer, those that go on with a dot.
        let next = |pair: &Pair<'_>| self.rest(pair).get(step.len()).copied();
        let start = below.partition_point(|pair| begins(&pair) && next(pair) < Some(b'.'));
        let below = below.get(start..).unwrap_or_default();
        let end = below.partition_point(|pair| begins(&pair) && next(pair) == Some(b'.'));
        Self { value, below: below.get(..end).unwrap_or_default(), spent }
    }

    /// The elements of a list in order of their numbers, which start at 1; gaps are closed.
    ///
    /// `step` is the word between the list's name and the number, `member` in these services; a
    /// flattened list has none.
    pub fn elements(self, step: Option<&str>) -> Vec<Node<'p>> {
        let list = step.map_or(self, |step| self.child(step));
        let mut steps: Vec<(u32, &str)> = list.steps().filter_map(list_number).collect();
        steps.sort_unstable();
        steps.dedup();
        steps.into_iter().map(|(_, step)| list.child(step)).collect()
    }

    /// The next step of each parameter below.
    fn steps(self) -> impl Iterator<Item = &'p str> {
        self.below.iter().filter_map(move |pair| pair.name.get(self.spent..)?.split('.').next())
    }

    /// What remains of a name below this place.
    fn rest<'n>(&self, pair: &'n Pair<'_>) -> &'n [u8] {
        pair.name.as_bytes().get(self.spent..).unwrap_or_default()
    }
}

/// Shows names only: values can be passwords.
impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Node").field("below", &self.below).finish_non_exhaustive()
    }
}

/// A list number as clients write it: decimal, from 1, without leading zeros.
fn list_number(step: &str) -> Option<(u32, &str)> {
    let canonical = step.starts_with(|first: char| matches!(first, '1'..='9'));
    Some((step.parse().ok().filter(|_| canonical)?, step))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::Params;

    fn values(form: &str, path: &[&str], step: Option<&str>) -> Vec<String> {
        let params = Params::from_form(form.as_bytes()).unwrap();
        let node = path.iter().fold(params.root(), |node, step| node.child(step));
        let elements = node.elements(step).into_iter();
        elements.map(|node| node.value().unwrap_or("-").to_owned()).collect()
    }

    #[test]
    fn lists_come_in_the_order_of_their_numbers() {
        let cases: [(&str, &[&str]); 6] = [
            ("L.member.2=b&L.member.10=c&L.member.1=a", &["a", "b", "c"]),
            ("L.member.3=c&L.member.1=a", &["a", "c"]),
            ("L.member.0=z&L.member.01=z&L.member.+1=z&L.member.x=z&L.member.1=a", &["a"]),
            ("L.member.1=first&L.member.1=second", &["first"]),
            ("L=&Lx.member.1=a&L-.member.1=a&L.members.1=a", &[]),
            ("L.member.1.Key=k", &["-"]),
        ];
        for (form, expected) in cases {
            assert_eq!(values(form, &["L"], Some("member")), expected, "{form}");
        }
        assert_eq!(values("A.L.1=a&A.L.2=b", &["A", "L"], None), ["a", "b"]);
    }

    #[test]
    fn a_step_sees_only_what_lies_below_it() {
        let params = Params::from_form(b"A=1&A.B=2&A-B=3&AB=4&A.B.C=5&A/B=6").unwrap();
        let a = params.root().child("A");
        assert_eq!(a.value(), Some("1"));
        assert_eq!(a.child("B").value(), Some("2"));
        assert_eq!(a.child("B").child("C").value(), Some("5"));
        assert!(!a.child("C").is_present());
        assert!(!a.child("B").child("C").child("D").is_present());
        assert!(params.root().child("A.B").is_present());
    }

    proptest! {
        #[test]
        fn a_step_finds_what_a_scan_finds(
            names in proptest::collection::vec("[A.-]{1,4}", 0..12),
            first in "[A-]{1,2}",
            second in "[A-]{1,2}",
        ) {
            let form: Vec<String> =
                names.iter().enumerate().map(|(value, name)| format!("{name}={value}")).collect();
            let form = form.join("&");
            let params = Params::from_form(form.as_bytes()).unwrap();
            let path = format!("{first}.{second}");
            let scanned = names.iter().position(|name| *name == path).map(|value| value.to_string());
            let below = names.iter().any(|name| name.starts_with(&format!("{path}.")));
            let node = params.root().child(&first).child(&second);
            prop_assert_eq!(node.value(), scanned.as_deref());
            prop_assert_eq!(node.is_present(), scanned.is_some() || below);
        }
    }
}
