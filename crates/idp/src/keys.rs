use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use aws_smithy_types::DateTime;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use daypass_federation::oidc::Algorithm;
use daypass_federation::oidc::sign::{SignError, SigningKey};
use daypass_federation::saml::sign::SigningKey as SamlKey;
use daypass_ident::Secret;
use sha2::{Digest as _, Sha256};

/// The one RSA key of a provider, which signs tokens and responses alike, and the certificate that
/// SAML wants around its public part.
#[derive(Debug)]
pub struct Keys {
    pub(crate) oidc: SigningKey,
    pub(crate) saml: SamlKey,
    /// In DER. The same key always has the same one.
    pub(crate) certificate: Vec<u8>,
}

impl Keys {
    /// A fresh key, which is gone with the process.
    ///
    /// # Errors
    /// When none can be made.
    pub fn generate() -> Result<Self, KeyError> {
        Self::from_pkcs8(&fresh()?)
    }

    /// The key in this file (PEM, PKCS #8, RSA). If there is no such file, it is made with a fresh key,
    /// for nobody but its owner to read.
    ///
    /// # Errors
    /// When the file cannot be read or made, or holds no RSA key.
    pub fn keep_in(path: &Path) -> Result<Self, KeyError> {
        let file = |error| KeyError::File(path.to_owned(), error);
        let text = match fs::read_to_string(path) {
            Ok(text) => Secret::new(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let der = fresh()?;
                write(path, &to_pem(&der)).map_err(file)?;
                return Self::from_pkcs8(&der);
            }
            Err(error) => return Err(file(error)),
        };
        let content = || KeyError::Content(path.to_owned());
        let der = from_pem(text.expose()).ok_or_else(content)?;
        Self::from_pkcs8(&der).map_err(|_| content())
    }

    fn from_pkcs8(der: &Secret<Vec<u8>>) -> Result<Self, KeyError> {
        let oidc = SigningKey::from_pkcs8("", Algorithm::Rs256, der)?;
        let id = thumbprint(&oidc);
        let saml = SamlKey::from_pkcs8(der.expose()).map_err(|_| SignError::Key)?;
        let certificate = saml.certificate("daypass idp", DateTime::from_secs(CERTIFIED_FROM));
        Ok(Self {
            // A verifier that keeps keys by their names looks again when the name is new.
            oidc: SigningKey::from_pkcs8(&id, Algorithm::Rs256, der)?,
            certificate: certificate.map_err(|_| SignError::Library)?,
            saml,
        })
    }
}

#[cfg(test)]
impl Keys {
    pub(crate) fn pem_for_tests() -> String {
        to_pem(&fresh().unwrap()).expose().clone()
    }

    pub(crate) fn from_pem_for_tests(pem: &str) -> Self {
        Self::from_pkcs8(&from_pem(pem).unwrap()).unwrap()
    }
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or made.
    #[error("the key {} cannot be read", .0.display())]
    File(PathBuf, #[source] io::Error),
    /// The file holds something else.
    #[error("{} holds no RSA private key in PEM (PKCS #8)", .0.display())]
    Content(PathBuf),
    /// The cryptographic library cannot make or use a key.
    #[error(transparent)]
    Library(#[from] SignError),
}

fn fresh() -> Result<Secret<Vec<u8>>, SignError> {
    SigningKey::generate("", Algorithm::Rs256)?.to_pkcs8()
}

/// The thumbprint of an RSA key (RFC 7638): its required members in order, hashed.
fn thumbprint(key: &SigningKey) -> String {
    let jwk = key.jwk();
    let (e, n) = (jwk.e.unwrap_or_default(), jwk.n.unwrap_or_default());
    let members = format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#);
    URL_SAFE_NO_PAD.encode(Sha256::digest(members))
}

/// Made anew, and not where a link leads: what is there already is somebody's.
fn write(path: &Path, pem: &Secret<String>) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(pem.expose().as_bytes())
}

fn to_pem(der: &Secret<Vec<u8>>) -> Secret<String> {
    let body = Secret::new(STANDARD.encode(der.expose()));
    let mut pem = format!("{BEGIN}\n");
    for (number, c) in body.expose().chars().enumerate() {
        if number > 0 && number.is_multiple_of(64) {
            pem.push('\n');
        }
        pem.push(c);
    }
    pem.push_str(&format!("\n{END}\n"));
    Secret::new(pem)
}

fn from_pem(text: &str) -> Option<Secret<Vec<u8>>> {
    let (_, rest) = text.split_once(BEGIN)?;
    let (body, _) = rest.split_once(END)?;
    let body = Secret::new(body.split_ascii_whitespace().collect::<String>());
    STANDARD.decode(body.expose()).ok().map(Secret::new)
}

/// 2026-01-01 in Unix seconds: always the same, so that metadata stay the same for as long as the key does. AWS looks at
/// nothing of a certificate but its key.
const CERTIFIED_FROM: i64 = 1_767_225_600;

const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_is_kept_is_the_same_again() {
        let folder = std::env::temp_dir().join(format!("daypass-idp-keys-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("idp.pem");
        let made = Keys::keep_in(&path).unwrap();
        let kept = Keys::keep_in(&path).unwrap();
        assert_eq!(made.oidc.jwk(), kept.oidc.jwk());
        assert_eq!(made.certificate, kept.certificate);
        assert_ne!(made.oidc.id(), Keys::generate().unwrap().oidc.id());
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::mode(
                &fs::metadata(&path).unwrap().permissions(),
            );
            assert_eq!(mode & 0o777, 0o600);
        }
        fs::write(&path, "no key").unwrap();
        assert!(matches!(Keys::keep_in(&path), Err(KeyError::Content(_))));
        assert!(matches!(Keys::keep_in(&folder), Err(KeyError::File(..))));
        fs::remove_dir_all(&folder).unwrap();
    }
}
