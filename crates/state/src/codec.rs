//! Records as bytes: one byte for the version of the form, then JSON. JSON because a record may
//! gain members without a new version, and because a store can be read by eye.

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The bytes are not a record that this version can read.
#[derive(Debug, thiserror::Error)]
#[error("a record of an unknown or damaged form")]
pub struct UnknownCodec(#[source] Option<serde_json::Error>);

pub(crate) fn encode(record: &impl Serialize) -> Result<Bytes, UnknownCodec> {
    let mut bytes = vec![VERSION];
    serde_json::to_writer(&mut bytes, record).map_err(|error| UnknownCodec(Some(error)))?;
    // Many records are kept for long: without the room that the vector has grown by.
    Ok(bytes.into_boxed_slice().into())
}

pub(crate) fn decode<R: DeserializeOwned>(bytes: &[u8]) -> Result<R, UnknownCodec> {
    match bytes.split_first() {
        Some((&VERSION, json)) => {
            serde_json::from_slice(json).map_err(|error| UnknownCodec(Some(error)))
        }
        _ => Err(UnknownCodec(None)),
    }
}

const VERSION: u8 = 1;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_comes_back_and_damage_is_an_error() {
        let bytes = encode(&("name", 7)).unwrap();
        assert_eq!(decode::<(String, i32)>(&bytes).unwrap(), ("name".to_owned(), 7));
        for damaged in [&b""[..], b"\x02[\"name\",7]", b"\x01[\"name\"", b"\x01[7,7]"] {
            assert!(decode::<(String, i32)>(damaged).is_err(), "{damaged:?}");
        }
    }
}
