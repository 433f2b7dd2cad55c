//! Lists whose elements know their places in the file.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};

/// The elements of a list that could be understood, each with its number in the file.
#[derive(Debug, Clone)]
pub(super) struct Listed<T>(Vec<(usize, T)>);

impl<T> Listed<T> {
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &T)> {
        self.0.iter().map(|(number, element)| (*number, element))
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = (usize, &mut T)> {
        self.0.iter_mut().map(|(number, element)| (*number, element))
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|(_, element)| element)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Listed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ListVisitor(PhantomData))
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = Listed<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Listed<T>, A::Error> {
        let mut elements = Vec::new();
        let mut number = 0;
        while let Some(Slot(element)) = list.next_element()? {
            elements.extend(element.map(|element| (number, element)));
            number += 1;
        }
        Ok(Listed(elements))
    }
}

/// An element, or the gap where one was that has been reported as a mistake.
struct Slot<T>(Option<T>);

/// What [`Slot`] is called to a deserializer, which may then leave a gap.
pub(super) const SLOT: &str = "daypass::seed::Slot";

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Slot<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(SLOT, SlotVisitor(PhantomData))
    }
}

struct SlotVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for SlotVisitor<T> {
    type Value = Slot<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an element")
    }

    fn visit_unit<E>(self) -> Result<Slot<T>, E> {
        Ok(Slot(None))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, value: D) -> Result<Slot<T>, D::Error> {
        T::deserialize(value).map(Some).map(Slot)
    }
}
