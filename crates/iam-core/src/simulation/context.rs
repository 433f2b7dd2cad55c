//! `ContextEntries`: the condition keys of a simulated request.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use daypass_model::ServiceError;
use daypass_model::iam::{ContextEntry, ContextKeyTypeEnum};
use daypass_policy::{ContextMap, ContextValue, ValueType};

use crate::errors::InvalidInput;

/// Adds the keys of a request.
///
/// # Errors
/// `InvalidInput` for an entry without a name, and for a value that is not of the entry's type.
pub(super) fn add_entries(
    context: &mut ContextMap,
    entries: &[ContextEntry],
) -> Result<(), ServiceError> {
    for entry in entries {
        let key = entry.context_key_name.as_deref().ok_or(InvalidInput::ContextKeyName)?;
        let values = entry.context_key_values.as_deref().unwrap_or_default();
        let key_type = entry.context_key_type.unwrap_or(ContextKeyTypeEnum::String);
        let values = values.iter().map(|value| read(key, key_type, value));
        let values: Vec<String> = values.collect::<Result<_, _>>()?;
        let is_list = match entry.context_key_type {
            Some(key_type) => is_list(key_type),
            None => daypass_catalog::is_multivalued(key),
        };
        context.insert(key, value_of(is_list, values));
    }
    Ok(())
}

/// A value in the form in which requests carry it.
fn read(key: &str, key_type: ContextKeyTypeEnum, value: &str) -> Result<String, ServiceError> {
    let value_type = value_type(key_type);
    if !value_type.reads(value) {
        return Err(
            InvalidInput::ContextKeyValue { key, value, key_type: key_type.as_str() }.into()
        );
    }
    if value_type != ValueType::Binary {
        return Ok(value.to_owned());
    }
    // INVARIANT: it is base64, for else it would not be read.
    let bytes = STANDARD.decode(value).unwrap_or_default();
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Several values, or any of a list, are those of a multivalued key, for which conditions need a set
/// operator. The entry's type decides, whatever the key; an entry without a type is what the key is
/// in requests. AWS does not say what several values of a type that is no list are.
fn value_of(is_list: bool, mut values: Vec<String>) -> ContextValue<'static> {
    match values.pop() {
        Some(only) if values.is_empty() && !is_list => only.into(),
        last => {
            values.extend(last);
            ContextValue::many(values)
        }
    }
}

fn value_type(key_type: ContextKeyTypeEnum) -> ValueType {
    match key_type {
        ContextKeyTypeEnum::String | ContextKeyTypeEnum::StringList => ValueType::Text,
        ContextKeyTypeEnum::Numeric | ContextKeyTypeEnum::NumericList => ValueType::Number,
        ContextKeyTypeEnum::Boolean | ContextKeyTypeEnum::BooleanList => ValueType::Bool,
        ContextKeyTypeEnum::Ip | ContextKeyTypeEnum::IpList => ValueType::Address,
        ContextKeyTypeEnum::Binary | ContextKeyTypeEnum::BinaryList => ValueType::Binary,
        ContextKeyTypeEnum::Date | ContextKeyTypeEnum::DateList => ValueType::Date,
    }
}

fn is_list(key_type: ContextKeyTypeEnum) -> bool {
    matches!(
        key_type,
        ContextKeyTypeEnum::StringList
            | ContextKeyTypeEnum::NumericList
            | ContextKeyTypeEnum::BooleanList
            | ContextKeyTypeEnum::IpList
            | ContextKeyTypeEnum::BinaryList
            | ContextKeyTypeEnum::DateList
    )
}
