use serde::ser::{SerializeMap as _, SerializeSeq as _};
use serde::{Serialize, Serializer};
use serde_json::Value;

/// Parameters without their secrets. CloudTrail leaves such members out too.
///
/// Whoever makes an event has no business to put secrets in; this makes sure.
pub(crate) struct Redacted<'a>(pub(crate) &'a Value);

impl Serialize for Redacted<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(members) => {
                let mut map = serializer.serialize_map(None)?;
                for (name, value) in members.iter().filter(|(name, _)| !is_secret(name)) {
                    map.serialize_entry(name, &Redacted(value))?;
                }
                map.end()
            }
            Value::Array(items) => {
                let mut seq = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    seq.serialize_element(&Redacted(item))?;
                }
                seq.end()
            }
            scalar => scalar.serialize(serializer),
        }
    }
}

fn is_secret(member: &str) -> bool {
    SECRETS.iter().any(|secret| secret.eq_ignore_ascii_case(member))
}

/// The members that the service models of IAM and STS mark as sensitive, and one-time codes and
/// assertions, which a reader of the log could still use. A session token is none: CloudTrail
/// writes it, and without the secret access key it signs nothing.
const SECRETS: [&str; 17] = [
    "AddPrivateKey",
    "AuthenticationCode1",
    "AuthenticationCode2",
    "Base32StringSeed",
    "ContextAssertion",
    "NewPassword",
    "OldPassword",
    "Password",
    "PrivateKey",
    "QRCodePNG",
    "SAMLAssertion",
    "SecretAccessKey",
    "ServiceCredentialSecret",
    "ServicePassword",
    "TokenCode",
    "TradeInToken",
    "WebIdentityToken",
];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_left_out_at_every_depth() {
        let value = json!({
            "userName": "bob",
            "password": "hunter2",
            "passwordResetRequired": true,
            "accessKey": {"accessKeyId": "AKIA", "secretAccessKey": "hunter2"},
            "list": [{"sAMLAssertion": "hunter2", "n": 1}, "text", null],
        });
        assert_eq!(
            serde_json::to_value(Redacted(&value)).unwrap(),
            json!({
                "userName": "bob",
                "passwordResetRequired": true,
                "accessKey": {"accessKeyId": "AKIA"},
                "list": [{"n": 1}, "text", null],
            })
        );
    }
}
