//! Verifies signed requests, and every request that differs from one of them in a single byte.
//!
//! Reads a JSON line for each request from standard input:
//!
//! ```text
//! {"method", "path", "query", "headers": [[name, value]], "body_b64",
//!  "akid", "secret", "region", "service", "time": seconds since 1970}
//! ```
//!
//! `path` and `query` are as they go over the wire; the last row is what the server knows of the key and what time
//! it thinks it is. Writes one JSON object: how many were accepted and wrongly refused, how many of their mutants
//! were refused and wrongly accepted for each part of a request, and the first of each mistake. `cargo xtask
//! conformance --signatures` feeds it what other people's signers made.
#![expect(clippy::print_stdout, reason = "it answers on standard output")]

mod mutate;
mod verify;

use std::{collections::BTreeMap, error::Error, io};

use serde::Serialize;

use crate::{
    mutate::{Part, mutants},
    verify::{Signed, verify},
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut tally = Tally::default();
    for (number, line) in io::stdin().lines().enumerate() {
        tally.count(number, &serde_json::from_str(&line?)?);
    }
    println!("{}", serde_json::to_string(&tally)?);
    Ok(())
}

/// What came of it all.
#[derive(Default, Serialize)]
struct Tally {
    accepted: usize,
    wrongly_refused: usize,
    mutants: BTreeMap<Part, Mutants>,
    /// The first mistakes, for the eye.
    mistakes: Vec<String>,
}

/// What came of the mutants of one part of a request.
#[derive(Default, Serialize)]
struct Mutants {
    refused: usize,
    wrongly_accepted: usize,
}

impl Tally {
    fn count(&mut self, number: usize, signed: &Signed) {
        match verify(signed) {
            Ok(()) => self.accepted += 1,
            Err(error) => {
                self.wrongly_refused += 1;
                self.note(|| format!("refused {signed:?}: {error}"));
                // Mutants of what isn't accepted prove nothing.
                return;
            }
        }
        for (part, mutant) in mutants(signed, number) {
            let of_part = self.mutants.entry(part).or_default();
            match verify(&mutant) {
                Err(_) => of_part.refused += 1,
                Ok(()) => {
                    of_part.wrongly_accepted += 1;
                    self.note(|| {
                        format!("accepted {mutant:?}, a mutant in its {part:?} of {signed:?}")
                    });
                }
            }
        }
    }

    fn note(&mut self, mistake: impl FnOnce() -> String) {
        if self.mistakes.len() < MISTAKES_SHOWN {
            self.mistakes.push(mistake());
        }
    }
}

const MISTAKES_SHOWN: usize = 3;
