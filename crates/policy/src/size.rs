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
}
