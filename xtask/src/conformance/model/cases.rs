//! The inputs of an operation: for each member those at and just past each of its constraints.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, bail};

use super::Kind;
use super::beyond::Beyond;
use super::patterns::Patterns;
use super::texts;
use super::words::{Constraint, Wording, Wrong};
use crate::facts::{Facts, List, Map, Member, Range, Shape, Text};
use crate::overlay::Overlay;

/// What is sent, by the names on the wire.
pub(super) type Params = BTreeMap<String, String>;

/// A service's model, and what is needed to make inputs from it.
#[derive(Debug)]
pub(super) struct Service<'b> {
    pub(super) facts: Facts,
    overlay: Overlay,
    patterns: Patterns,
    wording: Wording,
    pub(super) beyond: &'b Beyond,
}

/// An input, and what its answer must be.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) kind: Kind,
    /// The member, as refusals name it.
    pub(super) path: String,
    pub(super) params: Params,
    pub(super) expect: Expect,
}

/// What an answer must be.
#[derive(Clone, Debug)]
pub(super) enum Expect {
    /// No complaint of the model's constraints.
    Accepted,
    /// A `ValidationError` that says all of this.
    Refused(Vec<Wrong>),
    /// A `MalformedInput`: the value is not of its type.
    Malformed,
}

/// All inputs of an operation.
#[derive(Debug, Default)]
pub(super) struct Cases {
    pub(super) cases: Vec<Case>,
    /// The members of the input, with those within members.
    pub(super) members: usize,
    /// The constraints: each kind at each member.
    pub(super) constraints: BTreeSet<(Kind, String)>,
}

/// A place in an input.
#[derive(Clone, Debug)]
struct Place {
    /// As requests name it.
    wire: String,
    /// As refusals name it.
    path: String,
}

impl<'b> Service<'b> {
    /// Reads the corrected model of a service.
    pub(super) fn read(name: &str, beyond: &'b Beyond) -> Result<Self> {
        let mut facts = Facts::read(name)?;
        let overlay = Overlay::read(name)?;
        overlay.apply(&mut facts)?;
        let wording = Wording { shows_values: name == "sts" };
        Ok(Self { facts, overlay, patterns: Patterns::read()?, wording, beyond })
    }

    /// All inputs of an operation.
    pub(super) fn cases(&self, operation: &str) -> Result<Cases> {
        let facts = self.facts.operations.get(operation).context("no such operation")?;
        let mut cases = Cases::default();
        let Some(input) = &facts.input else {
            cases.add(Kind::Required, "", Params::new(), Expect::Accepted);
            return Ok(cases);
        };
        let root = Place { wire: String::new(), path: String::new() };
        let mut required = Params::new();
        self.put_members(input, &root, &mut required, |member| member.required)?;
        let mut all = Params::new();
        self.put_members(input, &root, &mut all, |_| true)?;
        cases.add(Kind::Required, "", required.clone(), Expect::Accepted);
        cases.add(Kind::Required, "", all, Expect::Accepted);
        self.structure(&mut cases, input, &root, &Params::new())?;
        self.several(&mut cases, input, &required)?;
        Ok(cases)
    }

    /// Inputs in which more than one thing is wrong.
    fn several(&self, cases: &mut Cases, input: &str, required: &Params) -> Result<()> {
        let members = &self.facts.structure(input)?.members;
        let missing: Vec<Wrong> = members
            .iter()
            .filter(|member| member.required)
            .map(|member| {
                self.wording.clause(None, &lower_first(&member.name), &Constraint::NotNull)
            })
            .collect();
        if missing.len() > 1 {
            cases.add(
                Kind::Several,
                "all that is required",
                Params::new(),
                Expect::Refused(missing),
            );
        }
        // One wrong value for each member that can have one.
        let mut wrong = Vec::new();
        for member in members {
            let is_within = |name: &str| is_within(name, &member.name);
            let mut candidates = cases.cases.iter().filter_map(|case| {
                let Expect::Refused(wrong) = &case.expect else { return None };
                let params: Params = case
                    .params
                    .iter()
                    .filter(|(name, _)| is_within(name))
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect();
                let is_clause = wrong.iter().all(|wrong| matches!(wrong, Wrong::Clause(_)));
                let is_short = params.values().map(String::len).sum::<usize>() < 20_000;
                let is_of_member = case.path.split('.').next() == Some(&lower_first(&member.name));
                let is_usable = is_clause && is_short && is_of_member && case.kind != Kind::Several;
                is_usable.then(|| (params, wrong.clone()))
            });
            // That it is missing comes first, if it is required.
            if let Some((params, clauses)) = candidates.next_back() {
                wrong.push((member.name.clone(), params, clauses));
            }
        }
        for count in BTreeSet::from([2, wrong.len()]) {
            let Some(chosen) = wrong.get(..count).filter(|chosen| chosen.len() > 1) else {
                continue;
            };
            let mut params = required.clone();
            let mut clauses = Vec::new();
            for (member, values, of_member) in chosen {
                params.retain(|name, _| !is_within(name, member));
                params.extend(values.clone());
                clauses.extend(of_member.clone());
            }
            let names: Vec<&str> = chosen.iter().map(|(name, ..)| name.as_str()).collect();
            cases.add(Kind::Several, &names.join(", "), params, Expect::Refused(clauses));
        }
        Ok(())
    }

    /// Inputs for each member of a structure; `rest` is the input without it.
    fn structure(&self, cases: &mut Cases, shape: &str, at: &Place, rest: &Params) -> Result<()> {
        let members = &self.facts.structure(shape)?.members;
        for member in members {
            cases.members += 1;
            let place = at.member(member);
            let mut others = rest.clone();
            self.put_members(shape, at, &mut others, |other| {
                other.required && other.name != member.name
            })?;
            if member.required {
                self.missing(cases, shape, (at, member), &others)?;
            }
            self.value(cases, &member.shape, &place, &others)?;
        }
        Ok(())
    }

    /// The input without a required member.
    fn missing(
        &self,
        cases: &mut Cases,
        shape: &str,
        (at, member): (&Place, &Member),
        others: &Params,
    ) -> Result<()> {
        let mut params = others.clone();
        let is_there = |params: &Params| {
            at.wire.is_empty() || params.keys().any(|name| is_within(name, &at.wire))
        };
        if !is_there(&params) {
            // A structure is there only if something in it is.
            let members = &self.facts.structure(shape)?.members;
            let Some(other) = members.iter().find(|other| other.name != member.name) else {
                return Ok(());
            };
            self.put_members(shape, at, &mut params, |one| one.name == other.name)?;
        }
        let path = at.member(member).path;
        let wrong = self.wording.clause(None, &path, &Constraint::NotNull);
        cases.add(Kind::Required, &path, params, Expect::Refused(vec![wrong]));
        Ok(())
    }

    fn value(&self, cases: &mut Cases, shape: &str, at: &Place, rest: &Params) -> Result<()> {
        match self.facts.shape(shape)? {
            Shape::Structure(_) => self.structure(cases, shape, at, rest),
            Shape::String(text) => self.text(cases, text, at, rest),
            Shape::Integer(range) => {
                self.integer(cases, *range, at, rest);
                Ok(())
            }
            Shape::Boolean => {
                for (text, expect) in [
                    ("true", Expect::Accepted),
                    ("false", Expect::Accepted),
                    ("maybe", Expect::Malformed),
                ] {
                    cases.add_value(Kind::Type, at, rest, text, expect);
                }
                Ok(())
            }
            Shape::List(list) => self.list(cases, list, at, rest),
            Shape::Map(map) => self.map(cases, map, at, rest),
            Shape::Timestamp | Shape::Blob(_) => {
                bail!("`{shape}`: nothing is known of such inputs")
            }
        }
    }

    fn text(&self, cases: &mut Cases, text: &Text, at: &Place, rest: &Params) -> Result<()> {
        for input in texts::inputs(&self.patterns, text)? {
            let shown = (!text.sensitive).then_some(input.text.as_str());
            let wrong: Vec<Wrong> = input
                .broken
                .iter()
                .map(|constraint| self.wrong(shown, &at.path, constraint))
                .collect();
            cases.add_value(input.kind, at, rest, &input.text, Expect::of(wrong));
        }
        Ok(())
    }

    /// A broken constraint of a text, in the service's own words if it has some.
    fn wrong(&self, shown: Option<&str>, path: &str, constraint: &Constraint<'_>) -> Wrong {
        let advice = match constraint {
            Constraint::Pattern(pattern) => self.overlay.advice(pattern),
            _ => None,
        };
        match advice {
            Some(advice) => Wording::sentence(path, advice),
            None => self.wording.clause(shown, path, constraint),
        }
    }

    fn integer(&self, cases: &mut Cases, Range { min, max }: Range, at: &Place, rest: &Params) {
        let mut add = |kind, number: i64, broken: Option<Constraint<'_>>| {
            let text = number.to_string();
            let wrong = broken.map(|broken| self.wording.clause(Some(&text), &at.path, &broken));
            cases.add_value(kind, at, rest, &text, Expect::of(wrong.into_iter().collect()));
        };
        if let Some(min) = min {
            add(Kind::MinValue, min, None);
            add(Kind::MinValue, min - 1, Some(Constraint::MinValue(min)));
        }
        if let Some(max) = max {
            add(Kind::MaxValue, max, None);
            add(Kind::MaxValue, max + 1, Some(Constraint::MaxValue(max)));
        }
        for text in ["", "x", "1.5", "2147483648"] {
            cases.add_value(Kind::Type, at, rest, text, Expect::Malformed);
        }
    }

    fn list(&self, cases: &mut Cases, list: &List, at: &Place, rest: &Params) -> Result<()> {
        let name = list.location_name.as_deref().unwrap_or("member");
        let step = if list.flattened { String::new() } else { format!(".{name}") };
        let element = |number: usize| Place {
            wire: format!("{}{step}.{number}", at.wire),
            path: format!("{}.{number}.member", at.path),
        };
        let of_size = |size: i64| -> Result<Params> {
            let mut params = rest.clone();
            for number in 1..=usize::try_from(size)? {
                self.put(&list.member, &element(number), &mut params)?;
            }
            if size == 0 {
                params.insert(at.wire.clone(), String::new());
            }
            Ok(params)
        };
        self.sizes(cases, list.size, at, of_size)?;

        // The first element is right, the second is tried.
        let mut rest = rest.clone();
        self.put(&list.member, &element(1), &mut rest)?;
        let second = element(2);
        let Shape::String(text) = self.facts.shape(&list.member)? else {
            return self.value(cases, &list.member, &second, &rest);
        };
        let first = texts::valid(&self.patterns, text)?;
        for input in texts::inputs(&self.patterns, text)? {
            let all = format!("[{first}, {}]", input.text);
            let constraint = Constraint::Elements(text);
            let wrong = (!input.broken.is_empty()).then(|| {
                let shown = (!text.sensitive).then_some(all.as_str());
                self.wording.clause(shown, &at.path, &constraint)
            });
            let mut params = rest.clone();
            params.insert(second.wire.clone(), input.text);
            let expect = Expect::of(wrong.into_iter().collect());
            cases.add(input.kind, &second.path, params, expect);
        }
        Ok(())
    }

    fn map(&self, cases: &mut Cases, map: &Map, at: &Place, rest: &Params) -> Result<()> {
        let (Shape::String(keys), values) =
            (self.facts.shape(&map.key)?, self.facts.shape(&map.value)?)
        else {
            bail!("`{}` is not a text", map.key);
        };
        let entry = |number: usize| format!("{}.entry.{number}", at.wire);
        let value = |number: usize, key: &str| Place {
            wire: format!("{}.value", entry(number)),
            path: format!("{}.{key}.member", at.path),
        };
        let put = |params: &mut Params, number: usize, key: &str| -> Result<()> {
            params.insert(format!("{}.key", entry(number)), key.to_owned());
            self.put(&map.value, &value(number, key), params)
        };
        let of_size = |size: i64| -> Result<Params> {
            let mut params = rest.clone();
            for number in 1..=usize::try_from(size)? {
                put(&mut params, number, &format!("key{number}"))?;
            }
            Ok(params)
        };
        self.sizes(cases, map.size, at, of_size)?;

        for input in texts::inputs(&self.patterns, keys)? {
            let mut params = rest.clone();
            put(&mut params, 1, &input.text)?;
            let constraint = Constraint::Keys(keys);
            let wrong = (!input.broken.is_empty())
                .then(|| self.wording.clause(None, &at.path, &constraint));
            let expect = Expect::of(wrong.into_iter().collect());
            cases.add(input.kind, &format!("{} (keys)", at.path), params, expect);
        }
        let mut rest = rest.clone();
        rest.insert(format!("{}.key", entry(1)), KEY.to_owned());
        let Shape::String(text) = values else {
            return self.value(cases, &map.value, &value(1, KEY), &rest);
        };
        for input in texts::inputs(&self.patterns, text)? {
            let constraint = Constraint::Values(text);
            let wrong = (!input.broken.is_empty())
                .then(|| self.wording.clause(None, &at.path, &constraint));
            let mut params = rest.clone();
            params.insert(value(1, KEY).wire, input.text);
            let expect = Expect::of(wrong.into_iter().collect());
            cases.add(input.kind, &format!("{} (values)", at.path), params, expect);
        }
        Ok(())
    }

    /// Sizes of lists and maps.
    fn sizes(
        &self,
        cases: &mut Cases,
        Range { min, max }: Range,
        at: &Place,
        of_size: impl Fn(i64) -> Result<Params>,
    ) -> Result<()> {
        let clause = |constraint| vec![self.wording.clause(None, &at.path, &constraint)];
        if let Some(min) = min {
            cases.add(Kind::MinSize, &at.path, of_size(min)?, Expect::Accepted);
            if min > 0 {
                let expect = Expect::Refused(clause(Constraint::MinLength(min)));
                cases.add(Kind::MinSize, &at.path, of_size(min - 1)?, expect);
            }
        }
        if let Some(max) = max {
            cases.add(Kind::MaxSize, &at.path, of_size(max)?, Expect::Accepted);
            let expect = Expect::Refused(clause(Constraint::MaxLength(max)));
            cases.add(Kind::MaxSize, &at.path, of_size(max + 1)?, expect);
        }
        Ok(())
    }

    /// Puts a value that breaks nothing.
    fn put(&self, shape: &str, at: &Place, params: &mut Params) -> Result<()> {
        let text = match self.facts.shape(shape)? {
            Shape::Structure(structure) => {
                // One of which nothing is required is there only if something is.
                let first = structure.members.first().map(|member| member.name.as_str());
                let none = !structure.members.iter().any(|member| member.required);
                return self.put_members(shape, at, params, |member| {
                    member.required || (none && Some(member.name.as_str()) == first)
                });
            }
            Shape::List(list) => {
                let name = list.location_name.as_deref().unwrap_or("member");
                let step = if list.flattened { String::new() } else { format!(".{name}") };
                let wire = format!("{}{step}.1", at.wire);
                return self.put(&list.member, &Place { wire, path: String::new() }, params);
            }
            Shape::Map(map) => {
                let wire = format!("{}.entry.1", at.wire);
                params.insert(format!("{wire}.key"), KEY.to_owned());
                let place = Place { wire: format!("{wire}.value"), path: String::new() };
                return self.put(&map.value, &place, params);
            }
            Shape::String(text) => match self.beyond.value(shape) {
                Some(text) => text.to_owned(),
                None => texts::valid(&self.patterns, text)?,
            },
            Shape::Integer(range) => range.min.or(range.max).unwrap_or(1).to_string(),
            Shape::Boolean => "true".to_owned(),
            Shape::Timestamp | Shape::Blob(_) => {
                bail!("`{shape}`: nothing is known of such inputs")
            }
        };
        params.insert(at.wire.clone(), text);
        Ok(())
    }

    fn put_members(
        &self,
        shape: &str,
        at: &Place,
        params: &mut Params,
        which: impl Fn(&Member) -> bool,
    ) -> Result<()> {
        let members = &self.facts.structure(shape)?.members;
        members
            .iter()
            .filter(|member| which(member))
            .try_for_each(|member| self.put(&member.shape, &at.member(member), params))
    }
}

impl Expect {
    fn of(wrong: Vec<Wrong>) -> Self {
        if wrong.is_empty() { Self::Accepted } else { Self::Refused(wrong) }
    }
}

impl Cases {
    fn add(&mut self, kind: Kind, path: &str, params: Params, expect: Expect) {
        if !path.is_empty() {
            self.constraints.insert((kind, path.to_owned()));
        }
        self.cases.push(Case { kind, path: path.to_owned(), params, expect });
    }

    fn add_value(&mut self, kind: Kind, at: &Place, rest: &Params, value: &str, expect: Expect) {
        let mut params = rest.clone();
        params.insert(at.wire.clone(), value.to_owned());
        self.add(kind, &at.path, params, expect);
    }
}

impl Place {
    fn member(&self, member: &Member) -> Self {
        let dot = if self.wire.is_empty() { "" } else { "." };
        Self {
            wire: format!("{}{dot}{}", self.wire, member.wire_name()),
            path: format!("{}{dot}{}", self.path, lower_first(&member.name)),
        }
    }
}

/// Whether a parameter is a member or lies within it.
fn is_within(name: &str, member: &str) -> bool {
    name.strip_prefix(member).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn lower_first(name: &str) -> String {
    let mut chars = name.chars();
    let first = chars.next().map(|char| char.to_ascii_lowercase());
    first.into_iter().chain(chars).collect()
}

/// A key of maps.
const KEY: &str = "key";

#[cfg(test)]
mod tests {
    use super::*;

    fn cases(operation: &str) -> Cases {
        Service::read("iam", &Beyond::read().unwrap()).unwrap().cases(operation).unwrap()
    }

    fn params(case: &Case) -> Vec<(&str, &str)> {
        case.params.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    #[test]
    fn an_operation_is_tried_at_all_its_constraints() {
        let cases = cases("GetUser");
        assert_eq!(cases.members, 1);
        let kinds: Vec<Kind> = cases.constraints.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(kinds, [Kind::MinLength, Kind::MaxLength, Kind::Pattern]);
        let long = cases
            .cases
            .iter()
            .find(|case| case.params.get("UserName").is_some_and(|name| name.len() == 129));
        assert!(matches!(&long.unwrap().expect, Expect::Refused(wrong) if wrong.len() == 1));
    }

    #[test]
    fn members_of_elements_are_named_by_their_number() {
        let cases = cases("TagUser");
        let missing = cases
            .cases
            .iter()
            .find(|case| case.kind == Kind::Required && case.path == "tags.2.member.key")
            .unwrap();
        let names: Vec<&str> = params(missing).iter().map(|(name, _)| *name).collect();
        assert_eq!(
            names,
            ["Tags.member.1.Key", "Tags.member.1.Value", "Tags.member.2.Value", "UserName"]
        );
    }

    #[test]
    fn several_things_are_wrong_at_once() {
        let cases = cases("CreateRole");
        let counts: Vec<usize> = cases
            .cases
            .iter()
            .filter(|case| case.kind == Kind::Several)
            .map(|case| match &case.expect {
                Expect::Refused(wrong) => wrong.len(),
                _ => 0,
            })
            .collect();
        assert_eq!(counts.len(), 3, "{counts:?}");
        assert!(counts.iter().all(|count| *count >= 2), "{counts:?}");
    }

    #[test]
    fn every_operation_has_inputs() {
        let beyond = Beyond::read().unwrap();
        for service in ["iam", "sts"] {
            let service = Service::read(service, &beyond).unwrap();
            for operation in service.facts.operations.keys() {
                assert!(!service.cases(operation).unwrap().cases.is_empty(), "{operation}");
            }
        }
    }
}
