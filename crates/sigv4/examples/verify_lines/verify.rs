//! One request, through all stages.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use daypass_sigv4::{
    ExpectedScope, PathStyle, PayloadHash, Presented, Regions, Request, SigningKey,
};
use serde::{Deserialize, Deserializer, de::Error as _};

/// A request on the wire, and what the server knows.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Signed {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: Vec<(String, String)>,
    #[serde(rename = "body_b64", deserialize_with = "base64")]
    pub(crate) body: Vec<u8>,
    akid: String,
    secret: String,
    region: String,
    pub(crate) service: String,
    time: i64,
}

/// Says why a request is refused.
pub(crate) fn verify(signed: &Signed) -> Result<(), String> {
    let style = if signed.service == "s3" { PathStyle::S3 } else { PathStyle::Normalized };
    let request = Request::new(&signed.method, &signed.path, &signed.query, &signed.headers)
        .path_style(style);
    let fresh = Presented::parse(&request)
        .and_then(|presented| presented.check_freshness(signed.time))
        .map_err(|error| error.to_string())?;

    // The server here stands for every region, so that only the signature speaks for the one in the scope.
    let claimed = fresh.credential().region.to_owned();
    let regions = [claimed.as_str(), signed.region.as_str()];
    let expected = ExpectedScope { service: &signed.service, regions: Regions::AnyOf(&regions) };
    let scoped = fresh.check_scope(&expected).map_err(|error| error.to_string())?;

    let scope = scoped.credential();
    if scope.access_key_id != signed.akid {
        return Err("nobody has this access key".to_owned());
    }
    let key = SigningKey::derive(signed.secret.as_bytes(), scope.date, scope.region, scope.service);
    match scoped.clone().verify(&key, &PayloadHash::of(&signed.body)) {
        Ok(_) => Ok(()),
        Err(error) => {
            let canonical = scoped.canonical_request(&PayloadHash::of(&signed.body));
            Err(format!("{error}; the canonical request should have been {canonical:?}"))
        }
    }
}

fn base64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    STANDARD.decode(text).map_err(D::Error::custom)
}
