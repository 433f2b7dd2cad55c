//! The table of clients and steps.

use crate::table::{Align, columns};

/// What a step came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    Passed,
    Failed(String),
    /// The client cannot do this, whatever the server does.
    NotFor(&'static str),
}

/// What one client did.
#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) client: &'static str,
    pub(crate) marks: Vec<Mark>,
}

/// Sets the steps down the side and the clients across, and what went wrong below.
pub(crate) fn table(steps: &[&str], clients: &[Column]) -> String {
    let head =
        [String::new()].into_iter().chain(clients.iter().map(|column| column.client.to_owned()));
    let mut rows: Vec<Vec<String>> = vec![head.collect()];
    for (index, step) in steps.iter().enumerate() {
        let marks =
            clients.iter().map(|column| column.marks.get(index).map_or("", Mark::sign).to_owned());
        rows.push([(*step).to_owned()].into_iter().chain(marks).collect());
    }
    let mut text = columns(&rows, Align::Left);
    for Column { client, marks } in clients {
        // What follows the first failure is often its consequence.
        let first = marks.iter().zip(steps).find_map(|(mark, step)| match mark {
            Mark::Failed(reason) => Some(format!("✗ {client}, {step}: {reason}\n")),
            _ => None,
        });
        text.extend(first);
        for (reason, steps) in skipped(steps, marks) {
            text += &format!("– {client}, {}: {reason}\n", steps.join("; "));
        }
    }
    text
}

/// What a client cannot do, by the reason.
fn skipped<'a>(steps: &[&'a str], marks: &[Mark]) -> Vec<(&'static str, Vec<&'a str>)> {
    let mut by_reason: Vec<(&'static str, Vec<&'a str>)> = Vec::new();
    for (mark, step) in marks.iter().zip(steps) {
        if let Mark::NotFor(reason) = *mark {
            match by_reason.iter_mut().find(|(known, _)| *known == reason) {
                Some((_, steps)) => steps.push(step),
                None => by_reason.push((reason, vec![step])),
            }
        }
    }
    by_reason
}

impl Mark {
    fn sign(&self) -> &'static str {
        match self {
            Self::Passed => "✓",
            Self::Failed(_) => "✗",
            Self::NotFor(_) => "–",
        }
    }
}

impl Column {
    /// Whether nothing failed.
    pub(crate) fn is_clean(&self) -> bool {
        !self.marks.iter().any(|mark| matches!(mark, Mark::Failed(_)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_the_first_failure_of_each_client_and_what_it_cannot_do() {
        let not_for = Mark::NotFor("too old");
        let clients = [
            Column { client: "boto3", marks: vec![Mark::Passed, not_for.clone(), not_for] },
            Column {
                client: "JS",
                marks: ["a", "b", "c"].map(|why| Mark::Failed(why.to_owned())).to_vec(),
            },
        ];
        assert_eq!(
            table(&["one", "two", "three"], &clients),
            "       boto3  JS\none    ✓      ✗\ntwo    –      ✗\nthree  –      ✗\n\
             – boto3, two; three: too old\n✗ JS, one: a\n"
        );
        assert!(clients[0].is_clean() && !clients[1].is_clean());
    }
}
