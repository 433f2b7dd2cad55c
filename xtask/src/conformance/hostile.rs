//! `cargo xtask conformance --hostile`: attacks on running servers, which must all be held off.
//!
//! Most are rows of tables, one table for each question (`hostile/*.toml`). What takes more than one
//! request is in [`scenario`]. Where it is cheap, an attack has a control: the same request, well-behaved,
//! which must succeed, so that nothing is held off because it was never understood. After each attack
//! nothing that was kept before may have changed.

mod attack;
mod isolation;
mod scenario;
mod world;

use std::thread;

use anyhow::{Context as _, Result, ensure};

use self::attack::{Attack, Expect};
use self::world::{Mode, World};
use super::Folders;
use super::http::Answer;
use super::random::Random;
use super::request::Request;
use crate::table::{Align, columns};
use crate::{cargo, server};

/// Makes all attacks on all kinds of servers, and prints what became of them.
///
/// # Errors
///
/// A server cannot be started, or an attack was not held off.
pub(crate) fn run(folders: &Folders, calls: usize, seed: u64) -> Result<()> {
    cargo::build(&["-p", "daypass"])?;
    let binary = server::binary(&folders.target, "debug");
    let folder = folders.work.join("hostile");
    let attacks = attack::all()?;
    let mut tally = Tally::default();
    thread::scope(|scope| {
        // Some of them only wait, so they go on beside the others.
        let scenarios: Vec<_> = scenario::ALL
            .iter()
            .map(|scenario| {
                let folder = folder.join(format!("scenario-{}", scenario.folder));
                let binary = &binary;
                (scenario, scope.spawn(move || (scenario.hold)(binary, &folder)))
            })
            .collect();
        for mode in Mode::ALL {
            let world = World::start(&binary, &folder.join(mode.title().replace(' ', "-")), mode)?;
            for attack in attacks.iter().filter(|attack| attack.is_on(mode)) {
                tally.add(attack.family, &attack.name, mode.title(), make(&world, attack));
            }
        }
        let isolation = folder.join("isolation");
        let isolated = isolation::run(&binary, &isolation, calls, &mut Random::new(seed));
        let name = format!("{calls} calls in two worlds (--seed {seed})");
        tally.add("one account's state", &name, Mode::WellKnown.title(), isolated);
        for (scenario, thread) in scenarios {
            let outcome = thread.join().unwrap_or_else(|_| Err(anyhow::anyhow!("it broke off")));
            tally.add(scenario.family, scenario.name, scenario.on, outcome);
        }
        anyhow::Ok(())
    })?;
    print!("{}", tally.report());
    ensure!(tally.failures.is_empty(), "{} attacks were not held off", tally.failures.len());
    Ok(())
}

/// Makes an attack.
///
/// # Errors
///
/// It was not held off, or its control fails.
fn make(world: &World, attack: &Attack) -> Result<()> {
    let before = world.snapshot()?;
    let number = world.number();
    let answer = world.send_numbered(&attack.request, &number)?;
    attack.expect.check(&answer)?;
    if let Some(twin) = &attack.twin {
        let other = world.send_numbered(twin, &number)?;
        attack.expect.check(&other)?;
        check_alike((&attack.request, &answer), (twin, &other))?;
    }
    ensure!(world.snapshot()? == before, "it changed something; the answer: {}", shown(&answer));
    if let Some(control) = attack.control_on(world.mode) {
        let answer = world.send(control)?;
        ensure!(answer.status == 200, "the well-behaved control fails: {}", shown(&answer));
    }
    Ok(())
}

impl Expect {
    fn check(&self, answer: &Answer) -> Result<()> {
        let shown = || shown(answer);
        ensure!(
            answer.status < 500 || [501, 503].contains(&answer.status),
            "the server fails: {}",
            shown()
        );
        if !self.may_succeed {
            ensure!(answer.status == 0 || answer.status >= 300, "it succeeds: {}", shown());
        }
        if let Some(status) = self.status {
            ensure!(answer.status == status, "not {status}: {}", shown());
        }
        if !self.codes.is_empty() {
            let code = world::element(&answer.body, "Code").unwrap_or_default();
            let expected = self.codes.join(" or ");
            ensure!(self.codes.iter().any(|one| one == code), "not {expected}: {}", shown());
        }
        for text in &self.lacks {
            ensure!(!answer.body.contains(text.as_str()), "it tells {text:?}: {}", shown());
        }
        Ok(())
    }
}

/// Fails if two answers differ in more than in what their requests differ in.
fn check_alike(one: (&Request, &Answer), other: (&Request, &Answer)) -> Result<()> {
    let differing: Vec<(&String, &String)> = one
        .0
        .params
        .iter()
        .filter_map(|(name, value)| Some((value, other.0.params.get(name)?)))
        .filter(|(one, other)| one != other)
        .collect();
    let plain = |answer: &Answer, pick: fn(&(&String, &String)) -> String| {
        let mut body = world::without("RequestId", &answer.body);
        for (at, pair) in differing.iter().enumerate() {
            let value = pick(pair);
            // Some answers name the thing only.
            let name = value.rsplit('/').next().unwrap_or_default().to_owned();
            body = body.replace(&value, &format!("({at})")).replace(&name, &format!("({at})"));
        }
        (answer.status, answer.header_names(), body)
    };
    let (first, second) =
        (plain(one.1, |pair| pair.0.clone()), plain(other.1, |pair| pair.1.clone()));
    ensure!(first == second, "it differs by what is there:\n    {first:?}\n    {second:?}");
    Ok(())
}

fn shown(answer: &Answer) -> String {
    let words: Vec<&str> = answer.body.split_whitespace().collect();
    let body: String = words.join(" ").chars().take(400).collect();
    format!("{} {body}", answer.status)
}

/// What became of the attacks.
#[derive(Debug, Default)]
struct Tally {
    /// Family, attacks, held; in the order in which they came.
    families: Vec<(&'static str, usize, usize)>,
    failures: Vec<String>,
}

impl Tally {
    fn add(&mut self, family: &'static str, name: &str, on: &str, outcome: Result<()>) {
        let known = self.families.iter().position(|(known, ..)| *known == family);
        let at = known.unwrap_or_else(|| {
            self.families.push((family, 0, 0));
            self.families.len() - 1
        });
        if let Some((_, attacks, held)) = self.families.get_mut(at) {
            *attacks += 1;
            *held += usize::from(outcome.is_ok());
        }
        let outcome = outcome.with_context(|| format!("{family}: {name} ({on})"));
        let failure = outcome.err().map(|error| format!("{error:#}"));
        // One line for each.
        let words = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        self.failures.extend(failure.map(words));
    }

    fn report(&self) -> String {
        let mut rows = vec![["", "attacks", "held", "not held"].map(str::to_owned).to_vec()];
        let row = |family: &str, attacks: usize, held: usize| {
            let numbers = [attacks, held, attacks - held].map(|number| number.to_string());
            [vec![family.to_owned()], numbers.to_vec()].concat()
        };
        rows.extend(
            self.families.iter().map(|&(family, attacks, held)| row(family, attacks, held)),
        );
        let sum = |count: fn(&(&str, usize, usize)) -> usize| self.families.iter().map(count).sum();
        rows.push(row("all", sum(|family| family.1), sum(|family| family.2)));
        let failures: String =
            self.failures.iter().map(|failure| format!("✗ {failure}\n")).collect();
        failures + &columns(&rows, Align::Right)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        Answer::parse(&format!("HTTP/1.1 {status} X\r\na: b\r\n\r\n{body}")).unwrap()
    }

    #[test]
    fn a_success_is_no_refusal() {
        let plain = Expect::default();
        assert!(plain.check(&answer(403, "")).is_ok() && plain.check(&Answer::none()).is_ok());
        assert!(plain.check(&answer(200, "")).is_err() && plain.check(&answer(500, "")).is_err());
        let codes = Expect { codes: vec!["A".to_owned()], ..Expect::default() };
        assert!(codes.check(&answer(403, "<Code>A</Code>")).is_ok());
        assert!(codes.check(&answer(403, "<Code>B</Code>")).is_err());
        let lacks = Expect { may_succeed: true, lacks: vec!["x".to_owned()], ..Expect::default() };
        assert!(lacks.check(&answer(200, "y")).is_ok() && lacks.check(&answer(200, "x")).is_err());
    }

    #[test]
    fn twins_may_differ_in_what_was_asked_only() {
        let request = |value: &str| Request {
            params: [("Arn".to_owned(), value.to_owned())].into(),
            ..Request::default()
        };
        let (here, gone) = (request("a/here"), request("a/gone"));
        let check = |one: &str, other: &str| {
            check_alike((&here, &answer(403, one)), (&gone, &answer(403, other)))
        };
        assert!(check("no a/here, here", "no a/gone, gone").is_ok());
        assert!(check("no a/here", "there is no a/gone").is_err());
    }

    #[test]
    fn what_is_not_held_is_told() {
        let mut tally = Tally::default();
        tally.add("pages", "one", "strict", Ok(()));
        tally.add("pages", "two", "strict", Err(anyhow::anyhow!("it succeeds")));
        let report = tally.report();
        assert!(report.contains("✗ pages: two (strict): it succeeds\n"), "{report}");
        assert_eq!(tally.families, [("pages", 2, 1)]);
    }
}
