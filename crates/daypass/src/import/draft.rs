//! The seed while it is made, and where each of its values comes from.

use std::collections::HashMap;

use daypass_ident::AccountId;

use super::source::{Cursor, Origin};
use crate::seed::place::Path;
use crate::seed::tree::Node;

/// Where the values of a seed come from.
pub(super) type Origins = HashMap<Path, Origin>;

/// A seed that is being made.
#[derive(Debug, Default)]
pub(super) struct Draft {
    accounts: Vec<Account>,
    numbers: HashMap<AccountId, usize>,
    /// Entities by their ARNs or names.
    present: HashMap<String, Path>,
    origins: Origins,
    mistakes: Vec<(Origin, String)>,
    notes: Vec<(Origin, String)>,
}

/// A seed that is made.
#[derive(Debug)]
pub(super) struct Finished {
    pub(super) seed: Node,
    pub(super) origins: Origins,
    pub(super) mistakes: Vec<(Origin, String)>,
    /// What is left out, for a reason that is no mistake.
    pub(super) notes: Vec<(Origin, String)>,
}

#[derive(Debug)]
struct Account {
    id: AccountId,
    as_recorded: bool,
    lists: Vec<(&'static str, Vec<Entity>)>,
}

/// An entity, or a part of one, that is being made.
#[derive(Debug)]
pub(super) struct Entity {
    path: Path,
    members: Vec<(String, Node)>,
}

impl Draft {
    /// Something is wrong at this place.
    pub(super) fn report(&mut self, at: &Cursor<'_>, message: impl Into<String>) {
        self.mistakes.push((at.origin(), message.into()));
    }

    /// Something is left out, which is no mistake.
    pub(super) fn note_left_out(&mut self, at: &Cursor<'_>, message: impl Into<String>) {
        self.notes.push((at.origin(), message.into()));
    }

    /// Begins an entity of an account. `key` is what no other entity has; with a mistake noted, none is begun.
    pub(super) fn entity(
        &mut self,
        account: AccountId,
        as_recorded: bool,
        list: &'static str,
        key: &str,
        at: &Cursor<'_>,
    ) -> Option<Entity> {
        if self.present.contains_key(key) {
            self.report(at, format!("{key} is there twice"));
            return None;
        }
        let number = *self.numbers.entry(account).or_insert_with(|| {
            self.accounts.push(Account { id: account, as_recorded, lists: Vec::new() });
            self.accounts.len() - 1
        });
        let lists = self.accounts.get(number).map(|account| &account.lists);
        let present = lists.into_iter().flatten().find(|(name, _)| *name == list);
        let length = present.map_or(0, |(_, entities)| entities.len());
        let path = Path::to("accounts", number).element(list, length);
        self.present.insert(key.to_owned(), path.clone());
        self.origins.insert(path.clone(), at.origin());
        Some(Entity { path, members: Vec::new() })
    }

    /// Ends an entity, which takes its place in the list that it was begun for.
    pub(super) fn push(&mut self, account: AccountId, list: &'static str, entity: Entity) {
        let number = self.numbers.get(&account);
        let Some(account) = number.and_then(|number| self.accounts.get_mut(*number)) else {
            return;
        };
        match account.lists.iter_mut().find(|(name, _)| *name == list) {
            Some((_, entities)) => entities.push(entity),
            None => account.lists.push((list, vec![entity])),
        }
    }

    /// Gives an entity a member.
    pub(super) fn set(&mut self, entity: &mut Entity, name: &str, node: Node, at: &Cursor<'_>) {
        self.origins.insert(entity.path.member(name), at.origin());
        entity.members.push((name.to_owned(), node));
    }

    /// Gives an entity a list of texts, each with its place.
    pub(super) fn set_list(
        &mut self,
        entity: &mut Entity,
        name: &str,
        texts: Vec<(String, Cursor<'_>)>,
    ) {
        let Some((_, first)) = texts.first() else { return };
        self.origins.insert(entity.path.member(name), first.origin());
        let mut nodes = Vec::new();
        for (number, (text, at)) in texts.into_iter().enumerate() {
            self.origins.insert(entity.path.element(name, number), at.origin());
            nodes.push(Node::text(text));
        }
        entity.members.push((name.to_owned(), Node::List(nodes)));
    }

    /// Says where a value in one of an entity's tables comes from.
    pub(super) fn note(&mut self, entity: &Entity, path: [&str; 3], at: &Cursor<'_>) {
        let [table, key, member] = path;
        self.origins.insert(entity.path.member(table).member(key).member(member), at.origin());
    }

    /// Gives an entity a table, in which each name is once.
    pub(super) fn set_table(
        &mut self,
        entity: &mut Entity,
        name: &str,
        values: Vec<(String, Node, Cursor<'_>)>,
    ) {
        let Some((_, _, first)) = values.first() else { return };
        let table = entity.path.member(name);
        self.origins.insert(table.clone(), first.origin());
        let mut nodes: Vec<(String, Node)> = Vec::new();
        for (key, node, at) in values {
            let place = table.member(&key);
            if self.origins.contains_key(&place) {
                self.report(&at, format!("{key:?} is there twice"));
                continue;
            }
            self.origins.insert(place, at.origin());
            nodes.push((key, node));
        }
        entity.members.push((name.to_owned(), Node::Table(nodes)));
    }

    /// Ends the seed.
    pub(super) fn finish(self) -> Finished {
        let accounts = self.accounts.into_iter().map(|account| {
            let mut members = vec![("id".to_owned(), Node::text(account.id.to_string()))];
            if account.as_recorded {
                members.push(("as_recorded".to_owned(), Node::Scalar(true.into())));
            }
            for (name, entities) in account.lists {
                let entities = entities.into_iter().map(|entity| Node::Table(entity.members));
                members.push((name.to_owned(), Node::List(entities.collect())));
            }
            Node::Table(members)
        });
        let accounts = Node::List(accounts.collect());
        let seed = Node::Table(vec![("accounts".to_owned(), accounts)]);
        Finished { seed, origins: self.origins, mistakes: self.mistakes, notes: self.notes }
    }
}
