use crate::PolicyKind;

impl PolicyKind {
    /// How many characters a document of the kind may have at AWS's default quotas, counted as
    /// [`size_of`](Self::size_of) counts (IAM User Guide, "IAM and AWS STS quotas"; AWS
    /// Organizations User Guide, "Quotas and service limits"). `None` where the language sets no
    /// bound: AWS's own policies, those of resources, whose services bound them, and inline policies,
    /// which are bounded together with all of their holder's.
    #[must_use]
    pub const fn max_size(self) -> Option<usize> {
        match self {
            Self::Identity => Some(MANAGED_POLICY_SIZE),
            Self::Trust => Some(TRUST_POLICY_SIZE),
            Self::Session => Some(SESSION_POLICY_SIZE),
            Self::ServiceControl => Some(SERVICE_CONTROL_POLICY_SIZE),
            Self::ResourceControl => Some(RESOURCE_CONTROL_POLICY_SIZE),
            Self::Inline | Self::Managed | Self::Resource => None,
        }
    }

    /// The size of a document as the kind's quota counts it: IAM and STS leave white space out, AWS
    /// Organizations counts every character.
    #[must_use]
    pub fn size_of(self, text: &str) -> usize {
        match self {
            Self::ServiceControl | Self::ResourceControl => text.chars().count(),
            _ => non_whitespace_len(text),
        }
    }
}

/// Characters of a customer managed policy, white space not counted.
pub const MANAGED_POLICY_SIZE: usize = 6144;
/// Characters of a trust policy, white space not counted.
pub const TRUST_POLICY_SIZE: usize = 2048;
/// Characters of a session's inline policy, white space not counted.
pub const SESSION_POLICY_SIZE: usize = 2048;
/// Characters of a service control policy, white space counted; 5120 until May 2026.
pub const SERVICE_CONTROL_POLICY_SIZE: usize = 10_240;
/// Characters of a resource control policy, white space counted.
pub const RESOURCE_CONTROL_POLICY_SIZE: usize = 5120;

/// The number of characters of a document that count towards AWS's size quotas: all but the
/// whitespace outside strings (IAM User Guide, "IAM and AWS STS quotas").
#[must_use]
pub fn non_whitespace_len(text: &str) -> usize {
    let mut inside = false;
    let mut escaped = false;
    let mut count = 0;
    for character in text.chars() {
        if inside || !matches!(character, ' ' | '\t' | '\n' | '\r') {
            count += 1;
        }
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = inside,
            '"' => inside = !inside,
            _ => {}
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whitespace_counts_only_inside_strings() {
        let cases = [
            ("", 0),
            ("{ \"a\" :\r\n\t[ 1 ] }", 9),
            ("{\"a b\": \"c  d\"}", 14),
            (r#"{"a\" b": 1}"#, 11),
            (r#"{"a\\": "b c"}"#, 13),
            ("\"é\"", 3),
        ];
        for (text, expected) in cases {
            assert_eq!(non_whitespace_len(text), expected, "{text}");
        }
    }

    #[test]
    fn organisations_count_white_space() {
        let text = "{ \"a\": 1 }";
        assert_eq!(PolicyKind::Identity.size_of(text), 7);
        assert_eq!(PolicyKind::ServiceControl.size_of(text), 10);
        assert_eq!(PolicyKind::ServiceControl.max_size(), Some(10_240));
        assert_eq!(PolicyKind::ResourceControl.max_size(), Some(5120));
        assert_eq!(PolicyKind::Resource.max_size(), None);
    }
}
