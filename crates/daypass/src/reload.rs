//! What a running server takes anew when it is told to.

use std::io;

use daypass::Daypass;

/// Reads the keys again at each SIGHUP, and never ends. The signals count from the call on.
/// A file that cannot be read changes nothing.
#[cfg(unix)]
pub(crate) fn keys_on_hangup(daypass: &Daypass) -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut hangup = signal(SignalKind::hangup())?;
    Ok(async move {
        while hangup.recv().await.is_some() {
            match daypass.reload_keys() {
                Ok(()) => tracing::info!("the keys are those of the key file again"),
                Err(error) => {
                    let error = format!("{:#}", anyhow::Error::new(error));
                    tracing::error!(error, "the keys stay as they were");
                }
            }
        }
        std::future::pending().await
    })
}

/// Elsewhere a restart does it.
#[cfg(not(unix))]
pub(crate) fn keys_on_hangup(_: &Daypass) -> io::Result<impl Future<Output = ()>> {
    Ok(std::future::pending())
}
