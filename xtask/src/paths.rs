//! Where things live in the workspace.

use std::path::{Path, PathBuf};

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// The facts of the models.
pub(crate) fn models() -> PathBuf {
    root().join("fixtures/models")
}
