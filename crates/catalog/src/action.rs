/// An action that policies may allow or deny.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// The name without its service, in the case of AWS's documentation: `CreateUser`.
    pub name: &'static str,
    /// What it does, as AWS classifies it.
    pub access_level: AccessLevel,
    /// The keys that its requests bring whatever the resource, as patterns:
    /// `aws:RequestTag/${TagKey}`.
    pub condition_keys: Box<[&'static str]>,
    /// The kinds of resources that it is done to. Without any, only `*` covers it.
    pub resource_types: Box<[ActionResource]>,
}

/// How AWS classifies actions (Service Authorization Reference, "Access level").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AccessLevel {
    /// Shows which resources there are.
    List,
    /// Shows what is in them.
    Read,
    /// Makes, changes or deletes them.
    Write,
    /// Changes nothing but tags.
    Tagging,
    /// Changes who may do what.
    PermissionsManagement,
}

/// A kind of resource as an action uses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionResource {
    /// The name of the resource type, which its service has.
    pub name: &'static str,
    /// Whether each request is of such a resource.
    pub required: bool,
    /// The keys that requests of such a resource bring.
    pub condition_keys: Box<[&'static str]>,
}

/// A kind of resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceType {
    /// The name, which may have spaces.
    pub name: &'static str,
    /// The forms of its ARNs, such as `arn:${Partition}:iam::${Account}:user/${UserNameWithPath}`;
    /// nearly always one.
    pub arns: Box<[&'static str]>,
    /// The keys that requests of such a resource bring.
    pub condition_keys: Box<[&'static str]>,
}

/// The fields of a line of the catalog's data.
type Fields<'f> = &'f mut dyn Iterator<Item = &'static str>;

impl Action {
    pub(crate) fn parse(fields: Fields<'_>) -> Option<Self> {
        Some(Self {
            name: fields.next()?,
            access_level: AccessLevel::parse(fields.next()?)?,
            condition_keys: words(fields.next()?),
            resource_types: fields.map(ActionResource::parse).collect::<Option<_>>()?,
        })
    }
}

impl AccessLevel {
    fn parse(letter: &str) -> Option<Self> {
        Some(match letter {
            "L" => Self::List,
            "R" => Self::Read,
            "W" => Self::Write,
            "T" => Self::Tagging,
            "P" => Self::PermissionsManagement,
            _ => return None,
        })
    }
}

impl ActionResource {
    fn parse(field: &'static str) -> Option<Self> {
        let (name, keys) = field.split_once('|')?;
        let (name, required) = match name.strip_suffix('*') {
            Some(name) => (name, true),
            None => (name, false),
        };
        Some(Self { name, required, condition_keys: words(keys) })
    }
}

impl ResourceType {
    pub(crate) fn parse(fields: Fields<'_>) -> Option<Self> {
        Some(Self {
            name: fields.next()?,
            arns: fields.next()?.split(", ").collect(),
            condition_keys: words(fields.next()?),
        })
    }
}

fn words(field: &'static str) -> Box<[&'static str]> {
    field.split_whitespace().collect()
}
