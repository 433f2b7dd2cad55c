//! The names that random cases are about.

use super::Random;

pub(super) const ACTIONS: [&str; 6] = [
    "sts:AssumeRole",
    "sts:TagSession",
    "iam:GetUser",
    "iam:CreateUser",
    "s3:GetObject",
    "iam:ListUsers",
];

pub(super) const RESOURCES: [&str; 6] = [
    "*",
    "arn:aws:iam::111111111111:role/target",
    "arn:aws:iam::111111111111:user/team/bob",
    "arn:aws:iam::222222222222:user/team/bob",
    "arn:aws:s3:::bucket/home/bob/a:b",
    "arn:aws:sns:eu-west-1:111111111111:topic:x*y",
];

pub(super) const ARNS: [&str; 5] = [
    "arn:aws:iam::111111111111:user/team/bob",
    "arn:aws:iam::111111111111:role/svc/deploy",
    "arn:aws:sts::111111111111:assumed-role/deploy/s1",
    "arn:aws:sns:eu-west-1:111111111111:topic:x*y",
    "arn:aws:iam::111111111111:root",
];

/// Principals as policies name them: the kind, and the value.
pub(super) const PRINCIPALS: [(&str, &str); 22] = [
    ("AWS", "*"),
    ("AWS", "*"),
    ("AWS", "111111111111"),
    ("AWS", "arn:aws:iam::111111111111:root"),
    ("AWS", "222222222222"),
    ("AWS", "arn:aws:iam::222222222222:root"),
    ("AWS", "arn:aws:iam::111111111111:user/team/bob"),
    ("AWS", "arn:aws:iam::111111111111:user/bob"),
    ("AWS", "AIDA00000000000000BOB"),
    ("AWS", "arn:aws:iam::222222222222:user/team/bob"),
    ("AWS", "arn:aws:iam::111111111111:role/svc/deploy"),
    ("AWS", "arn:aws:iam::111111111111:role/deploy"),
    ("AWS", "AROA0000000000DEPLOY0"),
    ("AWS", "arn:aws:sts::111111111111:assumed-role/deploy/s1"),
    ("AWS", "arn:aws:sts::111111111111:assumed-role/Deploy/s1"),
    ("AWS", "arn:aws:sts::111111111111:assumed-role/deploy/S1"),
    ("AWS", "arn:aws:iam::222222222222:role/svc/deploy"),
    ("AWS", "arn:aws:sts::222222222222:assumed-role/deploy/s1"),
    ("AWS", "arn:aws:sts::111111111111:federated-user/fed"),
    ("Service", "lambda.amazonaws.com"),
    ("Service", "ec2.amazonaws.com"),
    ("Federated", "arn:aws:iam::111111111111:oidc-provider/idp.example.com"),
];

/// Policy variables, and what is only like them.
const VARIABLES: [&str; 14] = [
    "${aws:username}",
    "${AWS:UserName}",
    "${aws:PrincipalTag/team}",
    "${aws:PrincipalTag/TEAM}",
    "${aws:PrincipalTag/team, 'red'}",
    "${aws:PrincipalTag/none, 'bob'}",
    "${aws:PrincipalTag/none, ''}",
    "${aws:PrincipalTag/none,'bob'}",
    "${aws:TagKeys}",
    "${s3:max-keys}",
    "${*}",
    "${?}",
    "${$}",
    "${aws:username",
];

impl Random {
    /// A text with some of it behind wildcards; half of the time none.
    pub(super) fn wild(&mut self, text: &str) -> String {
        let characters: Vec<char> = text.chars().collect();
        let piece = |random: &mut Self, from: usize| {
            let to = from + random.below(characters.len() + 1 - from);
            (characters[from..to].iter().collect::<String>(), to)
        };
        let (before, at) = piece(self, 0);
        // What follows a `*` may begin earlier than what stands before it ends.
        let from = if self.once_in(4) { self.below(at + 1) } else { at };
        let from = from + self.below(characters.len() + 1 - from);
        let rest = characters[from..].iter().collect::<String>();
        match self.below(10) {
            0 => format!("{before}*"),
            1 => format!("{before}*{rest}"),
            2 => format!("*{rest}"),
            3 => {
                let (middle, _) = piece(self, from);
                let end: String = characters[self.below(characters.len() + 1)..].iter().collect();
                format!("{before}*{middle}*{end}")
            }
            4 => characters.iter().map(|one| if self.once_in(3) { '?' } else { *one }).collect(),
            _ => text.to_owned(),
        }
    }

    /// A text with a variable or an escape in place of one of its pieces.
    pub(super) fn variable(&mut self, text: &str) -> String {
        let variable = self.among(&VARIABLES);
        let replaced = match self.below(4) {
            0 => text.replacen("bob", variable, 1),
            1 => text.replacen("red", variable, 1),
            2 => text.replacen(['*', '?'], variable, 1),
            _ => text.to_owned(),
        };
        if self.once_in(6) { format!("{replaced}{variable}") } else { replaced }
    }

    /// A text in another case.
    pub(crate) fn case(&mut self, text: &str) -> String {
        match self.below(10) {
            0 => text.to_uppercase(),
            1 => text.to_lowercase(),
            // What stands before the colon is of ASCII in a valid document.
            2 => match text.split_once(':') {
                Some((service, name)) => format!("{service}:{}", other_letters(name)),
                None => text.to_owned(),
            },
            _ => text.to_owned(),
        }
    }
}

/// The same name to whom case means nothing.
fn other_letters(name: &str) -> String {
    name.replace('k', "\u{212a}").replace('s', "\u{17f}").replace('i', "\u{131}")
}
