use serde_json::{Map, Value, json};

use super::Random;
use super::vocabulary::{ACTIONS, ARNS, RESOURCES};
use crate::support::Decision;

/// Puts another request to the policies of a case: what is asked for, and its condition keys.
pub(crate) fn ask(random: &mut Random, case: &mut Decision) {
    let assumes = case.trust.is_some() && !random.once_in(4);
    let action = if assumes { "sts:AssumeRole" } else { random.among(&ACTIONS) };
    case.action = random.case(action);
    case.resource = if assumes { RESOURCES[1] } else { random.among(&RESOURCES) }.to_owned();
    case.with = keys(random);
}

/// The condition keys, each of its own type, some of them absent.
fn keys(random: &mut Random) -> Value {
    let mut keys = Map::new();
    for (key, values) in choices() {
        if !random.once_in(3) {
            let at = random.below(values.len());
            keys.insert(key.to_owned(), values[at].clone());
        }
    }
    Value::Object(keys)
}

/// What each key may be. A few are of a type that the key does not have on AWS, so that every
/// operator meets every type.
fn choices() -> [(&'static str, Vec<Value>); 18] {
    let texts = |texts: &[&str]| texts.iter().map(|text| json!(text)).collect::<Vec<_>>();
    [
        ("aws:username", texts(&["bob", "Bob", "bobob", "bobbob", "al"])),
        ("aws:PrincipalTag/team", texts(&["red", "Red", "r*d", "", "re/d", "bob", "réd", "a:b"])),
        ("aws:RequestTag/env", texts(&["red", "bob", "b?b", "$"])),
        ("aws:TagKeys", vec![json!([]), json!(["red"]), json!(["red", "bob"]), json!(["", "bob"])]),
        ("aws:CalledVia", vec![json!(["bob"]), json!(["red", "bobob"])]),
        ("idp.example.com:amr", vec![json!([]), json!(["BOB"]), json!(["", "red"])]),
        ("sts:RequestContextProviders", vec![json!([ARNS[0]]), json!([ARNS[3], ARNS[4]])]),
        ("aws:MultiFactorAuthAge", vec![json!(0), json!(10), json!(1_700_000_000)]),
        ("s3:max-keys", texts(&["10", "10.0", "9.5", "+10", "ten", ""])),
        ("aws:SecureTransport", vec![json!(true), json!(false), json!("TRUE"), json!("yes")]),
        (
            "aws:CurrentTime",
            vec![
                json!({"date": "2023-11-14T22:13:20Z"}),
                json!({"date": "1970-01-01T00:00:10Z"}),
                json!("2023-11-14T22:13:20Z"),
                json!("1700000000"),
            ],
        ),
        ("aws:TokenIssueTime", vec![json!({"date": "2023-11-14T22:13:21Z"}), json!("soon")]),
        (
            "aws:SourceIp",
            vec![
                json!({"ip": "203.0.113.9"}),
                json!({"ip": "2001:db8::9"}),
                json!("203.0.113.128"),
                json!("203.0.113"),
            ],
        ),
        ("aws:PrincipalArn", texts(&ARNS)),
        ("aws:SourceArn", texts(&[ARNS[3], "arn:aws:iam::111111111111", "bob"])),
        ("x:account", texts(&["111111111111", "1*", "iam", "a:b"])),
        ("x:bytes", texts(&["bob", "red", ""])),
        (
            "x:many",
            vec![
                json!(["10", "9.5", "ten"]),
                json!(["203.0.113.9", "2001:db8::9"]),
                json!([ARNS[0], "bob"]),
                json!(["true", "false"]),
                json!(["2023-11-14T22:13:20Z"]),
            ],
        ),
    ]
}
