//! One request, through all stages.

use std::sync::OnceLock;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use daypass_sigv4::{
    Algorithm, ExpectedScope, PathStyle, PayloadHash, Presented, PublicKey, Regions, Request,
    SigningKey,
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
    /// What SigV4a signatures are verified with: made once, for the mutants too.
    #[serde(skip)]
    public_key: OnceLock<PublicKey>,
}

impl Signed {
    fn public_key(&self) -> &PublicKey {
        self.public_key.get_or_init(|| PublicKey::derive(&self.akid, self.secret.as_bytes()))
    }
}

/// Says why a request is refused.
pub(crate) fn verify(signed: &Signed) -> Result<(), String> {
    let style = if signed.service == "s3" { PathStyle::S3 } else { PathStyle::Normalized };
    let request = Request::new(&signed.method, &signed.path, &signed.query, &signed.headers)
        .path_style(style)
        .sigv4a(true);
    let fresh = Presented::parse(&request)
        .and_then(|presented| presented.check_freshness(signed.time))
        .map_err(|error| error.to_string())?;

    // The server here stands for every region, so that only the signature speaks for the one in the scope.
    let claimed = fresh.credential().region.to_owned();
    let regions = [claimed.as_str(), signed.region.as_str(), "eu-central-1"];
    let expected = ExpectedScope { service: &signed.service, regions: Regions::AnyOf(&regions) };
    let scoped = fresh.check_scope(&expected).map_err(|error| error.to_string())?;

    let scope = scoped.credential();
    if scope.access_key_id != signed.akid {
        return Err("nobody has this access key".to_owned());
    }
    let payload = PayloadHash::of(&signed.body);
    let key = SigningKey::derive(signed.secret.as_bytes(), scope.date, scope.region, scope.service);
    let verified = match scoped.algorithm() {
        Algorithm::HmacSha256 => scoped.clone().verify(&key, &payload),
        Algorithm::EcdsaP256Sha256 => scoped.clone().verify(signed.public_key(), &payload),
    };
    verified.map(|_| ()).map_err(|error| {
        let canonical = scoped.canonical_request(&payload);
        format!("{error}; the canonical request should have been {canonical:?}")
    })
}

fn base64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    STANDARD.decode(text).map_err(D::Error::custom)
}
