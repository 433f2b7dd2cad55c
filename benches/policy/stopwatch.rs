//! Times, and what they are to each other.

use std::{
    cell::Cell,
    hint::black_box,
    time::{Duration, Instant},
};

use criterion::{BenchmarkGroup, Criterion, measurement::WallTime};

/// What several ways of doing the same take, against the first of them.
pub struct Table {
    unit: &'static str,
    rows: Vec<Row>,
}

struct Row {
    title: String,
    times: Vec<(&'static str, f64)>,
}

impl Table {
    /// A table of ratios to `unit`.
    pub fn new(unit: &'static str) -> Self {
        Self { unit, rows: Vec::new() }
    }

    pub fn group<'a>(&'a mut self, criterion: &'a mut Criterion, title: &str) -> Group<'a> {
        self.rows.push(Row { title: title.to_owned(), times: Vec::new() });
        let row = self.rows.last_mut().expect("just pushed");
        Group { criterion: criterion.benchmark_group(title), row }
    }

    pub fn print(&self) {
        println!();
        for Row { title, times } in &self.rows {
            let unit = times
                .iter()
                .find(|(name, _)| *name == self.unit)
                .map_or(f64::NAN, |(_, time)| *time);
            print!("{title:<44}");
            for (name, time) in times {
                print!("  {name} {:>8.3} µs ({:.1}×)", time / 1e3, time / unit);
            }
            println!();
        }
        println!();
    }
}

pub struct Group<'a> {
    criterion: BenchmarkGroup<'a, WallTime>,
    row: &'a mut Row,
}

impl Group<'_> {
    /// Criterion's measurement; the least of its samples goes into the table, for that is what the machine's other work
    /// disturbs least.
    pub fn measure<T>(&mut self, name: &'static str, mut run: impl FnMut() -> T) {
        let least = Cell::new(f64::INFINITY);
        self.criterion.bench_function(name, |bencher| {
            bencher.iter_custom(|times| {
                let taken = time(times, &mut run);
                least.set(least.get().min(taken.as_secs_f64() * 1e9 / times as f64));
                taken
            });
        });
        // Nothing was measured when criterion only tests, or a filter leaves this out.
        if least.get().is_finite() {
            self.row.times.push((name, least.get()));
        }
    }
}

/// The least time of one run, in nanoseconds, of a few hundred milliseconds of them.
pub fn least<T>(mut run: impl FnMut() -> T) -> f64 {
    let mut times = 1;
    while time(times, &mut run) < Duration::from_millis(2) {
        times *= 2;
    }
    (0..40)
        .map(|_| time(times, &mut run).as_secs_f64() * 1e9 / times as f64)
        .fold(f64::INFINITY, f64::min)
}

fn time<T>(times: u64, run: &mut impl FnMut() -> T) -> Duration {
    let start = Instant::now();
    for _ in 0..times {
        black_box(run());
    }
    start.elapsed()
}
