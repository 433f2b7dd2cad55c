use daypass_totp::Seed;
use serde::{Deserialize, Serialize};

use super::{KeyOwner, Tags};

/// A virtual MFA device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MfaDeviceRecord {
    /// The name in the case it was created with.
    pub name: String,
    /// Begins and ends with `/`.
    pub path: String,
    /// What its codes come from.
    pub seed: Seed,
    /// Whose it is; `None` while it is not enabled.
    #[serde(default)]
    pub assignment: Option<MfaAssignment>,
    /// The step of the newest code that was spent on a change to the record itself. Codes that are
    /// spent on sessions are not written: see [`MfaDevice`](crate::MfaDevice).
    #[serde(default)]
    pub newest_spent: Option<i64>,
    /// The device's tags.
    #[serde(default)]
    pub tags: Tags,
}

/// That a device is somebody's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MfaAssignment {
    /// Whose.
    pub owner: KeyOwner,
    /// Since when, in Unix seconds.
    pub enable_date: i64,
    /// How many steps of thirty seconds the device's clock is ahead.
    #[serde(default)]
    pub drift: i64,
}

impl MfaDeviceRecord {
    /// What tells the device from all others of its account: path and name, in their case.
    #[must_use]
    pub fn key(&self) -> String {
        let key = [self.path.as_str(), self.name.as_str()].concat();
        key.strip_prefix('/').map(str::to_owned).unwrap_or(key)
    }
}
