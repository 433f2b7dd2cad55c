//! `daypass keys`: the file that keeps the keys of a deployment.

use std::path::PathBuf;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use clap::{Args, Subcommand};
use daypass::{KeptKeys, KeyFile};
use daypass_ident::{SystemClock, SystemIds};

use crate::terminal::print;

#[derive(Debug, Subcommand)]
pub(crate) enum Keys {
    /// Add keys that seal sessions and sign web identities; older ones still open and verify
    #[command(after_help = ROTATE_HELP)]
    Rotate {
        #[command(flatten)]
        file: FileOption,
        /// Keep so many older keys, whatever their age; 0 ends all sessions [default: those that
        /// sealed within the last 37 hours]
        #[arg(long, value_name = "N")]
        keep: Option<usize>,
    },
    /// List the ids of the keys, and since when each seals or signs
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

fn table(keys: &KeptKeys) -> String {
    let sealing = keys.sealing.list().enumerate().map(|(place, (id, since))| {
        let does = if place == 0 { "seals and opens" } else { "opens" };
        line(&format!("{:08x}", u32::from_be_bytes(id)), since, does)
    });
    let issuer = keys.issuer.iter().flat_map(|keys| keys.list().enumerate());
    let issuer = issuer.map(|(place, (names, since))| {
        let does = if place == 0 { "sign and verify" } else { "verify" };
        line(&names.join(" "), since, does)
    });
    sealing.chain(issuer).collect()
}

fn line(name: &str, since: i64, does: &str) -> String {
    // A time that the calendar does not have is shown as it is written.
    let time = DateTime::from_secs(since).fmt(Format::DateTime);
    let time = time.unwrap_or_else(|_| since.to_string());
    format!("{name:<16}  since {time}  {does}\n")
}

const ROTATE_HELP: &str = "\
Whoever has the keys makes sessions, and signs the tokens of GetWebIdentityToken in your name, so they
should not live for ever. From a rotation on the new ones seal and sign. The older ones open what they
sealed, and verify what they signed, for 37 hours more: as long as the longest session (36 hours), and
an hour for every server to take the new keys. There are eight of each at most.

A running daypass takes the file anew at SIGHUP (elsewhere than on Unix: at its next start). Until
then it refuses sessions that others seal with the new key, and does not publish the keys with which
they sign, so tell all of them at once:

  daypass keys rotate --key-file /etc/daypass/keys && kill -HUP PID

After a leak, --keep 0 ends every session.";
