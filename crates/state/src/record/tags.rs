use daypass_ident::eq_ignore_case;
use serde::{Deserialize, Serialize};

/// Tags in the order they were set. Whether keys are compared with or without their case is for
/// the caller to say: users' and roles' are not (IAM User Guide, "Tags for IAM resources").
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tags(Vec<(String, String)>);

impl Tags {
    /// The value of a key, in whatever case.
    #[must_use]
    pub fn get_ignore_case(&self, key: &str) -> Option<&str> {
        let found = self.0.iter().find(|(mine, _)| eq_ignore_case(mine, key));
        found.map(|(_, value)| value.as_str())
    }

    /// Sets a tag. One that `same` recognises gives way: the new key and value take its place.
    pub fn set(&mut self, key: &str, value: &str, same: impl Fn(&str, &str) -> bool) {
        let tag = (key.to_owned(), value.to_owned());
        match self.0.iter_mut().find(|(mine, _)| same(mine, key)) {
            Some(place) => *place = tag,
            None => self.0.push(tag),
        }
    }

    /// Removes the tag that `same` recognises, if there is one.
    pub fn remove(&mut self, key: &str, same: impl Fn(&str, &str) -> bool) {
        self.0.retain(|(mine, _)| !same(mine, key));
    }

    /// Keys and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// The number of tags.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
