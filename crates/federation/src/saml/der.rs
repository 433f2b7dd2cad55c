//! As much DER as certificates and private keys need to be taken out of their wrapping (X.690).

/// The public key of an X.509 certificate (RFC 5280, `subjectPublicKeyInfo`), with its wrapping.
pub(super) fn public_key_info(certificate: &[u8]) -> Option<&[u8]> {
    let certificate = Tlv::read(certificate, SEQUENCE).filter(|it| it.rest.is_empty())?;
    let mut fields = Tlv::read(certificate.content, SEQUENCE)?.content;
    if let Some(version) = Tlv::read(fields, VERSION) {
        fields = version.rest;
    }
    // The serial number, the signature's algorithm, the issuer, the validity, the subject.
    for tag in [INTEGER, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE] {
        fields = Tlv::read(fields, tag)?.rest;
    }
    Some(Tlv::read(fields, SEQUENCE)?.whole)
}

/// An RSA private key (RFC 8017) in the wrapping of PKCS #8 (RFC 5208).
pub(super) fn pkcs8_of_rsa(key: &[u8]) -> Vec<u8> {
    let mut info = RSA_VERSION_AND_ALGORITHM.to_vec();
    info.extend(tlv(OCTET_STRING, key));
    tlv(SEQUENCE, &info)
}

/// Writes one element.
pub(super) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let bytes = content.len().to_be_bytes();
    let significant = bytes.iter().copied().skip_while(|byte| *byte == 0);
    let mut written = vec![tag];
    if content.len() < 0x80 {
        written.extend(bytes.last());
    } else {
        written.push(0x80 | u8::try_from(significant.clone().count()).unwrap_or(0x7f));
        written.extend(significant);
    }
    written.extend_from_slice(content);
    written
}

struct Tlv<'a> {
    whole: &'a [u8],
    content: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Tlv<'a> {
    /// The element at the beginning of the input, if it has that tag.
    fn read(input: &'a [u8], tag: u8) -> Option<Self> {
        let (&[found, first], mut after) = input.split_first_chunk::<2>()?;
        let mut length = usize::from(first);
        if first >= 0x80 {
            let (bytes, rest) = after.split_at_checked(usize::from(first & 0x7f))?;
            if !(1..=4).contains(&bytes.len()) {
                return None;
            }
            length = bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
            after = rest;
        }
        let (content, rest) = after.split_at_checked(length)?;
        let (whole, _) = input.split_at_checked(input.len() - rest.len())?;
        (found == tag).then_some(Self { whole, content, rest })
    }
}

pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
pub(super) const SEQUENCE: u8 = 0x30;
/// `[0] EXPLICIT`, where the version of a certificate is.
pub(super) const VERSION: u8 = 0xa0;

/// `version 0, AlgorithmIdentifier { rsaEncryption, NULL }`.
const RSA_VERSION_AND_ALGORITHM: [u8; 18] =
    [INTEGER, 1, 0, SEQUENCE, 13, 0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 0x05, 0];
