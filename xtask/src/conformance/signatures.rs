//! Other people's signatures, and ours to say which of them hold.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, anyhow, ensure};
use serde::Deserialize;

use super::generate::Unsigned;
use super::random::Random;
use super::roster::Homes;
use super::{rust_signer, tool};
use crate::cargo;
use crate::table::{Align, columns};

/// Has all signers, at the same time, sign the same `count` requests, verifies these and their mutants, and prints what came of it.
/// Answers whether every signer was heard and none was misjudged.
pub(crate) fn run(
    homes: &Homes,
    folders: &super::Folders,
    count: usize,
    seed: u64,
) -> Result<bool> {
    let folder = folders.work.join("signatures");
    tool::empty_folder(&folder)?;
    println!("signatures: {count} requests for each signer, --seed {seed}");
    let mut random = Random::new(seed);
    let requests: Vec<Unsigned> = (0..count).map(|_| Unsigned::random(&mut random)).collect();
    let unsigned = folder.join("unsigned.jsonl");
    write_lines(&unsigned, requests.iter().map(|request| Ok(serde_json::to_string(request)?)))?;

    let signers = ["aws-sigv4", "botocore", "smithy", "awscrt"];
    let (able, unable): (Vec<_>, Vec<_>) = signers
        .into_iter()
        .map(|signer| (signer, Hand::of(signer, homes, &folders.scripts)))
        .partition(|(_, hand)| hand.is_ok());
    for (signer, reason) in
        unable.iter().filter_map(|(signer, hand)| Some((signer, hand.as_ref().err()?)))
    {
        println!("left out: {signer} ({reason})");
    }
    let judge = |signer: &str, hand: Hand| -> Result<Verdict> {
        let signed = folder.join(format!("{signer}.jsonl"));
        hand.sign(&requests, &unsigned, &signed).context(signer.to_owned())?;
        verify(&folders.target, &signed)
    };
    let verdicts = thread::scope(|scope| {
        let running: Vec<_> = able
            .into_iter()
            .filter_map(|(signer, hand)| Some((signer, hand.ok()?)))
            .map(|(signer, hand)| (signer, scope.spawn(|| judge(signer, hand))))
            .collect();
        let finish = |(signer, running): (_, thread::ScopedJoinHandle<'_, Result<Verdict>>)| {
            let verdict = running.join().map_err(|_| anyhow!("{signer} broke off"))??;
            Ok((signer, verdict))
        };
        running.into_iter().map(finish).collect::<Result<Vec<_>>>()
    })?;
    print!("{}", table(&verdicts));
    for (signer, verdict) in &verdicts {
        verdict.mistakes.iter().for_each(|mistake| println!("✗ {signer}: {mistake}"));
    }
    let sum = |count: fn(&Verdict) -> usize| -> usize {
        verdicts.iter().map(|(_, verdict)| count(verdict)).sum()
    };
    println!(
        "{} requests accepted, {} of their single-byte mutants refused; wrongly refused: {}, wrongly accepted: {}",
        sum(|verdict| verdict.accepted),
        sum(Verdict::mutants_refused),
        sum(|verdict| verdict.wrongly_refused),
        sum(Verdict::wrongly_accepted),
    );
    Ok(unable.is_empty() && verdicts.iter().all(|(_, verdict)| verdict.is_right_about(count)))
}

/// Builds the verifier, which is an example of the crate that verifies; for release, since it has much to do.
pub(crate) fn build_verifier() -> Result<()> {
    cargo::build(&["--release", "-p", "daypass-sigv4", "--example", VERIFIER])
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
    fn is_right_about(&self, count: usize) -> bool {
        let every_part = PARTS
            .iter()
            .all(|part| self.mutants.get(*part).is_some_and(|mutants| mutants.refused > 0));
        self.accepted == count
            && self.wrongly_refused == 0
            && every_part
            && self.wrongly_accepted() == 0
    }

    fn mutants_refused(&self) -> usize {
        self.mutants.values().map(|mutants| mutants.refused).sum()
    }

    fn wrongly_accepted(&self) -> usize {
        self.mutants.values().map(|mutants| mutants.wrongly_accepted).sum()
    }
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

const VERIFIER: &str = "verify_lines";
/// The parts of a request that the verifier makes mutants in.
const PARTS: [&str; 8] =
    ["method", "path", "query", "header", "body", "date", "scope", "signature"];
