use std::str::FromStr;

use serde::Deserialize;
use tracing_subscriber::filter::{LevelFilter, Targets};

/// Which events the log takes: directives with commas between them, each a level or `TARGET=LEVEL`.
///
/// The level of an event's target counts, and where several directives fit it, that of the longest target.
/// A word that is no level is refused. Others that read such filters take it for a target, so that a mistake
/// in a level silences the log. A target may be any: the libraries that daypass uses log, too.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct LogFilter(Vec<Directive>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Directive {
    /// `None`: every target.
    target: Option<String>,
    level: LevelFilter,
}

impl LogFilter {
    /// The filter of the log.
    pub(crate) fn targets(&self) -> Targets {
        self.0.iter().fold(Targets::new(), |targets, directive| match &directive.target {
            Some(target) => targets.with_target(target, directive.level),
            None => targets.with_default(directive.level),
        })
    }
}

impl Default for LogFilter {
    fn default() -> Self {
        Self(vec![Directive { target: None, level: LevelFilter::INFO }])
    }
}

impl FromStr for LogFilter {
    type Err = LogFilterError;

    fn from_str(text: &str) -> Result<Self, LogFilterError> {
        text.split(',').map(Directive::parse).collect::<Result<_, _>>().map(Self)
    }
}

impl TryFrom<String> for LogFilter {
    type Error = LogFilterError;

    fn try_from(text: String) -> Result<Self, LogFilterError> {
        text.parse()
    }
}

impl Directive {
    fn parse(text: &str) -> Result<Self, LogFilterError> {
        let wrong = || LogFilterError(text.to_owned());
        let (target, level) = match text.trim().split_once('=') {
            Some((target, level)) if is_target(target) => (Some(target.to_owned()), level),
            Some(_) => return Err(wrong()),
            None => (None, text.trim()),
        };
        let named = LEVELS.into_iter().find(|(name, _)| level.eq_ignore_ascii_case(name));
        let (_, level) = named.ok_or_else(wrong)?;
        Ok(Self { target, level })
    }
}

/// The path of a module, such as `daypass_gateway::transport`, or a name like one.
fn is_target(text: &str) -> bool {
    let is_of_path = |c: char| c.is_ascii_alphanumeric() || "_-:".contains(c);
    !text.is_empty() && text.chars().all(is_of_path)
}

const LEVELS: [(&str, LevelFilter); 6] = [
    ("error", LevelFilter::ERROR),
    ("warn", LevelFilter::WARN),
    ("info", LevelFilter::INFO),
    ("debug", LevelFilter::DEBUG),
    ("trace", LevelFilter::TRACE),
    ("off", LevelFilter::OFF),
];

/// A directive that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is neither a level (error, warn, info, debug, trace, off) nor TARGET=LEVEL; with commas between \
     them, such as info,daypass::audit=debug"
)]
pub(crate) struct LogFilterError(String);

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::*;

    #[test]
    fn levels_and_targets_with_levels() {
        let enabled = |filter: &str, target, level| {
            filter.parse::<LogFilter>().unwrap().targets().would_enable(target, &level)
        };
        for (filter, target, most) in [
            ("info", "daypass_gateway", Some(Level::INFO)),
            ("WARN", "daypass_gateway", Some(Level::WARN)),
            ("off", "daypass_gateway", None),
            ("trace", "hyper::proto", Some(Level::TRACE)),
            ("info,daypass::audit=debug", "daypass::audit", Some(Level::DEBUG)),
            ("info,daypass::audit=debug", "daypass_gateway", Some(Level::INFO)),
            ("info, daypass::refused=off", "daypass::refused", None),
            ("daypass_gateway=debug", "daypass_gateway::transport", Some(Level::DEBUG)),
            ("daypass_gateway=debug", "daypass_state", None),
            (
                "daypass_gateway=error,daypass_gateway::transport=debug,info",
                "daypass_gateway::transport",
                Some(Level::DEBUG),
            ),
        ] {
            for level in [Level::ERROR, Level::WARN, Level::INFO, Level::DEBUG, Level::TRACE] {
                let expected = most.is_some_and(|most| level <= most);
                assert_eq!(enabled(filter, target, level), expected, "{filter} {target} {level}");
            }
        }
        let usual = LogFilter::default();
        assert_eq!("info".parse(), Ok(usual));
    }

    #[test]
    fn what_is_no_filter() {
        for filter in [
            "",
            "blah",
            "3",
            "info,",
            "info,blah",
            "daypass",
            "daypass::audit",
            "=debug",
            "daypass=",
            "daypass=blah",
            "daypass=info=debug",
            "daypass[span]=debug",
            "a b=info",
            "info debug",
        ] {
            let error = filter.parse::<LogFilter>().unwrap_err().to_string();
            assert!(error.contains("TARGET=LEVEL") && error.contains("off"), "{filter}: {error}");
        }
    }
}
