use std::io::Write as _;

use flate2::Compression;
use flate2::write::DeflateEncoder;

use crate::json::{self, Node, Value};

/// About how many bytes AWS packs a session's policy document into; `None` where it is no JSON.
///
/// How AWS does it is not published, and the results are known of a few documents only (STS API
/// Reference, `GetFederationToken`; answers of AWS's that others have recorded). Those of short ones
/// come out right with one byte for each word of the language, and for each text of the author's its
/// own and one; those of long ones, in which much is said twice, when they are deflated.
#[must_use]
pub fn packed_len(document: &str) -> Option<usize> {
    let words = len(&json::parse(document).ok()?, 0);
    let plain = without_whitespace(document);
    // Of longer ones AWS packs none, so that nothing need be deflated that has no end.
    Some(if plain.len() > LONGEST { words } else { words.min(deflated_len(&plain)) })
}

/// `depth`: how many objects it is inside of.
fn len(node: &Node<'_>, depth: usize) -> usize {
    match &node.value {
        Value::String(text) if EFFECTS.contains(&&**text) => 0,
        Value::String(text) => text.len() + 1,
        Value::Null | Value::Bool(_) | Value::Number(_) => 1,
        Value::Array(nodes) => nodes.iter().map(|node| len(node, depth)).sum(),
        Value::Object(members) => members
            .iter()
            .map(|member| {
                let key = if depth < CONDITION_KEYS { 1 } else { member.key.len() + 1 };
                key + len(&member.value, depth + 1)
            })
            .sum(),
    }
}

/// Nothing that it writes to can fail.
fn deflated_len(text: &[u8]) -> usize {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    let deflated = encoder.write_all(text).and_then(|()| encoder.finish());
    deflated.map_or(usize::MAX, |deflated| deflated.len())
}

/// JSON as short as it can be said.
fn without_whitespace(json: &str) -> Vec<u8> {
    let (mut in_text, mut escaped) = (false, false);
    let stays = |byte: &u8| {
        in_text ^= *byte == b'"' && !escaped;
        escaped = in_text && *byte == b'\\' && !escaped;
        in_text || !byte.is_ascii_whitespace()
    };
    json.bytes().filter(stays).collect()
}

/// How long a session's policy may be in plain text, in characters (IAM User Guide, "IAM and AWS STS
/// quotas").
const LONGEST: usize = 2_048;

/// They are one with their element.
const EFFECTS: [&str; 2] = ["Allow", "Deny"];

/// Inside of document, statement and operator, keys are the author's.
const CONDITION_KEYS: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_language_take_little() {
        let cases = [
            (
                r#"{"Version": "2012-10-17", "Statement": [{"Sid": "Stmt1", "Effect": "Allow",
                    "Action": "s3:*", "Resource": "*"}]}"#,
                30,
            ),
            (
                r#"{"Version": "2012-10-17", "Statement": [{"Sid": "RestrictedAccess", "Effect": "Allow",
                    "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::example-bucket/*"]}]}"#,
                77,
            ),
            (r#"{"Statement": {"Condition": {"StringEquals": {"aws:a": ["b", "cd"]}}}}"#, 14),
            (r#"{"Statement": []}"#, 1),
        ];
        for (document, expected) in cases {
            assert_eq!(packed_len(document), Some(expected), "{document}");
        }
        assert_eq!(packed_len("{"), None);
    }

    /// AWS packed such a policy, and three tags of about 110 letters, which take a quarter of the room, into 82 % of it.
    #[test]
    fn what_is_said_again_and_again_takes_less() {
        let actions = |names: &str| {
            let names: Vec<_> = names.split(' ').map(|name| format!("\"ec2:{name}\"")).collect();
            names.join(", ")
        };
        let reads = actions(
            "DescribeInstances DescribeImages DescribeSecurityGroups DescribeVpcs DescribeSubnets",
        );
        let creates = actions("RunInstances CreateSecurityGroup CreateKeyPair CreateTags");
        let changes = actions(
            "TerminateInstances StopInstances StartInstances AuthorizeSecurityGroupIngress \
             RevokeSecurityGroupEgress DeleteSecurityGroup DeleteKeyPair GetConsoleOutput \
             GetPasswordData",
        );
        let document = format!(
            r#"{{"Version": "2012-10-17", "Statement": [
                {{"Sid": "G0", "Effect": "Allow", "Action": [{reads}], "Resource": "*"}},
                {{"Sid": "G1", "Effect": "Allow", "Action": [{creates}], "Resource": "*"}},
                {{"Sid": "G2", "Effect": "Allow", "Action": [{changes}], "Resource": "*",
                  "Condition": {{"StringEquals": {{"aws:ResourceTag/connection": "c-0123456789"}}}}}}
            ]}}"#
        );
        let packed = packed_len(&document).unwrap();
        assert!((280..=320).contains(&packed), "{packed}");
        // Not without end.
        let of = |count| {
            let resources = vec![r#""arn:aws:s3:::bucket/*""#; count].join(",");
            packed_len(&format!(r#"{{"Statement":[{{"Resource":[{resources}]}}]}}"#)).unwrap()
        };
        assert!(of(80) < 128, "{}", of(80));
        assert!(of(100) > 2_000, "{}", of(100));
    }

    #[test]
    fn whitespace_counts_in_texts_only() {
        let json = "{ \"a b\" :\n[ \"c\\\" d\", \"\\\\\" , 1 ] }";
        assert_eq!(without_whitespace(json), br#"{"a b":["c\" d","\\",1]}"#);
    }
}
