//! Makes a case that shows something as small as it can be and still show it.

use serde_json::Value;

/// The smallest that is found by taking away, again and again, whatever can be taken away.
pub(crate) fn shrink(mut value: Value, shows: impl Fn(&Value) -> bool) -> Value {
    loop {
        let paths = places(&value);
        let smaller = paths.iter().flat_map(|place| variants(&value, place)).find(|one| shows(one));
        match smaller {
            Some(smaller) => value = smaller,
            None => return value,
        }
    }
}

/// The JSON Pointers (RFC 6901) to all that stands in a value, the largest things first.
fn places(value: &Value) -> Vec<String> {
    let mut places = vec![String::new()];
    let mut at = 0;
    while let Some(place) = places.get(at).cloned() {
        at += 1;
        match value.pointer(&place) {
            Some(Value::Object(members)) => {
                let escaped = |key: &String| key.replace('~', "~0").replace('/', "~1");
                places.extend(members.keys().map(|key| format!("{place}/{}", escaped(key))));
            }
            Some(Value::Array(elements)) => {
                places.extend((0..elements.len()).map(|index| format!("{place}/{index}")));
            }
            _ => {}
        }
    }
    places
}

/// The value with what stands in one place smaller, or gone.
fn variants(value: &Value, place: &str) -> Vec<Value> {
    let with = |smaller: Value| {
        let mut variant = value.clone();
        *variant.pointer_mut(place).unwrap() = smaller;
        variant
    };
    let mut variants = Vec::from_iter(without(value, place));
    match value.pointer(place).unwrap() {
        Value::Array(elements) if elements.len() == 1 => variants.push(with(elements[0].clone())),
        Value::String(text) => {
            let characters: Vec<char> = text.chars().collect();
            // Half of it, or all but one character.
            let half = characters.len() / 2;
            let mut shorter: Vec<String> =
                vec![characters[half..].iter().collect(), characters[..half].iter().collect()];
            shorter.extend((0..characters.len()).map(|gone| {
                let kept = characters.iter().enumerate().filter(|(at, _)| *at != gone);
                kept.map(|(_, character)| character).collect()
            }));
            shorter.retain(|shorter| shorter.len() < text.len());
            variants.extend(shorter.into_iter().map(|shorter| with(Value::String(shorter))));
        }
        _ => {}
    }
    variants
}

fn without(value: &Value, place: &str) -> Option<Value> {
    let (parent, key) = place.rsplit_once('/')?;
    let mut variant = value.clone();
    match variant.pointer_mut(parent)? {
        Value::Object(members) => {
            members.remove(&key.replace("~1", "/").replace("~0", "~"))?;
        }
        Value::Array(elements) => {
            elements.remove(key.parse().ok()?);
        }
        _ => return None,
    }
    Some(variant)
}

#[test]
fn only_what_shows_it_is_left() {
    let value = serde_json::json!({
        "a/b": [{"Effect": "Allow"}, {"Effect": "Deny", "Sid": "long enough"}], "c": {"d": 1},
    });
    let shrunk = shrink(value, |value| value.to_string().contains("enou"));
    assert_eq!(shrunk, serde_json::json!({"a/b": {"Sid": "enou"}}));
}
