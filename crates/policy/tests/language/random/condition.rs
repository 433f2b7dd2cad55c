use serde_json::{Map, Value, json};

use super::Random;
use super::vocabulary::ARNS;

/// Every operator, with keys and values of its own type.
pub(crate) const OPERATORS: [(&str, &[&str], &[&str]); 27] = [
    ("StringEquals", &TEXT_KEYS, &TEXTS),
    ("StringNotEquals", &TEXT_KEYS, &TEXTS),
    ("StringEqualsIgnoreCase", &TEXT_KEYS, &TEXTS),
    ("StringNotEqualsIgnoreCase", &TEXT_KEYS, &TEXTS),
    ("StringLike", &TEXT_KEYS, &TEXTS),
    ("StringNotLike", &TEXT_KEYS, &TEXTS),
    ("NumericEquals", &NUMBER_KEYS, &NUMBERS),
    ("NumericNotEquals", &NUMBER_KEYS, &NUMBERS),
    ("NumericLessThan", &NUMBER_KEYS, &NUMBERS),
    ("NumericLessThanEquals", &NUMBER_KEYS, &NUMBERS),
    ("NumericGreaterThan", &NUMBER_KEYS, &NUMBERS),
    ("NumericGreaterThanEquals", &NUMBER_KEYS, &NUMBERS),
    ("DateEquals", &DATE_KEYS, &DATES),
    ("DateNotEquals", &DATE_KEYS, &DATES),
    ("DateLessThan", &DATE_KEYS, &DATES),
    ("DateLessThanEquals", &DATE_KEYS, &DATES),
    ("DateGreaterThan", &DATE_KEYS, &DATES),
    ("DateGreaterThanEquals", &DATE_KEYS, &DATES),
    ("Bool", &["aws:SecureTransport", "x:many"], &["true", "false", "TRUE", "yes", ""]),
    ("BinaryEquals", &["x:bytes", "aws:TagKeys"], &["Ym9i", "cmVk", "Ym9i=", "", "bob"]),
    ("IpAddress", &ADDRESS_KEYS, &ADDRESSES),
    ("NotIpAddress", &ADDRESS_KEYS, &ADDRESSES),
    ("ArnEquals", &ARN_KEYS, &ARNS),
    ("ArnLike", &ARN_KEYS, &ARNS),
    ("ArnNotEquals", &ARN_KEYS, &ARNS),
    ("ArnNotLike", &ARN_KEYS, &ARNS),
    ("Null", &["aws:username", "aws:TagKeys", "x:none"], &["true", "false", "True", "yes"]),
];

const TEXT_KEYS: [&str; 8] = [
    "aws:username",
    "aws:PrincipalTag/team",
    "aws:RequestTag/env",
    "aws:TagKeys",
    "aws:CalledVia",
    "idp.example.com:amr",
    "x:many",
    "aws:SourceIp",
];
const TEXTS: [&str; 10] =
    ["bob", "BOB", "bobob", "red", "réd", "r*d", "b?b", "", "203.0.113.9", "*"];
const NUMBER_KEYS: [&str; 4] =
    ["aws:MultiFactorAuthAge", "s3:max-keys", "aws:CurrentTime", "x:many"];
const NUMBERS: [&str; 9] = ["10", "10.0", "9.5", "-5", "1700000000", "0", "ten", "", "010"];
const DATE_KEYS: [&str; 4] =
    ["aws:CurrentTime", "aws:TokenIssueTime", "x:many", "aws:MultiFactorAuthAge"];
const DATES: [&str; 10] = [
    "2023-11-14T22:13:20Z",
    "2023-11-15T00:13:20+02:00",
    "2023-11-14T17:13:21.000-05:00",
    "2023-11-14T22:13Z",
    "2023-11-14",
    "2023-11",
    "1700000000",
    "1700000001",
    "10",
    "0",
];
const ADDRESS_KEYS: [&str; 2] = ["aws:SourceIp", "x:many"];
const ADDRESSES: [&str; 10] = [
    "203.0.113.0/24",
    "203.0.113.9/25",
    "203.0.113.9",
    "0.0.0.0/0",
    "::/0",
    "2001:DB8::/32",
    "2001:db8:0::9",
    "2001:db8::9/127",
    "203.0.113.9/33",
    "everywhere",
];
const ARN_KEYS: [&str; 4] =
    ["aws:PrincipalArn", "aws:SourceArn", "sts:RequestContextProviders", "x:many"];

impl Random {
    /// A condition block of an operator or two.
    pub(super) fn condition(&mut self) -> Value {
        let mut block = Map::new();
        for (operator, keys) in self.list(4, Self::operator) {
            block.insert(operator, keys);
        }
        Value::Object(block)
    }

    /// An operator and its keys.
    fn operator(&mut self) -> (String, Value) {
        let at = self.below(OPERATORS.len());
        let set = self.among(&["", "", "", "ForAllValues:", "ForAnyValue:"]);
        let if_exists = OPERATORS[at].0 != "Null" && self.once_in(4);
        let name = format!("{set}{}{}", OPERATORS[at].0, if if_exists { "IfExists" } else { "" });
        (name, self.keys_of(at))
    }

    /// Keys and values for one of the operators.
    pub(crate) fn keys_of(&mut self, at: usize) -> Value {
        let (base, own_keys, values) = OPERATORS[at];
        // Now and then a key of another operator, and so of another type.
        let other = self.below(OPERATORS.len());
        let names = if self.once_in(10) { OPERATORS[other].1 } else { own_keys };
        let mut keys = Map::new();
        for _ in 0..if self.once_in(6) { 2 } else { 1 } {
            let key = self.among(names);
            let values = self.values(base, values);
            keys.insert(self.case(key), values);
        }
        Value::Object(keys)
    }

    fn values(&mut self, base: &str, values: &[&str]) -> Value {
        // Dates that cannot be read are refused when a policy is saved.
        let mut value = |random: &mut Self| {
            let value = random.among(values);
            match base {
                _ if base.starts_with("Date") => value.to_owned(),
                // Variables in the fields of an ARN, before the fifth colon too.
                _ if base.starts_with("Arn") && random.once_in(6) => {
                    let fields: Vec<&str> = value.splitn(6, ':').collect();
                    let field = |random: &mut Self, field: &str| match random.below(4) {
                        0 => "*".to_owned(),
                        1 => "${x:account}".to_owned(),
                        _ => field.to_owned(),
                    };
                    let [service, account] = [2, 4].map(|at| field(random, fields[at]));
                    format!("arn:aws:{service}:{}:{account}:{}", fields[3], fields[5])
                }
                _ if base.starts_with("String") || base.starts_with("Arn") => {
                    let literal = base.contains("Equals") && base.starts_with("String");
                    let plain = literal && !random.once_in(6);
                    let wild = if plain { value.to_owned() } else { random.wild(value) };
                    if random.once_in(4) { random.variable(&wild) } else { wild }
                }
                _ if random.once_in(12) => random.variable(value),
                _ => value.to_owned(),
            }
        };
        if self.once_in(25) {
            return json!([]);
        }
        let values = self.list(3, &mut value);
        match values.as_slice() {
            [value] if self.once_in(2) => self.unquoted(value),
            _ => json!(values),
        }
    }

    /// A number or a boolean may stand in a policy without quotes.
    fn unquoted(&mut self, value: &str) -> Value {
        match serde_json::from_str(value) {
            Ok(Value::Number(number)) if self.once_in(2) => json!(number),
            Ok(Value::Bool(boolean)) if self.once_in(2) => json!(boolean),
            _ => json!(value),
        }
    }
}
