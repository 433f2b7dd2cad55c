//! The form of a seed, read with all its mistakes.
//!
//! A deserializer ends at the first mistake. So it is repeated: each time the mistake is noted, and mended
//! for the next time. What need not be there is left out, and for what must be there something else stands
//! in, so that what depends on it can be looked at, too. A seed with a mistake is never used: what stands in
//! is only there while mistakes are looked for.

use std::collections::HashMap;
use std::fmt;

use daypass_policy::lint::nearest;
use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess,
    Visitor,
};
use serde::forward_to_deserialize_any;

use super::listed::SLOT;
use super::place::{Path, Place, Step};
use super::tree::Node;

/// The value that a tree holds, and what is wrong with its form.
pub(super) fn read<T: DeserializeOwned + Default>(tree: &Node) -> (T, Vec<(Place, String)>) {
    let mut mended = Mended(HashMap::new());
    let mut mistakes = Vec::new();
    // Each round reads the whole file, so that their number is bounded.
    while mistakes.len() < MOST_MISTAKES {
        let root = Reader { node: Some(tree), path: Path::root(), mended: &mended };
        match T::deserialize(root) {
            Ok(value) => return (value, mistakes),
            Err(fault) => mistakes.extend(mended.mend(fault)),
        }
        if mended.is_mended(&Path::root()) {
            break;
        }
    }
    if mistakes.len() == MOST_MISTAKES {
        let message = format!("there may be more than these {MOST_MISTAKES} mistakes");
        mistakes.push((Place::Value(Path::root()), message));
    }
    (T::default(), mistakes)
}

const MOST_MISTAKES: usize = 100;

/// Why a value cannot be read.
#[derive(Debug)]
pub(super) struct Fault {
    /// Of the value, or of the table whose member is unknown or missing. None until the reader knows.
    path: Option<Path>,
    kind: FaultKind,
}

#[derive(Debug)]
enum FaultKind {
    UnknownMember {
        name: String,
        expected: &'static [&'static str],
    },
    MissingMember(&'static str),
    /// A gap where no gap may be.
    Gap,
    Other(String),
}

impl Fault {
    fn new(kind: FaultKind) -> Self {
        Self { path: None, kind }
    }

    /// The place, if it is not known more closely.
    fn at(mut self, path: &Path) -> Self {
        self.path.get_or_insert_with(|| path.clone());
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            FaultKind::UnknownMember { name, expected } => {
                write!(f, "unknown field `{name}`")?;
                match nearest(name, expected.iter().copied()) {
                    Some(meant) => write!(f, ", did you mean `{meant}`?"),
                    None => write!(f, ", expected one of: {}", expected.join(", ")),
                }
            }
            FaultKind::MissingMember(name) => write!(f, "missing field `{name}`"),
            FaultKind::Gap => f.write_str("a value is missing"),
            FaultKind::Other(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for Fault {}

impl Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(FaultKind::Other(message.to_string()))
    }

    fn unknown_field(name: &str, expected: &'static [&'static str]) -> Self {
        Self::new(FaultKind::UnknownMember { name: name.to_owned(), expected })
    }

    fn missing_field(name: &'static str) -> Self {
        Self::new(FaultKind::MissingMember(name))
    }
}

/// What is read in the place of what is wrong.
struct Mended(HashMap<Path, Mend>);

enum Mend {
    LeftOut,
    StandIn(Node),
}

impl Mended {
    fn is_mended(&self, path: &Path) -> bool {
        self.0.contains_key(path)
    }

    /// Sees to it that the next reading passes the place of a fault. Gives what is to be reported, if it is
    /// no consequence of a mistake that was reported before.
    fn mend(&mut self, fault: Fault) -> Option<(Place, String)> {
        let message = fault.to_string();
        let path = fault.path.unwrap_or_else(Path::root);
        match fault.kind {
            FaultKind::UnknownMember { name, .. } => {
                let member = path.member(&name);
                self.0.insert(member.clone(), Mend::LeftOut);
                Some((Place::Key(member), message))
            }
            FaultKind::MissingMember(name) => {
                let member = path.member(name);
                let is_reported = self.is_mended(&member);
                match stand_in(&member, self.0.len()) {
                    Some(node) => drop(self.0.insert(member, Mend::StandIn(node))),
                    None => self.leave_out(&path),
                }
                (!is_reported).then_some((Place::Value(path), message))
            }
            FaultKind::Gap => {
                self.leave_out(&path);
                None
            }
            FaultKind::Other(message) => {
                self.leave_out(&path);
                let is_secret = path.steps().iter().any(|step| step.is_member_of(&SECRETS));
                let shows_value = message.starts_with("invalid ");
                let message = match message.split_once("expected struct ") {
                    _ if is_secret && shows_value => "a text is expected here".to_owned(),
                    // The name of the struct tells nobody anything.
                    Some((found, _)) => format!("{found}expected a table"),
                    None => message,
                };
                Some((Place::Value(path), message))
            }
        }
    }

    /// Leaves out a value, or, if that did not help, what it is a part of.
    fn leave_out(&mut self, path: &Path) {
        let mut path = path.clone();
        while self.is_mended(&path) && !path.is_root() {
            path = path.parent();
        }
        self.0.insert(path, Mend::LeftOut);
    }
}

/// Members whose values are not shown.
const SECRETS: [&str; 3] = ["secret", "seed", "private_keys"];

/// Something of the right form for a member that must be there; `number` makes it the only one of its kind.
fn stand_in(member: &Path, number: usize) -> Option<Node> {
    let mut steps = member.steps().iter().rev();
    let Some(Step::Member(name)) = steps.next() else { return None };
    let list = steps.find_map(|step| match step {
        Step::Member(list) => Some(&**list),
        Step::Element(_) => None,
    });
    Some(Node::text(match (list, &**name) {
        (Some("accounts"), "id") | (Some("organizations"), "management_account") => {
            format!("{:012}", 999_000_000_000_usize.saturating_add(number))
        }
        (_, "id") => format!("AKIASTANDIN{number}"),
        (_, "secret") => "stand-in".to_owned(),
        (_, "seed") => "JBSWY3DPEHPK3PXP".to_owned(),
        (_, "name") => super::stand_in::name(number),
        (_, "url") => super::stand_in::url(number),
        (Some("resource_control_policies"), "document") => super::stand_in::RCP.to_owned(),
        (_, "document") => super::stand_in::POLICY.to_owned(),
        (_, "trust_policy") => super::stand_in::TRUST.to_owned(),
        _ => return None,
    }))
}

/// Reads a value; none is a gap.
#[derive(Clone)]
struct Reader<'a> {
    node: Option<&'a Node>,
    path: Path,
    mended: &'a Mended,
}

impl<'a> Reader<'a> {
    /// A part of the value.
    fn part(&self, node: &'a Node, path: Path) -> Self {
        let node = match self.mended.0.get(&path) {
            None => Some(node),
            Some(Mend::LeftOut) => None,
            Some(Mend::StandIn(node)) => Some(node),
        };
        Self { node, path, mended: self.mended }
    }

    fn members(&self, members: &'a [(String, Node)]) -> Members<'a> {
        let given = members.iter().map(|(name, node)| (&**name, node));
        let given: Vec<_> = given
            .map(|(name, node)| (name, self.part(node, self.path.member(name))))
            .filter(|(_, reader)| reader.node.is_some())
            .collect();
        // What stands in for a member that is not there.
        let added = self.mended.0.iter().filter_map(|(path, mend)| match (mend, path.last()) {
            (Mend::StandIn(node), Some(Step::Member(name)))
                if path.is_part_of(&self.path) && !members.iter().any(|(it, _)| it == name) =>
            {
                Some((&**name, self.part(node, path.clone())))
            }
            _ => None,
        });
        let mut members: Vec<_> = given.into_iter().chain(added).collect();
        members.reverse();
        Members { members, value: None }
    }
}

impl<'de> Deserializer<'de> for Reader<'_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let path = self.path.clone();
        let read = match self.node {
            None => Err(Fault::new(FaultKind::Gap)),
            Some(Node::Table(members)) => visitor.visit_map(self.members(members)),
            Some(Node::List(elements)) => {
                let elements = elements.iter().enumerate();
                let elements =
                    elements.map(|(number, node)| self.part(node, self.path.numbered(number)));
                let elements: Vec<_> = elements.collect();
                visitor.visit_seq(Elements(elements.into_iter()))
            }
            Some(Node::Scalar(value)) => {
                value.clone().deserialize_any(visitor).map_err(Fault::custom)
            }
        };
        read.map_err(|fault| fault.at(&path))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.node {
            Some(Node::Scalar(serde_json::Value::Null)) => visitor.visit_none(),
            _ => {
                let path = self.path.clone();
                visitor.visit_some(self).map_err(|fault| fault.at(&path))
            }
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        if name == SLOT && self.node.is_none() {
            return visitor.visit_unit();
        }
        let path = self.path.clone();
        visitor.visit_newtype_struct(self).map_err(|fault| fault.at(&path))
    }

    /// A struct is never a list of its members' values, though its visitor would take one.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match self.node {
            Some(Node::List(_)) => {
                Err(Fault::custom("invalid type: a list, expected a table").at(&self.path))
            }
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match self.node {
            Some(Node::Scalar(serde_json::Value::String(text))) => {
                let variant: StrDeserializer<'_, Fault> = (&**text).into_deserializer();
                visitor.visit_enum(variant).map_err(|fault| fault.at(&self.path))
            }
            _ => self.deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map identifier ignored_any
    }
}

/// The members of a table, the next one last.
struct Members<'a> {
    members: Vec<(&'a str, Reader<'a>)>,
    value: Option<Reader<'a>>,
}

impl<'de> MapAccess<'de> for Members<'_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Fault> {
        let Some((name, value)) = self.members.pop() else { return Ok(None) };
        self.value = Some(value);
        let name: StrDeserializer<'_, Fault> = name.into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let Some(value) = self.value.take() else { return Err(Fault::new(FaultKind::Gap)) };
        let path = value.path.clone();
        seed.deserialize(value).map_err(|fault| fault.at(&path))
    }
}

struct Elements<'a>(std::vec::IntoIter<Reader<'a>>);

impl<'de> SeqAccess<'de> for Elements<'_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Fault> {
        let Some(element) = self.0.next() else { return Ok(None) };
        let path = element.path.clone();
        seed.deserialize(element).map(Some).map_err(|fault| fault.at(&path))
    }
}
