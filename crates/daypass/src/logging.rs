//! The log, on standard error.

mod filter;
mod json;

use tracing_subscriber::fmt::format::JsonFields;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{fmt, registry};

pub(crate) use self::filter::LogFilter;
use self::json::JsonLines;
use crate::cli::LogFormat;
use crate::terminal::{Log, log_has_colours};

pub(crate) fn start(filter: &LogFilter, format: LogFormat) -> anyhow::Result<()> {
    let lines = fmt::layer().with_writer(|| Log);
    let lines = match format {
        LogFormat::Text => lines.with_ansi(log_has_colours()).boxed(),
        LogFormat::Json => {
            lines.event_format(JsonLines::default()).fmt_fields(JsonFields::new()).boxed()
        }
    };
    let started = registry().with(lines).with(filter.targets()).try_init();
    started.map_err(|error| anyhow::anyhow!("the log cannot be started: {error}"))
}
