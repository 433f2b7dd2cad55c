use crate::json::{self, Node, Value};

/// About how many bytes AWS packs a session's policy document into; `None` where it is no JSON.
///
/// How AWS does it is not published, and the results are known of a few documents only (STS API
/// Reference, `GetFederationToken`; answers of AWS's that others have recorded). They come out right
/// with one byte for each word of the language, and for each text of the author's its own and one.
#[must_use]
pub fn packed_len(document: &str) -> Option<usize> {
    json::parse(document).ok().map(|root| len(&root, 0))
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
}
