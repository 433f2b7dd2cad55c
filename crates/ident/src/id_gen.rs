use std::fmt;

use rand::Rng as _;

/// Where random bytes come from: ids, secrets and nonces. Tests give a seeded one.
pub trait IdGen: fmt::Debug + Send + Sync {
    /// Fills the buffer with unpredictable bytes.
    fn fill(&self, buffer: &mut [u8]);
}

/// A cryptographically secure generator for each thread, seeded by the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemIds;

impl IdGen for SystemIds {
    fn fill(&self, buffer: &mut [u8]) {
        rand::rng().fill_bytes(buffer);
    }
}
