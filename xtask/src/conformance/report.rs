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
        let skipped = marks.iter().zip(steps).filter_map(|(mark, step)| match mark {
            Mark::NotFor(reason) => Some(format!("– {client}, {step}: {reason}\n")),
            _ => None,
        });
        text.extend(first.into_iter().chain(skipped));
    }
    text
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
    fn shows_the_first_failure_of_each_client() {
        let clients = [
            Column { client: "boto3", marks: vec![Mark::Passed, Mark::NotFor("too old")] },
            Column {
                client: "JS",
                marks: vec![Mark::Failed("a".to_owned()), Mark::Failed("b".to_owned())],
            },
        ];
        assert_eq!(
            table(&["one", "two"], &clients),
            "     boto3  JS\none  ✓      ✗\ntwo  –      ✗\n– boto3, two: too old\n✗ JS, one: a\n"
        );
        assert!(clients[0].is_clean() && !clients[1].is_clean());
    }
}
