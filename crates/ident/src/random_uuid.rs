use uuid::{Builder, Uuid};

use crate::IdGen;

/// A random UUID (RFC 9562, version 4), in its hyphenated form of 36 characters.
#[must_use]
pub fn generate_uuid(ids: &dyn IdGen) -> String {
    random(ids).to_string()
}

pub(crate) fn random(ids: &dyn IdGen) -> Uuid {
    let mut bytes = [0; 16];
    ids.fill(&mut bytes);
    Builder::from_random_bytes(bytes).into_uuid()
}
