use serde_json::{Value, json};

use super::Random;
use crate::support::Decision;

/// An Allow that lists patterns as actions, as resources or as a condition's values, and a request
/// that is near one of them: to look at matching alone, over so few letters that they often fit in
/// more ways than one.
pub(crate) fn patterns(random: &mut Random) -> Decision {
    let count = if random.once_in(3) { 1 } else { 1 + random.below(12) };
    let patterns: Vec<String> = (0..count).map(|_| random.pattern()).collect();
    let at = random.below(patterns.len());
    let text = random.near(&patterns[at]);
    let named = |before: &str| -> Vec<String> {
        patterns.iter().map(|pattern| format!("{before}{pattern}")).collect()
    };
    let (mut action, mut resource) = ("s3:GetObject".to_owned(), "*".to_owned());
    let mut with = json!({});
    let mut statement = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
    match random.below(4) {
        0 => {
            statement["Action"] = json!(named("s3:"));
            action = format!("s3:{text}");
        }
        1 => {
            statement["Resource"] = json!(named("arn:aws:s3:::"));
            resource = format!("arn:aws:s3:::{text}");
        }
        2 => {
            statement["Condition"] = json!({"ArnLike": {"x:text": named("arn:aws:s3:::")}});
            with = json!({"x:text": format!("arn:aws:s3:::{text}")});
        }
        _ => {
            statement["Condition"] = json!({"StringLike": {"x:text": patterns}});
            with = json!({"x:text": text});
        }
    }
    let document: Value = json!({"Version": "2012-10-17", "Statement": statement});
    serde_json::from_value(json!({
        "caller": "user", "action": action, "resource": resource, "with": with,
        "identity": [document], "expect": "",
    }))
    .unwrap()
}

const LETTERS: [&str; 6] = ["a", "b", "ab", "é", "a", "\u{1F600}"];
const PARTS: [&str; 9] = ["a", "b", "ab", "é", "\u{1F600}", "?", "?", "*", "*"];

/// Long enough that many patterns of a list begin alike.
const BEGINNINGS: [&str; 4] = ["", "", "abababab", "aaaaaaaaaaaaaaaaaa"];

impl Random {
    fn pattern(&mut self) -> String {
        let length = match self.below(8) {
            0 => self.below(120),
            1 => 0,
            _ => self.below(10),
        };
        let beginning = self.among(&BEGINNINGS);
        let parts = if self.once_in(2) { &PARTS[..] } else { &LETTERS };
        let rest: String = (0..length).map(|_| self.among(parts)).collect();
        let end = if self.once_in(4) { "*" } else { "" };
        format!("{beginning}{rest}{end}")
    }

    /// A text that a pattern takes, but for a letter now and then.
    fn near(&mut self, pattern: &str) -> String {
        let mut text = String::new();
        for character in pattern.chars() {
            match character {
                _ if self.once_in(12) => text.push_str(self.among(&LETTERS)),
                '*' => (0..self.below(4)).for_each(|_| text.push_str(self.among(&LETTERS))),
                '?' => text.push(self.among(&LETTERS).chars().next().unwrap()),
                other => text.push(other),
            }
        }
        text
    }
}
