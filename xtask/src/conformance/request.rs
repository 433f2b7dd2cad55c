//! A request that no client of AWS's makes: signed by a signer of our own, which signs whatever it is told, and then
//! changed at will.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, ensure};
use aws_smithy_types::DateTime;
use hmac::{Hmac, KeyInit as _, Mac as _};
use percent_encoding::utf8_percent_encode;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::call::Keys;
use super::rust_signer::RESERVED;

/// What the tables say of a request. What they don't say is as an SDK does it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Request {
    /// Whose keys sign, by the name in the world; without a name nobody signs.
    pub(crate) by: Option<String>,
    /// `iam` or `sts`.
    pub(crate) service: Option<String>,
    /// AWS's name of the operation; without one there is no form.
    pub(crate) action: Option<String>,
    pub(crate) params: BTreeMap<String, String>,
    pub(crate) method: Option<String>,
    /// The path. With `GET` the form is its query.
    pub(crate) path: Option<String>,
    /// The body, in place of the form.
    pub(crate) body: Option<String>,
    pub(crate) host: Option<String>,
    /// Headers that are signed. One whose name begins with a colon is signed but not sent.
    pub(crate) signed_headers: Vec<(String, String)>,
    /// Headers that are not signed.
    pub(crate) headers: Vec<(String, String)>,
    /// Whether `host` is among the signed headers.
    pub(crate) unsigned_host: bool,
    /// Whether the signature is in the query.
    pub(crate) presigned: bool,
    /// The secret that is used, in place of the right one.
    pub(crate) secret: Option<String>,
    /// The session token, in place of the right one.
    pub(crate) token: Option<String>,
    pub(crate) scope_region: Option<String>,
    pub(crate) scope_service: Option<String>,
    /// How long ago it was signed, in seconds.
    pub(crate) age: i64,
    /// Texts that are put in place of others, in the request as it is sent.
    pub(crate) edits: Vec<(String, String)>,
}

impl Request {
    /// The request with its texts changed. Names of headers, parameters and callers stay.
    pub(crate) fn map(&self, change: impl Fn(&str) -> String) -> Self {
        let mut changed = self.clone();
        let of_pairs = [&mut changed.signed_headers, &mut changed.headers, &mut changed.edits];
        let values = of_pairs.into_iter().flatten().map(|(_, value)| value);
        let values = values.chain(changed.params.values_mut());
        let texts = [&mut changed.path, &mut changed.body, &mut changed.host];
        for text in values.chain(texts.into_iter().flatten()) {
            *text = change(text);
        }
        changed
    }

    /// The bytes to send.
    ///
    /// # Errors
    ///
    /// An edit finds nothing to change.
    pub(crate) fn bytes(&self, address: &str, keys: Option<&Keys>) -> Result<Vec<u8>> {
        let method = self.method.as_deref().unwrap_or("POST");
        let form = self.form();
        let path = self.path.clone().unwrap_or_else(|| "/".to_owned());
        let (mut path, mut query) = match path.split_once('?') {
            Some((path, query)) => (path.to_owned(), query.to_owned()),
            None => (path, String::new()),
        };
        let is_get = method != "POST";
        if is_get && !form.is_empty() {
            query = form.clone();
        }
        let body = self.body.clone().unwrap_or(if is_get { String::new() } else { form });
        let mut sent =
            vec![("Host".to_owned(), self.host.as_deref().unwrap_or(address).to_owned())];
        if !is_get {
            let form = "application/x-www-form-urlencoded".to_owned();
            let named = |(name, _): &(String, String)| name.eq_ignore_ascii_case("content-type");
            if !self.signed_headers.iter().chain(&self.headers).any(named) {
                sent.push(("Content-Type".to_owned(), form));
            }
        }
        sent.extend(self.signed_headers.iter().cloned());
        if let Some(keys) = keys {
            self.sign(keys, method, &path, &mut query, &mut sent, &body);
        }
        sent.retain(|(name, _)| !name.starts_with(':'));
        sent.extend(self.headers.iter().cloned());
        if !query.is_empty() {
            path = format!("{path}?{query}");
        }
        let mut head = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        for (name, value) in sent {
            head += &format!("{name}: {value}\r\n");
        }
        let mut text = format!("{head}\r\n{body}");
        for (from, to) in &self.edits {
            ensure!(text.contains(from), "there is no {from:?} to be changed in {text}");
            text = text.replace(from, to);
        }
        let (head, body) = text.split_once("\r\n\r\n").context("a request has a head")?;
        Ok(format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes())
    }

    fn service(&self) -> &str {
        self.service.as_deref().unwrap_or("iam")
    }

    fn form(&self) -> String {
        let Some(action) = &self.action else { return String::new() };
        let version = if self.service() == "sts" { "2011-06-15" } else { "2010-05-08" };
        let mut form = format!("Action={action}&Version={version}");
        for (name, value) in &self.params {
            form += &format!("&{}={}", encoded(name), encoded(value));
        }
        form
    }

    /// Adds a signature (AWS's "Create a signed AWS API request").
    fn sign(
        &self,
        keys: &Keys,
        method: &str,
        path: &str,
        query: &mut String,
        headers: &mut Vec<(String, String)>,
        body: &str,
    ) {
        let secret = self.secret.as_deref().unwrap_or(&keys.secret);
        let token = self.token.as_deref().or(keys.token.as_deref());
        let time = stamp(self.age);
        let day = time.split('T').next().unwrap_or_default();
        let region = self.scope_region.as_deref().unwrap_or("us-east-1");
        let service = self.scope_service.as_deref().unwrap_or_else(|| self.service());
        let scope = format!("{day}/{region}/{service}/aws4_request");
        let is_signed = |name: &str| name != "host" || !self.unsigned_host;
        let mut signed: Vec<(String, String)> = Vec::new();
        if !self.presigned {
            headers.push(("X-Amz-Date".to_owned(), time.clone()));
            headers
                .extend(token.map(|token| ("X-Amz-Security-Token".to_owned(), token.to_owned())));
        }
        for (name, value) in headers.iter() {
            let name = name.to_ascii_lowercase();
            if is_signed(&name) {
                signed.push((name, value.clone()));
            }
        }
        signed.sort();
        let names: Vec<&str> = signed.iter().map(|(name, _)| name.as_str()).collect();
        let names = names.join(";");
        if self.presigned {
            let mut add = |name: &str, value: &str| {
                *query += &format!("&{name}={}", encoded(value));
            };
            add("X-Amz-Algorithm", "AWS4-HMAC-SHA256");
            add("X-Amz-Credential", &format!("{}/{scope}", keys.id));
            add("X-Amz-Date", &time);
            add("X-Amz-Expires", "900");
            add("X-Amz-SignedHeaders", &names);
            if let Some(token) = token {
                add("X-Amz-Security-Token", token);
            }
        }
        let mut pairs: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty()).collect();
        pairs.sort_unstable();
        let canonical_headers: String =
            signed.iter().map(|(name, value)| format!("{name}:{}\n", value.trim())).collect();
        let canonical = format!(
            "{method}\n{path}\n{}\n{canonical_headers}\n{names}\n{}",
            pairs.join("&"),
            hex::encode(Sha256::digest(body)),
        );
        let text = format!(
            "AWS4-HMAC-SHA256\n{time}\n{scope}\n{}",
            hex::encode(Sha256::digest(canonical))
        );
        let mut key = format!("AWS4{secret}").into_bytes();
        for part in [day, region, service, "aws4_request"] {
            key = mac(&key, part);
        }
        let signature = hex::encode(mac(&key, &text));
        if self.presigned {
            *query += &format!("&X-Amz-Signature={signature}");
        } else {
            let value = format!(
                "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={signature}",
                keys.id
            );
            headers.push(("Authorization".to_owned(), value));
        }
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    // HMAC takes keys of every length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// The time some seconds ago, as `20270115T080000Z`.
fn stamp(age: i64) -> String {
    let seconds = i64::try_from(wall().as_secs()).unwrap_or_default().saturating_sub(age);
    let time = DateTime::from_secs(seconds).to_string();
    time.chars().filter(|char| !"-:".contains(*char)).collect()
}

#[expect(clippy::disallowed_methods, reason = "signatures go by the real time")]
pub(crate) fn wall() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_must_change_something() {
        let edits = vec![("nowhere".to_owned(), "here".to_owned())];
        let request = Request { edits, ..Request::default() };
        assert!(request.bytes("127.0.0.1:1", None).is_err());
    }

    #[test]
    fn bodies_have_their_length_after_edits() {
        let edits = vec![("User".to_owned(), "Users".to_owned())];
        let action = Some("ListUser".to_owned());
        let request = Request { action, edits, ..Request::default() };
        let text = String::from_utf8(request.bytes("127.0.0.1:1", None).unwrap()).unwrap();
        let body = "Action=ListUsers&Version=2010-05-08";
        assert!(text.ends_with(&format!("Content-Length: {}\r\n\r\n{body}", body.len())), "{text}");
    }

    #[test]
    fn times_are_as_aws_writes_them() {
        let time = stamp(0);
        assert!(time.len() == 16 && time.ends_with('Z') && time.contains('T'), "{time}");
    }
}
