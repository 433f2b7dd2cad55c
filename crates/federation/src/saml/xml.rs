use std::borrow::Cow;

use uppsala::{Document, NodeId, NodeKind, Parser};

/// An element's namespace and its name in there.
pub(super) type Name = (&'static str, &'static str);

/// The namespaces of what is read here.
pub(super) mod ns {
    pub(in crate::saml) const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
    pub(in crate::saml) const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
    pub(in crate::saml) const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
    pub(in crate::saml) const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";
    pub(in crate::saml) const ENCRYPTION: &str = "http://www.w3.org/2001/04/xmlenc#";
    pub(in crate::saml) const ENCRYPTION_11: &str = "http://www.w3.org/2009/xmlenc11#";
    pub(in crate::saml) const EXCLUSIVE_C14N: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
}

/// Reads a document: well-formed, without a DTD (so without entities of its own), not deep.
pub(super) fn parse(text: &str) -> Option<Document<'_>> {
    Parser::new().with_forbid_dtd(true).with_max_depth(MOST_LEVELS).parse(text).ok()
}

/// SAML needs a dozen; both the parser and the canonicaliser recurse.
const MOST_LEVELS: u32 = 64;

/// An element of a document.
#[derive(Clone, Copy)]
pub(super) struct Element<'d> {
    document: &'d Document<'d>,
    id: NodeId,
}

impl<'d> Element<'d> {
    pub(super) fn root(document: &'d Document<'d>) -> Option<Self> {
        Some(Self { document, id: document.document_element()? })
    }

    pub(super) fn document(self) -> &'d Document<'d> {
        self.document
    }

    pub(super) fn id(self) -> NodeId {
        self.id
    }

    pub(super) fn is(self, (namespace, name): Name) -> bool {
        self.document.element(self.id).is_some_and(|it| it.matches_name_ns(namespace, name))
    }

    /// The value of an attribute without a namespace.
    pub(super) fn attribute(self, name: &str) -> Option<&'d str> {
        let attributes = &self.document.element(self.id)?.attributes;
        let found = attributes
            .iter()
            .find(|it| it.name.namespace_uri.is_none() && it.name.local_name == name)?;
        Some(&found.value)
    }

    /// Everything that some software would take for the element's id.
    pub(super) fn ids(self) -> impl Iterator<Item = &'d str> {
        let attributes = self.document.element(self.id).map(|it| it.attributes.iter());
        attributes
            .into_iter()
            .flatten()
            .filter(|it| matches!(&*it.name.local_name, "ID" | "Id" | "id" | "iD" | "AssertionID"))
            .map(|it| &*it.value)
    }

    /// The elements directly below, in their order.
    pub(super) fn children(self) -> impl Iterator<Item = Self> {
        let Self { document, .. } = self;
        let nodes = document.children_iter(self.id);
        nodes.filter(|id| document.element(*id).is_some()).map(move |id| Self { document, id })
    }

    /// Those of a name.
    pub(super) fn all(self, name: Name) -> impl Iterator<Item = Self> {
        self.children().filter(move |it| it.is(name))
    }

    /// The only one of a name: none if there are several.
    pub(super) fn only(self, name: Name) -> Option<Self> {
        let mut found = self.all(name);
        let first = found.next();
        first.filter(|_| found.next().is_none())
    }

    /// Every element below, however deep.
    pub(super) fn descendants(self) -> impl Iterator<Item = Self> {
        let Self { document, .. } = self;
        let nodes = document.descendants(self.id).into_iter();
        nodes.filter(|id| document.element(*id).is_some()).map(move |id| Self { document, id })
    }

    /// The text of an element that has nothing else: all of its parts in one, so that neither a comment
    /// nor CDATA in the middle of it cuts off the rest.
    pub(super) fn text(self) -> Option<Cow<'d, str>> {
        let mut text = Cow::Borrowed("");
        for id in self.document.children_iter(self.id) {
            match self.document.node_kind(id)? {
                NodeKind::Text(part) | NodeKind::CData(part) if text.is_empty() => {
                    text = Cow::Borrowed(part.as_ref());
                }
                NodeKind::Text(part) | NodeKind::CData(part) => text.to_mut().push_str(part),
                NodeKind::Comment(_) => {}
                _ => return None,
            }
        }
        Some(text)
    }

    /// Bytes that are written in base64, with white space wherever the writer wanted lines to end.
    pub(super) fn base64(self) -> Option<Vec<u8>> {
        use base64::{Engine, engine::general_purpose::STANDARD};
        let text: String = self.text()?.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        STANDARD.decode(text).ok()
    }
}
