//! Other people's signatures, and ours to say which of them hold.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, anyhow, ensure};
use serde::Deserialize;

use super::generate::{Algorithm, Unsigned};
use super::random::Random;
use super::roster::Homes;
use super::{rust_signer, tool};
use crate::cargo;
use crate::table::{Align, columns};

/// Has all signers sign the same `count` requests with SigV4, and those who can a tenth as many with SigV4a; verifies
/// these and mutants of them that differ in one byte, at most 16 in each part of a request; and prints what came of
/// it. Answers whether every signer was heard and none was misjudged.
pub(crate) fn run(
    homes: &Homes,
    folders: &super::Folders,
    count: usize,
    seed: u64,
) -> Result<bool> {
    println!(
        "signatures: {count} requests for each signer, a tenth of that with SigV4a, and of each up to 16 mutants in \
         each part, --seed {seed}"
    );
    let mut random = Random::new(seed);
    let mut batches = Vec::new();
    for (algorithm, folder, signers, count) in [
        (Algorithm::V4, "v4", V4_SIGNERS, count),
        (Algorithm::V4a, "v4a", V4A_SIGNERS, count.div_ceil(10)),
    ] {
        let folder = folders.work.join("signatures").join(folder);
        batches.push((signers, Batch::new(algorithm, folder, count, &mut random)?));
    }
    let mut complete = true;
    let mut verdicts = Vec::new();
    for (signers, batch) in &batches {
        let (able, unable): (Vec<_>, Vec<_>) = signers
            .iter()
            .map(|(title, signer)| (*title, Hand::of(signer, homes, &folders.scripts)))
            .partition(|(_, hand)| hand.is_ok());
        for (title, hand) in unable {
            complete = false;
            println!("left out: {title} ({})", hand.err().unwrap_or_default());
        }
        let able = able.into_iter().filter_map(|(title, hand)| Some((title, hand.ok()?))).collect();
        verdicts.extend(batch.judge(able, &folders.target)?);
    }
    print!("{}", table(&verdicts));
    for (signer, verdict) in &verdicts {
        verdict.mistakes.iter().for_each(|mistake| println!("✗ {signer}: {mistake}"));
    }
    println!("{}", summary(&verdicts));
    Ok(complete && verdicts.iter().all(|(_, verdict)| verdict.is_right()))
}

/// Requests that several signers sign.
struct Batch {
    folder: PathBuf,
    requests: Vec<Unsigned>,
    /// The same, a line for each.
    unsigned: PathBuf,
}

impl Batch {
    fn new(
        algorithm: Algorithm,
        folder: PathBuf,
        count: usize,
        random: &mut Random,
    ) -> Result<Self> {
        tool::empty_folder(&folder)?;
        let requests: Vec<_> = (0..count).map(|_| Unsigned::random(algorithm, random)).collect();
        let unsigned = folder.join("unsigned.jsonl");
        let lines = requests.iter().map(|request| Ok(serde_json::to_string(request)?));
        write_lines(&unsigned, lines)?;
        Ok(Self { folder, requests, unsigned })
    }

    /// All signers, at the same time.
    fn judge(
        &self,
        hands: Vec<(&'static str, Hand)>,
        target: &Path,
    ) -> Result<Vec<(&'static str, Verdict)>> {
        let judge = |title: &'static str, hand: Hand| {
            let signed = self.folder.join(title).with_extension("jsonl");
            hand.sign(&self.requests, &self.unsigned, &signed).context(title)?;
            let verdict = verify(target, &signed)?;
            let judged = verdict.accepted + verdict.wrongly_refused;
            ensure!(judged == self.requests.len(), "{title} signed {judged} requests only");
            Ok((title, verdict))
        };
        thread::scope(|scope| {
            let running: Vec<_> = hands
                .into_iter()
                .map(|(title, hand)| scope.spawn(move || judge(title, hand)))
                .collect();
            let finish = |running: thread::ScopedJoinHandle<'_, Result<_>>| {
                running.join().unwrap_or_else(|_| Err(anyhow!("a signer broke off")))
            };
            running.into_iter().map(finish).collect()
        })
    }
}

/// Builds the verifier, which is an example of the crate that verifies; for release, since it has much to do.
pub(crate) fn build_verifier() -> Result<()> {
    cargo::build(&[
        "--release",
        "-p",
        "daypass-sigv4",
        "--features",
        "sigv4a",
        "--example",
        VERIFIER,
    ])
}

/// What makes the signatures of a signer.
enum Hand {
    /// This very program.
    Ours,
    /// A script that reads requests and writes them signed.
    Script(Command),
}

impl Hand {
    fn of(signer: &str, homes: &Homes, scripts: &Path) -> Result<Self, String> {
        let mut command = match signer {
            "aws-sigv4" => return Ok(Self::Ours),
            "smithy" => {
                let mut command = Command::new("node");
                command.current_dir(homes.node.as_ref().map_err(String::clone)?.folder());
                command.arg(scripts.join("sign_smithy.mjs"));
                command
            }
            _ => {
                let mut command =
                    Command::new(homes.python.as_ref().map_err(String::clone)?.program("python"));
                command.arg(scripts.join(format!("sign_{signer}.py")));
                command
            }
        };
        // Python would leave its compiled modules beside the scripts.
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        Ok(Self::Script(command))
    }

    fn sign(self, requests: &[Unsigned], unsigned: &Path, signed: &Path) -> Result<()> {
        match self {
            Self::Ours => {
                let sign = |request| Ok(rust_signer::signed(request)?.to_string());
                write_lines(signed, requests.iter().map(sign))
            }
            Self::Script(mut command) => {
                let (from, to) = (File::open(unsigned)?, File::create(signed)?);
                let output = command.stdin(from).stdout(to).stderr(Stdio::piped()).output()?;
                let complaint = String::from_utf8_lossy(&output.stderr);
                ensure!(output.status.success(), "{}", complaint.trim());
                Ok(())
            }
        }
    }
}

fn verify(target: &Path, signed: &Path) -> Result<Verdict> {
    let verifier = target.join("release/examples").join(VERIFIER);
    let answer = tool::run(Command::new(verifier).stdin(File::open(signed)?))?;
    serde_json::from_str(&answer).with_context(|| format!("the verifier answered {answer:?}"))
}

fn write_lines(path: &Path, lines: impl Iterator<Item = Result<String>>) -> Result<()> {
    let mut file = BufWriter::new(fs::File::create(path)?);
    for line in lines {
        writeln!(file, "{}", line?)?;
    }
    Ok(file.flush()?)
}

/// What the verifier says of one signer's requests.
#[derive(Debug, Deserialize)]
struct Verdict {
    accepted: usize,
    wrongly_refused: usize,
    mutants: BTreeMap<String, Mutants>,
    mistakes: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Mutants {
    refused: usize,
    wrongly_accepted: usize,
}

impl Verdict {
    fn is_right(&self) -> bool {
        let every_part = PARTS
            .iter()
            .all(|part| self.mutants.get(*part).is_some_and(|mutants| mutants.refused > 0));
        self.wrongly_refused == 0 && every_part && self.wrongly_accepted() == 0
    }

    fn mutants_refused(&self) -> usize {
        self.mutants.values().map(|mutants| mutants.refused).sum()
    }

    fn wrongly_accepted(&self) -> usize {
        self.mutants.values().map(|mutants| mutants.wrongly_accepted).sum()
    }
}

fn summary(verdicts: &[(&str, Verdict)]) -> String {
    let sum = |count: fn(&Verdict) -> usize| -> usize {
        verdicts.iter().map(|(_, verdict)| count(verdict)).sum()
    };
    format!(
        "{} requests accepted and {} mutants refused; wrongly refused: {}; wrongly accepted: {}",
        sum(|verdict| verdict.accepted),
        sum(Verdict::mutants_refused),
        sum(|verdict| verdict.wrongly_refused),
        sum(Verdict::wrongly_accepted),
    )
}

fn table(verdicts: &[(&str, Verdict)]) -> String {
    let head = ["signer", "accepted", "wrongly refused", "mutants refused"].into_iter();
    let head = head.chain(PARTS).chain(["wrongly accepted"]);
    let mut rows = vec![head.map(str::to_owned).collect::<Vec<_>>()];
    for (signer, verdict) in verdicts {
        let refused = |part: &str| verdict.mutants.get(part).map_or(0, |mutants| mutants.refused);
        let numbers =
            [verdict.accepted, verdict.wrongly_refused, verdict.mutants_refused()].into_iter();
        let numbers = numbers.chain(PARTS.map(refused)).chain([verdict.wrongly_accepted()]);
        rows.push(
            [(*signer).to_owned()]
                .into_iter()
                .chain(numbers.map(|number| number.to_string()))
                .collect(),
        );
    }
    columns(&rows, Align::Right)
}

/// Those who know SigV4, as the table names them and as they are called.
const V4_SIGNERS: &[(&str, &str)] = &[
    ("aws-sigv4", "aws-sigv4"),
    ("botocore", "botocore"),
    ("smithy", "smithy"),
    ("awscrt", "awscrt"),
];
/// Those who know SigV4a.
const V4A_SIGNERS: &[(&str, &str)] =
    &[("aws-sigv4 (v4a)", "aws-sigv4"), ("awscrt (v4a)", "awscrt")];
const VERIFIER: &str = "verify_lines";
/// The parts of a request that the verifier makes mutants in.
const PARTS: [&str; 8] =
    ["method", "path", "query", "header", "body", "date", "scope", "signature"];
