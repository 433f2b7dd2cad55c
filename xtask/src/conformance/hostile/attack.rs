//! The tables of attacks.

use anyhow::{Context as _, Result};
use serde::Deserialize;
use toml::{Table, Value};

use super::world::Mode;
use crate::conformance::request::Request;

/// A row of a table, as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Row {
    name: String,
    /// Which servers are attacked; all, if none is named.
    #[serde(default)]
    on: Vec<Mode>,
    request: Table,
    /// Changes to the request, each of which makes an attack of its own.
    #[serde(default)]
    vary: Vec<Table>,
    /// What makes a well-behaved request of it, which must succeed.
    control: Option<Table>,
    /// Where the control succeeds; where the attack is made, if nothing is said.
    #[serde(default)]
    control_on: Vec<Mode>,
    /// What makes another request of it that must be answered alike.
    twin: Option<Table>,
    #[serde(default)]
    expect: Expect,
}

/// What an answer must be like. If nothing is said, it must be no success: a status from 300 on (AWS
/// sends who does not call it to its web site), or no answer. Whatever is said, nothing of what there was may be changed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Expect {
    /// Whether it may be a success, which then is all that it must not tell.
    pub(crate) may_succeed: bool,
    pub(crate) status: Option<u16>,
    /// AWS's error codes, one of which it must be.
    pub(crate) codes: Vec<String>,
    /// Texts that it must not hold.
    pub(crate) lacks: Vec<String>,
}

/// An attack that can be made.
#[derive(Debug)]
pub(crate) struct Attack {
    pub(crate) family: &'static str,
    pub(crate) name: String,
    on: Vec<Mode>,
    control_on: Vec<Mode>,
    pub(crate) request: Request,
    pub(crate) control: Option<Request>,
    pub(crate) twin: Option<Request>,
    pub(crate) expect: Expect,
}

impl Attack {
    /// Whether it is made on such a server.
    pub(crate) fn is_on(&self, mode: Mode) -> bool {
        self.on.is_empty() || self.on.contains(&mode)
    }

    /// The control, where it succeeds.
    pub(crate) fn control_on(&self, mode: Mode) -> Option<&Request> {
        let succeeds = self.control_on.is_empty() || self.control_on.contains(&mode);
        self.control.as_ref().filter(|_| succeeds)
    }
}

/// All attacks of the tables.
///
/// # Errors
///
/// A table is not as it should be.
pub(crate) fn all() -> Result<Vec<Attack>> {
    let mut attacks = Vec::new();
    for (family, text) in FAMILIES {
        let table: Rows = toml::from_str(text).with_context(|| (*family).to_owned())?;
        for row in table.attack {
            let name = row.name.clone();
            let of_row = of_row(family, row).with_context(|| format!("{family}: {name}"))?;
            attacks.extend(of_row);
        }
    }
    Ok(attacks)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rows {
    attack: Vec<Row>,
}

fn of_row(family: &'static str, row: Row) -> Result<Vec<Attack>> {
    let plain = [Table::new()];
    let variants = if row.vary.is_empty() { &plain[..] } else { &row.vary };
    variants.iter().map(|variant| attack(family, &row, variant)).collect()
}

fn attack(family: &'static str, row: &Row, variant: &Table) -> Result<Attack> {
    let request = merged(&row.request, variant);
    let other = |changes: &Option<Table>| -> Result<Option<Request>> {
        let changed = changes.as_ref().map(|changes| merged(&request, changes));
        changed.map(|changed| Ok(changed.try_into()?)).transpose()
    };
    let (control, twin) = (other(&row.control)?, other(&row.twin)?);
    let name = match variant_name(variant) {
        Some(variant) => format!("{}: {variant}", row.name),
        None => row.name.clone(),
    };
    Ok(Attack {
        family,
        name,
        on: row.on.clone(),
        control_on: row.control_on.clone(),
        control,
        twin,
        expect: row.expect.clone(),
        request: request.try_into()?,
    })
}

/// What tells a variant from others, for the reader.
fn variant_name(variant: &Table) -> Option<String> {
    (!variant.is_empty()).then(|| {
        let texts = variant.iter().map(|(name, value)| match value {
            Value::String(text) => text.clone(),
            value => format!("{name} {value}"),
        });
        texts.collect::<Vec<_>>().join(" ")
    })
}

/// A table with the members of another put over its own. Those that are `""` there are taken away.
fn merged(table: &Table, over: &Table) -> Table {
    let mut merged = table.clone();
    for (name, value) in over {
        match (merged.get_mut(name), value) {
            (_, Value::String(text)) if text.is_empty() => {
                merged.remove(name);
            }
            (Some(Value::Table(below)), Value::Table(over)) => *below = self::merged(below, over),
            _ => {
                merged.insert(name.clone(), value.clone());
            }
        }
    }
    merged
}

/// The tables, by the question that they ask.
const FAMILIES: &[(&str, &str)] = &[
    ("what other accounts may learn", include_str!("other_accounts.toml")),
    ("who counts as local", include_str!("local.toml")),
    ("web pages", include_str!("web_pages.toml")),
    ("forged signatures", include_str!("signatures.toml")),
    ("one meaning", include_str!("one_meaning.toml")),
    ("what can be used up", include_str!("sizes.toml")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_read() {
        let attacks = all().unwrap();
        assert!(attacks.len() > 100, "{}", attacks.len());
        let mut names: Vec<_> = attacks.iter().map(|a| (a.family, &a.name)).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), attacks.len(), "each attack has a name of its own");
    }

    #[test]
    fn changes_are_put_over_members_and_take_them_away() {
        let table = |text: &str| text.parse::<Table>().unwrap();
        let got =
            merged(&table("a = 1\nb = 'x'\nc = {d = 1, e = 2}"), &table("b = ''\nc = {d = 3}"));
        assert_eq!(got, table("a = 1\nc = {d = 3, e = 2}"));
    }
}
