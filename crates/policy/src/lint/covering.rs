//! Whether patterns match all that another pattern matches.
//!
//! The other pattern is matched as if its wildcards were characters. That is right for `*` in the
//! patterns, which takes any character; but `?` would take a `*` for one, so that patterns with a
//! `?` are left out where there is one.

use std::collections::HashSet;

use daypass_ident::fold_case;

use crate::Version;
use crate::pattern::{ActionPatterns, ArnPatterns, AskedAction, AskedArn};

/// A list of actions.
pub(super) struct CoveringActions {
    /// In lower case.
    texts: HashSet<String>,
    all: ActionPatterns,
    without_question_marks: ActionPatterns,
}

impl CoveringActions {
    pub(super) fn new(texts: &[&str]) -> Self {
        let plain = texts.iter().copied().filter(|text| !text.contains('?'));
        Self {
            texts: texts.iter().map(|text| fold_case(text).into_owned()).collect(),
            all: ActionPatterns::new(texts.iter().copied()),
            without_question_marks: ActionPatterns::new(plain),
        }
    }

    pub(super) fn cover(&self, action: &str) -> bool {
        let patterns = if action.contains('*') { &self.without_question_marks } else { &self.all };
        self.texts.contains(&*fold_case(action)) || patterns.cover(&AskedAction::new(action))
    }
}

/// A list of resources. Those with variables cover themselves only.
pub(super) struct CoveringResources<'a> {
    texts: HashSet<&'a str>,
    all: Option<ArnPatterns>,
    without_question_marks: Option<ArnPatterns>,
}

impl<'a> CoveringResources<'a> {
    pub(super) fn new(texts: &[&'a str]) -> Self {
        let fixed = texts.iter().filter(|text| text.starts_with("arn:") && !text.contains("${"));
        let fixed: Vec<_> = fixed.copied().collect();
        let plain: Vec<_> = fixed.iter().copied().filter(|text| !text.contains('?')).collect();
        Self {
            texts: texts.iter().copied().collect(),
            all: ArnPatterns::resources(&fixed, Version::V2008),
            without_question_marks: ArnPatterns::resources(&plain, Version::V2008),
        }
    }

    pub(super) fn cover(&self, resource: &str) -> bool {
        let patterns =
            if resource.contains('*') { &self.without_question_marks } else { &self.all };
        let matches =
            |patterns: &ArnPatterns| patterns.matches(&AskedArn::new(resource), &()) == Some(true);
        self.texts.contains("*")
            || self.texts.contains(resource)
            || patterns.as_ref().is_some_and(matches)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions() {
        let cases: [(&[&str], &str, bool); 9] = [
            (&["s3:Get*"], "s3:GetObject", true),
            (&["s3:Get*"], "S3:getBucket*", true),
            (&["s3:Get*"], "s3:*", false),
            (&["*"], "s3:*", true),
            (&["s3:?et*"], "s3:GetObject", true),
            (&["s3:?et*"], "s3:*et*", false),
            (&["s3:?et*"], "s3:?et*", true),
            (&["iam:*", "s3:PutObject"], "s3:putobject", true),
            (&[], "s3:*", false),
        ];
        for (patterns, action, expected) in cases {
            assert_eq!(CoveringActions::new(patterns).cover(action), expected, "{action}");
        }
    }

    #[test]
    fn resources() {
        let cases: [(&[&str], &str, bool); 9] = [
            (&["*"], "arn:aws:s3:::b/*", true),
            (&["arn:aws:s3:::b/*"], "*", false),
            (&["arn:aws:s3:::b/*"], "arn:aws:s3:::b/x*", true),
            (&["arn:aws:s3:::?/x"], "arn:aws:s3:::*/x", false),
            (&["arn:aws:s3:::?/x"], "arn:aws:s3:::b/x", true),
            (&["arn:aws:iam::1*:user/x"], "arn:aws:iam::12:user/x", true),
            (&["arn:aws:iam::1*:user/x"], "arn:aws:iam::12:user/x:user/x", false),
            (&["arn:aws:s3:::${aws:username}/*"], "arn:aws:s3:::${aws:username}/*", true),
            (&["arn:aws:s3:::${aws:username}*"], "arn:aws:s3:::${aws:username}/*", false),
        ];
        for (patterns, resource, expected) in cases {
            assert_eq!(CoveringResources::new(patterns).cover(resource), expected, "{resource}");
        }
    }
}
