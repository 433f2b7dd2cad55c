//! Enveloped signatures (XML Signature 1.1), in the one form that SAML has for them (SAML 2.0 core,
//! section 5.4): one reference, to the element that the signature stands in, by its id; exclusive
//! canonicalisation; nothing else inside.
//!
//! What is signed is not the document but octets, made of it by canonicalisation. So nothing that a
//! signature covers is read from the document: `SignedInfo` is read from the octets that the key has
//! signed, and what it refers to is handed on as the octets whose digest stands in there. Whatever an
//! attacker wraps around, moves, or hides in comments, is not in them.

use aws_lc_rs::digest;
use bergshamra_c14n::C14nMode;
use bergshamra_xml::NodeSet;

use super::SignatureProblem::{self, Algorithm, Digest, Form, Key, Place};
use super::algorithm::{PublicKey, SignatureAlgorithm, digest_algorithm};
use super::metadata::Metadata;
use super::xml::{self, Element, Name, ns};

/// What a key has signed.
#[derive(Debug)]
pub(super) struct Signed<'m> {
    /// The element, canonical, without its signature.
    pub(super) octets: String,
    /// Who has signed it.
    pub(super) key: &'m PublicKey,
}

/// Verifies the signature of an element, if it has one.
///
/// INVARIANT: ids are unique in the document.
pub(super) fn verify<'m>(
    element: Element<'_>,
    metadata: &'m Metadata,
) -> Result<Option<Signed<'m>>, SignatureProblem> {
    let mut signatures = element.all(SIGNATURE);
    match (signatures.next(), signatures.next()) {
        (None, _) => Ok(None),
        (Some(signature), None) => verify_one(element, signature, metadata).map(Some),
        (Some(_), Some(_)) => Err(Place),
    }
}

fn verify_one<'m>(
    element: Element<'_>,
    signature: Element<'_>,
    metadata: &'m Metadata,
) -> Result<Signed<'m>, SignatureProblem> {
    let parts: Vec<_> = signature.children().collect();
    let (info, value) = match parts.as_slice() {
        [info, value] => (*info, *value),
        [info, value, key] if key.is(KEY_INFO) => (*info, *value),
        _ => return Err(Form),
    };
    if !info.is(SIGNED_INFO) || !value.is(SIGNATURE_VALUE) {
        return Err(Form);
    }
    let value = value.base64().ok_or(Form)?;

    // How `SignedInfo` is canonicalised is all that is believed of it before its octets are verified; and
    // it stands in them again.
    let method = info.only(CANONICALIZATION_METHOD).ok_or(Form)?;
    let info = canonical(info, None, &canonicalization(method)?)?;
    let reference = Reference::read(&info)?;
    let key = metadata
        .keys()
        .find(|it| it.verifies(reference.signature, info.as_bytes(), &value))
        .ok_or(Key)?;

    if element.attribute("ID") != Some(reference.id.as_str()) {
        return Err(Place);
    }
    let octets = canonical(element, Some(signature), &reference.prefixes)?;
    if digest::digest(reference.algorithm, octets.as_bytes()).as_ref() != reference.digest {
        return Err(Digest);
    }
    Ok(Signed { octets, key })
}

/// What stands in `SignedInfo`.
struct Reference {
    signature: SignatureAlgorithm,
    id: String,
    /// The prefixes that are treated as in inclusive canonicalisation.
    prefixes: Vec<String>,
    algorithm: &'static digest::Algorithm,
    digest: Vec<u8>,
}

impl Reference {
    fn read(info: &str) -> Result<Self, SignatureProblem> {
        let document = xml::parse(info).ok_or(Form)?;
        let info = Element::root(&document).ok_or(Form)?;
        let [canonicalized, signature, reference] = children(info, SIGNED_INFO_PARTS)?;
        canonicalization(canonicalized)?;
        let [transforms, method, value] = children(reference, REFERENCE_PARTS)?;
        let [enveloped, exclusive] = children(transforms, [TRANSFORM, TRANSFORM])?;
        let without_parameters = enveloped.children().all(|it| it.is(IGNORED));
        if enveloped.attribute("Algorithm") != Some(ENVELOPED) || !without_parameters {
            return Err(Algorithm("transform"));
        }
        let id = reference.attribute("URI").and_then(|uri| uri.strip_prefix('#'));
        Ok(Self {
            signature: algorithm(signature)
                .and_then(SignatureAlgorithm::of)
                .ok_or(Algorithm("signature method"))?,
            id: id.filter(|id| !id.is_empty()).ok_or(Form)?.to_owned(),
            prefixes: canonicalization(exclusive)?,
            algorithm: algorithm(method).and_then(digest_algorithm).ok_or(Algorithm("digest"))?,
            digest: value.base64().ok_or(Form)?,
        })
    }
}

/// The children of an element, when they are exactly those.
fn children<'d, const N: usize>(
    element: Element<'d>,
    names: [Name; N],
) -> Result<[Element<'d>; N], SignatureProblem> {
    let children: Vec<_> = element.children().collect();
    let children = <[Element<'d>; N]>::try_from(children).map_err(|_| Form)?;
    let as_named = children.iter().zip(names).all(|(child, name)| child.is(name));
    if as_named { Ok(children) } else { Err(Form) }
}

/// The algorithm of a method that has no parameters.
fn algorithm<'d>(method: Element<'d>) -> Option<&'d str> {
    method.attribute("Algorithm").filter(|_| method.children().next().is_none())
}

/// The prefixes of an exclusive canonicalisation; any other is refused.
fn canonicalization(method: Element<'_>) -> Result<Vec<String>, SignatureProblem> {
    if method.attribute("Algorithm") != Some(ns::EXCLUSIVE_C14N) {
        return Err(Algorithm("canonicalization"));
    }
    let parameters: Vec<_> = method.children().collect();
    match parameters.as_slice() {
        [] => Ok(Vec::new()),
        [list] if list.is(INCLUSIVE_NAMESPACES) => {
            let prefixes = list.attribute("PrefixList").ok_or(Form)?;
            Ok(prefixes.split_ascii_whitespace().map(str::to_owned).collect())
        }
        _ => Err(Form),
    }
}

/// The canonical octets of an element, without one of those in it.
pub(super) fn canonical(
    element: Element<'_>,
    without: Option<Element<'_>>,
    prefixes: &[String],
) -> Result<String, SignatureProblem> {
    let document = element.document();
    let mut nodes = NodeSet::tree_without_comments(element.id(), document);
    if let Some(without) = without {
        nodes = nodes.subtract(&NodeSet::tree_with_comments(without.id(), document));
    }
    let octets =
        bergshamra_c14n::canonicalize_doc(document, C14nMode::Exclusive, Some(&nodes), prefixes);
    octets.ok().and_then(|octets| String::from_utf8(octets).ok()).ok_or(Form)
}

pub(super) const SIGNATURE: Name = (ns::SIGNATURE, "Signature");
const SIGNED_INFO: Name = (ns::SIGNATURE, "SignedInfo");
const SIGNATURE_VALUE: Name = (ns::SIGNATURE, "SignatureValue");
const KEY_INFO: Name = (ns::SIGNATURE, "KeyInfo");
const CANONICALIZATION_METHOD: Name = (ns::SIGNATURE, "CanonicalizationMethod");
const TRANSFORM: Name = (ns::SIGNATURE, "Transform");
const INCLUSIVE_NAMESPACES: Name = (ns::EXCLUSIVE_C14N, "InclusiveNamespaces");
const SIGNED_INFO_PARTS: [Name; 3] =
    [CANONICALIZATION_METHOD, (ns::SIGNATURE, "SignatureMethod"), (ns::SIGNATURE, "Reference")];
const REFERENCE_PARTS: [Name; 3] = [
    (ns::SIGNATURE, "Transforms"),
    (ns::SIGNATURE, "DigestMethod"),
    (ns::SIGNATURE, "DigestValue"),
];
/// What xml-crypto writes there when it has prefixes for the transform that follows, and nobody reads.
const IGNORED: Name = (ENVELOPED, "InclusiveNamespaces");
/// XML Signature 1.1, section 6.6.4.
pub(super) const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
