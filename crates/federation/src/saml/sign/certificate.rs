//! As much X.509 as SAML needs: a certificate is the wrapping that metadata has for a public key.

use aws_lc_rs::digest;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

use super::{Pair, SignError, SigningKey};
use crate::saml::der::{BIT_STRING, INTEGER, SEQUENCE, VERSION, tlv};

impl SigningKey {
    /// A certificate of this key that it has signed itself, in DER, for ten years (RFC 5280).
    ///
    /// # Errors
    /// If the library cannot sign, or there is no such time.
    pub fn certificate(&self, name: &str, from: DateTime) -> Result<Vec<u8>, SignError> {
        let key = self.public_key_info()?;
        let hash = digest::digest(&digest::SHA256, &key);
        let serial = hash.as_ref().first_chunk::<16>().map_or(&[][..], |it| it);
        let until = DateTime::from_secs(from.secs().saturating_add(TEN_YEARS));
        let algorithm = tlv(SEQUENCE, self.certificate_algorithm());
        let name = distinguished_name(name);
        let validity = [time(from)?, time(until)?].concat();
        let content = [
            tlv(VERSION, &tlv(INTEGER, &[2])),
            unsigned(serial),
            algorithm.clone(),
            name.clone(),
            tlv(SEQUENCE, &validity),
            name,
            key,
        ];
        let content = tlv(SEQUENCE, &content.concat());
        let signature = self.certificate_signature(&content)?;
        let signature = tlv(BIT_STRING, &[&[0], signature.as_slice()].concat());
        Ok(tlv(SEQUENCE, &[content, algorithm, signature].concat()))
    }

    fn certificate_algorithm(&self) -> &'static [u8] {
        match self.0 {
            Pair::Rsa(_) => &SHA256_WITH_RSA,
            Pair::Ecdsa(_) => &ECDSA_WITH_SHA256,
        }
    }

    /// X.509 writes the two numbers of ECDSA as a sequence, XML one after the other.
    fn certificate_signature(&self, content: &[u8]) -> Result<Vec<u8>, SignError> {
        let signature = self.sign(content)?;
        match self.0 {
            Pair::Rsa(_) => Ok(signature),
            Pair::Ecdsa(_) => {
                let (r, s) = signature.split_at(signature.len() / 2);
                Ok(tlv(SEQUENCE, &[unsigned(r), unsigned(s)].concat()))
            }
        }
    }
}

/// A number as DER writes it: as short as can be, and its first bit not set.
fn unsigned(bytes: &[u8]) -> Vec<u8> {
    let significant = bytes.iter().copied().skip_while(|byte| *byte == 0);
    let mut number: Vec<_> = [0].into_iter().chain(significant).collect();
    if matches!(number.as_slice(), [0, second, ..] if *second < 0x80) {
        number.remove(0);
    }
    tlv(INTEGER, &number)
}

/// A name that is a common name only.
fn distinguished_name(common_name: &str) -> Vec<u8> {
    let attribute = [tlv(OBJECT_ID, &COMMON_NAME), tlv(UTF8_STRING, common_name.as_bytes())];
    tlv(SEQUENCE, &tlv(SET, &tlv(SEQUENCE, &attribute.concat())))
}

/// Until 2049 a time has two digits for the year (RFC 5280, section 4.1.2.5).
fn time(at: DateTime) -> Result<Vec<u8>, SignError> {
    let text = DateTime::from_secs(at.secs()).fmt(Format::DateTime);
    let digits = text.map_err(|_| SignError::Time)?.replace(['-', ':', 'T'], "");
    match digits.strip_prefix("20") {
        Some(short) if short < "50" => Ok(tlv(UTC_TIME, short.as_bytes())),
        _ => Ok(tlv(GENERALIZED_TIME, digits.as_bytes())),
    }
}

const OBJECT_ID: u8 = 0x06;
const UTF8_STRING: u8 = 0x0c;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SET: u8 = 0x31;

/// 2.5.4.3.
const COMMON_NAME: [u8; 3] = [0x55, 4, 3];
/// 1.2.840.113549.1.1.11, and NULL.
const SHA256_WITH_RSA: [u8; 13] =
    [OBJECT_ID, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11, 0x05, 0];
/// 1.2.840.10045.4.3.2.
const ECDSA_WITH_SHA256: [u8; 10] = [OBJECT_ID, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];

const TEN_YEARS: i64 = 3652 * 86400;
