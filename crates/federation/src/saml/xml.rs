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

/// Reads a document: well-formed, without a DTD (so without entities of its own), neither deep nor with
/// very many attributes in one place.
pub(super) fn parse(text: &str) -> Option<Document<'_>> {
    // No attribute can have `<` in it.
    let attributes = text.split('<').map(|tag| tag.bytes().filter(|byte| *byte == b'=').count());
    if attributes.max() > Some(MOST_ATTRIBUTES) {
        return None;
    }
    Parser::new().with_forbid_dtd(true).with_max_depth(MOST_LEVELS).parse(text).ok()
}

/// SAML needs a dozen; both the parser and the canonicaliser recurse.
const MOST_LEVELS: u32 = 64;
/// The parser compares each of an element's attributes with all others.
const MOST_ATTRIBUTES: usize = 1024;

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

#[cfg(test)]
mod tests {
    use super::*;

    fn text(xml: &str) -> Option<String> {
        let document = parse(xml)?;
        Element::root(&document)?.text().map(Cow::into_owned)
    }

    #[test]
    fn a_text_is_all_of_its_parts() {
        let cases = [
            ("<a>ana</a>", Some("ana")),
            ("<a/>", Some("")),
            ("<a>an<!--x-->a</a>", Some("ana")),
            ("<a><!--x-->ana<!----></a>", Some("ana")),
            ("<a>a<![CDATA[n<!--]]>a</a>", Some("an<!--a")),
            ("<a>&lt;&#97;&gt;</a>", Some("<a>")),
            ("<a>an<b/>a</a>", None),
            ("<a>an<?b?>a</a>", None),
        ];
        for (xml, expected) in cases {
            assert_eq!(text(xml).as_deref(), expected, "{xml}");
        }
    }

    #[test]
    fn what_is_only_there_to_cost_time_is_not_read() {
        let deep = |levels| ["<a>".repeat(levels), "</a>".repeat(levels)].concat();
        assert!(parse(&deep(64)).is_some() && parse(&deep(65)).is_none());
        let wide = |attributes: u32| {
            let attributes: String = (0..attributes).map(|it| format!(" a{it}='>'")).collect();
            format!("<a{attributes}/>")
        };
        assert!(parse(&wide(1024)).is_some() && parse(&wide(1025)).is_none());
        assert!(parse("<!DOCTYPE a><a/>").is_none());
        assert!(parse("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>").is_none());
        assert!(parse("<a>&b;</a>").is_none());
        assert!(parse("<a b='1' b='2'/>").is_none());
    }

    #[test]
    fn an_attribute_is_one_without_a_namespace() {
        let document = parse("<a xmlns:x='urn:x' x:ID='1' xml:id='2' Id='3'/>").unwrap();
        let root = Element::root(&document).unwrap();
        assert_eq!(root.attribute("ID"), None);
        assert_eq!(root.attribute("Id"), Some("3"));
        assert_eq!(root.ids().count(), 3);
    }
}
