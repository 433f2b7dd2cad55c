use std::fmt;

use crate::{AuditSink, Event};

/// Writes events to the log, as JSON, under the target `daypass::audit` at level debug: the
/// default level, info, writes no line for a call.
#[derive(Debug, Clone, Copy, Default)]
pub struct LogSink;

impl LogSink {
    /// What the events are logged under. Their message is JSON.
    pub const TARGET: &str = "daypass::audit";
}

impl AuditSink for LogSink {
    fn enabled(&self) -> bool {
        tracing::enabled!(target: LogSink::TARGET, tracing::Level::DEBUG)
    }

    fn record(&self, event: &Event<'_>) {
        tracing::debug!(target: LogSink::TARGET, "{}", Json(event));
    }
}

/// Becomes text only if the log takes it.
struct Json<'a>(&'a Event<'a>);

impl fmt::Display for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self.0).map_err(|_| fmt::Error)?)
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use daypass_ident::{AccountId, Principal};
    use tracing::Level;

    use super::*;
    use crate::event::tests::sample;

    #[test]
    fn the_default_level_writes_nothing() {
        assert_eq!(logged_at(Level::INFO), (false, String::new()));
    }

    #[test]
    fn level_debug_writes_one_line_of_json() {
        let (enabled, text) = logged_at(Level::DEBUG);
        assert!(enabled);
        assert!(text.contains(LogSink::TARGET), "{text}");
        let json = text.trim().split_once(": ").unwrap().1;
        let event: serde_json::Value = serde_json::from_str(json).unwrap();
        assert_eq!(event["eventName"], "AssumeRole");
    }

    /// Whether the sink was enabled, and what it wrote.
    fn logged_at(level: Level) -> (bool, String) {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(level)
            .with_ansi(false)
            .without_time()
            .with_writer(move || writer.clone())
            .finish();
        let principal = Principal::Root { account: AccountId::ZERO };
        let enabled = tracing::subscriber::with_default(subscriber, || {
            LogSink.record(&sample(&principal));
            LogSink.enabled()
        });
        let bytes = lines.0.lock().unwrap().clone();
        (enabled, String::from_utf8(bytes).unwrap())
    }

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
}
