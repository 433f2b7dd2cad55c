//! The numbers, for the eye and for programs.

use std::time::Duration;

use serde::Serialize;

use super::load::Load;
use super::subject::Operation;
use crate::table::{Align, columns};

/// Everything that was measured.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// From starting the process to its first signed answer, in milliseconds; the median of some starts.
    pub(crate) start_ms: f64,
    /// Resident memory after that answer, in MiB.
    pub(crate) idle_rss_mib: f64,
    /// Resident memory after all the load, in MiB.
    pub(crate) loaded_rss_mib: f64,
    pub(crate) rows: Vec<Row>,
}

/// One operation at one number of connections.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    operation: &'static str,
    connections: usize,
    daypass: Numbers,
    bare: Numbers,
    /// Requests per second, daypass over bare.
    throughput_ratio: f64,
    /// Processor time for each request, bare over daypass.
    cpu_ratio: f64,
}

/// What one server did.
#[derive(Clone, Copy, Debug, Serialize)]
struct Numbers {
    requests: usize,
    requests_per_second: f64,
    p50_us: f64,
    p99_us: f64,
    /// Processor time of the server process for each request, in microseconds.
    cpu_us: f64,
}

/// The sum of one server's rounds.
#[derive(Debug, Default)]
pub(crate) struct Rounds {
    load: Load,
    cpu: Duration,
}

impl Rounds {
    /// Adds a round.
    pub(crate) fn add(&mut self, round: Load, cpu: Duration) {
        self.load.elapsed += round.elapsed;
        self.load.latencies.extend(round.latencies);
        self.cpu += cpu;
    }

    #[expect(clippy::cast_precision_loss, reason = "no run comes near 2^52 requests")]
    fn numbers(mut self) -> Numbers {
        self.load.latencies.sort_unstable();
        let requests = self.load.latencies.len();
        Numbers {
            requests,
            requests_per_second: requests as f64 / self.load.elapsed.as_secs_f64(),
            p50_us: percentile(&self.load.latencies, 50),
            p99_us: percentile(&self.load.latencies, 99),
            cpu_us: self.cpu.as_secs_f64() * 1e6 / requests as f64,
        }
    }
}

impl Row {
    pub(crate) fn new(
        operation: Operation,
        connections: usize,
        daypass: Rounds,
        bare: Rounds,
    ) -> Self {
        let (daypass, bare) = (daypass.numbers(), bare.numbers());
        Self {
            operation: operation.name(),
            connections,
            daypass,
            bare,
            throughput_ratio: daypass.requests_per_second / bare.requests_per_second,
            cpu_ratio: bare.cpu_us / daypass.cpu_us,
        }
    }
}

impl Report {
    /// The table, each row of daypass above that of the bare server.
    pub(crate) fn text(&self) -> String {
        let head =
            ["operation", "connections", "server", "requests/s", "p50 µs", "p99 µs", "CPU µs"];
        let head = head.into_iter().chain(["throughput ÷ bare", "bare CPU ÷ CPU"]);
        let mut rows = vec![head.map(str::to_owned).collect::<Vec<_>>()];
        for row in &self.rows {
            let ratios = [format!("{:.2}", row.throughput_ratio), format!("{:.2}", row.cpu_ratio)];
            for (server, numbers, ratios) in
                [("daypass", row.daypass, &ratios[..]), ("bare", row.bare, &[])]
            {
                let Numbers { requests_per_second, p50_us, p99_us, cpu_us, .. } = numbers;
                let cells =
                    [row.operation.to_owned(), row.connections.to_string(), server.to_owned()];
                let measured = [
                    format!("{requests_per_second:.0}"),
                    format!("{p50_us:.0}"),
                    format!("{p99_us:.0}"),
                ];
                let cells = cells.into_iter().chain(measured).chain([format!("{cpu_us:.2}")]);
                rows.push(cells.chain(ratios.iter().cloned()).collect());
            }
        }
        format!(
            "{}start to first answer {:.1} ms, resident memory {:.1} MiB idle, {:.1} MiB after the load\n",
            columns(&rows, Align::Right),
            self.start_ms,
            self.idle_rss_mib,
            self.loaded_rss_mib
        )
    }
}

/// In microseconds, of sorted nanoseconds; zero of none.
pub(crate) fn percentile(sorted: &[u32], percent: usize) -> f64 {
    let at = sorted.len() * percent / 100;
    f64::from(sorted.get(at).copied().unwrap_or_default()) / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles() {
        let sorted: Vec<u32> = (0..100).map(|number| number * 1000).collect();
        assert_eq!((percentile(&sorted, 50), percentile(&sorted, 99)), (50.0, 99.0));
        assert_eq!(percentile(&[], 50), 0.0);
    }

    #[test]
    fn ratios() {
        let rounds = |latency, cpu| {
            let mut rounds = Rounds::default();
            let load = Load { elapsed: Duration::from_secs(1), latencies: vec![latency; 1000] };
            rounds.add(load.clone(), Duration::from_millis(cpu));
            rounds.add(load, Duration::from_millis(cpu));
            rounds
        };
        let row = Row::new(Operation::AssumeRole, 16, rounds(2000, 10), rounds(1000, 5));
        assert_eq!((row.throughput_ratio, row.cpu_ratio), (1.0, 0.5));
        assert_eq!(
            (row.daypass.requests, row.daypass.p50_us, row.daypass.cpu_us),
            (2000, 2.0, 10.0)
        );
    }
}
