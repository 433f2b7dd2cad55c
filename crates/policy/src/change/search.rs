//! The cheapest sequence of edits after which nothing stands in the way.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::candidates::{self, Candidate, Way};
use super::edit::{Change, Edit};
use super::variation::{Obstacle, Variation};

/// Uniform-cost search: states are taken in the order of what they cost, so the first that is free
/// of obstacles is the cheapest, unless it is further away than anybody would go.
pub(super) fn run(start: Variation<'_>, obstacle: Obstacle) -> Option<Change> {
    let first = State { variation: start.clone(), obstacle: Some(obstacle), edits: Vec::new() };
    let mut states = vec![first];
    let mut queue = BinaryHeap::from([Reverse((0, 0))]);
    let mut looked_at = 0;
    while let Some(Reverse((cost, index))) = queue.pop() {
        let state = states.get(index)?;
        let Some(obstacle) = state.obstacle else {
            return Some(Change { edits: start.needed(&state.edits) });
        };
        looked_at += 1;
        if looked_at > MAX_STATES {
            // Where so much stands in the way, any way out will do.
            let edits = states.swap_remove(index).straight_on()?;
            return Some(Change { edits: start.needed(&edits) });
        }
        for (further, state) in state.next(obstacle) {
            queue.push(Reverse((cost + further, states.len())));
            states.push(state);
        }
    }
    None
}

struct State<'a> {
    variation: Variation<'a>,
    obstacle: Option<Obstacle>,
    edits: Vec<Edit>,
}

impl<'a> State<'a> {
    /// The states that are one obstacle further, and what it costs to come there.
    fn next(&self, obstacle: Obstacle) -> Vec<(u32, Self)> {
        let mut found = Vec::new();
        let mut room = Way::ROOM;
        for candidate in candidates::against(&self.variation, obstacle) {
            let Some(room) = room.get_mut(candidate.way.index()).filter(|room| **room > 0) else {
                continue;
            };
            let Some(state) = self.after(&candidate) else { continue };
            if state.obstacle != Some(obstacle) {
                *room -= 1;
                found.push((candidate.cost, state));
            }
        }
        found
    }

    /// Takes the cheapest candidate against each obstacle.
    fn straight_on(mut self) -> Option<Vec<Edit>> {
        for _ in 0..MAX_STATES {
            let Some(obstacle) = self.obstacle else { return Some(self.edits) };
            (_, self) = self.next(obstacle).into_iter().next()?;
        }
        None
    }

    fn after(&self, candidate: &Candidate) -> Option<Self> {
        let variation = self.variation.after_all(&candidate.edits)?;
        let edits = [&*self.edits, &*candidate.edits].concat();
        Some(Self { obstacle: variation.obstacle(), variation, edits })
    }
}

/// Far more than any request needs whose policies a person has written.
const MAX_STATES: usize = 64;
