//! The people, the values and the policies that cases speak of.

mod answer;
mod caller;
mod decision;

pub(crate) use answer::{Answer, Outcome, PolicyType, answer, asking, decided};
pub(crate) use caller::Caller;
use daypass_policy::{ContextMap, ContextValue};
pub(crate) use decision::{Decision, Documents};
use serde_json::Value;

/// The condition keys of a case: JSON's own types, `{"date": …}` and `{"ip": …}`.
pub(crate) fn context(values: &Value) -> ContextMap {
    let mut context = ContextMap::new();
    for (key, value) in values.as_object().into_iter().flatten() {
        let value: ContextValue<'static> = match value {
            Value::String(text) => text.clone().into(),
            Value::Bool(value) => (*value).into(),
            Value::Number(number) => number.as_i64().unwrap().into(),
            Value::Array(values) => {
                ContextValue::many(values.iter().map(|value| value.as_str().unwrap().to_owned()))
            }
            Value::Object(typed) => match (typed.get("date"), typed.get("ip")) {
                (Some(date), None) => {
                    date.as_str().unwrap().parse::<jiff::Timestamp>().unwrap().into()
                }
                (None, Some(ip)) => {
                    ip.as_str().unwrap().parse::<std::net::IpAddr>().unwrap().into()
                }
                _ => panic!("a value is a date or an ip: {value}"),
            },
            Value::Null => panic!("null is no value of a condition key"),
        };
        context.insert(key, value);
    }
    context
}
