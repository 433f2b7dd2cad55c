//! How many files the process may have open: every connection is one.

use daypass::Limits;

use crate::config::Config;

/// Raises the soft limit of open files to the hard one, as far as connections need it, and says which
/// limits the gateway can keep.
pub(crate) fn limits(config: &Config) -> Limits {
    let mut limits = Limits::default();
    if let Some(mebibytes) = config.max_body_memory {
        limits.body_memory = mebibytes.get().saturating_mul(1 << 20);
    }
    let wanted = config.max_connections.map_or(limits.connections, |most| most.get());
    let files = u64::try_from(wanted).unwrap_or(u64::MAX).saturating_add(RESERVED);
    limits.connections = match rlimit::increase_nofile_limit(files) {
        Ok(allowed) if allowed < files => {
            let most = usize::try_from(allowed.saturating_sub(RESERVED)).unwrap_or(usize::MAX);
            tracing::warn!(
                "the limit of open files ({allowed}) leaves room for {most} connections, not \
                 {wanted}: raise it with `ulimit -n`"
            );
            most.max(1)
        }
        Ok(_) => wanted,
        Err(error) => {
            tracing::warn!(%error, "the limit of open files cannot be raised");
            wanted
        }
    };
    limits.connections_of_peer = (limits.connections / 4).max(1);
    limits
}

/// Files beside those of connections: listeners, the key file, questions to identity providers.
const RESERVED: u64 = 256;
