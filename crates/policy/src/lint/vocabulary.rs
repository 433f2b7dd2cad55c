/// What services, actions, resources and condition keys there are.
///
/// The case of services, actions and keys means nothing in questions; answers are in the case of
/// AWS's documentation.
pub trait Vocabulary {
    /// The prefixes of all services. Where there are none, every prefix is taken for one.
    fn services(&self) -> Vec<&str>;

    /// The names of a service's actions, or `None` when there is no such service.
    fn actions(&self, service: &str) -> Option<Vec<&str>>;

    /// The ARN patterns, such as `arn:${Partition}:s3:::${BucketName}`, of what an action is done
    /// to. None at all when only `*` covers it.
    fn resource_arns(&self, service: &str, action: &str) -> Vec<&str>;

    /// Whether requests for an action can bring a key that is not brought by all requests.
    fn carries(&self, service: &str, action: &str, key: &str) -> bool;

    /// A condition key of a service's actions or resources.
    fn service_key(&self, service: &str, key: &str) -> Option<KeyFacts<'_>>;

    /// A condition key that does not belong to a service.
    fn global_key(&self, key: &str) -> Option<KeyFacts<'_>>;

    /// The names of all keys that a condition on the service's actions may have.
    fn key_names(&self, service: &str) -> Vec<&str>;

    /// Whether a key of which nothing else is known, such as `amr` of an identity provider, may have
    /// several values.
    fn is_multivalued(&self, _key: &str) -> bool {
        false
    }

    /// Whether a service is named so in principals, as in `lambda.amazonaws.com`. A vocabulary that
    /// does not know takes every name.
    fn is_service_principal(&self, _name: &str) -> bool {
        true
    }

    /// The principals of services, to find the one that was meant.
    fn service_principals(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// A condition key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyFacts<'v> {
    /// Its name, or the pattern of its names, such as `aws:RequestTag/${TagKey}`.
    pub name: &'v str,
    /// What its values are.
    pub value_type: KeyType,
    /// Whether a request may bring several values.
    pub multivalued: bool,
}

/// What the values of a condition key are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyType {
    /// Any text.
    Text,
    /// An ARN.
    Arn,
    /// True or false.
    Bool,
    /// A number.
    Numeric,
    /// A point in time.
    Date,
    /// An IP address.
    Ip,
}

/// No vocabulary: documents are checked by the language alone.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoVocabulary;

impl Vocabulary for NoVocabulary {
    fn services(&self) -> Vec<&str> {
        Vec::new()
    }

    fn actions(&self, _service: &str) -> Option<Vec<&str>> {
        None
    }

    fn resource_arns(&self, _service: &str, _action: &str) -> Vec<&str> {
        Vec::new()
    }

    fn carries(&self, _service: &str, _action: &str, _key: &str) -> bool {
        true
    }

    fn service_key(&self, _service: &str, _key: &str) -> Option<KeyFacts<'_>> {
        None
    }

    fn global_key(&self, _key: &str) -> Option<KeyFacts<'_>> {
        None
    }

    fn key_names(&self, _service: &str) -> Vec<&str> {
        Vec::new()
    }
}
