//! Certificates and public keys that are uploaded in PEM or as a line of OpenSSH: libraries read them,
//! and what IAM asks of them is here.

mod certificate;
mod private_key;
mod ssh_key;

#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;

use rustls_pki_types::pem::{PemObject, SectionKind};
use zeroize::Zeroizing;

pub(crate) use certificate::{Certificate, ChainError};
pub(crate) use private_key::PrivateKey;
pub(crate) use ssh_key::{SshKey, Unusable};

/// A block of PEM: what it says that it is, and its bytes.
type Block = (SectionKind, Zeroizing<Vec<u8>>);

/// The blocks of a text in PEM (RFC 7468); `None` when there is none or one of them cannot be read. What
/// is no certificate and no key, as the parameters of a curve that OpenSSL writes before it, is passed over.
fn blocks(text: &str) -> Option<Vec<Block>> {
    let blocks = <(SectionKind, Vec<u8>)>::pem_slice_iter(text.as_bytes());
    let blocks = blocks.map(|block| block.map(|(kind, der)| (kind, Zeroizing::new(der))));
    blocks.collect::<Result<Vec<_>, _>>().ok().filter(|blocks| !blocks.is_empty())
}

/// The only block of a text.
fn only_block(text: &str) -> Option<Block> {
    let mut blocks = blocks(text)?;
    blocks.pop().filter(|_| blocks.is_empty())
}
