//! The signer of the AWS SDK for Rust.

use std::time::{Duration, UNIX_EPOCH};

use anyhow::{Context, Result};
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::{v4, v4a};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::generate::{Algorithm, Form, S3, Unsigned};

/// The request with its signature, as a line of the verifier.
pub(crate) fn signed(request: &Unsigned) -> Result<Value> {
    let body = STANDARD.decode(&request.body_b64)?;
    let mut query = encode(&request.query);
    let host = request.headers.iter().find(|(name, _)| name == "Host").context("no host")?;
    let separator = if query.is_empty() { "" } else { "?" };
    let uri = format!("https://{}{}{separator}{query}", host.1, request.path);

    let mut settings = SigningSettings::default();
    if request.form == Form::Query {
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(Duration::from_secs(900));
    }
    if request.service == S3 {
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    }
    let token = request.token.clone();
    let identity =
        Credentials::new(&request.akid, &request.secret, token, None, "conformance").into();
    let time = UNIX_EPOCH + Duration::from_secs(request.time);
    let params = match request.algorithm {
        Algorithm::V4 => v4::SigningParams::builder()
            .identity(&identity)
            .region(request.region)
            .name(request.service)
            .time(time)
            .settings(settings)
            .build()?
            .into(),
        Algorithm::V4a => v4a::SigningParams::builder()
            .identity(&identity)
            .region_set(request.region)
            .name(request.service)
            .time(time)
            .settings(settings)
            .build()?
            .into(),
    };
    let headers = request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let signable = SignableRequest::new(request.method, &uri, headers, SignableBody::Bytes(&body))?;
    let (instructions, _) = sign(signable, &params)?.into_parts();

    let mut headers = request.headers.clone();
    headers.extend(instructions.headers().map(|(name, value)| (name.to_owned(), value.to_owned())));
    for (name, value) in instructions.params() {
        let separator = if query.is_empty() { "" } else { "&" };
        query += &format!("{separator}{name}={}", utf8_percent_encode(value, RESERVED));
    }
    Ok(json!({
        "method": request.method, "path": request.path, "query": query, "headers": headers,
        "body_b64": request.body_b64, "akid": request.akid, "secret": request.secret,
        "region": request.region, "service": request.service, "time": request.time,
    }))
}

fn encode(query: &[(String, Option<String>)]) -> String {
    let pairs = query.iter().map(|(name, value)| {
        let name = utf8_percent_encode(name, RESERVED);
        match value {
            None => name.to_string(),
            Some(value) => format!("{name}={}", utf8_percent_encode(value, RESERVED)),
        }
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// Everything but RFC 3986's unreserved characters.
pub(crate) const RESERVED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
