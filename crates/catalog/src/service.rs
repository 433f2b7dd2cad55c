use std::io::{self, Read as _};
use std::sync::{LazyLock, OnceLock};

use daypass_ident::fold_case;
use flate2::bufread::GzDecoder;

use crate::{Action, ConditionKey, ResourceType};

/// The service of this prefix, whose case means nothing: `iam`, `s3`, …
#[must_use]
pub fn service(prefix: &str) -> Option<&'static Service> {
    let prefix = fold_case(prefix);
    let at = services().binary_search_by(|service| service.prefix.cmp(&prefix)).ok()?;
    services().get(at)
}

/// All services of AWS, in the order of their prefixes.
#[must_use]
pub fn services() -> &'static [Service] {
    &SERVICES
}

/// Whether resource control policies reach the resources of the service (AWS Organizations User
/// Guide, "Resource control policies").
#[must_use]
pub fn rcp_supported(prefix: &str) -> bool {
    service(prefix).is_some_and(|service| service.rcp_supported)
}

/// What a service lets policies speak of (Service Authorization Reference). The names are at hand;
/// the rest is inflated when it is first asked for, and stays.
#[derive(Debug)]
pub struct Service {
    /// What stands before the colon in its actions, in lower case.
    pub prefix: &'static str,
    /// The name by which AWS sells it.
    pub name: &'static str,
    /// Whether resource control policies reach its resources.
    pub rcp_supported: bool,
    /// Where its gzip member begins.
    offset: usize,
    facts: OnceLock<Facts>,
}

impl Service {
    /// The actions, in the order of their names in lower case. Those without an operation of their
    /// own, such as `iam:PassRole`, are among them.
    #[must_use]
    pub fn actions(&self) -> &[Action] {
        &self.facts().actions
    }

    /// The action of this name, whose case means nothing.
    #[must_use]
    pub fn action(&self, name: &str) -> Option<&Action> {
        let (actions, name) = (self.actions(), fold_case(name));
        let by_name = |action: &Action| lower(action.name).cmp(name.bytes());
        let at = actions.binary_search_by(by_name).ok()?;
        actions.get(at)
    }

    /// The kinds of resources, in the order of their names in lower case.
    #[must_use]
    pub fn resource_types(&self) -> &[ResourceType] {
        &self.facts().resource_types
    }

    /// The kind of resource of this name; case counts.
    #[must_use]
    pub fn resource_type(&self, name: &str) -> Option<&ResourceType> {
        self.resource_types().iter().find(|resource| resource.name == name)
    }

    /// The condition keys that any of its actions or resources has, global ones among them.
    #[must_use]
    pub fn condition_keys(&self) -> &[ConditionKey] {
        &self.facts().condition_keys
    }

    /// The condition key of this name, whose case means nothing; names such as
    /// `aws:RequestTag/team` are found by their pattern.
    #[must_use]
    pub fn condition_key(&self, name: &str) -> Option<&ConditionKey> {
        self.condition_keys().iter().find(|key| key.covers(name))
    }

    #[expect(clippy::expect_used, reason = "embedded data, all of which a test reads")]
    fn facts(&self) -> &Facts {
        self.facts.get_or_init(|| Facts::read(self.offset).expect("well-formed facts"))
    }

    fn parse(row: &'static str) -> Option<Self> {
        let mut columns = row.split('\t');
        Some(Self {
            prefix: columns.next()?,
            name: columns.next()?,
            rcp_supported: columns.next()? == "rcp",
            offset: columns.next()?.parse().ok()?,
            facts: OnceLock::new(),
        })
    }
}

/// The names of AWS's actions are of ASCII.
fn lower(name: &'static str) -> impl Iterator<Item = u8> {
    name.bytes().map(|byte| byte.to_ascii_lowercase())
}

#[derive(Debug, Default)]
struct Facts {
    condition_keys: Vec<ConditionKey>,
    resource_types: Vec<ResourceType>,
    actions: Vec<Action>,
}

impl Facts {
    fn read(offset: usize) -> io::Result<Self> {
        let mut text = String::new();
        GzDecoder::new(DATA.get(offset..).unwrap_or_default()).read_to_string(&mut text)?;
        // The text stays as long as the process, since each service is read at most once.
        Self::parse(text.leak()).ok_or_else(|| io::ErrorKind::InvalidData.into())
    }

    fn parse(text: &'static str) -> Option<Self> {
        let mut facts = Self::default();
        for line in text.lines() {
            let mut fields = line.split('\t');
            match fields.next()? {
                "k" => facts.condition_keys.push(ConditionKey::parse(&mut fields)?),
                "r" => facts.resource_types.push(ResourceType::parse(&mut fields)?),
                "a" => facts.actions.push(Action::parse(&mut fields)?),
                _ => return None,
            }
        }
        Some(facts)
    }
}

static SERVICES: LazyLock<Box<[Service]>> = LazyLock::new(read_index);

#[expect(clippy::expect_used, reason = "embedded data, all of which a test reads")]
fn read_index() -> Box<[Service]> {
    INDEX.lines().map(Service::parse).collect::<Option<_>>().expect("a well-formed index")
}

static INDEX: &str = include_str!("../data/service-authorization.tsv");
static DATA: &[u8] = include_bytes!("../data/service-authorization.gz");

#[cfg(test)]
mod tests;
