use std::collections::BTreeMap;

/// The parameters of a query or a form. None comes twice, and one without a value is as one that is not
/// there (RFC 6749, sections 3.1 and 3.2).
#[derive(Debug)]
pub(super) struct Fields(BTreeMap<String, String>);

impl Fields {
    /// `None` if one comes twice.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        let mut fields = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(text) {
            if !value.is_empty() && fields.insert(name.into_owned(), value.into_owned()).is_some() {
                return None;
            }
        }
        Some(Self(fields))
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_field_comes_twice_and_none_is_empty() {
        let fields = Fields::parse(b"a=1&b=&c=x+%26&b=").unwrap();
        assert_eq!(fields.iter().collect::<Vec<_>>(), [("a", "1"), ("c", "x &")]);
        assert!(Fields::parse(b"a=1&a=1").is_none());
    }
}
