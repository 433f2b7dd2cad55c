use std::fmt::{self, Debug};

use serde::de::IgnoredAny;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::{Format, FormatEvent, FormatFields, Json, Writer};
use tracing_subscriber::fmt::time::{FormatTime as _, SystemTime};
use tracing_subscriber::fmt::{self as lines, FmtContext};
use tracing_subscriber::registry::LookupSpan;

/// A JSON object on each line. An event of the audit is JSON itself: it becomes the member `event`, and no text
/// that holds JSON.
pub(super) struct JsonLines(Format<Json>);

impl Default for JsonLines {
    fn default() -> Self {
        Self(lines::format().json())
    }
}

impl<S, N> FormatEvent<S, N> for JsonLines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut line: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let Some(audited) = audited(event) else {
            return self.0.format_event(context, line, event);
        };
        line.write_str("{\"timestamp\":\"")?;
        SystemTime.format_time(&mut line)?;
        let level = event.metadata().level();
        let target = daypass_audit::LogSink::TARGET;
        writeln!(
            line,
            "\",\"level\":\"{level}\",\"fields\":{{\"event\":{audited}}},\"target\":\"{target}\"}}"
        )
    }
}

/// What the audit logs, if it is that.
fn audited(event: &Event<'_>) -> Option<String> {
    if event.metadata().target() != daypass_audit::LogSink::TARGET {
        return None;
    }
    let mut message = Message(String::new());
    event.record(&mut message);
    serde_json::from_str::<IgnoredAny>(&message.0).is_ok().then_some(message.0)
}

/// The message of an event.
struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "message" {
            self.0 = format!("{value:?}");
        }
    }
}
