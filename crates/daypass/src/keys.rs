//! `daypass keys`: the file that keeps the sealing keys.

use std::path::PathBuf;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use clap::{Args, Subcommand};
use daypass::KeyFile;
use daypass_ident::{SystemClock, SystemIds};
use daypass_token::SealingKeys;

use crate::print;

#[derive(Debug, Subcommand)]
pub(crate) enum Keys {
    /// Add a sealing key; older ones still open
    #[command(after_help = ROTATE_HELP)]
    Rotate {
        #[command(flatten)]
        file: FileOption,
        /// Keep so many older keys, whatever their age; 0 ends all sessions [default: those that
        /// sealed within the last 37 hours]
        #[arg(long, value_name = "N")]
        keep: Option<usize>,
    },
    /// List the ids of the sealing keys, and since when each seals
    List(FileOption),
}

#[derive(Debug, Args)]
pub(crate) struct FileOption {
    /// The file that keeps the keys
    #[arg(long = "key-file", value_name = "FILE", env = "DAYPASS_KEY_FILE")]
    path: PathBuf,
}

/// Does what is asked for, and prints which keys there are. The keys themselves are never printed.
///
/// # Errors
/// When the file cannot be read or written, or too many keys would stay.
pub(crate) fn run(keys: Keys) -> anyhow::Result<()> {
    let keys = match keys {
        Keys::Rotate { file, keep } => {
            KeyFile::at(file.path).rotate(keep, &SystemIds, &SystemClock)?
        }
        Keys::List(file) => KeyFile::at(file.path).read()?,
    };
    print(&table(&keys))
}

fn table(keys: &SealingKeys) -> String {
    let mut text = String::new();
    for (place, (id, since)) in keys.list().enumerate() {
        let id = u32::from_be_bytes(id);
        let does = if place == 0 { "seals and opens" } else { "opens" };
        // A time that the calendar does not have is shown as it is written.
        let time = DateTime::from_secs(since).fmt(Format::DateTime);
        let time = time.unwrap_or_else(|_| since.to_string());
        text.push_str(&format!("{id:08x}  since {time}  {does}\n"));
    }
    text
}

const ROTATE_HELP: &str = "\
Whoever has the keys makes sessions, so they should not live for ever. From a rotation on the new key
seals. The older ones open what they sealed for 37 hours more: as long as the longest session (36
hours), and an hour for every server to take the new key. There are eight keys at most.

A running daypass takes the file anew at SIGHUP (elsewhere than on Unix: at its next start). Until
then it refuses sessions that others seal with the new key, so tell all of them at once:

  daypass keys rotate --key-file /etc/daypass/keys && kill -HUP PID

After a leak, --keep 0 ends every session.";
