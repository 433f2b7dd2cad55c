//! What a start prints.

use daypass::{Daypass, PublicUrl};

use crate::cli::Shell;
use crate::config::Config;
use crate::shell::{self, Scope};

/// The endpoint, the account and the exports for a shell; and, where the keys are not known to
/// everybody, that this is the one time they are shown.
pub(crate) fn banner(daypass: &Daypass, config: &Config) -> String {
    let root = daypass.root_credentials();
    let keys = (&*root.access_key_id, root.secret_access_key.expose().as_str());
    let mut text = format!(
        "daypass {} listens on {}\naccount {}, root user{}\n\n",
        env!("CARGO_PKG_VERSION"),
        daypass.endpoint(),
        daypass.account(),
        if config.strict { ", strict" } else { "" },
    );
    // The port may be one that was free.
    let public = config.public_url.as_ref().map(PublicUrl::as_str);
    let endpoint = public.unwrap_or(daypass.endpoint());
    for line in shell::exports(Shell::Sh, endpoint, Scope::AllServices, Some(keys)).lines() {
        text.push_str("  ");
        text.push_str(line);
        text.push('\n');
    }
    text.push('\n');
    if !config.well_known_keys {
        text.push_str("This key is shown only now. ");
    }
    text.push_str("Then, for instance: aws sts get-caller-identity\n");
    text
}
